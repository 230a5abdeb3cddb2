// tests/unit/sync/clock_set_in_run_test.cpp - somebody sets the gateway's clock while a run is under way: how long it
// may take is not touched by that, at what time of day it ends is.
#include <boost/test/unit_test.hpp>

#include "gateway/sync/sync_run.hpp"
#include "tests/unit/sync/run_fixture.hpp"

using namespace caseway;
using namespace caseway::fixture;

namespace {

struct SetClock {
    NumberSource source;
    TextLedger ledger;
    FixedClock clock;
    std::chrono::microseconds set_by{};  ///< by what set() moved the time of day
    RunOrder order{"housing/permits/outbox", SystemId::parse("housing/permits").value()};
    std::optional<SyncRun::SteadyTime> counted_from{};  ///< as the last run told it

    void set(std::chrono::hours by) {
        clock.time += by;
        set_by += by;
    }
    Run run() {
        SyncRun::Parts parts{source, ledger, clock, [](std::chrono::milliseconds) { return true; }};
        parts.steady = [this] { return SyncRun::SteadyTime(clock.time.time_since_epoch() - set_by); };
        parts.counted_from = [this](SyncRun::SteadyTime from) { counted_from = from; };
        return SyncRun(std::move(parts)).carryOut(order);
    }
    static std::string endOf(const Run& run) {
        return std::string(nameOf(run.state)) + (run.trouble ? " " + run.trouble->code : "");
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(ClockSetInRun, SetClock)

BOOST_AUTO_TEST_CASE(forward_ends_no_run_as_too_long) {
    source.records = 9;
    order.longest = std::chrono::hours(1);
    ledger.before_take = [this] {
        if (ledger.texts.size() == 3) set(std::chrono::hours(3));
    };
    BOOST_TEST(endOf(run()) == "done");
    BOOST_TEST(ledger.texts.size() == 9U);
}

BOOST_AUTO_TEST_CASE(forward_between_two_attempts_ends_none_either) {
    source.records = 3;
    order.longest = std::chrono::hours(1);
    source.before_read.push_back([this] {
        set(std::chrono::hours(3));
        throw ConnectorFault(ConnectorFaultKind::Transient, {"source_unavailable", "host", "bad", "mend"});
    });
    BOOST_TEST(endOf(run()) == "done");
}

BOOST_AUTO_TEST_CASE(back_gives_no_run_more_time) {
    source.records = 1'000'000;
    order.longest = std::chrono::hours(24);
    ledger.before_take = [this] {
        clock.time += std::chrono::hours(5);
        set(std::chrono::hours(-5));
    };
    const Run endless = run();
    BOOST_TEST(endOf(endless) == "overdue run_too_long");
    BOOST_TEST(endless.pages == 5U);
}

/// The store failed, and the same process takes it up again: its own clock knows how long it ran.
BOOST_AUTO_TEST_CASE(forward_before_it_is_taken_up_again_ends_none_either) {
    source.records = 9;
    order.longest = std::chrono::hours(1);
    const auto fails_at = [this](std::size_t taken) {
        ledger.before_take = [this, taken] {
            if (ledger.texts.size() == taken) throw Fault(FaultCode::StoreCorrupt, "the store failed");
        };
        BOOST_CHECK_THROW(run(), Fault);
        order.cause = RunCause::Resumed;
        order.has_fault = true;
        order.counted_from = counted_from;
    };
    fails_at(3);
    set(std::chrono::hours(3));
    fails_at(6);
    clock.time += std::chrono::minutes(59);
    ledger.before_take = [] {};
    BOOST_TEST(endOf(run()) == "done");
    BOOST_TEST(ledger.texts.size() == 9U);
}

BOOST_AUTO_TEST_CASE(back_before_it_is_taken_up_again_gives_it_no_more_time) {
    source.records = 9;
    order.longest = std::chrono::hours(1);
    ledger.before_take = [] { throw Fault(FaultCode::StoreCorrupt, "the store failed"); };
    BOOST_CHECK_THROW(run(), Fault);
    ledger.before_take = [] {};
    order.cause = RunCause::Resumed;
    order.counted_from = counted_from;
    clock.time += std::chrono::minutes(61);
    set(std::chrono::hours(-3));
    BOOST_TEST(endOf(run()) == "overdue run_too_long");
}

/// Of what another process did the time of day is all that is known.
BOOST_AUTO_TEST_CASE(forward_while_no_gateway_ran_counts) {
    source.records = 9;
    order.longest = std::chrono::hours(1);
    ledger.before_take = [] { throw Fault(FaultCode::StoreCorrupt, "the store failed"); };
    BOOST_CHECK_THROW(run(), Fault);
    ledger.before_take = [] {};
    order.cause = RunCause::Resumed;
    set(std::chrono::hours(3));
    BOOST_TEST(endOf(run()) == "overdue run_too_long");
}

/// Behind that time of day the department is not asked: it is right now, whatever it was before.
BOOST_AUTO_TEST_CASE(beyond_its_window_ends_it) {
    source.records = 9;
    order.deadline = clock.time + std::chrono::hours(1);
    ledger.before_take = [this] {
        if (ledger.texts.empty()) set(std::chrono::hours(3));
    };
    const Run ended = run();
    BOOST_TEST(endOf(ended) == "overdue run_overdue");
    BOOST_TEST(ended.pages == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
