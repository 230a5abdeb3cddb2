// tests/unit/log/answer_check_test.cpp - an answer is held against the leaf of its receipt.
#include <boost/test/unit_test.hpp>

#include "gateway/log/answer_check.hpp"
#include "log_fixture.hpp"

using namespace caseway;
using namespace caseway::testing;

namespace {

std::string answerWith(const std::string& receipt, const std::string& members) {
    return "{\"receipt\":" + receipt + "," + members + "}";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(AnswerCheck)

BOOST_AUTO_TEST_CASE(refuses_members_that_the_leaf_does_not_name) {
    LogFixture f;
    f.commit(3);
    const std::string receipt = f.log->receiptFor(1);
    const auto code = [&](const std::string& json) {
        const auto verified = verifyReceipt(json, f.key());
        BOOST_REQUIRE(verified.ok());
        const auto checked = checkAnswer(json, *verified, f.key());
        return checked ? std::string() : checked.error().code + " " + checked.error().where;
    };
    const std::string id = "\"message_id\":\"" + idOf(1).text() + "\"";
    BOOST_TEST(code(receipt) == "");
    BOOST_TEST(code(answerWith(receipt, id)) == "");
    BOOST_TEST(code(answerWith(receipt, id + ", \n " + std::string(kAnswer))) == "");
    BOOST_TEST(code(answerWith(receipt, R"("outcome":"accepted")")) == "answer_differs outcome");
    BOOST_TEST(code(answerWith(receipt, "\"message_id\":\"" + idOf(2).text() + "\"")) == "answer_differs message_id");
    BOOST_TEST(code(answerWith(receipt, R"("sender":"health/licences")")) == "answer_differs sender");
    const std::string at = toRfc3339(verifyReceipt(receipt, f.key())->entry.received_at);
    BOOST_TEST(code(answerWith(receipt, R"("log_index":1,"received_at":")" + at + '"')) == "");
    BOOST_TEST(code(answerWith(receipt, R"("log_index":2)")) == "answer_differs log_index");
    BOOST_TEST(code(answerWith(receipt, R"("received_at":"2020-01-01T00:00:00Z")")) == "answer_differs received_at");
    BOOST_TEST(code(answerWith(receipt, R"("status":422,"code":"no_record_taken")")) == "answer_differs code");
    BOOST_TEST(code(answerWith(receipt, std::string(kAnswer) + R"(,"refusals":[])")) ==
               "answer_differs outcome, records, refusals, notes");
}

BOOST_AUTO_TEST_CASE(an_answer_with_many_refusals_is_read_whole) {
    LogFixture f;
    f.commit(1);
    const std::string answer = answerWith(f.log->receiptFor(0), R"("detail":")" + std::string(4 << 20, 'x') + '"');
    const auto verified = verifyReceipt(answer, f.key());
    BOOST_REQUIRE(verified.ok());
    BOOST_TEST(checkAnswer(answer, *verified, f.key()).ok());
}

BOOST_AUTO_TEST_CASE(the_code_of_a_message_whose_records_were_all_refused_is_the_gateways_own) {
    LogFixture f;
    f.is_refused = true;
    f.commit(2);
    const std::string receipt = f.log->receiptFor(1);
    const auto verified = verifyReceipt(receipt, f.key());
    BOOST_REQUIRE(verified.ok());
    const auto taken = [&](const std::string& members) {
        return checkAnswer(answerWith(receipt, members), *verified, f.key()).ok();
    };
    BOOST_TEST(taken(R"("status":422,"code":"no_record_taken")"));
    BOOST_TEST(!taken(R"("status":422,"code":"bad_signature")"));
}

BOOST_AUTO_TEST_SUITE_END()
