// tests/unit/sync/interrupted_test.cpp - how a run that has not ended stands where no gateway is at work on it.
#include <boost/test/unit_test.hpp>

#include "gateway/sync/run_trouble.hpp"

using namespace caseway;

BOOST_AUTO_TEST_SUITE(InterruptedRuns)

/// What ended one is never overwritten: it reads no further, and its end alone is missing.
BOOST_AUTO_TEST_CASE(a_run_whose_end_alone_is_missing_keeps_what_ended_it) {
    const RunTrouble stuck{"system", "cursor_stuck", {}, "it stays where it was", "look at the source"};
    struct {
        RunKind kind;
        RunState state;
        std::optional<RunTrouble> trouble;
        std::string stands, next_step;
    } const cases[] = {
        {RunKind::Next, RunState::Running, {}, "stopped run_interrupted", "goes on at page 8"},
        {RunKind::Next, RunState::Done, {}, "stopped run_interrupted", "writes the run's end"},
        {RunKind::Next, RunState::Cancelled, {}, "cancelled run_interrupted", "writes the run's end"},
        {RunKind::Next, RunState::Stopped, stuck, "stopped cursor_stuck", "writes the run's end; look at the source"},
        {RunKind::Full, RunState::Partial, stuck, "partial cursor_stuck", "writes the run's end; look at the source"},
        {RunKind::Next, RunState::Overdue, overdue("late"), "overdue run_overdue",
         "writes the run's end; the next run"},
        {RunKind::Reconcile, RunState::Running, {}, "stopped run_interrupted", "begins anew"},
        {RunKind::Reconcile, RunState::Done, {}, "stopped run_interrupted", "begins anew"},
        {RunKind::Reconcile, RunState::Stopped, stuck, "stopped cursor_stuck", "writes the run's end; look"},
    };
    for (const auto& one : cases) {
        Run run;
        run.kind = one.kind, run.state = one.state, run.trouble = one.trouble, run.pages = 7;
        const Run stands = interrupted(run);
        BOOST_TEST(std::string(nameOf(stands.state)) + " " + stands.trouble.value().code == one.stands);
        const std::string& next = stands.trouble->next_step;
        BOOST_TEST(next.find(one.next_step) != std::string::npos, one.stands << ": " << next);
        BOOST_TEST(next.find("caseway serve") != std::string::npos, next);
        const bool is_read_on = next.find("goes on at page") != std::string::npos;
        BOOST_TEST(is_read_on == (one.kind == RunKind::Next && one.state == RunState::Running), next);
        run.ended_at = Instant{};
        BOOST_TEST(!!interrupted(run).trouble == !!one.trouble);
    }
}

BOOST_AUTO_TEST_SUITE_END()
