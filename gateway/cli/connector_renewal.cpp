// gateway/cli/connector_renewal.cpp - `caseway connector renew`: after an upgrade of plug-ins, each connector that ran
// with the former ones is tested with those that are here, and activated where it was seen to work.
#include <fmt/format.h>

#include <iostream>

#include "gateway/cli/connector_commands.hpp"
#include "gateway/cli/connector_report.hpp"
#include "gateway/cli/refusal_text.hpp"
#include "gateway/cli/register_client.hpp"
#include "gateway/daemon/registrar.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/register/connector_standing.hpp"

namespace caseway {
namespace {

/// Those that run, or would, and differ from what is here by their type alone, or have none here that can be used:
/// neither a draft that waits nor another mapping goes live with them.
std::vector<std::string> connectorsToRenew(const Settings& settings) {
    const RegisterContent content = readInstalledRegister(settings);
    const ConnectorWorld world = worldOf(readTree(treeFoldersOf(settings)), installedConnectorTypes(settings));
    std::vector<std::string> names;
    for (const auto& [id, entry] : content.systems)
        for (const auto& [name, connector] : entry.connectors) {
            const std::vector<std::string> differs = standingOf(connector, world).differs;
            const bool is_type = differs.size() == 1 && (differs[0] == "type" || differs[0] == kTypeGone);
            if (is_type && !connector.suspended) names.push_back(connector.name.text());
        }
    return names;
}

/// Why it was not renewed, a code; empty: it was.
std::string renewed(const std::string& name, const Settings& settings) {
    const auto why = [](const Refusal& refusal) {
        forEachMistake(refusal, [](const Refusal& one) { sayError(lineOf(one), one.hint); });
        return refusal.code;
    };
    const auto tested = changeRegister(settings, operationOf("connector.test", {{"connector", name}}));
    if (!tested) return why(tested.error());
    if (!showTest(tested->json, false)) return "connector_not_tested";
    const auto active = changeRegister(settings, operationOf("connector.activate", {{"connector", name}}));
    if (!active) return why(active.error());
    for (const std::string& warning : active->warnings) say("warning: " + warning);
    return {};
}

void renew(CommandContext& context) {
    const Settings settings = context.settings();
    const std::vector<std::string> names = connectorsToRenew(settings);
    std::size_t count = 0;
    for (const std::string& name : names) {
        say("test " + name);
        const std::string code = renewed(name, settings);
        if (code.empty()) ++count;
        if (code.empty()) say("connector " + name + " is active again");
        if (!context.json) continue;
        std::string out = "{";
        appendMember("connector", name, out);
        if (!code.empty()) appendMember("code", code, out);
        std::cout << out << fmt::format(",\"renewed\":{}}}\n", code.empty());
    }
    if (names.empty()) return say("nothing to do: each active connector runs with the type that it was tested with");
    if (count < names.size()) context.exit_code = kRefused;
    say(fmt::format("{} of {} active again{}", count, names.size(),
                    count == names.size() ? "" : "; of the others tells: caseway connector test NAME"));
}

}  // namespace

void addConnectorRenewal(CLI::App& group, CommandContext& context) {
    CLI::App* const command = group.add_subcommand(
        "renew", "after an upgrade of plug-ins: test and activate again what ran with the former ones");
    addCommonOptions(*command, context, "  caseway connector renew");
    command->callback([&context] { renew(context); });
}

}  // namespace caseway
