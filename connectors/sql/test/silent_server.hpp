// connectors/sql/test/silent_server.hpp - a server on loopback that takes connections and never says a word, until it
// hangs up.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <stdexcept>
#include <thread>
#include <vector>

namespace caseway::fixture {

class SilentServer {
public:
    SilentServer() : listening_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* const plain = reinterpret_cast<sockaddr*>(&address);
        if (::bind(listening_, plain, size) != 0 || ::listen(listening_, 8) != 0 ||
            ::getsockname(listening_, plain, &size) != 0 || ::pipe2(end_, O_CLOEXEC) != 0)
            throw std::runtime_error("no silent server");
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { run(); });
    }
    ~SilentServer() {
        hangUp();
        ::close(end_[0]);
        ::close(end_[1]);
    }
    SilentServer(const SilentServer&) = delete;
    SilentServer& operator=(const SilentServer&) = delete;

    std::uint16_t port() const { return port_; }
    std::size_t connections() const { return count_; }
    /// Closes all, and takes no more.
    void hangUp() {
        if (!thread_.joinable()) return;
        [[maybe_unused]] const ssize_t told = ::write(end_[1], "e", 1);
        thread_.join();
    }

private:
    void run() {
        std::vector<int> taken;
        pollfd waits[] = {{listening_, POLLIN, 0}, {end_[0], POLLIN, 0}};
        while (::poll(waits, 2, -1) >= 0 && waits[1].revents == 0) {
            if ((waits[0].revents & POLLIN) == 0) continue;
            taken.push_back(::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC));
            ++count_;
        }
        for (const int one : taken) ::close(one);
        ::close(listening_);
    }
    int listening_;
    int end_[2] = {-1, -1};
    std::uint16_t port_ = 0;
    std::atomic<std::size_t> count_{0};
    std::thread thread_;
};

}  // namespace caseway::fixture
