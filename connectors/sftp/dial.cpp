// connectors/sftp/dial.cpp - connect without blocking, then wait.
#include "connectors/sftp/dial.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <memory>
#include <system_error>

#include "connectors/sdk/faults.hpp"
#include "connectors/sdk/host_lookup.hpp"

namespace caseway {
namespace {

/// 0 or errno.
int waitForConnection(int socket, std::chrono::milliseconds longest) {
    pollfd polled{socket, POLLOUT, 0};
    const int ready = ::poll(&polled, 1, static_cast<int>(longest.count()));
    if (ready == 0) return ETIMEDOUT;
    if (ready < 0) return errno;
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size);
    return error;
}

/// A socket or errno in `error`. `address` is numeric.
Descriptor tryAddress(const std::string& address, std::uint16_t port, std::chrono::milliseconds longest, int& error) {
    addrinfo hints{};
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    error = EADDRNOTAVAIL;
    if (::getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) return Descriptor();
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owned(found, &freeaddrinfo);
    Descriptor socket(::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    error = errno;
    if (!socket) return socket;
    error = ::connect(socket.get(), found->ai_addr, found->ai_addrlen) == 0 ? 0 : errno;
    if (error == EINPROGRESS) error = waitForConnection(socket.get(), longest);
    if (error != 0) return Descriptor();
    const int on = 1;
    ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return socket;
}

}  // namespace

Descriptor dial(const std::string& host, std::uint16_t port, std::chrono::milliseconds longest,
                const CallBudget& budget, const ConnectorSurroundings& surroundings) {
    const std::string where = fmt::format("{}:{}", host, port);
    std::string tried;
    const auto ends = CallBudget::Clock::now() + longest;
    for (const std::string& address : lookUpAllowed(host, port, surroundings)) {
        budget.mustGoOn(where);
        const auto rest = std::chrono::duration_cast<std::chrono::milliseconds>(ends - CallBudget::Clock::now());
        int error = 0;
        Descriptor socket =
            tryAddress(address, port, std::max(std::min(rest, budget.left()), std::chrono::milliseconds(1)), error);
        if (socket) return socket;
        tried += fmt::format("{}{}: {}", tried.empty() ? "" : "; ", address, std::generic_category().message(error));
    }
    throw transientFault("not_reachable", where, tried, "check host, port and the firewalls between");
}

}  // namespace caseway
