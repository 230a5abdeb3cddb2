// gateway/log/entry_checks.hpp - one leaf against the bytes that are stored beside it: form, envelope, signature,
// outcomes, row.
#pragma once

#include <map>

#include "gateway/log/verifier.hpp"

namespace caseway {

class EntryChecks {
public:
    EntryChecks(LogSource& source, const VerifierOptions& options, VerifyReport& report)
        : source_(source), options_(options), report_(report) {}
    /// `entry` is the leaf at `index`, read and canonical.
    void check(LogIndex index, const LogEntry& entry);
    std::uint64_t unfinished() const { return open_.size(); }

private:
    struct Open {
        std::optional<MessageId> id;
        std::optional<SystemId> sender;
    };
    void checkComplete(const std::string& where, const LogEntry& entry);
    void checkEnvelope(const std::string& where, const LogEntry& entry);
    void checkSignature(const std::string& where, const LogEntry& entry, const StoredEnvelope& envelope);
    void checkPulled(const std::string& where, const LogEntry& entry, const StoredEnvelope& envelope);
    void checkOutcomes(LogIndex index, const std::string& where, const LogEntry& entry);
    void checkOpen(LogIndex index, const std::string& where, const LogEntry& entry);
    void checkRow(LogIndex index, const std::string& where, const LogEntry& entry);
    void compare(std::string_view what, const std::string& where, const std::string& expected, const std::string& found,
                 std::string_view hint);

    LogSource& source_;
    const VerifierOptions& options_;
    VerifyReport& report_;
    std::map<LogIndex, Open>
        open_;  ///< leaves of type received that wait for their outcome; as many as large messages in work
};

}  // namespace caseway
