// tests/unit/record/repeat_test.cpp - records that say what the same system said last: settled without a state, and yet
// everything ends as if each had been merged. Random records; the seed of a failure is printed.
#include <random>

#include "exchange.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/record/state_codec.hpp"
#include "gateway/record/stored_state.hpp"
#include "tests/support/seeds.hpp"

using namespace caseway;
using caseway::test::seedsOr;

namespace {

using Random = std::mt19937_64;

std::uint64_t upTo(Random& random, std::uint64_t most) {
    return random() % (most + 1);
}

/// Few texts, so that most are said again: by the same system or another, later or earlier, of one case or two.
std::string randomText(Random& random, std::string_view source_case_no) {
    std::string text = "{";
    if (upTo(random, 3) == 0) text += R"("apply_time":"2026-05-04T08:00:00+08:00",)";
    if (upTo(random, 5) == 0) text += R"("case_no":"X-1",)";
    if (upTo(random, 7) == 0) text += R"("extra":{"note":"a"},)";
    if (upTo(random, 9) == 0) text += R"("operation":"D",)";
    text += R"("source_case_no":")" + std::string(source_case_no) + '"';
    if (upTo(random, 2) != 0) text += R"(,"status":")" + std::string(upTo(random, 1) == 0 ? "10" : "20") + '"';
    if (upTo(random, 3) == 0) text += R"(,"steps":[{"opinion":"b","seq":1}])";
    return text + '}';
}

std::vector<Sending> randomSendings(Random& random) {
    const bool one_system = upTo(random, 1) == 0;
    std::vector<std::string> texts;
    for (int i = 0; i < 3; ++i) texts.push_back(randomText(random, upTo(random, 3) == 0 ? "B2" : "A1"));
    std::vector<Sending> sendings;
    for (std::uint64_t i = 1; i <= 12; ++i) {
        Sending sending;
        sending.from = one_system || upTo(random, 3) != 0 ? "housing/permits" : "housing/archive";
        sending.message = i;
        const std::uint64_t minute = upTo(random, 4) == 0 ? upTo(random, 30) : 10 + i;  // some come late
        sending.sent_at = "2026-05-05T09:" + std::to_string(10 + minute) + ":00+08:00";
        sending.patch = texts[upTo(random, 2)];
        sendings.push_back(std::move(sending));
    }
    return sendings;
}

/// All that anybody can ask of a case.
std::string wholeOf(StoreReader& store, const CaseRow& row, const CaseNumbers& numbers) {
    std::string whole = row.owner.text() + ' ' + row.department + ' ' + row.case_no + ' ' + row.source_case_no + ' ' +
                        row.status + (row.deleted ? " deleted " : " ") + toRfc3339(row.changed_at) + ' ' +
                        std::to_string(row.last_change) + ' ';
    if (isAlias(row)) return whole + toHex(bytesOf(row.state));
    CaseState state;
    loadState(store, row, state);
    std::string bytes;
    encodeWhole(state, bytes);
    whole += toHex(bytesOf(bytes));
    appendViewJson(viewOf(state, row, numbers, Show::Unmasked), whole);
    return whole;
}

std::string wholeOf(Exchange& exchange) {
    std::string whole;
    for (CaseId id = 1; id <= static_cast<CaseId>(exchange.store.rows.size()); ++id)
        whole += wholeOf(exchange.store, exchange.store.caseById(id).value(), exchange.recorder.numbers()) + '\n';
    for (const ChangeRow& change : exchange.store.feed)
        whole += std::to_string(change.case_id) + '/' + std::to_string(change.index) + ' ';
    return whole;
}

const Sending kFirst{.message = 1, .patch = R"({"source_case_no":"A1","status":"10"})"};

Sending later(Sending sending, std::uint64_t message, std::string patch = kFirst.patch) {
    sending.message = message;
    sending.sent_at = "2026-05-04T1" + std::to_string(message) + ":00:00+08:00";
    sending.patch = std::move(patch);
    return sending;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(RepeatedRecords)

BOOST_AUTO_TEST_CASE(end_as_if_each_had_been_merged) {
    const std::uint64_t seeds = seedsOr(3000);
    BOOST_TEST_MESSAGE("seeds 1 to " << seeds);
    std::size_t settled = 0;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        Random random(seed);
        Exchange quick, merging(RecorderConfig{.settles_repeats = false});
        for (const Sending& sending : randomSendings(random)) {
            const RecordResult one = quick.send(sending), other = merging.send(sending);
            BOOST_TEST_REQUIRE(nameOf(one.outcome) == nameOf(other.outcome), "seed " << seed);
            RecordTrace trace = one.trace();
            trace.repeats_index = trace.repeats_record = 0;
            BOOST_TEST_REQUIRE((trace == other.trace()), "seed " << seed);
            BOOST_TEST_REQUIRE(one.case_no == other.case_no, "seed " << seed);
            BOOST_TEST_REQUIRE(wholeOf(quick) == wholeOf(merging), "seed " << seed << " message " << sending.message);
            settled += one.repeats ? 1 : 0;
        }
        BOOST_TEST_REQUIRE(merging.store.repeats.empty());
    }
    BOOST_TEST(settled > seeds);
}

BOOST_AUTO_TEST_CASE(write_one_short_row_and_name_the_record_that_they_repeat) {
    Exchange exchange;
    exchange.send(kFirst);
    const std::size_t writes = exchange.store.case_writes;
    const RecordResult result = exchange.send(later(kFirst, 2));
    BOOST_TEST((result.outcome == RecordOutcome::Same && result.case_id == 1));
    BOOST_TEST((result.repeats == RecordKey{101, 1}));
    BOOST_TEST(exchange.store.patches.size() == 1U);
    BOOST_TEST(exchange.store.case_writes == writes);
    exchange.send(later(kFirst, 3));
    BOOST_TEST_REQUIRE(exchange.store.repeats.size() == 1U);
    BOOST_TEST((exchange.store.repeats.begin()->second.record == RecordKey{103, 1}));
    BOOST_TEST((exchange.send(later(kFirst, 4, R"({"source_case_no":"A1","status":"20"})")).outcome ==
                RecordOutcome::Changed));
}

BOOST_AUTO_TEST_CASE(are_known_to_a_late_message_that_says_otherwise) {
    Exchange exchange;
    exchange.send(kFirst);
    exchange.send(later(kFirst, 3));
    const auto late = exchange.send(later(kFirst, 2, R"({"source_case_no":"A1","status":"20"})"));
    BOOST_TEST((late.outcome == RecordOutcome::Stale && !late.repeats));
    BOOST_TEST(exchange.recordOf("CW-center-000000001").find(R"("status":"10")") != std::string::npos);
    BOOST_TEST(!exchange.send(later(kFirst, 2)).repeats.has_value());  // an earlier repetition is none
}

BOOST_AUTO_TEST_CASE(are_merged_where_another_system_spoke_in_between_or_fields_of_an_older_record_stand) {
    Exchange exchange;
    const std::string numbered = R"({"case_no":"X-1","source_case_no":"A1","status":"10"})";
    exchange.send(later(kFirst, 1, numbered));
    exchange.send(later({.from = "housing/archive"}, 2, R"({"case_no":"X-1","source_case_no":"R1","status":"20"})"));
    BOOST_TEST(!exchange.send(later(kFirst, 3, numbered)).repeats.has_value());
    exchange.send({.message = 4, .patch = R"({"source_case_no":"B1","status":"10","window_no":"7"})"});
    const std::string shorter = R"({"source_case_no":"B1","status":"20"})";
    exchange.send(later(kFirst, 5, shorter));
    BOOST_TEST(!exchange.send(later(kFirst, 6, shorter)).repeats.has_value());
}

BOOST_AUTO_TEST_CASE(are_refused_as_any_other_where_the_sender_may_no_longer_write) {
    Exchange exchange;
    const std::string patch = R"({"dept_code":"11440232000000001A","source_case_no":"W1","status":"10"})";
    exchange.send({.from = "center/window", .message = 1, .patch = patch});
    CasePatch read;
    BOOST_TEST_REQUIRE(patchFromJson(patch, read).ok());
    read.place.ordinal = 1;
    RegisteredSystem system = systemNamed("center/window");
    system.on_behalf_of.clear();
    const Instant at = parseRfc3339("2026-05-04T19:00:00+08:00").value();
    const auto result = exchange.recorder.apply(exchange.store, {system, messageNumbered(2), at, at, 102}, read);
    BOOST_TEST_REQUIRE(result.refusal.has_value());
    BOOST_TEST(result.refusal->code == "case_not_owned");
}

BOOST_AUTO_TEST_CASE(of_a_state_stored_before_there_were_repetitions_are_merged_and_settled_from_then_on) {
    Exchange exchange;
    exchange.send(kFirst);
    CaseRow& row = exchange.store.rows[0];
    CaseState state;
    loadState(exchange.store, row, state);
    std::string whole;
    encodeWhole(state, whole);
    row.stated_by.reset();
    row.state = whole;
    BOOST_TEST(!exchange.send(later(kFirst, 2)).repeats.has_value());
    BOOST_TEST((exchange.send(later(kFirst, 3)).repeats == RecordKey{102, 1}));
}

BOOST_AUTO_TEST_CASE(keep_no_second_copy_of_what_the_history_says) {
    Exchange exchange;
    const std::string title(500, 'x');
    exchange.send({.message = 1, .patch = R"({"case_title":")" + title + R"(","source_case_no":"A1"})"});
    BOOST_TEST(exchange.store.rows[0].state.size() < 150U);
    BOOST_TEST(exchange.recordOf("CW-center-000000001").find(title) != std::string::npos);
    exchange.send({.from = "housing/permits", .message = 2, .patch = R"({"source_case_no":"A1","status":"10"})"});
    BOOST_TEST(exchange.store.rows[0].state.size() > title.size());  // of two records: nobody else says it as it is
    BOOST_TEST(exchange.recordOf("CW-center-000000001").find(title) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(are_not_made_of_a_history_that_somebody_changed) {
    Exchange exchange;
    exchange.send(kFirst);
    const CaseNumbers& numbers = exchange.recorder.numbers();
    const std::string text = exchange.store.patches[0].patch;
    for (const std::string& changed :
         {std::string(), text + ' ', std::string(R"({"source_case_no":"A1","status":"90"})")}) {
        exchange.store.patches[0].patch = changed;
        BOOST_CHECK_THROW(recordJsonOf(exchange.store, exchange.store.rows[0], numbers, Show::Unmasked), Fault);
    }
    exchange.store.patches[0].patch = text;
    BOOST_TEST(recordJsonOf(exchange.store, exchange.store.rows[0], numbers, Show::Unmasked).size() > text.size());
    exchange.store.rows[0].stated_by = RecordKey{101, 2};
    BOOST_CHECK_THROW(recordJsonOf(exchange.store, exchange.store.rows[0], numbers, Show::Unmasked), Fault);
}

BOOST_AUTO_TEST_CASE(are_as_large_as_if_they_were_kept_whole) {
    const auto outcomeOf = [](std::size_t bytes) {
        Exchange exchange(RecorderConfig{.max_state_bytes = 1000});
        const std::string title(bytes, 'x');
        return exchange.send({.message = 1, .patch = R"({"case_title":")" + title + R"(","source_case_no":"A1"})"})
            .outcome;
    };
    BOOST_TEST((outcomeOf(800) == RecordOutcome::New));
    BOOST_TEST((outcomeOf(980) == RecordOutcome::Refused));
}

BOOST_AUTO_TEST_SUITE_END()
