// gateway/adapters/plugin/host_state.cpp - starting, and resting after failures.
#include "gateway/adapters/plugin/host_state.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "gateway/adapters/plugin/folder_check.hpp"

namespace caseway {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kRememberedMax = 4096;
constexpr const char* kPython = "/usr/bin/python3";
constexpr const char* kNode = "/usr/bin/node";

std::vector<std::string> commandOf(const PluginManifest& manifest) {
    const std::string main = (manifest.folder / manifest.main).string();
    switch (manifest.language) {
        case PluginLanguage::Python:  // no user's packages, no PYTHON* variables, no .pyc, old or new
            return {kPython, "-s", "-E", "-B", "-X", "pycache_prefix=/nonexistent", main};
        case PluginLanguage::Node:  // the collector must know the limit before the system does
            return {kNode, fmt::format("--max-old-space-size={}", manifest.limits.memory_mib / 2), main};
        case PluginLanguage::Executable:
            break;
    }
    return {main};
}

bool isBelow(const fs::path& path, const fs::path& folder) {
    return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first == folder.end();
}

/// The data folder must not lie in what a plug-in may see.
void requireDataApart(const fs::path& data, const fs::path& seen) {
    if (!data.empty() && isBelow(data, seen))
        throw ConnectorFault(
            ConnectorFaultKind::Config,
            {"folder_not_allowed", seen.string(), "the gateway's data folder lies in it",
             "name a folder of its own for what is exchanged; the data folder lies in no system folder"});
}

}  // namespace

PluginHost::State::State(PluginSettings given)
    : settings(std::move(given)), protections(protectionsOf(settings)), random_(std::random_device{}()) {
    std::error_code ignored;
    if (!settings.data.empty()) settings.data = fs::weakly_canonical(settings.data, ignored);
}

PluginWatcher& PluginHost::State::watcher() {
    const std::lock_guard lock(mutex_);
    if (!watcher_) watcher_ = std::make_unique<PluginWatcher>(settings.watcher);
    return *watcher_;
}

std::size_t PluginHost::State::running() const {
    const std::lock_guard lock(mutex_);
    return watcher_ ? watcher_->running() : 0;
}

void PluginHost::State::requireRested(const std::string& key, const std::string& type) {
    const std::lock_guard lock(mutex_);
    const SteadyTime now = settings.now();
    if (back_offs_.size() >= kRememberedMax) back_offs_.clear(), last_codes_.clear();
    BackOff& back_off = back_offs_[key];
    if (now >= back_off.until()) return back_off.started(now);
    const auto left = std::chrono::ceil<std::chrono::seconds>(back_off.until() - now);
    throw ConnectorFault(ConnectorFaultKind::Transient,
                         {"connector_resting", type,
                          fmt::format("it failed {} times one after the other, the last with {}; not started again "
                                      "for {} s",
                                      back_off.failures(), last_codes_[key], left.count()),
                          "the operating log says how it failed", left});
}

void PluginHost::State::failed(const std::string& key, const std::string& type, const ConnectorFault& fault,
                               const std::string& printed) {
    {
        const std::lock_guard lock(mutex_);
        last_codes_[key] = fault.parts().code;
        back_offs_[key].failed(settings.now(), std::uniform_real_distribution<>(0, 1)(random_), settings.back_off);
    }
    settings.event({fault.parts().code, type, fault.parts().where + ": " + fault.parts().message,
                    fault.parts().next_step, printed});
}

void PluginHost::State::requireProtected() const {
    if (protections.may_run) return;
    throw ConnectorFault(ConnectorFaultKind::Config, {"connector_unprotected", "connectors.run_as",
                                                      fmt::format("{}", fmt::join(protections.missing, "; ")),
                                                      "`caseway doctor` shows all of them"});
}

std::shared_ptr<PluginProcess> PluginHost::State::start(const PluginManifest& manifest,
                                                        const std::vector<fs::path>& open_folders) {
    requireProtected();
    requireOwnedFolder(manifest.folder, ::geteuid());
    for (const fs::path& place : systemPlaces()) requireDataApart(settings.data, place);
    requireDataApart(settings.data, manifest.folder);
    for (const fs::path& folder : open_folders) requireDataApart(settings.data, folder);
    LaunchPlan plan;
    plan.command = commandOf(manifest);
    plan.folder = manifest.folder;
    if (!settings.run_as.empty()) plan.run_as = findUser(settings.run_as);
    plan.limits = manifest.limits;
    plan.confinement = {manifest.folder, open_folders, manifest.network};
    return watcher().start(plan);
}

}  // namespace caseway
