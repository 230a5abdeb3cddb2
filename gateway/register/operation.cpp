// gateway/register/operation.cpp - operations to and from JSON.
#include "gateway/register/operation.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/base/mask.hpp"
#include "gateway/formats/json/document.hpp"

namespace caseway {
namespace {

using Type = JsonValue::Type;
constexpr std::size_t kOperationBytesMax = 32 * 1024 * 1024;

bool names(std::string_view members, std::string_view name) {
    while (!members.empty()) {
        const std::size_t end = std::min(members.find(' '), members.size());
        if (members.substr(0, end) == name) return true;
        members.remove_prefix(std::min(end + 1, members.size()));
    }
    return false;
}

/// True where it is true or false, and never a text that says so.
bool isTruth(const OperationKind& kind, const std::string& member) {
    return names(kind.optional, member + "?");
}

Refusal unknownMember(const OperationKind& kind, std::string_view name) {
    return {"member_unknown",
            std::string(name),
            {},
            fmt::format("{} takes: {} {}", kind.name, kind.required, kind.optional),
            "correct the member or its type: [] is a list of texts, ? true or false, {} an object, all else a text"};
}

std::optional<Refusal> takeMember(std::string_view name, const JsonValue& value, Operation& operation) {
    const OperationKind& kind = *operation.kind;
    const auto known = [&](const std::string& form) {
        return names(kind.required, form) || names(kind.optional, form);
    };
    const std::string member(name);
    if (name.find_first_of("[]{}?") != std::string_view::npos) return unknownMember(kind, name);  // marks of the table
    if (value.type == Type::Array && known(member + "[]")) {
        std::vector<std::string>& list = operation.lists[member];
        for (std::uint32_t i = 0; i < value.count; ++i) {
            if (value.items[i].type != Type::String) return unknownMember(kind, name);
            list.emplace_back(value.items[i].text);
        }
        return std::nullopt;
    }
    if (value.type == Type::Object && known(member + "{}")) {
        for (std::uint32_t i = 0; i < value.count; ++i) {
            if (value.members[i].value.type != Type::String) return unknownMember(kind, name);
            operation.files.emplace(value.members[i].name, value.members[i].value.text);
        }
        return std::nullopt;
    }
    if (isTruth(kind, member)) {
        if (value.type != Type::True && value.type != Type::False) return unknownMember(kind, name);
        if (value.type == Type::True) operation.texts[member] = "true";
        return std::nullopt;
    }
    if (value.type != Type::String || !known(member)) return unknownMember(kind, name);
    if (member == "plan" && value.text.empty())  // a condition that is empty is not the same as none
        return Refusal{
            "plan_changed", "plan", {}, "the plan of a dry run, or none", "give the `plan` of the answer to dry=true"};
    operation.texts[member] = std::string(value.text);
    return std::nullopt;
}

std::optional<Refusal> missingMember(const Operation& operation, const JsonValue& given) {
    std::string_view members = operation.kind->required;
    while (!members.empty()) {
        const std::size_t end = std::min(members.find(' '), members.size());
        const std::string name(members.substr(0, end));
        members.remove_prefix(std::min(end + 1, members.size()));
        // No files at all is a whole installation that is empty: it has to be said, not left away.
        const std::string member = name.substr(0, name.find('{'));
        if (member != name ? given.find(member) == nullptr : operation.text(name).empty())
            return Refusal{"member_missing",
                           member,
                           {},
                           fmt::format("{} needs it", operation.kind->name),
                           "give it; where a file was named, that file is empty; the command's --help has examples"};
    }
    return std::nullopt;
}

}  // namespace

const OperationKind* operationNamed(std::string_view name) {
    const auto* const found = std::find_if(kOperationKinds.begin(), kOperationKinds.end(),
                                           [&](const OperationKind& kind) { return kind.name == name; });
    return found == kOperationKinds.end() ? nullptr : found;
}

std::string Operation::text(const std::string& member) const {
    const auto found = texts.find(member);
    return found == texts.end() ? std::string() : found->second;
}

std::vector<std::string> Operation::list(const std::string& member) const {
    const auto found = lists.find(member);
    return found == lists.end() ? std::vector<std::string>() : found->second;
}

Result<Operation> Operation::read(std::string_view json) {
    if (json.size() > kOperationBytesMax)
        return Refusal{"too_large", "operation", {}, "at most 32 MiB", "apply fewer files at once"};
    JsonTree tree;
    const auto root = parseJson(json, JsonLimits{.depth = 8}, tree);
    if (!root) return root.error();
    const JsonValue* const name = (*root)->find("operation");
    Operation operation;
    if (name != nullptr && name->type == Type::String) operation.kind = operationNamed(name->text);
    if (operation.kind == nullptr)
        return Refusal{"operation_unknown", "operation",
                       name != nullptr && name->type == Type::String ? masked(name->text) : "",
                       "one of the operations of GET /admin/v1/openapi.json", "correct its name"};
    for (std::uint32_t i = 0; i < (*root)->count; ++i) {
        const auto& [member, value] = (*root)->members[i];
        if (member == "operation") continue;
        if (auto refusal = takeMember(member, value, operation)) return std::move(*refusal);
    }
    if (auto refusal = missingMember(operation, **root)) return std::move(*refusal);
    return operation;
}

std::string Operation::json() const {
    std::string out = "{\"operation\":";
    appendJsonString(kind->name, out);
    const auto name = [&out](const std::string& member) {
        out += ',';
        appendJsonString(member, out);
        out += ':';
    };
    for (const auto& [member, value] : texts) {
        name(member);
        if (isTruth(*kind, member))
            out += "true";
        else
            appendJsonString(value, out);
    }
    for (const auto& [member, values] : lists) {
        name(member);
        out += '[';
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (i != 0) out += ',';
            appendJsonString(values[i], out);
        }
        out += ']';
    }
    if (kind->required == "files{}") {
        name("files");
        char separator = '{';
        for (const auto& [path, bytes] : files) {
            out += separator;
            separator = ',';
            appendJsonString(path, out);
            out += ':';
            appendJsonString(bytes, out);
        }
        if (separator == '{') out += '{';
        out += '}';
    }
    return out + "}";
}

}  // namespace caseway
