// gateway/log/message_row_checks.hpp - the row that the message table keeps of a message, column by column, against its
// leaf, its envelope and its outcome leaf: the table is what people search, the log is what is true.
#pragma once

#include "gateway/log/verifier.hpp"

namespace caseway {

class MessageRowChecks {
public:
    /// All must outlive it.
    MessageRowChecks(StoreSnapshot& store, const VerifierOptions& options, Findings& findings)
        : store_(store), options_(options), findings_(findings) {}
    /// The row of a leaf of type message, received or refusal. `envelope`: what its bytes say, where they verified.
    void own(LogIndex index, const LogEntry& entry, const CheckedEnvelope* envelope);
    /// What the row of a received leaf says of its end: that of the outcome leaf at `index`.
    void ended(LogIndex index, const LogEntry& outcome);
    /// Or that there is none yet. `received`: the leaf at `index`.
    void open(LogIndex index, const std::optional<Sha256>& answer);

private:
    std::optional<MessageRow> read(LogIndex index);
    void compare(LogIndex index, std::string_view column, const std::string& expected, const std::string& found);
    void compareEnd(const MessageRow& row, const LogEntry& told, std::optional<LogIndex> outcome_index);
    std::optional<MessageId> idOf(LogIndex index, const LogEntry& entry);
    std::string mappingOf(const LogEntry& entry, const CheckedEnvelope& envelope);

    StoreSnapshot& store_;
    const VerifierOptions& options_;
    Findings& findings_;
};

/// "new 1, changed 0, …", for findings.
std::string countsText(const RecordCounts& counts);

}  // namespace caseway
