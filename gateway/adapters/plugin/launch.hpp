// gateway/adapters/plugin/launch.hpp - from a plan to a running process: descriptors, limits, user, protections, exec.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "gateway/adapters/plugin/confinement.hpp"
#include "gateway/adapters/plugin/manifest.hpp"

namespace caseway {

struct UnixUser {
    uid_t user = 0;
    gid_t group = 0;
};
/// Throws ConnectorFault{Config, connector_user_unknown}.
UnixUser findUser(const std::string& name);

struct LaunchPlan {
    std::vector<std::string> command;  ///< the program's absolute path first
    std::filesystem::path folder;      ///< where it starts
    std::optional<UnixUser> run_as;    ///< none: the gateway's own user
    PluginLimits limits;
    ConfinementPlan confinement;
};

/// What the gateway holds of the child; whoever has it closes the descriptors and reaps.
struct LaunchedChild {
    pid_t pid = -1;
    int handle = -1;     ///< pidfd
    int calls = -1;      ///< its descriptor 3
    int questions = -1;  ///< its descriptor 4
    int status = -1;     ///< its /proc/PID/status
    int output = -1;     ///< its descriptors 1 and 2, read end, non-blocking
};

/// Returns once the program runs. It dies with the thread that called this. Throws ConnectorFault{System,
/// connector_not_started} with the step that failed; Confinement's faults.
LaunchedChild launch(const LaunchPlan& plan);

}  // namespace caseway
