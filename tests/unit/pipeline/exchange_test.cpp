// tests/unit/pipeline/exchange_test.cpp - what becomes of a message: taken, the same again, another under its id,
// refused, large.
#include <boost/test/unit_test.hpp>

#include "tests/unit/pipeline/pipeline_fixture.hpp"

using namespace caseway;
using namespace caseway::test;

namespace {

constexpr std::string_view kOne = R"([{"no":"A-1","id":"1","status":"10","applied":"2026-05-01 08:00:00"}])";

bool has(const Answer& answer, std::string_view text) {
    return answer.body.find(text) != std::string::npos;
}

/// The part of an answer that names the leaf.
std::string receiptOf(const Answer& answer) {
    return between(answer.body, "\"receipt\":", "}");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(Exchange_)

BOOST_AUTO_TEST_CASE(taken_message_gets_a_receipt_that_verifies) {
    Pipeline pipeline;
    const Answer answer = pipeline.take(pipeline.header(), kOne);
    BOOST_TEST(answer.status == 200);
    BOOST_TEST(has(answer, R"("records":{"new":1,"changed":0,"same":0,"stale":0,"refused":0})"), answer.body);
    const auto receipt = parseReceipt(answer.body);
    BOOST_REQUIRE(receipt);
    std::string text;
    appendReceipt(receipt->leaf, receipt->proof, text);
    BOOST_TEST(verifyReceipt(text, NoteKey::parse(pipeline.log->verifierKey()).value()).ok());
    BOOST_TEST(pipeline.verdict() == "good");
}

BOOST_AUTO_TEST_CASE(same_message_again_is_answered_as_the_first_was) {
    Pipeline pipeline;
    const MessageHeader header = pipeline.header();
    const Answer first = pipeline.take(header, kOne);
    pipeline.take(pipeline.header(), R"([{"no":"A-2","id":"2","status":"10"}])");
    const Answer again = pipeline.take(header, kOne);  // another ECDSA signature over the same content
    BOOST_TEST(again.status == 200);
    BOOST_TEST(receiptOf(first) == receiptOf(again));
    BOOST_TEST(pipeline.log->size() == 2U);
}

BOOST_AUTO_TEST_CASE(other_content_under_a_used_id_is_refused_and_logged) {
    Pipeline pipeline;
    const MessageHeader header = pipeline.header();
    pipeline.take(header, kOne);
    const Answer other = pipeline.take(header, R"([{"no":"A-1","id":"1","status":"90"}])");
    BOOST_TEST(other.status == 409);
    BOOST_TEST(has(other, R"("code":"id_reused")"));
    BOOST_TEST(has(other, R"("receipt":{)"));
    BOOST_TEST(pipeline.log->size() == 2U);
    BOOST_TEST(pipeline.take(header, kOne).status == 200);
    BOOST_TEST(pipeline.verdict() == "good");
}

BOOST_AUTO_TEST_CASE(one_bad_record_does_not_hold_the_others) {
    Pipeline pipeline;
    const Answer answer = pipeline.take(
        pipeline.header(), R"([{"no":"A-1","id":"1","status":"77"},{"no":"A-2","id":"2","status":"10"},{"no":"A-3"}])");
    BOOST_TEST(answer.status == 200);
    BOOST_TEST(has(answer, R"("outcome":"partial","records":{"new":1,"changed":0,"same":0,"stale":0,"refused":2})"),
               answer.body);
    BOOST_TEST(has(answer, R"("code":"code_unknown")"));
    BOOST_TEST(has(answer, R"("record":3)"));
    BOOST_TEST(pipeline.verdict() == "good");
}

BOOST_AUTO_TEST_CASE(message_of_which_nothing_can_be_taken_is_evidence_all_the_same) {
    Pipeline pipeline;
    const Answer answer = pipeline.take(pipeline.header(), R"([{"no":"A-1"}])");
    BOOST_TEST(answer.status == 422);
    BOOST_TEST(has(answer, R"("refusals":[{"code":"required_missing")"), answer.body);
    BOOST_TEST(has(answer, R"("receipt":{)"));
    BOOST_TEST(pipeline.verdict() == "good");
}

BOOST_AUTO_TEST_CASE(another_departments_case_is_not_written) {
    Pipeline pipeline;
    pipeline.take(pipeline.header(), kOne);
    const Answer answer =
        pipeline.take(pipeline.header(police()), R"([{"no":"A-1","id":"9","status":"90"}])", police());
    BOOST_TEST(answer.status == 422);
    BOOST_TEST(has(answer, R"("code":"case_not_owned")"), answer.body);
    BOOST_TEST(pipeline.verdict() == "good");
}

BOOST_AUTO_TEST_CASE(unknown_mapping_and_wrong_receiver_are_logged_refusals) {
    Pipeline pipeline;
    MessageHeader header = pipeline.header();
    header.receiver = "other/gateway";
    const Answer wrong = pipeline.take(header, kOne);
    BOOST_TEST(wrong.status == 403);
    BOOST_TEST(has(wrong, R"("receipt":{)"));
    pipeline.mappings.replace({});
    const Answer unknown = pipeline.take(pipeline.header(), kOne);
    BOOST_TEST(unknown.status == 422);
    BOOST_TEST(has(unknown, R"("code":"mapping_unknown")"));
    BOOST_TEST(pipeline.log->size() == 2U);
    BOOST_TEST(pipeline.verdict() == "good");
}

BOOST_AUTO_TEST_CASE(what_nobody_authenticated_is_sampled_and_counted) {
    Pipeline pipeline;
    const std::string good = *signJson(pipeline.header(), kOne, housing().key, housing().keyId());
    for (int i = 0; i < 5; ++i) {
        std::string bad = good;
        bad[bad.size() - 10] = bad[bad.size() - 10] == 'A' ? 'B' : 'A';
        BOOST_TEST(pipeline.takeSigned(bad).status == 401);
    }
    pipeline.clock.set(pipeline.clock.now() + std::chrono::minutes(2));
    pipeline.unauthenticated.settle();
    pipeline.take(pipeline.header(), kOne);
    BOOST_TEST(pipeline.log->size() == 4U);  // two samples, one aggregate, the good one
    BOOST_TEST(pipeline.memory.reader().leaf(2).value().find("aggregate") != std::string::npos);
    BOOST_TEST(pipeline.verdict() == "good");
}

BOOST_AUTO_TEST_CASE(large_message_is_received_first_and_applied_in_slices) {
    Pipeline pipeline(4096);
    std::string body = "[";
    for (int i = 0; i < 500; ++i)
        body += (i == 0 ? "" : ",") + std::string(R"({"id":")") + std::to_string(i) + R"(","status":")" +
                (i % 50 == 0 ? "77" : "10") + "\"}";
    const MessageHeader header = pipeline.header();
    const Answer answer = pipeline.take(header, body + "]");
    BOOST_TEST(answer.status == 202);
    BOOST_TEST(answer.location == "/v1/messages/" + header.message_id.text());
    std::optional<MessageRow> row;
    while (!row || !row->outcome_index) row = pipeline.memory.reader().message(housing().id, header.message_id);
    BOOST_TEST((row->counts == RecordCounts{490, 0, 0, 0, 10}));
    BOOST_TEST((row->outcome == MessageOutcome::Partial));
    BOOST_TEST(pipeline.memory.reader().lastChange() == 490U);
    BOOST_TEST(pipeline.verdict() == "good");
}

BOOST_AUTO_TEST_SUITE_END()
