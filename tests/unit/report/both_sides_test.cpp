// tests/unit/report/both_sides_test.cpp - whether both sides agree: by the counts of a reconciliation, and as every
// form of the report says it.
#include "gateway/report/report_csv.hpp"
#include "gateway/report/report_html.hpp"
#include "gateway/report/report_json.hpp"
#include "gateway/report/report_text.hpp"
#include "tests/unit/report/stored_nights.hpp"

using namespace caseway;
using namespace caseway::report_test;

namespace {

/// One that compared to the end: `put_right` of its differences.
Run compared(const std::string& text, const ReconcileCounts& counts, const RecordCounts& put_right = {}) {
    Run made = run(0, "reconcile " + text);
    made.reconciliation->counts = counts;
    made.reconciliation->report = "00";
    made.counts.records = put_right;
    return made;
}

std::string wordOf(const Run& run) {
    const auto sides = bothSidesOf(run);
    return sides ? std::string(nameOf(sides->agreement)) + " " + std::to_string(sides->left) : "not compared";
}

/// Of a night that was good, and was compared then.
MorningReport reportOf(const ReconcileCounts& counts) {
    Nights nights;
    nights.connectors = {{kOutbox, "", schedule("30 1 * * *")}};
    nights.add(run(0, "26 01:30 done 26 01:40"), {5, 0, 0, 0, 0});
    nights.add(compared("26 03:00 done 26 03:10", counts));
    return nights.make();
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(BothSidesOfReconciliations)

BOOST_AUTO_TEST_CASE(agree_where_nothing_is_left) {
    const ReconcileCounts same{.read = 9, .same = 9, .ours = 9, .both = 9};
    const ReconcileCounts apart{.read = 9, .same = 6, .different = 2, .missing_here = 1, .ours = 8, .both = 8};
    const ReconcileCounts vanished{.read = 9, .same = 9, .ours = 12, .both = 9, .missing_there = 3, .marked = 2};
    ReconcileCounts marked_before = vanished;
    marked_before.marked = 0;
    const ReconcileCounts refused{.read = 9, .same = 8, .refused = 1, .ours = 8, .both = 8};
    const ReconcileCounts newer{.read = 9, .same = 8, .newer_here = 1, .ours = 9, .both = 9};
    const std::string done = "26 03:00 done 26 03:10";
    BOOST_TEST(wordOf(compared(done, same)) == "agree 0");
    BOOST_TEST(wordOf(compared(done, newer)) == "agree 0");
    BOOST_TEST(wordOf(compared(done, apart)) == "differ 3");
    BOOST_TEST(wordOf(compared(done, apart, {1, 0, 0, 0, 0})) == "differ 2");
    BOOST_TEST(wordOf(compared(done, apart, {1, 2, 5, 0, 0})) == "put_right 0");
    BOOST_TEST(wordOf(compared(done, apart, {7, 7, 0, 0, 0})) == "put_right 0");
    BOOST_TEST(wordOf(compared(done, vanished)) == "marked 0");
    BOOST_TEST(wordOf(compared(done, marked_before)) == "agree 0");
    BOOST_TEST(wordOf(compared("26 03:00 stopped 26 03:10", marked_before)) == "differ 3");
    BOOST_TEST(wordOf(compared(done, refused)) == "differ 1");
    BOOST_TEST(wordOf(run(0, "reconcile " + done)) == "not compared");
    BOOST_TEST(wordOf(run(0, done)) == "not compared");
}

BOOST_AUTO_TEST_CASE(stand_in_every_form_of_the_report) {
    const MorningReport report = reportOf({.read = 2000,
                                           .same = 1997,
                                           .different = 2,
                                           .missing_here = 1,
                                           .ours = 2059,
                                           .both = 1999,
                                           .missing_there = 60,
                                           .marked = 60});
    const std::string text = textOf(report, ReportLanguage::English), json = jsonOf(report), csv = csvOf(report);
    const std::string figures =
        "reconciliation 2: done; 03:00-03:10; 2000 read; the two sides differ: source 2000, ours 2059; different 2, "
        "missing here 1, missing there 60, marked 60, left 3";
    BOOST_TEST(has(text, "? housing/permits/outbox: beside the plan: " + figures), text);
    BOOST_TEST(has(text, "Next step: caseway sync report 2"), text);
    BOOST_TEST(has(text, "Compared: the two sides differ (reconciliation 2, 03:10)"), text);
    BOOST_TEST(has(htmlOf(report, ReportLanguage::English), figures));
    BOOST_TEST(has(htmlOf(report, ReportLanguage::Chinese), "两边不一致: 来源 2000, 本方 2059; 内容不一致 2"));
    BOOST_TEST(has(htmlOf(report, ReportLanguage::Chinese), "<td>两边不一致<br><small>03:10</small></td>"));
    BOOST_TEST(has(json, R"("beside":[{"agreement":"differ","compared":{"both":1999,)"), json);
    BOOST_TEST(
        has(json,
            R"("kind":"reconcile","left":3,"marked_before":0,"payloads_refused":0,"put_right":0,"read":2000,"refused":0,"run":2,)"),
        json);
    BOOST_TEST(has(json, R"("blackout":false,"compared":{"agreement":"differ",)"), json);
    BOOST_TEST(has(csv, R"("2026-11-26T03:10:00+08:00","differ","2","1","60","0","60","3")"), csv);
}

/// What the source says twice and otherwise cannot agree with anything.
BOOST_AUTO_TEST_CASE(differ_where_the_source_contradicts_itself) {
    Run made =
        compared("26 03:00 done 26 03:10", {.read = 9, .same = 7, .repeated = 2, .ours = 7, .both = 7, .doubled = 2});
    made.reconciliation->doubled_such = "FZ**01";
    BOOST_TEST(wordOf(made) == "differ 2");
    Nights nights;
    nights.connectors = {{kOutbox, "", schedule("30 1 * * *")}};
    nights.add(run(0, "26 01:30 done 26 01:40"), {5, 0, 0, 0, 0});
    nights.add(std::move(made));
    const MorningReport report = nights.make();
    for (const std::string& text : {textOf(report, ReportLanguage::English), htmlOf(report, ReportLanguage::English)})
        BOOST_TEST(has(text, "repeated there 2, doubled there, differing 2 (such as FZ**01), left 2"), text);
    BOOST_TEST(has(jsonOf(report), R"("doubled":2)"), jsonOf(report));
    BOOST_TEST(has(jsonOf(report), R"("doubled_such":"FZ**01")"), jsonOf(report));
    BOOST_TEST(has(csvOf(report), R"("2","FZ**01",)"), csvOf(report));
}

/// source 64 and ours 63 that agree want to be explained.
BOOST_AUTO_TEST_CASE(say_all_that_is_between_the_two_numbers) {
    const MorningReport report = reportOf({.read = 64,
                                           .same = 58,
                                           .newer_here = 2,
                                           .deleted_here = 1,
                                           .repeated = 3,
                                           .ours = 63,
                                           .both = 58,
                                           .missing_there = 4,
                                           .not_compared = 1});
    const std::string english =
        "both sides agree: source 64, ours 63; newer here 2, deleted here 1, repeated there 3, missing there 4, "
        "not compared 1, marked before 4";
    BOOST_TEST(has(textOf(report, ReportLanguage::English), english), textOf(report, ReportLanguage::English));
    BOOST_TEST(
        has(htmlOf(report, ReportLanguage::Chinese),
            "两边一致: 来源 64, 本方 63; 本方较新 2, 本方已删除 1, 来源重复 3, 来源缺少 4, 未比较 1, 此前已标记 4"));
}

BOOST_AUTO_TEST_CASE(are_told_of_the_last_two_weeks) {
    Nights nights;
    nights.connectors = {{kOutbox, "", schedule("30 1 * * *")}};
    nights.add(compared("21 03:00 done 21 03:10", {.read = 9, .same = 9, .ours = 9, .both = 9}));
    nights.add(run(0, "reconcile 25 03:00 stopped 25 03:10"));
    nights.add(run(0, "26 01:30 done 26 01:40"), {5, 0, 0, 0, 0});
    nights.add(compared("27 03:00 done 27 03:10", {.read = 9, .different = 9, .ours = 9, .both = 9}));
    const std::string text = textOf(nights.make(), ReportLanguage::English);
    BOOST_TEST(has(text, "Compared: both sides agree (reconciliation 1, 11-21 03:10)"), text);
    BOOST_TEST(has(text, "Nothing: everybody who was due came"), text);
}

BOOST_AUTO_TEST_SUITE_END()
