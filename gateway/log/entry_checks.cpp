// gateway/log/entry_checks.cpp - what one leaf claims, held against what is stored.
#include "gateway/log/entry_checks.hpp"

#include "gateway/formats/crypto/digest.hpp"
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

std::string countsText(const RecordCounts& counts) {
    return "new " + std::to_string(counts.fresh) + ", changed " + std::to_string(counts.changed) + ", same " +
           std::to_string(counts.same) + ", stale " + std::to_string(counts.stale) + ", refused " +
           std::to_string(counts.refused);
}

bool claimsMessage(const LogEntry& entry) {
    return entry.type == EntryType::Message || entry.type == EntryType::Received;
}

}  // namespace

void EntryChecks::compare(std::string_view what, const std::string& where, const std::string& expected,
                          const std::string& found, std::string_view hint) {
    if (expected != found) report_.findings.add(what, where, expected, found, hint);
}

void EntryChecks::check(LogIndex index, const LogEntry& entry) {
    const std::string where = "leaf " + std::to_string(index);
    checkComplete(where, entry);
    if (entry.envelope_digest) checkEnvelope(where, entry);
    if (entry.outcomes_root) checkOutcomes(index, where, entry);
    checkOpen(index, where, entry);
    if (source_.hasRows()) checkRow(index, where, entry);
}

void EntryChecks::checkComplete(const std::string& where, const LogEntry& entry) {
    if (!claimsMessage(entry)) return;
    const bool signed_parts = entry.origin == Origin::Pulled || (entry.certificate && entry.binding);
    if (!entry.message_id || !entry.sender || !entry.envelope_digest || !entry.payload_digest || !signed_parts)
        report_.findings.add("entry_incomplete", where, "id, sender, envelope, payload; binding and cert where signed",
                             "", "the leaf claims a message that cannot be proved");
}

void EntryChecks::checkEnvelope(const std::string& where, const LogEntry& entry) {
    const auto envelope = source_.envelope();
    if (!envelope) {
        report_.findings.add("envelope_missing", where, toHex(*entry.envelope_digest), "none",
                             "the stored message is gone: look in a backup");
        return;
    }
    const Sha256 digest = sha256(envelope->head);
    if (digest != *entry.envelope_digest)
        report_.findings.add("envelope_changed", where, toHex(*entry.envelope_digest), toHex(digest), kChanged);
    else
        ++report_.envelopes;
    if (entry.origin == Origin::Pulled)
        checkPulled(where, entry, *envelope);
    else if (entry.certificate && entry.binding)
        checkSignature(where, entry, *envelope);
}

void EntryChecks::checkPulled(const std::string& where, const LogEntry& entry, const StoredEnvelope& envelope) {
    if (!entry.payload_digest) return;
    Sha256Stream stream;
    if (envelope.body == nullptr) stream.update(envelope.head);
    std::array<char, 64 * 1024> buffer;
    for (std::size_t count; envelope.body != nullptr && (count = envelope.body->read(buffer)) != 0;)
        stream.update(std::string_view(buffer.data(), count));
    compare("payload_differs", where, toHex(*entry.payload_digest), toHex(stream.finish()), kChanged);
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

void EntryChecks::checkSignature(const std::string& where, const LogEntry& entry, const StoredEnvelope& envelope) {
    const std::string* der = certificateOf(where, *entry.certificate);
    if (der == nullptr) return;
    if (options_.checker == nullptr) return;
    const auto checked = options_.checker->check(*entry.binding, envelope, *der);
    if (!checked) {
        const Refusal& why = checked.error();
        if (entry.type == EntryType::Refusal && why.code == entry.refusal_code)
            return;  // the very refusal that it records
        report_.findings.add("signature_refused", where, "a good signature of " + textOrNone(entry.sender),
                             why.code + " " + why.where, kChanged);
        return;
    }
    ++report_.signatures;
    // A refusal whose leaf names no message states only whose key signed: the header was not believed.
    if (entry.type == EntryType::Refusal && !entry.message_id) return;
    compare("message_id_differs", where, textOrNone(entry.message_id), checked->message_id.text(), kChanged);
    compare("sender_differs", where, textOrNone(entry.sender), checked->sender.text(), kChanged);
    compare("payload_differs", where, textOrNone(entry.payload_digest), toHex(checked->payload_digest), kChanged);
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
            open_[index] = {entry.message_id, entry.sender};
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
}

void EntryChecks::checkRow(LogIndex index, const std::string& where, const LogEntry& entry) {
    const bool is_outcome = entry.type == EntryType::Outcome && entry.received_index;
    if (!claimsMessage(entry) && entry.type != EntryType::Refusal && !is_outcome) return;
    constexpr std::string_view kRow = "the row in the message table was changed; the leaf tells what was true";
    const auto row = source_.row(is_outcome ? *entry.received_index : index);
    if (!row) {
        // A refused repetition has no row of its own: the id belongs to the first message.
        if (entry.type != EntryType::Refusal)
            report_.findings.add("row_missing", where, "a row of this message", "none", kRow);
        return;
    }
    // The row of a refused repetition has no id either.
    const bool claims_id = row->message_id || entry.type != EntryType::Refusal;
    compare("row_differs", where, textOrNone(entry.sender), textOrNone(row->sender), kRow);
    if (claims_id) compare("row_differs", where, textOrNone(entry.message_id), textOrNone(row->message_id), kRow);
    if (!is_outcome) {
        compare("row_differs", where, toRfc3339(entry.received_at), toRfc3339(row->received_at), kRow);
        compare("row_differs", where, std::string(nameOf(entry.origin)), std::string(nameOf(row->origin)), kRow);
    }
    if (entry.type == EntryType::Received) return;  // the row tells the outcome, once there is one
    if (entry.outcome)
        compare("row_differs", where, std::string(nameOf(*entry.outcome)), std::string(nameOf(row->outcome)), kRow);
    if (entry.counts) compare("row_differs", where, countsText(*entry.counts), countsText(row->counts), kRow);
    if (!is_outcome) compare("row_differs", where, entry.refusal_code, row->refusal_code, kRow);
}

}  // namespace caseway
