// gateway/formats/envelope/stored_pull.cpp - writing and reading of the heads of pulled payloads.
#include "gateway/formats/envelope/stored_pull.hpp"

#include <charconv>

#include "gateway/formats/envelope/header_fields.hpp"
#include "gateway/formats/envelope/stored_fields.hpp"
#include "gateway/formats/json/document.hpp"

namespace caseway {
namespace {

Refusal malformed(std::string_view rule) {
    return Refusal{"malformed_envelope", "stored envelope", "", std::string(rule), ""};
}

void appendText(std::string_view member, std::string_view value, std::string& json) {
    json += ',';
    appendJsonString(member, json);
    json += ':';
    appendJsonString(value, json);
}

void appendNumber(std::string_view member, std::uint64_t value, std::string& json) {
    json += ',';
    appendJsonString(member, json);
    json += ':' + std::to_string(value);
}

void appendAnswer(const AnswerHead& answer, std::string& json) {
    json += R"("answer":{"authority":)";
    appendJsonString(answer.authority, json);
    json += R"(,"fields":[)";
    for (const HttpField& field : answer.fields) appendStoredField(field.name, field.value, json);
    json += ']';
    appendText("method", answer.method, json);
    appendText("path", answer.path, json);
    if (answer.query) appendText("query", *answer.query, json);
    appendText("scheme", answer.scheme, json);
    appendNumber("status", static_cast<std::uint64_t>(answer.status), json);
    json += "},";
}

bool readText(const JsonValue& object, std::string_view member, std::string& text) {
    const JsonValue* const value = object.find(member);
    if (value == nullptr || value->type != JsonValue::Type::String) return false;
    text = std::string(value->text);
    return true;
}

bool readNumber(const JsonValue& object, std::string_view member, std::uint64_t& number) {
    const JsonValue* const value = object.find(member);
    if (value == nullptr || value->type != JsonValue::Type::Number) return false;
    const char* const end = value->text.data() + value->text.size();
    const auto read = std::from_chars(value->text.data(), end, number);
    return read.ec == std::errc{} && read.ptr == end;
}

bool readAnswer(const JsonValue& object, AnswerHead& answer) {
    if (object.type != JsonValue::Type::Object) return false;
    const bool has_query = object.find("query") != nullptr;
    std::uint64_t status = 0;
    if (object.count != 6U + has_query || !readNumber(object, "status", status) || status > 999) return false;
    answer.status = static_cast<int>(status);
    return (!has_query || readText(object, "query", answer.query.emplace())) &&
           readText(object, "authority", answer.authority) && readText(object, "method", answer.method) &&
           readText(object, "path", answer.path) && readText(object, "scheme", answer.scheme) &&
           readStoredFields(object, answer.fields);
}

Result<MessageHeader> readHeader(const JsonValue* object) {
    if (object == nullptr || object->type != JsonValue::Type::Object) return malformed("a header");
    HeaderFields fields(Binding::Json);
    for (std::uint32_t i = 0; i < object->count; ++i) {
        const JsonValue::Member& member = object->members[i];
        if (member.value.type != JsonValue::Type::String) return malformed("header members that are texts");
        if (auto set = fields.set(member.name, member.value.text); !set) return set.error();
    }
    return fields.finish();
}

}  // namespace

std::string storedPull(const PulledHead& head) {
    std::string json = "{";
    if (head.answer) appendAnswer(*head.answer, json);
    json += R"("connector":)";
    appendJsonString(head.connector, json);
    json += R"(,"header":)" + canonicalHeader(head.header);
    appendText("media_type", head.media_type, json);
    appendText("name", head.name, json);
    appendNumber("page", head.page, json);
    appendNumber("part", head.part, json);
    if (head.repair != Repair::Both) appendText("repair", nameOf(head.repair), json);
    appendNumber("run", head.run, json);
    if (head.signature != SignatureForm::None) appendText("signature", nameOf(head.signature), json);
    return json += "}\n";
}

Result<StoredPull> readStoredPull(std::string_view stored) {
    const std::size_t end = stored.find('\n');
    if (end == std::string_view::npos) return malformed("a line of JSON, then the payload");
    JsonTree tree;
    const auto json = parseJson(stored.substr(0, end), JsonLimits{.depth = 5}, tree);
    if (!json || (*json)->type != JsonValue::Type::Object) return malformed("an object");
    const JsonValue& object = **json;
    StoredPull pull;
    const JsonValue* const repair = object.find("repair");
    const JsonValue* const signature = object.find("signature");
    const JsonValue* const answer = object.find("answer");
    if (object.count != 7U + (repair != nullptr) + (signature != nullptr) + (answer != nullptr))
        return malformed("seven members, and perhaps answer, repair and signature");
    if (answer != nullptr && !readAnswer(*answer, pull.head.answer.emplace()))
        return malformed("the head of a signed answer");
    if (repair != nullptr) {
        const auto known = parseRepair(repair->text);
        if (!known || *known == Repair::Both) return malformed("what a reconciliation may put right");
        pull.head.repair = *known;
    }
    if (signature != nullptr) {
        const auto known = parseSignatureForm(signature->text);
        if (!known) return malformed("the form of a signature");
        pull.head.signature = *known;
    }
    auto header = readHeader(object.find("header"));
    if (!header) return header.error();
    pull.head.header = std::move(*header);
    if (!readText(object, "connector", pull.head.connector) || !readText(object, "media_type", pull.head.media_type) ||
        !readText(object, "name", pull.head.name) || !readNumber(object, "page", pull.head.page) ||
        !readNumber(object, "part", pull.head.part) || !readNumber(object, "run", pull.head.run))
        return malformed("where it was read");
    pull.payload = stored.substr(end + 1);
    return pull;
}

}  // namespace caseway
