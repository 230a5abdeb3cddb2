// tests/unit/pipeline/exchange_test.cpp - what becomes of a message: taken, the same again, another under its id,
// refused, large.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/envelope/http_envelope.hpp"
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

BOOST_AUTO_TEST_CASE(what_a_registered_system_sends_unsigned_over_its_own_connection_is_evidence_of_it) {
    Pipeline pipeline;
    const auto sent = [&](std::string body, const std::string* shown) {
        std::promise<Answer> answered;
        pipeline.exchange.take({"POST", "/v1/messages", {{"Content-Type", "application/jose"}}}, std::move(body),
                               [&](Answer answer) { answered.set_value(std::move(answer)); }, {shown});
        return answered.get_future().get();
    };
    const std::string der = housing().certificate->der(), stranger = "no certificate";
    std::string forged = *signJson(pipeline.header(), kOne, housing().key, housing().keyId());
    forged[forged.size() - 3] ^= 1;
    for (const std::string& body : {std::string("rubbish"), forged}) {
        const std::uint64_t before = pipeline.log->size();
        const Answer known = sent(body, &der);
        BOOST_TEST((known.status == 400 || known.status == 401));
        BOOST_TEST(has(known, R"("receipt":{)"), known.body);
        BOOST_TEST(pipeline.log->size() == before + 1);
        const std::string leaf = pipeline.memory.reader().leaf(before).value();
        BOOST_TEST(leaf.find(R"("sender":"housing/permits")") != std::string::npos, leaf);
        BOOST_TEST(leaf.find(R"("binding")") == std::string::npos, leaf);
        BOOST_TEST(pipeline.memory.reader().envelope(before)->head == body);
        BOOST_TEST(sent(body, &der).body == known.body);  // again: the same leaf
    }
    for (const std::string* const shown : {&stranger, static_cast<const std::string*>(nullptr)})
        BOOST_TEST(!has(sent(forged, shown), R"("receipt")"));
    BOOST_TEST(pipeline.take(pipeline.header(), kOne).status == 200);
    BOOST_TEST(pipeline.verdict() == "good");
}

BOOST_AUTO_TEST_CASE(other_content_under_a_used_id_is_that_whether_it_can_be_mapped_or_not) {
    for (const char* body : {R"({})", R"([])", R"([{"status":"10"}])", R"("text")"}) {
        Pipeline pipeline;
        const MessageHeader header = pipeline.header();
        pipeline.take(header, kOne);
        const Answer other = pipeline.take(header, body);
        BOOST_TEST(other.status == 409, body << " " << other.body);
        BOOST_TEST(has(other, R"("code":"id_reused")"), other.body);
        BOOST_TEST(pipeline.take(pipeline.header(), body).status == 422, body);
        BOOST_TEST(pipeline.verdict() == "good");
    }
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
    BOOST_TEST(has(answer, R"("code":"case_not_owned","where":"case_no, /0")"), answer.body);
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

BOOST_AUTO_TEST_CASE(a_refused_message_that_somebody_sends_again_and_again_has_one_leaf) {
    Pipeline pipeline;
    MessageHeader header = pipeline.header();
    header.receiver = "other/gateway";
    const Answer first = pipeline.take(header, kOne);
    pipeline.take(pipeline.header(), kOne);
    for (int i = 0; i < 5; ++i) {
        const Answer again = pipeline.take(header, kOne);
        BOOST_TEST(again.status == 403);
        BOOST_TEST(receiptOf(again) == receiptOf(first));
    }
    BOOST_TEST(pipeline.log->size() == 2U);
    pipeline.take(header, R"([{"no":"A-9"}])");  // another content is a leaf of its own
    BOOST_TEST(pipeline.log->size() == 3U);
    BOOST_TEST(pipeline.verdict() == "good");
}

BOOST_AUTO_TEST_CASE(a_refusal_of_a_signed_header_is_one_leaf_however_its_envelope_is_written) {
    Pipeline pipeline;
    MessageHeader header = pipeline.header();
    header.receiver.clear();
    HttpRequest request{"POST", "/v1/messages", {{"Content-Type", "application/json"}}};
    signHttp(request, header, sha256(kOne), header.sent_at, housing().key, housing().keyId(),
             SignatureAlgorithm::EcdsaP256Sha256);
    const auto sent = [&] {
        std::promise<Answer> answered;
        pipeline.exchange.take(request, std::string(kOne),
                               [&](Answer answer) { answered.set_value(std::move(answer)); });
        return answered.get_future().get();
    };
    const Answer first = sent();
    BOOST_TEST(first.status == 400);
    BOOST_TEST(has(first, R"("receipt":{)"), first.body);
    BOOST_TEST(has(first, header.message_id.text()), first.body);
    for (HttpField& field : request.fields)  // nobody signs the label
        if (field.name.starts_with("Signature")) field.value.replace(0, field.value.find('='), "another");
    BOOST_TEST(receiptOf(sent()) == receiptOf(first));
    BOOST_TEST(pipeline.log->size() == 1U);
    const std::string kept = pipeline.memory.reader().envelope(0)->head;
    BOOST_TEST(kept.ends_with("\n" + std::string(kOne)), kept);
    BOOST_TEST(pipeline.verdict() == "good");
}

BOOST_AUTO_TEST_CASE(a_message_in_the_log_whose_receipt_is_away_is_never_said_not_to_be_taken) {
    const auto id = MessageId::fromBytes({7});
    const Answer later = receiptLaterAnswer("store_unavailable", id);
    BOOST_TEST((later.status == 503 && later.retry_after.has_value()));
    BOOST_TEST(!has(later, "nothing was taken"), later.body);
    BOOST_TEST(has(later, id.text()), later.body);
    BOOST_TEST(has(unavailableAnswer("store_unavailable", "again"), "nothing was taken"));
}

BOOST_AUTO_TEST_CASE(a_refusal_under_another_key_of_the_sender_has_a_leaf_that_names_it) {
    Pipeline pipeline;
    Party other = makeParty("housing/permits", KeyKind::EcP256);
    pipeline.known.ring->add(other, {"housing.permit"});
    MessageHeader header = pipeline.header();
    header.receiver = "other/gateway";
    pipeline.take(header, kOne);
    BOOST_TEST(pipeline.take(header, kOne, other).status == 403);
    BOOST_TEST(pipeline.log->size() == 2U);
    BOOST_TEST(pipeline.memory.reader().leaf(1).value().find(other.keyId().text()) != std::string::npos);
    BOOST_TEST(pipeline.verdict() == "good");
}

namespace {

/// Holds the writer until everything for the next batch is submitted; then perhaps breaks that batch.
struct Step final : CommitJob {
    std::function<void()> action;
    explicit Step(std::function<void()> does) : action(std::move(does)) {}
    void apply(CommitContext&) override { action(); }
    void committed(MessageLog&, StoreReader&) override {}
    void failed(const Fault&) override {}
};

/// The answers to one envelope that comes twice within one batch.
std::vector<Answer> takenTwiceAtOnce(Pipeline& pipeline, const std::string& envelope, std::function<void()> last) {
    std::promise<void> begun, ready;
    std::unique_ptr<CommitJob> gate = std::make_unique<Step>([&] {
        begun.set_value();
        ready.get_future().wait();
    });
    pipeline.committer.submit(gate);
    begun.get_future().wait();
    std::array<std::promise<Answer>, 2> answered;
    for (auto& one : answered)
        pipeline.exchange.take({"POST", "/v1/messages", {{"Content-Type", "application/jose"}}}, envelope,
                               [&one](Answer answer) { one.set_value(std::move(answer)); });
    std::unique_ptr<CommitJob> end = std::make_unique<Step>(std::move(last));
    pipeline.committer.submit(end);
    ready.set_value();
    return {answered[0].get_future().get(), answered[1].get_future().get()};
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_refusal_is_remembered_within_a_batch_and_forgotten_where_that_fails) {
    Pipeline pipeline;
    MessageHeader header = pipeline.header();
    header.receiver = "other/gateway";
    const std::string envelope = *signJson(header, kOne, housing().key, housing().keyId());
    const auto failed = takenTwiceAtOnce(pipeline, envelope, [] { throw Fault(FaultCode::StoreUnavailable, "full"); });
    BOOST_TEST((failed[0].status == 503 && failed[1].status == 503));
    BOOST_TEST(pipeline.take(pipeline.header(), kOne).status == 200);  // leaf 0
    bool breaks = true;                                                // once: then each goes alone
    const auto refused = takenTwiceAtOnce(pipeline, envelope, [&breaks] {
        if (std::exchange(breaks, false)) throw Fault(FaultCode::StoreCorrupt, "broken");
    });
    BOOST_TEST((refused[0].status == 403 && refused[1].status == 403));
    BOOST_TEST(receiptOf(refused[0]) == receiptOf(refused[1]));
    BOOST_TEST(pipeline.log->size() == 2U);
    header.message_id = MessageId::fromBytes({77});
    const auto others = takenTwiceAtOnce(pipeline, *signJson(header, kOne, housing().key, housing().keyId()), [] {});
    BOOST_TEST(receiptOf(others[0]) == receiptOf(others[1]));
    BOOST_TEST(pipeline.log->size() == 3U);
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
    BOOST_TEST(pipeline.strangers == (std::vector<std::string>{"bad_signature 0", "bad_signature 1"}),
               boost::test_tools::per_element());
    BOOST_TEST(pipeline.verdict() == "good");
}

BOOST_AUTO_TEST_CASE(refused_head_of_a_body_that_nobody_read_is_evidence) {
    Pipeline pipeline;
    const std::string body(2 * 1024 * 1024, ' ');
    const auto refused = [&](MessageHeader header, const std::optional<Refusal>& by_size) {
        HttpRequest request{"POST", "/v1/messages", {{"Content-Type", "application/json"}}};
        signHttp(request, header, sha256(body), pipeline.clock.now(), housing().key, housing().keyId(),
                 SignatureAlgorithm::EcdsaP256Sha256);
        std::promise<Answer> answered;
        pipeline.exchange.refuseUnread(request, by_size, [&](Answer given) { answered.set_value(std::move(given)); });
        return answered.get_future().get();
    };
    MessageHeader other = pipeline.header();
    other.receiver = "other/gateway";
    const Answer wrong = refused(other, std::nullopt);
    BOOST_TEST(wrong.status == 403);
    BOOST_TEST(has(wrong, R"("code":"wrong_receiver")"));
    BOOST_TEST(has(wrong, R"("receipt":{)"));
    const MessageHeader large = pipeline.header();
    const Refusal too_large{"too_large", "Content-Length", {}, "at most 1 bytes", "split it", {}};
    const Answer size = refused(large, too_large);
    BOOST_TEST(size.status == 413);
    BOOST_TEST(has(size, R"("receipt":{)"));
    BOOST_TEST(pipeline.log->size() == 2U);
    BOOST_TEST(pipeline.verdict() == "good");
    BOOST_TEST(pipeline.take(large, kOne).status == 200);  // the id is free
    BOOST_TEST(pipeline.verdict() == "good");
    // What was sent stands in the envelope: another field is another message.
    std::string& head = pipeline.memory.tables().envelopes.rows()[0].head;
    head.replace(head.find("other/gateway"), 5, "ather");
    BOOST_TEST(pipeline.verdict() != "good");
}

BOOST_AUTO_TEST_CASE(large_message_is_told_again_when_it_ends) {
    Pipeline pipeline(4096);
    std::string body = "[";
    for (int i = 0; i < 300; ++i)
        body += (i == 0 ? "" : ",") + std::string(R"({"id":")") + std::to_string(i) + R"(","status":"10"})";
    const MessageHeader header = pipeline.header();
    BOOST_TEST(pipeline.take(header, body + "]").status == 202);
    BOOST_TEST(pipeline.ended[0].get_future().get() == 300U);
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
    while (!row || !row->outcome_index) {
        std::this_thread::yield();
        row = pipeline.memory.reader().message(housing().id, header.message_id);
    }
    BOOST_TEST((row->counts == RecordCounts{490, 0, 0, 0, 10}));
    BOOST_TEST((row->outcome == MessageOutcome::Partial));
    BOOST_TEST(pipeline.memory.reader().lastChange() == 490U);
    const Answer again = pipeline.take(header, body + "]");
    BOOST_TEST((again.status == 200 && has(again, R"("outcome":"partial")")));
    BOOST_TEST(receiptOf(again) == receiptOf(answer));
    BOOST_TEST(has(again, R"("outcome_receipt":{"leaf":)"), again.body);
    BOOST_TEST(pipeline.verdict() == "good");
}

BOOST_AUTO_TEST_CASE(large_messages_of_two_senders_pass_between_each_others_slices) {
    const auto rows = [](const char* prefix, int count) {
        std::string body = "[";
        for (int i = 0; i < count; ++i)
            body += fmt::format(R"({}{{"id":"{}-{}","status":"10"}})", i == 0 ? "" : ",", prefix, i);
        return body + "]";
    };
    bool has_passed = false;
    for (int attempt = 0; !has_passed && attempt < 10; ++attempt) {  // until its thread is given time early enough
        Pipeline pipeline(4096);
        const MessageHeader longer = pipeline.header();
        const MessageHeader shorter = pipeline.header(police());
        const auto second = *signJson(shorter, rows("s", 100), police().key, police().keyId());
        BOOST_TEST(pipeline.take(longer, rows("l", 4000)).status == 202);
        BOOST_TEST(pipeline.takeSigned(second).status == 202);
        const std::uint64_t first = pipeline.ended[0].get_future().get(), last = pipeline.ended[1].get_future().get();
        BOOST_TEST(first + last == 4100U);
        has_passed = first == 100U;
        BOOST_TEST(pipeline.verdict() == "good");
    }
    BOOST_TEST(has_passed);  // it has not waited for the longer one
}

BOOST_AUTO_TEST_SUITE_END()
