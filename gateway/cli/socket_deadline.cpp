// gateway/cli/socket_deadline.cpp - a thread that waits for the end of the exchange or of its time.
#include "gateway/cli/socket_deadline.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gateway/base/fault.hpp"

namespace caseway {

SocketDeadline::SocketDeadline(int fd, Time end) : fd_(::fcntl(fd, F_DUPFD_CLOEXEC, 0)) {
    if (fd_ < 0)
        throw Fault(FaultCode::NetworkUnavailable, "no file descriptor is left for a connection",
                    "raise the limit of open files: ulimit -n");
    watcher_ = std::thread([this, end] { watch(end); });
}

SocketDeadline::~SocketDeadline() {
    {
        const std::lock_guard lock(mutex_);
        done_ = true;
    }
    ended_.notify_one();
    watcher_.join();
    ::close(fd_);
}

void SocketDeadline::watch(Time end) {
    std::unique_lock lock(mutex_);
    if (ended_.wait_until(lock, end, [this] { return done_; })) return;
    passed_ = true;
    ::shutdown(fd_, SHUT_RDWR);
}

}  // namespace caseway
