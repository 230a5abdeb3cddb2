// tests/unit/engine/xml_mapping_test.cpp - XML payloads through mappings: each case by streaming, by tree, by full
// evaluation.
#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "tests/unit/engine/mapping_cases.hpp"

namespace caseway {
namespace {

using namespace cases;
using Lines_ = std::vector<std::string>;

struct XmlCase {
    const char* name;
    std::string records;
    std::string expression;
    std::string payload;
    std::string expected;  ///< of extra.x, as JSON; empty: absent
};

/// Records are <r>; the value is looked at in extra.x.
const std::vector<XmlCase>& xmlCases() {
    static const std::vector<XmlCase> cases = {
        {"child", "/d/r", "a", "<d><r><a>1</a></r></d>", "1"},
        {"deep", "/d/r", "a/b/c", "<d><r><a><b><c>1</c></b></a></r></d>", "1"},
        {"first of several", "/d/r", "a", "<d><r><a>1</a><a>2</a></r></d>", "1"},
        {"position", "/d/r", "a[2]", "<d><r><a>1</a><b/><a>2</a><a>3</a></r></d>", "2"},
        {"position of any", "/d/r", "a/*[1]/@k", "<d><r><a><x k='7'/><y k='8'/></a></r></d>", "7"},
        {"position in a second parent", "/d/r", "a/b[2]", "<d><r><a><b>1</b></a><a><b>2</b><b>3</b></a></r></d>", "3"},
        {"attribute", "/d/r", "@k", "<d><r k='a&amp;b'/></d>", "a&b"},
        {"attribute of a child", "/d/r", "a/@k", "<d><r><a/><a k='2'/></r></d>", "2"},
        {"attribute with namespace", "/d/r", "a/@p:k", "<d><r><a k='0' x:k='2' xmlns:x='urn:p'/></r></d>", "2"},
        {"itself", "/d/r", ".", "<d><r>x<a>y</a>z</r></d>", "xyz"},
        {"text with children", "/d/r", "a", "<d><r><a>x<b>y</b>z</a></r></d>", "xyz"},
        {"text()", "/d/r", "a/text()", "<d><r><a><b>no</b>one<b/>two</a></r></d>", "one"},
        {"text() of a second element", "/d/r", "a/text()", "<d><r><a><b>no</b></a><a>one</a></r></d>", "one"},
        {"comment in a text", "/d/r", "a", "<d><r><a>x<!-- c -->y</a></r></d>", "xy"},
        {"comment in text()", "/d/r", "a/text()", "<d><r><a>x<!-- c -->y</a></r></d>", "xy"},
        {"instruction in text()", "/d/r", "a/text()", "<d><r><a>x<?p i?>y</a></r></d>", "xy"},
        {"CDATA in a text", "/d/r", "a/text()", "<d><r><a>x<![CDATA[<]]>y</a></r></d>", "x<y"},
        {"five entities", "/d/r", "a", "<d><r><a>&lt;&amp;&gt;&quot;&apos;&#x4e2d;</a></r></d>", "<&>\\\"'中"},
        {"empty element", "/d/r", "a", "<d><r><a/></r></d>", ""},
        {"prefix", "/d/r", "p:a", "<d><r><a>0</a><z:a xmlns:z='urn:q'>1</z:a><y:a xmlns:y='urn:p'>2</y:a></r></d>",
         "2"},
        {"no prefix is no namespace", "/d/r", "a", "<d><r><a xmlns='urn:p'>1</a><a>2</a></r></d>", "2"},
        {"default namespace", "/p:d/p:r", "p:a", "<d xmlns='urn:p'><r><a>1</a></r></d>", "1"},
        {"records anywhere", "//r", "a", "<d><e><f><r><a>1</a></r></f></e></d>", "1"},
        {"records by a wildcard", "/d/*", "a", "<d><r><a>1</a></r></d>", "1"},
        {"records by a predicate", "/d/r[@t='1']", "a", "<d><r t='2'><a>0</a></r><r t='1'><a>1</a></r></d>", "1"},
        {"records by a function", "//*[local-name()='r']", "a", "<d><e><r><a>1</a></r></e></d>", "1"},
        {"root element", "", "a", "<r><a>1</a></r>", "1"},
        {"function", "/d/r", "concat(a, '-', b)", "<d><r><a>1</a><b>2</b></r></d>", "1-2"},
        {"predicate", "/d/r", "a[@n='x']/@v", "<d><r><a n='y' v='1'/><a n='x' v='2'/></r></d>", "2"},
        {"union", "/d/r", "b | a", "<d><r><a>1</a><b>2</b></r></d>", "1"},
        {"descendant", "/d/r", ".//c", "<d><r><a><b><c>1</c></b></a></r></d>", "1"},
        {"number", "/d/r", "count(a)", "<d><r><a/><a/></r></d>", "2"},
        {"boolean", "/d/r", "a = 2", "<d><r><a>1</a><a>2</a></r></d>", "true"},
        {"parent", "/d/r", "../@k", "<d k='7'><r/></d>", "7"},
        {"absolute", "/d/r", "/d/h/t", "<d><h><t>7</t></h><r/></d>", "7"},
        {"preceding", "/d/r", "preceding-sibling::h[1]", "<d><h>7</h><r/></d>", "7"},
        {"sibling inside", "/d/r", "k[.='n']/following-sibling::v[1]", "<d><r><k>m</k><v>0</v><k>n</k><v>1</v></r></d>",
         "1"},
    };
    return cases;
}

std::string expectedLine(const std::string& value) {
    return value.empty() ? R"({"source_case_no":"N"})" : R"({"extra":{"x":")" + value + R"("},"source_case_no":"N"})";
}

KindSpec kindOf(const XmlCase& one) {
    KindSpec kind;
    kind.records = one.records;
    kind.fields = {constant("source_case_no", "N"), field("extra.x", one.expression)};
    return kind;
}

Evaluation evaluationOf(const std::string& expression) {
    KindSpec kind;
    kind.records = "/d/r";
    kind.fields = {field("source_case_no", expression)};
    return compiled(spec(SourceFormat::Xml, {kind}))->expressions().back().evaluation;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(XmlMapping)

BOOST_AUTO_TEST_CASE(every_way_of_evaluation_finds_the_same_value) {
    for (const XmlCase& one : xmlCases()) {
        BOOST_TEST_CONTEXT(one.name) {
            const Lines_ expected = {expectedLine(one.expected)};
            const auto mapping = compiled(spec(SourceFormat::Xml, {kindOf(one)}));
            const auto evaluating = compiled(spec(SourceFormat::Xml, {kindOf(one)}), true);
            BOOST_TEST(runStream(*mapping, one.payload) == expected, boost::test_tools::per_element());
            BOOST_TEST(runTree(*mapping, one.payload) == expected, boost::test_tools::per_element());
            BOOST_TEST(runStream(*evaluating, one.payload) == expected, boost::test_tools::per_element());
            BOOST_TEST(runTree(*evaluating, one.payload) == expected, boost::test_tools::per_element());
        }
    }
}

BOOST_AUTO_TEST_CASE(tells_how_each_expression_is_evaluated) {
    for (const char* text : {"a", "a/b", "./a", "a/@k", "a/text()", "*", "a[2]/p:b", "."}) {
        BOOST_TEST((evaluationOf(text) == Evaluation::Streaming), text);
    }
    for (const char* text :
         {"a[@k]", "count(a)", ".//a", "a | b", "a/..", "a/following-sibling::b", "p:*", "a[../b]"}) {
        BOOST_TEST((evaluationOf(text) == Evaluation::RecordSubtree), text);
    }
    for (const char* text : {"/a", "//a", "..", "../a", "a/../..", "preceding::a", "ancestor::a", "a[/b]",
                             "following::a", "id('a')", "count(/a)", "a[ancestor::b]", "following-sibling::a"}) {
        BOOST_TEST((evaluationOf(text) == Evaluation::WholeDocument), text);
    }
}

BOOST_AUTO_TEST_CASE(refuses_what_is_not_an_expression_when_it_loads) {
    for (const char* text :
         {"a[", "x:a", "nofunction(a)", "$v", "a b", "count('a')", "concat('a')", "", "a//", "@", "a[1"}) {
        KindSpec kind;
        kind.records = "/d/r";
        kind.fields = {constant("source_case_no", "N"), field("extra.x", text)};
        kind.fields[1].place.line = 7;
        if (*text == '\0') kind.fields[1].when = when("(");
        const auto mapping = Mapping::compile(spec(SourceFormat::Xml, {kind}));
        BOOST_TEST_CONTEXT(text) {
            BOOST_TEST(!mapping.ok());
        }
    }
}

BOOST_AUTO_TEST_CASE(lists_keep_the_order_of_the_payload) {
    KindSpec kind;
    kind.records = "/d/r";
    kind.fields = {field("source_case_no", "n")};
    ListSpec steps;
    steps.list = Section::Steps;
    steps.each = "s/t";
    steps.fields = {field("steps.step_name", "@name"), field("steps.opinion", "o")};
    steps.when = when("@skip", {}, true);
    kind.lists = {steps};
    const std::string payload =
        "<d><r><n>1</n><s><t name='a'><o>x</o></t><t name='no' skip=''/></s><s><t "
        "name='b'/></s></r><r><n>2</n></r></d>";
    const Lines_ expected = {R"({"source_case_no":"1","steps":[{"opinion":"x","step_name":"a"},{"step_name":"b"}]})",
                             R"({"source_case_no":"2"})"};
    for (const bool evaluate_all : {false, true}) {
        const auto mapping = compiled(spec(SourceFormat::Xml, {kind}), evaluate_all);
        BOOST_TEST(runStream(*mapping, payload) == expected, boost::test_tools::per_element());
        BOOST_TEST(runTree(*mapping, payload) == expected, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(several_kinds_and_nested_records) {
    KindSpec outer;
    outer.records = "/d/r";
    outer.fields = {field("source_case_no", "n")};
    KindSpec inner;
    inner.records = "//q";
    inner.fields = {field("source_case_no", "n"), field("extra.up", "string(n)")};
    const std::string payload =
        "<d><q><n>1</n></q><r><q><n>2</n></q><n>3</n></r><r><n>4</n><q><n>5</n><q><n>6</n></q></q></r></d>";
    const Lines_ expected = {R"({"extra":{"up":"1"},"source_case_no":"1"})",
                             R"({"extra":{"up":"2"},"source_case_no":"2"})",
                             R"({"source_case_no":"3"})",
                             R"({"extra":{"up":"6"},"source_case_no":"6"})",
                             R"({"extra":{"up":"5"},"source_case_no":"5"})",
                             R"({"source_case_no":"4"})"};
    for (const bool evaluate_all : {false, true}) {
        const auto mapping = compiled(spec(SourceFormat::Xml, {outer, inner}), evaluate_all);
        BOOST_TEST(runStream(*mapping, payload) == expected, boost::test_tools::per_element());
        BOOST_TEST(runTree(*mapping, payload) == expected, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(a_kind_takes_only_the_records_of_its_condition) {
    KindSpec kind;
    kind.records = "/d/r";
    kind.when = when("@t", {"10", "20", "（通过）"});  // trimmed, and in half width as codes are
    kind.fields = {field("source_case_no", "n")};
    const auto mapping = compiled(spec(SourceFormat::Xml, {kind}));
    const Lines_ expected = {R"({"source_case_no":"1"})", R"({"source_case_no":"4"})", R"({"source_case_no":"5"})",
                             R"({"source_case_no":"6"})", R"({"source_case_no":"7"})"};
    const std::string payload =
        "<d><r t='10'><n>1</n></r><r t='30'><n>2</n></r><r><n>3</n></r><r t=' 20 '><n>4</n></r><r "
        "t='１０　'><n>5</n></r>"
        "<r t='(通过)'><n>6</n></r><r t='（通过）'><n>7</n></r><r t='１'><n>8</n></r></d>";
    BOOST_TEST(runStream(*mapping, payload) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_broken_record_is_refused_by_itself_with_its_line) {
    KindSpec kind;
    kind.records = "/d/r";
    kind.fields = {field("source_case_no", "n"), field("apply_channel", "c")};
    const auto mapping = compiled(spec(SourceFormat::Xml, {kind}));
    const auto lines = runStream(*mapping, "<d>\n<r><n>1</n>\n<c>77</c></r>\n<r><c>1</c></r>\n<r><n>3</n></r></d>");
    BOOST_REQUIRE(lines.size() == 3U);
    BOOST_TEST(lines[0].ends_with(" @ apply_channel, line 3"), lines[0]);
    BOOST_TEST(lines[1] == "! required_missing @ source_case_no, line 4");
    BOOST_TEST(lines[2] == R"({"source_case_no":"3"})");
}

BOOST_AUTO_TEST_CASE(hands_over_the_records_before_a_broken_end) {
    KindSpec kind;
    kind.records = "/d/r";
    kind.fields = {field("source_case_no", "n")};
    const auto mapping = compiled(spec(SourceFormat::Xml, {kind}));
    const Lines_ expected = {R"({"source_case_no":"1"})", "!! malformed_xml @ line 2"};
    BOOST_TEST(runStream(*mapping, "<d><r><n>1</n></r>\n<r></d>") == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(holds_the_limits) {
    KindSpec kind;
    kind.records = "/d/r";
    kind.fields = {field("source_case_no", "n"), field("extra.x", "x")};
    const auto mapping = compiled(spec(SourceFormat::Xml, {kind}));
    Limits limits;
    limits.record_bytes = 1000;
    limits.field_bytes = 100;
    limits.depth = 5;
    const auto one = [&](const std::string& inside) {
        return runStream(*mapping, "<d><r><n>1</n>" + inside + "</r><r><n>2</n></r></d>", limits);
    };
    const std::string second = R"({"source_case_no":"2"})";
    const Lines_ field_too_large = {"! field_too_large @ extra.x, line 1", second};
    BOOST_TEST(one("<x>" + std::string(101, 'a') + "</x>") == field_too_large, boost::test_tools::per_element());
    const Lines_ record_too_large = {"! record_too_large @ line 1", second};
    BOOST_TEST(one("<y>" + std::string(1001, 'a') + "</y>") == record_too_large, boost::test_tools::per_element());
    const Lines_ too_deep = {"!! too_deep @ line 1"};
    BOOST_TEST(one("<a><a><a><a/></a></a></a>") == too_deep, boost::test_tools::per_element());
    std::string wide = "<a";
    for (int i = 0; i < 600; ++i) wide += " a" + std::to_string(i) + "=''";
    const Lines_ too_wide = {"!! too_wide @ line 1"};
    BOOST_TEST(one(wide + "/>") == too_wide, boost::test_tools::per_element());
    const Lines_ doctype = {"!! doctype_forbidden @ line 1"};
    BOOST_TEST(runStream(*mapping, "<!DOCTYPE d><d/>") == doctype, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(records_nest_only_so_deep) {
    KindSpec kind;
    kind.records = "//r";
    kind.fields = {constant("source_case_no", "N"), field("extra.x", "count(.//r)")};
    const auto mapping = compiled(spec(SourceFormat::Xml, {kind}));
    std::string payload;
    for (int i = 0; i < 20; ++i) payload = "<r>" + payload + "</r>";
    const auto lines = runStream(*mapping, payload);
    BOOST_REQUIRE(lines.size() == 20U);
    BOOST_TEST(lines[3] == "! record_too_large @ line 1");
    BOOST_TEST(lines[4] == R"({"extra":{"x":"4"},"source_case_no":"N"})");
}

BOOST_AUTO_TEST_CASE(whole_document_expressions_hold_their_limit) {
    KindSpec kind;
    kind.records = "/d/r";
    kind.fields = {field("source_case_no", "/d/n")};
    const auto mapping = compiled(spec(SourceFormat::Xml, {kind}));
    Limits limits;
    limits.whole_document_bytes = 40;
    const Lines_ fits = {R"({"source_case_no":"1"})"};
    BOOST_TEST(runStream(*mapping, "<d><n>1</n><r/></d>", limits) == fits, boost::test_tools::per_element());
    const Lines_ beyond = {"!! too_large_for_mapping @ "};
    BOOST_TEST(runStream(*mapping, "<d><n>1</n><r/><!-- and so on and on and on --></d>", limits) == beyond,
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(stops_when_the_sink_says_so) {
    KindSpec kind;
    kind.records = "/d/r";
    kind.fields = {field("source_case_no", "n")};
    const auto mapping = compiled(spec(SourceFormat::Xml, {kind}));
    MemorySource source("<d><r><n>1</n></r><r><n>2</n></r><r><n>3</n></r></d>");
    Lines lines(2);
    const auto report = mapping->run(source, {}, lines);
    BOOST_REQUIRE(report.ok());
    BOOST_TEST(report->stopped);
    BOOST_TEST(report->records == 2U);
    BOOST_TEST(lines.lines.size() == 2U);
}

/// No signature covers a declaration that nothing uses.
BOOST_AUTO_TEST_CASE(refuses_to_read_namespace_nodes) {
    KindSpec kind;
    kind.records = "/d/r";
    kind.fields = {constant("source_case_no", "N"), field("extra.x", "string(namespace::x)")};
    const auto mapping = Mapping::compile(spec(SourceFormat::Xml, {kind}), {});
    BOOST_TEST_REQUIRE(!mapping.ok());
    BOOST_TEST_REQUIRE(mapping.error().size() == 1U);
    BOOST_TEST(mapping.error()[0].where.find("extra.x") != std::string::npos, mapping.error()[0].where);
    BOOST_TEST(mapping.error()[0].rule.starts_with("no namespace:: axis"), mapping.error()[0].rule);
}

BOOST_AUTO_TEST_CASE(writes_numbers_as_xpath_says) {
    const std::vector<std::pair<const char*, const char*>> cases = {
        {"n * 2147483648", "2147483648"},
        {"string(n * 10000000000)", "10000000000"},
        {"concat('x', 3000000000.5, n div 3)", "x3000000000.50.333333333333333"},
        {"n * 99999999999.99", "99999999999.99"},
        {"0.1 + 0.2", "0.3"},
        {"n div 1000000", "0.000001"},
        {"-n * 2147483649", "-2147483649"},
        {"round(-0.4)", "0"},
        {"n * 1000000 * 1000000 * 1000000 * 1000", "1000000000000000000000"},
        {"n div 0", "Infinity"},
        {"number('x')", "NaN"},
        {"string-length(n * 2147483648)", "10"},
        {"substring(n * 12345678901, 1.5, 2.6)", "234"},
        {"translate(n * 10000000000, '0', '')", "1"},
        {"contains(n * 10000000000, 'e')", "false"},
        {"normalize-space(n * 10000000000)", "10000000000"},
        {"substring-after(n * 10000000000.5, '.')", "5"},
    };
    for (const auto& [expression, expected] : cases) {
        KindSpec kind;
        kind.records = "/d/r";
        kind.fields = {constant("source_case_no", "N"), field("extra.x", expression)};
        const Lines_ lines = {R"({"extra":{"x":")" + std::string(expected) + R"("},"source_case_no":"N"})"};
        for (const bool evaluate_all : {false, true}) {
            const auto mapping = compiled(spec(SourceFormat::Xml, {kind}), evaluate_all);
            BOOST_TEST_CONTEXT(expression) {
                BOOST_TEST(runStream(*mapping, "<d><r><n>1</n></r></d>") == lines, boost::test_tools::per_element());
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(an_item_of_a_union_lies_as_deep_as_its_own_path_says) {
    KindSpec kind;
    kind.records = "/d/r";
    kind.fields = {field("source_case_no", "n")};
    ListSpec list;
    list.list = Section::Corrections;
    list.fields = {field("corrections.reason", "name(..)")};
    for (const char* each : {". | a", "a | .", "self::r | a"}) {
        list.each = each;
        kind.lists = {list};
        const auto mapping = compiled(spec(SourceFormat::Xml, {kind}));
        const Lines_ expected = {R"({"corrections":[{"reason":"d"},{"reason":"r"}],"source_case_no":"1"})"};
        BOOST_TEST(runStream(*mapping, "<d><r><n>1</n><a/></r></d>") == expected, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(three_encodings_of_one_document_give_the_same_record) {
    KindSpec kind;
    kind.records = "/d/r";
    kind.fields = {field("source_case_no", "n"), field("applicant_name", "m")};
    const auto mapping = compiled(spec(SourceFormat::Xml, {kind}));
    const Lines_ expected = {"{\"applicant_name\":\"\xE9\x95\x95\xF0\xA0\x80\x80\",\"source_case_no\":\"1\"}"};
    const std::string utf8 = "<d><r><n>1</n><m>\xE9\x95\x95\xF0\xA0\x80\x80</m></r></d>";
    const std::string gb = "<d><r><n>1</n><m>\xE9\x46\x95\x32\x82\x36</m></r></d>";
    for (const std::string& payload : {utf8, "\xEF\xBB\xBF" + utf8, "<?xml version=\"1.0\" encoding=\"GBK\"?>" + utf8,
                                       "<?xml version=\"1.0\" encoding=\"GB2312\"?>" + gb,
                                       "<?xml version=\"1.0\" encoding=\"gb18030\"?>" + gb, gb}) {
        BOOST_TEST(runStream(*mapping, payload) == expected, boost::test_tools::per_element());
    }
    // Taken at its word where it is neither UTF-8 nor a gb* label.
    const Lines_ name = {"{\"applicant_name\":\"\xE5\xBC\xB5\xE4\xB8\x89\",\"source_case_no\":\"1\"}"};
    for (const auto& [label, bytes] : std::vector<std::pair<std::string, std::string>>{
             {"Big5", "\xB1\x69\xA4\x54"}, {"Shift_JIS", "\x92\xA3\x8E\x4F"}, {"EUC-KR", "\xED\xE5\xDF\xB2"}})
        BOOST_TEST(runStream(*mapping, "<?xml version=\"1.0\" encoding=\"" + label + "\"?><d><r><n>1</n><m>" + bytes +
                                           "</m></r></d>") == name,
                   boost::test_tools::per_element());
    using namespace std::string_literals;
    BOOST_TEST(runStream(*mapping, "<d>\n<r><n>1\0</n></r></d>"s) == Lines_{"!! malformed_xml @ line 2"},
               boost::test_tools::per_element());
    MemorySource source("<?xml version=\"1.0\" encoding=\"GBK\"?><d><r><n>1</n></r></d>");
    Lines lines;
    const auto report = mapping->run(source, {}, lines);
    BOOST_REQUIRE(report.ok());
    BOOST_TEST(report->encoding == "UTF-8");
    BOOST_TEST(report->declared_encoding == "GBK");
}

BOOST_AUTO_TEST_CASE(a_payload_without_a_record_names_the_expression_that_found_none) {
    KindSpec kind;
    kind.records = "/d/r";
    kind.fields = {field("source_case_no", "n")};
    kind.when = when("t", {"permit"});
    for (const bool evaluate_all : {false, true}) {
        const auto mapping = compiled(spec(SourceFormat::Xml, {kind}), evaluate_all);
        for (const auto& [payload, where, words] :
             {std::tuple{"<d><x/></d>", "records", "`/d/r` found nothing"},
              std::tuple{"<d><r><t>other</t></r></d>", "when", "1 found, none taken"}}) {
            MemorySource source(payload);
            Lines lines;
            const auto report = mapping->run(source, {}, lines);
            BOOST_REQUIRE(!report.ok());
            BOOST_TEST(report.error().code == "records_not_found");
            BOOST_TEST(report.error().where == where);
            BOOST_TEST(report.error().rule.find(words) != std::string::npos, report.error().rule);
            BOOST_TEST(runTree(*mapping, payload).back() == std::string("!! records_not_found @ ") + where);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace caseway
