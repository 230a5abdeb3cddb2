// tests/unit/sync/clock_changes_test.cpp - schedules where a zone's clock jumps, comes back, or leaves out a day.
#include "schedule_cases.hpp"

using namespace caseway;

namespace {

struct ClockChange {
    const char *what, *expression, *zone, *after, *due;
};

constexpr ClockChange kSkipped[] = {
    {"a skipped time runs when the clock goes on", "30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z",
     "2026-03-29T03:00:00+02:00 2026-03-30T02:30:00+02:00"},
    {"several skipped times run once", "0-40/20 2 * * *", "America/New_York", "2026-03-07T12:00:00Z",
     "2026-03-08T03:00:00-04:00 2026-03-09T02:00:00-04:00"},
    {"the first valid instant may be due itself", "30 2,3 * * *", "America/New_York", "2026-03-07T12:00:00Z",
     "2026-03-08T03:00:00-04:00 2026-03-08T03:30:00-04:00"},
    {"an interval within the skipped hour is made up once", "*/15 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z",
     "2026-03-29T03:00:00+02:00 2026-03-30T02:00:00+02:00"},
    {"an interval of every hour follows the clock", "30 * * * *", "Europe/Berlin", "2026-03-29T00:00:00Z",
     "2026-03-29T01:30:00+01:00 2026-03-29T03:30:00+02:00"},
    {"all hours as a range are fixed times", "30 0-23 * * *", "Europe/Berlin", "2026-03-29T00:00:00Z",
     "2026-03-29T01:30:00+01:00 2026-03-29T03:00:00+02:00 2026-03-29T03:30:00+02:00"},
    {"and as a list of ranges", "30 0-11,12-23 * * *", "America/New_York", "2026-03-08T06:00:00Z",
     "2026-03-08T01:30:00-05:00 2026-03-08T03:00:00-04:00 2026-03-08T03:30:00-04:00"},
    {"at full hours the run made up is the next one", "0 0-23 * * *", "Europe/Berlin", "2026-03-29T00:30:00Z",
     "2026-03-29T03:00:00+02:00 2026-03-29T04:00:00+02:00"},
    {"an interval of all hours by steps", "30 */1 * * *", "Europe/Berlin", "2026-03-29T00:00:00Z",
     "2026-03-29T01:30:00+01:00 2026-03-29T03:30:00+02:00"},
    {"minutes as an interval, all hours as a range", "*/30 0-23 * * *", "Europe/Berlin", "2026-03-29T00:20:00Z",
     "2026-03-29T01:30:00+01:00 2026-03-29T03:00:00+02:00 2026-03-29T03:30:00+02:00"},
    {"an interval of some hours is made up", "0 */2 * * *", "Europe/Berlin", "2026-03-28T23:30:00Z",
     "2026-03-29T03:00:00+02:00 2026-03-29T04:00:00+02:00"},
    {"half an hour", "15 2 * * *", "Australia/Lord_Howe", "2026-10-03T12:00:00Z",
     "2026-10-04T02:30:00+11:00 2026-10-05T02:15:00+11:00"},
    {"midnight is skipped", "0 0 * * *", "America/Havana", "2026-03-07T12:00:00Z",
     "2026-03-08T01:00:00-04:00 2026-03-09T00:00:00-04:00"},
    {"midnight is skipped, on one weekday only", "30 0 * * sun", "Asia/Beirut", "2026-03-27T12:00:00Z",
     "2026-03-29T01:00:00+03:00 2026-04-05T00:30:00+03:00"},
    {"a whole day is skipped", "30 1 * * *", "Pacific/Apia", "2011-12-29T12:00:00Z",
     "2011-12-31T00:00:00+14:00 2011-12-31T01:30:00+14:00"},
    {"the only date of the year is skipped", "0 12 30 12 *", "Pacific/Apia", "2011-12-01T00:00:00Z",
     "2011-12-31T00:00:00+14:00 2012-12-30T12:00:00+14:00"},
    {"every hour of the skipped date", "0 * 30 12 *", "Pacific/Apia", "2011-12-01T00:00:00Z",
     "2011-12-31T00:00:00+14:00 2012-12-30T00:00:00+14:00"},
    {"a date before the skipped one is not touched", "30 1 29 12 *", "Pacific/Apia", "2011-12-01T00:00:00Z",
     "2011-12-29T01:30:00-10:00 2012-12-29T01:30:00+14:00"},
    {"summer time in China", "30 2 * * *", "Asia/Shanghai", "1986-05-03T00:00:00Z",
     "1986-05-04T03:00:00+09:00 1986-05-05T02:30:00+09:00"},
    {"asked in the very instant of the change", "30 2 * * *", "Europe/Berlin", "2026-03-29T01:00:00Z",
     "2026-03-30T02:30:00+02:00"},
    {"asked just before the change", "30 2 * * *", "Europe/Berlin", "2026-03-29T00:59:59.999999Z",
     "2026-03-29T03:00:00+02:00"},
};

constexpr ClockChange kRepeated[] = {
    {"a repeated time runs the first time", "30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z",
     "2026-10-25T02:30:00+02:00 2026-10-26T02:30:00+01:00"},
    {"asked between the two", "30 2 * * *", "Europe/Berlin", "2026-10-25T00:45:00Z", "2026-10-26T02:30:00+01:00"},
    {"the hour after it", "0 3 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-25T03:00:00+01:00"},
    {"minutes as an interval run in both hours", "*/30 1 * * *", "America/New_York", "2026-10-31T12:00:00Z",
     "2026-11-01T01:00:00-04:00 2026-11-01T01:30:00-04:00 2026-11-01T01:00:00-05:00 2026-11-01T01:30:00-05:00 "
     "2026-11-02T01:00:00-05:00"},
    {"hours as an interval run in both hours", "10 * * * *", "America/New_York", "2026-11-01T04:30:00Z",
     "2026-11-01T01:10:00-04:00 2026-11-01T01:10:00-05:00 2026-11-01T02:10:00-05:00"},
    {"a list is no interval", "0,30 1 * * *", "America/New_York", "2026-10-31T12:00:00Z",
     "2026-11-01T01:00:00-04:00 2026-11-01T01:30:00-04:00 2026-11-02T01:00:00-05:00"},
    {"half an hour", "45 1 * * *", "Australia/Lord_Howe", "2026-04-03T15:00:00Z",
     "2026-04-05T01:45:00+11:00 2026-04-06T01:45:00+10:30"},
    {"half an hour, as an interval", "*/15 1 * * *", "Australia/Lord_Howe", "2026-04-04T14:20:00Z",
     "2026-04-05T01:30:00+11:00 2026-04-05T01:45:00+11:00 2026-04-05T01:30:00+10:30 2026-04-05T01:45:00+10:30"},
    {"back over midnight into the day before", "30 23 * * *", "Asia/Beirut", "2026-10-24T12:00:00Z",
     "2026-10-24T23:30:00+03:00 2026-10-25T23:30:00+02:00"},
    {"midnight comes twice", "0 0 * * *", "America/Havana", "2026-10-31T12:00:00Z",
     "2026-11-01T00:00:00-04:00 2026-11-02T00:00:00-05:00"},
    {"summer time in China ends", "30 1 * * *", "Asia/Shanghai", "1986-09-13T00:00:00Z",
     "1986-09-14T01:30:00+09:00 1986-09-15T01:30:00+08:00"},
    {"no summer time in China since 1991", "30 2 * * *", "Asia/Shanghai", "2026-03-28T12:00:00Z",
     "2026-03-29T02:30:00+08:00 2026-03-30T02:30:00+08:00"},
};

/// Behind the last change that tzdata lists for the zone.
constexpr ClockChange kFarAhead[] = {
    {"summer time in Berlin", "30 1 * * *", "Europe/Berlin", "2040-07-01T00:00:00Z", "2040-07-02T01:30:00+02:00"},
    {"a skipped time", "30 2 * * *", "Europe/Berlin", "2100-03-27T12:00:00Z",
     "2100-03-28T03:00:00+02:00 2100-03-29T02:30:00+02:00"},
    {"a repeated time", "30 2 * * *", "Europe/Berlin", "2040-10-27T12:00:00Z",
     "2040-10-28T02:30:00+02:00 2040-10-29T02:30:00+01:00"},
    {"an interval in both hours", "*/30 1 * * *", "America/New_York", "2100-11-06T12:00:00Z",
     "2100-11-07T01:00:00-04:00 2100-11-07T01:30:00-04:00 2100-11-07T01:00:00-05:00 2100-11-07T01:30:00-05:00"},
    {"a skipped time in New York", "30 2 * * *", "America/New_York", "2040-03-10T12:00:00Z",
     "2040-03-11T03:00:00-04:00 2040-03-12T02:30:00-04:00"},
    {"the southern summer", "30 1 * * *", "Australia/Sydney", "2040-03-31T12:00:00Z",
     "2040-04-01T01:30:00+11:00 2040-04-02T01:30:00+10:00"},
    {"the southern spring", "30 2 * * *", "Australia/Sydney", "2100-10-02T12:00:00Z",
     "2100-10-03T03:00:00+11:00 2100-10-04T02:30:00+11:00"},
    {"half an hour", "15 2 * * *", "Australia/Lord_Howe", "2040-10-06T12:00:00Z",
     "2040-10-07T02:30:00+11:00 2040-10-08T02:15:00+11:00"},
    {"half an hour twice", "*/15 1 * * *", "Australia/Lord_Howe", "2100-04-03T14:20:00Z",
     "2100-04-04T01:30:00+11:00 2100-04-04T01:45:00+11:00 2100-04-04T01:30:00+10:30 2100-04-04T01:45:00+10:30"},
    {"winter time that is the exception", "30 1 * * *", "Europe/Dublin", "2040-03-24T12:00:00Z",
     "2040-03-25T02:00:00+01:00 2040-03-26T01:30:00+01:00"},
    {"and ends in summer time", "30 1 * * *", "Europe/Dublin", "2100-10-30T12:00:00Z",
     "2100-10-31T01:30:00+01:00 2100-11-01T01:30:00+00:00"},
    {"Casablanca's list goes on until 2087", "30 2 * * *", "Africa/Casablanca", "2040-10-13T12:00:00Z",
     "2040-10-14T03:00:00+01:00 2040-10-15T02:30:00+01:00"},
    {"then it is one offset", "30 2 * * *", "Africa/Casablanca", "2100-07-01T00:00:00Z", "2100-07-01T02:30:00+01:00"},
};

int countOf(const std::string& list) {
    return 1 + static_cast<int>(std::count(list.begin(), list.end(), ' '));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ClockChanges)

BOOST_AUTO_TEST_CASE(a_skipped_time_runs_at_the_first_valid_instant) {
    for (const ClockChange& one : kSkipped)
        BOOST_TEST(nextDue(scheduleOf(one.expression, one.zone), one.after, countOf(one.due)) == one.due, one.what);
}

BOOST_AUTO_TEST_CASE(a_repeated_time_runs_once_and_an_interval_in_both_hours) {
    for (const ClockChange& one : kRepeated)
        BOOST_TEST(nextDue(scheduleOf(one.expression, one.zone), one.after, countOf(one.due)) == one.due, one.what);
}

BOOST_AUTO_TEST_CASE(clocks_change_after_the_last_change_that_tzdata_lists) {
    for (const ClockChange& one : kFarAhead)
        BOOST_TEST(nextDue(scheduleOf(one.expression, one.zone), one.after, countOf(one.due)) == one.due, one.what);
}

BOOST_AUTO_TEST_CASE(an_unknown_zone_is_refused_with_the_nearest_name) {
    const std::pair<const char*, const char*> cases[] = {
        {"Asia/Shangai", "Asia/Shanghai"},  {"asia/shanghai", "Asia/Shanghai"},         {"Shanghai", "Asia/Shanghai"},
        {"Europe/Brelin", "Europe/Berlin"}, {"Asia/Beijing", "Asia/Shanghai"},          {"CST", "Asia/Shanghai"},
        {"+08:00", "like Asia/Shanghai"},   {"../../etc/passwd", "like Asia/Shanghai"}, {"", "like Asia/Shanghai"}};
    for (const auto& [name, hint] : cases) {
        ScheduleSettings settings;
        settings.expression = "@daily";
        settings.zone = name;
        const auto schedule = Schedule::make(settings);
        BOOST_REQUIRE_MESSAGE(!schedule.ok(), name);
        BOOST_TEST(schedule.error().code == "zone_unknown");
        const bool says = schedule.error().hint.find(hint) != std::string::npos;
        BOOST_TEST(says, name << ": " << schedule.error().hint);
    }
}

BOOST_AUTO_TEST_SUITE_END()
