// tests/unit/engine/never_records_test.cpp - expressions that are valid and can never do what their place asks are
// mistakes of the mapping, told when it loads.
#include <boost/test/unit_test.hpp>

#include "tests/unit/engine/mapping_cases.hpp"

namespace caseway {
namespace {

using namespace cases;

}  // namespace

BOOST_AUTO_TEST_SUITE(NeverRecords)

BOOST_AUTO_TEST_CASE(what_selects_no_elements_is_neither_record_nor_item) {
    const auto loads = [](const std::string& records, const std::string& each) {
        KindSpec kind;
        kind.records = records;
        kind.fields = {field("source_case_no", "n")};
        ListSpec list;
        list.list = Section::Steps;
        list.each = each;
        list.fields = {field("steps.step_name", ".")};
        kind.lists = {list};
        return Mapping::compile(spec(SourceFormat::Xml, {kind})).ok();
    };
    for (const char* records : {"count(/R)", "string(/R)", "true()", "/R/@a", "/R/text()", "/R/C = 1", "-1"})
        BOOST_TEST(!loads(records, "M"), records);
    for (const char* records : {"/R", "//C", "/R/C | /R/D", "/R/C[last()]", "/R/..", "id('x')", "/"})
        BOOST_TEST(loads(records, "M"), records);
    for (const char* each : {"count(M)", "string(M)", "M = 1", "concat(M, '')"}) BOOST_TEST(!loads("/R", each), each);
    for (const char* each : {"M", ".", "M | N", "@a", "M/text()", "M[last()]"}) BOOST_TEST(loads("/R", each), each);
}

BOOST_AUTO_TEST_CASE(a_pattern_that_is_none_of_rfc_9485_never_matches) {
    const auto loads = [](const std::string& text) {
        KindSpec kind;
        kind.records = "$[*]";
        kind.fields = {constant("source_case_no", "N"), field("extra.x", text)};
        return Mapping::compile(spec(SourceFormat::Json, {kind})).ok();
    };
    for (const char* text : {R"(a[?match(@.b,"[")])", R"(a[?search(@.b,'\\d+')].c)", R"($.a[?@.b[?search(@, '\\w')]])",
                             R"(a[?@.b==1 || !match(@.c,'(?i)x')])", "a[?match(@.b, 1)]"})
        BOOST_TEST(!loads(text), text);
    for (const char* text : {"a[?match(@.b, '[0-9]+')]", "a[?match(@.b, @.pattern)]", R"(a[?search(@.b,'\\p{Lu}')])"})
        BOOST_TEST(loads(text), text);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace caseway
