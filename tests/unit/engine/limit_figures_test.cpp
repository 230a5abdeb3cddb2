// tests/unit/engine/limit_figures_test.cpp - a refusal by a limit says how much is taken and what changes that.
#include <boost/test/unit_test.hpp>

#include "tests/unit/engine/mapping_cases.hpp"

using namespace caseway;
using namespace caseway::cases;

BOOST_AUTO_TEST_SUITE(LimitFigures)

BOOST_AUTO_TEST_CASE(stand_in_the_refusal_with_their_setting) {
    KindSpec kind;
    kind.records = "/d/r";
    kind.fields = {field("source_case_no", "n"), field("extra.x", "x")};
    const auto mapping = compiled(spec(SourceFormat::Xml, {kind}));
    Limits limits;
    limits.record_bytes = 1000;
    limits.field_bytes = 100;
    const std::string payload = "<d><r><n>1</n><x>" + std::string(101, 'a') + "</x></r><r><n>2</n><y>" +
                                std::string(1001, 'a') + "</y></r></d>";
    MemorySource source(payload);
    Lines lines;
    BOOST_TEST(mapping->run(source, limits, lines).ok());
    std::string said;
    for (const Refusal& one : lines.refusals) said += one.code + ": " + one.rule + "; " + one.hint + "\n";
    for (const char* part : {"field_too_large: at most 100 bytes", "raise limits.field_bytes",
                             "record_too_large: at most 1000 bytes", "raise limits.record_bytes"})
        BOOST_TEST(said.find(part) != std::string::npos, said);
}

/// Another file, or another mapping, than was meant: "no XML" is not what its sender has to hear.
BOOST_AUTO_TEST_CASE(a_payload_in_the_other_language_is_called_so) {
    KindSpec xml, json;
    xml.records = "/d/r";
    json.records = "$.r[*]";
    xml.fields = json.fields = {field("source_case_no", "n")};
    const auto of_xml = compiled(spec(SourceFormat::Xml, {xml}));
    const auto of_json = compiled(spec(SourceFormat::Json, {json}));
    const auto told = [](const auto& mapping, std::string_view payload) {
        MemorySource source(payload);
        Lines lines;
        const auto report = mapping->run(source, Limits{}, lines);
        return report.ok() ? std::string() : report.error().code + ": " + report.error().hint;
    };
    for (const char* payload : {"{\"r\":[]}", " \r\n[1]", "\xEF\xBB\xBF{}"})
        BOOST_TEST(told(of_xml, payload).starts_with("malformed_xml: it begins as JSON, and this mapping reads XML"));
    for (const char* payload : {"<?xml version='1.0'?>\n<d/>", "\n<d/>", "\xEF\xBB\xBF<d/>"})
        BOOST_TEST(told(of_json, payload).starts_with("malformed_json: it begins as XML, and this mapping reads JSON"));
    BOOST_TEST(told(of_xml, "<d><r></d>").starts_with("malformed_xml: check the document"));
    BOOST_TEST(told(of_json, "{\"r\":[}").starts_with("malformed_json: send one JSON document"));
}

/// libxml2's dictionary would be walked for each: in a stream too, where no tree counts them.
BOOST_AUTO_TEST_CASE(a_document_of_ever_new_names_ends_where_they_are_too_many) {
    KindSpec kind;
    kind.records = "/d/r";
    kind.fields = {field("source_case_no", "n")};
    const auto mapping = compiled(spec(SourceFormat::Xml, {kind}));
    const auto codeOf = [&](int names) {
        std::string payload = "<d>";
        for (int i = 0; i < names; ++i) payload += "<b" + std::to_string(i) + "/>";
        payload += "<r><n>1</n></r></d>";
        MemorySource source(payload);
        Lines lines;
        const auto report = mapping->run(source, Limits{}, lines);
        return report.ok() ? std::string() : report.error().code;
    };
    BOOST_TEST(codeOf(99'900) == "");
    BOOST_TEST(codeOf(100'100) == "too_wide");
}

BOOST_AUTO_TEST_CASE(too_deep_says_how_deep_and_which_setting) {
    KindSpec xml, json;
    xml.records = "/d/r";
    json.records = "$.r[*]";
    xml.fields = json.fields = {field("source_case_no", "n")};
    Limits limits;
    limits.depth = 9;
    const auto told = [&limits](const auto& mapping, std::string_view payload) {
        MemorySource source(payload);
        Lines lines;
        const auto report = mapping->run(source, limits, lines);
        return report ? "taken" : report.error().code + ": " + report.error().rule + "; " + report.error().hint;
    };
    const std::string deep_json = R"({"r":)" + std::string(10, '[') + std::string(10, ']') + "}";
    BOOST_TEST(told(compiled(spec(SourceFormat::Json, {json})), deep_json) ==
               "too_deep: objects and arrays nested at most 9 deep (limits.depth); flatten the document, or raise "
               "limits.depth");
    BOOST_TEST(told(compiled(spec(SourceFormat::Xml, {xml})), "<d><a><a><a><a><a><a><a><a><a/></a></a></a></a></a>") ==
               "too_deep: at most 9 nested elements (limits.depth); nest elements less deeply, or raise limits.depth");
    BOOST_TEST(told(compiled(spec(SourceFormat::Json, {json})), "{").find("limits.depth") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
