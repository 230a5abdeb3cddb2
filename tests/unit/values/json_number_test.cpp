// tests/unit/values/json_number_test.cpp - what becomes of a JSON number, however a department's export writes it.
#include <boost/test/unit_test.hpp>

#include "gateway/normalize/number_form.hpp"
#include "tests/unit/values/value_cases.hpp"

using namespace caseway;
using namespace caseway::cases;

BOOST_AUTO_TEST_SUITE(JsonNumbers)

BOOST_AUTO_TEST_CASE(reads_a_json_number_by_its_worth_where_the_field_is_a_number_a_time_or_a_code) {
    struct Case {
        const char* field;
        const char* number;
        const char* expected;
    };
    ValueSpec epoch;
    epoch.time = {{DateForm::Kind::EpochMilliseconds, {}}};
    for (const char* number : {"1683331200000", "1683331200000.0", "1.6833312E12", "16833312e5"})
        BOOST_TEST(applied(spec("apply_time", epoch), number, RawKind::Number) == "2023-05-06T08:00:00+08:00", number);
    for (const Case& one : {Case{"accept.promise_limit", "15.0", "number 15"},
                            {"accept.promise_limit", "1.5e1", "number 15"},
                            {"accept.promise_limit", "15.5", "refused: integer_unreadable"},
                            {"accept.promise_limit", "1e999999999999", "refused: integer_unreadable"},
                            {"result.fee", "1.5e2", "150"},
                            {"result.fee", "150.00", "150.00"},
                            {"result.fee", "125E-2", "1.25"},
                            {"region_code", "440232.0", "440232000000"},
                            {"accept.promise_limit", "-0", "number 0"}})
        BOOST_TEST(applied(spec(one.field), one.number, RawKind::Number) == one.expected, one.number);
}

BOOST_AUTO_TEST_CASE(reads_a_whole_json_number_in_digits_where_the_field_is_a_text) {
    for (const auto& [number, expected] : {std::pair{"123", "123"},
                                           {"123.0", "123"},
                                           {"123.00", "123"},
                                           {"1.23e2", "123"},
                                           {"13800138000.0", "13800138000"},
                                           {"1.3800138E10", "13800138000"},
                                           {"-0", "0"},
                                           {"-12.0", "-12"},
                                           {"12345678901234567890.0", "12345678901234567890"},
                                           {"1.23456789012345e14", "123456789012345"},
                                           {"4.4023219900101e17", "4.4023219900101e17"},  // digits are lost
                                           {"12.50", "12.50"},
                                           {"2026.10", "2026.10"},
                                           {"1.5e-1", "1.5e-1"},
                                           {"1e999999999", "1e999999999"}})
        for (const char* const field : {"source_case_no", "case_title"})
            BOOST_TEST(applied(spec(field), number, RawKind::Number) == expected, field << ' ' << number);
    BOOST_TEST(applied(spec("contact_mobile"), "13800138000.0", RawKind::Number) == "13800138000");
    BOOST_TEST(applied(spec("source_case_no"), "123.0") == "123.0");  // a text is a text
    BOOST_TEST(applied(spec("source_case_no", {.trim = false}), "123.0", RawKind::Number) == "123.0");
    BOOST_TEST(applied(spec("extra.no", {.check = CheckDigit::IdCard}), "123.0", RawKind::Number) ==
               "refused: id_number_wrong");
    BOOST_TEST(applied(spec("extra.no"), "12.50", RawKind::Number) == "number 12.5");
}

BOOST_AUTO_TEST_CASE(writes_numbers_in_digits) {
    const std::pair<const char*, const char*> cases[] = {
        {"15", "15"},      {"15.0", "15"},       {"-15.00", "-15"},
        {"0.0", "0"},      {"-0e5", "0"},        {"1.5", "1.5"},
        {"1.5e1", "15"},   {"1.5E+3", "1500"},   {"12e-1", "1.2"},
        {"1e-3", "0.001"}, {"-1.25e1", "-12.5"}, {"1e39", "1000000000000000000000000000000000000000"},
        {"1e40", "1e40"},  {"1e-41", "1e-41"},   {"-0", "0"}};
    for (const auto& [literal, expected] : cases) {
        std::string out;
        BOOST_TEST(plainNumber(literal, out) == expected, literal);
    }
}

BOOST_AUTO_TEST_SUITE_END()
