// gateway/adapters/http/thread_pool.hpp - a fixed number of threads that run jobs of one kind, in the order of their
// queue.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <queue>
#include <thread>
#include <vector>

namespace caseway {

/// `Job` need only be movable. Jobs that have not begun when stop() is called are destroyed without running.
template <class Job, class Queue = std::queue<Job>>
class ThreadPool {
public:
    /// `run` is called for each job, on any of the threads; it must not throw.
    ThreadPool(std::size_t threads, std::function<void(Job&)> run) : run_(std::move(run)) {
        for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
    }
    ~ThreadPool() { stop(); }

    void submit(Job job) {
        {
            const std::lock_guard lock(mutex_);
            if (stopped_) return;
            jobs_.push(std::move(job));
        }
        wake_.notify_one();
    }

    /// All of `batch` under one lock; `batch` is empty afterwards.
    void submit(std::vector<Job>& batch) {
        std::size_t wakes = 0;
        {
            const std::lock_guard lock(mutex_);
            for (Job& job : batch)
                if (!stopped_) jobs_.push(std::move(job));
            wakes = std::min(batch.size(), idle_);
        }
        batch.clear();
        for (; wakes != 0; --wakes) wake_.notify_one();
    }

    /// Waits for the running jobs. Not callable from a job.
    void stop() {
        Queue dropped;
        {
            const std::lock_guard lock(mutex_);
            stopped_ = true;
            std::swap(dropped, jobs_);
        }
        wake_.notify_all();
        for (auto& thread : threads_) thread.join();
        threads_.clear();
    }

private:
    void work() {
        std::unique_lock lock(mutex_);
        for (;;) {
            ++idle_;
            wake_.wait(lock, [this] { return stopped_ || !jobs_.empty(); });
            --idle_;
            if (stopped_) return;
            {
                Job job = std::move(jobs_.front());
                jobs_.pop();
                lock.unlock();
                run_(job);
            }
            lock.lock();
        }
    }

    std::function<void(Job&)> run_;
    std::mutex mutex_;
    std::condition_variable wake_;
    Queue jobs_;
    std::size_t idle_ = 0;
    bool stopped_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace caseway
