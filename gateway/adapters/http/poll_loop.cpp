// gateway/adapters/http/poll_loop.cpp - edge-triggered epoll, registered once for a connection's life. Handshakes are
// expensive, so that a tick takes only a few of them, after everything else.
#include "gateway/adapters/http/poll_loop.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/NetException.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "gateway/base/fault.hpp"

namespace caseway {
namespace {

constexpr std::uint64_t kMailTag = UINT64_MAX;
constexpr std::chrono::milliseconds kSweepTime{100};
constexpr std::size_t kEvents = 256;
/// Of an answer, in the kernel before the peer has room for it: the kernel would take four megabytes of each, so that
/// answers that nobody reads would be in its memory, where nothing of ours bounds them.
constexpr int kUnsentBytes = 128 * 1024;

// Listeners have generation 0, connections never.
bool isListener(std::uint64_t tag) {
    return (tag >> 32) == 0;
}

void watch(int epoll_fd, int operation, int fd, std::uint32_t events, std::uint64_t tag) {
    epoll_event event{};
    event.events = events;
    event.data.u64 = tag;
    if (::epoll_ctl(epoll_fd, operation, fd, &event) != 0) {
        throw Fault(FaultCode::NetworkUnavailable, "epoll_ctl refused a descriptor", "raise the limit of open files");
    }
}

}  // namespace

PollLoop::PollLoop(LoopContext& context, WorkerPool& workers, std::vector<std::unique_ptr<Listener>>& listeners)
    : context_(context), workers_(workers), listeners_(listeners), epoll_fd_(::epoll_create1(EPOLL_CLOEXEC)) {
    if (epoll_fd_ < 0) throw Fault(FaultCode::NetworkUnavailable, "epoll: no file descriptor");
    watch(epoll_fd_, EPOLL_CTL_ADD, context_.mailbox->fd(), EPOLLIN | EPOLLET, kMailTag);
    armListeners(true);
}

PollLoop::~PollLoop() {
    places_.clear();
    ::close(epoll_fd_);
}

void PollLoop::armListeners(bool armed) {
    for (std::size_t i = 0; i < listeners_.size(); ++i) {
        auto& listener = *listeners_[i];
        if (listener.is_armed == armed) continue;
        listener.is_armed = armed;
        watch(epoll_fd_, armed ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, listener.socket.impl()->sockfd(), EPOLLIN, i);
    }
}

int PollLoop::waitTime() {
    if (!handshakes_.empty() || !context_.again.empty() || !context_.mailbox->mayWait()) return 0;
    if (open_ == 0 && !context_.stopping && listeners_.front()->is_armed) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(next_sweep_ - std::chrono::steady_clock::now());
    return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, kSweepTime.count()));
}

void PollLoop::run() {
    std::array<epoll_event, kEvents> events{};
    while (!isFinished()) {
        const int count = ::epoll_wait(epoll_fd_, events.data(), static_cast<int>(events.size()), waitTime());
        context_.now = std::chrono::steady_clock::now();
        for (int i = 0; i < count; ++i) {
            handleEvent(events[static_cast<std::size_t>(i)].data.u64, events[static_cast<std::size_t>(i)].events);
        }
        deliverMail();
        resumeAgain();
        stepHandshakes();
        if (!context_.ready.empty()) workers_.submit(context_.ready);
        if (context_.now >= next_sweep_) sweep();
    }
    places_.clear();
    open_ = 0;
}

Connection* PollLoop::find(ConnectionId id) {
    const auto slot = static_cast<std::uint32_t>(id);
    if (slot >= places_.size() || places_[slot].generation != static_cast<std::uint32_t>(id >> 32)) return nullptr;
    return places_[slot].connection.get();
}

void PollLoop::drop(ConnectionId id) {
    const auto slot = static_cast<std::uint32_t>(id);
    auto& place = places_[slot];
    place.connection.reset();
    place.generation = std::max<std::uint32_t>(place.generation + 1, 1);
    free_.push_back(slot);
    --open_;
}

void PollLoop::proceed(Connection& connection) {
    connection.proceed();
    if (connection.isClosed()) drop(connection.id());
}

void PollLoop::handleEvent(std::uint64_t tag, std::uint32_t events) {
    if (tag == kMailTag) return;
    if (isListener(tag)) return accept(*listeners_[tag]);
    auto* connection = find(tag);
    if (connection == nullptr) return;
    const bool handshaking = connection->isHandshaking();
    connection->noteEdge((events & EPOLLIN) != 0, (events & EPOLLRDHUP) != 0, (events & (EPOLLERR | EPOLLHUP)) != 0);
    if (connection->isClosed()) return drop(tag);
    if (handshaking) {
        handshakes_.push_back(tag);
    } else {
        proceed(*connection);
    }
}

void PollLoop::stepHandshakes() {
    for (std::size_t i = 0; i < context_.limits().handshakes_per_tick && !handshakes_.empty(); ++i) {
        const auto id = handshakes_.front();
        handshakes_.pop_front();
        if (auto* connection = find(id)) proceed(*connection);
    }
}

void PollLoop::deliverMail() {
    context_.mailbox->collect(mails_);
    for (auto& mail : mails_) {
        if (mail.kind == Mail::Kind::Stop) {
            beginStop();
            continue;
        }
        auto* connection = find(mail.connection);
        if (connection == nullptr) continue;
        connection->receive(std::move(mail));
        if (connection->isClosed()) {
            drop(connection->id());
        } else if (connection->waitingBytes() != 0) {
            boundAnswers(connection->peerAddress());
        }
    }
    mails_.clear();
}

void PollLoop::resumeAgain() {
    again_.clear();
    again_.swap(context_.again);
    for (const auto id : again_) {
        if (auto* connection = find(id)) proceed(*connection);
    }
}

void PollLoop::sweep() {
    next_sweep_ = context_.now + kSweepTime;
    for (auto& place : places_) {
        if (place.connection == nullptr) continue;
        place.connection->checkDeadline();
        if (place.connection->isClosed()) drop(place.connection->id());
    }
    if (!context_.stopping) armListeners(true);
}

void PollLoop::accept(Listener& listener) {
    for (std::size_t i = 0; i < context_.limits().accepts_per_tick; ++i) {
        if (!acceptOne(listener)) return;
    }
}

/// False: nobody is waiting, or no descriptor is left (then listening pauses until the next sweep).
bool PollLoop::acceptOne(Listener& listener) try {
    Poco::Net::SocketAddress peer;
    auto socket = listener.socket.acceptConnection(peer);
    const bool is_local = !listener.config.unix_path.empty();
    const std::string address = is_local ? std::string() : peer.host().toString();
    if (!makeRoom(listener, address)) {
        context_.counters.count(HttpRefusal::Evicted);
        return true;  // all are at work: the newcomer goes
    }
    if (!is_local) {
        socket.setNoDelay(true);
        socket.setOption(IPPROTO_TCP, TCP_NOTSENT_LOWAT, kUnsentBytes);
    }
    if (free_.empty()) {
        free_.push_back(static_cast<std::uint32_t>(places_.size()));
        places_.emplace_back();
    }
    const auto slot = free_.back();
    const ConnectionId id = (static_cast<std::uint64_t>(places_[slot].generation) << 32) | slot;
    auto* ssl = listener.tls != nullptr ? listener.tls->newSession() : nullptr;
    auto connection = std::make_unique<Connection>(context_, id, listener.config, address, std::move(socket), ssl);
    watch(epoll_fd_, EPOLL_CTL_ADD, connection->fd(), EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, id);
    places_[slot].connection = std::move(connection);
    free_.pop_back();
    ++open_;
    return true;
} catch (const Poco::TimeoutException&) {
    return false;  // how Poco says that nobody is waiting
} catch (const Poco::Exception& error) {
    if (error.code() != EMFILE && error.code() != ENFILE) return false;
    context_.counters.count(HttpRefusal::Evicted);
    evictFirst(context_.waiting);
    armListeners(false);
    return false;
} catch (const Fault& fault) {
    if (context_.config.report_fault) context_.config.report_fault(fault.what());
    return false;
}

/// First among the connections of its own address, then among all.
bool PollLoop::makeRoom(const Listener& listener, const std::string& address) {
    const HttpLimits& limits = context_.limits();
    if (listener.config.limited) {
        for (const auto* share = context_.addresses.find(address);
             share != nullptr && share->connections() >= limits.connections_of_address;
             share = context_.addresses.find(address)) {
            if (!evictOne(*share)) return false;
        }
    }
    while (open_ >= limits.connections) {
        if (!evictOne(context_)) return false;
    }
    return true;
}

/// Who has sent no whole head stands before nobody; a body that creeps may hold its place for hours.
template <typename Lists>
bool PollLoop::evictOne(const Lists& lists) {
    return evictFirst(lists.waiting) || evictSlowest(lists.busy);
}

void PollLoop::evict(const Connection& connection) {
    context_.counters.count(HttpRefusal::Evicted);
    drop(connection.id());
}

bool PollLoop::evictFirst(const std::list<Connection*>& waiting) {
    if (waiting.empty()) return false;
    evict(*waiting.front());
    return true;
}

bool PollLoop::evictSlowest(const std::list<Connection*>& busy) {
    Connection* slowest = nullptr;
    std::optional<double> its_rate;
    for (Connection* const one : busy) {
        const auto rate = one->bodyRate();
        if (rate && (!its_rate || *rate < *its_rate)) slowest = one, its_rate = rate;
    }
    if (slowest == nullptr) return false;
    evict(*slowest);
    return true;
}

/// A peer that asks and does not read, on many connections, would have an answer in memory on each of them.
void PollLoop::boundAnswers(const std::string& peer_address) {
    const HttpLimits& limits = context_.limits();
    const std::string address = peer_address;  // its connection may be the one that goes
    for (const auto* share = context_.addresses.find(address);
         share != nullptr && share->answer_bytes > limits.answer_bytes_of_address;
         share = context_.addresses.find(address)) {
        if (!evictStalled(share->busy)) break;
    }
    while (context_.answer_bytes > limits.answer_total_bytes) {
        if (!evictStalled(context_.busy)) break;
    }
}

/// Of the answers that wait, the one of which nothing has been taken for the longest.
bool PollLoop::evictStalled(const std::list<Connection*>& busy) {
    Connection* stalled = nullptr;
    for (Connection* const one : busy)
        if (one->waitingBytes() != 0 && (stalled == nullptr || one->deadline() < stalled->deadline())) stalled = one;
    if (stalled == nullptr) return false;
    // With a reset: what the kernel has of the answer would stay there for as long as its peer likes.
    const linger at_once{1, 0};
    ::setsockopt(stalled->fd(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    evict(*stalled);
    return true;
}

void PollLoop::beginStop() {
    if (context_.stopping) return;
    context_.stopping = true;
    stop_at_ = context_.now + std::chrono::milliseconds(grace_ms_.load());
    armListeners(false);
    for (auto& listener : listeners_) listener->socket.close();
    const std::vector<Connection*> waiting(context_.waiting.begin(), context_.waiting.end());
    for (auto* connection : waiting) drop(connection->id());
}

bool PollLoop::isFinished() const {
    return context_.stopping && (open_ == 0 || context_.now >= stop_at_);
}

}  // namespace caseway
