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

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <filesystem>
#include <functional>
#include <mutex>

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

/// A server names its Unix socket as it bound it: by another path to the same folder, such as /var/run for /run.
bool isSame(const DriverLine::Peer& one, const DriverLine::Peer& other) {
    if (one.port != other.port) return false;
    if (one.address == other.address) return true;
    if (!one.address.starts_with("/") || !other.address.starts_with("/")) return false;
    const std::filesystem::path path(one.address), other_path(other.address);
    std::error_code error;
    return path.filename() == other_path.filename() &&
           std::filesystem::equivalent(path.parent_path(), other_path.parent_path(), error);
}

/// Calls `found` with each descriptor of this process that is a socket to `peer`.
void eachSocketTo(const DriverLine::Peer& peer, const std::function<void(int)>& found) {
    if (peer.address.empty()) return;
    std::error_code error;
    for (std::filesystem::directory_iterator at("/proc/self/fd", error), end; !error && at != end;
         at.increment(error)) {
        const int descriptor = std::atoi(at->path().filename().c_str());
        if (isSame(peerOf(descriptor), peer)) found(descriptor);
    }
}

constexpr std::chrono::milliseconds kLook{20};  ///< for the socket of a line that dials

}  // namespace

/// Of the whole process. No lock is held while a driver dials.
struct DriverLine::Lines {
    std::mutex mutex;
    std::condition_variable changed;
    std::set<DriverLine*> all;  ///< between dial() and drop()
};

/// Never destroyed: a call that was left may go on while the process ends.
DriverLine::Lines& DriverLine::lines() {
    static Lines& lines = *new Lines;
    return lines;
}

std::set<std::uint64_t> DriverLine::socketsTo(const Peer& peer) {
    std::set<std::uint64_t> inodes;
    eachSocketTo(peer, [&](int descriptor) { inodes.insert(inodeOf(descriptor)); });
    return inodes;
}

DriverLine::~DriverLine() {
    drop();
}

void DriverLine::clear() {
    peer_ = {};
    before_.clear();
    socket_ = Descriptor();
    inode_ = at_begin_ = 0;
    is_dialling_ = is_doubtful_ = false;
}

void DriverLine::dial(const Peer& peer) {
    std::unique_lock lock(lines().mutex);
    clear();
    peer_ = peer;
    is_overfull_ = false;
    lines().all.insert(this);
    const auto end = std::chrono::steady_clock::now() + turn_;
    while (othersDial() && std::chrono::steady_clock::now() < end) lines().changed.wait_for(lock, kLook);
    is_doubtful_ = othersDial(true);
    before_ = socketsTo(peer_);
    is_dialling_ = true;
}

void DriverLine::connected() {
    const std::lock_guard lock(lines().mutex);
    find();
    is_dialling_ = false;
    lines().changed.notify_all();
}

void DriverLine::drop() {
    const std::lock_guard lock(lines().mutex);
    clear();
    lines().all.erase(this);
    lines().changed.notify_all();
}

void DriverLine::begin() {
    const std::lock_guard lock(lines().mutex);
    at_begin_ = received();
    is_overfull_ = false;
}

void DriverLine::beginStatement() {
    const std::lock_guard lock(lines().mutex);
    at_begin_ = received();
}

/// Sockets to the server that came since the line began to dial, by inode; of those that lines keep, the drivers' own
/// descriptors.
std::map<std::uint64_t, int> DriverLine::came() const {
    std::map<std::uint64_t, int> sockets;
    eachSocketTo(peer_, [&](int descriptor) {
        const auto keeps = [&](const DriverLine* line) { return line->socket_.get() == descriptor; };
        if (std::any_of(lines().all.begin(), lines().all.end(), keeps)) return;
        const std::uint64_t inode = inodeOf(descriptor);
        if (!before_.contains(inode)) sockets.emplace(inode, descriptor);
    });
    return sockets;
}

/// And its driver still has it: one that is refused at first (TLS) dials again.
bool DriverLine::hasSocket() const {
    return socket_ && came().contains(inode_);
}

/// Whether another line dials this server and has no socket yet; each such one is in doubt then, if so said.
bool DriverLine::othersDial(bool is_doubtful) {
    bool is_any = false;
    if (peer_.address.empty()) return is_any;
    for (DriverLine* other : lines().all) {
        if (other == this || !other->is_dialling_ || !isSame(other->peer_, peer_)) continue;
        other->find();
        if (other->hasSocket()) continue;
        other->is_doubtful_ |= is_doubtful;
        is_any = true;
    }
    return is_any;
}

/// Also while the driver still dials: it asks its first questions before it says that it is connected.
void DriverLine::find() {
    if (!is_dialling_ || peer_.address.empty()) return;
    auto sockets = came();
    if (socket_ && sockets.contains(inode_)) return;
    socket_ = Descriptor();
    inode_ = at_begin_ = 0;
    if (is_doubtful_) return;
    for (const DriverLine* other : lines().all) sockets.erase(other->inode_);
    if (sockets.size() != 1) return;
    // Looked at after the socket was seen: who has one of its own then had not dialled another.
    for (const DriverLine* other : lines().all)
        if (other != this && other->is_dialling_ && isSame(other->peer_, peer_) && !other->hasSocket()) return;
    const auto [inode, descriptor] = *sockets.begin();
    Descriptor own(::fcntl(descriptor, F_DUPFD_CLOEXEC, 0));
    // The number may be another one's by now.
    if (!own || inodeOf(own.get()) != inode || !isSame(peerOf(own.get()), peer_)) return;
    socket_ = std::move(own);
    inode_ = inode;
    lines().changed.notify_all();
}

std::uint64_t DriverLine::received() const {
    tcp_info info{};
    socklen_t size = sizeof info;
    const bool is_told = socket_ && ::getsockopt(socket_.get(), IPPROTO_TCP, TCP_INFO, &info, &size) == 0;
    return is_told ? info.tcpi_bytes_received : 0;
}

void DriverLine::look() {
    const std::lock_guard lock(lines().mutex);
    find();
    if (is_overfull_ || received() - at_begin_ <= kBytesMost) return;
    is_overfull_ = true;
    cutLocked();
}

void DriverLine::cut() {
    const std::lock_guard lock(lines().mutex);
    cutLocked();
}

void DriverLine::cutLocked() {
    find();
    if (socket_) ::shutdown(socket_.get(), SHUT_RDWR);
}

bool DriverLine::isOverfull() const {
    const std::lock_guard lock(lines().mutex);
    return is_overfull_;
}

}  // namespace caseway
