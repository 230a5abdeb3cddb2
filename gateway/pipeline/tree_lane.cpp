// gateway/pipeline/tree_lane.cpp - a queue and its one thread.
#include "gateway/pipeline/tree_lane.hpp"

#include <utility>

namespace caseway {

void TreeLane::stop() {
    {
        const std::lock_guard lock(mutex_);
        is_over_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
    jobs_.clear();
}

bool TreeLane::submit(Job& job, std::size_t bytes) {
    {
        const std::lock_guard lock(mutex_);
        if (is_over_ || (!jobs_.empty() && waiting_bytes_ + bytes > kMostWaitingBytes)) return false;
        jobs_.push_back({std::move(job), bytes});
        waiting_bytes_ += bytes;
    }
    wake_.notify_one();
    return true;
}

void TreeLane::work() {
    std::unique_lock lock(mutex_);
    while (true) {
        wake_.wait(lock, [this] { return is_over_ || !jobs_.empty(); });
        if (is_over_) return;
        {
            const Waiting next = std::move(jobs_.front());
            jobs_.pop_front();
            waiting_bytes_ -= next.bytes;
            lock.unlock();
            next.job();
        }
        lock.lock();
    }
}

}  // namespace caseway
