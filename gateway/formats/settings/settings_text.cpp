// gateway/formats/settings/settings_text.cpp - sample and table.
#include "gateway/formats/settings/settings_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/formats/json/document.hpp"

namespace caseway {
namespace {

using Kind = YamlNode::Kind;

void appendInline(const YamlNode& value, std::string& out) {
    switch (value.kind) {
        case Kind::Null:
            out += "null";
            break;
        case Kind::Text:
            if (value.quoted)
                appendJsonString(value.text, out);
            else
                out += value.text;
            break;
        case Kind::List:
            out += '[';
            for (std::size_t i = 0; i < value.items.size(); ++i) {
                if (i != 0) out += ", ";
                appendInline(value.items[i], out);
            }
            out += ']';
            break;
        case Kind::Map:
            out += '{';
            for (std::size_t i = 0; i < value.members.size(); ++i) {
                if (i != 0) out += ", ";
                appendJsonString(value.members[i].key, out);
                out += ": ";
                appendInline(value.members[i].value, out);
            }
            out += '}';
            break;
    }
}

std::string inlineOf(const YamlNode& value) {
    std::string out;
    appendInline(value, out);
    return out;
}

std::string valueFor(const SettingNode& node) {
    if (node.is_secret) return "{secret: \"store:NAME\"}";
    if (node.fallback) return inlineOf(*node.fallback);
    if (!node.examples.empty()) return inlineOf(node.examples.front());
    if (!node.choices.empty())
        return node.type == SettingType::Text ? '"' + node.choices.front() + '"' : node.choices.front();
    switch (node.type) {
        case SettingType::Integer:
        case SettingType::Number:
            return fmt::format("{}", node.minimum.value_or(1));
        case SettingType::Boolean:
            return "false";
        case SettingType::List:
            return "[]";
        case SettingType::Object:
            return "{}";
        default:
            return "\"\"";
    }
}

std::string formOf(const SettingNode& node) {
    if (node.is_secret) return "secret, by name";
    if (!node.choices.empty()) return fmt::format("{}", fmt::join(node.choices, ", "));
    std::string form(nameOf(node.type));
    if (node.minimum) form += fmt::format(" from {}", *node.minimum);
    if (node.maximum) form += fmt::format(" to {}", *node.maximum);
    return form;
}

std::string meaningOf(const SettingNode& node) {
    std::string text = node.title;
    if (!node.description.empty()) text += (text.empty() ? "" : ". ") + node.description;
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text;
}

bool isNeeded(const SettingNode& object, const SettingMember& member) {
    return std::count(object.required.begin(), object.required.end(), member.name) != 0 && !member.node.fallback;
}

void appendSample(const SettingNode& schema, const std::string& before, std::string& out) {
    for (const SettingMember& member : schema.members) {
        const std::string meaning = meaningOf(member.node);
        if (!meaning.empty()) out += before + "# " + meaning + "\n";
        const std::string start =
            before + (isNeeded(schema, member) || before.find('#') != std::string::npos ? "" : "# ");
        if (member.node.type == SettingType::Object && !member.node.members.empty()) {
            out += start + member.name + ":\n";
            appendSample(member.node, start + "  ", out);
        } else {
            out += start + member.name + ": " + valueFor(member.node) + "\n";
        }
    }
}

std::string cellOf(std::string text) {
    for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) text.insert(at, "\\");
    return text;
}

void appendRows(const SettingNode& schema, const std::string& prefix, std::string& out) {
    for (const SettingMember& member : schema.members) {
        const SettingNode& node = member.node;
        const std::string standard = isNeeded(schema, member) ? "needed"
                                     : node.fallback          ? '`' + inlineOf(*node.fallback) + '`'
                                                              : "";
        out += fmt::format("| `{}{}` | {} | {} | {} |\n", prefix, member.name, cellOf(formOf(node)), cellOf(standard),
                           cellOf(meaningOf(node)));
        appendRows(node, prefix + member.name + ".", out);
        if (node.type == SettingType::List && !node.items.empty())
            appendRows(node.items.front(), prefix + member.name + "[].", out);
    }
    for (const auto* const parts : {&schema.all_of, &schema.one_of})
        for (const SettingNode& part : *parts) appendRows(part, prefix, out);
}

}  // namespace

std::string settingsSample(const SettingNode& schema, int indent) {
    std::string out;
    appendSample(schema, std::string(static_cast<std::size_t>(indent), ' '), out);
    return out;
}

std::string settingsTable(const SettingNode& schema) {
    std::string out = "| setting | form | default | meaning |\n|---|---|---|---|\n";
    appendRows(schema, "", out);
    return out;
}

}  // namespace caseway
