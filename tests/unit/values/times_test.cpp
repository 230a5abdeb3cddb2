// tests/unit/values/times_test.cpp - times in the wild, and the RFC 3339 that becomes of them.
#include <boost/test/unit_test.hpp>

#include "gateway/domain/case_schema.hpp"
#include "gateway/normalize/date_reader.hpp"

using namespace caseway;

namespace {

ValueSpec forms(const std::vector<std::string>& patterns) {
    ValueSpec spec;
    for (const auto& pattern : patterns) {
        DateForm form{DateForm::Kind::Pattern, pattern};
        if (pattern == "epoch_ms") form = {DateForm::Kind::EpochMilliseconds, {}};
        if (pattern == "epoch_s") form = {DateForm::Kind::EpochSeconds, {}};
        if (pattern == "rfc3339") form = {DateForm::Kind::Rfc3339, {}};
        spec.time.push_back(form);
    }
    return spec;
}

std::string read(const ValueSpec& spec, std::string_view text, bool date_only = false) {
    const auto reader = DateReader::compile(
        spec, date_only,
        [](const std::string& key, const std::string& rule, const char*) { BOOST_ERROR(key << ": " << rule); });
    CanonicalTime time;
    switch (reader.read(text, time)) {
        case DateVerdict::NoDate:
            return "no date";
        case DateVerdict::Unreadable:
            return "unreadable";
        case DateVerdict::Impossible:
            return "impossible";
        case DateVerdict::Read:
            break;
    }
    if (!date_only) BOOST_TEST(ruleBrokenBy(*fieldNamed("apply_time"), time.view()).empty(), time.view());
    return std::string(time.view());
}

struct Sample {
    const char* text;
    const char* expected;
};

void check(const ValueSpec& spec, const std::vector<Sample>& samples, bool date_only = false) {
    for (const Sample& sample : samples) {
        const std::string found = read(spec, sample.text, date_only);
        BOOST_TEST(found == sample.expected, "'" << sample.text << "': " << found << ", not " << sample.expected);
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(Times)

BOOST_AUTO_TEST_CASE(reads_the_default_forms) {
    check({}, {{"2018-09-13 13:33:27", "2018-09-13T13:33:27+08:00"},
               {"2018-09-13T13:33:27", "2018-09-13T13:33:27+08:00"},
               {"2018-09-13 13:33:27.0", "2018-09-13T13:33:27+08:00"},
               {"2018-09-13T13:33:27.1230000", "2018-09-13T13:33:27.123+08:00"},
               {"2018-9-3 3:03", "2018-09-03T03:03:00+08:00"},
               {"2018-09-13", "2018-09-13T00:00:00+08:00"},
               {"20180913", "2018-09-13T00:00:00+08:00"},
               {"20180913133327", "2018-09-13T13:33:27+08:00"},
               {"20180913T133327", "2018-09-13T13:33:27+08:00"},
               {"2018091313:33:27", "2018-09-13T13:33:27+08:00"},
               {"2018/9/13 13:33:27", "2018-09-13T13:33:27+08:00"},
               {"2018/09/13 13:33", "2018-09-13T13:33:00+08:00"},
               {"2026050409300", "unreadable"},  // a digit was lost
               {"1990010109305", "unreadable"},
               {"2018/09/13", "2018-09-13T00:00:00+08:00"},
               {"13/09/2018", "unreadable"},
               {"2019年5月6日", "2019-05-06T00:00:00+08:00"},
               {"2019年5月", "unreadable"},
               {"2024年05月01日 08时30分", "2024-05-01T08:30:00+08:00"},
               {"2024年5月1日8时30分5秒", "2024-05-01T08:30:05+08:00"},
               {"2024年5月1日 8时", "2024-05-01T08:00:00+08:00"},
               {"2024年5月1日 08:30", "2024-05-01T08:30:00+08:00"},
               {"2024年5月1日08:30:15", "2024-05-01T08:30:15+08:00"},
               {"2024年2月30日 08时30分", "impossible"},
               {"2024年5月1日 24时00分", "impossible"},
               {"2024年5月1日上午8时", "2024-05-01T08:00:00+08:00"},
               {"2024年5月1日 上午8时30分", "2024-05-01T08:30:00+08:00"},
               {"2024年5月1号下午3点30分", "2024-05-01T15:30:00+08:00"},
               {"2024年5月1号", "2024-05-01T00:00:00+08:00"},
               {"2024年5月1日 下午 2:05", "2024-05-01T14:05:00+08:00"},
               {"2024/5/1 下午2:05", "2024-05-01T14:05:00+08:00"},
               {"2024年5月1日下午12时30分", "2024-05-01T12:30:00+08:00"},
               {"2024年5月1日下午15时", "2024-05-01T15:00:00+08:00"},
               {"2024年5月1日 8点", "2024-05-01T08:00:00+08:00"},
               {"2024年5月1日上午12时", "unreadable"},  // noon, or midnight
               {"2024年5月1日下午0时", "unreadable"},
               {"2024年5月1日下午", "unreadable"},
               {"2024年5月1日晚上8时", "unreadable"},
               {"2024年2月30号", "impossible"},
               {"2024年5号1日", "unreadable"},
               {"5月1号", "unreadable"},
               {"5月1日", "unreadable"},
               {"202611270830", "2026-11-27T08:30:00+08:00"},
               {"202611272530", "impossible"},
               {"2024.5.1", "2024-05-01T00:00:00+08:00"},
               {"2024.05.01 08:30:15", "2024-05-01T08:30:15+08:00"},
               {"2024.5", "unreadable"},
               {"1506516642039", "2017-09-27T20:50:42.039+08:00"},
               {"1506516642", "unreadable"},
               {"-506516642039", "unreadable"},
               {"2018", "unreadable"},
               {"201809", "unreadable"},
               {"2018-09-13T13:33:27Z", "2018-09-13T13:33:27+00:00"},
               {"2018-09-13t13:33:27.50z", "2018-09-13T13:33:27.5+00:00"},
               {"2018-09-13 13:33:27-05:30", "2018-09-13T13:33:27-05:30"},
               {"2018-09-13T13:33:27.123456789+08:00", "2018-09-13T13:33:27.123456789+08:00"},
               {"2018", "unreadable"},
               {"2018-09", "unreadable"},
               {"201809", "unreadable"},
               {"2018-09-13 13:33:27 ", "unreadable"},
               {"2018-09-13T13:33:27+0800", "unreadable"},
               {"2026-05-04+08:00", "2026-05-04T00:00:00+08:00"},  // xs:date
               {"2026-05-04Z", "2026-05-04T00:00:00+00:00"},
               {"2026-02-30Z", "impossible"},
               {"2026-05-04-09:30", "unreadable"},  // an offset, or a clock?
               {"2026-05-04-05", "unreadable"},
               {"2026-05-04+08", "unreadable"},
               {"13/09/2018", "unreadable"}});
}

BOOST_AUTO_TEST_CASE(reads_words_that_stand_for_others_only_where_no_form_is_given) {
    check(forms({"%Y年%m月%d日"}), {{"2024年5月1日", "2024-05-01T00:00:00+08:00"}, {"2024年5月1号", "unreadable"}});
}

BOOST_AUTO_TEST_CASE(tells_of_a_day_without_its_year) {
    for (const char* const day : {"5月1日", "5月1号", "05-01", "5/1", "5月1日上午8时", "5月1日 8:30", "2月29日"})
        BOOST_TEST(DateReader::lacksYear(day), day);
    for (const char* const other : {"2024年5月", "soon", "13月1日", "2024年5月1日", "", "1"})
        BOOST_TEST(!DateReader::lacksYear(other), other);
}

BOOST_AUTO_TEST_CASE(a_refusal_names_a_few_of_many_forms) {
    const auto words = [](const ValueSpec& spec) {
        return DateReader::compile(spec, false, [](const std::string&, const std::string&, const char*) {})
            .formsInWords();
    };
    BOOST_TEST(words({}).size() < 160U);
    BOOST_TEST(words({}).find("mapping reference") != std::string::npos);
    BOOST_TEST(words(forms({"%Y-%m-%d", "epoch_ms"})) == "%Y-%m-%d, epoch_ms (1900 to 2199, not 197x)");
    BOOST_TEST(words(forms({"%F", "%Y%m%d", "%Y-%m-%d", "%F %T", "%Y/%m/%d", "%d.%m.%Y", "%Y.%m.%d"})) ==
               "%F, %Y%m%d, %Y-%m-%d, %F %T, %Y/%m/%d, … (`time` of the mapping)");
}

BOOST_AUTO_TEST_CASE(never_rolls_an_impossible_date_over) {
    check({}, {{"2021-02-29", "impossible"},
               {"2020-02-29", "2020-02-29T00:00:00+08:00"},
               {"2018-13-01", "impossible"},
               {"2018-00-10", "impossible"},
               {"0000-00-00 00:00:00", "impossible"},
               {"2018-09-13 24:00:00", "impossible"},
               {"2018-09-13 23:60:00", "impossible"},
               {"20180931", "impossible"}});
}

BOOST_AUTO_TEST_CASE(reads_the_common_form_as_its_pattern_does) {
    // The leading form keeps the second reader from the short way; both must agree on every changed byte.
    const ValueSpec common = forms({"%Y-%m-%d %H:%M:%S"}), by_pattern = forms({"x%F", "%Y-%m-%d %H:%M:%S"});
    for (const std::string text : {"2018-09-13 13:33:27", "2024-02-29 23:59:59", "0001-01-01 00:00:00"}) {
        BOOST_TEST(read(common, text) == text.substr(0, 10) + "T" + text.substr(11) + "+08:00");
        for (std::size_t at = 0; at < text.size(); ++at) {
            for (int c = 0; c < 256; ++c) {
                std::string changed = text;
                changed[at] = static_cast<char>(c);
                BOOST_TEST(read(common, changed) == read(by_pattern, changed), changed);
                if (c % 16 == 0) BOOST_TEST(read(common, changed, true) == read(by_pattern, changed, true), changed);
            }
        }
    }
    ValueSpec west = common;
    west.zone = "-03:30";
    check(west, {{"2018-09-13 13:33:27", "2018-09-13T13:33:27-03:30"}});
}

BOOST_AUTO_TEST_CASE(tries_forms_in_their_order) {
    check(forms({"%Y/%m/%d %H:%M:%S", "%Y年%m月%d日", "epoch_ms"}), {{"2011/1/2 3:4:5", "2011-01-02T03:04:05+08:00"},
                                                                     {"2019年5月6日", "2019-05-06T00:00:00+08:00"},
                                                                     {"1506516642039", "2017-09-27T20:50:42.039+08:00"},
                                                                     {"2018-09-13", "unreadable"}});
    check(forms({"%d.%m.%Y", "%m.%d.%Y"}),
          {{"13.12.2020", "2020-12-13T00:00:00+08:00"}, {"12.13.2020", "2020-12-13T00:00:00+08:00"}});
    check(forms({"%F %T%z"}), {{"2018-09-13 13:33:27+0800", "2018-09-13T13:33:27+08:00"}});
    check(forms({"%Y%m%d %H%M"}), {{"20180913   0102", "2018-09-13T01:02:00+08:00"}, {"2018913 0102", "unreadable"}});
}

BOOST_AUTO_TEST_CASE(counts_epochs_in_the_mappings_zone) {
    ValueSpec utc = forms({"epoch_s"});
    utc.zone = "Z";
    check(utc, {{"631152000", "1990-01-01T00:00:00+00:00"},
                {"315532800", "1980-01-01T00:00:00+00:00"},
                {"-1", "1969-12-31T23:59:59+00:00"},
                {"-2208988800", "1900-01-01T00:00:00+00:00"},
                {"7258118399", "2199-12-31T23:59:59+00:00"},
                {"1.5", "unreadable"},
                {"", "unreadable"}});
    check(forms({"epoch_ms"}),
          {{"631152000000", "1990-01-01T08:00:00+08:00"}, {"1777858200500", "2026-05-04T09:30:00.5+08:00"}});
}

BOOST_AUTO_TEST_CASE(takes_no_number_for_an_epoch_that_is_likely_something_else) {
    check(forms({"epoch_ms"}), {{"1777858200", "unreadable"},  // seconds: in January 1970
                                {"20260504", "unreadable"},
                                {"202605040930", "unreadable"},
                                {"0", "unreadable"},
                                {"315532799999", "unreadable"},
                                {"-2208988800001", "unreadable"},
                                {"7258118400000", "unreadable"},
                                {"99999999999999", "unreadable"},
                                {"9223372036854775807", "unreadable"},
                                {"-9223372036854775808", "unreadable"}});
    check(forms({"epoch_s"}), {{"1777858200000", "unreadable"},
                               {"20260504", "unreadable"},
                               {"9223372036854775807", "unreadable"},
                               {"315532799", "unreadable"}});
    check(forms({"epoch_ms", "epoch_s"}),
          {{"1777858200", "2026-05-04T09:30:00+08:00"}, {"1777858200000", "2026-05-04T09:30:00+08:00"}});
    // a day or an hour that does not exist is no count of seconds either
    check(forms({"%Y%m%d", "epoch_ms"}), {{"20261332", "impossible"}, {"20261231", "2026-12-31T00:00:00+08:00"}});
    check(forms({"%Y%m%d%H", "epoch_s"}), {{"1777858200", "impossible"}});
}

BOOST_AUTO_TEST_CASE(takes_offsets_and_named_zones) {
    ValueSpec london = forms({"%Y-%m-%d %H:%M"});
    london.zone = "Europe/London";
    check(london, {{"2023-07-01 12:00", "2023-07-01T12:00:00+01:00"},
                   {"2023-01-01 12:00", "2023-01-01T12:00:00+00:00"},
                   {"2023-03-26 01:30", "impossible"},
                   {"2023-10-29 01:30", "2023-10-29T01:30:00+01:00"}});
    ValueSpec shanghai;
    shanghai.zone = "Asia/Shanghai";
    check(shanghai, {{"1988-07-01", "1988-07-01T00:00:00+09:00"}, {"2018-07-01", "2018-07-01T00:00:00+08:00"}});
}

BOOST_AUTO_TEST_CASE(knows_the_mappings_sentinels) {
    ValueSpec spec;
    spec.no_date = {"1970-01-01", "9999", "1753-1-1", "0000-00-00", "无"};
    check(spec, {{"1970-01-01", "no date"},
                 {"1970-01-01 00:00:00", "no date"},
                 {"9999-12-31 23:59:59", "no date"},
                 {"1753-01-01 00:00:00", "no date"},
                 {"1753-1-1", "no date"},
                 {"1753-1-12", "1753-01-12T00:00:00+08:00"},
                 {"0000-00-00 00:00:00", "no date"},
                 {"无", "no date"},
                 {"无期", "unreadable"},
                 {"1970-01-02", "1970-01-02T00:00:00+08:00"}});
    ValueSpec epoch = forms({"epoch_ms"});
    epoch.no_date = {"1970-01-01", "9999", "0001-01-01", "-1000"};
    check(epoch, {{"0", "no date"},
                  {"-1000", "no date"},
                  {"253402271999000", "no date"},
                  {"-62135596800000", "no date"},
                  {"-2000", "no date"},  // in the zone it is the same day
                  {"86400000", "unreadable"}});
    check({}, {{"1970-01-01", "1970-01-01T00:00:00+08:00"}});
}

BOOST_AUTO_TEST_CASE(knows_sentinels_in_other_notations_and_offsets) {
    ValueSpec day;
    day.no_date = {"1900-01-01", "9999", "0000-00-00"};
    check(day, {{"1899-12-31T16:00:00.000Z", "no date"},
                {"1900-01-01T00:00:00Z", "no date"},  // as it is written, too
                {"1900/1/1 0:00:00", "no date"},
                {"1900年1月1日", "no date"},
                {"19000101", "no date"},
                {"1900-01-01Z", "no date"},
                {"9999-12-31T23:59:59Z", "no date"},
                {"9999-12-31T23:59:59-08:00", "no date"},
                {"0000/0/0 00:00:00", "no date"},
                {"1899-12-31T15:59:59Z", "1899-12-31T15:59:59+00:00"},
                {"1900-01-02", "1900-01-02T00:00:00+08:00"}});
    for (const char* const written : {"1900/1/1", "1900.01.01", "19000101", "1900年1月1日", "1900年1月1号"}) {
        ValueSpec other;
        other.no_date = {written, "长期"};
        check(other, {{"1900/1/1 0:00:00", "no date"},
                      {"1900/01/01", "no date"},
                      {"1900-01-01", "no date"},
                      {"1899-12-31T16:00:00Z", "no date"},
                      {"长期", "no date"},
                      {"长期有效", "unreadable"},
                      {"1900/1/12", "1900-01-12T00:00:00+08:00"}});
    }
    ValueSpec own = forms({"%d.%m.%Y"});
    own.no_date = {"01.02.1900", "1753/1/1"};
    check(own, {{"1.2.1900", "no date"}, {"1.1.1753", "no date"}, {"2.1.1900", "1900-01-02T00:00:00+08:00"}});
    ValueSpec clock;
    clock.no_date = {"2000-01-01 00:00:00"};
    check(clock, {{"2000/1/1 0:00:00", "no date"},
                  {"1999-12-31T16:00:00.0Z", "no date"},
                  {"2000-01-01", "no date"},
                  {"2000-01-01 09:00:00", "2000-01-01T09:00:00+08:00"}});
    check(clock, {{"2000-01-01 09:00:00", "no date"}, {"1999-12-31T16:00:00Z", "no date"}}, true);
}

BOOST_AUTO_TEST_CASE(gives_date_fields_the_day_of_the_mappings_zone) {
    check({},
          {{"2031-05-02T16:00:00.000Z", "2031-05-03"},
           {"2031-05-02T15:59:59Z", "2031-05-02"},
           {"2031-05-03T00:00:00+08:00", "2031-05-03"},
           {"2031-05-03 00:30:00+09:00", "2031-05-02"},
           {"1935504000000", "2031-05-03"},  // the same instant
           {"2031-05-03Z", "2031-05-03"},    // a day alone
           {"2031-05-03+09:00", "2031-05-03"},
           {"9999-12-31T23:59:59Z", "9999-12-31"},  // the calendar ends
           {"0001-01-01T00:00:00Z", "0001-01-01"}},
          true);
    ValueSpec west = forms({"%F %T%z", "%F%z"});
    west.zone = "America/New_York";
    check(west,
          {{"2031-05-03 03:59:59+0000", "2031-05-02"},
           {"2031-05-03 04:00:00Z", "2031-05-03"},
           {"0001-01-01 00:00:00Z", "0001-01-01"},
           {"2031-05-03-05:00", "2031-05-03"}},
          true);
    check(forms({"%Y-%m-%d%z"}), {{"2026-05-04+0800", "2026-05-04T00:00:00+08:00"},
                                  {"2026-05-04-05:00", "2026-05-04T00:00:00-05:00"},
                                  {"2026-05-04", "unreadable"}});
}

BOOST_AUTO_TEST_CASE(gives_dates_to_date_fields) {
    check({},
          {{"2030-12-31", "2030-12-31"},
           {"2030-12-31 23:59:59", "2030-12-31"},
           {"20301231", "2030-12-31"},
           {"2030-02-30", "impossible"}},
          true);
}

BOOST_AUTO_TEST_CASE(refuses_patterns_that_say_nothing_whole) {
    for (const char* pattern : {"", "%m-%d", "%Y-%d", "%Y-%m-%d %M", "%Y %Y", "%Y-%m-%d%", "%Y %z", "%Y-%m%z", "%Q",
                                "%H:%M", "%Y%z%m", "%Y-%m-%d %S", "%Y", "%Y-%m", "%Y年%m月"})
        BOOST_TEST(!DatePattern::compile(pattern), pattern);
    for (const char* pattern : {"%d/%m/%Y", "%F", "%F %T", "100%% %F", "%F%z", "%F %z"})
        BOOST_TEST(DatePattern::compile(pattern).has_value(), pattern);
    for (const char* pattern : {"%Y", "%Y-%m", "%Y年%m月"}) BOOST_TEST(DatePattern::namesNoDay(pattern), pattern);
    for (const char* pattern : {"%F", "%Q", "%m", "%Y %H"}) BOOST_TEST(!DatePattern::namesNoDay(pattern), pattern);
}

BOOST_AUTO_TEST_CASE(knows_what_names_no_day) {
    for (const char* text : {"2024年5月", "2024年05月份", "2024-05", "2024/5", "2024.5", "202405", "2024年", "2024"})
        BOOST_TEST(DateReader::lacksDay(text), text);
    for (const char* text :
         {"", "soon", "2024年13月", "2024-00", "5月1日", "24年5月", "123456", "2024年5月1日", "20240501"})
        BOOST_TEST(!DateReader::lacksDay(text), text);
}

BOOST_AUTO_TEST_SUITE_END()
