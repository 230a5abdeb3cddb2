// connectors/sftp/test/fault_proxy.hpp - between client and server: passes so many bytes from the server on, then cuts
// the connection, or falls silent.
#pragma once

#include <poll.h>

#include <atomic>
#include <thread>

#include "connectors/sftp/test/ssh_server.hpp"

namespace caseway::fixture {

class FaultProxy {
public:
    enum class After { Cut, Silence };
    FaultProxy(std::uint16_t server, After after) : server_(server), after_(after), listener_(listenOnLoopback(port_)) {
        int ends[2];
        if (::pipe(ends) != 0) throw std::runtime_error("pipe");
        wake_read_ = Descriptor(ends[0]);
        wake_write_ = Descriptor(ends[1]);
        if (::pipe(ends) != 0) throw std::runtime_error("pipe");
        done_read_ = Descriptor(ends[0]);
        done_write_ = Descriptor(ends[1]);
        thread_ = std::thread([this] { serve(); });
    }
    ~FaultProxy() {
        wake_write_ = Descriptor();
        thread_.join();
    }
    /// Of the next connections: bytes from the server until the fault.
    void passes(std::uint64_t bytes) { bytes_ = bytes; }
    /// Closes the connection that there is; on return it is closed.
    void drop() {
        char byte = 'd';
        if (::write(wake_write_.get(), &byte, 1) != 1 || ::read(done_read_.get(), &byte, 1) != 1)
            throw std::runtime_error("the proxy does not answer");
    }
    std::uint16_t port() const { return port_; }
    int connections() const { return connections_; }

private:
    bool waitFor(std::vector<pollfd>& polled) {
        polled.push_back({wake_read_.get(), POLLIN, 0});
        ::poll(polled.data(), polled.size(), -1);
        return polled.back().revents == 0;
    }
    void serve() {
        bool goes_on = true;
        while (goes_on) {
            std::vector<pollfd> polled{{listener_.get(), POLLIN, 0}};
            if (!waitFor(polled)) return;
            {
                const Descriptor client(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
                ++connections_;
                goes_on = relay(client);
            }
            char byte = 0;
            if (!goes_on && ::read(wake_read_.get(), &byte, 1) == 1)  // drop(): an end of the pipe is the proxy's
                goes_on = ::write(done_write_.get(), &byte, 1) == 1;
        }
    }
    /// False: it was told to end this connection, or the whole.
    bool relay(const Descriptor& client) {
        const Descriptor server(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(server_);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(server.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return true;
        std::uint64_t left = bytes_;
        char buffer[16384];
        while (true) {
            const bool silent = left == 0;
            if (silent && after_ == After::Cut) return true;
            std::vector<pollfd> polled{{client.get(), POLLIN, 0}, {silent ? -1 : server.get(), POLLIN, 0}};
            if (!waitFor(polled)) return false;
            if (polled[0].revents != 0) {
                const ssize_t got = ::recv(client.get(), buffer, sizeof buffer, 0);
                if (got <= 0) return true;
                if (!silent && ::send(server.get(), buffer, static_cast<std::size_t>(got), MSG_NOSIGNAL) != got)
                    return true;
            }
            if (polled[1].revents != 0) {
                const ssize_t got = ::recv(server.get(), buffer, std::min<std::uint64_t>(sizeof buffer, left), 0);
                if (got <= 0) return true;
                left -= static_cast<std::uint64_t>(got);
                if (::send(client.get(), buffer, static_cast<std::size_t>(got), MSG_NOSIGNAL) != got) return true;
            }
        }
    }
    std::uint16_t server_;
    After after_;
    std::uint16_t port_ = 0;
    Descriptor listener_;
    Descriptor wake_read_, wake_write_, done_read_, done_write_;
    std::atomic<std::uint64_t> bytes_ = ~0ULL;
    std::atomic<int> connections_ = 0;
    std::thread thread_;
};

}  // namespace caseway::fixture
