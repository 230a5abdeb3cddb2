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

    /// One step. Ok: done. Blocked: wait for the next edge. Failed: see isPlainHttp().
    Status handshake();
    /// The peer spoke HTTP where TLS was to begin; what is written from now on goes out plain.
    bool isPlainHttp() const { return is_plain_http_; }
    /// Blocked: nothing now; or this call took its share without finding a byte for us, see isCutShort(). Closed: the
    /// peer ended in order or not; what has been read before stays valid. Failed also for a peer that goes on like
    /// that.
    Result read(std::span<char> into);
    /// After a Blocked read: no edge will come, read again in the next turn.
    bool isCutShort() const { return cut_short_; }
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
    bool is_plain_http_ = false;
    bool cut_short_ = false;
    std::size_t raw_reads_left_ = SIZE_MAX;  ///< of the present read()
    std::size_t fruitless_bytes_ = 0;        ///< read since the last one that was for us
};

}  // namespace caseway
