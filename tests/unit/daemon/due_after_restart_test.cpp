// tests/unit/daemon/due_after_restart_test.cpp - what is due around a restart: a run that waits for its jitter is not
// lost by it, and one that was due before its version went live is not made up by it.
#include "tests/unit/daemon/office_fixture.hpp"

using namespace caseway;
using namespace caseway::test;

namespace {

ConnectorSchedule nightly(const std::string& missed) {
    ConnectorSchedule schedule;
    schedule.cron = "0 1 * * *";
    schedule.zone = "UTC";
    schedule.jitter = "10m";
    schedule.missed = missed;
    return schedule;
}

PlannedRun plannedOn(std::string_view date) {
    return scheduleOf(nightly("once"), kName)->next(parseRfc3339(std::string(date) + "T00:00:00Z").value()).value();
}

struct RunThen {
    RunKind kind;
    RunState state;
    int began;  ///< minutes behind `from`
    enum From { Due, Start, Yesterday } from;
};
struct Restart {
    const char* what;
    std::vector<RunThen> runs;
    std::optional<int> live_since;  ///< minutes behind the due time
    int at;                         ///< minutes behind the due time
    bool begins;                    ///< a run, at its start or at once
};
using enum RunKind;
using enum RunState;
const RunThen kYesterday{Next, Done, 0, RunThen::Yesterday};
const Restart kRestarts[] = {
    {"nothing else ran", {kYesterday}, {}, 1, true},
    {"a reconciliation", {kYesterday, {Reconcile, Done, 1, RunThen::Due}}, {}, 2, true},
    {"a retry", {kYesterday, {Retry, Partial, 1, RunThen::Due}}, {}, 2, true},
    {"one that was cancelled at once", {kYesterday, {Next, Cancelled, 1, RunThen::Due}}, {}, 2, true},
    {"one that somebody asked for", {kYesterday, {Next, Done, 1, RunThen::Due}}, {}, 2, true},
    {"only reconciliations ever", {{Reconcile, Done, 1, RunThen::Due}}, {}, 2, true},
    {"none ever", {}, -60, 2, true},
    {"none ever, its time is over", {}, -60, 60, false},
    {"a reconciliation in its place", {kYesterday, {Reconcile, Done, 30, RunThen::Due}}, {}, 60, true},
    {"the due one", {kYesterday, {Next, Done, 0, RunThen::Start}}, {}, 60, false},
    {"the due one, and it was cancelled", {kYesterday, {Next, Cancelled, 0, RunThen::Start}}, {}, 60, false},
    {"activated before", {kYesterday}, -1, 2, true},
    {"activated behind the due time", {kYesterday}, 1, 2, false},
    {"resumed long behind it", {kYesterday}, 30, 60, false},
};

struct RestartOffice : Office {
    const PlannedRun due = plannedOn("2026-05-04"), yesterday = plannedOn("2026-05-03");

    void ran(const RunThen& then) {
        Run run;
        run.connector = kName;
        run.system = housing().id;
        run.kind = then.kind;
        const Instant from = then.from == RunThen::Due     ? due.due
                             : then.from == RunThen::Start ? due.start
                                                           : yesterday.start;
        run.started_at = from + std::chrono::minutes(then.began);
        run.ended_at = run.started_at + std::chrono::seconds(2);
        run.state = then.state;
        if (run.kind == Reconcile) run.reconciliation.emplace();
        run = ledger.begin(run);
        ledger.end(run);
    }
    void startsAt(Instant time, const std::string& missed, std::optional<Instant> since) {
        clock.set(time);
        auto connector = std::make_shared<LiveConnector>(*live(kName, nightly(missed)));
        if (since) connector->since = toRfc3339(*since);
        opens({connector});
    }
    std::size_t runsAtStart() {
        const std::size_t before = memory.reader().runs(kName, 0, 100).size();
        if (clock.now() < due.start) {
            clock.set(due.start - std::chrono::seconds(1));
            runner->tick();
            BOOST_TEST(isIdle(kName));
            clock.set(due.start);
            runner->tick();
        }
        while (!isIdle(kName)) std::this_thread::yield();
        return memory.reader().runs(kName, 0, 100).size() - before;
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(DueAfterRestart)

BOOST_AUTO_TEST_CASE(waits_for_its_jitter_and_none_from_before_its_version_is_made_up) {
    for (const char* missed : {"once", "each"})
        for (const Restart& one : kRestarts) {
            RestartOffice office;
            BOOST_REQUIRE((office.due.start > office.due.due + std::chrono::minutes(2)));
            for (const RunThen& then : one.runs) office.ran(then);
            std::optional<Instant> since;
            if (one.live_since) since = office.due.due + std::chrono::minutes(*one.live_since);
            const std::size_t before = office.memory.reader().runs(kName, 0, 100).size();
            office.startsAt(office.due.due + std::chrono::minutes(one.at), missed, since);
            office.runsAtStart();
            const std::size_t begun = office.memory.reader().runs(kName, 0, 100).size() - before;
            BOOST_TEST(begun == (one.begins ? 1U : 0U), missed << ": " << one.what);
        }
}

BOOST_AUTO_TEST_CASE(is_told_as_the_next_one_while_it_waits_for_its_jitter) {
    const auto nextAfter = [](int live_since) {
        RestartOffice office;
        office.ran(kYesterday);
        office.startsAt(office.due.due + std::chrono::minutes(2), "once",
                        office.due.due + std::chrono::minutes(live_since));
        return office.line(kName).next.value();
    };
    BOOST_TEST((nextAfter(-60) == plannedOn("2026-05-04").start));
    BOOST_TEST((nextAfter(1) == plannedOn("2026-05-05").start));
}

/// Nobody started the gateway anew: it is as it is behind a restart.
BOOST_AUTO_TEST_CASE(is_told_as_what_will_run_where_a_version_is_activated_meanwhile) {
    RestartOffice office;
    office.ran(kYesterday);
    office.startsAt(office.due.due - std::chrono::minutes(60), "once", {});
    office.clock.set(office.due.due + std::chrono::minutes(2));
    office.runner->tick();
    BOOST_TEST((office.line(kName).next.value() == office.due.start));
    auto changed = std::make_shared<LiveConnector>(*office.live(kName, nightly("once")));
    changed->version = 2;
    office.takesUp({changed});
    BOOST_TEST((office.line(kName).next.value() == plannedOn("2026-05-05").start));
    BOOST_TEST(office.runsAtStart() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
