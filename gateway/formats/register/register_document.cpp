// gateway/formats/register/register_document.cpp - the register's YAML documents.
#include "gateway/formats/register/register_document.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <optional>
#include <sstream>

#include "gateway/formats/json/document.hpp"
#include "gateway/formats/text/encoding.hpp"

namespace caseway {
namespace {

/// A mistake on its way out of the reader; becomes the Refusal.
struct Mistake {
    int line;
    std::string what;
    std::string hint;
};

std::string textOf(const std::string& key, const YAML::Node& node) {
    if (!node.IsScalar() || node.Scalar().empty())
        throw Mistake{node.Mark().line + 1, fmt::format("{} must be a text", key), fmt::format("Write {}: \"…\"", key)};
    const std::string& text = node.Scalar();
    if (std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }))
        throw Mistake{node.Mark().line + 1, fmt::format("{} must be on one line, without control characters", key),
                      "Take out line breaks, tabs and escapes"};
    return text;
}

std::vector<std::string> listOf(const std::string& key, const YAML::Node& node) {
    if (!node.IsSequence())
        throw Mistake{node.Mark().line + 1, fmt::format("{} must be a list", key),
                      fmt::format("Write {}: [one, two]", key)};
    std::vector<std::string> values;
    for (const YAML::Node& item : node) values.push_back(textOf(key, item));
    return values;
}

/// One of two words; true for the second.
bool choiceOf(const std::string& key, const YAML::Node& node, const char* no, const char* yes) {
    const std::string text = textOf(key, node);
    if (text != no && text != yes)
        throw Mistake{node.Mark().line + 1, fmt::format("{} must be {} or {}", key, yes, no),
                      fmt::format("Write {}: {}", key, yes)};
    return text == yes;
}

void readSystemKey(const std::string& key, const YAML::Node& key_node, const YAML::Node& value,
                   RegisteredSystem& system) {
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
        throw Mistake{key_node.Mark().line + 1, fmt::format("unknown key \"{}\"", key),
                      "Known: department_code, department_name, mappings, on_behalf_of, may_read, auditor, state"};
}

void readDepartmentKey(const std::string& key, const YAML::Node& key_node, const YAML::Node& value,
                       RegisteredDepartment& department) {
    if (key == "code")
        department.code = textOf(key, value);
    else if (key == "name")
        department.title = textOf(key, value);
    else if (key == "state")
        department.suspended = choiceOf(key, value, "active", "suspended");
    else
        throw Mistake{key_node.Mark().line + 1, fmt::format("unknown key \"{}\"", key), "Known: code, name, state"};
}

/// Hears a document and keeps nothing of it.
class Passing final : public YAML::EventHandler {
public:
    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
    void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
    void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string&) override {}
    void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
    void OnSequenceEnd() override {}
    void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
    void OnMapEnd() override {}
};

/// Not by YAML::LoadAll, which never ends on some broken texts. What stands in a second document would be passed over.
bool isOneDocument(std::string_view yaml) {
    std::istringstream stream{std::string(yaml)};
    YAML::Parser parser(stream);
    Passing passing;
    return !parser.HandleNextDocument(passing) || !parser.HandleNextDocument(passing);
}

/// Every key of a document, each once.
template <class ReadKey>
std::optional<Refusal> readKeys(const std::string& file, std::string_view yaml, const char* least, ReadKey read_key) {
    const auto refusal = [&](int line, std::string what, std::string hint) {
        return Refusal{"register_not_good",
                       line > 0 ? fmt::format("{}:{}", file, line) : file,
                       {},
                       std::move(what),
                       std::move(hint)};
    };
    try {
        if (!isUtf8(yaml)) return refusal(0, "is not UTF-8", "Save it as UTF-8, not as ANSI or GBK");
        if (!isOneDocument(yaml)) return refusal(1, "must be one document", "Take out lines such as --- and %");
        const YAML::Node root = YAML::Load(std::string(yaml));
        if (!root.IsMap()) return refusal(1, "must hold keys and values", least);
        std::vector<std::string> seen;
        for (const auto& member : root) {
            const std::string key = textOf("a key", member.first);
            if (std::find(seen.begin(), seen.end(), key) != seen.end())
                return refusal(member.first.Mark().line + 1, fmt::format("\"{}\" stands twice", key),
                               "Keep one of them");
            seen.push_back(key);
            read_key(key, member.first, member.second);
        }
    } catch (const Mistake& mistake) {
        return refusal(mistake.line, mistake.what, mistake.hint);
    } catch (const YAML::Exception& error) {
        return refusal(error.mark.line + 1, error.msg, "Correct the YAML");
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
                            [&](const std::string& key, const YAML::Node& key_node, const YAML::Node& value) {
                                readSystemKey(key, key_node, value, system);
                            });
    if (refusal) return std::move(*refusal);
    return system;
}

int lineOfValue(std::string_view yaml, std::string_view key, std::string_view value) {
    try {
        if (!isUtf8(yaml) || !isOneDocument(yaml)) return 0;
        const YAML::Node root = YAML::Load(std::string(yaml));
        const YAML::Node found = root.IsMap() ? root[std::string(key)] : YAML::Node();
        const auto is_it = [value](const YAML::Node& node) { return node.IsScalar() && node.Scalar() == value; };
        if (!found) return 0;
        if (is_it(found)) return found.Mark().line + 1;
        if (found.IsSequence())
            for (const YAML::Node& item : found)
                if (is_it(item)) return item.Mark().line + 1;
    } catch (const YAML::Exception&) {  // whoever reads it says more
    }
    return 0;
}

Result<RegisteredDepartment> readDepartmentDocument(const std::string& file, std::string_view yaml) {
    RegisteredDepartment department;
    auto refusal = readKeys(file, yaml, "Write code and name",
                            [&](const std::string& key, const YAML::Node& key_node, const YAML::Node& value) {
                                readDepartmentKey(key, key_node, value, department);
                            });
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
