// tests/unit/sync/bad_source_test.cpp - a source that goes wrong at night: the run ends with the right word, keeps its
// place, and holds back no more than it must.
#include <boost/test/unit_test.hpp>

#include "gateway/sync/run_trouble.hpp"
#include "gateway/sync/sync_run.hpp"
#include "tests/unit/sync/run_fixture.hpp"

using namespace caseway;
using namespace caseway::fixture;

namespace {

struct NightFixture {
    NumberSource source;
    TextLedger ledger;
    FixedClock clock;
    std::vector<std::chrono::milliseconds> waits;
    std::function<std::optional<RunTrouble>()> withdrawn = [] { return std::nullopt; };
    std::function<void(const std::optional<RunWait>&)> waits_for = [](const std::optional<RunWait>&) {};
    bool sleeps = true;  ///< the clock goes on while it waits
    RunOrder order{"housing/permits/outbox", SystemId::parse("housing/permits").value()};

    Run run() {
        SyncRun::Parts parts{source, ledger, clock, [this](std::chrono::milliseconds time) {
                                 if (time.count() != 0) waits.push_back(time);
                                 if (sleeps) clock.time += time;
                                 return true;
                             }};
        parts.withdrawn = withdrawn;
        parts.waits = waits_for;
        parts.steady = [this] { return SyncRun::SteadyTime(clock.time.time_since_epoch()); };
        return SyncRun(std::move(parts)).carryOut(order);
    }
    std::string endOf(const Run& run) const {
        return std::string(nameOf(run.state)) + (run.trouble ? " " + run.trouble->code : "");
    }
    void fails(std::size_t times, ConnectorFaultKind kind, const std::string& code,
               std::optional<std::chrono::seconds> retry_after = {}) {
        for (std::size_t i = 0; i < times; ++i)
            source.before_read.push_back([=] {
                throw ConnectorFault(kind, {code, "host", "bad", "mend", retry_after});
            });
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(BadSources, NightFixture)

BOOST_AUTO_TEST_CASE(a_plug_in_that_rests_after_it_failed_is_given_up_for_what_it_failed_with) {
    source.records = 3;
    fails(1, ConnectorFaultKind::System, "connector_timed_out");
    fails(6, ConnectorFaultKind::Transient, "connector_resting");
    BOOST_TEST(endOf(run()) == "stopped connector_timed_out");
    source.before_read.clear();
    fails(1, ConnectorFaultKind::Transient, "source_unavailable");
    fails(5, ConnectorFaultKind::Transient, "connector_resting");
    const Run transient = run();
    BOOST_TEST(endOf(transient) == "stopped run_given_up");
    BOOST_TEST(transient.trouble->cause == "source_unavailable");
    fails(6, ConnectorFaultKind::Transient, "connector_resting");
    BOOST_TEST(run().trouble.value().cause == "connector_resting");  // since before it began
    BOOST_TEST(endOf(run()) == "done");
}

BOOST_AUTO_TEST_CASE(a_reconciliation_that_is_given_up_says_that_it_begins_anew) {
    source.records = 3;
    order.kind = RunKind::Reconcile;
    fails(6, ConnectorFaultKind::Transient, "source_unavailable");
    const Run given_up = run();
    BOOST_TEST(endOf(given_up) == "stopped run_given_up");
    BOOST_TEST(given_up.trouble->next_step == "mend; run it again: it begins anew, and nothing was marked");
}

BOOST_AUTO_TEST_CASE(who_waits_says_for_what_and_until_when) {
    source.records = 3;
    fails(1, ConnectorFaultKind::Transient, "source_unavailable", std::chrono::seconds(90));
    std::vector<std::string> told;
    waits_for = [&](const std::optional<RunWait>& wait) {
        told.push_back(wait ? wait->trouble.code : "goes on");
        if (wait) BOOST_TEST((wait->until == clock.time + std::chrono::seconds(90)));
    };
    BOOST_TEST(endOf(run()) == "done");
    BOOST_TEST(told == (std::vector<std::string>{"source_unavailable", "goes on"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_page_of_errors_instead_of_data_stops_it_at_its_place) {
    source.records = 6;
    source.before_read.push_back([] {});
    fails(6, ConnectorFaultKind::Transient, "answer_malformed");  // 200 with HTML: what the connectors say of it
    const Run given_up = run();
    BOOST_TEST(endOf(given_up) == "stopped run_given_up");
    BOOST_TEST(given_up.trouble->cause == "answer_malformed");
    BOOST_TEST(given_up.trouble->message == "6 attempts, each ended with answer_malformed: bad");
    BOOST_TEST(givenUp(transientFault(), 1).message == "1 attempt ended with source_down: no answer");
    BOOST_TEST(given_up.trouble->next_step == "mend; the next run goes on at this page");
    BOOST_TEST(ledger.texts.size() == 3U);
    BOOST_TEST(endOf(run()) == "done");
    BOOST_TEST(ledger.texts.size() == 6U);
}

BOOST_AUTO_TEST_CASE(what_a_source_says_stands_on_one_line_whatever_it_is) {
    source.records = 3;
    source.before_read.push_back([] {
        throw ConnectorFault(ConnectorFaultKind::Config,
                             {"login_refused", "ho\u202est", "no\x1b[2J\n" + std::string(5000, 'x'), "ask\r\nthem"});
    });
    const RunTrouble trouble = run().trouble.value();
    BOOST_TEST(trouble.where == "ho?st");
    BOOST_TEST(trouble.message.starts_with("no [2J x"));
    BOOST_TEST(trouble.message.size() <= 1000U);
    BOOST_TEST(trouble.next_step == "ask  them");
}

BOOST_AUTO_TEST_CASE(files_that_cannot_be_taken_are_told_behind_all_others_and_leave_the_run_partial) {
    source.records = 3;
    fails(1, ConnectorFaultKind::Config, "file_refused");
    BOOST_TEST(endOf(run()) == "partial file_refused");
    BOOST_TEST(waits.empty());
}

BOOST_AUTO_TEST_CASE(a_certificate_that_expired_at_two_is_not_tried_again) {
    source.records = 3;
    fails(1, ConnectorFaultKind::Config, "certificate_not_trusted");
    BOOST_TEST(endOf(run()) == "stopped certificate_not_trusted");
    BOOST_TEST(waits.empty());
}

BOOST_AUTO_TEST_CASE(bytes_that_break_off_are_read_again_and_taken_once) {
    source.records = 4;
    fails(2, ConnectorFaultKind::Transient, "answer_truncated");  // behind the second record of the page
    BOOST_TEST(endOf(run()) == "done");
    BOOST_TEST(ledger.texts.size() == 4U);
}

BOOST_AUTO_TEST_CASE(a_run_ends_with_its_window_and_the_next_night_goes_on_at_that_page) {
    source.records = 9;
    order.cause = RunCause::Due;
    order.deadline = clock.time + std::chrono::hours(1);
    ledger.before_take = [this] { clock.time += std::chrono::minutes(40); };
    const Run first = run();
    BOOST_TEST(endOf(first) == "overdue run_overdue");
    BOOST_TEST(first.pages == 2U);
    ledger.before_take = [] {};
    order.deadline = clock.time + std::chrono::hours(1);
    BOOST_TEST(endOf(run()) == "done");
    BOOST_TEST(ledger.texts.size() == 9U);
}

BOOST_AUTO_TEST_CASE(a_source_that_never_ends_is_ended_after_the_longest_time_and_gone_on_with) {
    source.records = 1'000'000;
    order.longest = std::chrono::hours(24);
    ledger.before_take = [this] { clock.time += std::chrono::hours(5); };
    const Run first = run();
    BOOST_TEST(endOf(first) == "overdue run_too_long");
    BOOST_TEST(first.pages == 5U);
    BOOST_TEST(first.trouble->message.find("24 hours") != std::string::npos);
    BOOST_TEST(ledger.cursors[order.connector] == "15");
    const Run second = run();
    BOOST_TEST(second.number == 2U);
    BOOST_TEST(ledger.texts.at(15) == "15");
    BOOST_TEST(ledger.texts.size() == 30U);
}

BOOST_AUTO_TEST_CASE(killed_and_taken_up_again_its_longest_time_counts_from_its_begin_but_for_a_person) {
    for (const RunCause cause : {RunCause::Resumed, RunCause::Asked}) {
        ledger = {};
        source = {};
        source.records = 9;
        order.longest = std::chrono::hours(24);
        order.cause = RunCause::Due;
        ledger.before_take = [this] {
            if (ledger.texts.size() == 3) throw Killed();
        };
        BOOST_CHECK_THROW(run(), Killed);
        ledger.before_take = [] {};
        clock.time += std::chrono::hours(25);
        order.cause = cause;
        BOOST_TEST(endOf(run()) == (cause == RunCause::Asked ? "done" : "overdue run_too_long"));
    }
}

BOOST_AUTO_TEST_CASE(a_source_that_asks_for_patience_is_not_waited_for_beyond_the_window) {
    source.records = 3;
    order.deadline = clock.time + std::chrono::minutes(30);
    fails(1, ConnectorFaultKind::Transient, "source_busy", std::chrono::hours(1));
    const Run run = this->run();
    BOOST_TEST(endOf(run) == "overdue run_overdue");
    BOOST_TEST(run.trouble->message.find("source_busy") != std::string::npos);
    BOOST_TEST(waits.empty());
}

BOOST_AUTO_TEST_CASE(taken_up_again_it_keeps_its_window_and_a_person_lifts_it) {
    const auto killed = [this] {
        source = {};
        source.records = 9;
        order.cause = RunCause::Due;
        order.deadline = clock.time + std::chrono::hours(1);
        ledger = {};
        ledger.before_take = [this] {
            if (ledger.texts.size() == 3) throw Killed();
        };
        BOOST_CHECK_THROW(run(), Killed);
        ledger.before_take = [] {};
        clock.time += std::chrono::hours(2);
        order.deadline.reset();
    };
    killed();
    order.cause = RunCause::Resumed;
    BOOST_TEST(endOf(run()) == "overdue run_overdue");
    killed();
    order.cause = RunCause::Asked;
    BOOST_TEST(endOf(run()) == "done");
    BOOST_TEST(ledger.texts.size() == 9U);
}

BOOST_AUTO_TEST_CASE(taken_up_with_other_settings_it_ends_and_the_next_one_begins_with_them) {
    source.records = 9;
    order.terms = "old";
    ledger.before_take = [this] {
        if (ledger.texts.size() == 3) throw Killed();
    };
    BOOST_CHECK_THROW(run(), Killed);
    ledger.before_take = [] {};
    source.reads.clear();
    order.terms = "new";
    order.cause = RunCause::Resumed;
    const Run ended = run();
    BOOST_TEST(endOf(ended) == "stopped settings_changed");
    BOOST_TEST(ended.counts.read == 3U);
    BOOST_TEST(source.reads.empty());
    order.cause = RunCause::Due;
    const Run next = run();
    BOOST_TEST(endOf(next) == "done");
    BOOST_TEST(next.number == 2U);
    BOOST_TEST(next.terms == "new");
}

BOOST_AUTO_TEST_CASE(what_ended_before_it_could_be_taken_up_makes_no_second_run) {
    source.records = 3;
    order.cause = RunCause::Resumed;
    BOOST_TEST(run().number == 0U);
    BOOST_TEST(ledger.runs.empty());
    BOOST_TEST(source.reads.empty());
}

BOOST_AUTO_TEST_CASE(a_run_of_which_nothing_tells_its_settings_is_gone_on_with) {
    source.records = 6;
    ledger.before_take = [] { throw Killed(); };
    BOOST_CHECK_THROW(run(), Killed);
    ledger.before_take = [] {};
    order.terms = "new";
    BOOST_TEST(endOf(run()) == "done");
    BOOST_TEST(ledger.runs.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_connector_that_is_changed_under_its_run_ends_it_behind_the_page) {
    source.records = 9;
    withdrawn = [this]() -> std::optional<RunTrouble> {
        return ledger.texts.empty() ? std::nullopt : std::optional(settingsChanged());
    };
    const Run run = this->run();
    BOOST_TEST(endOf(run) == "stopped settings_changed");
    BOOST_TEST(run.counts.read == 3U);
    BOOST_TEST(ledger.cursors[order.connector] == "3");
}

BOOST_AUTO_TEST_CASE(a_payload_that_can_never_be_applied_is_parked_and_holds_nothing_back) {
    source.records = 9;
    ledger.poisoned = {"1", "4"};
    const Run run = this->run();
    BOOST_TEST(endOf(run) == "partial payload_parked");
    BOOST_TEST(ledger.texts.size() == 7U);
    BOOST_TEST(ledger.parked == (std::vector<std::string>{"1 payload_parked", "4 payload_parked"}),
               boost::test_tools::per_element());
    BOOST_TEST(ledger.poisonings == 6U);  // three attempts each
    BOOST_TEST(run.counts.parked == 2U);
    BOOST_TEST(run.counts.addUp());
}

BOOST_AUTO_TEST_CASE(a_store_that_refuses_even_what_is_parked_is_not_the_payloads_fault) {
    source.records = 3;
    ledger.before_take = [] { throw PayloadFault(Fault(FaultCode::StoreCorrupt, "broken"), 0); };
    BOOST_CHECK_THROW(run(), Fault);
    BOOST_TEST(ledger.unfinished(order.connector).has_value());
}

BOOST_AUTO_TEST_CASE(a_schema_that_changed_overnight_ends_it_before_the_log_is_full_of_refusals) {
    source.records = 3000;
    source.page = 50;
    order.refused_percent = 90;
    for (int i = 0; i < 3000; ++i) ledger.refused.insert(std::to_string(i));
    BOOST_TEST(endOf(run()) == "partial too_many_refused");
    BOOST_TEST(ledger.texts.size() == 100U);
    order.refused_percent = 100;
    BOOST_TEST(endOf(run()) == "done");
}

BOOST_AUTO_TEST_CASE(a_few_refusals_end_nothing_and_nothing_but_refusals_is_no_good_end) {
    source.records = 300;
    order.refused_percent = 90;
    for (int i = 0; i < 60; ++i) ledger.refused.insert(std::to_string(i * 5));
    BOOST_TEST(endOf(run()) == "done");
    source.records = 301;
    ledger.refused.insert("300");
    BOOST_TEST(endOf(run()) == "done");  // one known bad record in a quiet night
    source.records = 311;
    for (int i = 301; i < 311; ++i) ledger.refused.insert(std::to_string(i));
    BOOST_TEST(endOf(run()) == "partial all_refused");
}

BOOST_AUTO_TEST_CASE(a_source_whose_time_goes_back_gives_its_rows_again_and_ends) {
    source.records = 9;
    run();
    source.records = 6;  // restored from a backup: its last rows are gone, its cursor lies ahead of it
    source.mend = [](PageEnd& end) { end.last = true; };
    BOOST_TEST(endOf(run()) == "done");
    BOOST_TEST(ledger.texts.size() == 9U);
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_set_back_makes_no_run_end_before_it_began) {
    source.records = 6;
    ledger.before_take = [this] { clock.time -= std::chrono::hours(2); };
    const Run run = this->run();
    BOOST_TEST(endOf(run) == "done");
    BOOST_TEST((run.ended_at.value() >= run.started_at));
}

BOOST_AUTO_TEST_CASE(a_full_disk_or_a_locked_database_in_the_middle_is_waited_for) {
    source.records = 6;
    int left = 4;
    ledger.before_take = [&] {
        if (ledger.texts.size() == 3 && left-- > 0)
            throw Fault(FaultCode::StoreUnavailable, "database or disk is full");
    };
    BOOST_TEST(endOf(run()) == "done");
    BOOST_TEST(waits.size() == 4U);
    BOOST_TEST(source.reads.size() == 2U);  // the page was kept, not read again
}

BOOST_AUTO_TEST_CASE(since_begins_at_a_cursor_and_goes_on_there_when_it_is_killed) {
    source.records = 9;
    run();
    order.kind = RunKind::Since;
    order.from = "4";
    bool has_read = false;
    source.before_read.push_back([&] {
        if (!std::exchange(has_read, true)) throw Killed();
    });
    BOOST_CHECK_THROW(run(), Killed);
    const Run run = this->run();
    BOOST_TEST(nameOf(run.kind) == "since");
    BOOST_TEST(run.counts.read == 5U);
    BOOST_TEST(run.stood == "9");
    BOOST_TEST(ledger.cursors[order.connector] == "9");
}

BOOST_AUTO_TEST_CASE(a_cursor_that_somebody_gave_is_not_acknowledged_before_something_was_read) {
    source.records = 9;
    order.kind = RunKind::Since;
    order.from = "4";
    run();
    BOOST_TEST(source.acknowledged.front() == "7");
}

BOOST_AUTO_TEST_CASE(empty_pages_with_ever_new_cursors_end) {
    source.records = 3;
    std::size_t at = 3;
    source.mend = [&](PageEnd& end) {
        end.next = std::to_string(++at);
        end.last = false;
    };
    BOOST_TEST(endOf(run()) == "stopped pages_without_end");
    BOOST_TEST(source.reads.size() == 1002U);
}

BOOST_AUTO_TEST_CASE(a_page_full_of_poison_can_be_cancelled_and_costs_no_square) {
    source.records = source.page = 200;
    for (int i = 0; i < 200; ++i) ledger.poisoned.insert(std::to_string(i));
    BOOST_TEST(run().counts.parked == 200U);
    BOOST_TEST(ledger.poisonings < 300U);
    source = {};
    source.records = source.page = 200;
    ledger.runs.clear();
    ledger.cursors.clear();
    order.deadline = clock.time + std::chrono::hours(1);
    ledger.before_take = [this] { clock.time += std::chrono::minutes(7); };
    BOOST_TEST(endOf(run()) == "overdue run_overdue");
}

BOOST_AUTO_TEST_SUITE_END()
