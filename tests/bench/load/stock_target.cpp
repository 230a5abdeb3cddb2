// tests/bench/load/stock_target.cpp - Poco's own HTTPS server with a handler that answers at once: what a request costs
// with stock parts. Flags and output as load_target.cpp.
#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/SSLManager.h>
#include <Poco/Net/SecureServerSocket.h>
#include <Poco/NullStream.h>
#include <Poco/StreamCopier.h>
#include <fmt/format.h>
#include <sys/resource.h>

#include <atomic>
#include <csignal>
#include <string_view>

namespace {

std::atomic<unsigned long> served{0};

struct ImmediateHandler final : Poco::Net::HTTPRequestHandler {
    void handleRequest(Poco::Net::HTTPServerRequest& request, Poco::Net::HTTPServerResponse& response) override {
        Poco::NullOutputStream nowhere;
        Poco::StreamCopier::copyStream(request.stream(), nowhere);
        constexpr std::string_view kBody = R"({"outcome":"accepted"})";
        response.setContentType("application/json");
        response.sendBuffer(kBody.data(), kBody.size());
        ++served;
    }
};

struct Factory final : Poco::Net::HTTPRequestHandlerFactory {
    Poco::Net::HTTPRequestHandler* createRequestHandler(const Poco::Net::HTTPServerRequest&) override {
        return std::make_unique<ImmediateHandler>().release();  // Poco owns what it is given
    }
};

double microseconds(const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
}

}  // namespace

int main(int argc, char** argv) try {
    std::string certificate, key;
    Poco::UInt16 port = 0;
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string_view name = argv[i];
        if (name == "--cert") certificate = argv[i + 1];
        if (name == "--key") key = argv[i + 1];
        if (name == "--port") port = static_cast<Poco::UInt16>(std::stoi(argv[i + 1]));
    }
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    Poco::Net::initializeSSL();
    Poco::Net::Context::Params tls;
    tls.privateKeyFile = key;
    tls.certificateFile = certificate;
    tls.verificationMode = Poco::Net::Context::VERIFY_NONE;
    tls.ecdhCurve = "X25519:P-256:P-384";
    const Poco::Net::Context::Ptr context = new Poco::Net::Context(Poco::Net::Context::TLS_SERVER_USE, tls);
    const Poco::Net::SecureServerSocket socket(Poco::Net::SocketAddress("127.0.0.1", port), 64, context);
    Poco::ThreadPool threads(2, 64);
    Poco::Net::HTTPServerParams::Ptr params = new Poco::Net::HTTPServerParams;
    params->setMaxThreads(64);
    params->setMaxKeepAliveRequests(0);
    Poco::Net::HTTPServer server(new Factory, threads, socket, params);
    server.start();
    fmt::print("port {}\n", socket.address().port());
    std::fflush(stdout);
    int signal = 0;
    sigwait(&signals, &signal);
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const double cpu = microseconds(usage.ru_utime) + microseconds(usage.ru_stime);
    fmt::print("requests {}, cpu_us_per_request {:.2f}\n", served.load(),
               cpu / static_cast<double>(served == 0 ? 1 : served.load()));
    std::fflush(stdout);
    std::_Exit(0);
} catch (const std::exception& error) {
    fmt::print(stderr, "caseway_stock_target: {}\n", error.what());
    return 1;
}
