// gateway/adapters/http/http_server.hpp - HTTPS on Poco's sockets and TLS: one poll loop owns all connections, workers
// see only whole requests. Framing by Boost.Beast, tightened (request_parser.hpp). Life of a request: README.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "gateway/adapters/http/http_config.hpp"
#include "gateway/adapters/http/http_counters.hpp"
#include "gateway/adapters/http/request_handler.hpp"

namespace caseway {

class HttpServer {
public:
    /// Binds every listener and starts to serve. `handler` must live until stop() has returned.
    /// Throws Fault{ConfigurationBad, FileUnavailable} for certificate or key files, Fault{NetworkUnavailable} where an
    /// address is taken.
    HttpServer(const HttpServerConfig& config, RequestHandler& handler);
    /// As stop() with five seconds.
    ~HttpServer();

    /// The port that a listener really has; 0 for a Unix socket or an unknown name.
    std::uint16_t port(std::string_view listener = "public") const;

    /// Reads certificate, key and client CA files again; new connections get them, sessions stay resumable.
    /// Throws Fault{ConfigurationBad, FileUnavailable} and keeps serving with what it had. Callable from any thread.
    void reloadCertificate();

    /// Accepts no more, finishes the requests in flight (answered with Connection: close), ends. Returns at the latest
    /// after `deadline` and the time a running handler still needs. Callable once or more, from any thread but a
    /// worker.
    void stop(std::chrono::milliseconds deadline);

    const HttpCounters& counters() const;

    /// Runs `answers`; what its thread answers meanwhile, on any server, leaves in one go at its end. Not nested.
    static void answerTogether(const std::function<void()>& answers);

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace caseway
