// tests/unit/sync/sync_run_test.cpp - a run reads everything once, whatever happens between two of its steps.
#include "gateway/sync/sync_run.hpp"

#include <boost/test/unit_test.hpp>

#include "gateway/formats/run/run_document.hpp"
#include "gateway/sync/run_trouble.hpp"
#include "tests/unit/sync/run_fixture.hpp"

using namespace caseway;
using namespace caseway::fixture;

namespace {

struct RunFixture {
    NumberSource source;
    TextLedger ledger;
    FixedClock clock;
    std::vector<std::chrono::milliseconds> waits;
    std::function<bool()> alive = [] { return true; };
    std::function<bool()> cancelled = [] { return false; };
    RunOrder order{"housing/permits/outbox", SystemId::parse("housing/permits").value()};

    Run run() {
        SyncRun::Parts parts{source, ledger, clock, [this](std::chrono::milliseconds time) {
                                 if (time.count() != 0) waits.push_back(time);
                                 return alive();
                             }};
        parts.cancelled = cancelled;
        return SyncRun(std::move(parts)).carryOut(order);
    }
    std::vector<std::string> numbers(std::size_t count) const {
        std::vector<std::string> all;
        for (std::size_t i = 0; i < count; ++i) all.push_back(std::to_string(i));
        return all;
    }
    const std::string& code(const Run& run) const { return run.trouble.value().code; }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(SyncRuns, RunFixture)

BOOST_AUTO_TEST_CASE(reads_all_pages_and_tells_the_source_after_each) {
    source.records = 8;
    const Run run = this->run();
    BOOST_TEST(nameOf(run.state) == "done");
    BOOST_TEST(run.pages == 3);
    BOOST_TEST(run.counts.read == 8);
    BOOST_TEST(run.counts.addUp());
    BOOST_TEST(run.counts.source_says.value() == 8);
    BOOST_TEST(ledger.texts == numbers(8), boost::test_tools::per_element());
    BOOST_TEST(source.acknowledged == (std::vector<Cursor>{"3", "6", "8"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_next_run_reads_what_came_since) {
    source.records = 4;
    run();
    source.records = 5;
    const Run run = this->run();
    BOOST_TEST(run.number == 2);
    BOOST_TEST(run.counts.read == 1);
    BOOST_TEST(ledger.texts == numbers(5), boost::test_tools::per_element());
    BOOST_TEST(nameOf(this->run().state) == "done");
    BOOST_TEST(ledger.texts.size() == 5);
}

BOOST_AUTO_TEST_CASE(a_full_run_begins_anew) {
    source.records = 4;
    run();
    order.kind = RunKind::Full;
    BOOST_TEST(run().counts.read == 4);
}

BOOST_AUTO_TEST_CASE(killed_between_any_two_steps_it_goes_on_at_that_page) {
    // Steps of each page: the read, half-way; the page's commit, before and behind.
    for (std::size_t at = 0; at < 9; ++at) {
        source = {};
        ledger = {};
        source.records = 8;
        std::size_t step = 0;
        const auto kill = [&] {
            if (step++ == at) throw Killed();
        };
        for (int i = 0; i < 20; ++i) source.before_read.push_back(kill);
        ledger.before_take = kill;
        source.mend = [&](PageEnd&) { kill(); };
        BOOST_CHECK_THROW(run(), Killed);
        const Run run = this->run();
        BOOST_TEST(nameOf(run.state) == "done");
        BOOST_TEST(run.number == 1);
        BOOST_TEST(run.resumed == 1);
        BOOST_TEST(ledger.texts == numbers(8), boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(killed_behind_a_commit_it_tells_the_source_first) {
    source.records = 5;
    ledger.before_take = [&] {
        if (ledger.texts.size() == 3) throw Killed();
    };
    BOOST_CHECK_THROW(run(), Killed);
    ledger.before_take = [] {};
    source.acknowledged.clear();
    run();
    BOOST_TEST(source.acknowledged.front() == "3");
}

BOOST_AUTO_TEST_CASE(what_may_pass_is_tried_again_after_longer_and_longer_waits) {
    source.records = 4;
    for (int i = 0; i < 4; ++i) source.before_read.push_back([] { throw transientFault(); });
    BOOST_TEST(nameOf(run().state) == "done");
    BOOST_TEST(ledger.texts == numbers(4), boost::test_tools::per_element());
    BOOST_REQUIRE(waits.size() == 4);
    for (std::size_t i = 0; i < 4; ++i) {
        const std::chrono::milliseconds least{1000 << i};
        BOOST_TEST(waits[i].count() >= least.count());
        BOOST_TEST(waits[i].count() <= least.count() * 5 / 4);
    }
}

BOOST_AUTO_TEST_CASE(the_other_side_may_ask_for_more_patience) {
    source.records = 1;
    source.before_read.push_back([] {
        throw ConnectorFault(ConnectorFaultKind::Transient,
                             {"source_busy", "host", "429", "wait", std::chrono::seconds(90)});
    });
    run();
    BOOST_TEST(waits.at(0).count() == 90'000);
}

BOOST_AUTO_TEST_CASE(a_source_that_stays_down_stops_the_run_and_keeps_its_place) {
    source.records = 6;
    source.before_read.push_back([] {});
    for (int i = 0; i < 6; ++i) source.before_read.push_back([] { throw transientFault(); });
    const Run run = this->run();
    BOOST_TEST(nameOf(run.state) == "stopped");
    BOOST_TEST(code(run) == "run_given_up");
    BOOST_TEST(run.trouble->cause == "source_down");
    BOOST_TEST(run.trouble->kind == "transient");
    BOOST_TEST(run.counts.read == 3);
    BOOST_TEST(nameOf(this->run().state) == "done");
    BOOST_TEST(ledger.texts == numbers(6), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(settings_are_not_tried_again) {
    source.records = 1;
    source.before_read.push_back([] {
        throw ConnectorFault(ConnectorFaultKind::Config, {"login_refused", "/user", "no such user", "ask them"});
    });
    BOOST_TEST(code(run()) == "login_refused");
    BOOST_TEST(waits.empty());
}

BOOST_AUTO_TEST_CASE(a_cursor_that_stays_is_found) {
    source.records = 9;
    source.mend = [](PageEnd& end) { end.next = end.next == "6" ? "3" : end.next; };
    const Run run = this->run();
    BOOST_TEST(code(run) == "cursor_stuck");
    BOOST_TEST(ledger.texts == numbers(3), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(pages_in_a_circle_are_found) {
    source.records = 30;
    source.mend = [](PageEnd& end) { end.next = end.next == "9" ? "3" : end.next; };
    BOOST_TEST(code(run()) == "cursor_repeats");
}

BOOST_AUTO_TEST_CASE(a_page_that_counts_wrongly_is_not_taken) {
    source.records = 3;
    source.mend = [](PageEnd& end) { ++end.records; };
    BOOST_TEST(code(run()) == "page_counts_differ");
    BOOST_TEST(ledger.texts.empty());
}

BOOST_AUTO_TEST_CASE(words_that_are_no_utf8_do_not_reach_the_documents) {
    source.records = 1;
    source.before_read.push_back([] {
        throw ConnectorFault(ConnectorFaultKind::Config, {"login_refused", "/user", std::string("\xB2\xBB", 2), "x"});
    });
    const Run run = this->run();
    BOOST_TEST(run.trouble->message == "??");
}

BOOST_AUTO_TEST_CASE(what_the_contract_does_not_know_is_the_connectors_failure) {
    source.records = 1;
    source.before_read.push_back([] { throw std::runtime_error("segment of a page"); });
    BOOST_TEST(code(run()) == "connector_failed");
}

BOOST_AUTO_TEST_CASE(how_it_ended_is_kept_before_it_waits_for_large_payloads) {
    source.records = 3;
    source.before_read.push_back([] {
        throw ConnectorFault(ConnectorFaultKind::Config, {"login_refused", "/user", "no", "ask them"});
    });
    bool ends = false;
    ledger.before_recount = [&] {
        if (!std::exchange(ends, true)) throw Killed();
    };
    BOOST_CHECK_THROW(run(), Killed);
    const Run run = this->run();
    BOOST_TEST(code(run) == "login_refused");
    BOOST_TEST(ledger.texts.empty());
}

BOOST_AUTO_TEST_CASE(a_payload_beyond_the_limit_is_refused_by_itself_and_holds_nothing_back) {
    source.records = 12;
    order.payload_bytes = 1;
    const Run run = this->run();
    BOOST_TEST(nameOf(run.state) == "partial");
    BOOST_TEST(code(run) == "payload_too_large");
    BOOST_TEST(run.trouble->where == "10");
    BOOST_TEST(run.trouble->message.starts_with("2 payloads"));
    BOOST_TEST(run.trouble->next_step.find("limits.http_body_bytes") != std::string::npos);
    BOOST_TEST(ledger.texts == numbers(10), boost::test_tools::per_element());
    BOOST_TEST(ledger.too_large == (std::vector<std::string>{"10 2", "11 2"}), boost::test_tools::per_element());
    BOOST_TEST(run.counts.payloads_refused == 2);
    BOOST_TEST(nameOf(this->run().state) == "done");  // it does not come again
}

BOOST_AUTO_TEST_CASE(a_store_that_comes_back_takes_the_page_then) {
    source.records = 4;
    int left = 3;
    ledger.before_take = [&] {
        if (left-- > 0) throw Fault(FaultCode::StoreUnavailable, "disk full");
    };
    BOOST_TEST(nameOf(run().state) == "done");
    BOOST_TEST(source.reads.size() == 2);
    BOOST_TEST(ledger.texts == numbers(4), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_store_that_stays_away_leaves_the_run_unfinished) {
    source.records = 4;
    ledger.before_take = [] { throw Fault(FaultCode::StoreUnavailable, "disk full"); };
    BOOST_CHECK_THROW(run(), Fault);
    ledger.before_take = [] {};
    const Run run = this->run();
    BOOST_TEST(run.number == 1);
    BOOST_TEST(ledger.texts == numbers(4), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(cancelled_overdue_or_with_the_process_it_ends_behind_a_page) {
    source.records = 9;
    const auto after_a_page = [this] { return ledger.texts.size() >= 3; };
    cancelled = after_a_page;
    BOOST_TEST(nameOf(run().state) == "cancelled");
    cancelled = [] { return false; };
    order.deadline = clock.time;
    BOOST_TEST(code(run()) == "run_overdue");
    order.deadline.reset();
    alive = [this] { return ledger.texts.size() < 6; };
    BOOST_TEST(nameOf(run().state) == "running");
    alive = [] { return true; };
    const Run run = this->run();
    BOOST_TEST(run.resumed == 1);
    BOOST_TEST(ledger.texts == numbers(9), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_source_that_ends_early_is_read_again_and_never_done) {
    source.records = 8;
    int early = 1;
    source.mend = [&](PageEnd& end) {
        if (!end.last || early-- <= 0) return;
        end.next = "0";
        end.ended_early = "it tells 16 records, and 8 came";
    };
    BOOST_TEST(nameOf(run().state) == "done");
    BOOST_TEST(ledger.texts.size() == 16);  // both passes
    BOOST_TEST(waits.size() == 1);
    early = 1000;
    for (int night = 0; night < 2; ++night) {
        order.kind = night == 0 ? RunKind::Full : RunKind::Next;
        source.reads.clear();
        const Run run = this->run();
        BOOST_TEST(nameOf(run.state) == "stopped");
        BOOST_TEST(code(run) == "set_incomplete");
        BOOST_TEST(run.trouble->kind == "transient");
        BOOST_TEST(run.trouble->message.ends_with("it tells 16 records, and 8 came, in each of 2 passes"));
        BOOST_TEST(ledger.cursors[order.connector] == "0");
        BOOST_TEST(source.reads.size() == 6);  // twice from its begin
    }
}

BOOST_AUTO_TEST_CASE(the_sources_clock_is_told_where_it_is_far_from_ours) {
    using std::chrono::seconds;
    struct Case {
        std::vector<seconds> pages;  ///< what their answers say
        std::optional<seconds> told;
    };
    const Case cases[] = {
        {{}, std::nullopt},
        {{seconds(60), seconds(61)}, std::nullopt},
        {{seconds(120)}, std::nullopt},
        {{seconds(121)}, seconds(121)},
        {{seconds(-400), seconds(-423)}, seconds(-400)},
        {{seconds(-4000), seconds(-1)}, std::nullopt},  // one answer was held up
    };
    source.records = 4;
    for (const Case& one : cases) {
        std::size_t page = 0;
        source.mend = [&](PageEnd& end) {
            if (page < one.pages.size()) end.clock_ahead = one.pages[page++];
        };
        order.kind = RunKind::Full;
        const Run run = this->run();
        BOOST_TEST(nameOf(run.state) == "done");
        BOOST_TEST((run.clock_ahead == one.told));
        BOOST_TEST((readRun(jsonOf(run)).value().clock_ahead == one.told));
    }
    BOOST_TEST(clocksText(seconds(423)) == "7 min 3 s ahead of ours");
    BOOST_TEST(clocksText(seconds(-3 * 3600 - 60)) == "3 h 1 min behind ours");
    BOOST_TEST(clocksText(std::chrono::days(3)) == "3 d 0 h ahead of ours");
}

BOOST_AUTO_TEST_CASE(nothing_at_all_where_there_is_something_is_no_success_either) {
    ledger.cursors[order.connector] = "0";
    source.mend = [](PageEnd& end) { end.ended_early = "it tells 5 records, and 0 came"; };
    BOOST_TEST(code(run()) == "set_incomplete");
}

BOOST_AUTO_TEST_CASE(a_reconciliation_reads_all_and_tells_the_source_nothing) {
    source.records = 4;
    run();
    source.reads.clear();
    source.acknowledged.clear();
    order.kind = RunKind::Reconcile;
    order.reconcile = {Repair::None, {10}};
    const Run compared = run();
    BOOST_TEST(nameOf(compared.state) == "done");
    BOOST_TEST(source.reads.front() == "");
    BOOST_TEST(source.acknowledged.empty());
    BOOST_TEST(ledger.settled == 1);
    BOOST_TEST((compared.reconciliation.value().order == order.reconcile));
}

BOOST_AUTO_TEST_CASE(a_reconciliation_that_was_killed_reads_all_again_by_the_order_that_it_had) {
    source.records = 8;
    order.kind = RunKind::Reconcile;
    order.reconcile.repair = Repair::Missing;
    ledger.before_recount = [] { throw Killed(); };  // it was read to its end, and not settled
    BOOST_CHECK_THROW(run(), Killed);
    ledger.before_recount = [] {};
    source.reads.clear();
    order.kind = RunKind::Next;
    order.reconcile = {};
    const Run again = run();
    BOOST_TEST(nameOf(again.kind) == "reconcile");
    BOOST_TEST(again.resumed == 1);
    BOOST_TEST(source.reads.front() == "");
    BOOST_TEST(source.reads.size() == 3);
    BOOST_TEST((again.reconciliation.value().order.repair == Repair::Missing));
    BOOST_TEST(ledger.settled == 1);
}

BOOST_AUTO_TEST_CASE(a_reconciliation_that_did_not_reach_the_end_settles_nothing) {
    source.records = 8;
    order.kind = RunKind::Reconcile;
    source.mend = [](PageEnd& end) { end.next = "3"; };
    BOOST_TEST(code(run()) == "cursor_stuck");
    BOOST_TEST(ledger.settled == 0);
}

BOOST_AUTO_TEST_SUITE_END()
