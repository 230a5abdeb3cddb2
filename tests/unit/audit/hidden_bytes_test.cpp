// tests/unit/audit/hidden_bytes_test.cpp - bytes that another row stands over, or that nobody reads: they are held too.
#include <boost/test/unit_test.hpp>

#include "gateway/record/state_codec.hpp"
#include "gateway/record/stored_state.hpp"
#include "tests/unit/pipeline/pipeline_fixture.hpp"

using namespace caseway;
using namespace caseway::test;

namespace {

/// A case that was said twice: with a time of its own, and without. The repetition stands over the record's stamp.
struct SaidTwice : Pipeline {
    explicit SaidTwice(bool has_time) {
        const std::string time = has_time ? R"(,"applied":"2026-05-01 08:00:00")" : "";
        for (int i = 0; i < 2; ++i) take(header(), R"([{"id":"P1","status":"10")" + time + "}]");
    }
    CaseRow& row() { return memory.tables().cases.rows().begin()->second; }
    void rewrite(void (*change)(Stamp&)) {
        const std::string bytes = row().state;
        CaseState state;
        BOOST_REQUIRE(decodeSoleRecord(bytes, state));
        change(state.stamps.front());
        row().state.clear();
        encodeState(state, row().state);
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(HiddenBytes)

BOOST_AUTO_TEST_CASE(the_stamp_of_a_record_that_was_said_again_is_its_own) {
    struct Case {
        const char* name;
        void (*change)(Stamp&);
    };
    const Case cases[] = {
        {"sent at", [](Stamp& stamp) { stamp.sent_at += std::chrono::hours(1); }},
        {"message", [](Stamp& stamp) { stamp.message_id = MessageId::fromBytes({77}); }},
        {"business time", [](Stamp& stamp) { stamp.business_time -= std::chrono::hours(1); }},
        {"data version", [](Stamp& stamp) { stamp.data_version = 9; }},
    };
    for (const bool has_time : {true, false})
        for (const Case& one : cases) {
            SaidTwice gateway(has_time);
            BOOST_REQUIRE(gateway.memory.reader().caseById(1).value().repeated.has_value());
            BOOST_TEST(gateway.verdict() == "good");
            gateway.rewrite(one.change);
            BOOST_TEST(gateway.verdict().starts_with("case_differs at case 1"), one.name << ": " << gateway.verdict());
        }
}

BOOST_AUTO_TEST_CASE(a_piece_of_outcome_lines_that_holds_none_was_added) {
    SaidTwice gateway(true);
    gateway.memory.tables().outcome_lines.rows()[{0, 1}] = "";
    BOOST_TEST(gateway.verdict().starts_with("row_added at outcome_part 0/1"), gateway.verdict());
}

BOOST_AUTO_TEST_SUITE_END()
