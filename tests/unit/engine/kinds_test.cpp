// tests/unit/engine/kinds_test.cpp - which kinds a record belongs to: conditions held against what the payload says,
// and what becomes of a record that belongs to none.
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
    const Case cases[] = {{"1", {"1"}, true},         {"1.0", {"1"}, true},         {"0.0", {"0", "4"}, true},
                          {"4.00", {"0", "4"}, true}, {"10e-1", {"1"}, true},       {"1E0", {"1"}, true},
                          {"1.0", {"1.0"}, true},     {"1.5", {"1"}, false},        {"1.5", {"1.5"}, true},
                          {"\"1.0\"", {"1"}, false},  {"\"\u00a01\"", {"1"}, true}, {"true", {"true"}, true},
                          {"[1]", {"1"}, false},      {"11", {"1"}, false},         {"-0", {"0"}, true}};
    for (const bool evaluate_all : {false, true}) {
        for (const bool negated : {false, true}) {
            for (const Case& one : cases) {
                KindSpec kind = kindOf("$[*]", "-", std::nullopt);
                kind.fields.back() = constant("extra.x", "yes");
                kind.fields.back().when = when("k", one.one_of, negated);
                const auto mapping = compiled(spec(SourceFormat::Json, {kind}), evaluate_all);
                const std::string payload = std::string(R"([{"n":"1","k":)") + one.value + "}]";
                const Lines_ taken = {R"({"extra":{"x":"yes"},"source_case_no":"1"})"},
                             left = {R"({"source_case_no":"1"})"};
                BOOST_TEST(runStream(*mapping, payload) == (one.expected != negated ? taken : left), payload);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_record_that_none_of_its_kinds_takes_is_refused) {
    struct Case {
        const char* name;
        std::vector<KindSpec> kinds;
        const char* payload;
        Lines_ expected;
        std::uint64_t found, passed_over;
    };
    const auto is = [](const char* code) { return when("k", {code}); };
    KindSpec spare = kindOf("$.l[*]", "-", is("9"));
    spare.fields.clear();
    spare.passes_over = true;
    KindSpec rest = spare;
    rest.when.reset();
    const std::vector<KindSpec> two = {kindOf("$.l[*]", "a", is("1")), kindOf("$.l[*]", "b", is("2"))};
    const auto with = [](std::vector<KindSpec> kinds, const KindSpec& more) {
        kinds.push_back(more);
        return kinds;
    };
    const std::string a1 = R"({"extra":{"x":"a"},"source_case_no":"1"})",
                      b2 = R"({"extra":{"x":"b"},"source_case_no":"2"})";
    const char* mixed = R"({"l":[{"n":"1","k":1},{"n":"3","k":"9"},{"n":"2","k":"2"},{"n":"4"}]})";
    const Case cases[] = {
        {"all known", two, R"({"l":[{"n":"1","k":1},{"n":"2","k":2}]})", {a1, b2}, 2, 0},
        {"an unknown one and one without",
         two,
         mixed,
         {a1, "! no_kind_takes @ /l/1 9", b2, "! no_kind_takes @ /l/3 "},
         4,
         0},
        {"nothing else", two, R"({"l":[{"n":"3","k":"zhang san"}]})", {"! no_kind_takes @ /l/0 z***n (9)"}, 1, 0},
        {"one is passed over", with(two, spare), mixed, {a1, b2, "! no_kind_takes @ /l/3 "}, 4, 1},
        {"all others are", with(two, rest), mixed, {a1, b2}, 4, 2},
        {"the condition of an only kind is a filter", {two[0]}, mixed, {a1}, 4, 3},
        {"of an only kind in its place too",
         {two[0], kindOf("$.m[*]", "b", is("2"))},
         R"({"l":[{"n":"1","k":"1"},{"n":"3","k":"3"}],"m":[{"n":"2","k":"2"},{"n":"5","k":"5"}]})",
         {a1, b2},
         4,
         2},
        {"one kind without a condition takes all",
         with(two, kindOf("$.l[*]", "c", std::nullopt)),
         R"({"l":[{"n":"4"}]})",
         {R"({"extra":{"x":"c"},"source_case_no":"4"})"},
         1,
         0},
        {"a refused record is no unknown one",
         two,
         R"({"l":[{"k":"1"}]})",
         {"! required_missing @ source_case_no, /l/0/n "},
         1,
         0},
        {"records in records",
         with(two, kindOf("$.l[*].m", "c", is("1"))),
         R"({"l":[{"n":"3","k":"9","m":{"n":"5","k":1}},{"n":"1","k":"1","m":{"n":"6","k":"3"}}]})",
         {R"({"extra":{"x":"c"},"source_case_no":"5"})", "! no_kind_takes @ /l/0 9", a1},
         4,
         1},
    };
    for (const bool evaluate_all : {false, true})
        for (const Case& one : cases) BOOST_TEST_CONTEXT(one.name) {
                const auto mapping = compiled(spec(SourceFormat::Json, one.kinds), evaluate_all);
                MemorySource source(one.payload);
                Lines lines;
                const auto report = mapping->run(source, {}, lines);
                BOOST_REQUIRE(report.ok());
                for (std::string& line : lines.lines)
                    for (const Refusal& why : lines.refusals)
                        if (line == "! " + why.code + " @ " + why.where) line += " " + why.value;
                BOOST_TEST(lines.lines == one.expected, boost::test_tools::per_element());
                BOOST_TEST(report->found == one.found);
                BOOST_TEST(report->passed_over == one.passed_over);
                BOOST_TEST(report->records == one.expected.size());
            }
}

BOOST_AUTO_TEST_CASE(an_element_that_none_of_its_kinds_takes_is_refused_with_its_line) {
    const std::vector<KindSpec> kinds = {kindOf("/d/r", "a", when("@t", {"1"})), kindOf("/d/r", "b", when("@t = 2"))};
    const Lines_ expected = {R"({"extra":{"x":"a"},"source_case_no":"1"})", "! no_kind_takes @ line 2",
                             R"({"extra":{"x":"b"},"source_case_no":"3"})"};
    for (const bool evaluate_all : {false, true}) {
        const auto mapping = compiled(spec(SourceFormat::Xml, kinds), evaluate_all);
        const std::string payload = "<d><r t='1'><n>1</n></r>\n<r t='3'><n>2</n></r>\n<r t='2'><n>3</n></r></d>";
        BOOST_TEST(runStream(*mapping, payload) == expected, boost::test_tools::per_element());
        BOOST_TEST(runTree(*mapping, payload) == expected, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(as_many_kinds_as_a_mapping_may_have_look_at_one_record) {
    std::vector<KindSpec> kinds;
    for (int i = 0; i < 50; ++i) kinds.push_back(kindOf("$[*]", "a", when("k", {std::to_string(i)})));
    const Lines_ expected = {R"({"extra":{"x":"a"},"source_case_no":"1"})", "! no_kind_takes @ /1"};
    for (const bool evaluate_all : {false, true})
        BOOST_TEST(runStream(*compiled(spec(SourceFormat::Json, kinds), evaluate_all),
                             R"([{"n":"1","k":"49"},{"n":"2","k":"50"}])") == expected,
                   boost::test_tools::per_element());
}

/// Heartbeats alone, which the mapping names, are no mistake of anybody's; what is left out unnamed may be one.
BOOST_AUTO_TEST_CASE(a_payload_of_nothing_but_named_unwanted_records_is_a_success) {
    KindSpec permits, heartbeats, others;
    permits.records = heartbeats.records = others.records = "/d/r";
    permits.fields = {field("source_case_no", "n")};
    permits.when = when("t", {"permit"});
    heartbeats.when = when("t", {"beat"});
    heartbeats.passes_over = others.passes_over = true;
    const std::string beats = "<d><r><t>beat</t></r><r><t>beat</t></r></d>";
    const struct {
        std::vector<KindSpec> kinds;
        std::string payload;
        bool is_good;
    } kCases[] = {{{permits, heartbeats}, beats, true},
                  {{permits, heartbeats, others}, beats, true},
                  {{permits, others}, beats, false},
                  {{permits}, beats, false},
                  {{permits, heartbeats, others}, "<d><r><t>beat</t></r><r><t>error</t></r></d>", false},
                  {{permits, heartbeats}, "<d><x/></d>", false}};
    for (const bool evaluate_all : {false, true})
        for (const auto& [kinds, payload, is_good] : kCases) {
            const auto mapping = compiled(spec(SourceFormat::Xml, kinds), evaluate_all);
            MemorySource source(payload);
            Lines lines;
            const auto report = mapping->run(source, {}, lines, {}, EmptySet::Taken);
            BOOST_TEST(report.ok() == is_good, kinds.size() << " kinds of " << payload);
            BOOST_TEST(lines.lines.empty());
            BOOST_TEST(runTree(*mapping, payload).empty() == is_good);
        }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace caseway
