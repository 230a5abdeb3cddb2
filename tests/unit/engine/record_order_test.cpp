// tests/unit/engine/record_order_test.cpp - in which order records come, and how often: docs/mapping-reference.md,
// "Expressions". Each by streaming and by full evaluation.
#include <boost/test/unit_test.hpp>

#include "tests/unit/engine/mapping_cases.hpp"

namespace caseway {
namespace {

using namespace cases;
using Lines_ = std::vector<std::string>;

struct OrderCase {
    SourceFormat format;
    const char* records;
    const char* payload;
    Lines_ numbers;  ///< of the cases; "!": refused
};

constexpr SourceFormat kXml = SourceFormat::Xml, kJson = SourceFormat::Json;

const std::vector<OrderCase> kCases = {
    {kXml, "//C", "<R><C><No>1</No><C><No>2</No></C></C><C><No>3</No></C></R>", {"2", "1", "3"}},
    {kXml, "//C | //C", "<R><C><No>1</No><C><No>2</No></C></C><C><No>3</No></C></R>", {"2", "1", "3"}},
    {kXml, "/R/D | /R/C", "<R><C><No>1</No></C><D><No>2</No></D></R>", {"1", "2"}},
    {kXml, "//C", "<R><C><C><No>2</No></C></C></R>", {"2", "!"}},
    {kJson, "$..c", R"({"c":{"No":"1","c":{"No":"2"},"x":[{"c":{"No":"3"}}]}})", {"2", "3", "1"}},
    {kJson, "$.l[::-1]", R"({"l":[{"No":"0"},{"No":"1"}]})", {"0", "1"}},
    {kJson, "$['b','a'][*]", R"({"a":[{"No":"0"}],"b":[{"No":"1"}]})", {"0", "1"}},
    {kJson, "$.l[1,0,0]", R"({"l":[{"No":"0"},{"No":"1"}]})", {"0", "1"}},
    {kJson, "$.m.*", R"({"m":{"z":{"No":"0"},"a":{"No":"1"}}})", {"0", "1"}},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(RecordOrder)

BOOST_AUTO_TEST_CASE(is_that_of_their_ends_and_each_comes_once) {
    for (const OrderCase& one : kCases)
        for (const bool evaluate_all : {false, true}) {
            KindSpec kind;
            kind.records = one.records;
            kind.fields = {field("source_case_no", "No")};
            Lines_ expected;
            for (const std::string& number : one.numbers)
                expected.push_back(number == "!" ? number : R"({"source_case_no":")" + number + "\"}");
            Lines_ lines = runStream(*compiled(spec(one.format, {kind}), evaluate_all), one.payload);
            for (std::string& line : lines) line = line.starts_with("!") ? "!" : line;
            BOOST_TEST_CONTEXT(one.records) { BOOST_TEST(lines == expected, boost::test_tools::per_element()); }
        }
}

BOOST_AUTO_TEST_CASE(of_items_is_that_of_their_expression) {
    for (const auto& [each, expected] : {std::pair{"@.l[::-1]", R"([{"name":"b"},{"name":"a"}])"},
                                         {"@.l[1,0,1]", R"([{"name":"b"},{"name":"a"},{"name":"b"}])"},
                                         {"l[*]", R"([{"name":"a"},{"name":"b"}])"}}) {
        KindSpec kind;
        kind.records = "$";
        kind.fields = {field("source_case_no", "No")};
        ListSpec list;
        list.list = Section::Materials;
        list.each = each;
        list.fields = {field("materials.name", "n")};
        kind.lists = {list};
        const Lines_ lines = runStream(*compiled(spec(kJson, {kind})), R"({"No":"1","l":[{"n":"a"},{"n":"b"}]})");
        BOOST_TEST(lines == Lines_{std::string(R"({"materials":)") + expected + R"(,"source_case_no":"1"})"},
                   boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace caseway
