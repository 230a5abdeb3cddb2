// tests/unit/daemon/office_fixture.hpp - a runner of connectors over a store in memory, one type of connector, and a
// clock that tests set.
#pragma once

#include <boost/test/unit_test.hpp>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "gateway/daemon/sync_runner.hpp"
#include "gateway/sync/schedule_of.hpp"
#include "tests/support/memory_connector.hpp"
#include "tests/support/memory_keys.hpp"
#include "tests/unit/pipeline/pulling_fixture.hpp"

namespace caseway::test {

inline constexpr const char* kName = "housing/permits/nightly";

/// A gateway's runner over a store in memory and one type of connector.
struct Office : Pulling {
    Settings settings;
    std::shared_ptr<ListSource> source = std::make_shared<ListSource>();
    ConnectorTypes types;
    std::mutex mutex;
    std::condition_variable told;
    std::deque<Run> ended;
    std::function<void()> at_end = [] {};  ///< a run's end can be read, and its thread is not free yet
    std::size_t failures = 0;
    std::vector<std::string> passed_over;  ///< "reason count due", as the operating log has it
    std::chrono::milliseconds rests_from{30'000};
    std::unique_ptr<SyncRunner> runner;

    explicit Office(std::size_t threads = 1) {
        settings.sync.runs_at_once = threads;
        types.add(std::make_unique<MemoryType>(source));
        source->payloads = {{{"a", "application/json", 0}, pageOf({record("a")})}};
    }
    ~Office() {
        if (runner) runner->stop();
    }
    std::shared_ptr<const LiveConnector> live(std::string_view name, std::optional<ConnectorSchedule> schedule = {}) {
        auto connector = std::make_shared<LiveConnector>();
        connector->name = ConnectorName::parse(name).value();
        connector->version = 1;
        connector->file.document = "type: memory\nmapping: housing.permit\nsettings: {table: a}\n";
        connector->file.mapping = std::string(kPermitMapping);
        connector->file.head.type = "memory";
        connector->file.head.mapping = "housing.permit";
        connector->file.head.schedule = schedule;
        if (schedule) connector->schedule = scheduleOf(*schedule, std::string(name)).value();
        return connector;
    }
    void takesUp(std::vector<std::shared_ptr<const LiveConnector>> all) {
        LiveConnectors connectors;
        for (auto& one : all) connectors.emplace(one->name.text(), one);
        runner->takeUp(std::move(connectors));
    }
    /// Its second version, with other settings.
    std::shared_ptr<const LiveConnector> changed(std::string_view name) {
        auto connector = std::make_shared<LiveConnector>(*live(name));
        connector->version = 2;
        connector->file.document = "type: memory\nmapping: housing.permit\nsettings: {table: b}\n";
        return connector;
    }
    /// What a gateway that was killed left behind.
    Run unfinished(const std::string& terms) {
        Run run;
        run.connector = kName;
        run.system = housing().id;
        run.terms = terms;
        return ledger.begin(run);
    }
    static std::string endOf(const Run& run) {
        return std::string(nameOf(run.state)) + (run.trouble ? " " + run.trouble->code : "");
    }
    void opens(std::vector<std::shared_ptr<const LiveConnector>> all) {
        runner = std::make_unique<SyncRunner>(SyncRunner::Parts{
            settings, types, pagesParts(), [] { return std::make_unique<MemoryKeys>(); },
            [](const std::string&) { return nullptr; },
            [this](const Run& run) {
                at_end();
                const std::lock_guard lock(mutex);
                ended.push_back(run);
                told.notify_all();
            },
            [this](const std::string&, const std::string&) {
                const std::lock_guard lock(mutex);
                ++failures;
                told.notify_all();
            },
            std::chrono::milliseconds(0),
            [this](const PassedOverLine& line) {
                const std::lock_guard lock(mutex);
                passed_over.push_back(std::string(nameOf(line.why)) + " " + std::to_string(line.count) + " " +
                                      toRfc3339(Instant(line.due)));
            },
            rests_from});
        takesUp(std::move(all));
        runner->tick();
    }
    void scheduled(const std::string& missed = "once", std::vector<std::string> windows = {}) {
        ConnectorSchedule schedule;
        schedule.cron = "0 1 * * *";
        schedule.zone = "UTC";
        schedule.missed = missed;
        schedule.windows = std::move(windows);
        opens({live(kName, schedule)});
    }
    void at(std::string_view time) {
        clock.set(parseRfc3339(time).value());
        runner->tick();
    }
    Run next() {
        std::unique_lock lock(mutex);
        told.wait(lock, [this] { return !ended.empty(); });
        const Run run = ended.front();
        ended.pop_front();
        lock.unlock();
        while (!isIdle(run.connector)) std::this_thread::yield();
        return run;
    }
    void storeRefusesNext() { store.plan = {store.plan.steps + 1, fixture::Damage::Failed, store.plan.steps, false}; }
    /// Until the store has refused so many runs, the last one's thread is free, and it waits to be taken up.
    void awaitFailures(std::size_t times) {
        {
            std::unique_lock lock(mutex);
            told.wait(lock, [&] { return failures == times; });
        }
        while (!isIdle(kName)) std::this_thread::yield();
    }
    SyncStatus::Line line(const std::string& connector) {
        for (auto& one : runner->status().connectors)
            if (one.connector == connector) return one;
        return {};
    }
    /// The code of what keeps the run of kName from its next page.
    std::string waitsFor() {
        const auto wait = line(kName).wait;
        return wait ? wait->trouble.code : std::string();
    }
    bool isIdle(const std::string& connector) {
        const auto one = line(connector);
        return !one.busy && !one.waits;
    }
};

}  // namespace caseway::test
