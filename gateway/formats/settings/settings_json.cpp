// gateway/formats/settings/settings_json.cpp - settings that fit, as the connector takes them.
#include <algorithm>

#include "gateway/formats/json/document.hpp"
#include "gateway/formats/settings/check_settings.hpp"
#include "gateway/formats/settings/scalar_form.hpp"

namespace caseway {
namespace {

using Kind = YamlNode::Kind;
using Bad = std::optional<Refusal>;

/// The schema of one member, wherever it stands: a member of the object, of all its parts, or of any alternative.
const SettingNode* memberOf(const SettingNode& schema, std::string_view name) {
    if (const SettingNode* const found = schema.find(name)) return found;
    for (const auto* const parts : {&schema.all_of, &schema.one_of})
        for (const SettingNode& part : *parts)
            if (const SettingNode* const found = memberOf(part, name)) return found;
    return schema.type == SettingType::Object && !schema.items.empty() ? &schema.items.front() : nullptr;
}

class Writing {
public:
    explicit Writing(const SecretLookup& lookup) : lookup_(lookup) {}
    Bad write(const SettingNode& schema, const YamlNode& value);
    std::string take() { return std::move(out_); }

private:
    Bad writeObject(const SettingNode& schema, const YamlNode& value);
    Bad writeMember(const SettingNode& schema, std::string_view name, const YamlNode& value);
    void writeScalar(SettingType type, const YamlNode& value);

    const SecretLookup& lookup_;
    std::string out_;
};

void Writing::writeScalar(SettingType type, const YamlNode& value) {
    const bool is_word = value.text == "true" || value.text == "false";
    const bool is_plain = type == SettingType::Integer || type == SettingType::Number || type == SettingType::Boolean ||
                          (type == SettingType::Any && !value.quoted && (is_word || isJsonNumber(value.text)));
    if (is_plain)
        out_ += value.text;
    else
        appendJsonString(value.text, out_);
}

Bad Writing::writeMember(const SettingNode& schema, std::string_view name, const YamlNode& value) {
    if (out_.back() != '{') out_ += ',';
    appendJsonString(name, out_);
    out_ += ':';
    return write(schema, value);
}

Bad Writing::writeObject(const SettingNode& schema, const YamlNode& value) {
    static const SettingNode kAny;
    out_ += '{';
    for (const YamlMember& member : value.members) {
        const SettingNode* const known = memberOf(schema, member.key);
        if (auto refusal = writeMember(known != nullptr ? *known : kAny, member.key, member.value)) return refusal;
    }
    for (const SettingMember& member : schema.members)
        if (member.node.fallback && value.find(member.name) == nullptr)
            if (auto refusal = writeMember(member.node, member.name, *member.node.fallback)) return refusal;
    out_ += '}';
    return std::nullopt;
}

Bad Writing::write(const SettingNode& schema, const YamlNode& value) {
    if (schema.is_secret) {
        const YamlNode* const named = value.find("secret");
        const auto reference = named != nullptr ? SecretReference::parse(named->text) : std::nullopt;
        if (!reference)
            return Refusal{"secret_literal",
                           "settings",
                           {},
                           "a secret stands elsewhere",
                           "caseway secret set DEPARTMENT/NAME",
                           {}};
        auto secret = lookup_(*reference);
        if (!secret) return std::move(secret).error();
        appendJsonString(*secret, out_);
        return std::nullopt;
    }
    switch (value.kind) {
        case Kind::Null:
            out_ += schema.type == SettingType::Object ? "{}" : "null";
            break;
        case Kind::Text:
            writeScalar(schema.type, value);
            break;
        case Kind::List: {
            static const SettingNode kAny;
            out_ += '[';
            for (const YamlNode& item : value.items) {
                if (out_.back() != '[') out_ += ',';
                const bool is_typed = schema.type == SettingType::List && !schema.items.empty();
                if (auto refusal = write(is_typed ? schema.items.front() : kAny, item)) return refusal;
            }
            out_ += ']';
            break;
        }
        case Kind::Map:
            return writeObject(schema, value);
    }
    return std::nullopt;
}

}  // namespace

Result<std::string> settingsJson(const SettingNode& schema, const YamlNode& settings, const SecretLookup& lookup) {
    YamlNode object = settings;
    if (object.kind == Kind::Null) object.kind = Kind::Map;
    Writing writing(lookup);
    if (auto refusal = writing.write(schema, object)) return std::move(*refusal);
    return writing.take();
}

}  // namespace caseway
