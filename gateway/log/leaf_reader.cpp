// gateway/log/leaf_reader.cpp - a leaf back into its values; anything that appendLeaf would have written differently is
// refused.
#include <charconv>

#include "gateway/formats/json/document.hpp"
#include "gateway/log/leaf.hpp"

namespace caseway {
namespace {

using Type = JsonValue::Type;

Refusal malformed(std::string_view member, std::string rule) {
    return {"malformed_leaf", std::string(member), "", std::move(rule),
            "the leaf was not written by this log; see docs/formats/message-log.md"};
}

bool readText(const JsonValue& value, std::string& out) {
    out = value.text;
    return value.type == Type::String && !value.text.empty();
}

bool readNumber(const JsonValue& value, std::uint64_t& out) {
    const char* end = value.text.data() + value.text.size();
    return value.type == Type::Number && std::from_chars(value.text.data(), end, out).ptr == end;
}
bool readNumber(const JsonValue& value, std::optional<std::uint64_t>& out) {
    return readNumber(value, out.emplace());
}

bool readHash(const JsonValue& value, std::optional<Sha256>& out) {
    return value.type == Type::String && fromHex(value.text, out.emplace().bytes);
}

template <class T>
bool assign(std::optional<T>& to, std::optional<T> from) {
    to = std::move(from);
    return to.has_value();
}

/// The enumerator with this name, `last` included.
template <class E>
bool readName(const JsonValue& value, E last, E& out) {
    if (value.type != Type::String) return false;
    for (int i = 0; i <= static_cast<int>(last); ++i) {
        out = static_cast<E>(i);
        if (nameOf(out) == value.text) return true;
    }
    return false;
}

bool readCounts(const JsonValue& value, std::optional<RecordCounts>& out) {
    if (value.type != Type::Object) return false;
    out.emplace();
    for (std::uint32_t i = 0; i < value.count; ++i) {
        const auto& [name, count] = value.members[i];
        std::uint64_t* to = name == "changed"   ? &out->changed
                            : name == "new"     ? &out->fresh
                            : name == "refused" ? &out->refused
                            : name == "same"    ? &out->same
                            : name == "stale"   ? &out->stale
                                                : nullptr;
        if (to == nullptr || !readNumber(count, *to)) return false;
    }
    return true;
}

bool readCertificate(const JsonValue& value, LogEntry& entry) {
    return value.type == Type::String && assign(entry.certificate, KeyId::parse(value.text));
}

bool readTime(const JsonValue& value, Instant& out) {
    const auto at = value.type == Type::String ? parseRfc3339(value.text) : std::nullopt;
    if (at) out = *at;
    return at.has_value();
}

bool readMember(std::string_view name, const JsonValue& value, LogEntry& entry) {
    if (name == "answer") return readHash(value, entry.answer_digest);
    if (name == "at") return readTime(value, entry.received_at);
    if (name == "binding") return readName(value, Binding::Http, entry.binding.emplace());
    if (name == "cert") return readCertificate(value, entry);
    if (name == "count") return readNumber(value, entry.aggregate_count);
    if (name == "counts") return readCounts(value, entry.counts);
    if (name == "department") return readText(value, entry.department);
    if (name == "detail") return appendCanonical(value, entry.detail), value.type == Type::Object;
    if (name == "envelope") return readHash(value, entry.envelope_digest);
    if (name == "id") return value.type == Type::String && assign(entry.message_id, MessageId::parse(value.text));
    if (name == "mapping") return readHash(value, entry.mapping_version);
    if (name == "origin") return readName(value, Origin::Pulled, entry.origin);
    if (name == "outcome") return readName(value, MessageOutcome::Received, entry.outcome.emplace());
    if (name == "outcomes") return readHash(value, entry.outcomes_root);
    if (name == "payload") return readHash(value, entry.payload_digest);
    if (name == "received") return readNumber(value, entry.received_index);
    if (name == "refusal") return readText(value, entry.refusal_code);
    if (name == "sender") return value.type == Type::String && assign(entry.sender, SystemId::parse(value.text));
    if (name == "sent") return readTime(value, entry.sent_at.emplace());
    if (name == "type") return readName(value, EntryType::Aggregate, entry.type);
    if (name == "v") return value.type == Type::Number && value.text == "1";
    return false;
}

JsonLimits leafLimits() {
    JsonLimits limits;
    limits.depth = 16;
    limits.number_bytes = 32;
    return limits;
}

/// What appendLeaf would call a bug is here somebody else's leaf.
bool isWritable(const LogEntry& entry) {
    for (const char c : entry.refusal_code)
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
    const auto exact = [](const std::optional<std::uint64_t>& n) { return !n || *n < 1ULL << 53; };
    const RecordCounts counts = entry.counts.value_or(RecordCounts{});
    return exact(entry.received_index) && exact(entry.aggregate_count) && exact(counts.changed) &&
           exact(counts.fresh) && exact(counts.refused) && exact(counts.same) && exact(counts.stale);
}

}  // namespace

Result<LogEntry> parseLeaf(std::string_view leaf) {
    if (leaf.size() > kLeafMax) return malformed("leaf", "at most 4096 bytes");
    thread_local JsonTree tree;
    const auto value = parseJson(leaf, leafLimits(), tree);
    if (!value) return malformed(value.error().where, "JSON: " + value.error().rule);
    if ((*value)->type != Type::Object) return malformed("leaf", "a JSON object");
    LogEntry entry;
    for (std::uint32_t i = 0; i < (*value)->count; ++i) {
        const auto& [name, member] = (*value)->members[i];
        if (!readMember(name, member, entry)) return malformed(name, "a member of a leaf with a value of its kind");
    }
    thread_local std::string again;
    again.clear();
    if (isWritable(entry)) appendLeaf(entry, again);
    if (again != leaf)
        return Refusal{"leaf_not_canonical", "leaf", "", "the one canonical form of its values (RFC 8785)",
                       "the leaf was altered, or written by another program"};
    return entry;
}

std::string detailText(const LogEntry& entry, std::string_view name) {
    JsonTree tree;
    const auto value = parseJson(entry.detail, leafLimits(), tree);
    if (!value) return {};
    const JsonValue* member = (*value)->find(name);
    return member != nullptr && (member->type == Type::String || member->type == Type::Number)
               ? std::string(member->text)
               : std::string();
}

}  // namespace caseway
