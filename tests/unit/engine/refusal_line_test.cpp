// tests/unit/engine/refusal_line_test.cpp - the line that a refused value of an XML payload bears.
#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "tests/unit/engine/mapping_cases.hpp"

namespace caseway {
namespace {
using namespace cases;
}

BOOST_AUTO_TEST_SUITE(RefusalLine)

BOOST_AUTO_TEST_CASE(is_that_of_the_element_however_it_is_evaluated_and_however_far_down) {
    for (const std::size_t above : {0, 65'532, 65'533, 70'000}) {
        const std::string payload =
            "<d>" + std::string(above, '\n') + "<r>\n<n>1</n>\n<t>bad</t>\n<u><v k='bad'/></u></r></d>";
        const auto line = [above](std::size_t below) { return "line " + std::to_string(1 + above + below); };
        struct Expressions {
            const char *records, *element, *text, *attribute;
        };
        for (const Expressions& one :
             {Expressions{"/d/r", "t", "t/text()", "u/v/@k"}, Expressions{"/d/r", "t[.]", "(t/text())[1]", ".//@k"},
              Expressions{"/d/r[n]", "//t", "//t/text()", "//@k"}}) {
            KindSpec kind;
            kind.records = one.records;
            kind.fields = {field("source_case_no", "n"), field("apply_time", one.element),
                           field("accept.accept_time", one.text), field("result.finish_time", one.attribute)};
            const auto mapping = compiled(spec(SourceFormat::Xml, {kind}));
            MemorySource source(payload);
            Lines lines;
            BOOST_REQUIRE(mapping->run(source, {}, lines).ok());
            std::vector<std::string> places;
            for (const Refusal& refusal : lines.refusals) places.push_back(refusal.where);
            std::sort(places.begin(), places.end());
            const std::vector<std::string> expected = {"accept.accept_time, " + line(2), "apply_time, " + line(2),
                                                       "result.finish_time, " + line(3)};
            BOOST_TEST_CONTEXT(one.records << " below " << above)
            BOOST_TEST(places == expected, boost::test_tools::per_element());
        }
    }
}

BOOST_AUTO_TEST_CASE(of_a_cut_character_is_its_byte_as_all_of_the_payload_is_refused) {
    const std::string cut = std::string("关于建房的申请").substr(0, 20);
    const std::string xml = "<d><r><n>1</n><m>" + cut + "</m></r></d>", json = "{\"n\":1,\"m\":\"" + cut + "\"}";
    for (const bool is_xml : {true, false}) {
        KindSpec kind;
        if (is_xml) kind.records = "/d/r";
        kind.fields = {field("source_case_no", "n"), field("case_title", "m")};
        const auto mapping = compiled(spec(is_xml ? SourceFormat::Xml : SourceFormat::Json, {kind}));
        for (const std::string declaration : {"", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"}) {
            const std::string payload = is_xml ? declaration + xml : json;
            const std::string at = std::to_string(payload.find(cut) + 18);
            BOOST_TEST(runStream(*mapping, payload) == std::vector<std::string>{"!! wrong_encoding @ byte " + at},
                       boost::test_tools::per_element());
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace caseway
