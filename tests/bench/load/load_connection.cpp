// tests/bench/load/load_connection.cpp - see load_connection.hpp. Edge-triggered: everything is tried until it would
// block.
#include "tests/bench/load/load_connection.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <stdexcept>

namespace caseway::load {
namespace {

constexpr long kBlocked = 0;
constexpr long kBroken = -1;

}  // namespace

LoadConnection::LoadConnection(const std::string& host, std::uint16_t port, SSL_CTX* context)
    : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    if (fd_ < 0 || ::inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1 ||
        ::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
        ::close(fd_);
        throw std::runtime_error("cannot connect to " + host + ":" + std::to_string(port));
    }
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    ::fcntl(fd_, F_SETFL, O_NONBLOCK);
    if (context == nullptr) return;
    ssl_ = SSL_new(context);
    SSL_set_fd(ssl_, fd_);
    SSL_set_connect_state(ssl_);
}

LoadConnection::~LoadConnection() {
    if (ssl_ != nullptr) SSL_free(ssl_);
    ::close(fd_);
}

void LoadConnection::start(std::string_view request, Time now) {
    unsent_ = request;
    started_at_ = now;
    busy_ = true;
}

long LoadConnection::transfer(int result) {
    if (result > 0) return result;
    if (ssl_ == nullptr) return result < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? kBlocked : kBroken;
    const int error = SSL_get_error(ssl_, result);
    ERR_clear_error();
    return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? kBlocked : kBroken;
}

LoadConnection::Event LoadConnection::proceed() {
    if (!connected_) {
        if (ssl_ != nullptr) {
            const auto done = transfer(SSL_do_handshake(ssl_));
            if (done == kBlocked) return Event::Waiting;
            if (done == kBroken) return Event::Broken;
        }
        connected_ = true;
        return Event::Ready;
    }
    while (!unsent_.empty()) {
        const int size = static_cast<int>(unsent_.size());
        const auto count =
            transfer(ssl_ != nullptr ? SSL_write(ssl_, unsent_.data(), size)
                                     : static_cast<int>(::send(fd_, unsent_.data(), unsent_.size(), MSG_NOSIGNAL)));
        if (count == kBlocked) return Event::Waiting;
        if (count == kBroken) return Event::Broken;
        unsent_.remove_prefix(static_cast<std::size_t>(count));
    }
    for (;;) {
        char bytes[16384];
        const auto count = transfer(ssl_ != nullptr ? SSL_read(ssl_, bytes, sizeof(bytes))
                                                    : static_cast<int>(::recv(fd_, bytes, sizeof(bytes), 0)));
        if (count == kBlocked) return Event::Waiting;
        if (count == kBroken) return Event::Broken;
        answer_.append(bytes, static_cast<std::size_t>(count));
        if (parseAnswer()) return Event::Answered;
    }
}

/// True if a whole answer is there.
bool LoadConnection::parseAnswer() {
    const auto end = answer_.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    const auto at = answer_.find("Content-Length: ");
    const std::size_t length = at < end ? std::strtoul(answer_.c_str() + at + 16, nullptr, 10) : 0;
    if (answer_.size() < end + 4 + length) return false;
    status_ = std::atoi(answer_.c_str() + 9);
    last_ = answer_.find("Connection: close\r\n") < end;
    answer_.erase(0, end + 4 + length);
    busy_ = false;
    return true;
}

}  // namespace caseway::load
