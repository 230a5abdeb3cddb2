// gateway/daemon/plugin_access.cpp - configuration and operating log meet the host of plug-ins.
#include "gateway/daemon/plugin_access.hpp"

#include <Poco/StringTokenizer.h>
#include <fmt/format.h>

#include "gateway/daemon/operating_log.hpp"

namespace caseway {

PluginSettings pluginSettingsOf(const Settings& settings) {
    PluginSettings plugins;
    const Poco::StringTokenizer folders(settings.plugins.folders, ",",
                                        Poco::StringTokenizer::TOK_TRIM | Poco::StringTokenizer::TOK_IGNORE_EMPTY);
    for (const std::string& folder : folders)
        plugins.folders.push_back(std::filesystem::absolute(settings.path(folder)).lexically_normal());
    plugins.run_as = settings.plugins.run_as;
    plugins.same_user_allowed = settings.plugins.same_user == "allow";
    plugins.data = std::filesystem::absolute(settings.data);
    plugins.event = [](const PluginEvent& event) {
        logWarning("plugin", {{"code", event.event},
                              {"plugin", event.plugin},
                              {"detail", event.detail},
                              {"hint", event.next_step},
                              {"printed", event.printed}});
    };
    return plugins;
}

void logPluginProtections(const Settings& settings) {
    if (settings.plugins.folders.empty()) return;
    const ProtectionReport report = protectionsOf(pluginSettingsOf(settings));
    logInformation("plugin_protections", {{"may_run", report.may_run ? "yes" : "no"},
                                          {"in_force", fmt::format("{}", fmt::join(report.in_force, "; "))},
                                          {"missing", fmt::format("{}", fmt::join(report.missing, "; "))}});
}

}  // namespace caseway
