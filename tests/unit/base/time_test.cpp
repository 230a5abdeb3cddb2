// tests/unit/base/time_test.cpp - RFC 3339 in and out, and masking.
#include "gateway/base/time.hpp"
#include "gateway/base/year_of_utc.hpp"

#include <boost/test/unit_test.hpp>

#include "gateway/base/mask.hpp"

using namespace caseway;

BOOST_AUTO_TEST_SUITE(Time)

BOOST_AUTO_TEST_CASE(reads_rfc_3339_with_its_offset) {
    const std::pair<const char*, const char*> cases[] = {
        {"2026-05-04T08:30:00+08:00", "2026-05-04T00:30:00Z"},
        {"2026-05-04T08:30:00Z", "2026-05-04T08:30:00Z"},
        {"2026-05-04t08:30:00.250z", "2026-05-04T08:30:00.25Z"},
        {"2026-12-31T23:59:60Z", "2027-01-01T00:00:00Z"},
        {"2027-01-01T07:59:60.5+08:00", "2027-01-01T00:00:00.5Z"},
        {"2024-02-29T00:00:00-00:30", "2024-02-29T00:30:00Z"},
        {"2024-02-29T23:59:60Z", "2024-03-01T00:00:00Z"},
        {"2026-05-04T08:30:00-00:00", "2026-05-04T08:30:00Z"},
        {"2026-05-04T08:30:00+23:59", "2026-05-03T08:31:00Z"},
        {"2026-05-04T08:30:00-23:59", "2026-05-05T08:29:00Z"},
        {"2026-05-04T08:30:00.1234567890Z", "2026-05-04T08:30:00.123456Z"},
        {"2026-05-04T08:30:00.99999999999999999999999999999999999999+08:00", "2026-05-04T00:30:00.999999Z"},
        {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"},
        {"9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"},
        {"0001-01-01T00:01:00+00:01", "0001-01-01T00:00:00Z"},
        {"9999-12-31T23:58:59-00:01", "9999-12-31T23:59:59Z"},
        {"1969-12-31T23:59:59.123456789Z", "1969-12-31T23:59:59.123456Z"}};
    for (const auto& [text, expected] : cases) BOOST_TEST(toRfc3339(parseRfc3339(text).value()) == expected);
}

BOOST_AUTO_TEST_CASE(tells_what_it_can_write_and_read_again) {
    for (const char* text :
         {"0001-01-01T00:00:00Z", "0001-01-01T00:01:00+00:01", "9999-12-31T23:59:59Z", "9999-12-31T23:58:59-00:01"}) {
        const Instant instant = parseRfc3339(text).value();
        BOOST_TEST(hasYearOfUtc(instant), text);
        BOOST_TEST((parseRfc3339(toRfc3339(instant)) == instant));
    }
    for (const char* text : {"0001-01-01T00:00:00+00:01", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-00:01",
                             "9999-12-31T23:59:59-23:59", "9999-12-31T23:59:60Z"})
        BOOST_TEST(!hasYearOfUtc(parseRfc3339(text).value()), text);
}

BOOST_AUTO_TEST_CASE(writes_years_with_four_digits_or_more) {
    using namespace std::chrono;
    const std::pair<int, const char*> cases[] = {{1, "0001-02-03T00:00:00Z"},      {978, "0978-02-03T00:00:00Z"},
                                                 {0, "0000-02-03T00:00:00Z"},      {9999, "9999-02-03T00:00:00Z"},
                                                 {12345, "12345-02-03T00:00:00Z"}, {-7, "-007-02-03T00:00:00Z"}};
    for (const auto& [number, text] : cases) BOOST_TEST(toRfc3339(sys_days(year(number) / 2 / 3)) == text);
}

BOOST_AUTO_TEST_CASE(writes_the_time_of_a_zone_with_its_offset) {
    const Instant instant = parseRfc3339("2026-05-04T00:30:00Z").value();
    const std::pair<int, const char*> cases[] = {{480, "2026-05-04T08:30:00+08:00"},
                                                 {0, "2026-05-04T00:30:00+00:00"},
                                                 {-210, "2026-05-03T21:00:00-03:30"},
                                                 {-30, "2026-05-04T00:00:00-00:30"}};
    for (const auto& [minutes, expected] : cases) {
        const std::string text = toRfc3339(instant, std::chrono::minutes(minutes));
        BOOST_TEST(text == expected);
        BOOST_TEST((parseRfc3339(text) == instant));
    }
}

BOOST_AUTO_TEST_CASE(refuses_what_is_not_a_time) {
    for (const char* text : {"",
                             "2026-05-04",
                             "2026-05-04T08:30:00",
                             "2026-05-04 08:30:00Z",
                             "2026-02-30T00:00:00Z",
                             "2026-05-04T24:00:00Z",
                             "2026-05-04T08:60:00Z",
                             "2026-05-04T08:30:60Z",
                             "2026-12-31T23:59:60+08:00",
                             "2026-05-04T08:30:00.Z",
                             "2026-05-04T08:30:00+8:00",
                             "2026-05-04T08:30:00Z ",
                             "0000-01-01T00:00:00Z",
                             "2026-13-01T00:00:00Z",
                             "2026-05-04T23:59:60Z",
                             "2026-06-30T23:59:60+00:01",
                             "2026-06-30T23:59:61Z",
                             "2026-05-04T08:30:00+24:00",
                             "2026-05-04T08:30:00+08:60",
                             "2026-05-04T08:30:00+0800",
                             "2026-05-04T08:30:00+08",
                             "2026-05-04T08:30:00 Z",
                             "2026-05-04T08:30:00,5Z",
                             "2026-05-04T08:30Z",
                             "2026-05-04T08:30:00.5",
                             "2026-05-04T08:30:00.123456789012345678901234567890123456789012345Z",
                             "2026-05-04T08:30:00\xEF\xBC\x8B"
                             "08:00"})
        BOOST_TEST(!parseRfc3339(text), text);
}

BOOST_AUTO_TEST_CASE(masks_all_but_the_ends) {
    BOOST_TEST(masked("11010519491231002X") == "1***X (18)");
    BOOST_TEST(masked("张三") == "*** (2)");
    BOOST_TEST(masked("欧阳娜娜") == "欧***娜 (4)");
    BOOST_TEST(masked("\n123\n") == "*** (5)");
    BOOST_TEST(masked("\u202E123\u200B") == "*** (5)");
    BOOST_TEST(masked("\uFEFF12\u2066") == "*** (4)");
    BOOST_TEST(masked("—12…") == "—***… (4)");
    BOOST_TEST(masked("") == "*** (0)");
}

BOOST_AUTO_TEST_CASE(hides_names_that_may_be_a_persons_and_no_others) {
    BOOST_TEST(withNamesMasked("/cases/350203199003070049/no") == "/cases/3***9 (18)/no");
    BOOST_TEST(withNamesMasked("tag mismatch: 韦青禾 line 1 and x13800013800") ==
               "tag mismatch: *** (3) line 1 and x***0 (12)");
    BOOST_TEST(withNamesMasked("permits-2026.json, housing/permits") == "permits-2026.json, housing/permits");
    BOOST_TEST(withNamesMasked("12345 123456") == "12345 1***6 (6)");
    BOOST_TEST(withNamesMasked("") == "");
}

BOOST_AUTO_TEST_SUITE_END()
