// tests/unit/engine/item_place_test.cpp - a refusal inside a list says which item it is, and of which map where several
// fill one list.
#include <boost/test/unit_test.hpp>

#include "tests/unit/engine/mapping_cases.hpp"

using namespace caseway;
using namespace caseway::cases;

namespace {

ListSpec materials(const std::string& each) {
    ListSpec list;
    list.list = Section::Materials;
    list.each = each;
    list.fields = {field("materials.copies", "c")};
    return list;
}

KindSpec withLists(const std::string& records, std::vector<ListSpec> lists) {
    KindSpec kind;
    kind.records = records;
    kind.fields = {field("source_case_no", "n")};
    kind.lists = std::move(lists);
    return kind;
}

std::vector<std::string> places(const Mapping& mapping, const std::string& payload) {
    MemorySource source(payload);
    Lines lines;
    BOOST_TEST(mapping.run(source, {}, lines).ok());
    std::vector<std::string> found;
    for (const Refusal& one : lines.refusals) found.push_back(one.where);
    return found;
}

using Places = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(ItemPlace)

BOOST_AUTO_TEST_CASE(is_told_in_xml_where_all_stands_in_one_line) {
    const std::string payload = "<d><r><n>1</n><p><c>1</c></p><p><c>x</c></p><q><c>y</c></q></r></d>";
    for (const bool evaluate_all : {false, true}) {
        const auto one = compiled(spec(SourceFormat::Xml, {withLists("/d/r", {materials("p")})}), evaluate_all);
        BOOST_TEST(places(*one, payload) == Places{"materials.copies, line 1, item 2"},
                   boost::test_tools::per_element());
        const auto two =
            compiled(spec(SourceFormat::Xml, {withLists("/d/r", {materials("p"), materials("q")})}), evaluate_all);
        BOOST_TEST(places(*two, payload) ==
                       (Places{"materials.copies, line 1, item 2 of `p`", "materials.copies, line 1, item 1 of `q`"}),
                   boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(is_told_in_json) {
    const auto two = compiled(spec(SourceFormat::Json, {withLists("$[*]", {materials("p[*]"), materials("q[*]")})}));
    BOOST_TEST(places(*two, R"([{"n":"1","p":[{"c":1},{"c":"x"}],"q":[{"c":"y"}]}])") ==
                   (Places{"materials.copies, /0, item 2 of `p[*]`", "materials.copies, /0, item 1 of `q[*]`"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
