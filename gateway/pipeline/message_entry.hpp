// gateway/pipeline/message_entry.hpp - writes a message's leaf and the rows beside it: one place for accepted, refused
// and received ones.
#pragma once

#include <string_view>

#include "gateway/pipeline/committer.hpp"
#include "gateway/pipeline/prepared_message.hpp"

namespace caseway {

/// What the leaf says besides the message itself.
struct EntryFacts {
    EntryType type = EntryType::Message;
    MessageOutcome outcome = MessageOutcome::Accepted;
    RecordCounts counts;
    std::optional<Sha256> outcomes_root;
    std::string_view refusal_code;
    std::string_view answer;  ///< MessageRow::answer
    bool claims_id = true;
};

/// Appends the leaf, puts message, envelope, certificate and mapping version; returns the row. Throws Fault of the
/// store.
MessageRow putMessageEntry(CommitContext& context, const PreparedMessage& message, const EntryFacts& facts);

}  // namespace caseway
