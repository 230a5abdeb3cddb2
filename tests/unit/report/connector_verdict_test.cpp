// tests/unit/report/connector_verdict_test.cpp - a connector's night: who came, who came late, who did not.
#include "gateway/report/connector_verdict.hpp"

#include "tests/unit/report/report_fixture.hpp"

using namespace caseway;
using namespace caseway::report_test;

namespace {

struct VerdictCase {
    std::string what, cron;
    std::vector<std::string> runs;
    std::string now, expected;
    std::string blackout{};
    std::string since = "01 00:00";
    bool is_suspended = false;
    std::vector<std::string> before{};
};

const VerdictCase kCases[] = {
    {"done at its time", "30 1 * * *", {"26 01:30 done 26 01:40"}, "26 07:30", "on_time"},
    {"before midnight of the same night", "0 22 * * *", {"25 22:00 done 25 22:40"}, "26 07:30", "on_time"},
    {"across midnight", "50 23 * * *", {"25 23:50 done 26 00:40"}, "26 07:30", "on_time"},
    {"within the minutes that it may be late", "30 1 * * *", {"26 01:59 done 26 02:10"}, "26 07:30", "on_time"},
    {"began too late", "30 1 * * *", {"26 03:00 done 26 03:10"}, "26 07:30", "late"},
    {"nothing began", "30 1 * * *", {}, "26 07:30", "absent"},
    {"its minutes are not over", "30 1 * * *", {}, "26 01:45", "waiting"},
    {"its time has not come", "30 1 * * *", {}, "26 00:10", "waiting"},
    {"stopped", "30 1 * * *", {"26 01:30 stopped 26 01:40"}, "26 07:30", "partial"},
    {"its window was over", "30 1 * * *", {"26 01:30 overdue 26 06:00"}, "26 07:30", "partial"},
    {"cancelled", "30 1 * * *", {"26 01:30 cancelled 26 01:31"}, "26 07:30", "partial"},
    {"still running", "30 1 * * *", {"26 01:30 running"}, "26 07:30", "running"},
    {"never ended, seen after its night", "30 1 * * *", {"26 01:30 running"}, "26 13:00", "partial"},
    {"stopped, then made good by hand",
     "30 1 * * *",
     {"26 01:30 stopped 26 01:40", "26 06:00 done 26 06:10"},
     "26 07:30",
     "late"},
    {"done, then cancelled by hand",
     "30 1 * * *",
     {"26 01:30 done 26 01:40", "26 06:00 cancelled 26 06:01"},
     "26 07:30",
     "on_time"},
    {"several times, the last one missing", "0 22,2 * * *", {"25 22:00 done 25 22:05"}, "26 07:30", "absent"},
    {"several times, only the last one good",
     "0 22,2 * * *",
     {"25 22:00 stopped 25 22:05", "26 02:00 done 26 02:05"},
     "26 07:30",
     "on_time"},
    {"under way when it was due again", "0 * * * *", {"26 05:30 done 26 07:10"}, "26 07:30", "on_time"},
    {"no schedule, nobody asked", "", {}, "26 07:30", "on_demand"},
    {"no schedule, run by hand", "", {"26 03:00 done 26 03:01"}, "26 07:30", "on_time"},
    {"no schedule, failed by hand", "", {"26 03:00 stopped 26 03:01"}, "26 07:30", "partial"},
    {"no schedule, by a timer, and failed at last",
     "",
     {"26 03:00 done 26 03:01", "26 04:00 stopped 26 04:01"},
     "26 07:30",
     "partial"},
    {"no schedule, by a timer, and good at last",
     "",
     {"26 03:00 stopped 26 03:01", "26 04:00 done 26 04:01"},
     "26 07:30",
     "on_time"},
    {"no schedule, done, then cancelled",
     "",
     {"26 03:00 done 26 03:01", "26 04:00 cancelled 26 04:01"},
     "26 07:30",
     "on_time"},
    {"no schedule, done, and asked again", "", {"26 03:00 done 26 03:01", "26 07:29 running"}, "26 07:30", "on_time"},
    {"no schedule, failed after it was done, and asked again",
     "",
     {"26 03:00 done 26 03:01", "26 04:00 stopped 26 04:01", "26 07:29 running"},
     "26 07:30",
     "partial"},
    {"on Sundays only", "30 1 * * sun", {}, "26 07:30", "not_due"},
    {"a blackout date", "30 1 * * *", {}, "26 07:30", "not_due blackout", "2026-11-26"},
    {"suspended", "30 1 * * *", {}, "26 07:30", "suspended", "", "01 00:00", true},
    {"activated after its time", "30 1 * * *", {}, "26 07:30", "not_due", "", "26 02:00"},
    {"never ran", "30 1 * * *", {}, "26 13:00", "absent"},
    {"every few minutes, the last one always in its minutes, and none came", "*/15 * * * *", {}, "26 07:30", "absent"},
    {"every few minutes, stopped coming", "*/15 * * * *", {"26 02:00 done 26 02:01"}, "26 07:30", "absent"},
    {"every few minutes, the last one may still come",
     "*/15 * * * *",
     {"26 07:15 done 26 07:16"},
     "26 07:31",
     "on_time"},
    {"every few minutes, the one before the last failed",
     "*/15 * * * *",
     {"26 07:15 stopped 26 07:16"},
     "26 07:31",
     "partial"},
    {"every few minutes, hardly begun", "*/15 * * * *", {}, "25 12:20", "waiting"},
    {"every minute of a whole night", "* * * * *", {}, "26 13:00", "absent"},
    {"every minute, only the last one came", "* * * * *", {"26 11:59 done 26 12:00"}, "26 13:00", "on_time"},
    {"every minute, stopped coming", "* * * * *", {"26 10:00 done 26 10:01"}, "26 13:00", "absent"},
    {"begun before the night, done in it",
     "30 1 * * *",
     {},
     "26 07:30",
     "on_time",
     "",
     "01 00:00",
     false,
     {"25 11:00 done 26 02:00"}},
    {"begun before the night, ended before its time",
     "30 1 * * *",
     {},
     "26 07:30",
     "absent",
     "",
     "01 00:00",
     false,
     {"25 11:00 done 25 13:00"}},
    {"begun before the night, stopped in it",
     "30 1 * * *",
     {},
     "26 07:30",
     "partial",
     "",
     "01 00:00",
     false,
     {"25 11:00 stopped 26 02:00"}},
    {"begun before the night, under way still",
     "30 1 * * *",
     {},
     "26 07:30",
     "running",
     "",
     "01 00:00",
     false,
     {"25 11:00 running"}},
    {"stopped, then what was kept was tried again",
     "30 1 * * *",
     {"26 01:30 stopped 26 01:40", "retry 26 03:00 done 26 03:10"},
     "26 07:30",
     "partial"},
    {"stopped, then reconciled",
     "30 1 * * *",
     {"26 01:30 stopped 26 01:40", "reconcile 26 03:00 done 26 03:10"},
     "26 07:30",
     "partial"},
    {"a reconciliation alone is no run of the plan",
     "30 1 * * *",
     {"reconcile 26 01:30 done 26 01:40"},
     "26 07:30",
     "absent"},
    {"nor is a retry", "30 1 * * *", {"retry 26 01:30 done 26 01:40"}, "26 07:30", "absent"},
    {"a retry that failed harms none",
     "30 1 * * *",
     {"26 01:30 done 26 01:40", "retry 26 03:00 stopped 26 03:10"},
     "26 07:30",
     "on_time"},
    {"nor does a reconciliation under way",
     "30 1 * * *",
     {"26 01:30 done 26 01:40", "reconcile 26 03:00 running"},
     "26 07:30",
     "on_time"},
    {"a reconciliation across the planned start",
     "30 1 * * *",
     {"reconcile 26 01:00 done 26 02:30"},
     "26 07:30",
     "absent"},
    {"all of it again",
     "30 1 * * *",
     {"26 01:30 stopped 26 01:40", "full 26 01:50 done 26 03:10"},
     "26 07:30",
     "on_time"},
    {"again from a time on",
     "30 1 * * *",
     {"26 01:30 stopped 26 01:40", "since 26 03:00 done 26 03:10"},
     "26 07:30",
     "late"},
    {"no schedule, reconciled by hand", "", {"reconcile 26 03:00 done 26 03:01"}, "26 07:30", "on_demand"},
    {"a reconciliation from before the night",
     "30 1 * * *",
     {},
     "26 07:30",
     "absent",
     "",
     "01 00:00",
     false,
     {"reconcile 25 11:00 done 26 02:00"}},
    {"no schedule, under way since before the night",
     "",
     {},
     "26 07:30",
     "running",
     "",
     "01 00:00",
     false,
     {"25 11:00 running"}},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(ConnectorVerdict)

BOOST_AUTO_TEST_CASE(is_judged_from_schedule_and_runs) {
    for (const VerdictCase& one : kCases) {
        std::optional<Schedule> planned;
        if (!one.cron.empty()) planned = schedule(one.cron, one.blackout);
        NightFacts facts{planned ? &*planned : nullptr, one.is_suspended, at(one.since), {}};
        for (std::size_t i = 0; i < one.runs.size(); ++i) facts.runs.push_back(run(i + 1, one.runs[i]));
        for (const std::string& text : one.before) facts.before.push_back(run(1, text));
        const NightVerdict verdict = judgeNight(facts, night(), at(one.now), std::chrono::minutes(30));
        const std::string found = std::string(nameOf(verdict.state)) + (verdict.by_blackout ? " blackout" : "");
        BOOST_TEST(found == one.expected, one.what << ": " << found);
        const auto taking = std::count_if(facts.runs.begin(), facts.runs.end(),
                                          [](const Run& run) { return takesFromSource(run.kind); });
        BOOST_TEST(verdict.began == static_cast<std::size_t>(taking));
    }
}

BOOST_AUTO_TEST_CASE(a_schedule_that_cannot_be_read_is_absence_with_its_reason) {
    NightFacts facts{nullptr, false, {}, {run(1, "26 03:00 done 26 03:01")}};
    facts.unplanned = RunTrouble{"config", "zone_unknown", "schedule.zone", "no such zone", "install tzdata"};
    const NightVerdict verdict = judgeNight(facts, night(), at("26 07:30"), std::chrono::minutes(30));
    BOOST_TEST((verdict.state == NightState::Absent));
    BOOST_TEST(verdict.trouble->code == "zone_unknown");
    facts.is_suspended = true;
    BOOST_TEST((judgeNight(facts, night(), at("26 07:30"), {}).state == NightState::OnTime));
}

BOOST_AUTO_TEST_CASE(counts_what_was_due_began_and_was_done) {
    const Schedule hourly = schedule("0 22-23,0-5 * * *");
    const NightFacts facts{&hourly, false, {}, {run(1, "25 22:00 done 25 22:01"), run(2, "26 05:00 stopped 26 05:01")}};
    const NightVerdict verdict = judgeNight(facts, night(), at("26 07:30"), std::chrono::minutes(30));
    BOOST_TEST(verdict.due == 8);
    BOOST_TEST(verdict.began == 2);
    BOOST_TEST(verdict.done == 1);
    BOOST_TEST((verdict.planned == at("26 05:00")));
    BOOST_TEST(verdict.trouble->code == "not_reachable");
}

BOOST_AUTO_TEST_CASE(a_planned_start_counts_to_the_night_in_which_it_begins) {
    ScheduleSettings settings;
    settings.expression = "30 11 * * *";  // before noon; its jitter leads behind it
    settings.jitter = std::chrono::hours(2);
    settings.connector = "housing/permits/outbox";
    const Schedule schedule = Schedule::make(settings).value();
    const PlannedRun planned = schedule.next(at("25 00:00")).value();
    BOOST_REQUIRE((Instant(planned.start) > at("25 12:00")));
    const NightFacts facts{&schedule, false, {}, {}};
    BOOST_TEST((judgeNight(facts, night(26), at("26 07:30"), {}).planned == Instant(planned.start)));
}

BOOST_AUTO_TEST_CASE(is_overdue_once_its_minutes_are_over_and_none_began) {
    const Schedule nightly = schedule("30 1 * * *");
    const auto overdue = [&](const std::optional<Run>& last, const std::string& now, const std::string& since) {
        return isOverdue(nightly, last, at(since), at(now), std::chrono::minutes(30));
    };
    BOOST_TEST(!overdue(run(1, "25 01:30 done 25 01:40"), "26 02:00", "01 00:00"));
    BOOST_TEST(overdue(run(1, "25 01:30 done 25 01:40"), "26 02:01", "01 00:00"));
    BOOST_TEST(!overdue(run(1, "26 01:30 stopped 26 01:40"), "26 07:00", "01 00:00"));
    BOOST_TEST(!overdue(run(1, "25 01:30 running"), "26 07:00", "01 00:00"));
    BOOST_TEST(overdue(std::nullopt, "26 07:00", "01 00:00"));
    BOOST_TEST(!overdue(std::nullopt, "26 07:00", "26 03:00"));
}

/// Somebody asked for a run while the planned one waited for its jitter.
BOOST_AUTO_TEST_CASE(is_overdue_where_its_own_start_came_behind_another_run) {
    ScheduleSettings settings = schedule("30 1 * * *").settings();
    settings.jitter = std::chrono::hours(2);
    settings.connector = "housing/permits/outbox";
    const Schedule late = Schedule::make(settings).value();
    const PlannedRun planned = late.next(at("26 00:00")).value();
    BOOST_REQUIRE((Instant(planned.start) > at("26 01:40")));
    const auto overdue = [&](const std::string& since) {
        return isOverdue(late, run(1, "26 01:31 done 26 01:32"), at(since), at("26 07:00"), std::chrono::minutes(30));
    };
    BOOST_TEST(overdue("01 00:00"));
    BOOST_TEST(!overdue("26 01:31"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(Nights)

BOOST_AUTO_TEST_CASE(go_from_noon_to_noon_on_their_zones_clocks) {
    BOOST_TEST(toRfc3339(night().begin) == "2026-11-25T04:00:00Z");
    BOOST_TEST(toRfc3339(night().end) == "2026-11-26T04:00:00Z");
    BOOST_TEST(night().contains(at("26 00:00")));
    BOOST_TEST(!night().contains(at("26 12:00")));
    const TimeZone berlin = TimeZone::find("Europe/Berlin").value();
    const Night spring = nightOf(std::chrono::local_days(std::chrono::year(2026) / 3 / 29), berlin);
    BOOST_TEST((spring.end - spring.begin == std::chrono::hours(23)));
    const Night autumn = nightOf(std::chrono::local_days(std::chrono::year(2026) / 10 / 25), berlin);
    BOOST_TEST((autumn.end - autumn.begin == std::chrono::hours(25)));
    const Night skipped =
        nightOf(std::chrono::local_days(std::chrono::year(2011) / 12 / 30), TimeZone::find("Pacific/Apia").value());
    BOOST_TEST((skipped.begin == skipped.end));  // there was no such date
}

BOOST_AUTO_TEST_CASE(are_named_by_their_morning) {
    BOOST_TEST(textOf(lastNight(at("26 07:30"), shanghai()).date) == "2026-11-26");
    BOOST_TEST(textOf(lastNight(at("26 23:59"), shanghai()).date) == "2026-11-26");
    BOOST_TEST(textOf(nightAt(at("26 23:59"), shanghai()).date) == "2026-11-27");
    BOOST_TEST(textOf(nightAt(at("26 11:59"), shanghai()).date) == "2026-11-26");
    BOOST_TEST(textOf(parseNightDate("2026-11-26").value()) == "2026-11-26");
    for (const char* wrong : {"", "2026-11-31", "2026-11-26..2026-11-27", "2026-11-26..2026-11-26", "26.11.2026",
                              "../../etc", "2026-11-26 "})
        BOOST_TEST(parseNightDate(wrong).error().code == "bad_parameter", wrong);
}

/// Of a night to come it said that everybody came.
BOOST_AUTO_TEST_CASE(a_night_that_has_not_begun_is_refused) {
    const Night asked = night(27);  // from noon of the 26th
    BOOST_TEST(!notBegun(asked, shanghai(), at("26 12:00")));
    BOOST_TEST(!notBegun(asked, shanghai(), at("28 12:00")));
    const auto why = notBegun(asked, shanghai(), at("26 11:59"));
    BOOST_TEST(why.value().code == "bad_parameter");
    BOOST_TEST(why->value == "2026-11-27");
    BOOST_TEST(why->rule ==
               "a night that has begun: this one does at 2026-11-26T12:00:00+08:00, the one that has is 2026-11-26");
}

BOOST_AUTO_TEST_SUITE_END()
