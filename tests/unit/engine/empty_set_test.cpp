// tests/unit/engine/empty_set_test.cpp - a payload without a record: an empty set where its place is there and empty,
// and a form that has changed everywhere else.
#include <boost/test/unit_test.hpp>

#include "tests/unit/engine/mapping_cases.hpp"

namespace caseway {
namespace {

using namespace cases;

struct EmptyCase {
    std::vector<std::string> records;  ///< of each kind
    std::string payload;
    bool is_empty;
};

const std::vector<EmptyCase>& jsonCases() {
    static const std::vector<EmptyCase> cases = {
        {{"$[*]"}, "[]", true},
        {{"$[*]"}, " [ ]\n", true},
        {{"$[*]"}, "{}", false},
        {{"$.cases[*]"}, R"({"cases":[]})", true},
        {{"$.cases[*]"}, R"({"total":0,"cases":[],"page":{"cases":[1]}})", true},
        {{"$.cases[*]"}, R"({"cases":null})", false},
        {{"$.cases[*]"}, R"({"cases":{}})", false},
        {{"$.cases[*]"}, R"({"Cases":[]})", false},
        {{"$.cases[*]"}, R"({"error":"down"})", false},
        {{"$.cases[*]"}, R"({"data":{"cases":[]}})", false},
        {{"$.cases[*]"}, R"([{"cases":[]}])", false},
        {{"$.data['the list'][*]"}, R"({"data":{"the list":[]}})", true},
        {{"$.a[*]", "$.b[*]"}, R"({"b":[]})", true},
        {{"$.a[*].b[*]"}, R"({"a":[]})", false},
        {{"$..cases[*]"}, R"({"cases":[]})", false},
        {{"$[?@.t==1]"}, "[]", false},
        {{"$"}, "{}", false},
    };
    return cases;
}

const std::vector<EmptyCase>& xmlCases() {
    static const std::vector<EmptyCase> cases = {
        {{"/Cases/Case"}, "<Cases/>", true},
        {{"/Cases/Case"}, "<Cases total='0'>\n  <!-- none -->\n</Cases>", true},
        {{"/Cases/Case"}, "<cases/>", false},
        {{"/Cases/Case"}, "<Cases>no data</Cases>", false},
        {{"/Cases/Case"}, "<Cases><Item/></Cases>", false},
        {{"/Cases/Case"}, "<Cases xmlns='urn:other'/>", false},
        {{"/p:Cases/p:Case"}, "<Cases xmlns='urn:p'/>", true},
        {{"/Package/Body/Case"}, "<Package><Head>1</Head><Body/></Package>", true},
        {{"/Package/Body/Case"}, "<Package><Head>1</Head></Package>", false},
        {{"/Package/Body/Case"}, "<Package><Body/><Body><Item/></Body></Package>", false},
        {{"/Package/Body/Case", "/Package/Body/Step"}, "<Package><Body/></Package>", true},
        {{"//Case"}, "<Cases/>", false},
        {{"/Case"}, "<Cases/>", false},
        {{"/Cases[1]/Case"}, "<Cases/>", false},
        {{""}, "<Cases/>", false},
    };
    return cases;
}

void expect(SourceFormat format, const EmptyCase& one, bool evaluate_all) {
    std::vector<KindSpec> kinds;
    for (const std::string& records : one.records) {
        kinds.emplace_back();
        kinds.back().records = records;
        kinds.back().fields = {field("source_case_no", format == SourceFormat::Json ? "@.n" : "n")};
        kinds.back().when = when(format == SourceFormat::Json ? "@.never" : "never", {"taken"});
    }
    MappingSpec made = spec(format, kinds);
    made.namespaces = {{"p", "urn:p"}};
    const auto mapping = compiled(made, evaluate_all);
    for (const EmptySet empty : {EmptySet::Refused, EmptySet::Taken}) {
        MemorySource source(one.payload);
        Lines lines;
        const auto report = mapping->run(source, {}, lines, {}, empty);
        BOOST_TEST(report.ok() == (one.is_empty && empty == EmptySet::Taken), one.records.front()
                                                                                  << " " << one.payload);
        if (report.ok()) BOOST_TEST(report->found + report->records == 0U);
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(EmptySets)

BOOST_AUTO_TEST_CASE(json) {
    for (const EmptyCase& one : jsonCases())
        for (const bool evaluate_all : {false, true}) expect(SourceFormat::Json, one, evaluate_all);
}

BOOST_AUTO_TEST_CASE(xml) {
    for (const EmptyCase& one : xmlCases())
        for (const bool evaluate_all : {false, true}) expect(SourceFormat::Xml, one, evaluate_all);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace caseway
