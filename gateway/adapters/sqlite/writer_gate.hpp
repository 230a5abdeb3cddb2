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
        if (!left_.wait_for(lock, patience, [this] { return !taken_; })) return false;
        taken_ = true;
        return true;
    }
    void leave() {
        const std::lock_guard lock(mutex_);
        taken_ = false;
        left_.notify_one();
    }

private:
    std::mutex mutex_;
    std::condition_variable left_;
    bool taken_ = false;
};

}  // namespace caseway
