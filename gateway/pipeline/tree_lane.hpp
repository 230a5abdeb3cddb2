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

    TreeLane() : thread_([this] { work(); }) {}
    /// Waits for the running job; those that have not begun are destroyed without running.
    ~TreeLane();
    TreeLane(const TreeLane&) = delete;
    TreeLane& operator=(const TreeLane&) = delete;

    /// Returns at once. How many may wait is for who takes the requests to bound. Callable concurrently.
    void submit(Job job);

private:
    void work();

    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Job> jobs_;
    bool is_over_ = false;
    std::thread thread_;
};

}  // namespace caseway
