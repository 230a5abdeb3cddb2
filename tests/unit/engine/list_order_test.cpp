// tests/unit/engine/list_order_test.cpp - the items of several maps of one list stand in the order of the maps, however
// each of them is found.
#include <boost/test/unit_test.hpp>

#include "tests/unit/engine/mapping_cases.hpp"

namespace caseway {
namespace {

using namespace cases;
using Lines_ = std::vector<std::string>;

/// Both maps give items; those of the first come first.
struct ListCase {
    SourceFormat format;
    std::string first;
    std::string second;
};

const std::vector<ListCase>& listCases() {
    static const std::vector<ListCase> cases = {
        {SourceFormat::Xml, "a", "b"},          {SourceFormat::Xml, "b", "a"},
        {SourceFormat::Xml, "a", "."},          {SourceFormat::Xml, ".", "a"},
        {SourceFormat::Xml, "a", "b[true()]"},  {SourceFormat::Xml, "a[true()]", "b"},
        {SourceFormat::Xml, "b[true()]", "a"},  {SourceFormat::Xml, "b", "a[true()]"},
        {SourceFormat::Json, "a[*]", "b[*]"},   {SourceFormat::Json, "b[*]", "a[*]"},
        {SourceFormat::Json, "a[*]", "@"},      {SourceFormat::Json, "@", "a[*]"},
        {SourceFormat::Json, "a[*]", "b[0,1]"}, {SourceFormat::Json, "a[0,1]", "b[*]"},
        {SourceFormat::Json, "b[0,1]", "a[*]"}, {SourceFormat::Json, "b[*]", "a[0,1]"},
    };
    return cases;
}

ListSpec listOf(const std::string& each, const std::string& name) {
    ListSpec list;
    list.list = Section::Materials;
    list.each = each;
    list.fields = {constant("materials.seq", name)};
    return list;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ListOrder)

BOOST_AUTO_TEST_CASE(is_that_of_the_maps) {
    for (const ListCase& one : listCases()) {
        const bool is_xml = one.format == SourceFormat::Xml;
        KindSpec kind;
        kind.records = is_xml ? "/d/r" : "$.r[*]";
        kind.fields = {constant("source_case_no", "N")};
        ListSpec steps = listOf(is_xml ? "b" : "b[*]", "7");
        steps.list = Section::Steps;
        steps.fields = {constant("steps.seq", "7")};
        kind.lists = {listOf(one.first, "1"), steps, listOf(one.second, "2")};
        const std::string payload = is_xml ? "<d><r><a/><b/><a/><b/></r></d>" : R"({"r":[{"a":[{},{}],"b":[{},{}]}]})";
        const auto itemsOf = [](const std::string& each, const std::string& item) {
            return each == "." || each == "@" ? item : item + "," + item;
        };
        const Lines_ expected = {R"({"materials":[)" + itemsOf(one.first, R"({"seq":1})") + "," +
                                 itemsOf(one.second, R"({"seq":2})") +
                                 R"(],"source_case_no":"N","steps":[{"seq":7},{"seq":7}]})"};
        BOOST_TEST_CONTEXT(one.first << " and " << one.second) {
            for (const bool evaluate_all : {false, true}) {
                const auto mapping = compiled(spec(one.format, {kind}), evaluate_all);
                BOOST_TEST(runStream(*mapping, payload) == expected, boost::test_tools::per_element());
                if (is_xml) BOOST_TEST(runTree(*mapping, payload) == expected, boost::test_tools::per_element());
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace caseway
