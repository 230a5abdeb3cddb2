// tests/unit/engine/other_namespace_test.cpp - XML whose elements stand in another namespace than the mapping looks in.
#include <boost/test/unit_test.hpp>

#include "tests/unit/engine/mapping_cases.hpp"

namespace caseway {
namespace {

using namespace cases;

BOOST_AUTO_TEST_SUITE(OtherNamespace)

BOOST_AUTO_TEST_CASE(a_payload_in_another_namespace_is_told_with_what_to_write) {
    const auto hintOf = [](const char* records, const char* payload, bool in_namespace = false) {
        KindSpec kind;
        kind.records = records;
        kind.fields = {field("source_case_no", in_namespace ? "p:n" : "n")};
        MappingSpec wanted = spec(SourceFormat::Xml, {kind});
        if (in_namespace) wanted.namespaces = {{"p", "urn:old"}};
        MemorySource source(payload);
        Lines lines;
        const auto report = compiled(wanted, false)->run(source, {}, lines);
        BOOST_REQUIRE(!report.ok());
        BOOST_TEST(report.error().code == "records_not_found");
        return report.error().hint;
    };
    const std::string write =
        "the mapping looks for it in no namespace: write `namespaces: {x: \"urn:a\"}` into `source`, and `x:` before "
        "each element that stands there: ";
    BOOST_TEST(hintOf("/d/r", "<d xmlns='urn:a'><r><n>1</n></r></d>") ==
               "`d` is there, in the namespace \"urn:a\"; " + write + "`x:d`");
    BOOST_TEST(hintOf("/d/r", "<d><q/><a:r xmlns:a='urn:a'><n>1</n></a:r></d>") ==
               "`r` is there, in the namespace \"urn:a\"; " + write + "`x:r`");
    BOOST_TEST(hintOf("//r", "<d xmlns='urn:a'><s><r><n>1</n></r></s></d>") ==
               "`r` is there, in the namespace \"urn:a\"; " + write + "`x:r`");
    BOOST_TEST(hintOf("/p:d/p:r", "<d xmlns='urn:new'><r/></d>", true) ==
               "`d` is there, in the namespace \"urn:new\"; the mapping looks for it in the namespace \"urn:old\": "
               "correct it in `namespaces` of `source`");
    BOOST_TEST(
        hintOf("/p:d/p:r", "<d><r/></d>", true) ==
        "`d` is there, in no namespace; the mapping looks for it in the namespace \"urn:old\": write `d` without "
        "a prefix");
    // What stands where no path goes through is no mistake of a namespace.
    BOOST_TEST(hintOf("/d/r", "<e><r xmlns='urn:a'/></e>").starts_with("check how the payload is built"));
    BOOST_TEST(hintOf("/d/r", "<d><e xmlns='urn:a'><n/></e></d>").starts_with("check how the payload is built"));
}

/// libxml2 calls it no valid URI; it is well-formed, and compared by its characters.
BOOST_AUTO_TEST_CASE(a_namespace_with_a_name_in_chinese_is_one) {
    for (const char* number : {"p:编号", "string(p:编号)"}) {
        for (const bool evaluated : {false, true}) {
            KindSpec kind;
            kind.records = "/p:办件列表/p:办件";
            kind.fields = {field("source_case_no", number)};
            MappingSpec wanted = spec(SourceFormat::Xml, {kind});
            wanted.namespaces = {{"p", "http://www.example.cn/办件"}};
            const auto lines = runStream(*compiled(wanted, evaluated),
                                         "<办件列表 xmlns='http://www.example.cn/办件'>"
                                         "<办件><编号>A1</编号></办件></办件列表>");
            BOOST_TEST_REQUIRE(lines.size() == 1U);
            BOOST_TEST(lines[0] == R"({"source_case_no":"A1"})", number);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace caseway
