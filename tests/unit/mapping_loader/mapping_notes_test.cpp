// tests/unit/mapping_loader/mapping_notes_test.cpp - what a mapping that works most likely does not mean, with its
// line.
#include "gateway/normalize/mapping_notes.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/unit/mapping_loader/told.hpp"

using namespace caseway;

BOOST_AUTO_TEST_SUITE(MappingNotes)

BOOST_AUTO_TEST_CASE(tells_fields_that_are_the_gateways_own_and_expressions_that_look_at_nothing) {
    using Places = std::vector<std::string>;
    const auto placesOf = [](const std::string& yaml) {
        Places places;
        const auto spec = loadMappingSpec(yaml, "mapping.yaml");
        BOOST_TEST_REQUIRE(spec.ok(), yaml);
        for (const MappingMistake& note : notesOf(*spec)) {
            BOOST_TEST(note.file == "mapping.yaml");
            BOOST_TEST(!note.rule.empty());
            BOOST_TEST(!note.hint.empty());
            places.push_back(std::to_string(note.line) + " " + note.where);
        }
        return places;
    };
    struct Case {
        std::string field;
        Places expected;
    };
    const std::vector<Case> cases = {
        {"source_system: S", {"5 fields.source_system"}},
        {"source_system: {value: x/y}", {"5 fields.source_system"}},
        {"accept.promise_due_time: D", {"5 fields.accept.promise_due_time"}},
        {"accept.statutory_due_time: [D, E]",
         {"5 fields.accept.statutory_due_time[0]", "5 fields.accept.statutory_due_time[1]"}},
        {"accept.promise_due_time_reported: D", {}},
        {"dept_name: {from: A, unfit: source_system}", {"5 fields.dept_name.unfit"}},
        {"address: 1e3", {"5 fields.address"}},
        {"apply_time: 2026-05-04", {"5 fields.apply_time"}},
        {"apply_time: {from: 2026-05-04, unfit: extra.x}", {"5 fields.apply_time.from"}},
        {"address: \"'here'\"", {"5 fields.address"}},
        {"address: (1 + 2) * 3", {"5 fields.address"}},
        {"steps: {each: S, fields: {seq: 1, step_name: N}}", {"5 fields.steps.fields.seq"}},
        {"steps: {each: S, fields: {seq: {value: \"1\"}, step_name: N}}", {"5 fields.steps.fields.seq.value"}},
        {"steps: {each: S, fields: {step_name: {value: a}, start_time: {value: \"2026-05-04\"}}}",
         {"5 fields.steps.fields.step_name.value", "5 fields.steps.fields.start_time.value"}},
        {"steps: {each: S, fields: {step_name: {value: a}, start_time: T}}", {}},
        {"steps: {each: S, fields: {seq: [N, {value: \"1\"}]}}", {}},
        {"steps: {each: S, fields: {seq: [{value: \"1\", when: A}, N]}}", {}},
        {"steps: {each: ., fields: {seq: {value: \"1\"}}}", {}},
        {"address: {value: 1e3}", {}},
        {"address: A", {}},
        {"address: A * 2", {}},
        {"address: \"*\"", {}},
        {"address: .", {}},
        {"address: position()", {}},
        {"address: /R/A", {}},
    };
    for (const Case& one : cases) BOOST_TEST_CONTEXT(one.field)
    BOOST_TEST(placesOf(kHead + "  " + one.field + "\n") == one.expected, boost::test_tools::per_element());
    const std::string json =
        "mapping: a.b\nsource: {format: json}\nfields:\n  source_case_no: n\n  address: \"['1e3']\"\n";
    BOOST_TEST(placesOf(json).empty());
    const std::string kinds =
        "mapping: a.b\nsource: {format: xml}\nfields:\n  source_case_no: No\n  source_system: S\n"
        "kinds:\n  - records: /P/A\n    fields: {address: X}\n  - records: /P/B\n    fields: {address: Y}\n";
    BOOST_TEST(placesOf(kinds) == Places{"5 fields.source_system"}, boost::test_tools::per_element());
    BOOST_TEST(notesOf(*loadMappingSpec(kHead + "  apply_time: 2026-05-04\n", "mapping.yaml"))
                   .front()
                   .hint.starts_with("if that is meant, write {value: \"2026-05-04\"}"));
}

BOOST_AUTO_TEST_SUITE_END()
