// connectors/sftp/socket_watch.hpp - cuts a socket whose other side is silent for too long, or while it is awaited and
// the word to stop comes. libssh waits without end for the rest of an SFTP packet, whatever time-out it was given; a
// socket that was shut down wakes it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "connectors/sdk/descriptor.hpp"

namespace caseway {

/// Used by one thread; the cutting happens in another. The socket is only shut down here, never closed under libssh.
class SocketWatch {
public:
    /// `socket`: a duplicate of the watched one. `stopping`: asked by the other thread, while an answer is awaited.
    SocketWatch(Descriptor socket, std::function<bool()> stopping);
    ~SocketWatch();
    SocketWatch(const SocketWatch&) = delete;
    SocketWatch& operator=(const SocketWatch&) = delete;

    /// From now on an answer is awaited for so long; called again, the time begins anew.
    void await(std::chrono::milliseconds longest);
    /// It came, or nobody waits for it any more.
    void rest();
    /// Cuts at once.
    void cut();
    /// The time was over, or it had to stop: what failed since failed for that.
    bool wasSilent();
    /// Bytes or an end that nobody asked for: the connection was closed while nobody used it.
    bool isStale() const;

private:
    using Clock = std::chrono::steady_clock;
    void watch();
    void look(std::unique_lock<std::mutex>& lock);

    Descriptor socket_;
    std::function<bool()> stopping_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::optional<Clock::time_point> ends_;
    Clock::time_point began_{};                                  ///< the awaiting
    Clock::time_point sleeps_until_ = Clock::time_point::max();  ///< the thread; it is woken only for an earlier end
    bool silent_ = false;
    bool over_ = false;
    std::thread thread_;  // last: it uses the others
};

/// While it lives, an answer is awaited.
class Awaiting {
public:
    Awaiting(SocketWatch& watch, std::chrono::milliseconds longest) : watch_(watch) { watch_.await(longest); }
    ~Awaiting() { watch_.rest(); }
    Awaiting(const Awaiting&) = delete;
    Awaiting& operator=(const Awaiting&) = delete;

private:
    SocketWatch& watch_;
};

}  // namespace caseway
