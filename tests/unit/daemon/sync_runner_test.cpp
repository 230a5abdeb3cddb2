// tests/unit/daemon/sync_runner_test.cpp - which runs begin when: due ones within their windows, missed ones as the
// schedule says, those that a store did not take again; fairly, and not for a connector that fails again and again.
#include "gateway/daemon/sync_runner.hpp"

#include <boost/test/unit_test.hpp>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "gateway/daemon/sync_ways.hpp"
#include "gateway/sync/schedule_of.hpp"
#include "tests/support/memory_connector.hpp"
#include "tests/unit/pipeline/pulling_fixture.hpp"

using namespace caseway;
using namespace caseway::test;

namespace {

constexpr const char* kName = "housing/permits/nightly";

/// A gateway's runner over a store in memory and one type of connector.
struct Office : Pulling {
    Settings settings;
    std::shared_ptr<ListSource> source = std::make_shared<ListSource>();
    ConnectorTypes types;
    std::mutex mutex;
    std::condition_variable told;
    std::deque<Run> ended;
    std::size_t failures = 0;
    std::vector<std::string> passed_over;  ///< "reason count due", as the operating log has it
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
        runner = std::make_unique<SyncRunner>(SyncRunner::Parts{settings, types, pagesParts(),
                                                                [] { return std::unique_ptr<KeySet>(); },
                                                                [](const std::string&) { return nullptr; },
                                                                [this](const Run& run) {
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
                                                                    passed_over.push_back(
                                                                        std::string(nameOf(line.why)) + " " +
                                                                        std::to_string(line.count) + " " +
                                                                        toRfc3339(Instant(line.due)));
                                                                }});
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
    SyncStatus::Line line(const std::string& connector) {
        for (auto& one : runner->status().connectors)
            if (one.connector == connector) return one;
        return {};
    }
    bool isIdle(const std::string& connector) {
        const auto one = line(connector);
        return !one.busy && !one.waits;
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(SyncRunners)

BOOST_AUTO_TEST_CASE(a_due_run_ends_with_its_window_one_that_a_person_asks_for_does_not) {
    Office office;
    office.scheduled("once", {"22:00-06:00"});
    office.at("2026-05-04T00:59:59Z");
    BOOST_TEST(office.isIdle(kName));
    office.at("2026-05-04T01:00:00Z");
    BOOST_TEST(toRfc3339(office.next().ends_by.value()) == "2026-05-04T06:00:00Z");
    BOOST_TEST(office.runner->start(kName, {}).ok());
    BOOST_TEST(!office.next().ends_by.has_value());
}

BOOST_AUTO_TEST_CASE(missed_runs_are_made_up_once_or_each_or_not_at_all) {
    const auto runsAfterThreeDays = [](const std::string& missed, std::vector<std::string> windows = {}) {
        Office office;
        office.scheduled(missed, std::move(windows));
        for (int i = 0; i < 5; ++i) {
            office.at("2026-05-06T12:00:00Z");
            if (!office.isIdle(kName)) office.next();
        }
        return office.memory.reader().runs("", 0, 10).size();
    };
    BOOST_TEST(runsAfterThreeDays("once") == 1U);
    BOOST_TEST(runsAfterThreeDays("each") == 3U);
    BOOST_TEST(runsAfterThreeDays("skip") == 0U);
    BOOST_TEST(runsAfterThreeDays("once", {"00:00-06:00"}) == 0U);
}

BOOST_AUTO_TEST_CASE(a_due_run_whose_first_commit_fails_is_not_lost) {
    Office office;
    office.scheduled();
    office.store.plan = {office.store.plan.steps + 1, fixture::Damage::Failed, office.store.plan.steps, false};
    office.at("2026-05-04T01:00:00Z");
    {
        std::unique_lock lock(office.mutex);
        office.told.wait(lock, [&] { return office.failures == 1; });
    }
    while (!office.isIdle(kName)) std::this_thread::yield();
    BOOST_TEST(office.memory.reader().runs("", 0, 10).empty());
    office.at("2026-05-04T01:00:01Z");
    BOOST_TEST(nameOf(office.next().state) == "done");
}

BOOST_AUTO_TEST_CASE(a_connector_that_fails_again_and_again_is_left_alone_and_then_tried_once) {
    Office office;
    office.settings.sync.circuit.failures = 2;
    office.scheduled();
    office.source->fault = ConnectorFault(ConnectorFaultKind::Config, {"login_refused", "/user", "no", "ask them"});
    for (const char* day : {"04", "05"}) {
        office.at("2026-05-" + std::string(day) + "T01:00:00Z");
        BOOST_TEST(nameOf(office.next().state) == "stopped");
    }
    BOOST_TEST(nameOf(office.line(kName).circuit.state(office.clock.now())) == "open");
    BOOST_TEST(office.runner->start(kName, {}).ok());  // a person's run is begun all the same
    BOOST_TEST(nameOf(office.next().state) == "stopped");
    office.settings.sync.circuit.wait = office.settings.sync.circuit.most = std::chrono::hours(48);
    BOOST_TEST(office.runner->start(kName, {}).ok());
    office.next();
    office.at("2026-05-06T01:00:00Z");
    BOOST_TEST(office.isIdle(kName));
    BOOST_TEST(office.passed_over.back() == "circuit_open 1 2026-05-06T01:00:00Z");
    office.source->fault.reset();
    office.at("2026-05-08T01:00:00Z");
    BOOST_TEST(nameOf(office.next().state) == "done");
    BOOST_TEST(nameOf(office.line(kName).circuit.state(office.clock.now())) == "closed");
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_set_back_and_another_version_open_the_way_again) {
    Office office;
    office.settings.sync.circuit.failures = 1;
    office.scheduled();
    office.source->fault = ConnectorFault(ConnectorFaultKind::Config, {"login_refused", "/user", "no", "ask them"});
    office.at("2026-05-09T01:00:00Z");
    BOOST_TEST(nameOf(office.next().state) == "stopped");
    const auto stateNow = [&] { return std::string(nameOf(office.line(kName).circuit.state(office.clock.now()))); };
    office.at("2026-05-04T12:00:00Z");  // it was ahead by days
    BOOST_TEST(stateNow() == "open");
    office.at("2026-05-04T12:13:00Z");
    BOOST_TEST(stateNow() == "half-open");
    office.at("2026-05-04T12:05:00Z");
    office.takesUp({office.changed(kName)});
    office.runner->tick();
    BOOST_TEST(stateNow() == "closed");
}

BOOST_AUTO_TEST_CASE(a_department_with_many_connectors_does_not_hold_up_the_others) {
    Office office(2);
    std::promise<void> began_a, began_b, go_a, go_b;
    std::atomic<int> reads{0};
    office.source->reads = [&] {
        const int read = reads++;
        if (read == 0) began_a.set_value(), go_a.get_future().wait();
        if (read == 1) began_b.set_value(), go_b.get_future().wait();
    };
    const std::string other = police().id.text() + "/d";
    office.opens({office.live("housing/permits/a"), office.live("housing/permits/b"), office.live("housing/permits/c"),
                  office.live(other)});
    BOOST_TEST(office.runner->start("housing/permits/a", {}).ok());
    began_a.get_future().wait();
    BOOST_TEST(office.runner->start("housing/permits/b", {}).ok());
    began_b.get_future().wait();
    BOOST_TEST(office.runner->start("housing/permits/c", {}).ok());
    BOOST_TEST(office.runner->start(other, {}).ok());
    go_b.set_value();
    BOOST_TEST(office.next().connector == "housing/permits/b");
    BOOST_TEST(office.next().connector == other);
    BOOST_TEST(office.next().connector == "housing/permits/c");
    go_a.set_value();
    BOOST_TEST(office.next().connector == "housing/permits/a");
}

BOOST_AUTO_TEST_CASE(an_unfinished_run_is_gone_on_with_or_ended_but_not_passed_over) {
    Office office;
    office.source->reads = [] { throw std::runtime_error("never read"); };
    office.opens({office.live(kName)});
    office.unfinished({});
    RunRequest full;
    full.kind = RunKind::Full;
    BOOST_TEST(office.runner->start(kName, full).error().code == "run_unfinished");
    BOOST_TEST(office.runner->cancel(kName).ok());
    BOOST_TEST(nameOf(office.next().state) == "cancelled");
    BOOST_TEST(office.runner->cancel(kName).error().code == "run_unknown");
}

BOOST_AUTO_TEST_CASE(a_run_whose_connector_is_changed_or_suspended_under_it_ends_and_says_so) {
    Office office;
    office.opens({office.live(kName)});
    const auto endWhen = [&](std::function<void()> change) {
        office.source->reads = std::move(change);
        BOOST_TEST(office.runner->start(kName, {}).ok());
        return Office::endOf(office.next());
    };
    BOOST_TEST(endWhen([&] { office.takesUp({office.changed(kName)}); }) == "stopped settings_changed");
    BOOST_TEST(endWhen([] {}) == "done");
    BOOST_TEST(endWhen([&] { office.takesUp({}); }) == "stopped connector_not_active");
}

BOOST_AUTO_TEST_CASE(who_asks_for_a_run_gets_one_with_the_new_settings_and_the_unfinished_one_ends) {
    Office office;
    office.opens({office.changed(kName)});
    office.unfinished("of the first version");
    BOOST_TEST(office.runner->start(kName, {}).ok());
    {
        std::unique_lock lock(office.mutex);
        office.told.wait(lock, [&] { return office.ended.size() == 2; });
    }
    BOOST_TEST(Office::endOf(office.next()) == "stopped settings_changed");
    const Run fresh = office.next();
    BOOST_TEST(Office::endOf(fresh) == "done");
    BOOST_TEST(fresh.number == 2U);
    BOOST_TEST(fresh.terms == office.changed(kName)->terms());
}

BOOST_AUTO_TEST_CASE(what_the_gateway_finds_unfinished_with_other_settings_is_only_ended) {
    Office office;
    office.opens({office.changed(kName)});
    office.unfinished("of the first version");
    office.runner->tick();
    BOOST_TEST(Office::endOf(office.next()) == "stopped settings_changed");
    office.runner->tick();
    BOOST_TEST(office.isIdle(kName));
    BOOST_TEST(office.memory.reader().runs("", 0, 10).size() == 1U);
}

BOOST_AUTO_TEST_CASE(times_that_the_policy_or_a_closed_window_passes_over_are_told) {
    const auto toldOf = [](const std::string& missed, std::vector<std::string> windows = {}) {
        Office office;
        office.scheduled(missed, std::move(windows));
        office.at("2026-05-06T12:00:00Z");
        if (missed == "once" && !office.isIdle(kName)) office.next();
        std::string text = office.passed_over.empty() ? "" : office.passed_over.at(0);
        BOOST_TEST(office.passed_over.size() <= 1U);
        return text;
    };
    BOOST_TEST(toldOf("once") == "missed_policy 2 2026-05-06T01:00:00Z");
    BOOST_TEST(toldOf("skip") == "missed_policy 3 2026-05-06T01:00:00Z");
    BOOST_TEST(toldOf("once", {"00:00-06:00"}) == "window_closed 3 2026-05-06T01:00:00Z");
}

BOOST_AUTO_TEST_CASE(a_time_that_comes_while_the_former_run_goes_on_is_told_where_it_is_not_made_up) {
    Office office;
    std::promise<void> began, go;
    std::atomic<int> reads{0};
    office.source->reads = [&] {
        if (reads++ == 0) began.set_value(), go.get_future().wait();
    };
    office.scheduled();
    office.at("2026-05-04T01:00:00Z");
    began.get_future().wait();
    office.at("2026-05-05T01:00:00Z");
    BOOST_TEST(office.passed_over.empty());  // it is made up when the former one has ended
    office.at("2026-05-06T01:00:00Z");
    BOOST_TEST(office.passed_over == std::vector<std::string>{"run_under_way 1 2026-05-05T01:00:00Z"},
               boost::test_tools::per_element());
    BOOST_TEST(passedOverMetrics(office.runner->status())
                   .find("caseway_runs_passed_over_total{connector=\"housing/permits/nightly\",reason=\"run_under_way\"}"
                         " 1\n") != std::string::npos);
    go.set_value();
    office.next();
    office.runner->tick();
    BOOST_TEST(nameOf(office.next().state) == "done");
    BOOST_TEST(office.passed_over.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_run_whose_window_closes_while_it_waits_for_a_thread_is_passed_over_and_told) {
    Office office;
    std::promise<void> began, go;
    std::atomic<int> reads{0};
    office.source->reads = [&] {
        if (reads++ == 0) began.set_value(), go.get_future().wait();
    };
    ConnectorSchedule schedule;
    schedule.cron = "0 1 * * *";
    schedule.zone = "UTC";
    schedule.windows = {"00:00-06:00"};
    const std::string other = "housing/permits/long";
    office.opens({office.live(kName, schedule), office.live(other)});
    BOOST_TEST(office.runner->start(other, {}).ok());
    began.get_future().wait();
    office.at("2026-05-04T01:00:00Z");
    BOOST_TEST(office.line(kName).waits);
    office.clock.set(parseRfc3339("2026-05-04T06:00:00Z").value());
    go.set_value();
    office.next();
    while (!office.isIdle(kName)) std::this_thread::yield();
    BOOST_TEST(office.passed_over == std::vector<std::string>{"no_free_slot 1 2026-05-04T01:00:00Z"},
               boost::test_tools::per_element());
    BOOST_TEST(office.memory.reader().runs(kName, 0, 10).empty());
}

BOOST_AUTO_TEST_CASE(a_run_that_ends_before_its_take_up_comes_to_its_turn_is_not_begun_anew) {
    Office office;
    std::promise<void> began, go;
    std::atomic<int> reads{0};
    office.source->reads = [&] {
        if (reads++ == 0) began.set_value(), go.get_future().wait();
    };
    const std::string other = "housing/permits/long";
    office.opens({office.live(kName), office.live(other)});
    BOOST_TEST(office.runner->start(other, {}).ok());
    began.get_future().wait();
    Run unfinished = office.unfinished({});
    office.runner->tick();  // it is found, and waits for the thread
    BOOST_TEST(office.line(kName).waits);
    unfinished.state = RunState::Done;
    unfinished.ended_at = unfinished.started_at;
    office.ledger.end(unfinished);
    go.set_value();
    BOOST_TEST(office.next().connector == other);
    while (!office.isIdle(kName)) std::this_thread::yield();
    BOOST_TEST(office.memory.reader().runs(kName, 0, 10).size() == 1U);
    BOOST_TEST(reads == 1);
}

BOOST_AUTO_TEST_CASE(a_dry_run_that_ends_by_a_fault_keeps_what_it_counted) {
    const auto endOfDry = [](std::function<void(Office&)> second) {
        Office office;
        std::atomic<int> reads{0};
        office.source->more = true;
        office.source->reads = [&] {
            if (++reads == 2) second(office);
        };
        office.opens({office.live(kName)});
        RunRequest dry;
        dry.dry = true;
        BOOST_TEST(office.runner->start(kName, dry).ok());
        while (!office.isIdle(kName)) std::this_thread::yield();
        const Run run = office.line(kName).dry.value();
        BOOST_TEST(run.pages == 1U);
        BOOST_TEST(run.counts.records.fresh == 1U);
        BOOST_TEST(!run.trouble->next_step.empty());
        BOOST_TEST(office.memory.reader().runs("", 0, 10).empty());
        return Office::endOf(run) + " " + run.trouble->kind;
    };
    BOOST_TEST(endOfDry([](Office&) {
                   throw ConnectorFault(ConnectorFaultKind::Config, {"login_refused", "/user", "no", "ask them"});
               }) == "stopped login_refused config");
    BOOST_TEST(endOfDry([](Office&) { throw Fault(FaultCode::StoreCorrupt, "a page is gone", "restore"); }) ==
               "stopped store_corrupt store");
}

BOOST_AUTO_TEST_CASE(since_a_time_is_where_reading_stood_then) {
    Office office;
    office.opens({office.live(kName)});
    const auto since = [&](const std::string& text) {
        const auto cursor = cursorSince(office.memory.reader(), *office.live(kName), text);
        return cursor ? "'" + *cursor + "'" : cursor.error().code;
    };
    for (const char* time : {"2026-05-04T01:00:00Z", "2026-05-05T01:00:00Z"}) {
        office.at(time);
        BOOST_TEST(office.runner->start(kName, {}).ok());
        office.next();
    }
    BOOST_TEST(since("2026-05-04T00:00:00Z") == "''");
    BOOST_TEST(since("2026-05-04T12:00:00Z") == "'next'");
    BOOST_TEST(since("2026-05-06T00:00:00Z") == "'next'");
    BOOST_TEST(since("base64:aGlnaA==") == "'high'");
    BOOST_TEST(since("yesterday") == "since_unknown");
    BOOST_TEST(since("base64:?") == "since_unknown");
}

BOOST_AUTO_TEST_SUITE_END()
