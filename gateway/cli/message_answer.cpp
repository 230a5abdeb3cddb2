// gateway/cli/message_answer.cpp - an answer's counts and refusals as lines; its receipt.
#include "gateway/cli/message_answer.hpp"

#include <fmt/format.h>

#include <charconv>

#include "gateway/base/fault.hpp"
#include "gateway/cli/command.hpp"
#include "gateway/cli/kept_head.hpp"
#include "gateway/cli/message_send.hpp"
#include "gateway/cli/refusal_text.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/formats/text/said_text.hpp"
#include "gateway/log/answer_check.hpp"

namespace caseway {
namespace {

constexpr std::uint32_t kRefusalsSaid = 20;

/// Fit for a terminal, whoever answered.
std::string textOf(const JsonValue& object, std::string_view name) {
    const JsonValue* value = object.find(name);
    return value == nullptr ? std::string() : shownLine(value->text);
}

std::uint64_t numberOf(const JsonValue& object, std::string_view name) {
    const std::string text = textOf(object, name);
    std::uint64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

struct ReadAnswer {
    JsonTree tree;
    const JsonValue* root = nullptr;  ///< nothing: no JSON, as a proxy between may send
    std::uint64_t records = 0, refused = 0;
    std::string counts;  ///< ", 1 new, 2 same"
};

ReadAnswer readAnswer(const HttpReply& reply) {
    ReadAnswer answer;
    const auto parsed = parseJson(reply.body, JsonLimits{}, answer.tree);
    if (!parsed) return answer;
    answer.root = *parsed;
    const JsonValue* records = answer.root->find("records");
    if (records == nullptr) return answer;
    for (const char* name : {"new", "changed", "same", "stale", "refused"}) {
        const std::uint64_t count = numberOf(*records, name);
        answer.records += count;
        if (count != 0) answer.counts += fmt::format(", {} {}", count, name);
    }
    answer.refused = numberOf(*records, "refused");
    return answer;
}

void sayRefusal(const JsonValue& refusal, std::string_view rule_name) {
    Refusal shown{textOf(refusal, "code"), textOf(refusal, "where"), textOf(refusal, "value"),
                  textOf(refusal, rule_name), textOf(refusal, "hint")};
    if (const std::uint64_t record = numberOf(refusal, "record"); record != 0) shown.record = record;
    sayRefused(shown, "  ");
}

void sayRefusals(const ReadAnswer& answer) {
    const JsonValue* refusals = answer.root->find("refusals");
    if (refusals == nullptr) return;
    for (std::uint32_t i = 0; i < std::min(refusals->count, kRefusalsSaid); ++i) sayRefusal(refusals->items[i], "rule");
    if (refusals->count > kRefusalsSaid)
        say(fmt::format("  … and {} more in `refusals` of the answer", refusals->count - kRefusalsSaid));
    if (answer.refused != 0)
        say(fmt::format("{} of {} records refused; correct them and send them in a new message", answer.refused,
                        answer.records));
}

void sayNotes(const ReadAnswer& answer) {
    const JsonValue* notes = answer.root->find("notes");
    if (notes == nullptr) return;
    for (std::uint32_t i = 0; i < notes->count; ++i) {  // a note refuses nothing, so the word does not stand there
        const JsonValue& note = notes->items[i];
        say(fmt::format("  note: {}: {}: {}; {}", textOf(note, "code"), textOf(note, "value"), textOf(note, "rule"),
                        textOf(note, "hint")));
    }
}

/// Empty where the answer says nothing of the message, as one of a proxy between.
std::string outcomeOf(const HttpReply& reply) {
    if (reply.status != 200 && reply.status != 202) return {};
    const ReadAnswer answer = readAnswer(reply);
    return answer.root == nullptr ? std::string() : textOf(*answer.root, "outcome");
}

std::string_view whatDiffers(const AskedMessage& asked, const LogEntry& leaf) {
    if (leaf.message_id != asked.id) return "id";
    if (asked.sender && leaf.sender != asked.sender) return "sender";
    if (asked.sent_at && leaf.sent_at != asked.sent_at) return "sent";
    if (asked.payload_digest && leaf.payload_digest != asked.payload_digest) return "payload";
    return {};
}

template <class T>
T orBad(Result<T> result, std::string_view what) {
    if (result) return std::move(result).value();
    throw Fault(FaultCode::StoreCorrupt, std::string(what) + lineOf(result.error()),
                "keep the answer as it came, and tell the center");
}

/// "record 3: apply_time (line 12)": as the whole answer has it.
std::string placeOf(const JsonValue& refusal) {
    const std::uint64_t record = numberOf(refusal, "record");
    std::string place = record == 0 ? std::string() : fmt::format("record {}", record);
    if (const std::string where = textOf(refusal, "where"); !where.empty())
        place += (place.empty() ? "" : ": ") + where;
    return place.empty() ? std::string("payload") : place;
}

}  // namespace

std::string briefOf(const HttpReply& reply, std::string_view sender, std::string_view binding) {
    std::string line = fmt::format("{:<18} {} {}", sender, binding, reply.status);
    const ReadAnswer answer = readAnswer(reply);
    if (answer.root == nullptr) return line;
    if (const std::string code = textOf(*answer.root, "code"); !code.empty()) {
        const std::string where = textOf(*answer.root, "where");
        line += " " + code + (where.empty() ? "" : " (" + where + ")");
    }
    if (const std::string outcome = textOf(*answer.root, "outcome"); !outcome.empty()) line += " " + outcome;
    line += answer.counts;
    if (const JsonValue* refusals = answer.root->find("refusals"); refusals != nullptr && refusals->count > 0)
        line += fmt::format(" ({}: {}{})", placeOf(refusals->items[0]), textOf(refusals->items[0], "code"),
                            refusals->count == 1 ? "" : fmt::format("; {} more", refusals->count - 1));
    return line;
}

std::string nextOfBrief(const HttpReply& reply, std::string_view id) {
    std::string line = fmt::format("  message {}", id);
    const ReadAnswer answer = readAnswer(reply);
    if (answer.root == nullptr) return line;
    std::string hint = textOf(*answer.root, "hint");
    if (const JsonValue* refusals = answer.root->find("refusals");
        hint.empty() && refusals != nullptr && refusals->count > 0)
        hint = textOf(refusals->items[0], "hint");
    return hint.empty() ? line : line + "; next: " + hint;
}

void sayAnswer(const HttpReply& reply, std::string_view id) {
    const ReadAnswer answer = readAnswer(reply);
    const std::string outcome = answer.root == nullptr ? std::string() : textOf(*answer.root, "outcome");
    if (isTaken(reply) && outcome != "refused") {
        say(fmt::format("{}: message {}{}", outcome, id, answer.counts));
    } else {
        sayError(fmt::format("the gateway answered {} to message {}{}", reply.status, id,
                             outcome.empty() ? "" : ": " + outcome));
        if (answer.root != nullptr && answer.root->find("code") != nullptr) sayRefusal(*answer.root, "detail");
    }
    if (answer.root == nullptr) return;
    sayRefusals(answer);
    sayNotes(answer);
}

bool isTaken(const HttpReply& reply) {
    return !outcomeOf(reply).empty();
}

bool isNoAnswer(const HttpReply& reply) {
    const ReadAnswer answer = readAnswer(reply);
    return !isTaken(reply) && (answer.root == nullptr || textOf(*answer.root, "code").empty());
}

bool isTakenWhole(const HttpReply& reply) {
    const std::string outcome = outcomeOf(reply);
    return outcome == "accepted" || outcome == "received";
}

void checkReceipt(const HttpReply& reply, const AskedMessage& asked, const HttpTarget& gateway,
                  const std::string& log_key_file) {
    if (log_key_file.empty()) return;
    const NoteKey key = logKeyIn(log_key_file);
    const VerifiedReceipt verified = orBad(verifyReceipt(reply.body, key), "the receipt does not verify: ");
    orBad(checkAnswer(reply.body, verified, key), "the answer is not what its receipt says: ");
    if (const std::string_view other = whatDiffers(asked, verified.entry); !other.empty())
        throw ReceiptOfAnother(FaultCode::StoreCorrupt,
                               fmt::format("the receipt is of another message: its leaf has another {}", other),
                               "keep the answer as it came, and tell the center");
    KeptHead(log_key_file).advance(gateway, orBad(openHeldHead(reply.body, key), ""));
}

}  // namespace caseway
