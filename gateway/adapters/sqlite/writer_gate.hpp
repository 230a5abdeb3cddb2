// gateway/adapters/sqlite/writer_gate.hpp - who may write now: one transaction, or the end of a checkpoint, at a time.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "gateway/base/fault.hpp"

namespace caseway {

/// May be entered in one thread and left in another (a std::mutex may not). Callable concurrently.
class WriterGate {
public:
    /// False where it could not be entered in time.
    bool enter(std::chrono::milliseconds patience) {
        std::unique_lock lock(mutex_);
        if (!left_.wait_for(lock, patience, [this] { return !taken_ && !upkeep_waits_; })) return false;
        taken_ = true;
        return true;
    }
    /// For the checkpointer: goes before all transactions that wait, or it would never come in under load.
    bool enterForUpkeep(std::chrono::milliseconds patience) {
        std::unique_lock lock(mutex_);
        upkeep_waits_ = true;
        const bool free = left_.wait_for(lock, patience, [this] { return !taken_; });
        upkeep_waits_ = false;
        if (free) {
            taken_ = true;
        } else {
            left_.notify_all();
        }
        return free;
    }
    void leave() {
        const std::lock_guard lock(mutex_);
        taken_ = false;
        left_.notify_all();
    }

private:
    std::mutex mutex_;
    std::condition_variable left_;
    bool taken_ = false;
    bool upkeep_waits_ = false;
};

}  // namespace caseway
