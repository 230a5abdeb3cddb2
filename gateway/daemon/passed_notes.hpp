// gateway/daemon/passed_notes.hpp - times that were passed over on their way into the store, for the report of their
// night: what it does not take now (a full disk keeps runs from beginning, and the note of that as well) waits here.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "gateway/daemon/passed_over.hpp"
#include "gateway/report/passed_times.hpp"

namespace caseway {

/// Callable concurrently. What waits goes with the process: the next one finds the times passed over anew.
class PassedNotes {
public:
    struct Parts {
        std::function<std::optional<std::string>(const std::string& name)> read;
        std::function<void(const std::string& name, const std::string& body)> keep;  ///< throws where it is not taken
        std::function<void(const std::string& connector, const std::string& fault)> not_kept;  ///< the first in a row
        std::chrono::milliseconds after_failure{60'000};  ///< before it is tried again
    };
    explicit PassedNotes(Parts parts) : parts_(std::move(parts)) {}

    void add(const PassedOverLine& line);
    /// Tries again what waits, once its time has come.
    void settle();
    /// Tries it now: the process stops.
    void settleNow();

private:
    void keepAll();

    Parts parts_;
    std::mutex mutex_;
    std::map<std::string, PassedTimes, std::less<>> waiting_;  ///< by connector; of each the newest (PassedTimes)
    std::optional<std::chrono::steady_clock::time_point> failed_at_;
};

}  // namespace caseway
