// gateway/audit/message_facts.hpp - what the log states of the message that made a record, by the index of its leaf.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "gateway/domain/register.hpp"
#include "gateway/ports/store_snapshot.hpp"

namespace caseway {

struct MessageFacts {
    RegisteredSystem sender;  ///< its id, and its department as the register had it
    MessageId message_id;
    Instant sent_at{};
    Instant received_at{};
};

class MessageFactsReader {
public:
    explicit MessageFactsReader(StoreSnapshot& store) : store_(store) {}
    /// nullptr where no leaf of type message or received stands there. Valid until the next call.
    const MessageFacts* of(LogIndex index);

private:
    StoreSnapshot& store_;
    std::map<LogIndex, std::optional<MessageFacts>> known_;  ///< the last few
};

}  // namespace caseway
