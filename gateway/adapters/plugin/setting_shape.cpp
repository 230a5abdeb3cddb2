// gateway/adapters/plugin/setting_shape.cpp - names and types at the top of the schema; its other words are the
// gateway's to hold.
#include "gateway/adapters/plugin/setting_shape.hpp"

#include "gateway/formats/json/document.hpp"
#include "gateway/formats/text/near_word.hpp"

namespace caseway {
namespace {

[[noreturn]] void bad(std::string_view member, const std::string& what, const std::string& next_step) {
    std::string where;
    if (!member.empty()) appendPointerToken(member, where);
    throw ConnectorFault(ConnectorFaultKind::Config, {"bad_setting", where, what, next_step});
}

/// Of the schema's type; one that we do not know is every value's.
bool hasType(const JsonValue& value, std::string_view type) {
    using Type = JsonValue::Type;
    if (type == "string") return value.type == Type::String;
    if (type == "number") return value.type == Type::Number;
    if (type == "integer")
        return value.type == Type::Number && value.text.find_first_of(".eE") == std::string_view::npos;
    if (type == "boolean") return value.type == Type::True || value.type == Type::False;
    if (type == "array") return value.type == Type::Array;
    if (type == "object") return value.type == Type::Object;
    return true;
}

}  // namespace

void requireSettingShape(const ConnectorSpec& spec, const std::string& settings) {
    JsonTree schema_tree, tree;
    const auto schema = parseJson(spec.settings_schema, JsonLimits{}, schema_tree);
    const auto given = parseJson(settings, JsonLimits{}, tree);
    if (!given || (*given)->type != JsonValue::Type::Object)
        bad("", "the settings are no JSON object", "write an object that fits the schema of " + spec.type);
    if (!schema) return;  // the manifest was read with it
    if (const JsonValue* required = (*schema)->find("required"))
        for (std::uint32_t i = 0; i < required->count && required->type == JsonValue::Type::Array; ++i)
            if ((*given)->find(required->items[i].text) == nullptr)
                bad(required->items[i].text, "this setting is missing", "add it");
    const JsonValue* more = (*schema)->find("additionalProperties");
    const JsonValue* properties = (*schema)->find("properties");
    if (properties == nullptr || properties->type != JsonValue::Type::Object) return;
    std::vector<std::string_view> names;
    for (std::uint32_t i = 0; i < properties->count; ++i) names.push_back(properties->members[i].name);
    for (std::uint32_t i = 0; i < (*given)->count; ++i) {
        const auto& [name, value] = (*given)->members[i];
        const JsonValue* property = properties->find(name);
        if (property == nullptr && more != nullptr && more->type == JsonValue::Type::False)
            bad(name, "no such setting", hintOfNearest(name, names, "remove it"));
        const JsonValue* type = property == nullptr ? nullptr : property->find("type");
        if (type != nullptr && !hasType(value, type->text))
            bad(name, "is not of the type " + std::string(type->text), "correct it");
    }
}

}  // namespace caseway
