// gateway/adapters/plugin/process.hpp - one running plug-in as a value with a life: in use, idle, ended. The connector
// that started it uses it; the watcher reads what it prints, sees its end and ends it when nobody needs it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>

#include "gateway/adapters/plugin/launch.hpp"
#include "gateway/formats/settings/secret_mask.hpp"

namespace caseway {

using SteadyTime = std::chrono::steady_clock::time_point;

/// Callable concurrently.
class PluginProcess {
public:
    PluginProcess(const LaunchedChild& child, std::uint64_t memory_mib);
    /// Kills it if it still runs, and reaps it.
    ~PluginProcess();
    PluginProcess(const PluginProcess&) = delete;
    PluginProcess& operator=(const PluginProcess&) = delete;

    int calls() const { return child_.calls; }
    int questions() const { return child_.questions; }
    int output() const { return child_.output; }
    int handle() const { return child_.handle; }
    /// Processor time that all its threads took so far.
    std::chrono::nanoseconds cpu() const;

    /// False where it has ended or is being ended: start another.
    bool beginUse();
    void endUse(SteadyTime now);
    /// Ends it if it has been idle since before `since`; true where it did.
    bool endIfIdle(SteadyTime since);
    /// Ends an idle one that took more processor time than `most` since its last use; true where it did.
    bool endIfBusyWhileIdle(std::chrono::nanoseconds most);
    /// Ends it if it holds more memory or threads than it may; true where it did.
    bool endIfOverLimits();
    void kill();
    /// Killed because it was not needed: no failure.
    bool endedByUs() const;

    /// The watcher: reads what was printed.
    void takeOutput();
    /// The watcher: it closed its output, though it may run on.
    bool printsNoMore() const { return prints_no_more_; }
    /// The watcher: reaps it if it has ended.
    bool reap();
    /// How it ended ("signal 11", "exit code 1"); "still running" where that is not known within `most`.
    std::string waitForEnd(std::chrono::milliseconds most);
    /// The last lines of what it printed: valid UTF-8 in one line, names masked.
    std::string tail(const SecretMask& mask) const;
    /// What it took too much of, where it was ended for that: memory, threads, the operating log. Empty: nothing.
    std::string overLimit() const;

private:
    enum class Use { Idle, Busy, Ended };
    void killLocked();

    LaunchedChild child_;
    std::uint64_t memory_mib_;
    mutable std::mutex mutex_;
    std::condition_variable ended_;
    Use use_ = Use::Busy;  ///< whoever starts one uses it
    bool unneeded_ = false;
    bool reaped_ = false;
    bool prints_no_more_ = false;  ///< the watcher's own
    std::string how_, over_limit_;
    SteadyTime idle_since_{};
    std::chrono::nanoseconds cpu_at_idle_{};
    std::string tail_;
    std::uint64_t printed_ = 0;
};

}  // namespace caseway
