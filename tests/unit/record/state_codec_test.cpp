// tests/unit/record/state_codec_test.cpp - the bytes of a state: exact, canonical, and refused where they are anything
// else.
#include "gateway/record/state_codec.hpp"
#include "exchange.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/record/patch_state.hpp"
#include "gateway/record/state_field_codes.hpp"
#include "tests/support/state_format_1.hpp"

using namespace caseway;

namespace {

std::string someState() {
    Exchange exchange;
    exchange.send({.message = 1, .patch = R"({"case_no":"X-1","source_case_no":"A1","case_title":"建房",
        "steps":[{"seq":1,"opinion":"同意"},{"step_name":"审查","start_time":"2026-05-01T10:00:00+08:00"},{"opinion":"x"}],
        "extra":{"floor":3,"note":""}})"});
    exchange.send({.from = "housing/archive",
                   .message = 2,
                   .patch = R"({"$cleared":["window_no"],"case_no":"X-1","source_case_no":"R9"})"});
    return exchange.rowOf("X-1").state;
}

std::string stateOfWindow() {
    Exchange exchange;
    exchange.send({.from = std::string(fixture::kStateFormat1Window),
                   .message = 1,
                   .patch = R"({"case_no":"X-1","source_case_no":"W1","dept_code":"11440232000000001A","status":"10",
        "steps":[{"seq":1,"opinion":"同意"}],"extra":{"floor":3}})"});
    exchange.send({.from = std::string(fixture::kStateFormat1System),
                   .message = 2,
                   .patch = R"({"case_no":"X-1","source_case_no":"A1","status":"20"})"});
    return exchange.rowOf("X-1").state;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(StateOfCase)

BOOST_AUTO_TEST_CASE(reads_back_to_the_same_bytes) {
    const std::string bytes = someState();
    CaseState state;
    BOOST_TEST_REQUIRE(decodeState(bytes, state));
    BOOST_TEST(state.systems.size() == 2U);
    BOOST_TEST(state.stamps.size() == 2U);
    BOOST_TEST(state.owner_department == kHousing);
    std::string again;
    encodeState(state, again);
    BOOST_TEST((again == bytes));
}

BOOST_AUTO_TEST_CASE(is_written_as_format_1_which_a_migration_reads_too) {
    BOOST_TEST(toHex(bytesOf(stateOfWindow())) == fixture::kStateFormat1);
}

BOOST_AUTO_TEST_CASE(leaves_out_stamps_that_nothing_uses) {
    const std::string bytes = someState();
    CaseState state;
    BOOST_TEST_REQUIRE(decodeState(bytes, state));
    state.stamps.push_back(state.stamps.front());
    state.systems.push_back({"zoning/old", false});
    std::string again;
    encodeState(state, again);
    BOOST_TEST((again == bytes));
}

BOOST_AUTO_TEST_CASE(is_refused_cut_anywhere_or_with_more_behind_it) {
    const std::string bytes = someState();
    CaseState state;
    for (std::size_t length = 0; length < bytes.size(); ++length)
        BOOST_TEST(!decodeState(std::string_view(bytes).substr(0, length), state), "cut at " << length);
    BOOST_TEST(!decodeState(bytes + '\0', state));
    BOOST_TEST(state.statements.empty());
}

BOOST_AUTO_TEST_CASE(with_one_byte_changed_is_refused_or_another_canonical_state) {
    const std::string bytes = someState();
    std::size_t read = 0;
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        for (const int flip : {0x01, 0x80, 0xFF}) {
            std::string changed = bytes;
            changed[at] = static_cast<char>(changed[at] ^ flip);
            CaseState state;
            if (!decodeState(changed, state)) continue;
            ++read;
            std::string again;
            encodeState(state, again);
            BOOST_TEST_REQUIRE((again == changed), "byte " << at);
        }
    }
    BOOST_TEST(read > 0U);
}

BOOST_AUTO_TEST_CASE(of_one_record_is_its_digest_and_who_said_it_when) {
    Exchange exchange;
    exchange.send({.message = 1, .patch = R"({"case_no":"X-1","source_case_no":"A1","case_title":"建房"})"});
    const std::string bytes = exchange.rowOf("X-1").state;
    CaseState state;
    BOOST_TEST(!decodeState(bytes, state));
    BOOST_TEST_REQUIRE(decodeSoleRecord(bytes, state));
    BOOST_TEST((state.sole_record == sha256(exchange.store.patches[0].patch)));
    BOOST_TEST(state.statements.empty());
    std::string again;
    encodeState(state, again);
    BOOST_TEST((again == bytes));
    for (std::size_t length = 0; length < bytes.size(); ++length)
        BOOST_TEST(!decodeSoleRecord(std::string_view(bytes).substr(0, length), state), "cut at " << length);
    BOOST_TEST(!decodeSoleRecord(bytes + '\0', state));
    BOOST_TEST(!decodeSoleRecord(someState(), state));
}

BOOST_AUTO_TEST_CASE(alias_reads_back_and_is_no_state) {
    const std::string bytes = encodeAlias(300);
    BOOST_TEST(aliasTarget(bytes).value_or(0) == 300);
    BOOST_TEST(!aliasTarget(bytes + 'x').has_value());
    BOOST_TEST(!aliasTarget(someState()).has_value());
    CaseState state;
    BOOST_TEST(!decodeState(bytes, state));
}

BOOST_AUTO_TEST_CASE(knows_every_field_by_a_number_that_never_moves) {
    // Appending a field changes this digest, rightly: append here too. Moving or removing one breaks every stored
    // state.
    constexpr std::size_t kFirstRelease = 127;
    BOOST_TEST_REQUIRE(stateFieldNames().size() >= kFirstRelease);
    std::string first;
    for (const std::string_view name : stateFieldNames().first(kFirstRelease)) first.append(name) += '\n';
    BOOST_TEST(toHex(sha256(first)).substr(0, 16) == "105fff08cb8375a4");
    for (std::size_t id = 0; id < caseFields().size(); ++id) {
        const auto field = static_cast<FieldId>(id);
        BOOST_TEST((fieldOfCode(codeOf(field)) == field));
    }
    BOOST_TEST(!fieldOfCode(0).has_value());
    BOOST_TEST(!fieldOfCode(stateFieldNames().size() + 1).has_value());
}

BOOST_AUTO_TEST_CASE(counts_as_event_times_only_what_happened) {
    for (const auto name :
         {"apply_time", "accept.accept_time", "steps.end_time", "deliveries.time", "result.finish_time"})
        BOOST_TEST(isEventTime(*fieldNamed(name)), name);
    for (const auto name : {"accept.promise_due_time", "accept.statutory_due_time_reported",
                            "suspensions.planned_end_time", "result.cert_valid_to", "status"})
        BOOST_TEST(!isEventTime(*fieldNamed(name)), name);
}

BOOST_AUTO_TEST_SUITE_END()
