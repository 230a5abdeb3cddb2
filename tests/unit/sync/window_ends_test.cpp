// tests/unit/sync/window_ends_test.cpp - when a window closes in the nights in which clocks change, and that every run
// that is previewed can start before it does.
#include "gateway/sync/missed_runs.hpp"
#include "schedule_cases.hpp"

using namespace caseway;
using namespace std::chrono_literals;

namespace {

ScheduleSettings windowed(const std::string& expression, const std::vector<std::string>& windows,
                          const std::string& zone = "Europe/Berlin") {
    ScheduleSettings settings;
    settings.expression = expression;
    settings.zone = zone;
    for (const std::string& text : windows) settings.windows.push_back(RunWindow::parse(text).value());
    return settings;
}

struct Closing {
    const char* what;
    const char* expression;
    std::vector<std::string> windows;
    const char* zone;
    const char* after;
    const char* due;     ///< of the first run after `after`
    const char* closes;  ///< of its window
};

const Closing kClosings[] = {
    {"due before the clock comes back: the end as it comes first",
     "*/15 * * * *",
     {"22:00-02:30"},
     "Europe/Berlin",
     "2026-10-24T19:59:00Z",
     "2026-10-24T20:00:00Z",
     "2026-10-25T00:30:00Z"},
    {"due in the hour that comes twice, the first time",
     "*/15 * * * *",
     {"22:00-02:30"},
     "Europe/Berlin",
     "2026-10-25T00:14:00Z",
     "2026-10-25T00:15:00Z",
     "2026-10-25T00:30:00Z"},
    {"due as it comes the second time",
     "*/15 * * * *",
     {"22:00-02:30"},
     "Europe/Berlin",
     "2026-10-25T00:59:00Z",
     "2026-10-25T01:00:00Z",
     "2026-10-25T01:30:00Z"},
    {"and the last of them",
     "*/15 * * * *",
     {"22:00-02:30"},
     "Europe/Berlin",
     "2026-10-25T01:14:00Z",
     "2026-10-25T01:15:00Z",
     "2026-10-25T01:30:00Z"},
    {"a window that ends with the repeated hour lasts over both",
     "45 2 * * *",
     {"22:00-03:00"},
     "Europe/Berlin",
     "2026-10-24T12:00:00Z",
     "2026-10-25T00:45:00Z",
     "2026-10-25T02:00:00Z"},
    {"half an hour comes twice",
     "*/15 * * * *",
     {"00:00-01:45"},
     "Australia/Lord_Howe",
     "2026-04-04T14:59:00Z",
     "2026-04-04T15:00:00Z",
     "2026-04-04T15:15:00Z"},
    {"a window that the clock skips whole: as long as the run would have had",
     "30 2 * * *",
     {"02:00-03:00"},
     "Europe/Berlin",
     "2026-03-28T12:00:00Z",
     "2026-03-29T01:00:00Z",
     "2026-03-29T01:30:00Z"},
    {"several skipped times: the longest",
     "10-50/20 2 * * *",
     {"02:00-03:00"},
     "Europe/Berlin",
     "2026-03-28T12:00:00Z",
     "2026-03-29T01:00:00Z",
     "2026-03-29T01:50:00Z"},
    {"a window that ends while the clock skips",
     "15 2 * * *",
     {"01:00-02:45"},
     "Europe/Berlin",
     "2026-03-28T12:00:00Z",
     "2026-03-29T01:00:00Z",
     "2026-03-29T01:30:00Z"},
    {"a run before it: it ends as the clock goes on",
     "30 1 * * *",
     {"01:00-02:45"},
     "Europe/Berlin",
     "2026-03-28T12:00:00Z",
     "2026-03-29T00:30:00Z",
     "2026-03-29T01:00:00Z"},
    {"a moved run in a window that is still open",
     "30 2 * * *",
     {"22:00-06:00"},
     "Europe/Berlin",
     "2026-03-28T12:00:00Z",
     "2026-03-29T01:00:00Z",
     "2026-03-29T04:00:00Z"},
    {"windows without a gap, the first of them skipped",
     "30 2 * * *",
     {"02:00-03:00", "03:00-05:00"},
     "Europe/Berlin",
     "2026-03-28T12:00:00Z",
     "2026-03-29T01:00:00Z",
     "2026-03-29T03:00:00Z"},
    {"a window of a skipped date",
     "0 12 30 12 *",
     {"11:00-13:00"},
     "Pacific/Apia",
     "2011-12-01T00:00:00Z",
     "2011-12-30T10:00:00Z",
     "2011-12-30T11:00:00Z"},
    {"behind the changes that tzdata lists",
     "*/15 * * * *",
     {"22:00-02:30"},
     "Europe/Berlin",
     "2100-10-31T01:14:00Z",
     "2100-10-31T01:15:00Z",
     "2100-10-31T01:30:00Z"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(WindowEnds)

BOOST_AUTO_TEST_CASE(a_window_closes_behind_the_time_at_which_its_run_is_due) {
    for (const Closing& one : kClosings) {
        const Schedule schedule = scheduleOf(windowed(one.expression, one.windows, one.zone));
        const auto run = schedule.next(parseRfc3339(one.after).value());
        BOOST_REQUIRE_MESSAGE(run.has_value(), one.what);
        BOOST_TEST(toRfc3339(run->due) == one.due, one.what);
        const auto closes = schedule.closesAfter(run->due);
        BOOST_TEST((closes ? toRfc3339(*closes) : "never") == one.closes, one.what);
    }
}

BOOST_AUTO_TEST_CASE(every_run_of_the_night_starts_when_it_is_due) {
    for (const char* night : {"2026-03-28T12:00:00Z", "2026-10-24T12:00:00Z"}) {
        for (const char* window : {"22:00-02:30", "02:00-03:00", "01:15-02:15", "22:00-06:00"}) {
            const Schedule schedule = scheduleOf(windowed("*/15 * * * *", {window}));
            Instant last = parseRfc3339(night).value();
            const Instant until = last + 24h;
            for (auto run = schedule.next(last); run && run->due < until; run = schedule.next(run->due)) {
                const DueRuns due = runsToStart(schedule, {}, last, run->start);
                BOOST_TEST((due.to_start.size() == 1U && due.passed_over == 0U), window << " " << toRfc3339(run->due));
                last = run->due;
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(jitter_ends_with_the_window_also_in_a_shorter_night) {
    bool has_waited_long = false;
    for (int i = 0; i < 200; ++i) {
        ScheduleSettings settings = windowed("0 1 * * *", {"22:00-04:00"});
        settings.jitter = kLongestJitter;
        settings.connector = "connector" + std::to_string(i);
        const Schedule schedule = scheduleOf(settings);
        const auto run = schedule.next(parseRfc3339("2026-03-28T12:00:00Z").value());
        BOOST_TEST((run->start < parseRfc3339("2026-03-29T02:00:00Z").value()), toRfc3339(run->start));
        has_waited_long = has_waited_long || run->start > run->due + 110min;
    }
    BOOST_TEST(has_waited_long);
}

BOOST_AUTO_TEST_CASE(jitter_goes_on_in_a_longer_night_and_where_the_window_is_lost) {
    bool has_waited_long = false;
    for (int i = 0; i < 200; ++i) {
        ScheduleSettings settings = windowed("0 1 * * *", {"22:00-04:00"});
        settings.jitter = kLongestJitter;
        settings.connector = "connector" + std::to_string(i);
        const auto autumn = scheduleOf(settings).next(parseRfc3339("2026-10-24T12:00:00Z").value());
        BOOST_TEST((autumn->start < parseRfc3339("2026-10-25T03:00:00Z").value()), toRfc3339(autumn->start));
        has_waited_long = has_waited_long || autumn->start > autumn->due + 3h;
        settings.expression = "30 2 * * *";
        settings.windows = {RunWindow::parse("02:00-03:00").value()};
        const auto spring = scheduleOf(settings).next(parseRfc3339("2026-03-28T12:00:00Z").value());
        BOOST_TEST((spring->start < parseRfc3339("2026-03-29T01:30:00Z").value()), toRfc3339(spring->start));
    }
    BOOST_TEST(has_waited_long);
}

BOOST_AUTO_TEST_SUITE_END()
