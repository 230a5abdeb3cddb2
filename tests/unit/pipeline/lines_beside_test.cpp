// tests/unit/pipeline/lines_beside_test.cpp - lines made beside are those made at once: their text and their tree, over
// slices, and behind one that was given up.
#include "gateway/pipeline/lines_beside.hpp"

#include <boost/test/unit_test.hpp>

using namespace caseway;

namespace {

/// Records of every kind, made of their number.
template <class Lines>
void addRecord(std::uint64_t record, Lines& lines) {
    RecordTrace trace;
    trace.case_id = static_cast<std::int64_t>(record * 3);
    trace.repeats_index = record;
    trace.repeats_record = record % 2;
    Refusal refusal{"field_missing", "status", "", "one of 10", std::string(record % 40, 'x'), record};
    const bool is_refused = record % 7 == 0;
    lines.add(record, is_refused ? RecordOutcome::Refused : RecordOutcome::Same, "CW-" + std::to_string(record),
              is_refused ? RecordTrace{} : trace, is_refused ? &refusal : nullptr);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(LinesMadeBeside)

BOOST_AUTO_TEST_CASE(are_those_made_at_once) {
    OutcomeLines expected, lines;
    LinesBeside beside;
    std::uint64_t record = 0;
    for (const std::uint64_t slice : {0, 1, 255, 256, 257, 3000}) {
        beside.begin(lines);
        for (std::uint64_t i = 1; i <= 700; ++i) addRecord(i, beside);  // a slice whose commit failed
        beside.begin(lines);
        for (std::uint64_t i = 0; i < slice; ++i) {
            addRecord(++record, expected);
            addRecord(record, beside);
        }
        lines = beside.end();
        BOOST_TEST(lines.take() == expected.take());
        BOOST_TEST(lines.save() == expected.save());
        BOOST_TEST((lines.root() == expected.root()));
    }
    beside.begin(lines);  // and may be left so
    addRecord(1, beside);
}

BOOST_AUTO_TEST_SUITE_END()
