// gateway/daemon/passed_over.hpp - times of a schedule at which no run began and none will: why, and how many, told in
// the operating log and counted for Prometheus. A run that only begins late is none of them.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/time.hpp"

namespace caseway {

enum class PassedOver {
    UnderWay,  ///< the connector's former run went on for too long
    NoSlot,    ///< it waited for others (sync.runs_at_once) until its window closed
    Policy,    ///< `schedule.missed`: skipped, or made up by one run together with others
    Window,    ///< its window had closed before anything could run
    Circuit,   ///< its former runs failed too often
    Changed    ///< another version of the connector was activated
};
inline constexpr std::array<std::string_view, 6> kPassedOverNames{"run_under_way", "no_free_slot", "missed_policy",
                                                                  "window_closed", "circuit_open", "settings_changed"};
constexpr std::string_view nameOf(PassedOver why) {
    return kPassedOverNames[static_cast<std::size_t>(why)];
}
/// Since the start, by reason.
using PassedOverCounts = std::array<std::uint64_t, kPassedOverNames.size()>;

/// One line of the operating log: warning `run_passed_over`. `due`: of the newest; `first`: of the oldest.
struct PassedOverLine {
    std::string connector;
    PassedOver why = PassedOver::Policy;
    std::size_t count = 0;
    std::chrono::sys_seconds due{}, first{};
};
using PassedOverTeller = std::function<void(const PassedOverLine&)>;
void tellPassedOver(const PassedOverLine& line);

/// Not callable concurrently.
class PassedOverBook {
public:
    /// Of one time, or of so many between these two.
    void note(const std::string& connector, PassedOver why, std::chrono::sys_seconds due) {
        note(connector, why, 1, due, due);
    }
    void note(const std::string& connector, PassedOver why, std::size_t count, std::chrono::sys_seconds first,
              std::chrono::sys_seconds due);
    PassedOverCounts of(std::string_view connector) const;
    /// What was noted since the last call, a line for each connector and reason.
    std::vector<PassedOverLine> takeLines();

private:
    std::map<std::string, PassedOverCounts, std::less<>> counts_;
    std::vector<PassedOverLine> lines_;
};

}  // namespace caseway
