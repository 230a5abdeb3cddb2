// gateway/log/entry_checks.hpp - one leaf against the bytes that are stored beside it: form, envelope, signature,
// outcomes, row.
#pragma once

#include <map>
#include <optional>

#include "gateway/log/message_row_checks.hpp"
#include "gateway/log/table_checks.hpp"
#include "gateway/log/verifier.hpp"

namespace caseway {

class EntryChecks {
public:
    EntryChecks(LogSource& source, const VerifierOptions& options, VerifyReport& report)
        : source_(source), options_(options), report_(report) {
        if (source.store() != nullptr) rows_.emplace(*source.store(), options, report.findings);
    }
    /// `entry` is the leaf at `index`, read and canonical.
    void check(LogIndex index, const LogEntry& entry);
    void finish();
    const std::map<LogIndex, OpenMessage>& unfinished() const { return open_; }

private:
    void checkComplete(const std::string& where, const LogEntry& entry);
    std::optional<CheckedEnvelope> checkEnvelope(const std::string& where, const LogEntry& entry);
    std::optional<CheckedEnvelope> checkSignature(const std::string& where, const LogEntry& entry,
                                                  const StoredEnvelope& envelope);
    /// DER of the certificate that the leaf names; nullptr (and a finding) where it is gone or another one.
    const std::string* certificateOf(const std::string& where, const KeyId& id);
    std::optional<CheckedEnvelope> checkPulled(const std::string& where, const LogEntry& entry,
                                               const StoredEnvelope& envelope);
    void compareHeader(const std::string& where, const LogEntry& entry, const CheckedEnvelope& read);
    void checkOutcomes(LogIndex index, const std::string& where, const LogEntry& entry);
    void checkOpen(LogIndex index, const std::string& where, const LogEntry& entry);
    void compare(std::string_view what, const std::string& where, const std::string& expected, const std::string& found,
                 std::string_view hint);

    LogSource& source_;
    const VerifierOptions& options_;
    VerifyReport& report_;
    std::map<KeyId, std::string> certificates_;  ///< good ones, the last few
    std::map<LogIndex, OpenMessage> open_;
    std::optional<MessageRowChecks> rows_;  ///< of a store
};

}  // namespace caseway
