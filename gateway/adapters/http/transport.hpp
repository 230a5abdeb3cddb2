// gateway/adapters/http/transport.hpp - the bytes of one connection, plain or TLS, without ever blocking. Made for
// edge-triggered epoll: after a short read it knows that the socket is empty and spares the read that would say so.
#pragma once

#include <Poco/Net/StreamSocket.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct ssl_st;

namespace caseway {

class Transport {
public:
    enum class Status { Ok, Blocked, Closed, Failed };
    struct Result {
        Status status;
        std::size_t bytes = 0;
    };

    /// Takes the socket (made non-blocking here); `ssl` is owned from now on, null for plain text.
    Transport(Poco::Net::StreamSocket socket, ssl_st* ssl);
    ~Transport();
    Transport(const Transport&) = delete;
    Transport& operator=(const Transport&) = delete;

    int fd() const { return fd_; }
    bool isTls() const { return ssl_ != nullptr; }
    /// To be told of each edge: there is something to read; and, once, that the peer has said its last.
    void readable(bool peer_finished);

    /// One step. Ok: done. Blocked: wait for the next edge.
    Status handshake();
    /// Blocked: nothing now. Closed: the peer ended in order or not; what has been read before stays valid.
    Result read(std::span<char> into);
    Result write(std::string_view bytes);
    /// Says goodbye (close_notify) and half-closes; what still comes is read raw by discard().
    void finishWriting();
    /// Throws away what has arrived, up to `limit` bytes.
    Result discard(std::span<char> scratch, std::size_t limit);

    bool resumed() const;
    /// DER of the peer's certificate, also on a resumed session; null without one.
    std::shared_ptr<const std::string> peerCertificate() const;

private:
    friend struct SocketBio;
    Result rawRead(char* into, std::size_t size);
    Result rawWrite(const char* from, std::size_t size);

    Poco::Net::StreamSocket socket_;
    int fd_;
    ssl_st* ssl_;
    bool drained_ = true;
    bool peer_finished_ = false;
    bool end_seen_ = false;
    bool tls_broken_ = false;
};

}  // namespace caseway
