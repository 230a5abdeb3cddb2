// tests/unit/pipeline/large_documents_test.cpp - large documents of the XML binding wait for each other and keep nobody
// else.
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

BOOST_AUTO_TEST_SUITE_END()
