// gateway/adapters/http/http_server.cpp - binds the doors, starts loop, workers and spool threads, ends them in order.
#include "gateway/adapters/http/http_server.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/SocketAddress.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <mutex>
#include <thread>
#include <vector>

#include "gateway/adapters/http/poll_loop.hpp"
#include "gateway/base/fault.hpp"

namespace caseway {
namespace {

constexpr int kBacklog = 1024;
constexpr std::size_t kOwnDescriptors = 256;  // store, log, spools

/// As many descriptors as we may have. Returns how many connections fit beside our own files.
std::size_t raiseDescriptorLimit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 512;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    ::getrlimit(RLIMIT_NOFILE, &limit);
    const auto all = static_cast<std::size_t>(limit.rlim_cur);
    return all > 2 * kOwnDescriptors ? all - kOwnDescriptors : all / 2;
}

/// A socket file that a killed process left behind; one that somebody still serves makes bind() fail.
void removeStaleSocket(const std::string& path) {
    struct stat info {};
    if (::lstat(path.c_str(), &info) != 0 || !S_ISSOCK(info.st_mode)) return;
    try {
        const Poco::Net::StreamSocket probe(Poco::Net::SocketAddress(Poco::Net::SocketAddress::UNIX_LOCAL, path));
    } catch (const Poco::Exception&) {
        ::unlink(path.c_str());
    }
}

Poco::Net::ServerSocket bindUnix(const std::string& path) {
    removeStaleSocket(path);
    Poco::Net::ServerSocket socket;
    const auto before = ::umask(0177);  // 0600 from the first moment on
    try {
        socket.bind(Poco::Net::SocketAddress(Poco::Net::SocketAddress::UNIX_LOCAL, path));
    } catch (...) {
        ::umask(before);
        throw;
    }
    ::umask(before);
    return socket;
}

std::unique_ptr<Listener> openListener(const ListenerConfig& config) try {
    auto listener = std::make_unique<Listener>();
    listener->config = config;
    if (!config.certificate_file.empty()) listener->tls = std::make_unique<TlsContext>(config);
    if (!config.unix_path.empty()) {
        listener->socket = bindUnix(config.unix_path);
    } else {
        listener->socket.bind(Poco::Net::SocketAddress(config.address, config.port), true, false);
    }
    listener->socket.listen(kBacklog);
    listener->socket.setBlocking(false);
    if (config.unix_path.empty()) listener->config.port = listener->socket.address().port();
    return listener;
} catch (const Poco::Exception& error) {
    const auto where = config.unix_path.empty() ? config.address + ":" + std::to_string(config.port) : config.unix_path;
    throw Fault(FaultCode::NetworkUnavailable, "listener " + config.name + " on " + where + ": " + error.displayText(),
                "is another gateway running, and is the address one of this machine?");
}

std::size_t workersOf(const HttpServerConfig& config) {
    return config.workers != 0 ? config.workers : std::max(1U, std::thread::hardware_concurrency());
}

}  // namespace

struct HttpServer::Parts {
    Parts(const HttpServerConfig& given, RequestHandler& request_handler)
        : config(given),
          handler(request_handler),
          limiter(config.limits.requests_per_second, config.limits.request_burst),
          spool_pool(std::max<std::size_t>(1, config.spool_threads),
                     [](std::shared_ptr<SpoolTask>& task) { task->turn(); }),
          workers(workersOf(config), [this](HandlerJob& job) { handle(job); }),
          context{config, handler, counters, mailbox, spool_pool, limiter} {}

    void handle(HandlerJob& job) {
        try {
            handler.handle(std::move(job.request), job.responder);
        } catch (const Fault& fault) {
            if (config.report_fault) config.report_fault(fault.what());
            auto response = problem(fault.isTransient() ? 503 : 500, nameOf(fault.code()), "this cannot be done now");
            if (fault.isTransient()) response.fields.push_back({"Retry-After", "5"});
            job.responder.answer(std::move(response));
        } catch (const std::exception& error) {
            if (config.report_fault) config.report_fault(error.what());
            job.responder.answer(problem(500, "internal_error", "the request could not be handled"));
        }
    }

    HttpServerConfig config;
    RequestHandler& handler;
    HttpCounters counters;
    std::shared_ptr<Mailbox> mailbox = std::make_shared<Mailbox>();
    RateLimiter limiter;
    SpoolPool spool_pool;
    WorkerPool workers;
    LoopContext context;
    std::vector<std::unique_ptr<Listener>> listeners;
    std::unique_ptr<PollLoop> loop;
    std::thread thread;
    std::mutex stop_mutex;
};

HttpServer::HttpServer(const HttpServerConfig& config, RequestHandler& handler)
    : parts_(std::make_unique<Parts>(config, handler)) {
    auto& limits = parts_->config.limits;
    limits.connections = std::min(limits.connections, raiseDescriptorLimit());
    for (const auto& listener : config.listeners) parts_->listeners.push_back(openListener(listener));
    if (parts_->listeners.empty()) throw Fault(FaultCode::ConfigurationBad, "the HTTP server has no listener");
    parts_->loop = std::make_unique<PollLoop>(parts_->context, parts_->workers, parts_->listeners);
    parts_->thread = std::thread([loop = parts_->loop.get()] { loop->run(); });
}

HttpServer::~HttpServer() {
    stop(std::chrono::seconds(5));
}

std::uint16_t HttpServer::port(std::string_view listener) const {
    for (const auto& open : parts_->listeners) {
        if (open->config.name == listener && open->config.unix_path.empty()) return open->config.port;
    }
    return 0;
}

void HttpServer::reloadCertificate() {
    for (auto& listener : parts_->listeners) {
        if (listener->tls != nullptr) listener->tls->reload();
    }
}

void HttpServer::stop(std::chrono::milliseconds deadline) {
    const std::lock_guard lock(parts_->stop_mutex);
    if (!parts_->thread.joinable()) return;
    parts_->mailbox->stopping.store(true);
    parts_->loop->setGrace(deadline);
    Mail mail;
    mail.kind = Mail::Kind::Stop;
    parts_->mailbox->post(std::move(mail));
    parts_->thread.join();
    parts_->workers.stop();
    parts_->spool_pool.stop();
    for (const auto& listener : parts_->listeners) {
        if (!listener->config.unix_path.empty()) ::unlink(listener->config.unix_path.c_str());
    }
}

const HttpCounters& HttpServer::counters() const {
    return parts_->counters;
}

void HttpServer::answerTogether(const std::function<void()>& answers) {
    const PostTogether together;
    answers();
}

}  // namespace caseway
