// gateway/cli/connector_renewal.cpp - `caseway connector renew`: after an upgrade of plug-ins, each connector that ran
// with the former ones is tested with those that are here, and activated where it was seen to work.
#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <map>

#include "gateway/cli/connector_commands.hpp"
#include "gateway/cli/connector_report.hpp"
#include "gateway/cli/refusal_text.hpp"
#include "gateway/cli/register_client.hpp"
#include "gateway/daemon/registrar.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/register/connector_standing.hpp"

namespace caseway {
namespace {

/// Of those that run, or would, and have not the type here that they were tested with.
struct Renewal {
    std::vector<std::string> names{};       ///< that differ in nothing else: renewed
    std::map<std::string, Refusal> left{};  ///< with which a draft that waits or another mapping would go live
};

/// Nothing: its type is the one that it was tested with, or it does not run. `left` is filled where it is not renewed.
void judge(const RegisteredConnector& connector, const ConnectorWorld& world, Renewal& renewal) {
    if (connector.liveVersion() == nullptr || connector.suspended) return;
    const std::string name = connector.name.text();
    const std::vector<std::string> differs = standingOf(connector, world).differs;
    const auto is = [&](const char* what) { return std::find(differs.begin(), differs.end(), what) != differs.end(); };
    const auto candidate = candidateOf(connector, world);
    if (candidate && !is("type")) return;
    if (differs.size() == 1 && !is("document")) return renewal.names.push_back(name);
    const std::string next = fmt::format(
        "look at what waits: caseway connector show {0}; then caseway connector test {0}, and caseway "
        "connector activate {0}",
        name);
    if (!candidate) {
        renewal.left.emplace(name, candidate.error());
        return;
    }
    renewal.left.emplace(
        name, Refusal{"connector_type_changed",
                      name,
                      {},
                      fmt::format("its type is another one here, and so is its {}, which would go live with it",
                                  is("document") ? "draft" : "mapping"),
                      next,
                      {}});
}

Renewal connectorsToRenew(const Settings& settings) {
    const RegisterContent content = readInstalledRegister(settings);
    const ConnectorWorld world = worldOf(readTree(treeFoldersOf(settings)), installedConnectorTypes(settings));
    Renewal renewal;
    for (const auto& [id, entry] : content.systems)
        for (const auto& [name, connector] : entry.connectors) judge(connector, world, renewal);
    return renewal;
}

/// Why it was not renewed, a code; empty: it was.
std::string renewed(const std::string& name, const Settings& settings) {
    const auto why = [](const Refusal& refusal) {
        forEachMistake(refusal, [](const Refusal& one) { sayError(lineOf(one), one.hint); });
        return refusal.code;
    };
    const auto tested = changeRegister(settings, operationOf("connector.test", {{"connector", name}}));
    if (!tested) return why(tested.error());
    if (!showTest(tested->json, false, nextAfterTest(name))) return "connector_not_tested";
    // A test takes its time: what somebody else set and tested meanwhile does not go live with it.
    if (const Renewal now = connectorsToRenew(settings);
        std::find(now.names.begin(), now.names.end(), name) == now.names.end()) {
        const auto left = now.left.find(name);
        return left != now.left.end() ? why(left->second)
                                      : why({"connector_type_changed",
                                             name,
                                             {},
                                             "it was changed by somebody else while it was tested",
                                             "caseway connector show " + name,
                                             {}});
    }
    const auto active = changeRegister(settings, operationOf("connector.activate", {{"connector", name}}));
    if (!active) return why(active.error());
    for (const std::string& warning : active->warnings) say("warning: " + warning);
    return {};
}

void renew(CommandContext& context) {
    const Settings settings = context.settings();
    const Renewal renewal = connectorsToRenew(settings);
    std::size_t count = 0;
    const auto tell = [&](const std::string& name, const std::string& code) {
        if (!context.json) return;
        std::string out = "{";
        appendMember("connector", name, out);
        if (!code.empty()) appendMember("code", code, out);
        std::cout << out << fmt::format(",\"renewed\":{}}}\n", code.empty());
    };
    for (const std::string& name : renewal.names) {
        say("test " + name);
        const std::string code = renewed(name, settings);
        if (code.empty()) ++count;
        if (code.empty()) say("connector " + name + " is active again");
        tell(name, code);
    }
    for (const auto& [name, why] : renewal.left) {
        sayError(name + " is not renewed: " + lineOf(why), why.hint);
        tell(name, why.code);
    }
    const std::size_t all = renewal.names.size() + renewal.left.size();
    if (all == 0) return say("nothing to do: each active connector runs with the type that it was tested with");
    if (count < all) context.exit_code = kRefused;
    say(fmt::format("{} of {} active again{}", count, all,
                    count == all ? "" : "; of the others tells: caseway connector test NAME"));
}

}  // namespace

void addConnectorRenewal(CLI::App& group, CommandContext& context) {
    CLI::App* const command = group.add_subcommand(
        "renew", "after an upgrade of plug-ins: test and activate again what ran with the former ones");
    addCommonOptions(*command, context, "  caseway connector renew");
    command->callback([&context] { renew(context); });
}

}  // namespace caseway
