// gateway/adapters/http/mailbox.hpp - how other threads speak to the poll loop: messages under a lock, and an eventfd
// that is written only when the loop is about to sleep. Outlives the loop, so that a late answer harms nobody.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "gateway/adapters/http/http_message.hpp"

namespace caseway {

/// Names a connection for good: a number that is not used again when the place is.
using ConnectionId = std::uint64_t;

struct Mail {
    enum class Kind {
        Answer,        ///< `wire` is the whole answer, or its head if `stream` is set
        StreamPiece,   ///< `wire` is the next piece of a streamed answer; `last` after the end
        StreamFailed,  ///< the source broke: the connection must end visibly incomplete
        SpoolMoved,    ///< the sink caught up: read on
        SpoolDone,     ///< the body is in `sink`
        SpoolFailed,   ///< `response` tells why
        Stop
    };
    Kind kind = Kind::Answer;
    ConnectionId connection = 0;
    std::string wire{};
    bool close = false;  ///< end the connection after it
    bool last = false;
    std::unique_ptr<ByteSource> stream{};
    std::unique_ptr<BodySink> sink{};
    Response response{};
};

/// While it lives, what its thread posts waits; then all of it goes under one lock and wakes the loop once. For many
/// answers at once; not nested.
class PostTogether {
public:
    PostTogether();
    ~PostTogether();
    PostTogether(const PostTogether&) = delete;
    PostTogether& operator=(const PostTogether&) = delete;
};

class Mailbox : public std::enable_shared_from_this<Mailbox> {
public:
    /// Throws Fault{NetworkUnavailable} if the kernel gives no eventfd.
    Mailbox();
    ~Mailbox();
    Mailbox(const Mailbox&) = delete;
    Mailbox& operator=(const Mailbox&) = delete;

    /// Any thread.
    void post(Mail mail);
    /// The loop: everything that has come; `into` is emptied first.
    void collect(std::vector<Mail>& into);
    /// The loop: about to wait. False if mail is there, then do not wait.
    bool mayWait();
    /// For epoll, edge-triggered: never read.
    int fd() const { return fd_; }
    /// Set once when the server stops: answers written from now on say Connection: close.
    std::atomic<bool> stopping{false};

private:
    friend class PostTogether;
    void postAll(std::vector<Mail>& mails);
    void wakeLoop();

    int fd_;
    std::atomic<bool> waiting_{false};
    std::mutex mutex_;
    std::vector<Mail> mails_;
};

}  // namespace caseway
