// gateway/pipeline/tree_lane.hpp - where large XML documents are read: one after the other, on a thread of their own.
// A tree takes a dozen times its text and a second of work, and anybody may send one: on the workers a handful of them
// would stand before every small message.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace caseway {

class TreeLane {
public:
    /// Must not throw.
    using Job = std::function<void()>;

    /// Of documents that wait behind the first: what anybody sends must not fill the memory that bodies share.
    static constexpr std::size_t kMostWaitingBytes = 16 * 1024 * 1024;

    TreeLane() : thread_([this] { work(); }) {}
    ~TreeLane() { stop(); }
    TreeLane(const TreeLane&) = delete;
    TreeLane& operator=(const TreeLane&) = delete;

    /// Returns at once. False: too much waits, or it was stopped; `job` is as it was. Callable concurrently.
    bool submit(Job& job, std::size_t bytes);
    /// Waits for the running job; those that have not begun are destroyed without running.
    void stop();

private:
    void work();

    std::mutex mutex_;
    std::condition_variable wake_;
    struct Waiting {
        Job job;
        std::size_t bytes;
    };
    std::deque<Waiting> jobs_;
    std::size_t waiting_bytes_ = 0;
    bool is_over_ = false;
    std::thread thread_;
};

}  // namespace caseway
