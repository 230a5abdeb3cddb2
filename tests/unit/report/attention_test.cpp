// tests/unit/report/attention_test.cpp - what a person reads in the morning and copies: runs and connectors by name,
// times that say their day, and nothing that nobody has to act upon.
#include "gateway/report/attention.hpp"

#include "gateway/report/report_csv.hpp"
#include "gateway/report/report_html.hpp"
#include "gateway/report/report_json.hpp"
#include "gateway/report/report_text.hpp"
#include "tests/unit/report/stored_nights.hpp"

using namespace caseway;
using namespace caseway::report_test;

BOOST_AUTO_TEST_SUITE(Attention)

namespace {

struct Planned : Nights {
    Planned() { connectors = {{kOutbox, "", schedule("30 1 * * *")}}; }
    std::string text(ReportLanguage language = ReportLanguage::English, const std::string& now = "26 07:30") {
        return textOf(make(now), language);
    }
};

void has(const std::string& text, const std::string& part, bool is_there = true) {
    BOOST_TEST((text.find(part) != std::string::npos) == is_there, part << " in " << text);
}

}  // namespace

BOOST_AUTO_TEST_CASE(refused_records_are_shown_by_the_runs_that_had_them) {
    Planned nights;
    nights.add(run(0, "26 01:30 done 26 01:40"), {5, 0, 0, 0, 2});
    nights.add(run(0, "full 26 02:30 done 26 02:40"), {5, 0, 0, 0, 0});
    nights.add(run(0, "full 26 03:30 done 26 03:40"), {0, 0, 0, 0, 7});
    for (const ReportLanguage language : {ReportLanguage::English, ReportLanguage::Chinese}) {
        has(nights.text(language), "caseway sync show 1; caseway sync show 3\n");
        has(nights.text(language), "message list", false);
    }
    for (int i = 0; i < 4; ++i) nights.add(run(0, "full 26 04:30 done 26 04:40"), {0, 0, 0, 0, 1});
    has(nights.text(), ": caseway sync show 5; caseway sync show 6; caseway sync show 7\n");  // the last ones
}

/// Older rows, and the page of codes, know neither name nor number.
BOOST_AUTO_TEST_CASE(commands_in_next_steps_can_be_copied) {
    const struct {
        const char *code, *bare, *english, *chinese;
    } cases[] = {
        {"watermark_ahead", "read it again (caseway sync run --full)",
         "read it again (caseway sync run housing/permits/outbox --full)\n",
         "与部门核实（数值列中是否有一行数值偏大，如秒与毫秒混用）后 caseway sync run "
         "housing/permits/outbox --full\n"},
        {"all_refused", "mend it, then caseway sync retry", "mend it, then caseway sync retry 1\n",
         "改映射，测试、激活，再 caseway sync retry 1\n"},
        {"payload_refused", "caseway sync show 1 names them; caseway sync retry 1",
         "caseway sync show 1 names them; caseway sync retry 1\n",
         "caseway sync show 1 列出；请部门完整重给；映射或证书的问题改好后 caseway sync retry 1\n"},
        {"records_unseen", "hold it against an answer (caseway connector test)",
         "hold it against an answer (caseway connector test housing/permits/outbox)\n",
         "用 caseway connector test housing/permits/outbox 对照应答、连接器与映射的 records；改好、激活后 caseway sync "
         "run housing/permits/outbox --full；有意略过的用 when 或 pass_over: true\n"},
    };
    for (const auto& one : cases) {
        Planned nights;
        Run made = run(0, "26 01:30 partial 26 01:40");
        made.trouble = RunTrouble{"config", one.code, {}, "it is so", one.bare, {}};
        nights.add(made);
        has(nights.text(), std::string("Next step: ") + one.english);
        has(nights.text(ReportLanguage::Chinese), std::string("下一步: ") + one.chinese);
    }
}

/// What a code says to who sends is nothing for who looks after the disk.
BOOST_AUTO_TEST_CASE(a_full_disk_is_the_maintainers) {
    Planned nights;
    nights.connectors[0].wait =
        RunWait{{"store", "store_unavailable", "", "database or disk is full", "free space", {}},
                at("26 07:31"),
                at("26 01:42")};
    nights.add(run(0, "26 01:30 running"));
    has(nights.text(ReportLanguage::Chinese), "原样重发", false);
    has(nights.text(ReportLanguage::Chinese), "清理网关磁盘空间");
}

BOOST_AUTO_TEST_CASE(a_time_outside_the_night_says_its_day) {
    const MorningReport report = Planned().make();
    const ReportWords& words = wordsOf(ReportLanguage::English);
    const std::pair<const char*, const char*> cases[] = {
        {"25 11:59", "11-25 11:59"}, {"25 12:00", "12:00"},       {"25 22:00", "22:00"},      {"26 11:59", "11:59"},
        {"26 12:00", "11-26 12:00"}, {"26 20:00", "11-26 20:00"}, {"27 01:30", "11-27 01:30"}};
    for (const auto& [time, shown] : cases) BOOST_TEST(shortTime(at(time), report, words) == shown);
    BOOST_TEST(spanText(at("26 01:30"), at("26 01:40"), report, words) == "01:30-01:40");
    BOOST_TEST(spanText(at("26 01:30"), std::nullopt, report, words) == "01:30, not ended");
}

BOOST_AUTO_TEST_CASE(a_run_under_way_has_not_ended) {
    Planned nights;
    nights.add(run(0, "26 01:30 running"));
    has(nights.text(), "Ran 01:30, not ended\n");
    has(nights.text(ReportLanguage::Chinese), "实际运行 01:30，尚未结束\n");
}

/// As of a planned run: that is what she wanted.
BOOST_AUTO_TEST_CASE(what_a_person_cancelled_needs_nobody) {
    const std::tuple<const char*, RecordCounts, bool> cases[] = {
        {"reconcile 26 03:00 cancelled 26 03:10", {}, false},
        {"retry 26 03:00 cancelled 26 03:10", {}, false},
        {"retry 26 03:00 cancelled 26 03:10", {0, 0, 0, 0, 1}, true},
        {"reconcile 26 03:00 stopped 26 03:10", {}, true}};
    for (const auto& [text, counts, is_told] : cases) {
        Planned nights;
        nights.add(run(0, "26 01:30 done 26 01:40"), {5, 0, 0, 0, 0});
        Run beside = run(0, text);
        if (beside.state == RunState::Cancelled) beside.trouble.reset();
        nights.add(std::move(beside), counts);
        has(nights.text(), "? housing/permits/outbox: beside the plan", is_told);
    }
}

BOOST_AUTO_TEST_CASE(of_a_reconciliation_to_which_nothing_came_nothing_is_counted) {
    Planned nights;
    nights.add(run(0, "26 01:30 done 26 01:40"), {5, 0, 0, 0, 0});
    nights.add(run(0, "reconcile 26 03:00 stopped 26 03:10"));
    has(nights.text(), "reconciliation 2: stopped; 03:00-03:10; not compared");
}

/// What is due before is passed over.
BOOST_AUTO_TEST_CASE(an_open_circuit_is_told_with_the_first_time_behind_it) {
    Planned nights;
    nights.add(run(0, "26 01:30 stopped 26 01:40"));
    nights.connectors[0].schedule = schedule("0 * * * *");
    nights.connectors[0].circuit = OpenCircuit{5, "not_reachable", at("26 09:10")};
    const MorningReport report = nights.make();
    BOOST_TEST((only(report).next == at("26 10:00")));
    has(textOf(report, ReportLanguage::English),
        "failed runs in a row: 5 (not_reachable); its circuit is open, its schedule starts none before 09:10\n"
        "    Next step: caseway sync status; caseway sync run housing/permits/outbox\n");
    has(textOf(report, ReportLanguage::Chinese), "连续失败 5 次（not_reachable），已熔断：09:10 之前不按时间表运行");
    has(htmlOf(report, ReportLanguage::English), "its circuit is open");
    has(jsonOf(report), R"("circuit":{"code":"not_reachable","failed":5,"until":"2026-11-26T09:10:00+08:00"})");
    has(csvOf(report), R"("not_reachable","5","2026-11-26T09:10:00+08:00")");
    nights.connectors[0].circuit.reset();
    BOOST_TEST((only(nights.make()).next == at("26 08:00")));
    has(nights.text(), "circuit", false);
    has(jsonOf(nights.make()), "circuit", false);
}

BOOST_AUTO_TEST_CASE(one_file_is_one) {
    for (const auto& [count, waits, aside] :
         {std::tuple{1U, "1 file waits to be ready, since 00:30", "1 file lies in the error folder, since 00:30"},
          {2U, "2 files wait to be ready, the oldest since 00:30",
           "2 files lie in the error folder, the oldest since 00:30"}}) {
        Planned nights;
        Run made = run(0, "26 01:30 done 26 01:40");
        made.waiting = WaitingFiles{count, at("26 00:30")};
        made.aside = made.waiting;
        nights.add(made);
        has(nights.text(), waits);
        has(nights.text(), aside);
    }
}

BOOST_AUTO_TEST_SUITE_END()
