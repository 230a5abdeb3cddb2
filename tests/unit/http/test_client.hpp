// tests/unit/http/test_client.hpp - the other end of the wire: a blocking client that sends exactly the bytes it is
// given, and a handler that echoes. Reads wait at most twenty seconds, so that a broken server fails a test instead of
// hanging it.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/adapters/http/http_server.hpp"

namespace caseway::test {

struct Answer {
    int status = 0;
    std::string head;
    std::string body;
};

/// Reads and writes a socket; the TLS client overrides both.
class Client {
public:
    explicit Client(int fd) : fd_(fd) {
        const timeval patience{20, 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
        ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    }
    /// `from`: the client's own address, another of 127.0.0.0/8 where one client is to look like several.
    static int connectTo(std::uint16_t port, const char* from = "127.0.0.1") {
        const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in own{};
        own.sin_family = AF_INET;
        ::inet_pton(AF_INET, from, &own.sin_addr);
        if (::bind(fd, reinterpret_cast<const sockaddr*>(&own), sizeof(own)) != 0) {
            ::close(fd);
            return -1;
        }
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
            ::close(fd);
            return -1;
        }
        const int on = 1;
        ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
        return fd;
    }
    static int connectTo(const std::string& path) {
        const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.copy(address.sun_path, sizeof(address.sun_path) - 1);
        if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) return fd;
        ::close(fd);
        return -1;
    }
    virtual ~Client() { ::close(fd_); }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    bool isOpen() const { return fd_ >= 0; }
    int fd() const { return fd_; }

    void send(std::string_view bytes, std::size_t piece = 0) {
        while (!bytes.empty()) {
            const auto count = rawSend(bytes.substr(0, piece == 0 ? bytes.size() : piece));
            if (count <= 0) return;
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
    }
    void finish() { ::shutdown(fd_, SHUT_WR); }

    /// The next answer, or nothing if the peer closed. `head_only`: the answer to a HEAD.
    std::optional<Answer> receive(bool head_only = false) {
        std::size_t end = 0;
        while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
            if (!fill()) return std::nullopt;
        }
        Answer answer;
        answer.head = buffer_.substr(0, end + 2);
        buffer_.erase(0, end + 4);
        answer.status = std::atoi(answer.head.c_str() + 9);
        if (answer.head.find("chunked") != std::string::npos && !head_only) {
            if (!receiveChunks(answer.body)) return std::nullopt;
            return answer;
        }
        const auto at = answer.head.find("Content-Length: ");
        const std::size_t size =
            at == std::string::npos || head_only ? 0 : std::strtoul(answer.head.c_str() + at + 16, nullptr, 10);
        while (buffer_.size() < size) {
            if (!fill()) return std::nullopt;
        }
        answer.body = buffer_.substr(0, size);
        buffer_.erase(0, size);
        return answer;
    }
    /// True if the peer closes, in order or not, before it says anything more.
    bool isClosedByPeer() { return buffer_.empty() && !fill() && !closed_by_timeout; }
    bool closed_by_timeout = false;

protected:
    virtual long rawSend(std::string_view bytes) { return ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL); }
    virtual long rawReceive(char* into, std::size_t size) { return ::recv(fd_, into, size, 0); }

private:
    bool fill() {
        char bytes[16384];
        const long count = rawReceive(bytes, sizeof(bytes));
        closed_by_timeout = count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
        if (count <= 0) return false;
        buffer_.append(bytes, static_cast<std::size_t>(count));
        return true;
    }
    bool receiveChunks(std::string& body) {
        for (;;) {
            std::size_t end = 0;
            while ((end = buffer_.find("\r\n")) == std::string::npos) {
                if (!fill()) return false;
            }
            const std::size_t size = std::strtoul(buffer_.c_str(), nullptr, 16);
            while (buffer_.size() < end + 2 + size + 2) {
                if (!fill()) return false;
            }
            body.append(buffer_, end + 2, size);
            buffer_.erase(0, end + 2 + size + 2);
            if (size == 0) return true;
        }
    }

    int fd_;
    std::string buffer_;
};

/// Answers "METHOD target body"; what else it does is up to the test.
class EchoHandler : public RequestHandler {
public:
    BodyPlan onHead(const RequestHead& head) override {
        if (plan) return plan(head);
        return InlineBody{1024 * 1024};
    }
    void handle(Request request, Responder responder) override {
        calls.fetch_add(1);
        if (work) return work(std::move(request), std::move(responder));
        responder.answer(echo(request));
    }
    static Response echo(const Request& request) {
        Response response;
        response.fields.push_back({"Content-Type", "text/plain"});
        response.body = request.head.method + " " + request.head.target + " " + request.body;
        return response;
    }

    std::function<BodyPlan(const RequestHead&)> plan;
    std::function<void(Request, Responder)> work;
    std::atomic<int> calls{0};
};

/// Lets one thread wait for another by a promise, not by a time.
class Gate {
public:
    void open() {
        const std::lock_guard lock(mutex_);
        open_ = true;
        changed_.notify_all();
    }
    void pass() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return open_; });
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool open_ = false;
};

inline HttpServerConfig plainConfig() {
    HttpServerConfig config;
    config.listeners.push_back({});
    config.workers = 2;
    return config;
}

}  // namespace caseway::test
