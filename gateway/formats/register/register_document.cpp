// gateway/formats/register/register_document.cpp - the register's YAML documents.
#include "gateway/formats/register/register_document.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <optional>

#include "gateway/base/mask.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/formats/text/encoding.hpp"
#include "gateway/formats/text/near_word.hpp"
#include "gateway/formats/yaml/yaml_tree.hpp"

namespace caseway {
namespace {

/// A mistake on its way out of the reader; becomes the Refusal.
struct Mistake {
    int line;
    std::string what;
    std::string hint;
    std::string value{};
};

std::string textOf(const std::string& key, const YamlNode& node) {
    if (node.kind != YamlNode::Kind::Text || node.text.empty())
        throw Mistake{node.line, fmt::format("{} must be a text", key), fmt::format("Write {}: \"…\"", key)};
    if (std::any_of(node.text.begin(), node.text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }))
        throw Mistake{node.line, fmt::format("{} must be on one line, without control characters", key),
                      "Take out line breaks, tabs and escapes"};
    return node.text;
}

std::vector<std::string> listOf(const std::string& key, const YamlNode& node) {
    if (node.kind != YamlNode::Kind::List)
        throw Mistake{node.line, fmt::format("{} must be a list", key), fmt::format("Write {}: [one, two]", key)};
    std::vector<std::string> values;
    for (const YamlNode& item : node.items) values.push_back(textOf(key, item));
    return values;
}

/// One of two words; true for the second.
bool choiceOf(const std::string& key, const YamlNode& node, const char* no, const char* yes) {
    const std::string text = textOf(key, node);
    if (text != no && text != yes)
        throw Mistake{node.line, fmt::format("{} must be {} or {}", key, yes, no),
                      fmt::format("Write {}: {}", key, yes), masked(text)};
    return text == yes;
}

/// What stands behind a colon that is none is not shown.
Mistake unknownKey(const YamlMember& member, const std::vector<std::string_view>& known) {
    const std::string_view seen = hintOfLookAlike(member.key);
    const std::string listed = fmt::format("Known: {}", fmt::join(known, ", "));
    return {member.line, fmt::format("unknown key \"{}\"", nameBeforeLookAlike(member.key)),
            !seen.empty() ? std::string(seen) : hintOfNearest(member.key, known, listed)};
}

void readSystemKey(const YamlMember& member, RegisteredSystem& system) {
    const std::string& key = member.key;
    const YamlNode& value = member.value;
    if (key == "department_code")
        system.department_code = textOf(key, value);
    else if (key == "department_name")
        system.department_name = textOf(key, value);
    else if (key == "mappings")
        system.mappings = listOf(key, value);
    else if (key == "on_behalf_of")
        system.on_behalf_of = listOf(key, value);
    else if (key == "may_read")
        system.may_read = listOf(key, value);
    else if (key == "auditor")
        system.auditor = choiceOf(key, value, "false", "true");
    else if (key == "state")
        system.suspended = choiceOf(key, value, "active", "suspended");
    else
        throw unknownKey(
            member, {"department_code", "department_name", "mappings", "on_behalf_of", "may_read", "auditor", "state"});
}

void readDepartmentKey(const YamlMember& member, RegisteredDepartment& department) {
    const std::string& key = member.key;
    const YamlNode& value = member.value;
    if (key == "code")
        department.code = textOf(key, value);
    else if (key == "name")
        department.title = textOf(key, value);
    else if (key == "state")
        department.suspended = choiceOf(key, value, "active", "suspended");
    else
        throw unknownKey(member, {"code", "name", "state"});
}

/// Every key of a document, each once.
template <class ReadKey>
std::optional<Refusal> readKeys(const std::string& file, std::string_view yaml, const char* least, ReadKey read_key) {
    const auto refusal = [&](int line, std::string what, std::string hint, std::string value = {}) {
        return Refusal{"register_not_good", line > 0 ? fmt::format("{}:{}", file, line) : file,
                       std::move(value),    std::move(what),
                       std::move(hint),     {}};
    };
    if (!isUtf8(yaml)) return refusal(0, "is not UTF-8", "Save it as UTF-8, not as ANSI or GBK");
    std::vector<YamlMistake> broken;
    const YamlFile read = readYaml(yaml, broken);
    if (!broken.empty()) return refusal(broken.front().line, broken.front().rule, broken.front().hint);
    const std::string_view seen = hintOfLookAlike(read.root.text);
    if (read.root.kind != YamlNode::Kind::Map)
        return refusal(std::max(read.root.line, 1), "must hold keys and values",
                       seen.empty() ? least : std::string(seen));
    try {
        for (const YamlMember& member : read.root.members) read_key(member);
    } catch (Mistake& mistake) {
        return refusal(mistake.line, std::move(mistake.what), std::move(mistake.hint), std::move(mistake.value));
    }
    return std::nullopt;
}

std::size_t lineStart(std::string_view text, std::size_t line) {
    std::size_t at = 0;
    for (; line > 0 && at < text.size(); --line) {
        const std::size_t end = text.find('\n', at);
        at = end == std::string_view::npos ? text.size() : end + 1;
    }
    return at;
}

/// Where the value of a key ends: comments and blank lines before the next key belong to that one.
std::size_t endOfValue(std::string_view text, std::size_t begin, std::size_t end) {
    while (end > begin) {
        const std::size_t before = text.rfind('\n', end - 2);
        const std::size_t start = before == std::string_view::npos || before < begin ? begin : before + 1;
        const std::string_view line = text.substr(start, end - start);
        const std::size_t first = line.find_first_not_of(" \t\r\n");
        if (start == begin || (first != std::string_view::npos && line[first] != '#')) return end;
        end = start;
    }
    return end;
}

Refusal resists(const std::string& file) {
    return {"register_not_good",
            file,
            {},
            "is written in a form that cannot be changed key by key",
            "Write each key on a line of its own, without { }",
            {}};
}

}  // namespace

Result<RegisteredSystem> readSystemDocument(const std::string& file, std::string_view yaml) {
    RegisteredSystem system;
    auto refusal = readKeys(file, yaml, "Write at least department_code and mappings",
                            [&](const YamlMember& member) { readSystemKey(member, system); });
    if (refusal) return std::move(*refusal);
    return system;
}

int lineOfValue(std::string_view yaml, std::string_view key, std::string_view value) {
    if (!isUtf8(yaml)) return 0;
    std::vector<YamlMistake> mistakes;  // whoever reads it says more
    const YamlFile read = readYaml(yaml, mistakes);
    const YamlNode* const found = read.root.find(key);
    if (found == nullptr) return 0;
    const auto is_it = [value](const YamlNode& node) {
        return node.kind == YamlNode::Kind::Text && node.text == value;
    };
    if (is_it(*found)) return found->line;
    const auto item = std::find_if(found->items.begin(), found->items.end(), is_it);
    return item == found->items.end() ? 0 : item->line;
}

Result<RegisteredDepartment> readDepartmentDocument(const std::string& file, std::string_view yaml) {
    RegisteredDepartment department;
    auto refusal = readKeys(file, yaml, "Write code and name",
                            [&](const YamlMember& member) { readDepartmentKey(member, department); });
    if (refusal) return std::move(*refusal);
    if (department.code.empty())
        return Refusal{"register_not_good",
                       file + ":1",
                       {},
                       "code is missing",
                       "Write code: \"…\", the department's 统一社会信用代码"};
    return department;
}

std::string yamlLine(std::string_view key, std::string_view value) {
    std::string line = std::string(key) + ": ";
    if (value == "true" || value == "false" || value == "active" || value == "suspended")
        line += value;
    else
        appendJsonString(value, line);
    return line + "\n";
}

std::string yamlLine(std::string_view key, const std::vector<std::string>& values) {
    std::string line = std::string(key) + ": [";
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (i != 0) line += ", ";
        appendJsonString(values[i], line);
    }
    return line + "]\n";
}

std::string withLine(std::string_view yaml, std::string_view key, std::string_view line) {
    std::string text(yaml);
    if (!text.empty() && text.back() != '\n') text += '\n';
    std::size_t begin = std::string::npos, end = text.size();
    const YAML::Node root = YAML::Load(text);
    for (const auto& member : root) {
        const std::size_t start = lineStart(text, static_cast<std::size_t>(member.first.Mark().line));
        if (member.first.Scalar() == key)
            begin = start;
        else if (begin != std::string::npos && start > begin)
            end = std::min(end, start);
    }
    if (begin == std::string::npos) return text + std::string(line);
    return text.replace(begin, endOfValue(text, begin, end) - begin, line);
}

Result<std::string> changedSystemDocument(const std::string& file, std::string_view yaml,
                                          const RegisteredSystem& wanted) {
    const auto former = readSystemDocument(file, yaml);
    if (!former) return former.error();
    std::string text(yaml);
    const auto list = [&](std::string_view key, const std::vector<std::string>& was,
                          const std::vector<std::string>& is) {
        if (was != is) text = withLine(text, key, yamlLine(key, is));
    };
    list("mappings", former->mappings, wanted.mappings);
    list("on_behalf_of", former->on_behalf_of, wanted.on_behalf_of);
    list("may_read", former->may_read, wanted.may_read);
    if (former->auditor != wanted.auditor)
        text = withLine(text, "auditor", yamlLine("auditor", wanted.auditor ? "true" : "false"));
    if (former->suspended != wanted.suspended)
        text = withLine(text, "state", yamlLine("state", wanted.suspended ? "suspended" : "active"));
    const auto read = readSystemDocument(file, text);
    if (read && read->department_code == former->department_code && read->mappings == wanted.mappings &&
        read->on_behalf_of == wanted.on_behalf_of && read->may_read == wanted.may_read &&
        read->auditor == wanted.auditor && read->suspended == wanted.suspended)
        return text;
    return resists(file);
}

Result<std::string> changedDepartmentDocument(const std::string& file, std::string_view yaml, bool suspended) {
    const auto former = readDepartmentDocument(file, yaml);
    if (!former) return former.error();
    if (former->suspended == suspended) return std::string(yaml);
    std::string text = withLine(yaml, "state", yamlLine("state", suspended ? "suspended" : "active"));
    const auto read = readDepartmentDocument(file, text);
    if (read && read->code == former->code && read->title == former->title && read->suspended == suspended) return text;
    return resists(file);
}

}  // namespace caseway
