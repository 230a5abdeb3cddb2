// gateway/adapters/http/transport.cpp - a BIO of ours between OpenSSL and the socket, so that `drained_` is seen by
// both.
#include "gateway/adapters/http/transport.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace caseway {
namespace {

constexpr std::size_t kRawReadsPerCall = 4;  // of up to 16 KiB: more than the longest record
constexpr std::size_t kFruitlessBytes = 128 * 1024;

}  // namespace

struct SocketBio {
    static Transport& of(BIO* bio) { return *static_cast<Transport*>(BIO_get_data(bio)); }

    static int read(BIO* bio, char* into, std::size_t size, std::size_t* count) {
        BIO_clear_retry_flags(bio);
        Transport& transport = of(bio);
        if (transport.raw_reads_left_ == 0) {
            transport.cut_short_ = true;
            BIO_set_retry_read(bio);
            return 0;
        }
        --transport.raw_reads_left_;
        const auto result = transport.rawRead(into, size);
        transport.fruitless_bytes_ += result.bytes;
        *count = result.bytes;
        if (result.status == Transport::Status::Blocked) BIO_set_retry_read(bio);
        return result.status == Transport::Status::Ok ? 1 : 0;
    }

    static int write(BIO* bio, const char* from, std::size_t size, std::size_t* count) {
        BIO_clear_retry_flags(bio);
        const auto result = of(bio).rawWrite(from, size);
        *count = result.bytes;
        if (result.status == Transport::Status::Blocked) BIO_set_retry_write(bio);
        return result.status == Transport::Status::Ok ? 1 : 0;
    }

    static long control(BIO* bio, int command, long, void*) {
        if (command == BIO_CTRL_FLUSH) return 1;
        if (command == BIO_CTRL_EOF) return of(bio).end_seen_ ? 1 : 0;
        return 0;
    }

    static const BIO_METHOD* method() {
        static const std::unique_ptr<BIO_METHOD, decltype(&BIO_meth_free)> made = [] {
            std::unique_ptr<BIO_METHOD, decltype(&BIO_meth_free)> fresh(
                BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "caseway socket"), &BIO_meth_free);
            BIO_meth_set_read_ex(fresh.get(), read);
            BIO_meth_set_write_ex(fresh.get(), write);
            BIO_meth_set_ctrl(fresh.get(), control);
            return fresh;
        }();
        return made.get();
    }
};

Transport::Transport(Poco::Net::StreamSocket socket, ssl_st* ssl)
    : socket_(std::move(socket)), fd_(socket_.impl()->sockfd()), ssl_(ssl) {
    socket_.setBlocking(false);
    if (ssl_ == nullptr) return;
    BIO* bio = BIO_new(SocketBio::method());
    BIO_set_data(bio, this);
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl_, bio, bio);
}

Transport::~Transport() {
    if (ssl_ != nullptr) SSL_free(ssl_);
}

void Transport::readable(bool peer_finished) {
    drained_ = false;
    peer_finished_ = peer_finished_ || peer_finished;
}

Transport::Result Transport::rawRead(char* into, std::size_t size) {
    if (drained_) return {Status::Blocked};
    ssize_t count = 0;
    do count = ::recv(fd_, into, size, 0);
    while (count < 0 && errno == EINTR);
    if (count < 0) {
        drained_ = true;
        return {errno == EAGAIN || errno == EWOULDBLOCK ? Status::Blocked : Status::Failed};
    }
    if (count == 0) {
        end_seen_ = true;
        return {Status::Closed};
    }
    // After the peer's FIN no further edge comes, so the end must be read to be seen.
    if (static_cast<std::size_t>(count) < size && !peer_finished_) drained_ = true;
    return {Status::Ok, static_cast<std::size_t>(count)};
}

Transport::Result Transport::rawWrite(const char* from, std::size_t size) {
    ssize_t count = 0;
    do count = ::send(fd_, from, size, MSG_NOSIGNAL);
    while (count < 0 && errno == EINTR);
    if (count >= 0) return {Status::Ok, static_cast<std::size_t>(count)};
    return {errno == EAGAIN || errno == EWOULDBLOCK ? Status::Blocked : Status::Failed};
}

Transport::Status Transport::handshake() {
    ERR_clear_error();
    const int result = SSL_do_handshake(ssl_);
    if (result == 1) {
        fruitless_bytes_ = 0;
        return Status::Ok;
    }
    const int error = SSL_get_error(ssl_, result);
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return Status::Blocked;
    tls_broken_ = true;
    is_plain_http_ = ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_HTTP_REQUEST;
    ERR_clear_error();
    if (is_plain_http_) SSL_free(std::exchange(ssl_, nullptr));
    return Status::Failed;
}

Transport::Result Transport::read(std::span<char> into) {
    if (ssl_ == nullptr) return rawRead(into.data(), into.size());
    ERR_clear_error();
    std::size_t count = 0;
    // OpenSSL reads on for as long as records come that hold nothing for us: a peer that sends key updates without end
    // would keep the loop in this one call.
    cut_short_ = false;
    raw_reads_left_ = kRawReadsPerCall;
    const int result = SSL_read_ex(ssl_, into.data(), into.size(), &count);
    raw_reads_left_ = SIZE_MAX;
    if (result == 1) {
        fruitless_bytes_ = 0;
        return {Status::Ok, count};
    }
    switch (SSL_get_error(ssl_, result)) {
        case SSL_ERROR_WANT_READ:
        case SSL_ERROR_WANT_WRITE:
            if (fruitless_bytes_ <= kFruitlessBytes) return {Status::Blocked};
            break;
        case SSL_ERROR_ZERO_RETURN:
            return {Status::Closed};
        default:
            break;
    }
    tls_broken_ = true;
    ERR_clear_error();
    return {end_seen_ ? Status::Closed : Status::Failed};
}

Transport::Result Transport::write(std::string_view bytes) {
    if (ssl_ == nullptr) return rawWrite(bytes.data(), bytes.size());
    ERR_clear_error();
    std::size_t count = 0;
    const int result = SSL_write_ex(ssl_, bytes.data(), bytes.size(), &count);
    if (result == 1) return {Status::Ok, count};
    const int error = SSL_get_error(ssl_, result);
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return {Status::Blocked};
    tls_broken_ = true;
    ERR_clear_error();
    return {Status::Failed};
}

void Transport::finishWriting() {
    if (ssl_ != nullptr && !tls_broken_ && SSL_is_init_finished(ssl_)) {
        ERR_clear_error();
        SSL_shutdown(ssl_);
        ERR_clear_error();
    }
    ::shutdown(fd_, SHUT_WR);
}

Transport::Result Transport::discard(std::span<char> scratch, std::size_t limit) {
    std::size_t total = 0;
    while (total < limit) {
        const auto result = rawRead(scratch.data(), std::min(scratch.size(), limit - total));
        if (result.status != Status::Ok) return {result.status, total};
        total += result.bytes;
    }
    return {Status::Ok, total};
}

bool Transport::resumed() const {
    return ssl_ != nullptr && SSL_session_reused(ssl_) == 1;
}

std::shared_ptr<const std::string> Transport::peerCertificate() const {
    if (ssl_ == nullptr) return nullptr;
    const X509* certificate = SSL_get0_peer_certificate(ssl_);
    if (certificate == nullptr) return nullptr;
    unsigned char* der = nullptr;
    const int size = i2d_X509(certificate, &der);
    if (size <= 0) return nullptr;
    auto text = std::make_shared<const std::string>(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return text;
}

}  // namespace caseway
