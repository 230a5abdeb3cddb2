// gateway/adapters/plugin/protections.cpp - what is in force here, said to the administrator and held before a start.
#include <fmt/format.h>
#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "gateway/adapters/plugin/plugin_settings.hpp"

namespace caseway {
namespace {

/// Of setuid, setgid and kill: what starting and ending processes of another user takes.
bool maySwitchUser(pid_t process) {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, process};
    __user_cap_data_struct data[2] = {};
    if (::syscall(SYS_capget, &header, data) != 0) return false;
    constexpr std::uint32_t kNeeded = 1U << CAP_SETUID | 1U << CAP_SETGID | 1U << CAP_KILL;
    return (data[0].effective & kNeeded) == kNeeded;
}

/// The user of its own; nothing where plug-ins run as the gateway, or could not.
void reportUser(const PluginSettings& settings, std::optional<pid_t> gateway, ProtectionReport& report,
                bool& own_user) {
    if (settings.run_as.empty()) {
        report.missing.push_back(
            "no user of their own: set connectors.run_as to one that owns nothing, such as caseway-plugin");
        return;
    }
    try {
        findUser(settings.run_as);
    } catch (const ConnectorFault& fault) {
        report.missing.push_back(fault.parts().message + ": " + fault.parts().next_step);
        return;
    }
    own_user = !gateway || maySwitchUser(*gateway);
    if (!gateway)
        report.missing.push_back("whether the gateway may start processes as " + settings.run_as +
                                 " is told where it runs: start it, then caseway doctor");
    else if (own_user)
        report.in_force.push_back("own user " + settings.run_as + ", without capabilities");
    else
        report.missing.push_back("the gateway may not start processes as " + settings.run_as +
                                 ": AmbientCapabilities=CAP_SETUID CAP_SETGID CAP_KILL in its unit");
}

}  // namespace

ProtectionReport protectionsOf(const PluginSettings& settings, const KernelProtections& kernel,
                               std::optional<pid_t> gateway) {
    ProtectionReport report;
    bool own_user = false;
    reportUser(settings, gateway, report, own_user);
    if (kernel.landlock_abi > 0)
        report.in_force.push_back(fmt::format(
            "Landlock (ABI {}): sees its own folder, the system's libraries and the folders of its settings{}",
            kernel.landlock_abi, kernel.landlock_abi >= 6 ? "; signals nobody" : ""));
    else
        report.missing.push_back(
            "no Landlock, and plug-ins are not started without it: needs a kernel from 5.13 on, with lsm=landlock");
    if (kernel.seccomp)
        report.in_force.push_back(
            "seccomp: one process, no Unix sockets, no signals, no network unless its manifest says so");
    else
        report.missing.push_back("no seccomp: plug-ins are not started without it");
    report.in_force.push_back("no new privileges, empty environment, limits of memory, files and processor time");
    const bool same_user = settings.run_as.empty() && settings.same_user_allowed;
    if (settings.run_as.empty() && !settings.same_user_allowed)
        report.missing.push_back(
            "plug-ins are not started under the gateway's own user: set connectors.run_as; for "
            "development, connectors.same_user = allow");
    // a user of their own keeps them from the gateway, not from each other: they share it
    report.may_run = kernel.seccomp && kernel.landlock_abi > 0 && (own_user || same_user);
    return report;
}

}  // namespace caseway
