// tests/unit/pipeline/large_documents_test.cpp - large documents of the XML binding wait for each other and keep nobody
// else.
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <future>

#include "tests/unit/pipeline/pipeline_fixture.hpp"

using namespace caseway;
using namespace caseway::test;

namespace {

constexpr std::string_view kOne = R"([{"no":"A-1","id":"1","status":"10","applied":"2026-05-01 08:00:00"}])";
const HttpRequest kDocument{"POST", "/v1/messages", {{"Content-Type", "application/xml"}}};

/// Signed by nobody.
std::string large() {
    return "<a>" + std::string(300 * 1024, ' ') + "</a>";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(LargeDocuments)

/// Several of them, each a second of work, would stand before every small message.
BOOST_AUTO_TEST_CASE(a_large_document_keeps_nobody_who_brings_one) {
    Pipeline pipeline;
    constexpr std::size_t kCount = 3;
    std::promise<void> goes_on;
    const std::shared_future<void> held = goes_on.get_future().share();
    std::promise<int> answered[kCount];
    auto brought = std::async(std::launch::async, [&] {
        for (std::promise<int>& one : answered)
            pipeline.exchange.take(kDocument, large(), [&one, held](const Answer& answer) {
                held.wait();
                one.set_value(answer.status);
            });
    });
    const bool is_free = brought.wait_for(std::chrono::minutes(1)) == std::future_status::ready;
    if (is_free) BOOST_TEST(pipeline.take(pipeline.header(), kOne).status == 200);  // beside them
    goes_on.set_value();
    BOOST_TEST(is_free);
    for (std::promise<int>& one : answered) BOOST_TEST(one.get_future().get() == 400);
}

BOOST_AUTO_TEST_CASE(a_large_document_is_evidence_of_who_opened_the_connection) {
    Pipeline pipeline;
    std::promise<Answer> answered;
    {
        const std::string der = housing().certificate->der();  // gone before the answer may be there
        pipeline.exchange.take(
            kDocument, large(), [&](Answer answer) { answered.set_value(std::move(answer)); }, &der);
    }
    const Answer answer = answered.get_future().get();
    BOOST_TEST(answer.status == 400);
    BOOST_TEST((answer.body.find(R"("receipt":{)") != std::string::npos), answer.body);
}

/// They share their memory with every other body.
BOOST_AUTO_TEST_CASE(no_more_of_them_wait_than_have_room) {
    TreeLane lane;
    std::promise<void> begun, goes_on;
    TreeLane::Job first = [&] {
        begun.set_value();
        goes_on.get_future().wait();
    };
    std::atomic<int> done = 0;
    const auto give = [&](std::size_t bytes) {
        TreeLane::Job job = [&] { ++done; };
        return lane.submit(job, bytes);
    };
    BOOST_REQUIRE(lane.submit(first, 1));
    begun.get_future().wait();
    BOOST_TEST(give(TreeLane::kMostWaitingBytes));
    BOOST_TEST(!give(1));
    auto stopped = std::async(std::launch::async, [&] { lane.stop(); });
    while (give(0)) std::this_thread::yield();  // until it is over
    goes_on.set_value();
    stopped.get();
    BOOST_TEST(done == 0);  // those that had not begun
    BOOST_TEST(!give(1));
}

BOOST_AUTO_TEST_SUITE_END()
