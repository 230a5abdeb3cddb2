// gateway/daemon/trial_room.cpp - see the header.
#include "gateway/daemon/trial_room.hpp"

namespace caseway {

/// Under the lock.
void TrialRoom::sweep() {
    for (auto at = running_.begin(); at != running_.end();) {
        if (at->done) {
            at->thread.join();
            at = running_.erase(at);
        } else {
            ++at;
        }
    }
}

bool TrialRoom::start(std::function<void()> job) {
    const std::lock_guard lock(mutex_);
    sweep();
    if (stopping_ || running_.size() >= kTrialsMax) return false;
    Running& running = running_.emplace_back();
    running.thread = std::thread([&running, job = std::move(job)] {
        job();
        running.done = true;
    });
    return true;
}

void TrialRoom::stop() {
    stopping_ = true;
    std::list<Running> left;
    {
        const std::lock_guard lock(mutex_);
        left.swap(running_);
    }
    for (Running& running : left) running.thread.join();
}

}  // namespace caseway
