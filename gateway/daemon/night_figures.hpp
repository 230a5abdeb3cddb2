// gateway/daemon/night_figures.hpp - what the morning report says of each connector, as figures: the same report, made
// at most once a minute, or behind a run that ended, whenever somebody asks.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "gateway/daemon/run_watch.hpp"
#include "gateway/ports/clock.hpp"
#include "gateway/report/morning_report.hpp"

namespace caseway {

/// Callable concurrently; who asks while a report is made waits for it.
class NightFigures {
public:
    using Maker = std::function<MorningReport()>;  ///< of the last night; throws Fault
    NightFigures(const Clock& clock, Maker make) : clock_(clock), make_(std::move(make)) {}

    /// A run ended, or the register changed.
    void forget() { is_old_ = true; }
    /// By connector. Never throws Fault: empty where no report can be made now.
    std::map<std::string, NightFigure, std::less<>> now();

private:
    const Clock& clock_;
    Maker make_;
    std::atomic<bool> is_old_{true};
    std::mutex mutex_;
    Instant made_at_{};
    std::map<std::string, NightFigure, std::less<>> made_;
};

}  // namespace caseway
