// tests/unit/engine/near_code_test.cpp - the hint that names the code which an unknown one was likely meant to be, in a
// payload of few and of many.
#include <boost/test/unit_test.hpp>

#include "tests/unit/engine/mapping_cases.hpp"

using namespace caseway;
using namespace caseway::cases;

BOOST_AUTO_TEST_SUITE(NearCode)

BOOST_AUTO_TEST_CASE(an_unknown_code_is_told_with_the_one_that_is_near_as_long_as_few_are_unknown) {
    struct Hints final : RecordSink {
        bool record(const CasePatch&) override { return true; }
        bool refused(const Refusal& refusal) override {
            texts.push_back(refusal.hint.substr(0, refusal.hint.find('?')));
            return true;
        }
        std::vector<std::string> texts;
    };
    KindSpec kind;
    kind.records = "$[*]";
    kind.fields = {field("source_case_no", "n"), field("extra.k", "k")};
    for (int code = 100'000; code < 600'000; code += 100)
        kind.fields[1].value.codes.emplace_back(std::to_string(code), "x");
    std::string payload = R"([{"n":"1","k":" 0100100 "})";
    for (int i = 0; i < 50; ++i) payload += R"(,{"n":"1","k":"9)" + std::to_string(10'000 + i) + "\"}";
    payload += R"(,{"n":"1","k":"0100100"},{"n":"1","k":"0100200"}])";
    Hints hints;
    BOOST_TEST(compiled(spec(SourceFormat::Json, {kind}))->runJson(payload, {}, hints).ok());
    BOOST_REQUIRE(hints.texts.size() == 53U);
    BOOST_TEST(hints.texts.front() == "did you mean '100100'");
    BOOST_TEST(hints.texts[51] == "did you mean '100100'");
    BOOST_TEST(hints.texts[52].starts_with("known codes: 100000, "));
}

BOOST_AUTO_TEST_SUITE_END()
