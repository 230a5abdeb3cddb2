// tests/bench/plugin/plugin_bench.cpp - what a process of its own costs: processor time of reading pages, the child's
// included, against the same connector compiled in; and what many that do nothing cost. Usage: bench_plugin PAGES.
#include <poll.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "gateway/formats/crypto/digest.hpp"
#include "tests/bench/plugin/csv_records.hpp"
#include "tests/support/plugin_fixture.hpp"

using namespace caseway;
using namespace caseway::fixture;

namespace {

constexpr int kRounds = 7;
constexpr int kRecordsOfPage = 1000;
constexpr int kIdleMs = 10'000;

double seconds(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}
/// Of this process and of the children that have ended.
double cpu() {
    double sum = 0;
    for (const auto who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
        rusage usage{};
        ::getrusage(who, &usage);
        sum += seconds(usage.ru_utime) + seconds(usage.ru_stime);
    }
    return sum;
}

/// What the gateway does with every page at least: its digest is evidence.
class DigestSink final : public PageSink {
public:
    void payload(const PayloadHead&) override {}
    void bytes(std::string_view piece) override {
        digest.update(piece);
        total += piece.size();
    }
    Sha256Stream digest;
    std::uint64_t total = 0;
};

void writeRecords(const fs::path& file, int records) {
    std::string csv = "c0,c1,c2,c3,c4,c5,c6,c7,c8,c9\n";
    for (int record = 0; record < records; ++record)
        for (int column = 0; column < 10; ++column)
            csv += std::to_string(record) + "-" + std::string(36, static_cast<char>('a' + (record + column) % 26)) +
                   (column == 9 ? "\n" : ",");
    PluginInstallation::write(file, csv);
}

double readAll(const ConnectorType& type, const std::string& settings) {
    const double before = cpu();
    std::uint64_t total = 0;
    int pages = 0;
    {
        const auto connector = type.open(settings, {});
        DigestSink sink;
        for (Cursor cursor;; ++pages) {
            const PageEnd end = connector->read(cursor, {kRecordsOfPage, 1U << 24}, sink);
            cursor = end.next;
            if (end.last) break;
        }
        total = sink.total;
    }
    std::printf("  %d pages, %.1f MB: ", pages, static_cast<double>(total) / 1e6);
    return before;
}

double compiledIn(const std::string& settings) {
    const double before = readAll(bench::CsvRecords(), settings);
    const double taken = cpu() - before;
    std::printf("%.3f s compiled in\n", taken);
    return taken;
}
double outOfProcess(PluginInstallation& installation, const std::string& settings) {
    double before = 0;
    {
        PluginHost host(installation.settings);
        before = readAll(*host.types().at(0), settings);
    }  // the child has ended, so that its time counts
    const double taken = cpu() - before;
    std::printf("%.3f s out of process\n", taken);
    return taken;
}

/// Processor time that the children of this process, single-threaded, have taken so far.
double cpuOfChildren() {
    double sum = 0;
    for (const auto& entry : fs::directory_iterator("/proc")) {
        std::ifstream status(entry.path() / "status"), times(entry.path() / "schedstat");
        std::string line;
        while (std::getline(status, line) && !line.starts_with("PPid:")) {
        }
        double nanoseconds = 0;
        if (line == "PPid:\t" + std::to_string(::getpid()) && times >> nanoseconds) sum += nanoseconds / 1e9;
    }
    return sum;
}

void manyIdle(PluginInstallation& installation, const std::string& settings) {
    const auto start = std::chrono::steady_clock::now();
    auto host = std::make_unique<PluginHost>(installation.settings);
    std::vector<std::unique_ptr<Connector>> registered;
    for (int i = 0; i < 200; ++i) registered.push_back(host->types().at(0)->open(settings, {}));
    const auto opened = std::chrono::steady_clock::now();
    for (int i = 0; i < 30; ++i) registered[static_cast<std::size_t>(i)]->check();
    const auto running = std::chrono::steady_clock::now();
    const double before = cpu(), children_before = cpuOfChildren();
    ::poll(nullptr, 0, kIdleMs);
    const double host_idle = cpu() - before, children = cpuOfChildren() - children_before;
    std::printf("  200 registered in %.4f s; 30 started one after the other in %.2f s (%zu run)\n",
                std::chrono::duration<double>(opened - start).count(),
                std::chrono::duration<double>(running - opened).count(), host->running());
    std::printf("  idle for %d s: gateway %.4f s, plug-ins %.4f s of processor time\n", kIdleMs / 1000, host_idle,
                children);
}

}  // namespace

int main(int argc, char** argv) {
    const int pages = argc > 1 ? std::atoi(argv[1]) : 400;
    PluginInstallation installation;
    installation.install(fs::path(CASEWAY_BINARY_DIR) / "plugins/csv_records");
    const fs::path file = installation.exchangeFolder() / "records.csv";
    writeRecords(file, pages * kRecordsOfPage);
    const std::string settings =
        "{\"file\":\"" + file.string() + "\",\"folder\":\"" + file.parent_path().string() + "\"}";
    std::printf("reading, pages of %d records of about 500 B\n", kRecordsOfPage);
    std::vector<double> ratios;
    for (int round = 0; round < kRounds; ++round) {
        ratios.push_back(outOfProcess(installation, settings) / compiledIn(settings));
        std::printf("  ratio %.2f\n", ratios.back());
    }
    std::sort(ratios.begin(), ratios.end());
    const double median = ratios[kRounds / 2];
    std::printf("median ratio %.2f (goal: at most 1.5)\n", median);
    std::printf("many\n");
    manyIdle(installation, settings);
    return median <= 1.5 ? 0 : 1;
}
