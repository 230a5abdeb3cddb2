// gateway/adapters/plugin/confinement.hpp - what a plug-in's process is kept from, made ready by the gateway and put on
// by the child before it becomes the plug-in: Landlock (files), seccomp (sockets, processes, signals, shared memory).
// Neither needs privileges; both outlive everything that the plug-in does.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace caseway {

/// What this machine offers.
struct KernelProtections {
    int landlock_abi = 0;  ///< 0: none
    bool seccomp = false;
};
KernelProtections kernelProtections();

/// What every plug-in may read, whatever its settings: interpreters, libraries, name look-up. Links are resolved.
std::vector<std::filesystem::path> systemPlaces();

struct ConfinementPlan {
    std::filesystem::path plugin_folder;              ///< may be read and run
    std::vector<std::filesystem::path> open_folders;  ///< may be read and written
    bool network = false;
};

/// Handles that the child puts on; closed with this.
class Confinement {
public:
    /// Throws ConnectorFault{Config, connector_folder_missing} for a folder that is not there, ConnectorFault{System,
    /// connector_unprotected} where the kernel refuses.
    explicit Confinement(const ConfinementPlan& plan);
    ~Confinement();
    Confinement(const Confinement&) = delete;
    Confinement& operator=(const Confinement&) = delete;

    /// Whether there is a descriptor to keep.
    bool hasRuleset() const noexcept { return ruleset_ >= 0; }
    /// Only system calls, for a child between fork and exec: moves what it needs to a descriptor from `least` on.
    bool moveAbove(int least) noexcept;
    /// Likewise, to `number`, whatever was there.
    bool moveTo(int number) noexcept;
    /// Likewise; false with errno set.
    bool putOn() const noexcept;

private:
    void allowFiles(const ConfinementPlan& plan);

    int ruleset_ = -1;            ///< of Landlock; -1: the kernel has none
    std::vector<char> filter_{};  ///< of seccomp: sock_filter, one after the other
};

}  // namespace caseway
