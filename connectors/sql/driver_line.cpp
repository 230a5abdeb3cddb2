// connectors/sql/driver_line.cpp - sockets are found among the descriptors of the process, because no driver names its
// own; what came over one is counted by the kernel (TCP_INFO).
#include "connectors/sql/driver_line.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cstring>
#include <filesystem>
#include <functional>

namespace caseway {
namespace {

std::uint64_t inodeOf(int descriptor) {
    struct stat found {};
    return ::fstat(descriptor, &found) == 0 ? found.st_ino : 0;
}

DriverLine::Peer peerOf(int descriptor) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    if (::getpeername(descriptor, reinterpret_cast<sockaddr*>(&address), &size) != 0) return {};
    char text[INET6_ADDRSTRLEN] = {};
    if (address.ss_family == AF_INET) {
        const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
        ::inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text);
        return {text, ntohs(v4.sin_port)};
    }
    if (address.ss_family == AF_INET6) {
        const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
        ::inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof text);
        return {text, ntohs(v6.sin6_port)};
    }
    const auto& local = reinterpret_cast<const sockaddr_un&>(address);
    return {address.ss_family == AF_UNIX ? std::string(local.sun_path, ::strnlen(local.sun_path, sizeof local.sun_path))
                                         : std::string(),
            0};
}

/// Calls `found` with each descriptor of this process that is a socket to `peer`.
void eachSocketTo(const DriverLine::Peer& peer, const std::function<void(int)>& found) {
    if (peer.address.empty()) return;
    std::error_code error;
    for (std::filesystem::directory_iterator at("/proc/self/fd", error), end; !error && at != end;
         at.increment(error)) {
        const int descriptor = std::atoi(at->path().filename().c_str());
        const DriverLine::Peer other = peerOf(descriptor);
        if (other.address == peer.address && other.port == peer.port) found(descriptor);
    }
}

}  // namespace

std::set<std::uint64_t> DriverLine::socketsTo(const Peer& peer) {
    std::set<std::uint64_t> inodes;
    eachSocketTo(peer, [&](int descriptor) { inodes.insert(inodeOf(descriptor)); });
    return inodes;
}

void DriverLine::dial(const Peer& peer) {
    auto before = socketsTo(peer);
    const std::lock_guard lock(mutex_);
    peer_ = peer;
    before_ = std::move(before);
    sockets_.clear();
    at_begin_ = 0;
    is_overfull_ = false;
}

void DriverLine::drop() {
    const std::lock_guard lock(mutex_);
    peer_ = {};
    sockets_.clear();
    at_begin_ = 0;
}

void DriverLine::begin() {
    const std::lock_guard lock(mutex_);
    find();
    at_begin_ = received();
    is_overfull_ = false;
}

/// Also while the driver still dials: it asks its first questions before it says that it is connected.
void DriverLine::find() {
    if (!sockets_.empty()) return;
    eachSocketTo(peer_, [&](int descriptor) {
        if (before_.contains(inodeOf(descriptor))) return;
        Descriptor own(::fcntl(descriptor, F_DUPFD_CLOEXEC, 0));
        if (own) sockets_.push_back(std::move(own));
    });
}

std::uint64_t DriverLine::received() const {
    std::uint64_t bytes = 0;
    for (const Descriptor& socket : sockets_) {
        tcp_info info{};
        socklen_t size = sizeof info;
        if (::getsockopt(socket.get(), IPPROTO_TCP, TCP_INFO, &info, &size) == 0) bytes += info.tcpi_bytes_received;
    }
    return bytes;
}

void DriverLine::look() {
    const std::lock_guard lock(mutex_);
    find();
    if (is_overfull_ || received() - at_begin_ <= kBytesMost) return;
    is_overfull_ = true;
    cutLocked();
}

void DriverLine::cut() {
    const std::lock_guard lock(mutex_);
    cutLocked();
}

void DriverLine::cutLocked() {
    find();
    for (const Descriptor& socket : sockets_) ::shutdown(socket.get(), SHUT_RDWR);
}

bool DriverLine::isOverfull() const {
    const std::lock_guard lock(mutex_);
    return is_overfull_;
}

}  // namespace caseway
