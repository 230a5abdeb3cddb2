// gateway/pipeline/tree_lane.cpp - a queue and its one thread.
#include "gateway/pipeline/tree_lane.hpp"

#include <utility>

namespace caseway {

TreeLane::~TreeLane() {
    {
        const std::lock_guard lock(mutex_);
        is_over_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

void TreeLane::submit(Job job) {
    {
        const std::lock_guard lock(mutex_);
        jobs_.push_back(std::move(job));
    }
    wake_.notify_one();
}

void TreeLane::work() {
    std::unique_lock lock(mutex_);
    while (true) {
        wake_.wait(lock, [this] { return is_over_ || !jobs_.empty(); });
        if (is_over_) return;
        {
            const Job job = std::move(jobs_.front());
            jobs_.pop_front();
            lock.unlock();
            job();
        }
        lock.lock();
    }
}

}  // namespace caseway
