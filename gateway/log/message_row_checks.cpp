// gateway/log/message_row_checks.cpp - what each column of a message's row must say.
#include "gateway/log/message_row_checks.hpp"

#include "gateway/base/fault.hpp"
#include "gateway/formats/crypto/digest.hpp"

namespace caseway {
namespace {

constexpr std::string_view kHint = "the row in the message table was changed; the leaf tells what was true";

template <class Id>
std::string textOf(const std::optional<Id>& id) {
    return id ? id->text() : "none";
}
std::string textOf(const std::optional<LogIndex>& index) {
    return index ? "leaf " + std::to_string(*index) : "none";
}

}  // namespace

std::string countsText(const RecordCounts& counts) {
    return "new " + std::to_string(counts.fresh) + ", changed " + std::to_string(counts.changed) + ", same " +
           std::to_string(counts.same) + ", stale " + std::to_string(counts.stale) + ", refused " +
           std::to_string(counts.refused);
}

void MessageRowChecks::compare(LogIndex index, std::string_view column, const std::string& expected,
                               const std::string& found) {
    if (expected != found)
        findings_.add("row_differs", "leaf " + std::to_string(index), std::string(column) + " " + expected, found,
                      kHint);
}

std::optional<MessageRow> MessageRowChecks::read(LogIndex index) {
    const std::string where = "leaf " + std::to_string(index);
    try {
        auto row = store_.message(index);
        if (!row) findings_.add("row_missing", where, "a row of this message", "none", kHint);
        return row;
    } catch (const Fault& fault) {
        if (fault.code() != FaultCode::StoreCorrupt) throw;
        findings_.add("row_differs", where, "a row that can be read", fault.what(), kHint);
        return std::nullopt;
    }
}

/// A message keeps its id for itself where it was taken, and where it was refused after it had been read with a mapping
/// and no other had the id.
std::optional<MessageId> MessageRowChecks::idOf(LogIndex index, const LogEntry& entry) {
    if (entry.type != EntryType::Refusal) return entry.message_id;
    if (!entry.mapping_version || !entry.message_id || !entry.sender) return std::nullopt;
    try {
        const auto first = store_.message(*entry.sender, *entry.message_id);
        if (first && first->index < index) return std::nullopt;
    } catch (const Fault& fault) {
        if (fault.code() != FaultCode::StoreCorrupt) throw;
        return std::nullopt;  // that row has its own finding
    }
    return entry.message_id;
}

/// What the header names; where it names none, the mapping's own name.
std::string MessageRowChecks::mappingOf(const LogEntry& entry, const CheckedEnvelope& envelope) {
    if (!entry.mapping_version) return entry.refusal_code == "mapping_unknown" ? envelope.mapping : std::string();
    if (!envelope.mapping.empty()) return envelope.mapping;
    try {
        const auto files = store_.mappingVersion(*entry.mapping_version);
        return files && options_.mapping_name ? options_.mapping_name(*files) : std::string();
    } catch (const Fault& fault) {
        if (fault.code() != FaultCode::StoreCorrupt) throw;
        return {};
    }
}

void MessageRowChecks::own(LogIndex index, const LogEntry& entry, const CheckedEnvelope* envelope) {
    const auto row = read(index);
    if (!row) return;
    compare(index, "sender", textOf(entry.sender), textOf(row->sender));
    compare(index, "message id", textOf(idOf(index, entry)), textOf(row->message_id));
    if (entry.binding)
        compare(index, "binding", std::string(nameOf(*entry.binding)), std::string(nameOf(row->binding)));
    compare(index, "origin", std::string(nameOf(entry.origin)), std::string(nameOf(row->origin)));
    compare(index, "received at", toRfc3339(entry.received_at), toRfc3339(row->received_at));
    compare(index, "tree size", "0", std::to_string(row->tree_size));
    if (envelope != nullptr && entry.message_id) {
        compare(index, "content digest", toHex(envelope->content_digest), toHex(row->content_digest));
        compare(index, "mapping", mappingOf(entry, *envelope), row->mapping);
    } else if (!entry.message_id || (options_.checker != nullptr && entry.type == EntryType::Refusal)) {
        compare(index, "content digest", toHex(Sha256{}), toHex(row->content_digest));
        compare(index, "mapping", "", row->mapping);
    }
    if (entry.type != EntryType::Received) compareEnd(*row, entry, std::nullopt);
}

void MessageRowChecks::ended(LogIndex index, const LogEntry& outcome) {
    if (const auto row = read(*outcome.received_index)) compareEnd(*row, outcome, index);
}

void MessageRowChecks::open(LogIndex index, const std::optional<Sha256>& answer) {
    LogEntry told;
    told.outcome = MessageOutcome::Received;
    told.answer_digest = answer;
    if (const auto row = read(index)) compareEnd(*row, told, std::nullopt);
}

void MessageRowChecks::compareEnd(const MessageRow& row, const LogEntry& told, std::optional<LogIndex> outcome_index) {
    const MessageOutcome outcome = told.outcome.value_or(MessageOutcome::Refused);
    compare(row.index, "outcome", std::string(nameOf(outcome)), std::string(nameOf(row.outcome)));
    compare(row.index, "counts", countsText(told.counts.value_or(RecordCounts{})), countsText(row.counts));
    compare(row.index, "refusal code", outcome == MessageOutcome::Refused ? told.refusal_code : "", row.refusal_code);
    compare(row.index, "outcome leaf", textOf(outcome_index), textOf(row.outcome_index));
    const Sha256 answer = told.answer_digest.value_or(sha256(std::string_view()));
    compare(row.index, "answer with the digest", toHex(answer), toHex(sha256(row.answer)));
}

}  // namespace caseway
