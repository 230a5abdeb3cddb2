// tests/unit/sync/missed_runs_test.cpp - what starts after a time in which nothing ran.
#include "gateway/sync/missed_runs.hpp"

#include "schedule_cases.hpp"

using namespace caseway;

namespace {

/// "01:00 02:00 (3)": local times of the runs that start, and how many are passed over.
std::string started(MissedRuns missed, const std::string& last_due, const std::string& now, std::size_t most = 2,
                    const std::string& expression = "0 * * * *") {
    MissedRunPolicy policy;
    policy.missed = missed;
    policy.most = most;
    const DueRuns due = runsToStart(scheduleOf(expression, "UTC"), policy, parseRfc3339("2026-05-" + last_due).value(),
                                    parseRfc3339("2026-05-" + now).value());
    std::string out;
    for (const PlannedRun& run : due.to_start) out += toRfc3339(run.due).substr(11, 5) + " ";
    return out + "(" + std::to_string(due.passed_over) + ")";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(MissedRunPolicies)

BOOST_AUTO_TEST_CASE(nothing_starts_before_it_is_due) {
    for (const MissedRuns missed : {MissedRuns::Skip, MissedRuns::RunOnce, MissedRuns::RunAll})
        BOOST_TEST(started(missed, "04T01:00:00Z", "04T01:59:59Z") == "(0)");
}

BOOST_AUTO_TEST_CASE(a_run_on_time_starts_under_every_policy) {
    for (const MissedRuns missed : {MissedRuns::Skip, MissedRuns::RunOnce, MissedRuns::RunAll}) {
        BOOST_TEST(started(missed, "04T01:00:00Z", "04T02:00:00Z") == "02:00 (0)");
        BOOST_TEST(started(missed, "04T01:00:00Z", "04T02:05:00Z", 0) == "02:00 (0)");
    }
}

BOOST_AUTO_TEST_CASE(late_ones_are_skipped_or_run_once_or_all_up_to_a_number) {
    BOOST_TEST(started(MissedRuns::Skip, "04T01:00:00Z", "04T05:05:01Z") == "(4)");
    BOOST_TEST(started(MissedRuns::Skip, "04T01:00:00Z", "04T05:01:00Z") == "05:00 (3)");
    BOOST_TEST(started(MissedRuns::RunOnce, "04T01:00:00Z", "04T05:30:00Z") == "05:00 (3)");
    BOOST_TEST(started(MissedRuns::RunAll, "04T01:00:00Z", "04T05:30:00Z") == "04:00 05:00 (2)");
    BOOST_TEST(started(MissedRuns::RunAll, "04T01:00:00Z", "04T05:30:00Z", 9) == "02:00 03:00 04:00 05:00 (0)");
}

BOOST_AUTO_TEST_CASE(which_times_are_passed_over_is_told) {
    const auto passed = [](MissedRuns missed) {
        MissedRunPolicy policy;
        policy.missed = missed;
        policy.most = 2;
        const DueRuns due =
            runsToStart(scheduleOf("0 * * * *", "UTC"), policy, parseRfc3339("2026-05-04T01:00:00Z").value(),
                        parseRfc3339("2026-05-04T05:30:00Z").value());
        return toRfc3339(due.policy_times.first).substr(11, 5) + "-" + toRfc3339(due.policy_times.last).substr(11, 5);
    };
    BOOST_TEST(passed(MissedRuns::Skip) == "02:00-05:00");
    BOOST_TEST(passed(MissedRuns::RunOnce) == "02:00-04:00");
    BOOST_TEST(passed(MissedRuns::RunAll) == "02:00-03:00");
}

BOOST_AUTO_TEST_CASE(a_run_waits_for_its_jitter) {
    ScheduleSettings settings;
    settings.expression = "0 2 * * *";
    settings.jitter = std::chrono::hours(1);
    settings.connector = "housing/permits";
    const Schedule schedule = scheduleOf(settings);
    const Instant last = parseRfc3339("2026-05-04T00:00:00Z").value();
    const PlannedRun run = schedule.next(last).value();
    BOOST_REQUIRE((run.start > run.due));
    BOOST_TEST(runsToStart(schedule, {}, last, run.start - std::chrono::seconds(1)).to_start.empty());
    BOOST_TEST((runsToStart(schedule, {}, last, run.start).to_start == std::vector{run}));
}

BOOST_AUTO_TEST_CASE(a_long_jitter_holds_no_later_run_back) {
    ScheduleSettings settings;
    settings.expression = "0 * * * *";
    settings.zone = "UTC";
    settings.jitter = kLongestJitter;
    settings.connector = "housing/permits";
    const Instant last = parseRfc3339("2026-05-04T00:00:00Z").value();
    const Instant now = parseRfc3339("2026-05-05T23:59:59Z").value();
    const DueRuns due = runsToStart(scheduleOf(settings), {}, last, now);
    BOOST_TEST(due.to_start.size() == 1U);
    BOOST_TEST(due.passed_over == 46U);  // each hour of two days but the first, and the one that starts
}

BOOST_AUTO_TEST_CASE(a_run_whose_window_has_closed_is_passed_over) {
    ScheduleSettings settings;
    settings.expression = "30 1 * * *";
    settings.zone = "UTC";
    settings.windows = {RunWindow::parse("22:00-06:00").value()};
    const Schedule schedule = scheduleOf(settings);
    const Instant last = parseRfc3339("2026-05-03T01:30:00Z").value();
    const DueRuns late = runsToStart(schedule, {}, last, parseRfc3339("2026-05-04T05:59:59Z").value());
    BOOST_TEST(late.to_start.size() == 1U);
    const DueRuns too_late = runsToStart(schedule, {}, last, parseRfc3339("2026-05-04T06:00:00Z").value());
    BOOST_TEST(too_late.to_start.empty());
    BOOST_TEST(too_late.passed_over == 1U);
    BOOST_TEST(toRfc3339(too_late.newest.value()) == "2026-05-04T01:30:00Z");
}

BOOST_AUTO_TEST_CASE(what_is_older_than_a_month_is_forgotten) {
    MissedRunPolicy policy;
    policy.missed = MissedRuns::RunAll;
    policy.most = 3;
    const Instant now = parseRfc3339("2026-05-04T00:00:00Z").value();
    const DueRuns due =
        runsToStart(scheduleOf("* * * * *", "UTC"), policy, parseRfc3339("1990-01-01T00:00:00Z").value(), now);
    BOOST_TEST(due.to_start.size() == 3);
    BOOST_TEST(due.passed_over == 31 * 24 * 60 - 3);
}

BOOST_AUTO_TEST_CASE(a_clock_set_back_starts_nothing_twice) {
    BOOST_TEST(started(MissedRuns::RunAll, "04T05:00:00Z", "04T03:30:00Z") == "(0)");
}

BOOST_AUTO_TEST_SUITE_END()
