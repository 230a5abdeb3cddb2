// tests/unit/sync/schedule_test.cpp - windows, blackout dates, working days and jitter; the ends of the search.
#include "gateway/sync/schedule.hpp"

#include <set>

#include "gateway/sync/jitter.hpp"
#include "schedule_cases.hpp"

using namespace caseway;
using namespace std::chrono_literals;

namespace {

constexpr auto kCalendar = R"(# State Council, invented
holiday 2026-10-01..2026-10-07 National Day
workday 2026-09-27
workday 2026-10-10  worked weekend
)";

ScheduleSettings daily(const std::string& expression = "0 1 * * *") {
    ScheduleSettings settings;
    settings.expression = expression;
    return settings;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(Schedules)

BOOST_AUTO_TEST_CASE(run_only_inside_a_window_also_across_midnight) {
    ScheduleSettings settings = daily("0 */3 * * *");
    settings.windows = {RunWindow::parse("22:00-06:00").value()};
    BOOST_TEST(nextDue(scheduleOf(settings), "2026-05-04T04:00:00Z", 4) ==
               "2026-05-05T00:00:00+08:00 2026-05-05T03:00:00+08:00 2026-05-06T00:00:00+08:00 "
               "2026-05-06T03:00:00+08:00");
    settings.windows.push_back(RunWindow::parse("12:00-12:01").value());
    BOOST_TEST(nextDue(scheduleOf(settings), "2026-05-04T03:00:00Z", 2) ==
               "2026-05-04T12:00:00+08:00 2026-05-05T00:00:00+08:00");
}

BOOST_AUTO_TEST_CASE(the_end_of_a_window_is_outside) {
    const RunWindow night = RunWindow::parse("22:00-06:00").value(), day = RunWindow::parse("00:00-24:00").value();
    BOOST_TEST(night.contains(22 * 60));
    BOOST_TEST(!night.contains(22 * 60 - 1));
    BOOST_TEST(night.contains(6 * 60 - 1));
    BOOST_TEST(!night.contains(6 * 60));
    BOOST_TEST(night.minutesLeft(23 * 60) == 7 * 60);
    BOOST_TEST((day.contains(0) && day.contains(kMinutesOfDay - 1)));
}

BOOST_AUTO_TEST_CASE(what_is_no_window_is_refused) {
    for (const char* text : {"", "22:00", "22-06", "22:00-", "-06:00", "24:00-06:00", "22:60-23:00", "22:00-24:01",
                             "22:00-22:00", "22:00-06:00 ", "+2:00-06:00", "22:00--6:00"})
        BOOST_TEST(!RunWindow::parse(text).ok(), text);
}

BOOST_AUTO_TEST_CASE(a_window_that_holds_no_time_of_the_expression_is_refused) {
    ScheduleSettings settings = daily("30 12 * * *");
    settings.windows = {RunWindow::parse("22:00-06:00").value()};
    const auto schedule = Schedule::make(settings);
    BOOST_REQUIRE(!schedule.ok());
    BOOST_TEST(schedule.error().code == "window_without_runs");
}

BOOST_AUTO_TEST_CASE(leave_out_blackout_dates) {
    ScheduleSettings settings = daily();
    settings.blackout.add(dates("2026-05-05..2026-05-06"));
    settings.blackout.add(dates("2026-05-08"));
    settings.blackout.add(dates("2026-05-07"));
    BOOST_TEST(nextDue(scheduleOf(settings), "2026-05-04T04:00:00Z", 2) ==
               "2026-05-09T01:00:00+08:00 2026-05-10T01:00:00+08:00");
    settings.blackout.add(dates("2026-01-01..9999-12-31"));
    BOOST_TEST(nextDue(scheduleOf(settings), "2026-05-04T04:00:00Z", 1) == "none");
}

BOOST_AUTO_TEST_CASE(follow_holidays_and_worked_weekends) {
    ScheduleSettings settings = daily();
    settings.calendar = WorkingCalendar::parse(kCalendar, "test").value();
    settings.days = RunDays::Working;
    BOOST_TEST(nextDue(scheduleOf(settings), "2026-09-25T04:00:00Z", 7) ==
               "2026-09-27T01:00:00+08:00 2026-09-28T01:00:00+08:00 2026-09-29T01:00:00+08:00 "
               "2026-09-30T01:00:00+08:00 2026-10-08T01:00:00+08:00 2026-10-09T01:00:00+08:00 "
               "2026-10-10T01:00:00+08:00");
    settings.days = RunDays::Rest;
    BOOST_TEST(nextDue(scheduleOf(settings), "2026-10-06T04:00:00Z", 2) ==
               "2026-10-07T01:00:00+08:00 2026-10-11T01:00:00+08:00");
}

BOOST_AUTO_TEST_CASE(whose_days_are_used_up_have_no_next_run) {
    ScheduleSettings settings = daily("0 1 * * sat");
    settings.calendar = WorkingCalendar::parse(kCalendar, "test").value();
    settings.days = RunDays::Working;
    BOOST_TEST(nextDue(scheduleOf(settings), "2026-09-25T04:00:00Z", 2) == "2026-10-10T01:00:00+08:00 none");
}

BOOST_AUTO_TEST_CASE(end_with_the_year_9999) {
    BOOST_TEST(nextDue(scheduleOf(daily()), "9999-12-30T04:00:00Z", 2) == "9999-12-31T01:00:00+08:00 none");
}

BOOST_AUTO_TEST_CASE(a_calendar_with_a_mistake_is_refused_with_file_and_line) {
    const std::pair<const char*, const char*> cases[] = {
        {"holiday 2026-10-01\nfeiertag 2026-10-02", "f.txt, line 2"},
        {"\n\nholiday 2026-02-30", "f.txt, line 3"},
        {"holiday", "f.txt, line 1"},
        {"holiday 2026-10-07..2026-10-01", "f.txt, line 1"},
        {"holiday 2026-10-01..2026-10-07\r\nworkday 2026-10-03\r\n", "f.txt, line 2"}};
    for (const auto& [text, where] : cases) {
        const auto calendar = WorkingCalendar::parse(text, "f.txt");
        BOOST_REQUIRE_MESSAGE(!calendar.ok(), text);
        BOOST_REQUIRE(calendar.error().size() == 1U);
        BOOST_TEST(calendar.error().front().where == where);
    }
    const auto several =
        WorkingCalendar::parse("feiertag 2026-10-02\nholiday 2026-10-01\nholiday x\nworkday 2026-10-01", "f.txt");
    BOOST_REQUIRE(!several.ok());
    std::string places;
    for (const Refusal& one : several.error()) places += one.where + ";";
    BOOST_TEST(places == "f.txt, line 1;f.txt, line 3;f.txt, line 4;");
    std::string many;
    for (std::size_t i = 0; i < 2 * kMostCalendarMistakes; ++i) many += "x\n";
    BOOST_TEST(WorkingCalendar::parse(many, "f.txt").error().size() == kMostCalendarMistakes);
    BOOST_TEST(WorkingCalendar::parse("\xEF\xBB\xBFholiday 2026-10-01 国庆节\r\n", "f.txt").ok());
    BOOST_TEST(!WorkingCalendar::parse(std::string(kMostCalendarLines + 1, '\n'), "f.txt").ok());
    BOOST_TEST(!WorkingCalendar::parse(std::string(kLongestCalendarBytes + 1, ' '), "f.txt").ok());
}

BOOST_AUTO_TEST_CASE(jitter_is_the_same_for_a_name_and_a_date_and_differs_among_them) {
    const std::chrono::local_days date{std::chrono::year(2026) / 5 / 4};
    BOOST_TEST((jitter("housing/permits", date, 600s) == jitter("housing/permits", date, 600s)));
    BOOST_TEST(jitter("housing/permits", date, 600s).count() == 280);  // stable from release to release
    std::set<std::chrono::seconds> starts;
    for (int i = 0; i < 100; ++i) {
        starts.insert(jitter("connector" + std::to_string(i), date, 3600s));
        starts.insert(jitter("housing/permits", date + std::chrono::days(i), 3600s));
        BOOST_TEST((jitter("connector" + std::to_string(i), date, 1s) <= 1s));
    }
    BOOST_TEST(starts.size() > 180);
    BOOST_TEST(
        (*starts.begin() >= 0s && *starts.begin() < 180s && *starts.rbegin() > 3420s && *starts.rbegin() <= 3600s));
}

BOOST_AUTO_TEST_CASE(jitter_delays_the_start_and_never_past_the_window) {
    ScheduleSettings settings = daily("59 5 * * *");
    settings.jitter = 1h;
    settings.connector = "housing/permits";
    const auto after = parseRfc3339("2026-05-04T00:00:00Z").value();
    const Schedule free = scheduleOf(settings);
    settings.windows = {RunWindow::parse("22:00-06:00").value()};
    const Schedule held = scheduleOf(settings);
    bool is_late = false;
    auto run = free.next(after), kept = held.next(after);
    for (int i = 0; i < 50; ++i, run = free.next(run->due), kept = held.next(kept->due)) {
        BOOST_TEST((run->due == kept->due && run->start >= run->due && run->start <= run->due + 1h));
        BOOST_TEST((kept->start >= kept->due && kept->start < kept->due + 1min));
        is_late = is_late || run->start > run->due + 1min;
    }
    BOOST_TEST(is_late);
    settings.jitter = 13h;
    BOOST_TEST(!Schedule::make(settings).ok());
}

BOOST_AUTO_TEST_CASE(a_run_starts_before_the_next_one_is_due_however_long_the_jitter) {
    ScheduleSettings settings = daily("0,5 * * * *");
    settings.jitter = kLongestJitter;
    settings.connector = "housing/permits";
    const Schedule schedule = scheduleOf(settings);
    auto run = schedule.next(parseRfc3339("2026-05-04T00:00:00Z").value());
    bool is_late = false;
    for (int i = 0; i < 200; ++i) {  // over several dates, whose jitter differs
        const auto following = schedule.next(run->due);
        BOOST_TEST((run->start >= run->due && run->start < following->due));
        is_late = is_late || run->start > run->due + 5min;
        run = following;
    }
    BOOST_TEST(is_late);
}

BOOST_AUTO_TEST_CASE(the_next_to_start_may_have_been_due_before) {
    for (const auto longest : {600s, std::chrono::seconds(kLongestJitter)}) {
        ScheduleSettings settings = daily("0,30 1 * * *");
        settings.jitter = longest;
        settings.connector = "housing/permits";
        const Schedule schedule = scheduleOf(settings);
        const PlannedRun first = schedule.next(parseRfc3339("2026-05-04T00:00:00Z").value()).value();
        const PlannedRun second = schedule.next(first.due).value();
        BOOST_REQUIRE((first.start > first.due + 2s && first.start < second.due));
        const Instant due = first.due, start = first.start;
        BOOST_TEST((schedule.nextStart(due - 1h) == first));
        BOOST_TEST((schedule.nextStart(due) == first));
        BOOST_TEST((schedule.nextStart(start - std::chrono::microseconds(1)) == first));
        BOOST_TEST((schedule.nextStart(start) == second));
        BOOST_TEST((schedule.nextStart(due + 1s, due - 1s) == first));
        BOOST_TEST((schedule.nextStart(due + 1s, due) == second));
        BOOST_TEST((schedule.nextStart(due - 1h, due + 1s) == second));
    }
}

BOOST_AUTO_TEST_CASE(a_window_says_until_when_its_run_may_go_on) {
    const auto closes = [](std::vector<std::string> windows, const std::string& due, const std::string& zone = "UTC") {
        ScheduleSettings settings;
        settings.expression = "*/30 * * * *";
        settings.zone = zone;
        for (const std::string& text : windows) settings.windows.push_back(RunWindow::parse(text).value());
        const auto found =
            scheduleOf(settings).closesAfter(std::chrono::floor<std::chrono::seconds>(parseRfc3339(due).value()));
        return found ? toRfc3339(*found) : std::string("never");
    };
    BOOST_TEST(closes({}, "2026-05-04T01:30:00Z") == "never");
    BOOST_TEST(closes({"22:00-06:00"}, "2026-05-04T01:30:00Z") == "2026-05-04T06:00:00Z");
    BOOST_TEST(closes({"22:00-06:00"}, "2026-05-04T23:30:00Z") == "2026-05-05T06:00:00Z");
    BOOST_TEST(closes({"22:00-24:00", "00:00-05:00"}, "2026-05-04T23:30:00Z") == "2026-05-05T05:00:00Z");
    BOOST_TEST(closes({"00:00-12:00", "12:00-24:00"}, "2026-05-04T23:30:00Z") == "never");
    BOOST_TEST(closes({"22:00-06:00"}, "2026-05-03T17:30:00Z", "Asia/Shanghai") == "2026-05-03T22:00:00Z");
    // Clocks go forward at 02:00 in this night: it is an hour shorter.
    BOOST_TEST(closes({"22:00-06:00"}, "2026-03-28T22:00:00Z", "Europe/Berlin") == "2026-03-29T04:00:00Z");
}

BOOST_AUTO_TEST_SUITE_END()
