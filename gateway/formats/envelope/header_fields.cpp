// gateway/formats/envelope/header_fields.cpp - the rules of the header's fields and its one canonical writing.
#include "gateway/formats/envelope/header_fields.hpp"

#include <algorithm>

#include "gateway/base/mask.hpp"
#include "gateway/base/year_of_utc.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/json/document.hpp"

namespace caseway {
namespace {

constexpr std::size_t kValueBytesMax = 200;
enum Field : std::size_t { kMessageId, kSender, kReceiver, kSentAt, kMapping, kCorrelationId, kPreviousId };
/// Canonical JSON sorts the names.
constexpr std::size_t kSorted[] = {kCorrelationId, kMapping, kMessageId, kPreviousId, kReceiver, kSender, kSentAt};

bool isPlain(std::string_view value) {
    return !value.empty() && std::all_of(value.begin(), value.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

std::string_view nameIn(Binding binding, const HeaderFieldNames& names) {
    return binding == Binding::Xml ? names.xml : binding == Binding::Json ? names.json : names.http;
}

void appendCanonicalHeader(const MessageHeader& header, std::string& json) {
    const auto values = headerValues(header);
    json.reserve(json.size() + 512);
    json += '{';
    for (const std::size_t field : kSorted) {
        if (values[field].empty()) continue;
        if (json.back() != '{') json += ',';
        appendJsonString(kHeaderFieldNames[field].json, json);
        json += ':';
        appendJsonString(values[field], json);
    }
    json += '}';
}

}  // namespace

std::string_view HeaderFields::nameAt(std::size_t field) const {
    return nameIn(binding_, kHeaderFieldNames[field]);
}

Refusal HeaderFields::refusal(std::size_t field, std::string_view rule) const {
    return Refusal{"malformed_header", std::string(nameAt(field)), values_[field] ? masked(*values_[field]) : "",
                   std::string(rule), "Compare with the header table of docs/formats/messages.md"};
}

Result<Done> HeaderFields::set(std::string_view name, std::string_view value) {
    for (std::size_t field = 0; field < kHeaderFieldCount; ++field) {
        if (name != nameAt(field)) continue;
        if (values_[field]) return refusal(field, "stands at most once");
        if (value.size() > kValueBytesMax) return refusal(field, "at most 200 bytes");
        values_[field] = std::string(value);
        return Done{};
    }
    return Refusal{"malformed_header", masked(name), "", "only the fields of the protocol's header",
                   "Remove it, or put it into the payload"};
}

void HeaderFields::take(std::string_view name, std::string_view value) {
    auto taken = set(name, value);
    if (!taken && !refused_) refused_ = std::move(taken).error();
}

std::optional<MessageId> HeaderFields::messageId() const {
    return values_[kMessageId] ? MessageId::parse(*values_[kMessageId]) : std::nullopt;
}

Result<SystemId> HeaderFields::sender() const {
    if (!values_[kSender]) return refusal(kSender, "is required");
    auto sender = SystemId::parse(*values_[kSender]);
    if (!sender) return refusal(kSender, "department/system, of a-z 0-9 _ -");
    return std::move(*sender);
}

Result<std::optional<MessageId>> HeaderFields::optionalId(std::size_t field) const {
    if (!values_[field]) return std::optional<MessageId>();
    auto id = MessageId::parse(*values_[field]);
    if (!id) return refusal(field, "a UUID");
    return id;
}

Result<MessageHeader> HeaderFields::finish() const {
    if (refused_) return *refused_;
    MessageHeader header;
    auto sender_id = sender();
    if (!sender_id) return sender_id.error();
    header.sender = std::move(*sender_id);
    const auto message_id = optionalId(kMessageId);
    if (!message_id) return message_id.error();
    if (!*message_id) return refusal(kMessageId, "is required");
    header.message_id = **message_id;
    if (!values_[kReceiver] || !isPlain(*values_[kReceiver])) return refusal(kReceiver, "the receiving gateway's id");
    header.receiver = *values_[kReceiver];
    const auto sent_at = values_[kSentAt] ? parseRfc3339(*values_[kSentAt]) : std::nullopt;
    if (!sent_at || !hasYearOfUtc(*sent_at))
        return refusal(kSentAt, "RFC 3339 with offset, like 2026-05-04T08:30:00+08:00");
    header.sent_at = *sent_at;
    header.sent_at_text = *values_[kSentAt];
    if (values_[kMapping] && !isPlain(*values_[kMapping])) return refusal(kMapping, "the name of a mapping");
    header.mapping = values_[kMapping].value_or("");
    auto correlation_id = optionalId(kCorrelationId);
    if (!correlation_id) return correlation_id.error();
    header.correlation_id = *correlation_id;
    auto previous_id = optionalId(kPreviousId);
    if (!previous_id) return previous_id.error();
    header.previous_id = *previous_id;
    return header;
}

std::array<std::string, kHeaderFieldCount> headerValues(const MessageHeader& header) {
    return {header.message_id.text(),
            header.sender.text(),
            header.receiver,
            header.sent_at_text,
            header.mapping,
            header.correlation_id ? header.correlation_id->text() : "",
            header.previous_id ? header.previous_id->text() : ""};
}

std::string canonicalHeader(const MessageHeader& header) {
    std::string json;
    appendCanonicalHeader(header, json);
    return json;
}

Sha256 contentDigest(const MessageHeader& header, const Sha256& payload_digest) {
    std::string text = "{\"header\":";
    appendCanonicalHeader(header, text);
    text.append(",\"payload\":\"").append(toHex(payload_digest.bytes)).append("\"}");
    return sha256(text);
}

}  // namespace caseway
