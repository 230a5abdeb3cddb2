// tests/unit/report/tried_again_test.cpp - a night of which a retry read some payloads once more, and records that only
// repeat others.
#include "gateway/report/tried_again.hpp"

#include "gateway/log/leaf.hpp"
#include "gateway/report/report_text.hpp"
#include "gateway/report/run_sights.hpp"
#include "tests/unit/report/stored_nights.hpp"

using namespace caseway;
using namespace caseway::report_test;

namespace {

/// Nights of one connector, and what a retry reads once more.
struct Retries : Nights {
    Retries() { connectors = {{kOutbox, "", schedule("30 1 * * *")}}; }
    void retry(RecordCounts counts) {
        Run again = run(0, "26 05:30 done 26 05:40");
        again.kind = RunKind::Retry;
        again.of = 1;
        add(std::move(again), counts);
    }
    /// Whose mapping read each message, in their order.
    void readBy(const std::vector<std::uint8_t>& versions) {
        const auto writer = store.beginWrite();
        for (std::size_t i = 0; i < versions.size(); ++i) writer->putLeaf(i, leafOf(i, Sha256{versions[i]}));
        writer->commit();
    }
    std::string leafOf(LogIndex index, const Sha256& mapping) {
        LogEntry entry;
        const auto row = store.reader().message(index);
        BOOST_REQUIRE(row);
        entry.message_id = row->message_id;
        entry.sender = row->sender;
        entry.binding = Binding::Json;
        entry.origin = Origin::Pulled;
        entry.received_at = at("26 01:31");
        entry.envelope_digest = Sha256{9};
        entry.mapping_version = mapping;
        entry.outcome = row->outcome;
        entry.counts = row->counts;
        std::string leaf;
        appendLeaf(entry, leaf);
        return leaf;
    }
};

const Refusal kUnknown{"code_unknown", "status", "9***9 (3)", "one of the codes", "map it in `codes`", {}, {}};

}  // namespace

BOOST_AUTO_TEST_SUITE(TriedAgainByARetry)

BOOST_AUTO_TEST_CASE(what_it_took_needs_nobody_any_more) {
    Retries nights;
    nights.add(run(0, "26 01:30 done 26 01:40"), {1, 0, 0, 0, 1}, {kUnknown});
    nights.retry({1, 0, 1, 0, 0});
    const MorningReport untold = nights.make();
    BOOST_TEST(only(untold).records_tried_again == 0);  // which mapping read it cannot be told
    BOOST_TEST(textOf(untold, ReportLanguage::English).find("records refused: 1") != std::string::npos);
    nights.readBy({1, 2});
    const MorningReport report = nights.make();
    BOOST_TEST(only(report).records_tried_again == 1);
    BOOST_TEST(only(report).refusals.rules.empty());
    BOOST_TEST(textOf(report, ReportLanguage::English).find("records refused") == std::string::npos);
    BOOST_TEST((only(report).first_began == at("26 01:30")));
}

BOOST_AUTO_TEST_CASE(what_the_same_mapping_refused_stays) {
    Retries nights;
    nights.add(run(0, "26 01:30 done 26 01:40"), {1, 0, 0, 0, 1}, {kUnknown});
    nights.retry({1, 0, 0, 0, 0});
    nights.readBy({7, 7});
    const MorningReport report = nights.make();
    BOOST_TEST(only(report).records_tried_again == 0);
    BOOST_TEST(only(report).refusals.rules.size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_was_refused_for_its_time_the_same_mapping_tries_again) {
    Retries nights;
    nights.add(run(0, "26 01:30 done 26 01:40"), {1, 0, 0, 0, 1},
               {{"time_out_of_bounds", "apply_time", "2***Z (20)", "not ahead", "correct it", {}, {}}});
    nights.retry({1, 0, 1, 0, 0});
    nights.readBy({7, 7});
    BOOST_TEST(only(nights.make()).records_tried_again == 1);
}

BOOST_AUTO_TEST_CASE(several_runs_say_which_time_their_counts_cover) {
    Retries nights;
    nights.add(run(0, "26 01:30 done 26 01:40"), {1, 0, 0, 0, 0});
    nights.add(run(0, "26 03:30 done 26 03:50"), {1, 0, 0, 0, 0});
    const MorningReport report = nights.make();
    BOOST_TEST((only(report).last_ended == at("26 03:50")));
    BOOST_TEST(textOf(report, ReportLanguage::English).find("Ran × 2: 01:30-03:50") != std::string::npos);
    BOOST_TEST(textOf(report, ReportLanguage::Chinese).find("读取 2 = 新增 2 + ") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(RepeatedRecords)

BOOST_AUTO_TEST_CASE(codes_of_a_record_that_repeats_another_are_seen) {
    Retries nights;
    nights.add(run(0, "25 01:30 done 25 01:40"), {1, 0, 0, 0, 0});
    nights.add(run(0, "26 01:30 done 26 01:40"), {0, 0, 1, 0, 0});
    const auto writer = nights.store.beginWrite();
    writer->putPatch({0, 1, 1, RecordOutcome::New, R"({"status":"90"})"});
    OutcomeLines lines;
    RecordTrace trace;
    trace.case_id = 1;
    trace.patch = Sha256{1};
    trace.repeats_index = 0;
    trace.repeats_record = 1;
    lines.add(1, RecordOutcome::Same, "", trace);
    writer->putOutcomeLines(1, lines.take());
    writer->commit();
    const RunObserver observer({nights.store.reader(), {}});
    const auto row = nights.store.reader().run(2);
    BOOST_REQUIRE(row);
    const RunSights sights = observer.look(readRun(row->body).value(), "");
    BOOST_TEST((sights.codes == std::vector<std::string>{"status=90"}));
}

BOOST_AUTO_TEST_CASE(of_a_long_night_that_repeats_another_the_end_is_seen_and_what_has_a_row_of_its_own) {
    constexpr std::uint64_t kRecords = 50'000, kLinesOfAPart = 1000;  // every third record is looked at
    Retries nights;
    nights.add(run(0, "25 01:30 done 25 01:40"), {kRecords, 0, 0, 0, 0});
    nights.add(run(0, "26 01:30 done 26 01:40"), {0, 1, kRecords - 1, 0, 0});
    const auto writer = nights.store.beginWrite();
    for (std::uint64_t record = 1; record <= kRecords; ++record)
        writer->putPatch({0, record, 1, RecordOutcome::New,
                          record + 3 * kLinesOfAPart < kRecords
                              ? R"({"status":"20","apply_time":"2026-11-20T09:00:00+08:00"})"
                              : R"({"status":"90","apply_time":"2026-11-24T09:00:00+08:00"})"});
    writer->putPatch({1, 3001, 1, RecordOutcome::Changed, R"({"status":"92"})"});
    OutcomeLines lines;
    for (std::uint64_t record = 1; record <= kRecords; ++record) {
        RecordTrace trace;
        trace.case_id = 1;
        trace.patch = Sha256{1};
        trace.repeats_record = record == 3001 ? 0 : record;
        lines.add(record, record == 3001 ? RecordOutcome::Changed : RecordOutcome::Same, "", trace);
        if (record % kLinesOfAPart == 0) writer->putOutcomeLines(1, lines.take());
    }
    writer->commit();
    const auto row = nights.store.reader().run(2);
    BOOST_REQUIRE(row);
    const RunSights sights = RunObserver({nights.store.reader(), {}}).look(readRun(row->body).value(), "");
    BOOST_TEST((sights.codes == std::vector<std::string>{"status=20", "status=90", "status=92"}));
    BOOST_TEST((sights.newest == at("24 09:00")));
}

BOOST_AUTO_TEST_CASE(an_encoding_that_a_payload_declares_and_has_not_is_seen) {
    Retries nights;
    nights.add(run(0, "26 01:30 done 26 01:40"), {1, 0, 0, 0, 0});
    const auto writer = nights.store.beginWrite();
    MessageRow message = writer->message(0).value();
    message.answer = R"("outcome":"accepted","records":{},"refusals":[],"notes":[{"code":"encoding_differs",)"
                     R"("where":"payload","value":"declared GBK, found UTF-8","rule":"x"}])";
    writer->updateMessage(message);
    writer->commit();
    const RunObserver observer({nights.store.reader(), {}});
    const auto row = nights.store.reader().run(1);
    BOOST_REQUIRE(row);
    const RunSights sights = observer.look(readRun(row->body).value(), "");
    BOOST_TEST((sights.codes == std::vector<std::string>{"encoding_differs=declared GBK, found UTF-8"}));
}

BOOST_AUTO_TEST_SUITE_END()
