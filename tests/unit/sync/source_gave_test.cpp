// tests/unit/sync/source_gave_test.cpp - what a source says, what its connector counts and what the mapping finds, held
// against each other at a run's end.
#include <boost/test/unit_test.hpp>
#include <utility>

#include "gateway/formats/run/run_document.hpp"
#include "gateway/sync/run_verdict.hpp"
#include "tests/unit/sync/run_fixture.hpp"

using namespace caseway;
using namespace caseway::fixture;

namespace {

struct CountingFixture : Undisturbed {
    const std::string& code(const Run& run) const { return run.trouble.value().code; }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(SourceCounts, CountingFixture)

BOOST_AUTO_TEST_CASE(a_whole_reading_that_gave_less_than_there_is_is_partial) {
    source.records = 4;
    source.mend = [](PageEnd& end) { end.source_total = 1000; };
    const auto partial = [&] {
        const Run run = this->run();
        BOOST_TEST(code(run) == "set_incomplete");
        BOOST_TEST(run.trouble->next_step.find("--full") != std::string::npos);
        return std::string(nameOf(run.state));
    };
    BOOST_TEST(partial() == "partial");
    BOOST_TEST(nameOf(run().state) == "done");  // what came since: a part of the set
    order.kind = RunKind::Full;
    BOOST_TEST(partial() == "partial");
    source.records = 0;
    source.mend = [](PageEnd& end) { end.next.clear(), end.source_total = 1000; };
    BOOST_TEST(partial() == "partial");
}

BOOST_AUTO_TEST_CASE(a_source_is_told_who_concludes_from_what_does_not_come) {
    source.records = 4;
    for (const RunKind kind : {RunKind::Next, RunKind::Full, RunKind::Reconcile}) {
        order.kind = kind;
        run();
        BOOST_TEST(source.judges_absence == (kind == RunKind::Reconcile));
    }
}

/// Of a table there is neither.
BOOST_AUTO_TEST_CASE(what_to_do_about_a_set_that_is_not_whole_names_no_setting_as_if_each_source_had_it) {
    const std::string step = setIncomplete("config", "x").next_step;
    BOOST_TEST(step.find("(of a service, check `paging` and `total`, too)") != std::string::npos, step);
    BOOST_TEST(step.find("caseway sync run --full") != std::string::npos, step);
}

/// The check that was asked for was not made: nobody knows whether the set is whole.
BOOST_AUTO_TEST_CASE(a_run_whose_source_tells_no_count_that_can_be_read_is_not_complete) {
    source.records = 4;
    source.mend = [](PageEnd& end) {
        end.source_total.reset();
        if (end.last) end.uncounted = "its `total` cannot be read: nothing stands there";
    };
    for (const RunKind kind : {RunKind::Next, RunKind::Full, RunKind::Reconcile}) {
        order.kind = kind;
        const Run run = this->run();
        BOOST_TEST(nameOf(run.state) == "partial");
        BOOST_TEST(code(run) == "total_unreadable");
        BOOST_TEST(run.trouble->message ==
                   "whether the source gave all cannot be told: its `total` cannot be read: nothing stands there");
    }
    order.kind = RunKind::Full;
    std::size_t pass = 0;  // the first one ended early
    source.mend = [&](PageEnd& end) {
        if (!end.last) return;
        if (pass++ == 0) end.uncounted = "no count", end.ended_early = "rows moved", end.next.clear();
    };
    BOOST_TEST(nameOf(run().state) == "done");
}

/// Its last page has nothing that is kept, and of a reconciliation with nothing to put right no page is: what it told
/// stands all the same.
BOOST_AUTO_TEST_CASE(what_a_source_told_is_told_where_nothing_of_it_is_kept) {
    source.records = 4;
    run();
    BOOST_TEST(run().counts.source_says.value_or(0) == 4);  // a night without new ones
    ledger.before_recount = [&] {
        for (auto& [number, run] : ledger.runs) run.counts.source_says.reset();
    };
    order.kind = RunKind::Reconcile;
    BOOST_TEST(run().counts.source_says.value_or(0) == 4);
    source.mend = [](PageEnd& end) { end.source_total.reset(); };
    BOOST_TEST(!run().counts.source_says.has_value());
}

/// A leaf cannot hold it: `log verify` called the run's own leaf altered.
BOOST_AUTO_TEST_CASE(a_count_that_no_leaf_can_hold_is_none) {
    source.records = 4;
    source.mend = [](PageEnd& end) { end.source_total = kCountMost; };
    BOOST_TEST(run().counts.source_says.value_or(0) == kCountMost);
    order.kind = RunKind::Full;
    for (const std::uint64_t told : {kCountMost + 1, std::uint64_t{1} << 63, ~std::uint64_t{0}}) {
        source.mend = [&](PageEnd& end) { end.source_total = told; };
        const Run run = this->run();
        BOOST_TEST(nameOf(run.state) == "done");
        BOOST_TEST(!run.counts.source_says.has_value(), told);
    }
}

BOOST_AUTO_TEST_CASE(records_that_the_connector_counts_and_the_mapping_does_not_find_are_told) {
    source.records = 4;
    ledger.unseen = {"1", "2", "3"};
    const Run first = run();
    BOOST_TEST(nameOf(first.state) == "partial");
    BOOST_TEST(code(first) == "records_unseen");
    BOOST_TEST(first.trouble->message ==
               "the source tells 4, the connector counted 4 records, and the mapping found 1");
    source.records = 8, ledger.unseen = {"6"};
    BOOST_TEST(code(run()) == "records_unseen");  // what came since, too
    order.kind = RunKind::Full;
    ledger.passed_over = 1;
    BOOST_TEST(nameOf(run().state) == "done");  // on purpose
    ledger.passed_over.reset();
    BOOST_TEST(nameOf(run().state) == "done");  // nobody knows
    ledger.passed_over = 0;
    source.counts = 0, source.mend = [](PageEnd& end) { end.records = 0; };
    BOOST_TEST(nameOf(run().state) == "done");  // the connector counts none
}

BOOST_AUTO_TEST_CASE(files_that_wait_stand_in_the_run_as_its_last_look_found_them) {
    source.records = 4;
    std::uint64_t left = 9;
    source.mend = [&](PageEnd& end) { end.waiting = WaitingFiles{--left, Instant{std::chrono::hours(1)}}; };
    const Run first = run();
    BOOST_REQUIRE(first.waiting.has_value());
    BOOST_TEST(first.waiting->count == left);
    BOOST_TEST((readRun(jsonOf(first)).value().waiting == first.waiting));
    BOOST_TEST(leafDetailOf(first).find("waiting") == std::string::npos);
    source.mend = [](PageEnd&) {};
    BOOST_TEST(!run().waiting);
}

BOOST_AUTO_TEST_CASE(files_in_the_error_folder_stand_in_a_run_however_good_it_was) {
    source.mend = [](PageEnd& end) { end.aside = WaitingFiles{2, Instant{std::chrono::hours(1)}}; };
    const Run first = run();
    BOOST_TEST(nameOf(first.state) == "done");
    BOOST_REQUIRE(first.aside.has_value());
    BOOST_TEST(first.aside->count == 2U);
    BOOST_TEST((readRun(jsonOf(first)).value().aside == first.aside));
    source.mend = [](PageEnd&) {};
    BOOST_TEST(!run().aside);
}

/// A payload that holds more records than its connector counts: the source's own count is held against those as well.
BOOST_AUTO_TEST_CASE(a_total_is_held_against_what_the_mapping_found_where_that_is_more) {
    source.records = 4;
    source.mend = [](PageEnd& end) { end.source_total = 8; };
    ledger.passed_over = 4;
    BOOST_TEST(nameOf(run().state) == "done");
    order.kind = RunKind::Full;
    ledger.passed_over = 3;
    BOOST_TEST(run().trouble.value().message.find("it tells 8 records, and 7 came") != std::string::npos);
}

/// Also of a run that was killed in the middle, as far as it is known what its mapping passed over.
BOOST_AUTO_TEST_CASE(a_total_is_not_held_against_the_connectors_count_alone_where_a_run_was_taken_up_again) {
    struct {
        std::optional<std::uint64_t> passed_over;
        std::string end;
    } const cases[] = {{4, "done"}, {3, "partial: it tells 8 records, and 7 came"}, {std::nullopt, "done"}};
    for (const auto& one : cases) {
        CountingFixture fresh;
        fresh.source.records = 4, fresh.source.page = 2;
        fresh.source.mend = [](PageEnd& end) { end.source_total = 8; };
        fresh.ledger.passed_over = one.passed_over;
        bool is_killed = false;
        fresh.ledger.before_take = [&] {
            if (fresh.ledger.cursors[fresh.order.connector] == "2" && !std::exchange(is_killed, true)) throw Killed();
        };
        BOOST_CHECK_THROW(fresh.run(), Killed);
        const Run ended = fresh.run();
        BOOST_TEST(ended.resumed == 1U);
        const std::string why = ended.trouble ? ended.trouble->message : std::string();
        const std::string end = std::string(nameOf(ended.state)) + (why.empty() ? "" : why.substr(why.find(": ")));
        BOOST_TEST(end == one.end);
    }
}

/// A connector that counts files, where nobody knows what the mapping passed over.
BOOST_AUTO_TEST_CASE(records_that_were_taken_came_whatever_the_connector_counts) {
    source.records = 4, source.counts = 0;
    source.mend = [](PageEnd& end) { end.source_total = 4, end.records = 1; };
    ledger.passed_over.reset();
    BOOST_TEST(nameOf(run().state) == "done");
}

/// What is read again counts once: the rows that are written before a page is durable say nothing of it.
BOOST_AUTO_TEST_CASE(a_page_that_is_read_again_counts_once) {
    enum class Left { Killed, InOrder };
    for (const Left left : {Left::Killed, Left::InOrder}) {
        CountingFixture fresh;
        fresh.source.records = 9;
        fresh.source.mend = [](PageEnd& end) { end.source_total = 12; };
        int times = 3;
        bool goes_on = true;
        fresh.ledger.before_take = [&] {
            if (fresh.ledger.cursors[fresh.order.connector] != "3" || times-- <= 0) return;
            if (left == Left::Killed) throw Killed();
            goes_on = false;
            throw Fault(FaultCode::StoreUnavailable, "full");
        };
        const auto carryOut = [&] {
            goes_on = true;
            SyncRun::Parts parts{fresh.source, fresh.ledger, fresh.clock,
                                 [&](std::chrono::milliseconds) { return goes_on; }};
            return SyncRun(std::move(parts)).carryOut(fresh.order);
        };
        for (int i = 0; i < 3; ++i) {
            if (left == Left::Killed)
                BOOST_CHECK_THROW(carryOut(), Killed);
            else
                BOOST_TEST(!carryOut().ended_at);
            BOOST_TEST(fresh.ledger.runs.at(1).gave.value().records == 3U);
        }
        const Run ended = carryOut();
        BOOST_TEST(code(ended) == "set_incomplete");
        BOOST_TEST(ended.trouble->message.find("12 records, and 9 came") != std::string::npos, ended.trouble->message);
    }
}

BOOST_AUTO_TEST_CASE(a_payload_that_is_too_large_counts_once_where_its_page_is_read_again) {
    source.records = 3;
    order.payload_bytes = 0;
    int times = 2;
    ledger.before_take = [&] {
        if (times-- > 0) throw Killed();
    };
    for (int i = 0; i < 2; ++i) BOOST_CHECK_THROW(run(), Killed);
    const Run ended = run();
    BOOST_TEST(code(ended) == "payload_too_large");
    BOOST_TEST(ended.trouble->message.find("3 payloads are") != std::string::npos, ended.trouble->message);
}

/// A pass that ended early and another one are no whole reading in one go, also for who takes the run up between them.
BOOST_AUTO_TEST_CASE(a_page_that_ended_early_is_kept_as_part_of_no_whole_reading) {
    source.records = 4, source.page = 4;
    order.kind = RunKind::Full;
    source.mend = [](PageEnd& end) { end.ended_early = "rows moved", end.next.clear(); };
    SyncRun::Parts parts{source, ledger, clock, [](std::chrono::milliseconds time) { return time.count() == 0; }};
    std::vector<bool> whole;
    parts.progress = [&](const Run&) {
        const auto& kept = ledger.runs.at(1).gave;
        if (kept) whole.push_back(kept->is_whole);
    };
    BOOST_TEST(!SyncRun(std::move(parts)).carryOut(order).ended_at);  // stops while it waits
    BOOST_TEST(whole == std::vector<bool>{false}, boost::test_tools::per_element());
    BOOST_TEST(!ledger.runs.at(1).gave.value().is_whole);
}

BOOST_AUTO_TEST_CASE(who_withholds_or_does_not_count_is_not_held_against_its_total) {
    order.kind = RunKind::Full;
    source.records = 4;
    source.mend = [](PageEnd& end) { end.source_total = 1000, end.withheld = "rows whose flag is set"; };
    BOOST_TEST(nameOf(run().state) == "done");
    source.mend = [](PageEnd& end) { end.source_total = 1000, end.records = 0; };
    source.counts = 0;
    BOOST_TEST(nameOf(run().state) == "done");
}

/// What the source said of the whole is kept with each page: between two of them, behind the last one, and before its
/// end is written.
BOOST_AUTO_TEST_CASE(a_run_that_was_killed_is_judged_by_all_that_its_source_gave) {
    enum class At { Page, LastPage, End };
    for (const At at : {At::Page, At::LastPage, At::End}) {
        CountingFixture fresh;
        fresh.source.records = 4, fresh.source.page = 2;
        fresh.source.mend = [](PageEnd& end) {
            end.source_total = 1000, end.clock_ahead = std::chrono::hours(1), end.note = "a note";
            end.waiting = WaitingFiles{3, Instant{std::chrono::hours(1)}};
        };
        bool is_killed = false;
        const auto killedAt = [&](At here) {
            if (at == here && !std::exchange(is_killed, true)) throw Killed();
        };
        fresh.ledger.before_take = [&] {
            if (fresh.ledger.cursors[fresh.order.connector] == "2") killedAt(At::Page);
        };
        fresh.ledger.before_recount = [&] { killedAt(At::End); };
        const auto carryOut = [&] {
            SyncRun::Parts parts{fresh.source, fresh.ledger, fresh.clock,
                                 [](std::chrono::milliseconds) { return true; }};
            parts.progress = [&](const Run& run) {
                if (run.pages == 2) killedAt(At::LastPage);
            };
            return SyncRun(std::move(parts)).carryOut(fresh.order);
        };
        BOOST_CHECK_THROW(carryOut(), Killed);
        const Run open = fresh.ledger.runs.at(1);
        BOOST_REQUIRE(open.gave.has_value());
        BOOST_TEST((readRun(jsonOf(open)).value().gave == open.gave));
        fresh.source.mend = [](PageEnd& end) { end.source_total.reset(); };  // it says nothing any more
        const Run ended = carryOut();
        BOOST_TEST(ended.resumed == 1U);
        BOOST_TEST(code(ended) == "set_incomplete");
        BOOST_TEST(ended.trouble->message.find("1000 records, and 4 came") != std::string::npos);
        BOOST_TEST(ended.note == "a note");
        BOOST_TEST(ended.clock_ahead.has_value());
        BOOST_TEST(ended.waiting.has_value() == (at == At::End));  // its last look found none
        BOOST_TEST(!ended.gave.has_value());
    }
}

BOOST_AUTO_TEST_CASE(far_more_than_the_source_has_is_without_end) {
    const PulledPage page;
    PageEnd end;
    end.records = 500;
    end.source_total = 10;
    SourceGave given;
    for (int i = 0; i < 20; ++i) given.note(end, page);
    BOOST_TEST(!given.withoutEnd());
    given.note(end, page);
    BOOST_REQUIRE(given.withoutEnd().has_value());
    BOOST_TEST(given.withoutEnd()->code == "pages_without_end");
    // What is left, told with each page, grows less.
    SourceGave less;
    for (std::uint64_t left = 20'000; left > 0; left -= 500) {
        end.source_total = left;
        less.note(end, page);
        BOOST_TEST(!less.withoutEnd());
    }
    SourceGave untold;
    end.source_total.reset();
    for (int i = 0; i < 100; ++i) untold.note(end, page);
    BOOST_TEST(!untold.withoutEnd());
}

BOOST_AUTO_TEST_SUITE_END()
