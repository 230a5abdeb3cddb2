// connectors/sftp/socket_watch.cpp - one thread a connection, asleep until somebody waits too long.
#include "connectors/sftp/socket_watch.hpp"

#include <poll.h>
#include <sys/socket.h>

namespace caseway {

SocketWatch::SocketWatch(Descriptor socket) : socket_(std::move(socket)), thread_([this] { watch(); }) {}

SocketWatch::~SocketWatch() {
    {
        const std::lock_guard lock(mutex_);
        over_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

void SocketWatch::await(std::chrono::milliseconds longest) {
    {
        const std::lock_guard lock(mutex_);
        ends_ = Clock::now() + longest;
        if (*ends_ >= sleeps_until_) return;
    }
    changed_.notify_one();
}

void SocketWatch::rest() {
    const std::lock_guard lock(mutex_);
    ends_.reset();
}

void SocketWatch::cut() {
    ::shutdown(socket_.get(), SHUT_RDWR);
}

bool SocketWatch::wasSilent() {
    const std::lock_guard lock(mutex_);
    return silent_;
}

bool SocketWatch::isStale() const {
    pollfd polled{socket_.get(), POLLIN | POLLRDHUP, 0};
    return ::poll(&polled, 1, 0) != 0;
}

void SocketWatch::watch() {
    std::unique_lock lock(mutex_);
    while (!over_) {
        if (ends_ && *ends_ <= Clock::now()) {
            silent_ = true;
            ends_.reset();
            cut();
        }
        sleeps_until_ = ends_.value_or(Clock::time_point::max());
        if (ends_)
            changed_.wait_until(lock, *ends_);
        else
            changed_.wait(lock);
    }
}

}  // namespace caseway
