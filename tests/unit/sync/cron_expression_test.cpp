// tests/unit/sync/cron_expression_test.cpp - what an expression chooses, and how a wrong one is told.
#include "gateway/sync/cron_expression.hpp"

#include "schedule_cases.hpp"

using namespace caseway;

namespace {

std::string firstDue(const std::string& expression) {
    return nextDue(scheduleOf(expression, "UTC"), "2026-05-04T08:30:00Z", 3);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(CronExpressions)

BOOST_AUTO_TEST_CASE(choose_what_vixie_cron_chooses) {
    const std::pair<const char*, const char*> cases[] = {
        {"30 1 * * *", "2026-05-05T01:30:00+00:00 2026-05-06T01:30:00+00:00 2026-05-07T01:30:00+00:00"},
        {"*/20 * * * *", "2026-05-04T08:40:00+00:00 2026-05-04T09:00:00+00:00 2026-05-04T09:20:00+00:00"},
        {"5-59/25 8 * * *", "2026-05-04T08:55:00+00:00 2026-05-05T08:05:00+00:00 2026-05-05T08:30:00+00:00"},
        {"0,15 9,10-11 * * *", "2026-05-04T09:00:00+00:00 2026-05-04T09:15:00+00:00 2026-05-04T10:00:00+00:00"},
        {"0 0 1 JAN,jul *", "2026-07-01T00:00:00+00:00 2027-01-01T00:00:00+00:00 2027-07-01T00:00:00+00:00"},
        {"0 0 * * Mon-wed", "2026-05-05T00:00:00+00:00 2026-05-06T00:00:00+00:00 2026-05-11T00:00:00+00:00"},
        {"0 0 * * 0", "2026-05-10T00:00:00+00:00 2026-05-17T00:00:00+00:00 2026-05-24T00:00:00+00:00"},
        {"0 0 * * 7", "2026-05-10T00:00:00+00:00 2026-05-17T00:00:00+00:00 2026-05-24T00:00:00+00:00"},
        {"0 0 * * 6-7", "2026-05-09T00:00:00+00:00 2026-05-10T00:00:00+00:00 2026-05-16T00:00:00+00:00"},
        {"0 0 13 * fri", "2026-05-08T00:00:00+00:00 2026-05-13T00:00:00+00:00 2026-05-15T00:00:00+00:00"},   // or
        {"0 0 */2 * fri", "2026-05-15T00:00:00+00:00 2026-05-29T00:00:00+00:00 2026-06-05T00:00:00+00:00"},  // and
        {"0 0 13 * */5", "2026-09-13T00:00:00+00:00 2026-11-13T00:00:00+00:00 2026-12-13T00:00:00+00:00"},   // and
        {" \t0\t0  29 2 *\t", "2028-02-29T00:00:00+00:00 2032-02-29T00:00:00+00:00 2036-02-29T00:00:00+00:00"},
        {"0 0 31 * *", "2026-05-31T00:00:00+00:00 2026-07-31T00:00:00+00:00 2026-08-31T00:00:00+00:00"},
        {"0 0 30 2 mon", "2027-02-01T00:00:00+00:00 2027-02-08T00:00:00+00:00 2027-02-15T00:00:00+00:00"},
        {"@yearly", "2027-01-01T00:00:00+00:00 2028-01-01T00:00:00+00:00 2029-01-01T00:00:00+00:00"},
        {"@annually", "2027-01-01T00:00:00+00:00 2028-01-01T00:00:00+00:00 2029-01-01T00:00:00+00:00"},
        {"@monthly", "2026-06-01T00:00:00+00:00 2026-07-01T00:00:00+00:00 2026-08-01T00:00:00+00:00"},
        {"@weekly", "2026-05-10T00:00:00+00:00 2026-05-17T00:00:00+00:00 2026-05-24T00:00:00+00:00"},
        {"@daily", "2026-05-05T00:00:00+00:00 2026-05-06T00:00:00+00:00 2026-05-07T00:00:00+00:00"},
        {"@midnight", "2026-05-05T00:00:00+00:00 2026-05-06T00:00:00+00:00 2026-05-07T00:00:00+00:00"},
        {"@hourly", "2026-05-04T09:00:00+00:00 2026-05-04T10:00:00+00:00 2026-05-04T11:00:00+00:00"}};
    for (const auto& [expression, expected] : cases) BOOST_TEST(firstDue(expression) == expected, expression);
}

BOOST_AUTO_TEST_CASE(a_step_that_leaves_one_value_is_taken_with_a_note) {
    struct Step {
        const char *expression, *due, *note;
    };
    const Step steps[] = {
        {"*/60 * * * *", "2026-05-04T09:00:00+00:00 2026-05-04T10:00:00+00:00 2026-05-04T11:00:00+00:00",
         "field 1 (minute), column 3: a step of 60 leaves only the value 0, as in cron"},
        {"0 */24 * * *", "2026-05-05T00:00:00+00:00 2026-05-06T00:00:00+00:00 2026-05-07T00:00:00+00:00",
         "field 2 (hour), column 5: a step of 24 leaves only the value 0, as in cron"},
        {"0 0 */31 * *", "2026-06-01T00:00:00+00:00 2026-07-01T00:00:00+00:00 2026-08-01T00:00:00+00:00",
         "field 3 (day of month), column 7: a step of 31 leaves only the value 1, as in cron"},
        {"0 0 * * 0-6/7", "2026-05-10T00:00:00+00:00 2026-05-17T00:00:00+00:00 2026-05-24T00:00:00+00:00",
         "field 5 (day of week), column 13: a step of 7 leaves only the value 0, as in cron"},
        {"0 0 * * */7", "2026-05-10T00:00:00+00:00 2026-05-17T00:00:00+00:00 2026-05-24T00:00:00+00:00",
         "field 5 (day of week), column 11: a step of 7 leaves only the value 0, as in cron"},
        {"5-10/9999 8 * * *", "2026-05-05T08:05:00+00:00 2026-05-06T08:05:00+00:00 2026-05-07T08:05:00+00:00",
         "field 1 (minute), column 6: a step of 9999 leaves only the value 5, as in cron"}};
    for (const Step& step : steps) {
        BOOST_TEST(firstDue(step.expression) == step.due, step.expression);
        const auto notes = scheduleOf(step.expression, "UTC").notes();
        BOOST_REQUIRE_MESSAGE(notes.size() == 1, step.expression);
        BOOST_TEST(notes[0] == step.note);
    }
    for (const char* plain : {"*/59 * * * *", "*/1 */23 */30 */11 */6", "5-5/1 * * * *", "0 0 * * *", "0 0 * * 1-7/6"})
        BOOST_TEST(scheduleOf(plain, "UTC").notes().empty(), plain);
}

BOOST_AUTO_TEST_CASE(leap_days_are_found_across_2100) {
    BOOST_TEST(nextDue(scheduleOf("0 0 29 2 *", "Asia/Shanghai"), "2096-03-01T00:00:00Z", 1) ==
               "2104-02-29T00:00:00+08:00");
    // '*/7' is Sunday, and begins with '*': the 29th of February and a Sunday.
    BOOST_TEST(nextDue(scheduleOf("0 0 29 2 */7", "UTC"), "2060-03-01T00:00:00Z", 2) ==
               "2088-02-29T00:00:00+00:00 2128-02-29T00:00:00+00:00");
}

struct WrongExpression {
    const char *text, *where, *value, *says;
};

BOOST_AUTO_TEST_CASE(a_wrong_one_is_told_with_field_column_text_and_what_is_allowed) {
    const WrongExpression cases[] = {
        {"60 * * * *", "field 1 (minute), column 1", "60", "allowed: 0-59"},
        {"0 24 * * *", "field 2 (hour), column 3", "24", "allowed: 0-23"},
        {"0 0 0 * *", "field 3 (day of month), column 5", "0", "allowed: 1-31"},
        {"0  0 * 13 *", "field 4 (month), column 8", "13", "jan-dec"},
        {"0 0 * * 8", "field 5 (day of week), column 9", "8", "sun-sat"},
        {"0 0 * * 1,mon,munday", "field 5 (day of week), column 15", "munday", "sun-sat"},
        {"0 0 * january *", "field 4 (month), column 7", "january", "write jan"},
        {"0 22-6 * * *", "field 2 (hour), column 3", "22-6", "write 22-23,0-6"},
        {"0 0 * * fri-sun", "field 5 (day of week), column 9", "fri-sun", "write 5-7"},
        {"0 0 * * fri-mon", "field 5 (day of week), column 9", "fri-mon", "write 5-6,0-1"},
        {"5/10 * * * *", "field 1 (minute), column 1", "5/10", "write 5-59/10"},
        {"*/0 * * * *", "field 1 (minute), column 3", "0", "1 or more"},
        {"*/ * * * *", "field 1 (minute), column 3", "", "allowed: 0-59"},
        {"1,,2 * * * *", "field 1 (minute), column 3", "", "allowed: 0-59"},
        {"1- * * * *", "field 1 (minute), column 3", "", "allowed: 0-59"},
        {"-1 * * * *", "field 1 (minute), column 1", "", "allowed: 0-59"},
        {"1.5 * * * *", "field 1 (minute), column 1", "1.5", "allowed: 0-59"},
        {"99999999999999999999 * * * *", "field 1 (minute), column 1", "99999999999999999999", "allowed: 0-59"},
        {"0 0 ? * mon", "field 3 (day of month), column 5", "?", "allowed: 1-31"},
        {"\x1b[2J * * * *", "field 1 (minute), column 1", "?[2J", "allowed: 0-59"},
        {"0 30 1 * * *", "field 6, column 12", "*", "no seconds"},
        {"30 1 * *", "field 5 (day of week)", "30 1 * *", "five fields"},
        {"", "field 1 (minute)", "", "five fields"},
        {"@reboot", "expression, column 1", "@reboot", "missed-run policy"},
        {"@dayly", "expression, column 1", "@dayly", "@daily"},
        {"@daily 5", "expression, column 1", "@daily", "alone"},
        {"@every 5m", "expression, column 1", "@every", "*/5 * * * *"}};
    for (const WrongExpression& one : cases) {
        const auto expression = CronExpression::parse(one.text);
        BOOST_REQUIRE_MESSAGE(!expression.ok(), one.text);
        const Refusal& refusal = expression.error();
        BOOST_TEST(refusal.code == "cron_invalid");
        BOOST_TEST(refusal.where == one.where, one.text << " is refused at " << refusal.where);
        BOOST_TEST(refusal.value == one.value, one.text << " is refused for " << refusal.value);
        const bool says = (refusal.rule + "; " + refusal.hint).find(one.says) != std::string::npos;
        BOOST_TEST(says, one.text << ": " << refusal.rule << "; " << refusal.hint);
    }
}

BOOST_AUTO_TEST_CASE(a_long_one_is_refused_before_it_is_read) {
    std::string text = "0";
    while (text.size() <= kLongestCronExpression) text += ",0";
    BOOST_TEST(!CronExpression::parse(text + " * * * *").ok());
}

BOOST_AUTO_TEST_CASE(dates_that_no_year_has_never_run) {
    for (const char* text : {"0 0 30 2 *", "0 0 31 2,4,6,9,11 *", "0 0 30-31 feb *", "0 0 31 4 */2", "0 0 30 2 *,1"}) {
        const auto expression = CronExpression::parse(text);
        BOOST_REQUIRE_MESSAGE(!expression.ok(), text);
        BOOST_TEST(expression.error().code == "cron_never_runs");
    }
}

BOOST_AUTO_TEST_SUITE_END()
