// gateway/cli/doctor_connectors.cpp - what connectors may use, what runs them, how their runs stand.
#include "gateway/cli/doctor_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "gateway/adapters/files/real_path.hpp"
#include "gateway/adapters/files/secret_folder.hpp"
#include "gateway/adapters/net/ip_address.hpp"
#include "gateway/adapters/plugin/plugin_host.hpp"
#include "gateway/cli/register_client.hpp"
#include "gateway/daemon/clear_secrets.hpp"
#include "gateway/daemon/connector_types.hpp"
#include "gateway/daemon/data_folder_lock.hpp"
#include "gateway/daemon/live_connectors.hpp"
#include "gateway/daemon/lost_cases.hpp"
#include "gateway/daemon/opened_entries.hpp"
#include "gateway/daemon/plugin_access.hpp"
#include "gateway/daemon/run_findings.hpp"
#include "gateway/daemon/stored_installation.hpp"
#include "gateway/ports/clock.hpp"

namespace caseway {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kPatience{3};  ///< with a network share

}  // namespace

void checkConnectorAccess(Diagnosis& diagnosis, const Settings& settings) {
    const RegisterContent content = readInstalledRegister(settings);
    const auto knows = [&](const std::string& department) {
        return content.departments.contains(department) ||
               std::any_of(content.systems.begin(), content.systems.end(),
                           [&](const auto& one) { return one.first.department() == department; });
    };
    const auto check = [&](const char* key, const std::string& list) {
        const OpenedEntries entries = openedEntries(key, list);
        for (const OpenedEntry& entry : entries.all)
            if (entry.department != kAllDepartments && !knows(entry.department))
                diagnosis.warn(fmt::format("{}: no department {} is registered", key, entry.department),
                               "caseway department add " + entry.department + ", or correct the entry");
    };
    check("connectors.destinations", settings.connectors.destinations);
    check("connectors.folders", settings.connectors.folders);
    check("connectors.secret_variables", settings.connectors.secret_variables);
    for (const OpenedEntry& entry : openedEntries({}, settings.connectors.destinations).all)
        if (entry.text.find(':') == std::string::npos && !IpRange::parse(entry.text))
            diagnosis.warn("connectors.destinations: " + entry.text + " stands without a port",
                           "name the port too, such as " + entry.text +
                               ":443: whoever controls the name chooses the machine, and with it the service");
    const OpenedEntries folders = openedEntries({}, settings.connectors.folders);
    for (const OpenedEntry& entry : folders.all) {
        const auto real = realPathWithin(kPatience, entry.text);
        if (!real)
            diagnosis.bad(
                "connectors.folders: " + entry.text + " does not answer",
                "a network share whose server is away? Mount it anew, or take the entry out until it is back");
        else if (real->error || real->path / "" != fs::path(entry.text).lexically_normal() / "")
            diagnosis.warn("connectors.folders: " + entry.text + " is or leads through a link, and opens nothing",
                           "name the real path" + (real->error ? "" : ": " + real->path.string()));
    }
    for (const Refusal& notice : settings.notices)
        diagnosis.bad(
            fmt::format("{}{}{}: {}", notice.where, notice.value.empty() ? "" : " = ", notice.value, notice.rule),
            notice.hint);
    for (const ClearSecrets& one : secretsInClear(installedConnectorTypes(settings), content))
        diagnosis.warn(fmt::format("{}: a secret stands in clear at {}", one.connector, fmt::join(one.settings, ", ")),
                       nextStepOfClearSecrets(one.connector));
    for (const SecretId& id : SecretFolder(settings.data).ids())
        if (id.department.empty())
            diagnosis.bad("secret " + id.name + " has no department and is open to nobody",
                          "caseway secret bind DEPARTMENT/" + id.name);
        else if (id.department != kAllDepartments && !knows(id.department))
            diagnosis.warn(fmt::format("secret {}/{}: no such department is registered", id.department, id.name),
                           "the next one of that name could use it: caseway secret remove");
}

void checkPlugins(Diagnosis& diagnosis, const Settings& settings) {
    if (settings.plugins.folders.empty()) return;
    PluginSettings plugins = pluginSettingsOf(settings);
    plugins.event = [&](const PluginEvent& event) {
        diagnosis.bad(fmt::format("plug-in {}: {}: {}", event.plugin, event.event, event.detail), event.next_step);
    };
    const PluginHost host(plugins);  // looks at their folders, and tells
    const ConnectorTypes installed = installedConnectorTypes(settings);
    for (const Refusal& one : installed.mistakes())
        diagnosis.bad(fmt::format("plug-in {}: {}: {}", one.where, one.code, one.rule), one.hint);
    for (const auto& [name, one] : installed.all())
        if (!isCompiledIn(name)) diagnosis.good(fmt::format("plug-in {} {}", name, versionOf(*one.type)));
    const ProtectionReport report = protectionsOf(plugins, kernelProtections(), gatewayProcess(settings));
    for (const std::string& one : report.in_force) diagnosis.good("plug-ins: " + one);
    for (const std::string& one : report.missing) {
        const std::size_t colon = one.find(": ");
        diagnosis.warn("plug-ins: " + one.substr(0, colon), colon == std::string::npos ? "" : one.substr(colon + 2));
    }
    if (!report.may_run) diagnosis.bad("plug-ins are not started here", "docs/operating/plugins.md");
}

void checkRuns(Diagnosis& diagnosis, const Settings& settings) {
    StoredInstallation stored(settings);
    const RegisterContent content = readInstalledRegister(settings);
    const auto live = liveConnectorsOf(content, [&](const std::string& name, const Refusal& why) {
        diagnosis.bad(
            fmt::format("{} is live and runs only when it is asked: {} {}: {}", name, why.code, why.where, why.rule),
            why.hint);
    });
    for (const RunFinding& one : lostCases(stored.reader(), content)) diagnosis.bad(one.what, one.next_step);
    for (const Refusal& one : whyNotOpened(live, installedConnectorTypes(settings), settings))
        diagnosis.bad(fmt::format("{} is live and cannot run: {}: {}", one.where, one.code, one.rule), one.hint);
    for (const RunFinding& one :
         runFindings(stored.reader(), live, settings.sync.circuit, settings.report.files_wait, SystemClock().now()))
        diagnosis.warn(one.what, one.next_step);
}

}  // namespace caseway
