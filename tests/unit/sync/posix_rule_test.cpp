// tests/unit/sync/posix_rule_test.cpp - the rule at the end of a zone's file: what it says of years that no file lists.
#include "gateway/formats/zone/posix_rule.hpp"

#include "schedule_cases.hpp"

using namespace caseway;
using std::chrono::sys_seconds;

namespace {

sys_seconds at(const std::string& text) {
    return std::chrono::floor<std::chrono::seconds>(parseRfc3339(text).value());
}

/// "from until offset in minutes"
std::string spanOf(const std::string& rule, const std::string& instant) {
    const auto read = PosixRule::parse(rule);
    BOOST_REQUIRE_MESSAGE(read.has_value(), rule);
    const ZoneSpan span = read->spanAt(at(instant));
    BOOST_TEST((span.begin <= at(instant) && at(instant) < span.end), rule);
    return toRfc3339(span.begin) + " " + toRfc3339(span.end) + " " + std::to_string(span.offset.count() / 60);
}

struct Rule {
    const char *text, *instant, *span;
};

constexpr Rule kRules[] = {
    {"CET-1CEST,M3.5.0,M10.5.0/3", "2040-07-01T00:00:00Z", "2040-03-25T01:00:00Z 2040-10-28T01:00:00Z 120"},
    {"CET-1CEST,M3.5.0,M10.5.0/3", "2040-12-31T23:30:00Z", "2040-10-28T01:00:00Z 2041-03-31T01:00:00Z 60"},
    {"CET-1CEST,M3.5.0,M10.5.0/3", "2100-03-28T00:59:59Z", "2099-10-25T01:00:00Z 2100-03-28T01:00:00Z 60"},
    {"CET-1CEST,M3.5.0,M10.5.0/3", "2100-03-28T01:00:00Z", "2100-03-28T01:00:00Z 2100-10-31T01:00:00Z 120"},
    {"EST5EDT,M3.2.0,M11.1.0", "2040-07-01T00:00:00Z", "2040-03-11T07:00:00Z 2040-11-04T06:00:00Z -240"},
    {"AEST-10AEDT,M10.1.0,M4.1.0/3", "2040-01-01T00:00:00Z", "2039-10-01T16:00:00Z 2040-03-31T16:00:00Z 660"},
    {"<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2040-06-01T00:00:00Z", "2040-03-31T15:00:00Z 2040-10-06T15:30:00Z 630"},
    {"IST-1GMT0,M10.5.0,M3.5.0/1", "2040-01-01T00:00:00Z", "2039-10-30T01:00:00Z 2040-03-25T01:00:00Z 0"},
    {"IST-1GMT0,M10.5.0,M3.5.0/1", "2040-07-01T00:00:00Z", "2040-03-25T01:00:00Z 2040-10-28T01:00:00Z 60"},
    {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2040-07-01T00:00:00Z", "2040-03-25T01:00:00Z 2040-10-28T01:00:00Z -60"},
    {"EET-2EEST,M3.4.4/50,M10.4.4/50", "2040-07-01T00:00:00Z", "2040-03-24T00:00:00Z 2040-10-26T23:00:00Z 180"},
    {"AAA0BBB,J60,J300", "2040-06-01T00:00:00Z", "2040-03-01T02:00:00Z 2040-10-27T01:00:00Z 60"},
    {"AAA0BBB,59,299", "2040-06-01T00:00:00Z", "2040-02-29T02:00:00Z 2040-10-26T01:00:00Z 60"},
    {"AAA0BBB,J1/-24,J300", "2040-01-01T00:00:00Z", "2039-12-31T00:00:00Z 2040-10-27T01:00:00Z 60"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(PosixRules)

BOOST_AUTO_TEST_CASE(say_when_clocks_change_in_any_year) {
    for (const Rule& rule : kRules) BOOST_TEST(spanOf(rule.text, rule.instant) == rule.span, rule.text);
}

BOOST_AUTO_TEST_CASE(a_rule_without_changes_is_one_offset_for_ever) {
    for (const char* text : {"UTC0", "CST-8", "<+01>-1", "<-0330>+3:30"}) {
        const auto rule = PosixRule::parse(text);
        BOOST_REQUIRE_MESSAGE(rule.has_value(), text);
        BOOST_TEST(!rule->hasChanges(), text);
    }
    BOOST_TEST(
        (PosixRule::parse("<-0330>+3:30")->spanAt(at("2100-01-01T00:00:00Z")).offset == std::chrono::minutes(-210)));
}

BOOST_AUTO_TEST_CASE(what_is_no_rule_is_not_read_as_one) {
    for (const char* text : {"",
                             "CET",
                             "C-1",
                             "CET-25",
                             "CET-1CEST",
                             "CET-1CEST,",
                             "CET-1CEST,M3.5.0",
                             "CET-1CEST,M3.5.0,",
                             "<CET-1",
                             "CET-1CEST,M13.5.0,M10.5.0",
                             "CET-1CEST,M3.6.0,M10.5.0",
                             "CET-1CEST,M3.5.7,M10.5.0",
                             "CET-1:60",
                             "CET-1CEST,M3.5.0,M10.5.0/168",
                             "CET-1CEST,M3.5.0,M10.5.0/",
                             "CET-1CEST,J0,J300",
                             "CET-1CEST,J366,J300",
                             "CET-1CEST,366,300",
                             "CET-1CEST,M3.5.0,M10.5.0 ",
                             "CET-1CEST,M0.5.0,M10.5.0",
                             "CET-1CEST,M3.0.0,M10.5.0",
                             "CET--1",
                             "CET-1CEST;M3.5.0,M10.5.0",
                             "<>-1",
                             "CET-0001"})
        BOOST_TEST(!PosixRule::parse(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(a_zone_goes_on_by_its_rule_after_the_last_change_of_its_file) {
    const auto zone = TimeZone::find("Europe/Berlin").value();
    sys_seconds instant = at("2035-01-01T00:00:00Z");
    for (int i = 0; i < 12; ++i) {  // one span after the other, without a hole, over the end of the list
        const ZoneSpan span = zone.spanAt(instant);
        BOOST_TEST((span.offset == std::chrono::hours(i % 2 == 0 ? 1 : 2)), toRfc3339(instant));
        BOOST_TEST((zone.spanAt(span.end).begin == span.end), toRfc3339(span.end));
        instant = span.end;
    }
    const auto offsetAt = [&](int month, int day, int hour) {
        const std::chrono::year_month_day date{std::chrono::year(2040),
                                               std::chrono::month(static_cast<unsigned>(month)),
                                               std::chrono::day(static_cast<unsigned>(day))};
        const auto offset =
            zone.offsetAtLocal(std::chrono::local_days(date) + std::chrono::hours(hour) + std::chrono::minutes(30));
        return offset ? offset->count() / 3600 : -1;
    };
    BOOST_TEST(offsetAt(7, 1, 12) == 2);
    BOOST_TEST(offsetAt(12, 1, 12) == 1);
    BOOST_TEST(offsetAt(3, 25, 2) == -1);  // skipped
    BOOST_TEST(offsetAt(10, 28, 2) == 2);  // of two the first
}

BOOST_AUTO_TEST_SUITE_END()
