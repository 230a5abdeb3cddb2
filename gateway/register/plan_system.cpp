// gateway/register/plan_system.cpp - departments and systems: added, removed, suspended, granted.
#include <fmt/format.h>

#include <algorithm>

#include "gateway/formats/register/department_rules.hpp"
#include "gateway/formats/register/register_document.hpp"
#include "gateway/register/near_registered.hpp"
#include "gateway/register/planner.hpp"

namespace caseway {
namespace {

constexpr std::size_t kTitleBytesMax = 300;  ///< 100 Chinese characters
constexpr std::string_view kLists[] = {"mappings", "on_behalf_of", "may_read"};

Refusal refused(std::string code, std::string where, std::string value, std::string rule, std::string hint) {
    return Refusal{std::move(code), std::move(where), std::move(value), std::move(rule), std::move(hint), {}};
}

bool isMappingName(std::string_view name) {
    return !name.empty() && name.size() <= 100 && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    });
}

bool isCodeOfSomebody(const RegisterContent& content, const std::string& code) {
    return std::any_of(content.departments.begin(), content.departments.end(),
                       [&](const auto& one) { return one.second.code == code; }) ||
           std::any_of(content.systems.begin(), content.systems.end(),
                       [&](const auto& one) { return one.second.system.department_code == code; });
}

bool isDepartment(const RegisterContent& content, const std::string& name) {
    return content.departments.contains(name) ||
           std::any_of(content.systems.begin(), content.systems.end(),
                       [&](const auto& one) { return one.first.department() == name; });
}

/// A grant of what cannot exist would be taken in silence and allow nothing.
Planned judgeGrants(Planner& planner) {
    const auto bad = [](const char* list, const std::string& value, const char* rule, std::string hint) {
        return refused("grant_name_bad", list, value, rule, std::move(hint));
    };
    for (const std::string& name : planner.operation.list("mappings"))
        if (!isMappingName(name))
            return bad("mappings", name, "the name of one mapping: a-z, 0-9, `.`, `_` and `-`",
                       "several: --mapping ONE --mapping OTHER; what there is: caseway mapping list");
    for (const std::string& name : planner.operation.list("may_read")) {
        if (name != "*" && !isShortName(name))
            return bad("may_read", name, "the short name of one department, or *",
                       "several: --may-read ONE --may-read OTHER; what there is: caseway department list");
        if (name != "*" && !isDepartment(planner.content, name))
            planner.warn("no department " + name + " is registered yet: " +
                         hintOfNearestDepartment(planner.content, name, "caseway department list"));
    }
    for (const std::string& code : planner.operation.list("on_behalf_of")) {
        const auto named = planner.content.departments.find(code);
        if (named != planner.content.departments.end())
            return bad("on_behalf_of", code, "a department's code, not its name",
                       "the code of " + code + " is " + named->second.code);
        if (isCodeOfSomebody(planner.content, code)) continue;
        if (!isDepartmentCode(code))
            return bad("on_behalf_of", code, "a department's code: 18 characters, 0-9 and A-Z (统一社会信用代码)",
                       "caseway department list shows the codes");
        planner.warn("no department with the code " + code + " is registered yet: caseway department list");
    }
    return std::nullopt;
}

std::string fileOf(const SystemId& id) {
    return "systems/" + id.text() + "/system.yaml";
}

std::vector<std::string>& listIn(RegisteredSystem& system, std::string_view name) {
    if (name == "mappings") return system.mappings;
    return name == "on_behalf_of" ? system.on_behalf_of : system.may_read;
}

/// A name that people read, in lists and reports.
Planned judgeTitle(const std::string& title) {
    const bool is_blank = !title.empty() && title.find_first_not_of(" \t\r\n") == std::string::npos;
    if (!is_blank && title.size() <= kTitleBytesMax) return std::nullopt;
    return refused("department_name_bad", "name", is_blank ? "" : fmt::format("{} bytes", title.size()),
                   fmt::format("a name that people read, at most {} bytes", kTitleBytesMax),
                   "such as --name 住房和城乡建设局; without --name it goes by its short name");
}

Planned addDepartment(Planner& planner) {
    const std::string name = planner.operation.text("department"), code = planner.operation.text("code");
    if (auto refusal = judgeDepartment({name, code, {}})) return refusal;
    if (auto refusal = judgeTitle(planner.operation.text("name"))) return refusal;
    const auto known = planner.content.departments.find(name);
    if (known != planner.content.departments.end()) {
        if (known->second.code == code && known->second.title == planner.operation.text("name")) return std::nullopt;
        const bool is_other_code = known->second.code != code;
        return refused("department_known", "department", name,
                       fmt::format("it is registered already, with {}",
                                   is_other_code ? "the code " + known->second.code : "another name"),
                       fmt::format("another department takes another short name; to correct this one: caseway export "
                                   "DIR, edit DIR/systems/{}/department.yaml, caseway apply DIR",
                                   name));
    }
    for (const auto& [other, department] : planner.content.departments)
        if (department.code == code)
            return refused("department_known", "code", code, "it is the code of " + other,
                           fmt::format("it is there: its systems are added by caseway system add {}/SYSTEM; a "
                                       "department of its own has a code of its own: correct --code",
                                       other));
    planner.after["systems/" + name + "/department.yaml"] =
        yamlLine("code", code) + yamlLine("name", planner.operation.text("name"));
    return std::nullopt;
}

Planned suspendDepartment(Planner& planner, bool suspended) {
    const std::string name = planner.operation.text("department");
    if (!planner.content.departments.contains(name)) {
        Refusal refusal = unknownDepartment(planner.content, name);
        if (isDepartment(planner.content, name))  // only its systems name it
            refusal.hint = fmt::format("caseway department add {} --code CODE --name NAME gives it a document", name);
        return refusal;
    }
    const std::string file = "systems/" + name + "/department.yaml";
    auto yaml = changedDepartmentDocument(file, planner.after.at(file), suspended);
    if (!yaml) return yaml.error();
    planner.after[file] = std::move(*yaml);
    for (const auto& [id, entry] : planner.content.systems)
        if (!suspended && id.department() == name && entry.system.suspended)
            planner.warn(id.text() + " is suspended by itself and stays so: caseway system activate " + id.text());
    return std::nullopt;
}

Planned removeDepartment(Planner& planner) {
    const std::string name = planner.operation.text("department");
    if (!planner.content.departments.contains(name)) return unknownDepartment(planner.content, name);
    for (const auto& [id, entry] : planner.content.systems)
        if (id.department() == name)
            return refused("department_has_systems", "department", name, "it has the system " + id.text(),
                           "caseway system suspend, then caseway system remove, for each of its systems first");
    // A grant by name would be the next one's of that name.
    for (const auto& [id, entry] : planner.content.systems) {
        const auto& readable = entry.system.may_read;
        if (std::find(readable.begin(), readable.end(), name) != readable.end())
            return refused(
                "department_granted", "department", name, id.text() + " may read it",
                fmt::format("caseway system revoke-grant {} --may-read {}, then remove it", id.text(), name));
    }
    planner.after.erase("systems/" + name + "/department.yaml");
    return std::nullopt;
}

Planned addSystem(Planner& planner) {
    const auto id = SystemId::parse(planner.operation.text("system"));
    if (!id)
        return refused("system_name_bad", "system", planner.operation.text("system"),
                       "DEPARTMENT/SYSTEM, each of a-z, 0-9, _ and -", "such as housing/permits");
    const std::string department(id->department());
    if (!planner.content.departments.contains(department)) {
        const std::string near = hintOfNearestDepartment(planner.content, department, "");
        return refused("department_unknown", "department", department, "a registered department",
                       fmt::format("{}{}caseway department add {} --code CODE --name NAME", near,
                                   near.empty() ? "" : " else: ", department));
    }
    if (planner.content.systems.contains(*id))
        return refused("system_known", "system", id->text(), "it is registered already",
                       "caseway system show, grant, revoke-grant; caseway cert add");
    if (auto refusal = judgeGrants(planner)) return refusal;
    std::string yaml;
    for (const std::string_view name : kLists) {
        std::vector<std::string> values;  // each once, in the order that they were named
        for (const std::string& value : planner.operation.list(std::string(name)))
            if (std::find(values.begin(), values.end(), value) == values.end()) values.push_back(value);
        if (!values.empty() || name == "mappings") yaml += yamlLine(name, values);
    }
    if (!planner.operation.text("auditor").empty()) yaml += yamlLine("auditor", "true");
    planner.after[fileOf(*id)] = yaml;
    if (planner.operation.list("mappings").empty())
        planner.warn("no mapping yet: its messages are refused until `caseway system grant --mapping NAME`");
    const std::string certificate = planner.operation.text("certificate");
    if (!certificate.empty()) return putCertificate(planner, *id, certificate);
    planner.warn("no certificate yet: `caseway cert add " + id->text() + " FILE`");
    return std::nullopt;
}

Planned removeSystem(Planner& planner, const RegisteredEntry& entry) {
    if (!entry.system.suspended)
        return refused("system_not_suspended", "system", entry.system.id.text(), "only a suspended system is removed",
                       "caseway system suspend " + entry.system.id.text() + ", and see that nobody misses it");
    std::string live;
    for (const auto& [short_name, connector] : entry.connectors)
        if (connector.live != 0)
            live += (live.empty() ? "" : ", ") + connector.name.text();
        else
            planner.warn("the draft of the connector " + connector.name.text() + " goes with it");
    if (!live.empty())
        return refused("system_has_connectors", "system", entry.system.id.text(),
                       "a system goes behind its connectors: " + live,
                       "caseway connector suspend NAME, then caseway connector remove NAME, for each");
    const std::string folder = "systems/" + entry.system.id.text() + "/";
    std::erase_if(planner.after, [&](const auto& file) { return file.first.starts_with(folder); });
    return std::nullopt;
}

/// The system's document says `wanted` from now on.
Planned rewrite(Planner& planner, const RegisteredSystem& wanted) {
    const std::string file = fileOf(wanted.id);
    auto yaml = changedSystemDocument(file, planner.after.at(file), wanted);
    if (!yaml) return yaml.error();
    planner.after[file] = std::move(*yaml);
    return std::nullopt;
}

Planned changeGrants(Planner& planner, const RegisteredEntry& entry, bool add) {
    if (add)
        if (auto refusal = judgeGrants(planner)) return refusal;
    RegisteredSystem system = entry.system;
    bool is_any = false;
    for (const std::string_view name : kLists) {
        std::vector<std::string>& values = listIn(system, name);
        for (const std::string& value : planner.operation.list(std::string(name))) {
            is_any = true;
            const auto at = std::find(values.begin(), values.end(), value);
            if (add && at == values.end()) values.push_back(value);
            if (!add && at == values.end())
                return refused("grant_unknown", std::string(name), value, "a grant that the system has",
                               "caseway system show " + entry.system.id.text());
            if (!add) values.erase(at);
        }
    }
    if (!planner.operation.text("auditor").empty()) {
        is_any = true;
        system.auditor = add;
    }
    if (is_any) return rewrite(planner, system);
    return refused("member_missing", "grant", "", "--mapping, --on-behalf-of, --may-read or --auditor",
                   "name what is granted");
}

}  // namespace

Planned planDepartment(Planner& planner) {
    planner.change.subject = planner.operation.text("department");
    const std::string_view name = planner.operation.kind->name;
    if (name == "department.add") return addDepartment(planner);
    if (name == "department.remove") return removeDepartment(planner);
    return suspendDepartment(planner, name == "department.suspend");
}

Result<const RegisteredEntry*> systemOf(const Planner& planner) {
    const std::string name = planner.operation.text("system");
    const auto id = SystemId::parse(name);
    const auto found = id ? planner.content.systems.find(*id) : planner.content.systems.end();
    if (found == planner.content.systems.end())
        return refused("system_unknown", "system", name, "a registered system, DEPARTMENT/SYSTEM",
                       hintOfNearestSystem(planner.content, name, "caseway system list; caseway system add " + name));
    return &found->second;
}

Planned planSystem(Planner& planner) {
    planner.change.subject = planner.operation.text("system");
    const std::string_view name = planner.operation.kind->name;
    if (name == "system.add") return addSystem(planner);
    const auto entry = systemOf(planner);
    if (!entry) return entry.error();
    if (name == "system.remove") return removeSystem(planner, **entry);
    if (name == "system.grant" || name == "system.revoke_grant")
        return changeGrants(planner, **entry, name == "system.grant");
    RegisteredSystem system = (*entry)->system;
    system.suspended = name == "system.suspend";
    return rewrite(planner, system);
}

}  // namespace caseway
