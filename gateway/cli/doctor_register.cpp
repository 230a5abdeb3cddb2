// gateway/cli/doctor_register.cpp - the systems, and what each needs to report.
#include "gateway/cli/doctor_checks.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/cli/register_client.hpp"
#include "gateway/daemon/connector_judge.hpp"
#include "gateway/daemon/mapping_folder.hpp"
#include "gateway/daemon/registrar.hpp"
#include "gateway/formats/register/department_rules.hpp"
#include "gateway/formats/text/near_word.hpp"
#include "gateway/ports/clock.hpp"
#include "gateway/register/connector_hold.hpp"
#include "gateway/register/connector_standing.hpp"
#include "gateway/register/shared_keys.hpp"

namespace caseway {
namespace {

/// What was begun and never went live exchanges nothing. Whether it was tested as it is now is asked as `connector
/// list` and `activate` ask: its mapping may have changed since.
void checkDrafts(Diagnosis& diagnosis, const RegisterContent& content, const ConnectorWorld& world) {
    for (const auto& [id, entry] : content.systems)
        for (const auto& [name, connector] : entry.connectors) {
            if (!connector.versions.empty()) continue;
            const bool is_tested = standingOf(connector, world).state == "tested";
            const char* const what = is_tested                  ? ": tested and never activated, nothing runs"
                                     : connector.tested.empty() ? ": a draft that was never tested, nothing runs"
                                                                : ": a draft that changed after its test, or its "
                                                                  "mapping or type did, nothing runs";
            diagnosis.warn(
                connector.name.text() + what,
                (is_tested ? "caseway connector activate " : "caseway connector test ") + connector.name.text());
        }
}

/// By one such file no export is written.
void checkHandwrittenSecrets(Diagnosis& diagnosis, const FileTree& tree, const ConnectorTypes& types) {
    for (const auto& [path, bytes] : tree) {
        if (path.ends_with('/') || !mayBearSecret(&types, path, bytes)) continue;
        diagnosis.bad(path + " may hold a secret in clear: nothing is exported, by caseway export",
                      "caseway connector set NAME FILE with {secret: \"store:NAME\"} in place of the secret, which is "
                      "to be changed at the other side; or install its type");
    }
}

/// What a system needs so that a message of it is taken. One that has connectors signs nothing; where they stand is
/// told of each.
void checkMeans(Diagnosis& diagnosis, const RegisteredEntry& entry) {
    const std::string id = entry.system.id.text();
    if (entry.certificates.empty() && entry.connectors.empty())
        diagnosis.bad(id + ": neither a certificate nor a connector: nothing can come from it",
                      fmt::format("caseway cert add {0} FILE; where it is pulled from: caseway connector add "
                                  "{0}/NAME FILE",
                                  id));
    if (!entry.certificates.empty() && entry.system.mappings.empty() && suspensionOf(entry.system).empty())
        diagnosis.warn(
            id + ": no mapping is granted: every message of it is refused",
            fmt::format("caseway system grant {} --mapping NAME; where it only reads, nothing is missing", id));
    const auto isRevoked = [](const RegisteredCertificate& one) { return one.revoked_at.has_value(); };
    const bool has_other = !std::all_of(entry.certificates.begin(), entry.certificates.end(), isRevoked);
    for (const RegisteredCertificate& certificate : entry.certificates) {
        if (!certificate.revoked_at) continue;
        const std::string key_id = certificate.id.text().substr(0, 16);
        const std::string what =
            fmt::format("{}: certificate {} was revoked at {}", id, key_id, toRfc3339(*certificate.revoked_at));
        if (has_other)
            diagnosis.warn(what, fmt::format("caseway cert remove {} {}", id, key_id));
        else
            diagnosis.bad(what + ", and it has no other: nothing that it sends is taken",
                          fmt::format("register a successor over a new key: caseway cert request --system {0} --key "
                                      "NEW.key, then caseway cert add {0} FILE",
                                      id));
    }
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
        checkMeans(diagnosis, entry);
        for (const std::string& name : entry.system.mappings)
            if (!mappings.contains(name))
                diagnosis.bad(id.text() + ": mapping " + name + " is not loaded", hintOfUnloaded(id, name, mappings));
    }
    for (const Refusal& one : emptyGrants(content))
        diagnosis.warn(fmt::format("{}: the grant {} allows nothing: it is not {}", one.where, one.value, one.rule),
                       one.hint + "; to take it out: caseway system revoke-grant");
    checkForgeableKeys(diagnosis, content);
    checkExpiries(diagnosis, content, settings.expired_authorities == "refuse", SystemClock().now());
    checkOwnAuthority(diagnosis, content, settings);
    for (const Refusal& one : sharedKeys(content))
        diagnosis.bad(fmt::format("{}: {}: {}", one.where, one.value, one.rule), one.hint);
    const FileTree tree = readTree(treeFoldersOf(settings));
    const ConnectorTypes types = installedConnectorTypes(settings);
    checkDrafts(diagnosis, content, worldOf(tree, types));
    checkHandwrittenSecrets(diagnosis, tree, types);
    for (const auto& [name, why] : heldConnectorsOf(content))
        if (isHeldFromOutside(why)) diagnosis.bad(fmt::format("{} runs nothing: {}", name, why.rule), why.hint);
}

}  // namespace caseway
