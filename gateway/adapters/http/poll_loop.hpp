// gateway/adapters/http/poll_loop.hpp - the one thread that owns every connection: epoll, accepting, deadlines, mail.
#pragma once

#include <Poco/Net/ServerSocket.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "gateway/adapters/http/connection.hpp"
#include "gateway/adapters/http/loop_context.hpp"
#include "gateway/adapters/http/tls_context.hpp"
#include "gateway/adapters/http/turns.hpp"

namespace caseway {

using WorkerPool = ThreadPool<HandlerJob, Turns<HandlerJob>>;

/// A bound door; `tls` is null for plain text.
struct Listener {
    ListenerConfig config;
    Poco::Net::ServerSocket socket;
    std::unique_ptr<TlsContext> tls;
    bool is_armed = false;
};

class PollLoop {
public:
    /// `listeners` must outlive the loop. Throws Fault{NetworkUnavailable} if the kernel gives no epoll.
    PollLoop(LoopContext& context, WorkerPool& workers, std::vector<std::unique_ptr<Listener>>& listeners);
    ~PollLoop();
    PollLoop(const PollLoop&) = delete;
    PollLoop& operator=(const PollLoop&) = delete;

    /// Serves until a Stop mail came and everything in flight is answered, or `stop_deadline` after it.
    void run();
    /// How long run() goes on after the Stop mail. Set it before the mail is posted.
    void setGrace(std::chrono::milliseconds grace) { grace_ms_.store(grace.count()); }

private:
    struct Place {
        std::unique_ptr<Connection> connection;
        std::uint32_t generation = 1;
    };

    int waitTime();
    void handleEvent(std::uint64_t tag, std::uint32_t events);
    void proceed(Connection& connection);
    void stepHandshakes();
    void deliverMail();
    void resumeAgain();
    void sweep();
    void accept(Listener& listener);
    bool acceptOne(Listener& listener);
    bool makeRoom(const Listener& listener, const std::string& address);
    void evict(const Connection& connection);
    template <typename Lists>
    bool evictOne(const Lists& lists);
    bool evictFirst(const std::list<Connection*>& waiting);
    bool evictSlowest(const std::list<Connection*>& busy);
    void boundAnswers(const std::string& peer_address);
    bool evictStalled(const std::list<Connection*>& busy);
    void armListeners(bool armed);
    void beginStop();
    bool isFinished() const;
    Connection* find(ConnectionId id);
    void drop(ConnectionId id);

    LoopContext& context_;
    WorkerPool& workers_;
    std::vector<std::unique_ptr<Listener>>& listeners_;
    int epoll_fd_;
    std::vector<Place> places_;
    std::vector<std::uint32_t> free_;
    std::size_t open_ = 0;
    std::deque<ConnectionId> handshakes_;
    std::vector<Mail> mails_;
    std::vector<ConnectionId> again_;
    LoopContext::Time next_sweep_{};
    LoopContext::Time stop_at_{};
    std::atomic<std::chrono::milliseconds::rep> grace_ms_{0};
};

}  // namespace caseway
