// tests/unit/mapping_loader/expression_hints_test.cpp - what is told of an expression that cannot be read.
#include <boost/test/unit_test.hpp>

#include "tests/unit/mapping_loader/told.hpp"

using namespace caseway;

BOOST_AUTO_TEST_SUITE(expression_hints)

BOOST_AUTO_TEST_CASE(says_where_an_expression_breaks) {
    BOOST_TEST(hintOf(kHead + "  case_titel: A\n  address: 'a/b[c='\n").starts_with("did you mean"));
    const auto result = loadMappingSpec(kHead + "  case_titel: A\n  address: 'a/b[c='\n", "mapping.yaml");
    BOOST_REQUIRE(!result.ok());
    BOOST_TEST(result.error().back().hint == "it breaks at byte 6 of a/b[c=");
    // A root that is not ASCII: libxml2 stops behind its slash, which is no mistake.
    const std::pair<const char*, const char*> broken[] = {
        {"/报文/业务[", "it breaks at byte 15 of /报文/业务["},
        {"/报文/a]", "it breaks at byte 9 of /报文/a]"},
        {"(/报文)/a | /业务)", "it breaks at byte 21 of (/报文)/a | /业务)"}};
    for (const auto& [expression, hint] : broken)
        BOOST_TEST(hintOfFirst(kHead + "  address: '" + expression + "'\n") == hint);
}

/// In YAML a name in brackets alone is a list: the hint has to be what can be typed.
BOOST_AUTO_TEST_CASE(says_how_a_name_with_other_signs_is_written) {
    const std::string json = "mapping: a.b\nsource: {format: json, records: \"$.l[*]\"}\nfields:\n  source_case_no: ";
    for (const char* written : {"ywlsh#", "申请-时间", "sys id"}) {
        BOOST_TEST(hintOfFirst(json + written + "\n")
                       .ends_with("; write \"@['" + std::string(written) + "']\", quotes included"));
        BOOST_TEST(mistakesOf(json + "\"@['" + written + "']\"\n").empty(), written);
    }
    BOOST_TEST(hintOfFirst(json + "head.sys-id\n").ends_with("the whole in quotes: \"@['a name']\""));
    BOOST_TEST(hintOfFirst("mapping: a\nsource: {format: json, records: my-list}\nfields: {source_case_no: no}\n")
                   .find("\"$['my-list']\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(says_nothing_of_names_where_none_breaks) {
    const std::string json = "mapping: a.b\nsource: {format: json, records: \"$.l[*]\"}\nfields:\n  source_case_no: ";
    for (const char* written : {"\"@.a[-0]\"", "\"@.a[?@.b=]\"", "a..", "\"@.a['b]\"", "\"@.a[1:2:3:4]\""})
        BOOST_TEST(hintOfFirst(json + written + "\n").find("['a name']") == std::string::npos, written);
}

BOOST_AUTO_TEST_CASE(tells_a_pattern_that_is_too_large_from_one_that_is_none) {
    const auto told = [](const std::string& pattern) {
        const auto spec = loadMappingSpec(
            "mapping: a\nsource: {format: json}\nfields: {source_case_no: \"@[?match(@.b,'" + pattern + "')]\"}\n",
            "mapping.yaml");
        BOOST_REQUIRE(spec.ok());
        const auto mapping = Mapping::compile(*spec);
        return mapping ? "" : mapping.error().front().rule + "; " + mapping.error().front().hint;
    };
    BOOST_TEST(told(".{1,1000}") == "");
    BOOST_TEST(told(".{1,1001}").find("at most 1000 repetitions") != std::string::npos);
    BOOST_TEST(told(".{1,1001}").find("is no pattern") == std::string::npos);
    BOOST_TEST(told("[0-9").find("is no pattern") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(records_that_are_no_elements_are_a_mistake) {
    for (const char* records : {"//@a", "/L/R/text()[1]", "/L/R | /L/@x", "(/L/R/@x)[1]"})
        BOOST_TEST(mistakesOf("mapping: a\nsource: {format: xml, records: \"" + std::string(records) +
                              "\"}\nfields: {source_case_no: No}\n") == std::vector<std::string>{"2 source.records"},
                   records);
    BOOST_TEST(mistakesOf("mapping: a\nsource: {format: xml, records: \"/L/R[@a] | /L/S[text()]\"}\nfields: "
                          "{source_case_no: No}\n")
                   .empty());
}

/// The text that libxml2 gets is not the one that is written.
BOOST_AUTO_TEST_CASE(a_long_expression_is_told_in_its_own_words) {
    std::string longest = "a";
    for (int i = 0; i < 12'000; ++i) longest += "//a/..";
    const std::string hint = hintOfFirst(kHead + "  address: '" + longest + "'\n");
    BOOST_TEST(!hint.empty());
    BOOST_TEST(hint.find("each-step") == std::string::npos, hint.substr(0, 200));
}

BOOST_AUTO_TEST_SUITE_END()
