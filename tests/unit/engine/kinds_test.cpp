// tests/unit/engine/kinds_test.cpp - which kinds a record belongs to: conditions held against what the payload says, and
// what becomes of a record that belongs to none.
#include <boost/test/unit_test.hpp>

#include "tests/unit/engine/mapping_cases.hpp"

namespace caseway {
namespace {

using namespace cases;
using Lines_ = std::vector<std::string>;

KindSpec kindOf(const std::string& records, const std::string& mark, std::optional<ConditionSpec> condition) {
    KindSpec kind;
    kind.records = records;
    kind.when = std::move(condition);
    kind.fields = {field("source_case_no", "n"), constant("extra.x", mark)};
    return kind;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(Kinds)

BOOST_AUTO_TEST_CASE(a_condition_reads_a_json_number_by_its_worth) {
    struct Case {
        const char* value;
        std::vector<std::string> one_of;
        bool expected;
    };
    const Case cases[] = {{"1", {"1"}, true},         {"1.0", {"1"}, true},      {"0.0", {"0", "4"}, true},
                          {"4.00", {"0", "4"}, true}, {"10e-1", {"1"}, true},    {"1E0", {"1"}, true},
                          {"1.0", {"1.0"}, true},     {"1.5", {"1"}, false},     {"1.5", {"1.5"}, true},
                          {"\"1.0\"", {"1"}, false},  {"\"\u00a01\"", {"1"}, true}, {"true", {"true"}, true},
                          {"[1]", {"1"}, false},      {"11", {"1"}, false}};
    for (const bool evaluate_all : {false, true}) {
        for (const bool negated : {false, true}) {
            for (const Case& one : cases) {
                KindSpec kind = kindOf("$[*]", "-", std::nullopt);
                kind.fields.back() = constant("extra.x", "yes");
                kind.fields.back().when = when("k", one.one_of, negated);
                const auto mapping = compiled(spec(SourceFormat::Json, {kind}), evaluate_all);
                const std::string payload = std::string(R"([{"n":"1","k":)") + one.value + "}]";
                const Lines_ taken = {R"({"extra":{"x":"yes"},"source_case_no":"1"})"}, left = {R"({"source_case_no":"1"})"};
                BOOST_TEST(runStream(*mapping, payload) == (one.expected != negated ? taken : left), payload);
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace caseway
