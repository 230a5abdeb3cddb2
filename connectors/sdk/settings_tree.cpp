// connectors/sdk/settings_tree.cpp - settings against their schema (JSON Schema, draft 4, by RapidJSON), and their
// members.
#include "connectors/sdk/settings_tree.hpp"

#include <fmt/format.h>
#include <rapidjson/document.h>
#include <rapidjson/schema.h>
#include <rapidjson/stringbuffer.h>

#include <charconv>
#include <cstdlib>

#include "connectors/sdk/faults.hpp"
#include "gateway/base/check.hpp"

namespace caseway {
namespace {

constexpr std::size_t kSettingsBytesMax = 1024 * 1024;

[[noreturn]] void notFitting(std::string where, std::string message, std::string next_step) {
    throw configFault("bad_setting", std::move(where), std::move(message), std::move(next_step));
}

JsonLimits limits() {
    JsonLimits limits;
    limits.depth = 32;
    limits.string_bytes = kSettingsBytesMax;
    return limits;
}

/// RapidJSON's validator names the place and the schema's word that was broken.
void holdAgainst(const std::string& json, const std::string& schema_text) {
    rapidjson::Document schema_document;
    schema_document.Parse(schema_text.c_str(), schema_text.size());
    CASEWAY_CHECK(!schema_document.HasParseError());
    const rapidjson::SchemaDocument schema(schema_document);
    rapidjson::Document document;
    document.Parse<rapidjson::kParseIterativeFlag>(json.c_str(), json.size());
    if (document.HasParseError()) notFitting("", "the settings are no JSON", "give one JSON object");
    rapidjson::SchemaValidator validator(schema);
    if (document.Accept(validator)) return;
    rapidjson::StringBuffer where;
    validator.GetInvalidDocumentPointer().Stringify(where);
    const std::string word = validator.GetInvalidSchemaKeyword();
    const std::string broken = word == "additionalProperties" ? "there is a member that the schema does not name"
                               : word == "required"           ? "a member that must be there is missing"
                               : word == "type"               ? "the value is of another type"
                               : word == "enum"               ? "the value is none of those allowed"
                                                              : fmt::format("the schema's `{}` does not hold", word);
    notFitting(where.GetString(), broken, "see the table of settings in the connector's README.md");
}

}  // namespace

struct SettingsTree::Trees {
    std::string json;
    std::string schema_text;
    JsonTree settings;
    JsonTree schema;
};

SettingsTree SettingsTree::read(const std::string& json, const std::string& schema) {
    if (json.size() > kSettingsBytesMax) notFitting("", "the settings are larger than 1 MiB", "shorten them");
    auto trees = std::make_shared<Trees>();
    const auto read = parseJson(json, limits(), trees->settings);
    if (!read) {
        notFitting(read.error().where, "the settings are no JSON: " + read.error().code, "give one JSON object");
    }
    holdAgainst(json, schema);
    const auto read_schema = parseJson(schema, limits(), trees->schema);
    CASEWAY_CHECK(read_schema.ok());
    if ((*read)->type != JsonValue::Type::Object) notFitting("", "the settings are no object", "give one JSON object");
    SettingsTree settings;
    settings.value_ = *read;
    settings.schema_ = *read_schema;
    settings.trees_ = std::move(trees);
    return settings;
}

const JsonValue* SettingsTree::schemaOf(std::string_view name) const {
    const JsonValue* properties = schema_ != nullptr ? schema_->find("properties") : nullptr;
    return properties != nullptr ? properties->find(name) : nullptr;
}

const JsonValue* SettingsTree::find(std::string_view name) const {
    const JsonValue* value = value_ != nullptr ? value_->find(name) : nullptr;
    if (value != nullptr && value->type != JsonValue::Type::Null) return value;
    const JsonValue* schema = schemaOf(name);
    return schema != nullptr ? schema->find("default") : nullptr;
}

const JsonValue* SettingsTree::member(std::string_view name, JsonValue::Type type, const char* called) const {
    const JsonValue* value = find(name);
    if (value != nullptr && value->type != type) {
        notFitting(pointer(name), fmt::format("the value is not {}", called), "see the connector's README.md");
    }
    return value;
}

bool SettingsTree::has(std::string_view name) const {
    return find(name) != nullptr;
}

std::vector<std::string> SettingsTree::names() const {
    std::vector<std::string> names;
    for (std::uint32_t i = 0; value_ != nullptr && i < value_->count; ++i) names.emplace_back(value_->members[i].name);
    return names;
}

std::string SettingsTree::text(std::string_view name) const {
    const JsonValue* value = member(name, JsonValue::Type::String, "a text");
    return value != nullptr ? std::string(value->text) : std::string();
}

std::int64_t SettingsTree::number(std::string_view name) const {
    const JsonValue* value = member(name, JsonValue::Type::Number, "a number");
    if (value == nullptr) return 0;
    std::int64_t number = 0;
    const char* end = value->text.data() + value->text.size();
    const auto [at, error] = std::from_chars(value->text.data(), end, number);
    if (error != std::errc() || at != end) refuse(name, "the value is no whole number", "give a whole number");
    return number;
}

double SettingsTree::decimal(std::string_view name) const {
    const JsonValue* value = member(name, JsonValue::Type::Number, "a number");
    return value != nullptr ? std::strtod(std::string(value->text).c_str(), nullptr) : 0;
}

bool SettingsTree::flag(std::string_view name) const {
    const JsonValue* value = find(name);
    if (value == nullptr) return false;
    if (value->type != JsonValue::Type::True && value->type != JsonValue::Type::False)
        refuse(name, "the value is neither true nor false", "give true or false");
    return value->type == JsonValue::Type::True;
}

std::vector<std::string> SettingsTree::texts(std::string_view name) const {
    std::vector<std::string> texts;
    const JsonValue* list = member(name, JsonValue::Type::Array, "a list");
    for (std::uint32_t i = 0; list != nullptr && i < list->count; ++i) {
        if (list->items[i].type != JsonValue::Type::String) refuse(name, "the list has more than texts", "give texts");
        texts.emplace_back(list->items[i].text);
    }
    return texts;
}

SettingsTree SettingsTree::in(std::string_view name) const {
    SettingsTree inner = *this;
    inner.value_ = member(name, JsonValue::Type::Object, "an object");
    inner.schema_ = schemaOf(name);
    inner.pointer_ = pointer(name);
    return inner;
}

std::vector<SettingsTree> SettingsTree::objects(std::string_view name) const {
    std::vector<SettingsTree> objects;
    const JsonValue* list = member(name, JsonValue::Type::Array, "a list");
    const JsonValue* schema = schemaOf(name);
    for (std::uint32_t i = 0; list != nullptr && i < list->count; ++i) {
        SettingsTree inner = *this;
        inner.value_ = &list->items[i];
        inner.schema_ = schema != nullptr ? schema->find("items") : nullptr;
        inner.pointer_ = fmt::format("{}/{}", pointer(name), i);
        objects.push_back(std::move(inner));
    }
    return objects;
}

std::string SettingsTree::json(std::string_view name) const {
    const JsonValue* value = find(name);
    if (value == nullptr) return "null";
    std::string json;
    appendCanonical(*value, json, [](std::string_view literal, std::string& out) { out += literal; });
    return json;
}

std::string SettingsTree::pointer(std::string_view name) const {
    std::string pointer = pointer_;
    appendPointerToken(name, pointer);
    return pointer;
}

void SettingsTree::refuse(std::string_view name, const std::string& message, const std::string& next_step) const {
    notFitting(pointer(name), message, next_step);
}

}  // namespace caseway
