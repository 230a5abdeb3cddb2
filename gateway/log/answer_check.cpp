// gateway/log/answer_check.cpp - the members of an answer against its leaf.
#include "gateway/log/answer_check.hpp"

#include "gateway/base/time.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/json/document.hpp"

namespace caseway {
namespace {

/// Compact JSON of a value, members in their order, numbers as written: how the gateway wrote it, whatever white space
/// a viewer put between.
void appendCompact(const JsonValue& value, std::string& out) {
    switch (value.type) {
        case JsonValue::Type::Null:
            out += "null";
            return;
        case JsonValue::Type::False:
            out += "false";
            return;
        case JsonValue::Type::True:
            out += "true";
            return;
        case JsonValue::Type::Number:
            out += value.text;
            return;
        case JsonValue::Type::String:
            appendJsonString(value.text, out);
            return;
        case JsonValue::Type::Array:
            out += '[';
            for (std::uint32_t i = 0; i < value.count; ++i) {
                if (i != 0) out += ',';
                appendCompact(value.items[i], out);
            }
            out += ']';
            return;
        case JsonValue::Type::Object:
            out += '{';
            for (std::uint32_t i = 0; i < value.count; ++i) {
                if (i != 0) out += ',';
                appendJsonString(value.members[i].name, out);
                out += ':';
                appendCompact(value.members[i].value, out);
            }
            out += '}';
            return;
    }
}

/// `"outcome":…,"records":…,"refusals":…,"notes":…`, those that are there: what the leaf's `answer` is the digest of.
std::string wordsOf(const JsonValue& answer) {
    std::string words;
    for (const std::string_view name : {"outcome", "records", "refusals", "notes"}) {
        const JsonValue* value = answer.find(name);
        if (value == nullptr) continue;
        if (!words.empty()) words += ',';
        appendJsonString(name, words);
        words += ':';
        appendCompact(*value, words);
    }
    return words;
}

Refusal differs(std::string_view where, std::string_view found, std::string_view expected) {
    return {"answer_differs", std::string(where), std::string(found.substr(0, 100)),
            expected.empty() ? "what the leaf says" : std::string(expected) + ", as the leaf says",
            "the answer was changed after it was given, or is not the one of this receipt; keep answers as they came"};
}

/// What an answer says for its code: of a message of which every record was refused the leaf has none.
std::string_view codeOf(const LogEntry& told) {
    if (!told.refusal_code.empty() || told.outcome != MessageOutcome::Refused) return told.refusal_code;
    return kNoRecordTaken;
}

/// The leaf that tells the outcome: the receipt's own, or the one that completes it.
Result<LogEntry> outcomeEntry(const JsonValue& answer, const VerifiedReceipt& first, const NoteKey& key) {
    const JsonValue* const receipt = answer.find("outcome_receipt");
    if (receipt == nullptr) return first.entry;
    std::string json;
    appendCompact(*receipt, json);
    auto second = verifyReceipt(json, key);
    if (!second) return std::move(second).error();
    const LogEntry& entry = second->entry;
    if (entry.received_index != first.index || entry.message_id != first.entry.message_id ||
        entry.sender != first.entry.sender)
        return differs("outcome_receipt", "", "");
    return entry;
}

}  // namespace

Result<Done> checkAnswer(std::string_view json, const VerifiedReceipt& verified, const NoteKey& key) {
    JsonTree tree;
    const auto parsed = parseJson(json, JsonLimits{}, tree);
    if (!parsed) return parsed.error();
    const JsonValue& answer = **parsed;
    if (answer.find("receipt") == nullptr) return Done{};
    const LogEntry& entry = verified.entry;
    const auto member = [&answer](std::string_view name) {
        const JsonValue* value = answer.find(name);
        return value == nullptr ? std::string_view() : value->text;
    };
    const std::string_view id = member("message_id");
    const std::string own_id = entry.message_id ? entry.message_id->text() : std::string();
    // Of a header that was not believed the leaf has no id, and the answer says the one that was claimed.
    const bool is_claim = entry.type == EntryType::Refusal && own_id.empty();
    if (!id.empty() && !is_claim && id != own_id) return differs("message_id", id, own_id);
    const std::string_view sender = member("sender");
    const std::string own_sender = entry.sender ? entry.sender->text() : std::string();
    if (!sender.empty() && sender != own_sender) return differs("sender", sender, own_sender);
    // The leaf of an outcome that came later names the index at which the message was received, and not the time.
    const std::string own_index = std::to_string(entry.received_index.value_or(verified.index));
    const std::string own_time = entry.received_index ? std::string() : toRfc3339(entry.received_at);
    const std::string_view index = member("log_index"), time = member("received_at");
    if (!index.empty() && index != own_index) return differs("log_index", index, own_index);
    if (!time.empty() && !own_time.empty() && time != own_time) return differs("received_at", time, own_time);
    const std::string_view outcome = member("outcome");
    const auto told = outcomeEntry(answer, verified, key);
    if (!told) return told.error();
    const std::string own_outcome(told->outcome ? nameOf(*told->outcome) : std::string_view());
    if (!outcome.empty() && outcome != own_outcome) return differs("outcome", outcome, own_outcome);
    const std::string_view code = member("code");
    const std::string_view own_code = codeOf(*told);
    if (!code.empty() && code != own_code) return differs("code", code, own_code.empty() ? "no refusal" : own_code);
    const std::string words = wordsOf(answer);
    if (!words.empty() && told->answer_digest != sha256(words))
        return differs("outcome, records, refusals, notes", "", "");
    return Done{};
}

}  // namespace caseway
