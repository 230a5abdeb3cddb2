// tests/unit/engine/document_order_test.cpp - the first node that XPath finds is the first of the document, and items
// come in its order, also where texts and attributes meet elements.
#include <boost/test/unit_test.hpp>
#include <random>

#include "tests/unit/engine/mapping_cases.hpp"

namespace caseway {
namespace {

using namespace cases;
using Lines_ = std::vector<std::string>;

constexpr std::string_view kPayload = "<d><r><b k='9'><c k='7'>1</c></b>2<e>3<f k='8'/></e>4<g/>5</r></d>";

struct OrderCase {
    std::string expression;
    std::string expected;  ///< of extra.x
};

const std::vector<OrderCase>& orderCases() {
    static const std::vector<OrderCase> cases = {
        {"b/c | text()", "1"},
        {"text() | b/c", "1"},
        {"b/c/@k | text()", "7"},
        {"text() | e/f/@k", "2"},
        {"e/f/@k | text()[. = 4]", "8"},
        {".//.", "12345"},
        {".//node()[self::c or self::text()]", "1"},
        {"(b/c | text())[1]", "1"},
        {"(b/c | text())[2]", "2"},
        {"(text() | b/c)[last()]", "5"},
        {"((b/c | text()))[1]", "1"},
        {"(.//node())[6]", "3"},
        {"(b/c | text())[position() > 1][1]", "2"},
        {"(b/c | text())[1]/@k", "7"},
        {"e/f/preceding::node()[2]", "2"},
        {"count(.//.) - count(.//node())", "1"},
        {"b//.", "1"},
        {"/.//.", "12345"},
        {"string(text() | b/c)", "1"},
        {"concat(b/c | text(), '-', text() | e/f/@k)", "1-2"},
        {"normalize-space(b/c | text())", "1"},
        {"substring('abcdef', b/c | text(), text() | b/c)", "a"},
        {"translate('1', b/c | text(), 'x')", "x"},
        {"number(b/c | text())", "1"},
        {"round(b/c | text())", "1"},
        {"floor(b/c | text())", "1"},
        {"ceiling(b/c | text())", "1"},
        {"name(b/c | text())", "c"},
        {"local-name(text() | b/c/@k)", "k"},
        {"concat(namespace-uri(b/c | text()), '.')", "."},
        {"-(b/c | text())", "-1"},
        {"- b/c | text()", "-1"},
        {"b/c | text() + 1", "2"},
        {"10 * (text() | b/c)", "10"},
        {"(text() | b/c)[1] * 10", "10"},
        {"6 div (b/c | text()) mod 4", "2"},
        {"count(b/c | text()) + (b/c | text())", "5"},
        {"e[(../b/c | ../text())[1] = 1]", "3"},
        {"e[../text() | ../b/c = 1 + (../b/c | ../text())]", "3"},
        {"sum(b/c | text())", "12"},
        {"count(b | b | .//b[c] | e)", "2"},
        {"count(b | nothing)", "1"},
        {"count(nothing | none[1])", "0"},
        {"count((b | e)[c | f])", "2"},
        {"concat(string(b | e), count(b|e) - count(e|e))", "11"},
        {"e/f/../preceding-sibling::text()", "2"},
        {"(.//node()/..)[2]", "1"},
        {"count(.//node()/..)", "4"},
        {"count(*/following::text())", "4"},
        {"count(*/preceding-sibling::node()[1])", "2"},
        {"*/preceding-sibling::node()[last()]", "1"},
        {"count(.//*//text())", "2"},
        {"count(*//ancestor::*[self::d or self::r])", "2"},
        {"string(*/..//text()[. = \"4\" or . = '5'])", "4"},
        {"count((b | e)/..) + count(nothing/..)", "1"},
        {"count(.//*/./../descendant-or-self::*)", "6"},
        {"count(.//@k/..//@k)", "3"},
        {"concat(*[../g]/following-sibling::g/preceding-sibling::e, b/c/ancestor::*[@k='9'])", "31"},
    };
    return cases;
}

KindSpec kindOf(const std::string& expression) {
    KindSpec kind;
    kind.records = "/d/r";
    kind.fields = {constant("source_case_no", "N"), field("extra.x", expression)};
    return kind;
}

/// Every text and every attribute is the next number; elements hold nothing, or others and texts.
void element(std::mt19937& dice, int depth, int& next, std::string& out) {
    const std::string name(1, static_cast<char>('a' + dice() % 3));
    out += "<" + name;
    if (dice() % 3 == 0) out += " k='" + std::to_string(++next) + "'";
    out += ">";
    for (auto i = dice() % (depth < 5 ? 4 : 2); i > 0; --i) {  // no two texts side by side: they are one
        if (dice() % 2 == 0) out += std::to_string(++next);
        if (depth < 5) element(dice, depth + 1, next, out);
    }
    out += "</" + name + ">";
}

void everyWayGives(const KindSpec& kind, const Lines_& expected) {
    for (const bool evaluate_all : {false, true}) {
        const auto mapping = compiled(spec(SourceFormat::Xml, {kind}), evaluate_all);
        BOOST_TEST(runStream(*mapping, kPayload) == expected, boost::test_tools::per_element());
        BOOST_TEST(runTree(*mapping, kPayload) == expected, boost::test_tools::per_element());
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(DocumentOrder)

BOOST_AUTO_TEST_CASE(decides_which_node_is_the_first) {
    for (const OrderCase& one : orderCases()) {
        BOOST_TEST_CONTEXT(one.expression) {
            const Lines_ expected = {R"({"extra":{"x":")" + one.expected + R"("},"source_case_no":"N"})"};
            everyWayGives(kindOf(one.expression), expected);
        }
    }
}

BOOST_AUTO_TEST_CASE(is_the_order_of_items_and_of_the_texts_of_a_list) {
    KindSpec kind = kindOf("b");
    kind.fields.pop_back();
    ListSpec list;
    list.list = Section::Corrections;
    list.each = "(b/c | e/f/@k | text())[position() < 4]";
    list.fields = {field("corrections.reason", "."), field("corrections.material_list", "../text() | ../b/c")};
    kind.lists = {list};
    const Lines_ expected = {R"({"corrections":[{"reason":"1"},{"material_list":["1","2","4","5"],"reason":"2"},)"
                             R"({"reason":"8"}],"source_case_no":"N"})"};
    everyWayGives(kind, expected);
}

BOOST_AUTO_TEST_CASE(holds_in_random_documents) {
    KindSpec kind = kindOf("a");
    kind.fields.pop_back();
    ListSpec list;
    list.list = Section::Corrections;
    list.each = ".//text() | .//@k | .//*[not(node())]";
    list.fields = {field("corrections.reason", ".")};
    kind.lists = {list};
    const auto mapping = compiled(spec(SourceFormat::Xml, {kind}));
    for (unsigned seed = 1; seed <= 200; ++seed) {
        std::mt19937 dice(seed);
        std::string payload = "<d><r>";
        std::string expected = R"({"corrections":[)";
        int next = 0;
        for (int i = 0; i < 4; ++i) element(dice, 1, next, payload);
        for (int i = 1; i <= next; ++i)
            expected += (i > 1 ? ",{\"reason\":\"" : "{\"reason\":\"") + std::to_string(i) + "\"}";
        expected += R"(],"source_case_no":"N"})";
        payload += "</r></d>";
        BOOST_TEST_CONTEXT("seed " << seed << "\n" << payload) {
            if (next != 0)
                BOOST_TEST(runStream(*mapping, payload) == Lines_{expected}, boost::test_tools::per_element());
        }
    }
}

BOOST_AUTO_TEST_CASE(of_a_union_of_many_is_found_without_comparing_each_with_each) {
    std::string payload = "<d><r>";
    for (int i = 0; i < 150'000; ++i) payload += "<n k='x'/><m k='x'/>";
    payload += "</r></d>";
    Limits limits;
    limits.record_bytes = 64U << 20;
    const auto mapping = compiled(spec(SourceFormat::Xml, {kindOf("count(n[@k] | m[@k])")}));
    BOOST_TEST(runStream(*mapping, payload, limits) == Lines_{R"({"extra":{"x":"300000"},"source_case_no":"N"})"},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(of_many_texts_and_elements_is_found_without_walking_between_them) {
    std::string payload = "<d><r>";
    for (int i = 0; i < 60'000; ++i) payload += "<b><c>1</c></b>2";
    payload += "</r></d>";
    const auto mapping = compiled(spec(SourceFormat::Xml, {kindOf("(b/c | text() | b)[last()]")}));
    BOOST_TEST(runStream(*mapping, payload) == Lines_{R"({"extra":{"x":"2"},"source_case_no":"N"})"},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace caseway
