// tests/unit/engine/json_mapping_test.cpp - JSON payloads through mappings: each case by streaming and by full
// evaluation.
#include <boost/test/unit_test.hpp>

#include "tests/unit/engine/mapping_cases.hpp"

namespace caseway {
namespace {

using namespace cases;
using Lines_ = std::vector<std::string>;

struct JsonCase {
    const char* name;
    std::string records;
    std::string expression;
    std::string payload;
    std::string expected;  ///< of extra.x, as JSON; empty: absent
};

const std::vector<JsonCase>& jsonCases() {
    static const std::vector<JsonCase> cases = {
        {"bare name", "$[*]", "a", R"([{"a":"1"}])", R"("1")"},
        {"names", "$[*]", "a.b.c", R"([{"a":{"b":{"c":"1"}}}])", R"("1")"},
        {"dot name", "$[*]", ".a", R"([{"a":"1"}])", R"("1")"},
        {"at name", "$[*]", "@.a", R"([{"a":"1"}])", R"("1")"},
        {"bracket", "$[*]", "['a b']", R"([{"a b":"1"}])", R"("1")"},
        {"under data", "$.data.list[*]", "a", R"({"n":1,"data":{"x":[],"list":[{"a":"1"}]}})", R"("1")"},
        {"whole", "$", "a", R"({"a":"1"})", R"("1")"},
        {"omitted", "", "a", R"({"a":"1"})", R"("1")"},
        {"index", "$[*]", "a[1]", R"([{"a":["0","1","2"]}])", R"("1")"},
        {"index of objects", "$[*]", "a[1].b", R"([{"a":[{"b":"0"},{"b":"1"}]}])", R"("1")"},
        {"wildcard, first", "$[*]", "a[*].b", R"([{"a":[{"c":"0"},{"b":"1"},{"b":"2"}]}])", R"("1")"},
        {"wildcard over an object", "$.*", "a", R"({"k":{"a":"1"}})", R"("1")"},
        {"number as written", "$[*]", "a", R"([{"a":15}])", "15"},
        {"boolean", "$[*]", "a", R"([{"a":true}])", "true"},
        {"array", "$[*]", "a", R"([{"a":["x",1,{"c":2,"b":[null]}]}])", R"(["x",1,{"b":[null],"c":2}])"},
        {"array in an array", "$[*]", "a[0]", R"([{"a":[["x"],["y"]]}])", R"(["x"])"},
        {"null", "$[*]", "a", R"([{"a":null}])", ""},
        {"missing", "$[*]", "a", R"([{"b":1}])", ""},
        {"escaped name", "$[*]", "a", R"([{"\u0061":"\u4e2d"}])", R"("中")"},
        {"filter", "$[*]", "@.a[?@.k=='x'].v", R"([{"a":[{"k":"y","v":"0"},{"k":"x","v":"1"}]}])", R"("1")"},
        {"descendant", "$[*]", "@..v", R"([{"a":[{"k":"y","v":"1"}]}])", R"("1")"},
        {"negative index", "$[*]", "a[-1]", R"([{"a":["0","1"]}])", R"("1")"},
        {"document", "$.list[*]", "$.head.v", R"({"list":[{}],"head":{"v":"1"}})", R"("1")"},
        {"records by a filter", "$[?@.t==1]", "a", R"([{"t":2,"a":"0"},{"t":1,"a":"1"}])", R"("1")"},
        {"scalar records", "$[*]", "@", R"(["1"])", R"("1")"},
    };
    return cases;
}

KindSpec kindOf(const JsonCase& one) {
    KindSpec kind;
    kind.records = one.records;
    kind.fields = {constant("source_case_no", "N"), field("extra.x", one.expression)};
    return kind;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(JsonMapping)

BOOST_AUTO_TEST_CASE(every_way_of_evaluation_finds_the_same_value) {
    for (const JsonCase& one : jsonCases()) {
        BOOST_TEST_CONTEXT(one.name) {
            const Lines_ expected = {one.expected.empty()
                                         ? R"({"source_case_no":"N"})"
                                         : R"({"extra":{"x":)" + one.expected + R"(},"source_case_no":"N"})"};
            for (const bool evaluate_all : {false, true}) {
                const auto mapping = compiled(spec(SourceFormat::Json, {kindOf(one)}), evaluate_all);
                BOOST_TEST(runStream(*mapping, one.payload) == expected, boost::test_tools::per_element());
                Lines lines;
                BOOST_TEST(mapping->runJson(one.payload, {}, lines).ok());
                BOOST_TEST(lines.lines == expected, boost::test_tools::per_element());
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(refuses_an_invalid_query_when_it_loads) {
    for (const char* text : {"a[", "@.a[?", "$.a[?@.b==]", "a-b", "a..", "['a'", "@.a[1:2:3:4]", "$.a[?length(@.b)]"}) {
        KindSpec kind;
        kind.records = "$[*]";
        kind.fields = {constant("source_case_no", "N"), field("extra.x", text)};
        BOOST_TEST(!Mapping::compile(spec(SourceFormat::Json, {kind})).ok(), text);
    }
}

BOOST_AUTO_TEST_CASE(an_object_is_no_value) {
    KindSpec kind;
    kind.records = "$.r[*]";
    kind.fields = {field("source_case_no", "n"), field("applicant_name", "o")};
    const std::string payload = R"({"r":[{"n":"1","o":{"a":1}},{"n":"2","o":"x"}]})";
    const Lines_ expected = {"! value_not_scalar @ applicant_name, /r/0/o",
                             R"({"applicant_name":"x","source_case_no":"2"})"};
    for (const bool evaluate_all : {false, true}) {
        const auto mapping = compiled(spec(SourceFormat::Json, {kind}), evaluate_all);
        BOOST_TEST(runStream(*mapping, payload) == expected, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(names_the_pointer_of_what_it_refuses) {
    KindSpec kind;
    kind.records = "$.a['b/c'][*]";
    kind.fields = {field("source_case_no", "n")};
    const auto mapping = compiled(spec(SourceFormat::Json, {kind}));
    const Lines_ expected = {R"({"source_case_no":"1"})", "! required_missing @ source_case_no, /a/b~1c/1/n"};
    BOOST_TEST(runStream(*mapping, R"({"a":{"b/c":[{"n":"1"},{}]}})") == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(lists_and_all_texts_of_a_list_field) {
    KindSpec kind;
    kind.records = "$[*]";
    kind.fields = {field("source_case_no", "n")};
    ListSpec list;
    list.list = Section::Corrections;
    list.each = "c[*]";
    list.fields = {field("corrections.reason", "why"), field("corrections.material_list", "m[*].name")};
    kind.lists = {list};
    const std::string payload =
        R"([{"n":"1","c":[{"why":"x","m":[{"name":"a"},{"name":"b"}]},{"why":"y","m":[{"name":"c"}]}]},{"n":"2","c":[]}])";
    const Lines_ expected = {
        R"({"corrections":[{"material_list":["a","b"],"reason":"x"},{"material_list":["c"],"reason":"y"}],"source_case_no":"1"})",
        R"({"source_case_no":"2"})"};
    for (const bool evaluate_all : {false, true}) {
        const auto mapping = compiled(spec(SourceFormat::Json, {kind}), evaluate_all);
        BOOST_TEST(runStream(*mapping, payload) == expected, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(refuses_a_payload_that_is_not_json) {
    KindSpec kind;
    kind.records = "$[*]";
    kind.fields = {field("source_case_no", "n")};
    const auto mapping = compiled(spec(SourceFormat::Json, {kind}));
    for (const char* text : {"", "[", R"([{"n":"1"}] x)", R"([{"n":"1","n":"2"}])", "{\"n\":01}"}) {
        BOOST_TEST_CONTEXT(text) {
            BOOST_TEST(runStream(*mapping, text).back().starts_with("!! "));
        }
    }
}

BOOST_AUTO_TEST_CASE(holds_the_limit_of_a_record) {
    KindSpec kind;
    kind.records = "$[*]";
    kind.fields = {field("source_case_no", "n"), field("extra.x", "@..x")};
    const auto mapping = compiled(spec(SourceFormat::Json, {kind}));
    Limits limits;
    limits.record_bytes = 1000;
    const auto lines = runStream(*mapping, R"([{"n":"1","y":")" + std::string(1001, 'a') + R"("},{"n":"2"}])", limits);
    const Lines_ expected = {"! record_too_large @ /0", R"({"source_case_no":"2"})"};
    BOOST_TEST(lines == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace caseway
