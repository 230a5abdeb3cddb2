// tests/unit/engine/expression_budget_test.cpp - expressions that cost more than their message has are refused record
// by record; good ones over many records never are.
#include <boost/test/unit_test.hpp>

#include "tests/unit/engine/mapping_cases.hpp"

namespace caseway {
namespace {

using namespace cases;

MappingSpec specOf(SourceFormat format, const std::string& records, const std::string& expression) {
    KindSpec kind;
    kind.records = records;
    kind.fields = {field("source_case_no", format == SourceFormat::Xml ? "@n" : "n"), field("extra.x", expression)};
    return spec(format, {kind});
}

Lines mapped(const Mapping& mapping, const std::string& payload, const Limits& limits) {
    Lines lines;
    MemorySource source(payload);
    const auto report = mapping.run(source, limits, lines);
    BOOST_REQUIRE(report.ok());
    return lines;
}

std::string repeated(std::string_view text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i) all += text;
    return all;
}

/// A record with so many <a> and <b> between two that have next to nothing.
std::string heavyXml(int times) {
    return "<d><r n='1'><a>1</a></r><r n='2'>" + repeated("<a>x</a><b>y</b>", times) + "</r><r n='3'><a>1</a></r></d>";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ExpressionBudgets)

BOOST_AUTO_TEST_CASE(refuse_the_record_on_which_an_expression_is_costly_and_no_other) {
    for (const std::string expression : {"count(.//a[contains(string(..), 'z')])", ".//a = .//b",
                                         "count(.//a[. = ../b])", "count(.//a[count(preceding-sibling::*) > 5])"}) {
        BOOST_TEST_CONTEXT(expression) {
            const auto mapping = compiled(specOf(SourceFormat::Xml, "/d/r", expression));
            const Lines lines = mapped(*mapping, heavyXml(20'000), {});
            BOOST_REQUIRE(lines.lines.size() == 3U);
            BOOST_TEST(lines.lines[1] == "! expression_too_costly @ line 1");
            BOOST_REQUIRE(lines.refusals.size() == 1U);
            BOOST_TEST(lines.refusals[0].rule.starts_with("fields.extra.x, line "));
            BOOST_TEST(lines.refusals[0].record.value() == 2U);
            BOOST_TEST(!lines.refusals[0].hint.empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(name_the_bound_of_its_own_that_a_comparison_of_sets_has) {
    const auto ruleOf = [](const std::string& expression) {
        const auto mapping = compiled(specOf(SourceFormat::Xml, "/d/r", expression));
        const Lines lines = mapped(*mapping, heavyXml(20'000), {});
        BOOST_REQUIRE(lines.refusals.size() == 1U);
        return lines.refusals[0].rule;
    };
    BOOST_TEST(ruleOf(".//a = .//b").find("of its message, and within 30000 of its own") != std::string::npos);
    BOOST_TEST(ruleOf("count(.//a[contains(string(..), 'z')])").ends_with("within the steps of its message"));
}

BOOST_AUTO_TEST_CASE(pay_for_texts_that_a_function_reads_over_and_over) {
    const std::string long_text = repeated("abcdefgh", 10'000);
    const std::string many = "concat(" + repeated("., ", 99) + ".)";
    for (const std::string& expression :
         {std::string("translate(., ., '')"), "string-length(" + many + ")",
          std::string("contains(., substring(., 2))"), std::string("substring-before(., substring(., 2))"),
          std::string("substring-after(., substring(., 2))")}) {
        BOOST_TEST_CONTEXT(expression.substr(0, 40)) {
            const auto mapping = compiled(specOf(SourceFormat::Xml, "/d/r", expression));
            const Lines lines =
                mapped(*mapping, "<d><r n='1'>a</r><r n='2'>" + long_text + "</r><r n='3'>a</r></d>", {});
            BOOST_REQUIRE(lines.lines.size() == 3U);
            BOOST_TEST(lines.lines[1] == "! expression_too_costly @ line 1");
            BOOST_TEST(lines.refusals.size() == 1U);
        }
    }
}

BOOST_AUTO_TEST_CASE(pay_little_for_the_same_functions_on_modest_texts) {
    Limits limits;
    limits.expression_steps = 10'000;
    for (const std::string expression :
         {"translate(., 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ')", "concat(., ' ', ., '-', 1.5)",
          "string(contains(., 'bc'))", "substring-after(., 'b')"}) {
        BOOST_TEST_CONTEXT(expression) {
            const auto mapping = compiled(specOf(SourceFormat::Xml, "/d/r", expression));
            const Lines lines =
                mapped(*mapping, "<d>" + repeated("<r n='1'>abcdefghijkl mnop</r>", 2'000) + "</d>", limits);
            BOOST_TEST(lines.lines.size() == 2'000U);
            BOOST_TEST(lines.refusals.empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(refuse_a_costly_query_of_json_likewise) {
    const auto relative = compiled(specOf(SourceFormat::Json, "$.r[*]", "@..[?count(@..*)>9]"));
    std::string nested = "1";
    for (int i = 0; i < 60; ++i) nested = "[" + nested + "," + repeated("[1],", 60) + "0]";
    const std::string payload = R"({"r":[{"n":"1"},{"n":"2","a":)" + nested + R"(},{"n":"3"}]})";
    Limits limits;
    limits.expression_steps = 100'000;
    const Lines lines = mapped(*relative, payload, limits);
    BOOST_REQUIRE(lines.lines.size() == 3U);
    BOOST_TEST(lines.lines[1] == "! expression_too_costly @ /r/1");
    BOOST_TEST(lines.refusals[0].rule.starts_with("fields.extra.x, line "));
}

BOOST_AUTO_TEST_CASE(never_refuse_modest_expressions_however_many_records_there_are) {
    Limits limits;
    const std::string record =
        "<r n='1'><s><t>1</t><u>2</u></s><s><t>3</t></s><v>4</v>" + repeated("<w><t/></w>", 20) + "</r>";
    for (const std::string expression :
         {".//t", "s[t = ../v - 1]/t", "string(.//u[normalize-space(.) = '2'])", "//u"}) {
        BOOST_TEST_CONTEXT(expression) {
            limits.expression_steps = expression == "//u" ? 500'000 : 10'000;  // once over the document, or each record
            const auto mapping = compiled(specOf(SourceFormat::Xml, "/d/r", expression));
            const Lines lines = mapped(*mapping, "<d>" + repeated(record, 2'000) + "</d>", limits);
            BOOST_TEST(lines.lines.size() == 2'000U);
            BOOST_TEST(lines.refusals.empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(do_not_pay_again_for_what_is_the_same_for_every_record) {
    Limits limits;
    limits.expression_steps = 20'000;
    const auto xml = compiled(specOf(SourceFormat::Xml, "/d/r", "/d/h/t"));
    const Lines lines = mapped(*xml, "<d>" + repeated("<r n='1'/>", 6'000) + "<h><t>7</t></h></d>", limits);
    BOOST_TEST(lines.lines.size() == 6'000U);
    BOOST_TEST(lines.refusals.empty());
    BOOST_TEST(lines.lines.back().find("\"7\"") != std::string::npos);
    const auto json = compiled(specOf(SourceFormat::Json, "$.r[*]", "$.r[?@.h].h"));
    const Lines of_json =
        mapped(*json, R"({"r":[)" + repeated(R"({"n":"1"},)", 6'000) + R"({"n":"2","h":"7"}]})", limits);
    BOOST_TEST(of_json.lines.size() == 6'001U);
    BOOST_TEST(of_json.refusals.empty());
}

BOOST_AUTO_TEST_CASE(sort_the_siblings_before_a_node_without_walking_between_them) {
    const auto mapping = compiled(specOf(SourceFormat::Xml, "/d/r", "string(b[last()]/preceding-sibling::a)"));
    const Lines lines = mapped(*mapping, heavyXml(40'000), {});
    BOOST_REQUIRE(lines.lines.size() == 3U);
    BOOST_TEST(lines.lines[1].find("\"x\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(join_what_overlapping_steps_find_without_comparing_each_node_with_each) {
    for (const std::string expression : {"count(.//a/following-sibling::b[1])", "count(.//b/preceding-sibling::a[1])",
                                         "count(*/descendant-or-self::*) div 2"}) {
        BOOST_TEST_CONTEXT(expression) {
            const auto mapping = compiled(specOf(SourceFormat::Xml, "/d/r", expression));
            const Lines lines = mapped(*mapping, "<d><r n='1'>" + repeated("<a/><b/>", 60'000) + "</r></d>", {});
            BOOST_REQUIRE(lines.lines.size() == 1U);
            BOOST_TEST(lines.lines[0].find("\"60000\"") != std::string::npos, lines.lines[0]);
        }
    }
}

BOOST_AUTO_TEST_CASE(refuse_what_walks_through_the_record_from_each_of_its_nodes) {
    for (const std::string expression :
         {"count(.//*/following::*)", "count(.//*/preceding::*)", "count(//*//following::a)"}) {
        BOOST_TEST_CONTEXT(expression) {
            const auto mapping = compiled(specOf(SourceFormat::Xml, "/d/r", expression));
            const Lines lines = mapped(*mapping, "<d><r n='1'>" + repeated("<a/><b/>", 60'000) + "</r></d>", {});
            BOOST_REQUIRE(lines.lines.size() == 1U);
            BOOST_TEST(lines.lines[0] == "! expression_too_costly @ line 1");
        }
    }
}

BOOST_AUTO_TEST_CASE(are_told_of_when_a_mapping_is_checked) {
    const auto costOf = [](SourceFormat format, const std::string& expression) {
        for (const ExpressionReport& report : compiled(specOf(format, "", expression))->expressions())
            if (report.where == "fields.extra.x") return report.costly;
        return std::string("no report");
    };
    for (const std::string good :
         {"a", "//a", "a/following::b", ".//a/..", ".//a[@k = '1']", "a[. = ../b]", "//a[1]", "a[b//c]",
          "count(//a) = count(//b)", "translate(concat(a, ', '), 'ab', @c)", "concat(a, b[c = 'x,y'], concat('-', d))"})
        BOOST_TEST(costOf(SourceFormat::Xml, good) == "", good);
    for (const std::string& bad : std::vector<std::string>{
             "a[//b = 1]", "a[. = //b]", "//a = //b", "a[preceding::b]", "//a[@k != //b/@k]", ".//a/following::b",
             "//a[1]/../preceding::b", "translate(., ., '')", "concat(" + repeated("a,", 70) + "a)"})
        BOOST_TEST(costOf(SourceFormat::Xml, bad) != "", bad);
    for (const std::string good : {"a", "$..a", "@.a[?@.b == 1]", "@..a"})
        BOOST_TEST(costOf(SourceFormat::Json, good) == "", good);
    for (const std::string bad : {"@.a[?$..b]", "@.a[?@..b]", "@.a[?count(@.b[?@.c])>1]"})
        BOOST_TEST(costOf(SourceFormat::Json, bad) != "", bad);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace caseway
