// connectors/sftp/test/tunnel_proxy.hpp - a proxy on loopback that opens tunnels by CONNECT or SOCKS5, as the first
// byte asks, and remembers whom it was asked for. With a user it wants that one; told to, it refuses.
#pragma once

#include <poll.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "connectors/sftp/test/ssh_server.hpp"

namespace caseway::fixture {

class TunnelProxy {
public:
    explicit TunnelProxy(std::string user = "", std::string password = "", bool refuses = false)
        : user_(std::move(user)), password_(std::move(password)), refuses_(refuses) {}
    ~TunnelProxy() {
        ends_ = true;
        thread_.join();
    }
    TunnelProxy(const TunnelProxy&) = delete;
    TunnelProxy& operator=(const TunnelProxy&) = delete;

    std::string url(const std::string& scheme) const { return scheme + "://127.0.0.1:" + std::to_string(port_); }
    std::uint16_t port() const { return port_; }
    /// `CONNECT 127.0.0.1:22`, `SOCKS5 127.0.0.1:22`, one behind the other.
    std::string asked() const {
        const std::lock_guard lock(mutex_);
        return asked_;
    }

private:
    void serve() {
        while (!ends_) {
            if (!isReady(listener_.get())) continue;
            const Descriptor client(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
            const Descriptor server = client ? opened(client.get()) : Descriptor();
            if (server) pump(client.get(), server.get());
        }
    }
    bool isReady(int socket) const {
        pollfd polled{socket, POLLIN, 0};
        return ::poll(&polled, 1, 20) > 0;
    }
    std::string take(int socket, std::size_t bytes) {
        std::string got;
        char byte = 0;
        while (got.size() < bytes && !ends_)
            if (isReady(socket)) {
                if (::recv(socket, &byte, 1, 0) != 1) break;
                got += byte;
            }
        return got;
    }
    static void say(int socket, const std::string& words) { ::send(socket, words.data(), words.size(), MSG_NOSIGNAL); }
    Descriptor opened(int client) {
        std::string first = take(client, 1);
        return first == "\5" ? bySocks(client) : byConnect(client, std::move(first));
    }
    Descriptor byConnect(int client, std::string head) {
        while (!head.ends_with("\r\n\r\n") && !ends_) head += take(client, 1);
        const std::size_t at = head.find(' ') + 1;
        const std::string target = head.substr(at, head.find(' ', at) - at);
        note("CONNECT " + target);
        const bool is_known = user_.empty() || head.find("Proxy-Authorization: Basic ") != std::string::npos;
        if (!is_known || refuses_) {
            say(client, is_known ? "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
                                 : "HTTP/1.1 407 Who\r\nContent-Length: 0\r\n\r\n");
            return Descriptor();
        }
        Descriptor server = reach(static_cast<std::uint16_t>(std::stoi(target.substr(target.rfind(':') + 1))));
        // What the server says first comes in one piece with the answer: the tunnel must not swallow it.
        std::string answer = "HTTP/1.1 200 Go\r\n\r\n";
        if (server) answer += take(server.get(), 4);
        say(client, server ? answer : "HTTP/1.1 502 Nobody\r\nContent-Length: 0\r\n\r\n");
        return server;
    }
    Descriptor bySocks(int client) {
        take(client, static_cast<std::size_t>(take(client, 1)[0]));
        say(client, user_.empty() ? std::string("\5\0", 2) : std::string("\5\2", 2));
        if (!user_.empty()) {
            const std::string user = (take(client, 1), take(client, static_cast<std::size_t>(take(client, 1)[0])));
            const std::string password = take(client, static_cast<std::size_t>(take(client, 1)[0]));
            const bool is_known = user == user_ && password == password_;
            say(client, is_known ? std::string("\1\0", 2) : std::string("\1\1", 2));
            if (!is_known) return Descriptor();
        }
        const std::string head = take(client, 4);
        if (head.size() != 4 || head[3] != 1) return note("SOCKS5 no address"), Descriptor();
        const std::string address = take(client, 4), port = take(client, 2);
        const auto number =
            static_cast<std::uint16_t>(static_cast<unsigned char>(port[0]) << 8 | static_cast<unsigned char>(port[1]));
        char text[INET_ADDRSTRLEN] = {};
        ::inet_ntop(AF_INET, address.data(), text, sizeof text);
        note("SOCKS5 " + std::string(text) + ":" + std::to_string(number));
        Descriptor server = refuses_ ? Descriptor() : reach(number);
        say(client, std::string("\5", 1) +
                        (server     ? '\0'
                         : refuses_ ? '\2'
                                    : '\5') +
                        std::string("\0\1\0\0\0\0\0\0", 8));
        return server;
    }
    static Descriptor reach(std::uint16_t port) {
        Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const bool is_there = ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
        return is_there ? std::move(socket) : Descriptor();
    }
    void pump(int client, int server) const {
        char buffer[16 * 1024];
        while (!ends_) {
            pollfd polled[2] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
            if (::poll(polled, 2, 20) <= 0) continue;
            for (int from = 0; from < 2; ++from) {
                if (polled[from].revents == 0) continue;
                const ssize_t got = ::recv(polled[from].fd, buffer, sizeof buffer, 0);
                if (got <= 0) return;
                say(polled[1 - from].fd, std::string(buffer, static_cast<std::size_t>(got)));
            }
        }
    }
    void note(const std::string& words) {
        const std::lock_guard lock(mutex_);
        asked_ += words + ";";
    }

    const std::string user_, password_;
    const bool refuses_;
    std::uint16_t port_ = 0;
    Descriptor listener_ = listenOnLoopback(port_);
    mutable std::mutex mutex_;
    std::string asked_;
    std::atomic<bool> ends_ = false;
    std::thread thread_{[this] { serve(); }};
};

}  // namespace caseway::fixture
