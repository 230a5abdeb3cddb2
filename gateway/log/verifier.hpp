// gateway/log/verifier.hpp - recomputes everything that a log claims from the bytes that are stored, and tells every
// difference. Links without database, network or server: an auditor can trust it by reading it. What it cannot see:
// docs/formats/message-log.md.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.hpp"
#include "gateway/domain/message.hpp"
#include "gateway/formats/merkle/note.hpp"
#include "gateway/log/log_source.hpp"
#include "gateway/log/receipt.hpp"

namespace caseway {

/// What a stored envelope really says, once its signature was verified.
struct CheckedEnvelope {
    MessageId message_id;
    SystemId sender;
    Sha256 payload_digest;  ///< of a head alone: the one that it demands of its body
    Sha256 content_digest{};
    Instant sent_at{};
    std::string mapping{};  ///< as the header names it; may be empty
};
/// Verifies stored envelopes; the time of day plays no part.
class EnvelopeChecker {
public:
    virtual ~EnvelopeChecker() = default;
    /// `certificate_der`: the one that the leaf names; its digest was checked. Refusal: the signature or the form is
    /// not good.
    virtual Result<CheckedEnvelope> check(Binding binding, const StoredEnvelope& envelope,
                                          std::string_view certificate_der) = 0;
    /// Whether the signature of one that check() refuses is good: for a refusal whose header nobody believed.
    virtual bool isSigned(Binding, const StoredEnvelope&, std::string_view certificate_der) {
        static_cast<void>(certificate_der);
        return false;
    }
    /// What the gateway read itself. `certificate_der`: of the signature that it bears, as the leaf says; empty: none.
    /// Refusal: not in the form in which that is stored, or a signature that is not good.
    virtual Result<CheckedEnvelope> checkPulled(const StoredEnvelope&, std::string_view certificate_der) {
        static_cast<void>(certificate_der);
        return Refusal{"malformed_envelope", "stored envelope", "", "", ""};
    }
};

/// One difference between what is stored and what follows from the bytes. `what` is a stable name; `where` an index or
/// a tree size.
struct Finding {
    std::string what, where, expected, found, hint;
};

/// All findings are counted, the first ones kept: what they say of stored bytes as a line that can be shown
/// (shownLine).
class Findings {
public:
    explicit Findings(std::size_t most) : most_(most) {}
    void add(std::string_view what, std::string_view where, std::string_view expected = {}, std::string_view found = {},
             std::string_view hint = {});
    const std::vector<Finding>& kept() const { return kept_; }
    std::uint64_t count() const { return count_; }
    /// No further one will be kept.
    bool areFull() const { return kept_.size() >= most_; }

private:
    std::size_t most_;
    std::vector<Finding> kept_;
    std::uint64_t count_ = 0;
};

struct VerifierOptions {
    /// Trusted keys of the log; a head under an older origin of the same log is tried with the same public key. Empty:
    /// signatures of heads are not verified, which the report says.
    std::vector<NoteKey> keys;
    EnvelopeChecker* checker = nullptr;  ///< nullptr: signatures of messages are not verified
    /// The name that an archived mapping gives itself; empty where it cannot be read. For rows of messages that named
    /// none.
    std::function<std::string(std::string_view files)> mapping_name;
    std::optional<HeldHead> against;  ///< a head that was kept outside (openHeldHead)
    std::size_t findings_kept = 1000;
    std::size_t ids_in_memory = 4'000'000;  ///< 16 bytes each; more entries mean further passes over the leaves
    std::function<void(std::uint64_t entries)> progress;  ///< every 10,000 entries
};

struct VerifyReport {
    Findings findings{1000};
    std::uint64_t entries = 0;
    std::uint64_t heads = 0;         ///< whose signature and root were found good
    std::uint64_t envelopes = 0;     ///< whose digest was found good
    std::uint64_t signatures = 0;    ///< of messages, found good
    std::uint64_t outcome_sets = 0;  ///< whose root was found good
    std::uint64_t unfinished = 0;    ///< leaves of type received without their outcome yet
    std::uint64_t tree_size = 0;     ///< leaves covered by the last good head
    Sha256 root;                     ///< over all leaves
    std::string origin;              ///< of the last head
    /// Some leaves do not state what rows are held against (the finding log_too_old): theirs were not compared, and
    /// verifyRecords() has nothing to build upon.
    bool too_old = false;
    /// The database's schema is not ours (the finding store_damaged): nothing else was read, and nothing else is to be.
    bool has_foreign_schema = false;
    bool head_signatures_checked = false;
    bool message_signatures_checked = false;

    bool good() const { return findings.count() == 0; }
};

/// Reads `source` from its first leaf to its end, in constant memory. Throws Fault of the source.
VerifyReport verifyLog(LogSource& source, const VerifierOptions& options);

}  // namespace caseway
