// tests/unit/pipeline/parked_test.cpp - what can never be applied is parked with its reason, holds nothing back, and is
// tried again from what was kept; a dry run counts and leaves nothing.
#include <boost/test/unit_test.hpp>
#include <thread>

#include "gateway/pipeline/dry_pages.hpp"
#include "gateway/pipeline/kept_payloads.hpp"
#include "gateway/pipeline/note_job.hpp"
#include "tests/support/memory_keys.hpp"
#include "tests/unit/pipeline/pulling_fixture.hpp"

using namespace caseway;
using namespace caseway::test;

namespace {

constexpr std::string_view kOtherMapping = R"(mapping: housing.permit
source: {format: json, records: "$[*]"}
fields:
  source_case_no: id
  data_version: version
  status: {from: status, codes: {"10": "40", "odd": "90"}}
  apply_time: applied
)";

struct Retrying : Pulling {
    using Pulling::Pulling;

    std::uint64_t page_bytes = PageLimits{}.bytes;  ///< of a retry

    /// What `of` kept, mapped by `yaml`.
    Run retry(RunNo of, std::string_view yaml = kPermitMapping) {
        const ShelvedMapping mapping = compiled(yaml);
        KeptPayloads kept(
            memory.reader(),
            [this](const std::string& name) { return std::make_unique<MemorySource>(bodies.at(name)); }, of,
            mapping.mapping->spec().version);
        if (!kept.any()) return {};
        PulledPages again = ledgerWith(mapping, "again");
        RunOrder order{std::string(kConnector), housing().id, RunKind::Retry};
        order.of = of;
        order.page.bytes = page_bytes;
        return SyncRun({kept, again, clock, [](std::chrono::milliseconds) { return true; }}).carryOut(order);
    }
    std::string statusOf(std::string_view id) { return memory.reader().caseBySource(housing().id, id).value().status; }
};

std::string many(int records) {
    std::string text = "[";
    for (int i = 0; i < records; ++i) text += (i != 0 ? "," : "") + record("m" + std::to_string(i));
    return text + "]";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ParkedPayloads)

BOOST_AUTO_TEST_CASE(a_poisoned_record_parks_its_payload_with_its_reason_and_the_run_goes_on) {
    Retrying p;
    p.store.plan.poisoned = "b";
    const Run run = p.run({pageOf({record("a")}), pageOf({record("b"), record("c")}), pageOf({record("d")})});
    BOOST_TEST(nameOf(run.state) == "partial");
    BOOST_TEST(run.counts.parked == 1U);
    BOOST_TEST(run.counts.records.fresh == 2U);
    BOOST_TEST(p.memory.reader().cursor(kConnector).value() == "3");
    const auto page = readRunPage(p.memory.reader().runPages(1, 1, 1).at(0).body).value();
    BOOST_TEST(page.parked.value().from == "1");
    BOOST_TEST(page.parked.value().next == "2");
    const MessageRow row = p.memory.reader().message(page.messages.at(0)).value();
    BOOST_TEST(row.refusal_code == kParkedCode);
    BOOST_TEST(row.answer.find("a poisoned record") != std::string::npos);
    const std::string leaf = p.memory.reader().leaf(run.log_index.value()).value();
    BOOST_TEST(leaf.find(R"("parked":1)") != leaf.npos);
    BOOST_TEST(p.verdict() == "good");
}

BOOST_AUTO_TEST_CASE(a_payload_that_is_too_large_is_told_by_size_and_digest_and_nothing_of_it_is_kept) {
    for (const std::size_t spool_above : {std::size_t{1} << 20, std::size_t{200}}) {
        Retrying p(spool_above);
        const std::string large = many(20);
        Pages source({pageOf({record("a")}), large, pageOf({record("b")})});
        SyncRun::Parts parts{source, p.ledger, p.clock, [](std::chrono::milliseconds) { return true; }};
        RunOrder order{std::string(kConnector), housing().id};
        order.payload_bytes = 1000;
        const Run run = SyncRun(std::move(parts)).carryOut(order);
        BOOST_TEST(nameOf(run.state) == "partial");
        BOOST_TEST(run.trouble.value().code == "payload_too_large");
        BOOST_TEST(run.trouble->where == "page 1");
        BOOST_TEST(run.counts.records.fresh == 2U);
        BOOST_TEST(run.counts.payloads_refused == 1U);
        BOOST_TEST(run.counts.parked == 0U);
        BOOST_TEST(p.memory.reader().cursor(kConnector).value() == "3");
        BOOST_TEST(p.bodies.empty());
        const auto page = readRunPage(p.memory.reader().runPages(1, 1, 1).at(0).body).value();
        const MessageRow row = p.memory.reader().message(page.messages.at(0)).value();
        BOOST_TEST(row.refusal_code == "payload_too_large");
        BOOST_TEST(row.answer.find(std::to_string(large.size()) + " bytes, SHA-256 " + toHex(sha256(large))) !=
                   std::string::npos);
        BOOST_TEST(p.verdict() == "good");
        BOOST_TEST(p.retry(1, kOtherMapping).number == 0U);  // there is nothing to map again
    }
}

BOOST_AUTO_TEST_CASE(what_is_parked_is_taken_from_what_was_kept_once_it_can_be) {
    Retrying p;
    p.store.plan.poisoned = "b";
    p.run({pageOf({record("a")}), pageOf({record("b"), record("c")})});
    BOOST_TEST(nameOf(p.retry(1).state) == "partial");  // parked again, in its own run
    p.store.plan.poisoned.clear();
    const Run run = p.retry(1);
    BOOST_TEST(nameOf(run.state) == "done");
    BOOST_TEST(run.of == 1U);
    BOOST_TEST(run.counts.records.fresh == 2U);
    BOOST_TEST(p.memory.reader().cursor(kConnector).value() == "2");  // the source's place is as it was
    BOOST_TEST(p.verdict() == "good");
}

BOOST_AUTO_TEST_CASE(refused_records_are_mapped_again_where_the_mapping_has_changed_only) {
    Retrying p;
    const Run first = p.runMapped(kOtherMapping, {pageOf({record("a"), record("b", "90")})});
    BOOST_TEST(first.counts.records.refused == 1U);
    BOOST_TEST(p.retry(1, kOtherMapping).number == 0U);
    const Run again = p.retry(1);
    BOOST_TEST(again.counts.records.fresh == 1U);
    BOOST_TEST(p.statusOf("b") == "90");
    BOOST_TEST(p.verdict() == "good");
}

/// All on one page; meanwhile the connector's pages were made smaller.
BOOST_AUTO_TEST_CASE(a_page_of_the_former_run_that_is_too_large_now_is_mapped_again_in_parts) {
    for (const auto& [page_bytes, pages] : {std::pair<std::uint64_t, std::uint64_t>{1, 4}, {150, 2}, {4096, 1}}) {
        Retrying p;
        Pages together({pageOf({record("a")}), pageOf({record("b", "90")}), pageOf({record("c", "90")}),
                        pageOf({record("d", "90")}), pageOf({record("e", "90")})});
        together.is_one_page = true;
        PulledPages other = p.ledgerWith(compiled(kOtherMapping), std::string(kConnector));
        const Run first = p.runWith(together, other, RunKind::Next, 0);
        BOOST_TEST(first.pages == 1U);
        BOOST_TEST(first.counts.records.refused == 4U);
        p.page_bytes = page_bytes;
        const Run again = p.retry(first.number);
        BOOST_TEST(nameOf(again.state) == "done");
        BOOST_TEST(again.pages == pages, page_bytes);
        BOOST_TEST(again.counts.records.fresh == 4U);
        BOOST_TEST(again.counts.payloads == 4U);
        BOOST_TEST(p.verdict() == "good");
    }
}

BOOST_AUTO_TEST_CASE(what_a_retry_refused_again_is_mapped_once_more_by_another_mapping_only) {
    Retrying p;
    p.runMapped(kOtherMapping, {pageOf({record("a"), record("b", "90"), record("c", "lost")})});
    const Run again = p.retry(1);
    BOOST_TEST(again.counts.records.fresh == 1U);
    BOOST_TEST(again.counts.records.refused == 1U);
    BOOST_TEST(p.retry(1).number == 0U);
    const std::string third = std::string(kPermitMapping) + "# another version\n";
    BOOST_TEST(p.retry(1, third).number != 0U);
    BOOST_TEST(p.verdict() == "good");
}

BOOST_AUTO_TEST_CASE(what_a_clock_that_was_set_back_refused_is_told_and_mapped_again_by_the_right_one) {
    Retrying p;
    const Instant right = p.clock.now();
    const auto at = [](std::string_view id, Instant time) {
        return R"({"id":")" + std::string(id) + R"(","version":1,"status":"10","applied":")" + toRfc3339(time) + "\"}";
    };
    const std::string page = "[" + at("old", right - std::chrono::hours(200)) + "," + at("new", right) + "]";
    BOOST_TEST(nameOf(p.run({pageOf({record("first")})}).state) == "done");
    p.clock.set(right - std::chrono::hours(96));
    Pages source({page});
    PulledPages pages = p.ledgerWith(compiled(kPermitMapping), "other");
    const Run back = p.runWith(source, pages, RunKind::Next, 0);
    BOOST_TEST(back.counts.records.refused == 1U);
    BOOST_TEST(nameOf(back.state) == "partial");
    BOOST_TEST(back.trouble.value().code == "clock_set_back");
    BOOST_TEST(nameOf(p.retry(back.number).state) == "partial");  // the clock is as it was
    p.clock.set(right + std::chrono::minutes(1));
    const Run again = p.retry(back.number);
    BOOST_TEST(nameOf(again.state) == "done");
    BOOST_TEST(again.counts.records.fresh == 1U);
    BOOST_TEST(again.counts.records.refused == 0U);
    BOOST_TEST(p.statusOf("new") == "10");
    BOOST_TEST(p.verdict() == "good");
}

BOOST_AUTO_TEST_CASE(an_older_payload_that_is_tried_again_overwrites_nothing_newer) {
    const auto plain = [](std::string_view id, std::string_view status) {
        return R"({"id":")" + std::string(id) + R"(","version":1,"status":")" + std::string(status) + "\"}";
    };
    Retrying p;
    p.store.plan.poisoned = "bad";
    p.run({"[" + plain("a", "10") + "," + plain("bad", "10") + "]"});
    p.store.plan.poisoned.clear();
    p.clock.set(p.clock.now() + std::chrono::hours(1));
    p.run({"[]", "[" + plain("a", "90") + "]"});
    p.clock.set(p.clock.now() + std::chrono::hours(1));
    p.retry(1);
    BOOST_TEST(p.statusOf("a") == "90");
    BOOST_TEST(p.statusOf("bad") == "10");
    BOOST_TEST(p.verdict() == "good");
}

BOOST_AUTO_TEST_CASE(a_large_payload_that_can_never_be_applied_is_parked_behind_what_was) {
    Retrying p;
    p.store.plan.poisoned = "m4000";
    const Run run = p.run({many(6000), pageOf({record("z")})});
    BOOST_TEST(nameOf(run.state) == "partial");
    BOOST_TEST(run.counts.parked == 1U);
    BOOST_TEST(run.counts.records.fresh > 1U);
    BOOST_TEST(run.counts.records.fresh <= 4001U);
    BOOST_TEST(run.counts.addUp());
    BOOST_TEST(p.verdict() == "good");
    p.store.plan.poisoned.clear();
    const Run again = p.retry(1);
    BOOST_TEST(nameOf(again.state) == "done");
    BOOST_TEST(again.counts.records.fresh + again.counts.records.same == 6000U);
    BOOST_TEST(p.verdict() == "good");
}

BOOST_AUTO_TEST_CASE(a_large_payload_that_killed_the_process_three_times_at_one_record_is_parked_there) {
    const auto endAfter = [](const std::string& note) {
        Retrying p;
        keepReportNote(p.committer, "large/taken", note);
        const Run run = p.run({many(6000), pageOf({record("z")})});
        BOOST_TEST(p.verdict() == "good");
        while (!p.memory.reader().reportNote("large/taken").value().empty())
            std::this_thread::yield();  // behind its end
        return std::to_string(run.counts.parked) + " " + std::to_string(run.counts.records.fresh);
    };
    BOOST_TEST(endAfter("0 1 3\n") == "1 1");
    BOOST_TEST(endAfter("0 1 2\n") == "0 6001");
    BOOST_TEST(endAfter("0 65 3\n") == "0 6001");  // it came further meanwhile
}

BOOST_AUTO_TEST_CASE(a_large_payload_is_counted_as_often_as_it_was_taken_and_never_left) {
    Retrying p;
    LargeRow row;
    row.index = 7;
    const auto taken = [&] { return LargeKills(p.memory.reader(), p.committer).kills(row); };
    for (int i = 0; i < 3; ++i) BOOST_TEST(!taken());
    BOOST_TEST(taken());
    row.next_record = 65;
    BOOST_TEST(!taken());
    for (int i = 0; i < 5; ++i) {
        LargeKills(p.memory.reader(), p.committer).left(row.index);
        BOOST_TEST(!taken());
    }
}

BOOST_AUTO_TEST_CASE(a_dry_run_counts_what_would_be_and_leaves_nothing) {
    Retrying p(1000);
    p.run({pageOf({record("a"), record("b")})});
    const std::string before = stateOf(p);
    const std::size_t leaves = p.log->size();
    DryPages dry({p.store,
                  p.known,
                  p.clock,
                  p.limits,
                  [&p] { return std::make_unique<Pulling::Spool>(p.bodies); },
                  p.verifier,
                  {},
                  [] { return std::make_unique<MemoryKeys>(); }},
                 RecorderConfig{}, compiled(kPermitMapping), std::string(kConnector));
    Pages source({"[]", pageOf({record("a", "90", 2), record("b"), "{}"}), "<html>", many(500)});
    Unacknowledged quiet(source);
    const Run run = p.runWith(quiet, dry, RunKind::Next, 0);
    BOOST_TEST(nameOf(run.state) == "partial");
    BOOST_TEST(run.trouble.value().code == "payload_refused");
    BOOST_TEST(run.trouble->next_step.find("sync show") == std::string::npos);  // it has no number
    BOOST_TEST(run.counts.records.changed == 1U);
    BOOST_TEST(run.counts.records.same == 1U);
    BOOST_TEST(run.counts.records.refused == 1U);
    BOOST_TEST(run.counts.records.fresh == 500U);
    BOOST_TEST(run.counts.payloads_refused == 1U);
    BOOST_TEST(run.number == 0U);
    BOOST_TEST(stateOf(p) == before);
    BOOST_TEST(p.log->size() == leaves);
    BOOST_TEST(p.bodies.empty());
}

BOOST_AUTO_TEST_SUITE_END()
