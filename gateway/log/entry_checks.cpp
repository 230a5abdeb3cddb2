// gateway/log/entry_checks.cpp - what one leaf claims, held against what is stored.
#include "gateway/log/entry_checks.hpp"

#include <utility>

#include "gateway/formats/crypto/digest.hpp"
#include "gateway/log/audit_document.hpp"
#include "gateway/log/outcome_lines.hpp"

namespace caseway {
namespace {

constexpr std::size_t kOpenMax = 100'000;
constexpr std::size_t kCertificatesKept = 1000;
constexpr std::string_view kChanged = "the stored bytes are not those that were accepted: compare with a backup";

std::string textOrNone(const std::optional<Sha256>& hash) {
    return hash ? toHex(*hash) : "none";
}
std::string textOrNone(const std::optional<MessageId>& id) {
    return id ? id->text() : "none";
}
std::string textOrNone(const std::optional<SystemId>& id) {
    return id ? id->text() : "none";
}

bool claimsMessage(const LogEntry& entry) {
    return entry.type == EntryType::Message || entry.type == EntryType::Received;
}

/// Written before leaves stated what the tables are held against.
bool isTooOld(const LogEntry& entry) {
    const bool is_answered =
        claimsMessage(entry) || entry.type == EntryType::Outcome || (entry.type == EntryType::Refusal && entry.sender);
    return is_answered && (!entry.answer_digest || (claimsMessage(entry) && !entry.sent_at));
}

}  // namespace

void EntryChecks::compare(std::string_view what, const std::string& where, const std::string& expected,
                          const std::string& found, std::string_view hint) {
    if (expected != found) report_.findings.add(what, where, expected, found, hint);
}

void EntryChecks::check(LogIndex index, const LogEntry& entry) {
    const std::string where = "leaf " + std::to_string(index);
    checkComplete(where, entry);
    std::optional<CheckedEnvelope> envelope;
    if (entry.envelope_digest) envelope = checkEnvelope(where, entry);
    if (entry.outcomes_root) checkOutcomes(index, where, entry);
    checkOpen(index, where, entry);
    if (isTooOld(entry)) {
        if (!std::exchange(report_.too_old, true))
            report_.findings.add(
                "log_too_old", where, "leaves that state `answer` and `sent`", "older ones",
                "an older gateway wrote this log: verify a copy with that, and begin a new data folder");
        return;
    }
    if (rows_ && (claimsMessage(entry) || entry.type == EntryType::Refusal))
        rows_->own(index, entry, envelope ? &*envelope : nullptr);
}

void EntryChecks::checkComplete(const std::string& where, const LogEntry& entry) {
    if (!claimsMessage(entry)) return;
    const bool signed_parts = entry.origin == Origin::Pulled || (entry.certificate && entry.binding);
    if (!entry.message_id || !entry.sender || !entry.envelope_digest || !entry.payload_digest || !signed_parts)
        report_.findings.add("entry_incomplete", where, "id, sender, envelope, payload; binding and cert where signed",
                             "", "the leaf claims a message that cannot be proved");
}

std::optional<CheckedEnvelope> EntryChecks::checkEnvelope(const std::string& where, const LogEntry& entry) {
    auto envelope = source_.envelope();
    if (!envelope) {
        report_.findings.add("envelope_missing", where, toHex(*entry.envelope_digest), "none",
                             "the stored message is gone: look in a backup");
        return std::nullopt;
    }
    // Only the HTTP binding, and what is pulled, keeps a body apart; a message refused by its head has none at all.
    envelope->head_only = entry.type == EntryType::Refusal && entry.binding == Binding::Http && !entry.payload_digest;
    const bool may_have_body = (entry.origin == Origin::Pulled && entry.type != EntryType::Run) ||
                               (entry.binding == Binding::Http && !envelope->head_only);
    if (envelope->body != nullptr && !may_have_body)
        report_.findings.add("envelope_changed", where, "no body of its own", "a body file", kChanged);
    const Sha256 digest = sha256(envelope->head);
    if (digest != *entry.envelope_digest)
        report_.findings.add("envelope_changed", where, toHex(*entry.envelope_digest), toHex(digest), kChanged);
    else
        ++report_.envelopes;
    if (entry.type == EntryType::Audit) {
        const std::string wrong = auditDifference(entry, envelope->head);
        if (!wrong.empty())
            report_.findings.add("audit_document_differs", where, "the document of this leaf", wrong,
                                 "the stored change of the register is not the one that was logged");
        return std::nullopt;
    }
    if (entry.type == EntryType::Run) return std::nullopt;  // a report: the digest is all that binds it
    if (entry.origin == Origin::Pulled) return checkPulled(where, entry, *envelope);
    if (entry.certificate && entry.binding) return checkSignature(where, entry, *envelope);
    return std::nullopt;
}

std::optional<CheckedEnvelope> EntryChecks::checkPulled(const std::string& where, const LogEntry& entry,
                                                        const StoredEnvelope& envelope) {
    if (options_.checker == nullptr) return std::nullopt;
    const std::string* const der = entry.certificate ? certificateOf(where, *entry.certificate) : nullptr;
    if (entry.certificate && der == nullptr) return std::nullopt;
    const auto read = options_.checker->checkPulled(envelope, der == nullptr ? std::string_view() : *der);
    if (!read && der != nullptr) {
        report_.findings.add("signature_refused", where,
                             "a payload that bears a good signature of " + textOrNone(entry.sender),
                             read.error().code + " " + read.error().where, kChanged);
        return std::nullopt;
    }
    if (!read) {
        report_.findings.add("envelope_changed", where, "where the payload was read", read.error().rule, kChanged);
        return std::nullopt;
    }
    if (der != nullptr) ++report_.signatures;
    compareHeader(where, entry, *read);
    compare("payload_differs", where, textOrNone(entry.payload_digest), toHex(read->payload_digest), kChanged);
    return *read;
}

const std::string* EntryChecks::certificateOf(const std::string& where, const KeyId& id) {
    if (const auto known = certificates_.find(id); known != certificates_.end()) return &known->second;
    auto der = source_.certificate(id);
    if (!der || sha256(*der) != id.digest()) {
        report_.findings.add(der ? "certificate_changed" : "certificate_missing", where, id.text(),
                             der ? toHex(sha256(*der)) : "none",
                             "without the certificate the signature cannot be verified again");
        return nullptr;
    }
    if (certificates_.size() == kCertificatesKept) certificates_.clear();
    return &certificates_.emplace(id, std::move(*der)).first->second;
}

std::optional<CheckedEnvelope> EntryChecks::checkSignature(const std::string& where, const LogEntry& entry,
                                                           const StoredEnvelope& envelope) {
    const std::string* der = certificateOf(where, *entry.certificate);
    if (der == nullptr || options_.checker == nullptr) return std::nullopt;
    auto checked = options_.checker->check(*entry.binding, envelope, *der);
    if (!checked) {
        const Refusal& why = checked.error();
        if (entry.type == EntryType::Refusal && why.code == entry.refusal_code)
            return std::nullopt;  // the very refusal that it records
        // Of several mistakes the gateway named one, by a register and limits that are not those of now.
        if (entry.type == EntryType::Refusal && !entry.message_id &&
            options_.checker->isSigned(*entry.binding, envelope, *der))
            return ++report_.signatures, std::nullopt;
        report_.findings.add("signature_refused", where, "a good signature of " + textOrNone(entry.sender),
                             why.code + " " + why.where, kChanged);
        return std::nullopt;
    }
    ++report_.signatures;
    // A refusal whose leaf names no message states only whose key signed: the header was not believed.
    if (entry.type == EntryType::Refusal && !entry.message_id) return std::nullopt;
    compareHeader(where, entry, *checked);
    if (!envelope.head_only)
        compare("payload_differs", where, textOrNone(entry.payload_digest), toHex(checked->payload_digest), kChanged);
    return std::move(checked).value();
}

void EntryChecks::compareHeader(const std::string& where, const LogEntry& entry, const CheckedEnvelope& read) {
    compare("message_id_differs", where, textOrNone(entry.message_id), read.message_id.text(), kChanged);
    compare("sender_differs", where, textOrNone(entry.sender), read.sender.text(), kChanged);
    if (!isTooOld(entry))
        compare("sent_differs", where, entry.sent_at ? toRfc3339(*entry.sent_at) : "none", toRfc3339(read.sent_at),
                kChanged);
}

void EntryChecks::checkOutcomes(LogIndex index, const std::string& where, const LogEntry& entry) {
    ByteSource* lines = source_.outcomes(entry.received_index.value_or(index));
    OutcomeLinesReader reader;
    std::array<char, 64 * 1024> buffer;
    for (std::size_t count; lines != nullptr && (count = lines->read(buffer)) != 0;) reader.add({buffer.data(), count});
    const auto found = reader.finish();
    // A message without records has no lines to store, and the root of nothing.
    if (found.root != *entry.outcomes_root) {
        report_.findings.add(lines == nullptr ? "outcomes_missing" : "outcomes_changed", where,
                             toHex(*entry.outcomes_root), toHex(found.root),
                             "what became of the records is not what was answered");
        return;
    }
    ++report_.outcome_sets;
    if (!found.well_formed)
        report_.findings.add("outcomes_malformed", where, "one outcome line a record, numbered from 1");
    if (entry.counts)
        compare("counts_differ", where, countsText(*entry.counts), countsText(found.counts),
                "the leaf's counts are not those of its records");
}

void EntryChecks::checkOpen(LogIndex index, const std::string& where, const LogEntry& entry) {
    if (entry.type == EntryType::Received) {
        if (open_.size() < kOpenMax)
            open_[index] = {entry.message_id, entry.sender, entry.answer_digest};
        else
            report_.findings.add("too_many_unfinished", where, "at most 100,000 messages in work");
    }
    if (entry.type != EntryType::Outcome) return;
    const auto open = entry.received_index ? open_.find(*entry.received_index) : open_.end();
    if (open == open_.end()) {
        report_.findings.add("outcome_unmatched", where, "an earlier leaf of type received without outcome",
                             entry.received_index ? "leaf " + std::to_string(*entry.received_index) : "none");
        return;
    }
    compare("outcome_unmatched", where, textOrNone(open->second.sender) + " " + textOrNone(open->second.id),
            textOrNone(entry.sender) + " " + textOrNone(entry.message_id),
            "the outcome is of another message than the leaf it names");
    open_.erase(open);
    if (rows_ && !isTooOld(entry)) rows_->ended(index, entry);
}

void EntryChecks::finish() {
    if (!rows_) return;
    for (const auto& [index, message] : open_)
        if (message.answer) rows_->open(index, message.answer);
}

}  // namespace caseway
