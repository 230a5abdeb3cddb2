// tests/unit/mapping_loader/number_of_case_test.cpp - what would make one case of all records, and words that nothing
// can match.
#include "tests/unit/mapping_loader/told.hpp"

using namespace caseway;

namespace {

using Places = std::vector<std::string>;

Places placesOf(const std::string& format, const std::string& fields) {
    return mistakesOf("mapping: a\nsource: {format: " + format + "}\nfields:\n" + fields);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(NumberOfCase)

BOOST_AUTO_TEST_CASE(that_many_records_share_is_a_mistake) {
    for (const std::string number : {"source_case_no", "case_no"}) {
        const std::string own = number == "case_no" ? "  source_case_no: No\n" : "";
        const std::string line = own.empty() ? "4" : "5";
        for (const std::string value : {"{value: \"1\"}", "{from: No, default: \"0\"}",
                                        "{from: No, codes: {\"1\": \"x\"}, other: \"y\"}", "[No, {value: \"1\"}]"})
            for (const char* format : {"xml", "json"}) {
                const Places expected = {line + " fields." + number + (value[0] == '[' ? "[1]" : "")};
                BOOST_TEST(placesOf(format, own + "  " + number + ": " + value + "\n") == expected, value);
            }
        BOOST_TEST(placesOf("xml", own + "  " + number + ": \"'x'\"\n") == Places{line + " fields." + number});
        for (const char* value :
             {"No", "{from: No, codes: {\"1\": \"x\"}, other: null}", "[No, Id]", "{from: No, codes: {\"1\": \"x\"}}"})
            BOOST_TEST(placesOf("xml", own + "  " + number + ": " + value + "\n").empty(), value);
    }
    BOOST_TEST(mistakesOf("mapping: a\nsource: {format: xml}\nfields: {source_case_no: {value: \"1\"}}\nkinds:\n"
                          "- {records: /L/A, fields: {address: X}}\n- {records: /L/B, fields: {address: Y}}\n") ==
               Places{"3 fields.source_case_no"});
}

BOOST_AUTO_TEST_CASE(an_empty_code_and_codes_that_white_space_tells_apart_are_mistakes) {
    const std::string head = "  source_case_no: No\n";
    for (const char* codes : {"{\"\": a, \"1\": b}", "{\" \": a}", "{\" 1\": a, \"1\": b}"})
        BOOST_TEST(
            placesOf("xml", head + "  extra.x: {from: K, codes: " + codes + "}\n") == Places{"5 fields.extra.x.codes"},
            codes);
    BOOST_TEST(hintOfFirst(kHead + "  extra.x: {from: K, codes: {\"\": a}}\n").starts_with("default: "));
    BOOST_TEST(
        mistakesOf("mapping: a\nsource: {format: xml}\ncode_tables:\n  t:\n    \"\": a\nfields: {source_case_no: "
                   "No}\n") == Places{"5 code_tables.t"});
    BOOST_TEST(placesOf("xml", head + "  extra.x: {from: K, other: a}\n") == Places{"5 fields.extra.x.other"});
}

BOOST_AUTO_TEST_SUITE_END()
