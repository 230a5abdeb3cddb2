// tests/unit/sync/killing_payload_test.cpp - a payload that kills the process whenever it is taken is found out, parked
// and held against nothing else; what merely was there when the power failed is not.
#include <boost/test/unit_test.hpp>

#include "tests/unit/sync/run_fixture.hpp"

using namespace caseway;
using namespace caseway::fixture;

namespace {

struct CrashFixture : Undisturbed {
    /// Starts the gateway until one of its lives ends in good order; how many it took.
    std::size_t livesUntilEnd() {
        for (std::size_t lives = 1;; ++lives) try {
                ended = run();
                return lives;
            } catch (const Killed&) {
                BOOST_REQUIRE(lives < 100);
                order.cause = RunCause::Resumed;
            }
    }
    std::string endOf(const Run& run) const {
        return std::string(nameOf(run.state)) + (run.trouble ? " " + run.trouble->code : "");
    }
    Run ended;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(KillingPayloads, CrashFixture)

BOOST_AUTO_TEST_CASE(at_its_fourth_take_up_it_is_parked_and_the_others_are_taken) {
    source.records = 9;
    ledger.killing = {"4"};
    BOOST_TEST(livesUntilEnd() == 4U);
    BOOST_TEST(endOf(ended) == "partial payload_parked");
    BOOST_TEST(ledger.parked == std::vector<std::string>{"4 payload_kills"}, boost::test_tools::per_element());
    BOOST_TEST(ledger.texts.size() == 8U);
    BOOST_TEST(ended.counts.parked == 1U);
    BOOST_TEST(ended.number == 1U);
    BOOST_TEST((ended.kills == RunKills{}));
}

BOOST_AUTO_TEST_CASE(one_that_is_a_page_by_itself_is_found_out_also_where_it_kills_only_when_it_is_written) {
    source.records = 3;
    source.page = 1;
    ledger.killing = {"1"};
    ledger.kills_as_a_page = true;
    BOOST_TEST(livesUntilEnd() == 4U);
    BOOST_TEST(ledger.parked == std::vector<std::string>{"1 payload_kills"}, boost::test_tools::per_element());
    BOOST_TEST(ledger.texts.size() == 2U);
}

BOOST_AUTO_TEST_CASE(several_of_one_page_are_found_out_one_after_another) {
    source.records = 6;
    ledger.killing = {"0", "2", "5"};
    livesUntilEnd();
    BOOST_TEST(endOf(ended) == "partial payload_parked");
    BOOST_TEST(ledger.parked == (std::vector<std::string>{"0 payload_kills", "2 payload_kills", "5 payload_kills"}),
               boost::test_tools::per_element());
    BOOST_TEST(ledger.texts.size() == 3U);
}

BOOST_AUTO_TEST_CASE(where_no_payload_can_be_found_out_the_run_is_given_up) {
    source.records = 6;
    ledger.before_take = [] { throw Killed(); };
    BOOST_TEST(livesUntilEnd() == 14U);
    BOOST_TEST(endOf(ended) == "stopped run_given_up");
    BOOST_TEST(ledger.parked.empty());
    BOOST_TEST(ended.trouble->message.find("page 1") != std::string::npos);
}

/// It begins anew each time, so that it is given up as soon as a payload would be parked.
BOOST_AUTO_TEST_CASE(a_reconciliation_that_kills_is_given_up_sooner) {
    source.records = 6;
    order.kind = RunKind::Reconcile;
    ledger.before_take = [] { throw Killed(); };
    BOOST_TEST(livesUntilEnd() == 5U);
    BOOST_TEST(endOf(ended) == "stopped run_given_up");
}

BOOST_AUTO_TEST_CASE(stops_in_good_order_and_faults_of_the_store_are_no_kills) {
    source.records = 3;
    source.page = 1;
    ledger.before_take = [] { throw Fault(FaultCode::StoreCorrupt, "no"); };
    for (int i = 0; i < 20; ++i) {
        order.has_fault = i != 0;
        order.cause = i == 0 ? RunCause::Due : RunCause::Resumed;
        BOOST_CHECK_THROW(run(), Fault);
    }
    BOOST_TEST(ledger.unfinished(order.connector).value().kills.taken_up == 0U);
    order.has_fault = false;
    for (int i = 0; i < 20; ++i) {
        source.before_read = {[] { throw transientFault(); }};
        SyncRun::Parts parts{source, ledger, clock, [](std::chrono::milliseconds time) { return time.count() == 0; }};
        BOOST_TEST(!SyncRun(std::move(parts)).carryOut(order).ended_at.has_value());  // stops while it waits
    }
    BOOST_TEST(ledger.unfinished(order.connector).value().kills.taken_up == 1U);
    source.before_read.clear();
    ledger.before_take = [] {};
    BOOST_TEST(endOf(run()) == "done");
    BOOST_TEST(ledger.parked.empty());
}

BOOST_AUTO_TEST_CASE(what_was_there_when_the_power_failed_is_taken) {
    source.records = 9;
    int left = 3;
    ledger.before_take = [&] {
        if (left-- > 0) throw Killed();
    };
    livesUntilEnd();
    BOOST_TEST(endOf(ended) == "done");
    BOOST_TEST(ledger.texts.size() == 9U);
}

BOOST_AUTO_TEST_SUITE_END()
