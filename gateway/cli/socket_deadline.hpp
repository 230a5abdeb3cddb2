// gateway/cli/socket_deadline.hpp - the end of an exchange over one connection, whatever the other side still does: a
// byte a minute keeps every timeout of a single read from being met.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace caseway {

/// When the time is over, both directions of the socket are shut, so that whoever reads or writes comes back.
class SocketDeadline {
public:
    using Time = std::chrono::steady_clock::time_point;

    /// `fd`: a connected socket; it may be closed before this object goes. Throws Fault{NetworkUnavailable} where the
    /// process has no descriptor left.
    SocketDeadline(int fd, Time end);
    ~SocketDeadline();
    SocketDeadline(const SocketDeadline&) = delete;
    SocketDeadline& operator=(const SocketDeadline&) = delete;

    bool passed() const { return passed_; }

private:
    void watch(Time end);

    int fd_;  ///< our own: the number of one that was closed may be another's
    std::atomic<bool> passed_ = false;
    bool done_ = false;
    std::mutex mutex_;
    std::condition_variable ended_;
    std::thread watcher_;
};

}  // namespace caseway
