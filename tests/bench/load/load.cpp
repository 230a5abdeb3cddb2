// tests/bench/load/load.cpp - the load generator: one thread, epoll, N connections, prepared requests in, JSON out
// (README.md).
#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <map>
#include <memory>
#include <stdexcept>
#include <vector>

#include "tests/bench/load/load_connection.hpp"
#include "tests/bench/load/load_options.hpp"

namespace caseway::load {
namespace {

using Clock = std::chrono::steady_clock;

/// SIGTERM: what is under way is waited for, then the report.
volatile std::sig_atomic_t stop_asked = 0;

double cpuSeconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

class Generator {
public:
    explicit Generator(Options options)
        : options_(std::move(options)), requests_(options_.request_file), connections_(options_.connections) {
        limit_ = options_.count != 0 ? options_.count : UINT64_MAX;
        if (options_.once) limit_ = std::min<std::uint64_t>(limit_, requests_.size());
        if (!options_.plain) makeContext();
    }
    ~Generator() {
        connections_.clear();
        SSL_CTX_free(context_);
        ::close(epoll_);
    }
    Generator(const Generator&) = delete;
    Generator& operator=(const Generator&) = delete;

    int run();

private:
    void makeContext();
    void open(std::size_t slot);
    void handle(std::size_t slot);
    bool next(LoadConnection& connection);
    void report(double seconds, double cpu);

    Options options_;
    RequestFile requests_;
    std::vector<std::unique_ptr<LoadConnection>> connections_;
    int epoll_ = ::epoll_create1(0);
    SSL_CTX* context_ = nullptr;
    std::uint64_t limit_ = 0;
    std::uint64_t sent_ = 0;
    std::uint64_t broken_ = 0;
    std::uint64_t reopened_ = 0;
    bool ending_ = false;
    std::map<int, std::uint64_t> statuses_;
    std::vector<std::uint32_t> latencies_us_;
};

void Generator::makeContext() {
    context_ = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set1_groups_list(context_, "X25519:P-256");
    SSL_CTX_set_mode(context_, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    if (options_.certificate_file.empty()) return;
    if (SSL_CTX_use_certificate_chain_file(context_, options_.certificate_file.c_str()) != 1 ||
        SSL_CTX_use_PrivateKey_file(context_, options_.key_file.c_str(), SSL_FILETYPE_PEM) != 1) {
        throw std::runtime_error("cannot use " + options_.certificate_file + " with " + options_.key_file);
    }
}

void Generator::open(std::size_t slot) {
    connections_[slot] = std::make_unique<LoadConnection>(options_.host, options_.port, context_);
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    event.data.u64 = slot;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, connections_[slot]->fd(), &event);
}

/// False if there is nothing more to send.
bool Generator::next(LoadConnection& connection) {
    if (ending_ || sent_ >= limit_) return false;
    connection.start(requests_[sent_ % requests_.size()], Clock::now());
    ++sent_;
    return true;
}

void Generator::handle(std::size_t slot) {
    for (;;) {
        auto& connection = *connections_[slot];
        const auto event = connection.proceed();
        switch (event) {
            case LoadConnection::Event::Waiting:
                return;
            case LoadConnection::Event::Ready:
                break;
            case LoadConnection::Event::Answered: {
                ++statuses_[connection.status()];
                const auto time =
                    std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - connection.startedAt());
                latencies_us_.push_back(static_cast<std::uint32_t>(time.count()));
                if (!connection.isLast()) break;
                ++reopened_;
                return open(slot);
            }
            case LoadConnection::Event::Broken:
                if (connection.isBusy()) ++broken_;
                ++reopened_;
                if (ending_ || sent_ >= limit_) {
                    connections_[slot].reset();
                    return;
                }
                return open(slot);
        }
        if (!next(connection)) return;
    }
}

void Generator::report(double seconds, double cpu) {
    std::sort(latencies_us_.begin(), latencies_us_.end());
    const auto at = [&](double share) {
        return latencies_us_.empty()
                   ? 0U
                   : latencies_us_[static_cast<std::size_t>(share * static_cast<double>(latencies_us_.size() - 1))];
    };
    std::string statuses;
    for (const auto& [status, count] : statuses_)
        statuses += fmt::format("{}\"{}\":{}", statuses.empty() ? "" : ",", status, count);
    const auto answered = static_cast<double>(std::max<std::size_t>(1, latencies_us_.size()));
    fmt::print(
        "{{\"requests\":{},\"seconds\":{:.3f},\"rate\":{:.0f},\"connections\":{},\"latency_us\":{{\"p50\":{},\"p90\":{}"
        ",\"p99\":{},"
        "\"max\":{}}},\"generator_cpu_us_per_request\":{:.2f},\"statuses\":{{{}}},\"broken\":{},\"reopened\":{}}}\n",
        latencies_us_.size(), seconds, answered / seconds, options_.connections, at(0.5), at(0.9), at(0.99), at(1),
        cpu * 1e6 / answered, statuses, broken_, reopened_);
}

int Generator::run() {
    for (std::size_t slot = 0; slot < connections_.size(); ++slot) open(slot);
    std::array<epoll_event, 256> events{};
    const auto begun = Clock::now();
    const double cpu_begun = cpuSeconds();
    const auto stop_at =
        begun + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(options_.seconds));
    const auto give_up_at = stop_at + std::chrono::seconds(10);
    const bool timed = options_.count == 0 && !options_.once;
    for (;;) {
        const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 50);
        for (int i = 0; i < count; ++i) {
            const auto slot = events[static_cast<std::size_t>(i)].data.u64;
            if (connections_[slot] != nullptr) handle(slot);
        }
        const auto now = Clock::now();
        ending_ = ending_ || stop_asked != 0 || (timed && now >= stop_at);
        const bool all_answered = latencies_us_.size() + broken_ >= sent_;
        if ((ending_ || sent_ >= limit_) && (all_answered || (timed && now >= give_up_at))) break;
    }
    const double seconds = std::chrono::duration<double>(Clock::now() - begun).count();
    report(seconds, cpuSeconds() - cpu_begun);
    return broken_ == 0 && latencies_us_.size() == sent_ ? 0 : 1;
}

}  // namespace
}  // namespace caseway::load

int main(int argc, char** argv) try {
    std::signal(SIGTERM, [](int) { caseway::load::stop_asked = 1; });
    return caseway::load::Generator(caseway::load::parseOptions(argc, argv)).run();
} catch (const std::exception& error) {
    fmt::print(stderr, "caseway_load: {}\n", error.what());
    return 1;
}
