// gateway/formats/register/department_rules.cpp - the rules of departments' names and codes.
#include "gateway/formats/register/department_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>

namespace caseway {
namespace {

constexpr std::size_t kNameCharactersMax = 60;
constexpr std::size_t kCodeCharacters = 18;

Refusal refused(const char* code, const char* where, std::string value, std::string rule, std::string hint) {
    return {code, where, std::move(value), std::move(rule), std::move(hint), {}};
}

}  // namespace

bool isShortName(std::string_view name) {
    return !name.empty() && name.size() <= kNameCharactersMax && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
}

bool isDepartmentCode(std::string_view code) {
    return code.size() == kCodeCharacters && std::all_of(code.begin(), code.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
           });
}

std::optional<Refusal> judgeDepartment(const RegisteredDepartment& department) {
    if (!isShortName(department.name))
        return refused("department_name_bad", "department", department.name, "a-z, 0-9, _ and -, at most 60 characters",
                       "choose a short name such as housing; the Chinese name goes to --name");
    if (department.name == "all")
        return refused("department_name_bad", "department", department.name, "`all` means every department",
                       "choose another short name");
    if (!isDepartmentCode(department.code))
        return refused("department_code_bad", "code", department.code, "18 characters, 0-9 and A-Z (统一社会信用代码)",
                       "copy it from the department's registration; it must equal dept_code in its records");
    return std::nullopt;
}

std::vector<Refusal> emptyGrants(const RegisterContent& content, const RegisteredSystem& system) {
    std::vector<Refusal> empty;
    const auto tell = [&](const char* list, const std::string& value, const char* rule, const char* hint) {
        Refusal refusal = refused("grant_name_bad", "", value, rule, hint);
        refusal.where = "systems/" + system.id.text() + "/system.yaml " + list;
        empty.push_back(std::move(refusal));
    };
    for (const std::string& name : system.may_read)
        if (name != "*" && !isShortName(name))
            tell("may_read", name, "the short name of one department, or *", "what there is: caseway department list");
    const auto is_code_of = [](const std::string& code) {
        return [&code](const auto& one) { return one.second.system.department_code == code; };
    };
    for (const std::string& code : system.on_behalf_of)
        if (!isDepartmentCode(code) && std::none_of(content.systems.begin(), content.systems.end(), is_code_of(code)))
            tell("on_behalf_of", code, "a department's code: 18 characters, 0-9 and A-Z (统一社会信用代码)",
                 "caseway department list shows the codes");
    return empty;
}

std::vector<Refusal> emptyGrants(const RegisterContent& content) {
    std::vector<Refusal> all;
    for (const auto& [id, entry] : content.systems)
        for (Refusal& one : emptyGrants(content, entry.system)) all.push_back(std::move(one));
    return all;
}

std::optional<Refusal> judgeDepartmentCodes(const RegisterContent& content) {
    std::map<std::string, std::string> holders;
    const auto take = [&holders](const std::string& code, const std::string& name,
                                 std::string file) -> std::optional<Refusal> {
        const auto [holder, is_new] = holders.emplace(code, name);
        if (is_new || holder->second == name) return std::nullopt;
        Refusal refusal =
            refused("department_known", "", code, "it is the code of " + holder->second + " and of " + name,
                    fmt::format("where they are one department, move the folders of its systems into systems/{}/; "
                                "else write the code of {} into this file",
                                holder->second, name));
        refusal.where = std::move(file);
        return refusal;
    };
    for (const auto& [name, department] : content.departments)
        if (auto refusal = take(department.code, name, "systems/" + name + "/department.yaml")) return refusal;
    for (const auto& [id, entry] : content.systems)
        if (auto refusal = take(entry.system.department_code, std::string(id.department()),
                                "systems/" + id.text() + "/system.yaml"))
            return refusal;
    return std::nullopt;
}

}  // namespace caseway
