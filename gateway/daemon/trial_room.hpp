// gateway/daemon/trial_room.hpp - threads for tests of connectors, which may take minutes: beside the workers that
// answer requests, and never in the writer's way. A few at a time.
#pragma once

#include <atomic>
#include <functional>
#include <list>
#include <mutex>
#include <thread>

namespace caseway {

inline constexpr std::size_t kTrialsMax = 4;

class TrialRoom {
public:
    TrialRoom() = default;
    ~TrialRoom() { stop(); }
    TrialRoom(const TrialRoom&) = delete;
    TrialRoom& operator=(const TrialRoom&) = delete;

    /// False: kTrialsMax run already, or it stops. `job` must not throw.
    bool start(std::function<void()> job);
    /// For connectors to ask; true from stop() on.
    bool stopping() const { return stopping_; }
    /// Waits for what runs. Idempotent.
    void stop();

private:
    struct Running {
        std::thread thread;
        std::atomic<bool> done{false};
    };
    void sweep();

    std::mutex mutex_;
    std::list<Running> running_;
    std::atomic<bool> stopping_{false};
};

}  // namespace caseway
