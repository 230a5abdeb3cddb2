// gateway/adapters/plugin/channel.cpp - poll between recv and send; bounds are looked at a few times a second while a
// call runs, and at no other time.
#include "gateway/adapters/plugin/channel.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace caseway {
namespace {

constexpr std::chrono::milliseconds kLook{200};

}  // namespace

std::chrono::milliseconds CallBounds::left() const {
    return std::max(std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()),
                    std::chrono::milliseconds(1));
}

void ChannelTransport::bound(const CallBounds& bounds, int questions, std::function<void()> answer_questions) {
    bounds_ = bounds;
    questions_ = questions;
    answer_questions_ = std::move(answer_questions);
    stop_by_.reset();
}

bool ChannelTransport::hasUnread() const {
    pollfd waiting{descriptor_, POLLIN, 0};
    return ::poll(&waiting, 1, 0) == 1 && (waiting.revents & POLLIN) != 0;
}

void ChannelTransport::checkBounds() {
    const SteadyTime now = std::chrono::steady_clock::now();
    if (now >= bounds_.deadline) throw ChannelEnded(ChannelEnd::TimedOut);
    if (process_.cpu() > bounds_.cpu_until) throw ChannelEnded(ChannelEnd::CpuSpent);
    if (!stop_by_ && bounds_.stopping()) stop_by_ = now + bounds_.stop_grace;
    if (stop_by_ && now >= *stop_by_) throw ChannelEnded(ChannelEnd::Cancelled);
}

void ChannelTransport::wait(short events) {
    for (;;) {
        checkBounds();
        pollfd waiting[2] = {{descriptor_, events, 0}, {questions_, POLLIN, 0}};
        ::poll(waiting, 2, static_cast<int>(std::min(bounds_.left(), kLook).count()));
        if (waiting[0].revents != 0) return;
        if ((waiting[1].revents & POLLIN) != 0)
            answer_questions_();
        else if (waiting[1].revents != 0)
            questions_ = -1;  // closed: it asks no more
    }
}

std::uint32_t ChannelTransport::read(std::uint8_t* buffer, std::uint32_t length) {
    for (;;) {
        const ssize_t taken = ::recv(descriptor_, buffer, length, MSG_DONTWAIT);
        if (taken > 0) return static_cast<std::uint32_t>(taken);
        if (taken == 0 || (errno != EAGAIN && errno != EINTR)) throw ChannelEnded(ChannelEnd::Closed);
        wait(POLLIN);
    }
}

void ChannelTransport::write(const std::uint8_t* bytes, std::uint32_t length) {
    while (length > 0) {
        const ssize_t sent = ::send(descriptor_, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent > 0) {
            bytes += sent;
            length -= static_cast<std::uint32_t>(sent);
        } else if (errno == EAGAIN || errno == EINTR) {
            wait(POLLOUT);
        } else {
            throw ChannelEnded(ChannelEnd::Closed);
        }
    }
}

}  // namespace caseway
