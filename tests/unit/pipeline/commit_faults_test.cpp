// tests/unit/pipeline/commit_faults_test.cpp - a fault at every step of writing, failed or failed but persisted:
// nothing acknowledged is lost, nothing is there twice, the log verifies.
#include <boost/test/unit_test.hpp>

#include "tests/unit/pipeline/pipeline_fixture.hpp"

using namespace caseway;
using namespace caseway::test;
using fixture::Damage;

namespace {

constexpr std::string_view kBody = R"([{"no":"B-1","id":"1","status":"10"},{"no":"B-2","id":"2","status":"77"}])";

/// Sends until it is taken, as a sender does; returns how often it was told to try again.
int sendUntilTaken(Pipeline& pipeline, const MessageHeader& header) {
    for (int refusals = 0; refusals < 5; ++refusals) {
        const Answer answer = pipeline.take(header, kBody);
        if (answer.status == 200) return refusals;
        BOOST_REQUIRE_EQUAL(answer.status, 503);
        BOOST_REQUIRE(answer.retry_after);
    }
    BOOST_FAIL("never taken");
    return -1;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(CommitFaults)

BOOST_AUTO_TEST_CASE(no_fault_loses_or_doubles_a_message) {
    for (const Damage damage : {Damage::Failed, Damage::UnknownLost, Damage::UnknownPersisted}) {
        bool struck = true;
        for (std::uint64_t at = 1; struck; ++at) {
            Pipeline pipeline;
            pipeline.take(pipeline.header(), R"([{"no":"B-0","id":"0","status":"10"}])");
            pipeline.store.plan = {pipeline.store.plan.steps + at, damage, pipeline.store.plan.steps};
            const std::uint64_t strike = pipeline.store.plan.at;
            sendUntilTaken(pipeline, pipeline.header());
            struck = pipeline.store.plan.steps >= strike;
            pipeline.store.plan.at = 0;
            BOOST_TEST_CONTEXT("step " << at << " damage " << static_cast<int>(damage)) {
                BOOST_TEST(pipeline.log->size() == 2U);
                BOOST_TEST(pipeline.memory.reader().lastChange() == 2U);
                BOOST_TEST(pipeline.verdict() == "good");
                BOOST_TEST(pipeline.take(pipeline.header(), R"([{"no":"B-3","id":"3","status":"10"}])").status == 200);
                BOOST_TEST(pipeline.verdict() == "good");
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
