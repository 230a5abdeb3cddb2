// tests/unit/daemon/run_watch_test.cpp - figures of runs that ended: none is lost, and a store that fails takes none of
// the others away.
#include "gateway/daemon/run_watch.hpp"

#include <boost/test/unit_test.hpp>
#include <utility>

#include "gateway/base/fault.hpp"
#include "gateway/formats/run/run_document.hpp"
#include "gateway/sync/schedule_of.hpp"
#include "tests/support/memory_store.hpp"

using namespace caseway;

namespace {

class FixedClock final : public Clock {
public:
    Instant now() const override { return parseRfc3339("2026-11-26T07:30:00+08:00").value(); }
};

/// Does something in the middle of a look at runs.
class HookedReader final : public testing::MemoryReads<StoreReader> {
public:
    using MemoryReads::MemoryReads;
    std::vector<RunRow> runs(std::string_view connector, std::uint64_t before, std::size_t limit) override {
        if (const auto hook = std::exchange(once, nullptr)) hook();
        if (connector == fails_for) throw Fault(FaultCode::StoreUnavailable, "locked", "wait");
        return MemoryReads::runs(connector, before, limit);
    }
    std::function<void()> once;
    std::string fails_for;
};

struct Watching {
    testing::MemoryStore store;
    HookedReader reader{store.tables(), false};
    FixedClock clock;
    RunWatch watch{{reader, clock, TimeZone::find("Asia/Shanghai").value(), std::chrono::minutes(30),
                    [](const std::string&) { return std::unique_ptr<ByteSource>(); },
                    [](const std::string&, const std::string&) {}}};
    LiveConnectors live;

    LiveConnector& add(const std::string& name) {
        auto connector = std::make_shared<LiveConnector>();
        connector->name = ConnectorName::parse(name).value();
        connector->since = "2026-11-01T00:00:00Z";
        live[name] = connector;
        return *connector;
    }
    void keep(Run run) {
        const auto writer = store.beginWrite();
        run.number = writer->putRun({0, run.connector, true, "{}"});
        writer->putRun({run.number, run.connector, true, jsonOf(run)});
        writer->commit();
    }
    ConnectorFigures of(const std::string& name) const {
        for (const ConnectorFigures& one : watch.figures().connectors)
            if (one.connector == name) return one;
        BOOST_FAIL("no figures of " + name);
        return {};
    }
};

Run done(const std::string& connector) {
    Run run;
    run.number = 1;
    run.connector = connector;
    run.system = SystemId::parse("housing/permits").value();
    run.state = RunState::Done;
    run.started_at = parseRfc3339("2026-11-26T01:30:00+08:00").value();
    run.ended_at = run.started_at + std::chrono::minutes(10);
    return run;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(RunWatches)

BOOST_AUTO_TEST_CASE(a_run_that_ends_while_the_register_is_taken_up_is_counted) {
    Watching watching;
    watching.add("housing/permits/a");
    watching.watch.watch(watching.live);
    watching.add("housing/permits/b");
    watching.reader.once = [&] { watching.watch.ended(done("housing/permits/a")); };
    watching.watch.watch(watching.live);
    BOOST_TEST(watching.of("housing/permits/a").runs[static_cast<std::size_t>(RunState::Done)] == 1);
    BOOST_TEST((watching.of("housing/permits/a").last_good == done("").ended_at));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_not_shown_and_the_others_are) {
    Watching watching;
    watching.add("housing/permits/a");
    watching.add("housing/permits/b");
    watching.watch.watch(watching.live);
    watching.reader.fails_for = "housing/permits/a";
    const RunFigures figures = watching.watch.figures();
    BOOST_REQUIRE(figures.connectors.size() == 1);
    BOOST_TEST(figures.connectors[0].connector == "housing/permits/b");
    BOOST_TEST(figures.not_shown == 1);
}

BOOST_AUTO_TEST_CASE(why_the_last_run_did_not_come_to_its_end_is_a_figure) {
    Watching watching;
    watching.add("housing/permits/a");
    Run run = done("housing/permits/a");
    run.state = RunState::Stopped;
    run.trouble = RunTrouble{"transient", "run_given_up", "host", "6 attempts", "wait", "source_down"};
    const auto writer = watching.store.beginWrite();
    writer->putRun({0, run.connector, true, jsonOf(run)});
    writer->commit();
    watching.watch.watch(watching.live);
    BOOST_TEST(watching.of("housing/permits/a").reason == "run_given_up");
    BOOST_TEST(readRun(jsonOf(run)).value().trouble->cause == "source_down");
}

BOOST_AUTO_TEST_CASE(retries_and_reconciliations_are_figures_of_their_own) {
    Watching watching;
    const std::string name = "housing/permits/a";
    LiveConnector& connector = watching.add(name);
    connector.file.head.schedule = ConnectorSchedule{"30 1 * * *", "Asia/Shanghai", {}};
    connector.schedule = scheduleOf(*connector.file.head.schedule, name).value();
    Run stopped = done(name);
    stopped.state = RunState::Stopped;
    stopped.started_at -= std::chrono::days(1);
    stopped.ended_at = stopped.started_at + std::chrono::minutes(10);
    stopped.trouble = RunTrouble{"transient", "not_reachable", "sftp.example", "no answer", "ask"};
    watching.keep(stopped);
    watching.watch.watch(watching.live);
    for (int i = 0; i < 7; ++i) {  // more than the first look sees
        Run run = done(name);
        run.kind = i % 2 == 0 ? RunKind::Retry : RunKind::Reconcile;
        if (run.kind == RunKind::Reconcile) run.reconciliation.emplace();
        run.counts.records.refused = run.counts.read = 4;
        watching.keep(run);
        watching.watch.ended(run);
    }
    const ConnectorFigures figures = watching.of(name);
    BOOST_TEST((figures.last == RunState::Stopped));
    BOOST_TEST((figures.last_good == Instant{}));
    BOOST_TEST(figures.is_overdue);
    BOOST_TEST(figures.counts.read == 0);
    BOOST_TEST(figures.runs[static_cast<std::size_t>(RunState::Done)] == 0);
    BOOST_TEST((figures.beside ==
                RunsBeside{{{RunKind::Retry, RunState::Done}, 4}, {{RunKind::Reconcile, RunState::Done}, 3}}));
    Run since = done(name);
    since.kind = RunKind::Since;
    watching.keep(since);
    watching.watch.ended(since);
    BOOST_TEST((watching.of(name).last == RunState::Done && !watching.of(name).is_overdue));
    BOOST_TEST((watching.of(name).last_good == since.ended_at));
}

BOOST_AUTO_TEST_CASE(never_good_is_zero_and_a_schedule_that_cannot_be_read_is_overdue) {
    Watching watching;
    watching.add("housing/permits/a").file.head.schedule = ConnectorSchedule{"30 1 * * *", "Nowhere/Gone", {}};
    watching.add("housing/permits/b");
    watching.watch.watch(watching.live);
    BOOST_TEST((watching.of("housing/permits/a").last_good == Instant{}));
    BOOST_TEST(watching.of("housing/permits/a").is_overdue);
    BOOST_TEST(!watching.of("housing/permits/b").is_overdue);
}

BOOST_AUTO_TEST_SUITE_END()
