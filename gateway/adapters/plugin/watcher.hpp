// gateway/adapters/plugin/watcher.hpp - one thread for all plug-ins: starts them (they die with it), reads what they
// print, sees them end, ends those that nobody uses or that take too much. It sleeps while none runs.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "gateway/adapters/plugin/process.hpp"

namespace caseway {

struct WatcherSettings {
    std::chrono::milliseconds idle_stop{600'000};  ///< a plug-in without a call for so long is ended
    std::chrono::milliseconds idle_look{60'000};   ///< how often idle ones are looked at
    std::chrono::milliseconds limit_look{250};     ///< how often the memory and threads of all are looked at
};

class PluginWatcher {
public:
    explicit PluginWatcher(const WatcherSettings& settings);
    /// Ends all plug-ins.
    ~PluginWatcher();
    PluginWatcher(const PluginWatcher&) = delete;
    PluginWatcher& operator=(const PluginWatcher&) = delete;

    /// Starts one and watches it until it has ended. Throws what launch() throws.
    std::shared_ptr<PluginProcess> start(const LaunchPlan& plan);
    /// How many run.
    std::size_t running() const;

private:
    void run();
    void wake() const;
    void runTasks();
    int untilNextLook() const;
    void lookAtIdle();
    void lookAtLimits();
    void serve(const std::shared_ptr<PluginProcess>& process, short output_events, short handle_events);

    WatcherSettings settings_;
    int wake_ = -1;
    mutable std::mutex mutex_;
    std::vector<std::function<void()>> tasks_;
    std::vector<std::shared_ptr<PluginProcess>> processes_;
    bool stopping_ = false;
    SteadyTime next_look_{}, next_limit_look_{};
    std::thread thread_;
};

}  // namespace caseway
