// tests/bench/load/load_target.cpp - the gateway's HTTP layer with nothing behind it: what the transport alone costs.
#include <fmt/format.h>
#include <sys/resource.h>

#include <csignal>
#include <cstdlib>
#include <string_view>

#include "gateway/adapters/http/http_server.hpp"

namespace {

struct ImmediateHandler final : caseway::RequestHandler {
    caseway::BodyPlan onHead(const caseway::RequestHead&) override { return caseway::InlineBody{10 * 1024 * 1024}; }
    void handle(caseway::Request, caseway::Responder responder) override {
        caseway::Response response;
        response.fields.push_back({"Content-Type", "application/json"});
        response.body = R"({"outcome":"accepted"})";
        responder.answer(std::move(response));
    }
};

double microseconds(const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
}

}  // namespace

int main(int argc, char** argv) try {
    caseway::HttpServerConfig config;
    config.listeners.push_back({});
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string_view name = argv[i];
        if (name == "--cert") config.listeners[0].certificate_file = argv[i + 1];
        if (name == "--key") config.listeners[0].key_file = argv[i + 1];
        if (name == "--port") config.listeners[0].port = static_cast<std::uint16_t>(std::atoi(argv[i + 1]));
        if (name == "--workers") config.workers = static_cast<std::size_t>(std::atoi(argv[i + 1]));
    }
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    ImmediateHandler handler;
    caseway::HttpServer server(config, handler);
    fmt::print("port {}\n", server.port());
    std::fflush(stdout);
    int signal = 0;
    sigwait(&signals, &signal);
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto requests = server.counters().requests.load();
    const double cpu = microseconds(usage.ru_utime) + microseconds(usage.ru_stime);
    fmt::print("requests {}, cpu_us_per_request {:.2f} (user {:.2f}), peak_rss_kb {}\n", requests,
               cpu / static_cast<double>(requests == 0 ? 1 : requests),
               microseconds(usage.ru_utime) / static_cast<double>(requests == 0 ? 1 : requests), usage.ru_maxrss);
    return 0;
} catch (const std::exception& error) {
    fmt::print(stderr, "caseway_load_target: {}\n", error.what());
    return 1;
}
