// gateway/cli/doctor_register.cpp - the systems, and what each needs to report.
#include "gateway/cli/doctor_checks.hpp"

#include <fmt/format.h>

#include "gateway/cli/register_client.hpp"
#include "gateway/daemon/mapping_folder.hpp"
#include "gateway/formats/register/department_rules.hpp"
#include "gateway/formats/text/near_word.hpp"
#include "gateway/ports/clock.hpp"
#include "gateway/register/connector_hold.hpp"

namespace caseway {
namespace {

/// What was begun and never went live exchanges nothing.
void checkDrafts(Diagnosis& diagnosis, const RegisterContent& content) {
    for (const auto& [id, entry] : content.systems)
        for (const auto& [name, connector] : entry.connectors)
            if (connector.versions.empty())
                diagnosis.warn(
                    connector.name.text() + (connector.tested.empty() ? ": a draft that was never tested, nothing runs"
                                                                      : ": tested and never activated, nothing runs"),
                    (connector.tested.empty() ? "caseway connector test " : "caseway connector activate ") +
                        connector.name.text());
}

std::string hintOfUnloaded(const SystemId& system, const std::string& name, const MappingsByName& mappings) {
    std::vector<std::string_view> known;
    for (const auto& [loaded, mapping] : mappings) known.push_back(loaded);
    const std::string_view meant = nearestWord(name, known);
    const std::string add = "caseway mapping add DIR; `caseway mapping check DIR` shows its mistakes";
    if (meant.empty()) return add;
    return fmt::format(
        "did you mean '{0}'? caseway system grant {1} --mapping {0}, then caseway system revoke-grant {1} --mapping "
        "{2}; "
        "else: {3}",
        meant, system.text(), name, add);
}

}  // namespace

void checkRegister(Diagnosis& diagnosis, const Settings& settings, const MappingsByName& mappings) {
    const RegisterContent content = readInstalledRegister(settings);
    if (content.systems.empty()) diagnosis.warn("no system is registered", "docs/operating/first-department.md");
    for (const auto& [name, department] : content.departments)
        if (department.suspended)
            diagnosis.warn("department " + name + ": suspended, nothing of its systems is taken",
                           "caseway department resume " + name);
    for (const auto& [id, entry] : content.systems) {
        if (entry.system.suspended)
            diagnosis.warn(id.text() + ": suspended, its messages are refused", "caseway system activate " + id.text());
        // One that has connectors signs nothing; where they stand is told of each.
        if (entry.certificates.empty() && entry.connectors.empty())
            diagnosis.bad(id.text() + ": neither a certificate nor a connector: nothing can come from it",
                          fmt::format("caseway cert add {0} FILE; where it is pulled from: caseway connector add "
                                      "{0}/NAME FILE",
                                      id.text()));
        for (const RegisteredCertificate& certificate : entry.certificates)
            if (certificate.revoked_at)
                diagnosis.warn(
                    fmt::format("{}: certificate {} was revoked at {}", id.text(), certificate.id.text().substr(0, 16),
                                toRfc3339(*certificate.revoked_at)),
                    fmt::format("caseway cert remove {} {}", id.text(), certificate.id.text().substr(0, 16)));
        for (const std::string& name : entry.system.mappings)
            if (!mappings.contains(name))
                diagnosis.bad(id.text() + ": mapping " + name + " is not loaded", hintOfUnloaded(id, name, mappings));
    }
    for (const Refusal& one : emptyGrants(content))
        diagnosis.warn(fmt::format("{}: the grant {} allows nothing: it is not {}", one.where, one.value, one.rule),
                       one.hint + "; to take it out: caseway system revoke-grant");
    checkForgeableKeys(diagnosis, content);
    checkExpiries(diagnosis, content, settings.expired_authorities == "refuse", SystemClock().now());
    checkDrafts(diagnosis, content);
    for (const auto& [name, why] : heldConnectorsOf(content))
        if (isHeldFromOutside(why)) diagnosis.bad(fmt::format("{} runs nothing: {}", name, why.rule), why.hint);
}

}  // namespace caseway
