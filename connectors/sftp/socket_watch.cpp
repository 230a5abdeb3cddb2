// connectors/sftp/socket_watch.cpp - one thread a connection, asleep until somebody waits too long.
#include "connectors/sftp/socket_watch.hpp"

#include <poll.h>
#include <sys/socket.h>

namespace caseway {
namespace {

constexpr std::chrono::milliseconds kLook{200};         ///< for the word to stop
constexpr std::chrono::milliseconds kStopGrace{1'000};  ///< that an answer may still take then

}  // namespace

SocketWatch::SocketWatch(Descriptor socket, std::function<bool()> stopping)
    : socket_(std::move(socket)), stopping_(std::move(stopping)), thread_([this] { watch(); }) {}

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
        began_ = Clock::now();
        ends_ = began_ + longest;
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

/// Whoever is asked for the word may hold what the watched thread waits for: so without the lock.
void SocketWatch::look(std::unique_lock<std::mutex>& lock) {
    if (!ends_) return;
    const Clock::time_point began = began_;
    lock.unlock();
    const bool stops = stopping_ && stopping_() && Clock::now() >= began + kStopGrace;
    lock.lock();
    if (!ends_ || began != began_ || (!stops && *ends_ > Clock::now())) return;
    silent_ = true;
    ends_.reset();
    cut();
}

void SocketWatch::watch() {
    std::unique_lock lock(mutex_);
    while (!over_) {
        look(lock);
        if (over_) return;
        sleeps_until_ = ends_ ? std::min(*ends_, Clock::now() + kLook) : Clock::time_point::max();
        if (ends_)
            changed_.wait_until(lock, sleeps_until_);
        else
            changed_.wait(lock);
    }
}

}  // namespace caseway
