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

/// Which bound it was: what is kept of a record to evaluate on is more than its bytes.
BOOST_AUTO_TEST_CASE(say_that_it_is_the_tree_or_what_was_found) {
    const auto told = [](SourceFormat format, const std::string& expression, const std::string& payload,
                         const Limits& limits) {
        KindSpec kind;
        kind.records = format == SourceFormat::Json ? "$.r[*]" : "/d/r";
        kind.fields = {constant("source_case_no", "N")};
        for (const char* name : {"extra.x", "extra.y", "extra.z"}) kind.fields.push_back(field(name, expression));
        const auto mapping = compiled(spec(format, {kind}));
        MemorySource source(payload);
        Lines lines;
        const auto report = mapping->run(source, limits, lines);
        if (!report) return report.error().code + ": " + report.error().rule + "; " + report.error().hint;
        if (lines.refusals.empty()) return std::string("taken");
        return lines.refusals[0].code + ": " + lines.refusals[0].rule + "; " + lines.refusals[0].hint;
    };
    Limits limits;
    limits.record_bytes = 10'000;
    std::string json = R"({"head":"h","r":[{"no":"1","x":[1)", xml = "<d><r><n>1</n>";
    for (int i = 0; i < 500; ++i) {
        json += ",1";
        xml += "<x>1</x>";
    }
    json += "]}]}";
    xml += "</r></d>";
    const std::string tree = "record_too_large: fewer elements or values in one record, of which a tree is kept";
    BOOST_TEST(told(SourceFormat::Json, "no", json, limits) == "taken");
    BOOST_TEST(told(SourceFormat::Json, "@.x[?@==2]", json, limits).starts_with(tree));
    BOOST_TEST(told(SourceFormat::Xml, "n", xml, limits) == "taken");
    BOOST_TEST(told(SourceFormat::Xml, "x[last()]", xml, limits).starts_with(tree));
    const std::string found = "record_too_large: at most 10000 bytes in all that the expressions of one record find";
    const std::string text(6000, 'a');
    BOOST_TEST(told(SourceFormat::Json, "@..no", R"({"r":[{"no":")" + text + "\"}]}", limits).starts_with(found));
    BOOST_TEST(told(SourceFormat::Xml, ".//n", "<d><r><n>" + text + "</n></r></d>", limits).starts_with(found));
    limits.whole_document_bytes = 400;
    BOOST_TEST(told(SourceFormat::Xml, "/d/h", xml, limits)
                   .starts_with("too_large_for_mapping: at most 400 bytes (limits.whole_document_bytes)"));
    limits.whole_document_bytes = 3000;
    std::string elements = "<d><r/>";
    for (int i = 0; i < 600; ++i) elements += "<x/>";
    const std::string values = "too_large_for_mapping: fewer elements or values: at most ";
    BOOST_TEST(told(SourceFormat::Xml, "/d/h", elements + "</d>", limits).starts_with(values));
    std::string many = R"({"head":"h","r":[{"no":"1"}],"x":[1)";
    for (int i = 0; i < 1400; ++i) many += ",1";
    BOOST_TEST(told(SourceFormat::Json, "$.head", many + "]}", limits).starts_with(values));
    BOOST_TEST(told(SourceFormat::Json, "no", many + "]}", limits) == "taken");
    BOOST_TEST(told(SourceFormat::Json, "$.head", many.substr(0, 601) + "]}", limits) == "taken");
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
