// tests/unit/sync/refusal_verdict_test.cpp - what nothing but refusals says: of many everything, of a known bad record
// nothing, of times that a wrong clock refused that the clock is to be set.
#include "gateway/sync/refusal_verdict.hpp"

#include <boost/test/unit_test.hpp>

#include "gateway/sync/run_verdict.hpp"
#include "tests/unit/sync/run_fixture.hpp"

using namespace caseway;
using namespace caseway::fixture;

namespace {

/// A run at whose end these were refused, beside `good` that were taken.
Run ended(const RefusalCodes& codes, std::uint64_t good = 0, std::uint64_t payloads_refused = 0) {
    Run run;
    run.number = 7;
    for (const auto& [code, count] : codes) run.counts.records.refused += count;
    run.counts.records.fresh = good;
    run.counts.payloads_refused = payloads_refused;
    run.counts.read = run.counts.records.total();
    return run;
}

std::string codeOf(const std::optional<RunTrouble>& trouble) {
    return trouble ? trouble->code : "none";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(RefusalVerdicts)

BOOST_AUTO_TEST_CASE(nothing_but_refusals_is_a_sign_where_they_are_several_or_the_form_does_not_fit) {
    struct Case {
        RefusalCodes codes;
        std::uint64_t good, payloads_refused;
        std::string expected;
    };
    const std::vector<Case> cases = {
        {{}, 0, 0, "none"},
        {{{"time_out_of_bounds", 1}}, 0, 0, "none"},  // the known one in a quiet night
        {{{"time_out_of_bounds", 1}}, 1, 0, "none"},  // and in another night
        {{{"record_unreadable", 2}}, 0, 0, "none"},
        {{{"required_missing", 2}}, 0, 0, "none"},
        {{{"required_missing", 3}}, 0, 0, "all_refused"},
        {{{"required_missing", 2}, {"code_unknown", 1}}, 0, 0, "all_refused"},
        {{{"no_kind_takes", 3}}, 0, 0, "all_refused"},
        {{{"required_missing", 3}, {"time_out_of_bounds", 1}}, 0, 0, "none"},
        {{{"time_out_of_bounds", 9}}, 0, 0, "none"},
        {{{"time_out_of_bounds", 10}}, 0, 0, "all_refused"},
        {{{"time_out_of_bounds", 10}}, 1, 0, "none"},
        {{}, 0, 1, "all_refused"},  // a document that nobody can read
        {{{"time_out_of_bounds", 1}}, 0, 1, "all_refused"},
        {{{"code_unknown", 95}}, 5, 0, "too_many_refused"},
    };
    for (const auto& [codes, good, payloads, expected] : cases) {
        const Run run = ended(codes, good, payloads);
        BOOST_TEST(codeOf(tooMuchRefused(90, run, codes, true)) == expected,
                   (codes.empty() ? "no record" : codes.begin()->first) << " of " << run.counts.read);
        if (expected == "all_refused") BOOST_TEST(codeOf(tooMuchRefused(90, run, codes, false)) == "none");
        BOOST_TEST(codeOf(tooMuchRefused(100, run, codes, true)) == "none");
    }
}

BOOST_AUTO_TEST_CASE(the_next_step_is_that_of_most_of_the_refusals) {
    for (const auto& [code, words] :
         std::vector<std::pair<std::string, std::string>>{{"time_out_of_bounds", "sync retry 7"},
                                                          {"case_not_owned", "the register"},
                                                          {"code_unknown", "mend the mapping"},
                                                          {"record_unknown", "then caseway sync retry 7"},
                                                          {"list_found", "caseway sync show 7 names"}}) {
        const RefusalCodes codes = {{code, 9}, {"record_unreadable", 1}};
        const auto trouble = tooMuchRefused(90, ended(codes), codes, true);
        BOOST_TEST(trouble.value().next_step.find(words) != std::string::npos, trouble->next_step);
    }
}

BOOST_AUTO_TEST_CASE(a_clock_far_behind_the_log_is_to_blame_for_times_that_lie_ahead) {
    const Instant now = parseRfc3339("2026-11-22T08:00:00Z").value();
    const Instant newest = parseRfc3339("2026-11-26T08:00:00Z").value();
    const RefusalCodes ahead = {{"time_out_of_bounds", 10}}, other = {{"code_unknown", 10}};
    const auto trouble = clockSetBack(ended(ahead, 10), ahead, now, newest);
    BOOST_TEST(codeOf(trouble) == "clock_set_back");
    BOOST_TEST(trouble->next_step.find("caseway sync retry 7") != std::string::npos);
    BOOST_TEST(codeOf(clockSetBack(ended(other), other, now, newest)) == "none");
    BOOST_TEST(codeOf(clockSetBack(ended(ahead), ahead, newest, newest)) == "none");
    BOOST_TEST(codeOf(clockSetBack(ended(ahead), ahead, newest - std::chrono::minutes(50), newest)) == "none");
    BOOST_TEST(codeOf(clockSetBack(ended(ahead), ahead, now, std::nullopt)) == "none");
}

/// What was read while the clock was ahead counts as newer than all that comes until then.
BOOST_AUTO_TEST_CASE(a_clock_far_behind_the_log_is_told_where_what_comes_counts_as_older) {
    const Instant now = parseRfc3339("2026-12-04T08:00:00Z").value();
    const Instant newest = parseRfc3339("2027-12-03T08:00:00Z").value();
    Run run = ended({}, 5);
    BOOST_TEST(codeOf(clockSetBack(run, {}, now, newest)) == "none");
    run.counts.records.stale = 1, ++run.counts.read;
    const auto trouble = clockSetBack(run, {}, now, newest);
    BOOST_REQUIRE(codeOf(trouble) == "clock_set_back");
    BOOST_TEST(trouble->message.starts_with("1 record was not taken"), trouble->message);
    BOOST_TEST(trouble->next_step.find("until 2027-12-03T16:00:00+08:00") != std::string::npos, trouble->next_step);
    BOOST_TEST(codeOf(clockSetBack(run, {}, newest, newest)) == "none");
}

BOOST_AUTO_TEST_CASE(where_nearly_all_counts_as_older_it_is_told) {
    const auto codeAt = [](std::uint64_t stale, std::uint64_t same, RunKind kind = RunKind::Next) {
        Run run = ended({});
        run.kind = kind;
        run.counts.records.stale = stale, run.counts.records.same = same;
        run.counts.read = run.counts.records.total();
        return codeOf(nearlyAllStale(run));
    };
    BOOST_TEST(codeAt(0, 0) == "none");
    BOOST_TEST(codeAt(9, 0) == "none");
    BOOST_TEST(codeAt(10, 1) == "nearly_all_stale");
    BOOST_TEST(codeAt(10, 2) == "none");
    BOOST_TEST(codeAt(10, 0, RunKind::Full) == "nearly_all_stale");
    BOOST_TEST(codeAt(10, 0, RunKind::Since) == "none");
    BOOST_TEST(codeAt(10, 0, RunKind::Retry) == "none");
}

BOOST_AUTO_TEST_CASE(a_run_ends_as_partial_where_the_clock_was_set_back) {
    NumberSource source;
    source.records = 2;
    TextLedger ledger;
    ledger.refused = {"0"};
    ledger.codes = {{"time_out_of_bounds", 1}};
    FixedClock clock;
    ledger.newest = clock.time + std::chrono::hours(96);
    const auto run = [&] {
        SyncRun::Parts parts{source, ledger, clock, [](std::chrono::milliseconds) { return true; }};
        return SyncRun(std::move(parts))
            .carryOut({"housing/permits/outbox", SystemId::parse("housing/permits").value()});
    };
    const Run behind = run();
    BOOST_TEST(nameOf(behind.state) == "partial");
    BOOST_TEST(codeOf(behind.trouble) == "clock_set_back");
    ledger.newest = clock.time;
    ledger.cursors.clear();
    BOOST_TEST(nameOf(run().state) == "done");
}

/// Files that cannot be taken are told behind all that was read: they must not hide what was refused of that.
BOOST_AUTO_TEST_CASE(files_that_cannot_be_taken_hide_no_payload_that_was_refused) {
    NumberSource source;
    source.records = 3;
    for (const bool is_refused : {false, true}) {
        TextLedger ledger;
        FixedClock clock;
        int reads = 0;
        source.mend = [&](PageEnd& end) {
            end.last = false;
            if (++reads == 2)
                throw ConnectorFault(ConnectorFaultKind::Config, {"file_refused", "out", "1 file", "mend it"});
        };
        ledger.before_recount = [&] {
            if (is_refused) ledger.runs[1].counts.payloads_refused = 2;
        };
        SyncRun::Parts parts{source, ledger, clock, [](std::chrono::milliseconds) { return true; }};
        const Run run =
            SyncRun(std::move(parts)).carryOut({"housing/permits/outbox", SystemId::parse("housing/permits").value()});
        BOOST_TEST(nameOf(run.state) == "partial");
        BOOST_REQUIRE(codeOf(run.trouble) == "file_refused");
        BOOST_TEST(run.trouble->message ==
                   (is_refused ? "1 file; payloads refused as a whole or broken off: 2 of 3" : "1 file"));
        BOOST_TEST(run.trouble->next_step ==
                   (is_refused ? "mend it; caseway sync show 1 names the payloads that were refused" : "mend it"));
    }
}

BOOST_AUTO_TEST_CASE(how_many_payloads_were_refused_is_told_for_one_as_for_many) {
    const auto trouble = troubleAtEnd(ended({}, 3, 1), {}, {}, 90);
    BOOST_REQUIRE(codeOf(trouble) == "payload_refused");
    BOOST_TEST(trouble->message.starts_with("payloads refused as a whole or broken off: 1 of "), trouble->message);
}

/// A run counts what all of its passes gave: 40 read beside 20 that came.
BOOST_AUTO_TEST_CASE(passes_that_ended_early_are_told_all) {
    BOOST_TEST(ofPasses({"20 came"}) == "20 came");
    BOOST_TEST(ofPasses({"20 came", "20 came"}) == "20 came, in each of 2 passes");
    BOOST_TEST(ofPasses({"20 came", "rows moved"}) == "rows moved; in the pass before: 20 came");
}

/// A refused payload can be sent again; of what never came nobody hears otherwise.
BOOST_AUTO_TEST_CASE(what_never_came_is_told_before_a_payload_that_was_refused) {
    SourceGave given;
    given.is_whole = true;
    given.records = 4;
    for (const auto& [total, code] : {std::pair{4U, "payload_refused"}, {10U, "set_incomplete"}}) {
        given.total = total;
        BOOST_TEST(codeOf(troubleAtEnd(ended({}, 3, 1), given, {}, 90)) == code);
    }
}

/// The last thing that is looked at, of a run with which nothing else is wrong.
BOOST_AUTO_TEST_CASE(a_run_that_hardly_brings_anything_newer_ends_with_that) {
    for (const auto& [stale, code] : {std::pair{9U, "none"}, {10U, "nearly_all_stale"}}) {
        Run run = ended({});
        run.counts.records.stale = run.counts.read = stale;
        BOOST_TEST(codeOf(troubleAtEnd(run, {}, {}, 90)) == code);
    }
}

BOOST_AUTO_TEST_SUITE_END()
