// tests/unit/engine/xml_names_test.cpp - names that nobody declares: attributes of the prefix `xml`, found by
// streaming, on a record's subtree and where an expression beside them needs the whole document.
#include <boost/test/unit_test.hpp>

#include "tests/unit/engine/mapping_cases.hpp"

namespace caseway {
namespace {

using namespace cases;

BOOST_AUTO_TEST_SUITE(XmlNames)

BOOST_AUTO_TEST_CASE(attributes_of_the_prefix_xml_are_found_in_every_way) {
    const std::string payload = "<d><r xml:lang='en'><z xml:lang='zh' xml:space='preserve'>1</z></r></d>";
    const std::vector<std::string> expected = {
        R"({"extra":{"a":"en","b":"zh","c":"preserve","d":"1"},"source_case_no":"1"})"};
    for (const char* beside : {"z", "z[. = 1]", "z[lang('zh')]", "/d/r/z"}) {
        KindSpec one;
        one.records = "/d/r";
        one.fields = {field("source_case_no", "z"), field("extra.a", "@xml:lang"), field("extra.b", "z/@xml:lang"),
                      field("extra.c", "z/@xml:space"), field("extra.d", beside)};
        const auto mapping = compiled(spec(SourceFormat::Xml, {one}));
        BOOST_TEST_CONTEXT(beside) {
            BOOST_TEST(runStream(*mapping, payload) == expected, boost::test_tools::per_element());
            BOOST_TEST(runTree(*mapping, payload) == expected, boost::test_tools::per_element());
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace caseway
