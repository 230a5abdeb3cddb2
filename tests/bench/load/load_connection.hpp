// tests/bench/load/load_connection.hpp - one keep-alive connection of the load generator: a request out, an answer in.
#pragma once

#include <openssl/ssl.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace caseway::load {

class LoadConnection {
public:
    using Time = std::chrono::steady_clock::time_point;
    enum class Event { Waiting, Ready, Answered, Broken };

    /// Opens and connects; `context` null: plain text. Throws std::runtime_error if the address refuses.
    LoadConnection(const std::string& host, std::uint16_t port, SSL_CTX* context);
    ~LoadConnection();
    LoadConnection(const LoadConnection&) = delete;
    LoadConnection& operator=(const LoadConnection&) = delete;

    int fd() const { return fd_; }
    /// Begins to send; the view must live until the answer.
    void start(std::string_view request, Time now);
    /// As far as it goes without waiting. Ready: the handshake is done, start() may be called. Answered: status()
    /// tells.
    Event proceed();
    int status() const { return status_; }
    Time startedAt() const { return started_at_; }
    bool isBusy() const { return busy_; }
    /// The server said that it will close.
    bool isLast() const { return last_; }

private:
    long transfer(int result);
    bool parseAnswer();

    int fd_;
    SSL* ssl_ = nullptr;
    bool connected_ = false;
    bool busy_ = false;
    bool last_ = false;
    std::string_view unsent_;
    std::string answer_;
    int status_ = 0;
    Time started_at_{};
};

}  // namespace caseway::load
