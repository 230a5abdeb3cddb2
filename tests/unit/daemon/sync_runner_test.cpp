// tests/unit/daemon/sync_runner_test.cpp - which runs begin when: due ones within their windows, missed ones as the
// schedule says, those that a store did not take again; fairly, and not for a connector that fails again and again.
#include <future>
#include <utility>

#include "gateway/daemon/sync_ways.hpp"
#include "tests/unit/daemon/office_fixture.hpp"

using namespace caseway;
using namespace caseway::test;

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

BOOST_AUTO_TEST_CASE(who_saw_a_run_end_is_not_told_that_it_is_under_way) {
    Office office;
    office.opens({office.live(kName)});
    std::future<Result<Done>> next;
    std::promise<void> asked;
    bool is_first = true;
    office.at_end = [&] {
        if (!std::exchange(is_first, false)) return;
        next = std::async(std::launch::async, [&] {
            asked.set_value();
            return office.runner->start(kName, {});
        });
        asked.get_future().wait();
    };
    BOOST_TEST(office.runner->start(kName, {}).ok());
    office.next();
    const auto started = next.get();
    BOOST_TEST(started.ok(), (started ? "" : started.error().code));
    BOOST_TEST(office.next().number == 2U);
}

BOOST_AUTO_TEST_CASE(who_asks_for_a_held_connector_is_told_what_holds_it) {
    Office office;
    office.opens({});
    BOOST_TEST(office.runner->start(kName, {}).error().code == "connector_unknown");
    const Refusal why{"connector_mapping_not_granted", "mapping", kName, "may not", "grant it", {}};
    const Refusal own{"connector_not_active", "connector", "b", "it is suspended", "resume it", {}};
    office.runner->takeUp({}, {{kName, why}, {"b", own}});
    BOOST_TEST(office.runner->start(kName, {}).error().hint == "grant it");
    BOOST_TEST(office.runner->start("b", {}).error().hint == "resume it");
    const Refusal mistyped = office.runner->start("housing/permits/nigthly", {}).error();
    BOOST_TEST(mistyped.code == "connector_unknown");
    BOOST_TEST(mistyped.hint == "did you mean 'housing/permits/nightly'?");
    const SyncStatus status = office.runner->status();
    BOOST_TEST(status.held.size() == 1U);
    BOOST_TEST(status.held.contains(kName));
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

/// Three were missed, and one of them had begun.
BOOST_AUTO_TEST_CASE(missed_runs_that_are_made_up_each_are_owed_still_after_a_restart) {
    const auto runsOf = [](const std::string& missed) {
        Office office;
        office.scheduled(missed);
        office.at("2026-05-06T12:00:00Z");
        office.next();
        for (int start = 0; start < 3; ++start) {
            office.runner->stop();
            office.scheduled(missed);
            office.at("2026-05-06T12:00:00Z");
            if (!office.isIdle(kName)) office.next();
        }
        return office.memory.reader().runs("", 0, 10).size();
    };
    BOOST_TEST(runsOf("once") == 1U);
    BOOST_TEST(runsOf("each") == 3U);
}

BOOST_AUTO_TEST_CASE(a_due_run_whose_first_commit_fails_is_not_lost) {
    Office office;
    office.scheduled();
    office.storeRefusesNext();
    office.at("2026-05-04T01:00:00Z");
    office.awaitFailures(1);
    BOOST_TEST(office.waitsFor() == "store_unavailable");  // it is taken up again
    BOOST_TEST(office.memory.reader().runs("", 0, 10).empty());
    office.at("2026-05-04T01:00:01Z");
    BOOST_TEST(nameOf(office.next().state) == "done");
}

BOOST_AUTO_TEST_CASE(who_looks_while_a_run_waits_sees_for_what_and_until_when) {
    Office office;
    office.opens({office.live(kName)});
    office.source->fault = ConnectorFault(ConnectorFaultKind::Transient, {"source_down", "host", "no", "wait"});
    BOOST_TEST(office.runner->start(kName, {}).ok());
    while (!office.line(kName).wait) std::this_thread::yield();
    const RunWait wait = office.line(kName).wait.value();
    BOOST_TEST(wait.trouble.code == "source_down");
    BOOST_TEST(wait.trouble.next_step == "wait");
    BOOST_TEST((wait.until >= office.clock.now()));
    BOOST_TEST(office.runner->cancel(kName).ok());
    BOOST_TEST(nameOf(office.next().state) == "cancelled");
    BOOST_TEST(!office.line(kName).wait);
}

BOOST_AUTO_TEST_CASE(what_the_store_refuses_again_and_again_waits_since_the_first_time) {
    Office office;
    office.opens({office.live(kName)});
    office.unfinished({});
    const Instant first = office.clock.now();
    for (std::size_t times = 1; times <= 2; ++times) {
        office.storeRefusesNext();
        office.runner->tick();
        office.awaitFailures(times);
        BOOST_TEST(office.waitsFor() == "store_unavailable");
        BOOST_TEST((office.runner->waits().at(kName).since == first));
        office.clock.set(office.clock.now() + std::chrono::minutes(1));
    }
    office.runner->tick();
    BOOST_TEST(office.next().number == 1U);
    BOOST_TEST(office.runner->waits().empty());
}

/// It is the same process that goes on with it: the time of day says nothing of how long it ran.
BOOST_AUTO_TEST_CASE(a_clock_that_is_set_forward_while_the_store_refuses_ends_no_run) {
    Office office;
    auto once = std::make_shared<LiveConnector>(*office.live(kName));
    once->file.head.limits.attempts = 1;
    office.opens({once});
    bool is_first = true;
    office.source->reads = [&] {
        if (std::exchange(is_first, false)) office.storeRefusesNext();
    };
    BOOST_TEST(office.runner->start(kName, {}).ok());
    office.awaitFailures(1);
    BOOST_TEST(office.memory.reader().unfinishedRuns().size() == 1U);
    office.clock.set(office.clock.now() + office.settings.sync.longest_run + std::chrono::hours(1));
    office.runner->tick();
    BOOST_TEST(Office::endOf(office.next()) == "done");
}

/// A full disk takes no end either: that somebody cancelled it is not forgotten until it is written.
BOOST_AUTO_TEST_CASE(a_run_that_is_cancelled_while_the_store_refuses_ends_as_cancelled) {
    Office office;
    office.opens({office.live(kName)});
    office.source->fault = ConnectorFault(ConnectorFaultKind::Transient, {"source_down", "host", "no", "wait"});
    BOOST_TEST(office.runner->start(kName, {}).ok());
    while (!office.line(kName).wait) std::this_thread::yield();
    for (std::size_t times = 1; times <= 2; ++times) {
        office.storeRefusesNext();
        if (times == 1) BOOST_TEST(office.runner->cancel(kName).ok());
        if (times == 2) office.runner->tick();
        office.awaitFailures(times);
    }
    office.source->fault.reset();
    office.runner->tick();
    BOOST_TEST(nameOf(office.next().state) == "cancelled");
    BOOST_TEST(office.runner->start(kName, {}).ok());  // the next one is another
    BOOST_TEST(nameOf(office.next().state) == "done");
}

/// Who asks for a run meanwhile gets one of his own, behind the end of the cancelled one.
BOOST_AUTO_TEST_CASE(a_run_that_was_cancelled_ends_before_the_one_that_is_asked_for) {
    Office office;
    office.opens({office.live(kName)});
    office.source->fault = ConnectorFault(ConnectorFaultKind::Transient, {"source_down", "host", "no", "wait"});
    BOOST_TEST(office.runner->start(kName, {}).ok());
    while (!office.line(kName).wait) std::this_thread::yield();
    for (std::size_t times = 1; times <= 2; ++times) {
        office.storeRefusesNext();
        BOOST_TEST((times == 1 ? office.runner->cancel(kName) : office.runner->start(kName, {})).ok());
        office.awaitFailures(times);
    }
    office.source->fault.reset();
    BOOST_TEST(office.runner->start(kName, {}).ok());
    const Run first = office.next(), second = office.next();
    BOOST_TEST(first.number == 1U);
    BOOST_TEST(nameOf(first.state) == "cancelled");
    BOOST_TEST(second.number == 2U);
    BOOST_TEST(nameOf(second.state) == "done");
}

/// It is refused until the cancelled one has ended, and what it comes to changes nothing of that.
BOOST_AUTO_TEST_CASE(a_dry_run_does_not_make_a_cancelled_one_go_on) {
    Office office;
    office.opens({office.live(kName)});
    office.source->fault = ConnectorFault(ConnectorFaultKind::Transient, {"source_down", "host", "no", "wait"});
    BOOST_TEST(office.runner->start(kName, {}).ok());
    while (!office.line(kName).wait) std::this_thread::yield();
    office.storeRefusesNext();
    BOOST_TEST(office.runner->cancel(kName).ok());
    office.awaitFailures(1);
    office.source->fault.reset();
    RunRequest dry;
    dry.dry = true;
    BOOST_TEST(office.runner->start(kName, dry).error().code == "run_unfinished");
    office.runner->tick();
    BOOST_TEST(nameOf(office.next().state) == "cancelled");
    BOOST_TEST(office.runner->start(kName, dry).ok());
    while (!office.line(kName).dry) std::this_thread::yield();
    BOOST_TEST(nameOf(office.line(kName).dry->state) == "done");
}

/// Nobody takes a dry run up again: nothing waits, neither for who looks nor in the morning.
BOOST_AUTO_TEST_CASE(a_dry_run_that_the_store_refuses_is_over) {
    Office office;
    auto once = std::make_shared<LiveConnector>(*office.live(kName));
    once->file.head.limits.attempts = 1;
    office.opens({once});
    RunRequest dry;
    dry.dry = true;
    office.storeRefusesNext();
    BOOST_TEST(office.runner->start(kName, dry).ok());
    while (!office.line(kName).dry || !office.isIdle(kName)) std::this_thread::yield();
    const SyncStatus::Line line = office.line(kName);
    BOOST_TEST(Office::endOf(*line.dry) == "stopped store_unavailable");
    BOOST_TEST(!line.wait);
    BOOST_TEST(office.runner->waits().empty());
    BOOST_TEST(office.failures == 0U);
}

BOOST_AUTO_TEST_CASE(a_row_that_a_killed_gateway_left_is_no_run_at_work) {
    Office office;
    std::promise<void> began, go;
    std::atomic<int> reads{0};
    office.source->reads = [&] {
        if (reads++ == 0) began.set_value(), go.get_future().wait();
    };
    office.opens({office.live(kName)});
    Run left;
    left.connector = kName;
    left.system = housing().id;
    left.started_at = office.clock.now();
    office.ledger.begin(left);
    const std::string of = "caseway_connector_running{connector=\"" + std::string(kName) + "\"} ";
    BOOST_TEST(runningMetrics(office.runner->status()).find(of + "0") != std::string::npos);
    office.runner->tick();
    began.get_future().wait();
    BOOST_TEST(runningMetrics(office.runner->status()).find(of + "1") != std::string::npos);
    go.set_value();
    office.next();
    BOOST_TEST(runningMetrics(office.runner->status()).find(of + "0") != std::string::npos);
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
    BOOST_TEST((office.line(kName).next.value() >= office.line(kName).circuit.until.value()));
    BOOST_TEST(office.runner->start(kName, {}).ok());  // a person's run is begun all the same
    BOOST_TEST(nameOf(office.next().state) == "stopped");
    office.settings.sync.circuit.wait = office.settings.sync.circuit.most = std::chrono::hours(48);
    BOOST_TEST(office.runner->start(kName, {}).ok());
    office.next();
    BOOST_TEST(toRfc3339(Instant(office.line(kName).next.value())) == "2026-05-08T01:00:00Z");  // not that of the 6th
    office.at("2026-05-06T01:00:00Z");
    BOOST_TEST(office.isIdle(kName));
    BOOST_TEST(office.passed_over.back() == "circuit_open 1 2026-05-06T01:00:00Z");
    office.source->fault.reset();
    office.at("2026-05-08T01:00:00Z");
    BOOST_TEST(nameOf(office.next().state) == "done");
    BOOST_TEST(nameOf(office.line(kName).circuit.state(office.clock.now())) == "closed");
}

BOOST_AUTO_TEST_CASE(a_department_with_many_connectors_does_not_hold_up_the_others) {
    Office office(3);  // of them one is never held by a single department
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
    BOOST_TEST(office.next().connector == other);
    BOOST_TEST(office.line("housing/permits/c").waits);
    go_b.set_value();
    BOOST_TEST(office.next().connector == "housing/permits/b");
    BOOST_TEST(office.next().connector == "housing/permits/c");
    go_a.set_value();
    BOOST_TEST(office.next().connector == "housing/permits/a");
}

BOOST_AUTO_TEST_CASE(a_run_that_waits_long_for_its_source_holds_no_slot) {
    Office office;
    bool is_first = true;
    office.source->reads = [&] {
        if (std::exchange(is_first, false))
            throw ConnectorFault(ConnectorFaultKind::Transient,
                                 {"source_busy", "host", "not now", "wait", std::chrono::seconds(3600)});
    };
    const std::string other = police().id.text() + "/d";
    office.opens({office.live(kName), office.live(other)});
    BOOST_TEST(office.runner->start(kName, {}).ok());
    while (!office.line(kName).wait) std::this_thread::yield();
    BOOST_TEST(office.runner->start(other, {}).ok());
    BOOST_TEST(office.next().connector == other);
    BOOST_TEST(office.line(kName).busy);
    BOOST_TEST(office.runner->cancel(kName).ok());
    BOOST_TEST(Office::endOf(office.next()) == "cancelled");
}

BOOST_AUTO_TEST_CASE(a_run_that_has_rested_goes_on_when_a_slot_is_free) {
    Office office;
    office.rests_from = std::chrono::milliseconds(0);
    std::promise<void> began, go;
    std::atomic<int> reads{0};
    office.source->reads = [&] {
        const int read = reads++;
        if (read == 0) throw ConnectorFault(ConnectorFaultKind::Transient, {"source_busy", "host", "not now", "wait"});
        if (read == 1) began.set_value(), go.get_future().wait();
    };
    const std::string other = police().id.text() + "/d";
    office.opens({office.live(kName), office.live(other)});
    BOOST_TEST(office.runner->start(kName, {}).ok());
    while (!office.line(kName).wait) std::this_thread::yield();
    BOOST_TEST(office.runner->start(other, {}).ok());
    began.get_future().wait();
    while (office.waitsFor() != "no_free_slot") std::this_thread::yield();
    BOOST_TEST(reads == 2);
    go.set_value();
    BOOST_TEST(office.next().connector == other);
    BOOST_TEST(Office::endOf(office.next()) == "done");
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
    BOOST_TEST(cursorSince(office.memory.reader(), *office.live(kName), "yesterday").error().hint ==
               std::string("caseway sync run ") + kName + " --full reads everything");
}

BOOST_AUTO_TEST_SUITE_END()
