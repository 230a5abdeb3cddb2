// tests/unit/engine/json_root_test.cpp - `$` is the document wherever it stands: also in a filter of an expression that
// begins at the record.
#include <boost/test/unit_test.hpp>

#include "tests/unit/engine/mapping_cases.hpp"

namespace caseway {
namespace {

using namespace cases;
using Lines_ = std::vector<std::string>;

/// The record has a year too, but another than the head of the document.
constexpr std::string_view kPayload =
    R"({"y":2024,"h":{"z":2024},"list":[{"y":2023,"a":[{"y":2023,"v":"0"},{"y":2024,"v":"1"}]}]})";

struct RootCase {
    std::string records;
    std::string expression;
    std::string expected;  ///< of extra.x; empty: absent
};

const std::vector<RootCase>& rootCases() {
    static const std::vector<RootCase> cases = {
        {"$.list[*]", "@.a[?@.y == $.y].v", "1"},
        {"$.list[*]", "a[?@.y == $.y].v", "1"},
        {"$.list[*]", "@.a[?$.h].v", "0"},
        {"$.list[*]", "@.a[?!$.h].v", ""},
        {"$.list[*]", "@.a[?@.y == value($..z)].v", "1"},
        {"$.list[*]", "@[?@[?@.y == $.y]][1].v", "1"},
        {"$.list[*]", "$.list[?@.a[?@.y == $.y]].a[1].v", "1"},
        {"$.list[?@.a[?@.y == $.y]]", "a[1].v", "1"},
    };
    return cases;
}

KindSpec kindOf(const RootCase& one) {
    KindSpec kind;
    kind.records = one.records;
    kind.fields = {constant("source_case_no", "N"), field("extra.x", one.expression)};
    return kind;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(JsonRoot)

BOOST_AUTO_TEST_CASE(is_the_document_in_a_filter_too) {
    for (const RootCase& one : rootCases()) {
        BOOST_TEST_CONTEXT(one.records << " " << one.expression) {
            const std::string extra = one.expected.empty() ? "" : R"("extra":{"x":")" + one.expected + R"("},)";
            for (const bool evaluate_all : {false, true}) {
                const auto mapping = compiled(spec(SourceFormat::Json, {kindOf(one)}), evaluate_all);
                BOOST_TEST(runStream(*mapping, kPayload) == Lines_{"{" + extra + R"("source_case_no":"N"})"},
                           boost::test_tools::per_element());
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(in_a_filter_makes_an_expression_one_of_the_whole_document) {
    for (const RootCase& one : rootCases()) {
        if (one.expression.find('$') == std::string::npos) continue;
        for (const ExpressionReport& report : compiled(spec(SourceFormat::Json, {kindOf(one)}))->expressions())
            if (report.where == "fields.extra.x")
                BOOST_TEST((report.evaluation == Evaluation::WholeDocument), one.expression);
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace caseway
