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

BOOST_AUTO_TEST_SUITE_END()
