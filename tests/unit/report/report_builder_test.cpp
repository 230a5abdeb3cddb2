// tests/unit/report/report_builder_test.cpp - a night put together from the rows that the store has.
#include "gateway/report/report_builder.hpp"

#include "gateway/report/attention.hpp"
#include "gateway/report/passed_times.hpp"
#include "gateway/report/refusal_tally.hpp"
#include "gateway/report/report_csv.hpp"
#include "gateway/report/report_html.hpp"
#include "gateway/report/report_json.hpp"
#include "gateway/report/report_text.hpp"
#include "gateway/report/run_sights.hpp"
#include "gateway/sync/run_verdict.hpp"
#include "tests/unit/report/stored_nights.hpp"

using namespace caseway;
using namespace caseway::report_test;

BOOST_AUTO_TEST_SUITE(ReportBuilding)

BOOST_AUTO_TEST_CASE(adds_up_the_runs_of_the_night_and_no_others) {
    Nights nights;
    nights.connectors = {{kOutbox, "住房和城乡建设局", schedule("30 1 * * *")}};
    nights.add(run(0, "25 01:30 done 25 01:40"), {500, 0, 0, 0, 0});
    nights.add(run(0, "25 12:00 done 25 12:01"), {1, 2, 3, 4, 0});
    nights.add(run(0, "26 01:30 done 26 01:40"), {10, 20, 30, 40, 0});
    nights.add(run(0, "26 12:00 done 26 12:01"), {7000, 0, 0, 0, 0});
    const MorningReport report = nights.make("26 13:00");
    const ConnectorNight& one = only(report);
    BOOST_TEST(report.is_over);
    BOOST_TEST(report.departments[0].title == "住房和城乡建设局");
    BOOST_TEST((one.runs == std::vector<RunNo>{2, 3}));
    BOOST_TEST((one.counts.records == RecordCounts{11, 22, 33, 44, 0}));
    BOOST_TEST(one.counts.addUp());
    BOOST_TEST((one.verdict.state == NightState::OnTime));
    BOOST_TEST((one.last_good == at("26 12:01")));
    BOOST_TEST((one.next == at("27 01:30")));
    BOOST_TEST((one.volume.before == std::vector<std::uint64_t>{500}));
}

BOOST_AUTO_TEST_CASE(files_in_the_error_folder_are_told_after_good_runs_too) {
    Nights nights;
    nights.connectors = {{kOutbox, "", schedule("30 1 * * *")}};
    Run good = run(0, "26 01:30 done 26 01:40");
    good.aside = WaitingFiles{2, at("25 01:30")};
    nights.add(good, {10, 0, 0, 0, 0});
    const auto expects = [&](bool is_told) {
        const MorningReport report = nights.make();
        BOOST_TEST(only(report).aside.has_value() == is_told);
        const std::string text = textOf(report, ReportLanguage::English);
        const std::string line = "? housing/permits/outbox: 2 files lie in the error folder, the oldest since";
        BOOST_TEST((text.find(line) != std::string::npos) == is_told, text);
        BOOST_TEST((jsonOf(report).find(R"("aside":{"count":2,"since":"2026-11-25T01:30:00+08:00"})") !=
                    std::string::npos) == is_told);
        BOOST_TEST((htmlOf(report, ReportLanguage::Chinese).find("2 个文件仍在错误目录") != std::string::npos) ==
                   is_told);
        BOOST_TEST((csvOf(report).find("2026-11-25T01:30:00+08:00") != std::string::npos) == is_told);
    };
    expects(true);
    nights.add(run(0, "26 02:30 stopped 26 02:31"));  // it saw nothing
    expects(true);
    nights.add(run(0, "26 03:30 done 26 03:40"));  // somebody took them away
    expects(false);
}

BOOST_AUTO_TEST_CASE(a_run_from_before_the_night_stands_for_a_planned_one_and_adds_nothing) {
    Nights nights;
    nights.connectors = {{kOutbox, "", schedule("30 1 * * *")}};
    nights.add(run(0, "25 11:00 done 26 02:00"), {500, 0, 0, 0, 0});
    const MorningReport report = nights.make();
    BOOST_TEST((only(report).verdict.state == NightState::OnTime));
    BOOST_TEST(only(report).counts.read == 0);
    BOOST_TEST(only(report).runs.empty());
}

BOOST_AUTO_TEST_CASE(the_next_run_is_the_one_that_waits_for_its_jitter) {
    Nights nights;
    ScheduleSettings settings = schedule("29 7 * * *").settings();  // a minute before the report
    settings.jitter = std::chrono::hours(12);
    settings.connector = kOutbox;
    const Schedule late = Schedule::make(settings).value();
    const PlannedRun waits = late.next(at("26 07:00")).value();
    nights.connectors = {{kOutbox, "", late}};
    BOOST_TEST((only(nights.make()).next == Instant(waits.start)));
    nights.connectors.front().since = at("26 07:30");
    BOOST_TEST((only(nights.make()).next == Instant(late.next(waits.due)->start)));
}

/// The gateway was off in two nights; the newest of the runs that were due then was made up. Jitter lies between the
/// time at which one is due and its start.
BOOST_AUTO_TEST_CASE(a_night_in_which_no_run_began_says_why_where_that_is_known) {
    for (const auto jitter : {std::chrono::minutes(0), std::chrono::minutes(40)}) {
        Nights nights;
        ScheduleSettings settings = schedule("30 1 * * *").settings();
        settings.jitter = jitter;
        settings.connector = kOutbox;
        nights.connectors = {{kOutbox, "", Schedule::make(settings).value()}};
        PassedTimes times;
        times.add({"circuit_open", 1, at("24 01:30"), at("24 01:30")});
        times.add({"missed_policy", 2, at("25 01:30"), at("26 01:30")});
        nights.note(passedNoteOf(kOutbox), times.text());
        const MorningReport report = nights.make();
        const ConnectorNight& one = only(report);
        BOOST_TEST((one.verdict.state == NightState::Absent));
        BOOST_REQUIRE(one.verdict.trouble.has_value());
        BOOST_TEST(one.verdict.trouble->code == "run_passed_over");
        BOOST_TEST(one.verdict.trouble->where == "missed_policy");
        BOOST_TEST(one.verdict.trouble->next_step.find("caseway sync run " + std::string(kOutbox)) !=
                   std::string::npos);
        const std::string text = textOf(report, ReportLanguage::English);
        BOOST_TEST(
            text.find("absent: run_passed_over, missed_policy: nothing could run at its time") != std::string::npos,
            text);
        BOOST_TEST(csvOf(report).find("run_passed_over") != std::string::npos);
        BOOST_TEST(!only(nights.make("27 07:30", 27)).verdict.trouble.has_value());
    }
}

/// By `once` and by `each` the times that are made up are in no note: their runs begin in another night.
BOOST_AUTO_TEST_CASE(a_night_that_was_made_up_in_a_later_one_says_by_which_run) {
    Nights nights;
    nights.connectors = {{kOutbox, "", schedule("30 1 * * *")}};
    nights.add(run(0, "24 01:30 done 24 01:40"));
    nights.add(run(0, "27 12:30 done 27 12:40"));
    nights.add(run(0, "27 12:41 done 27 12:50"));
    for (const int day : {25, 26, 27}) {
        const MorningReport report = nights.make("27 13:00", day);
        const ConnectorNight& one = only(report);
        BOOST_TEST((one.verdict.state == NightState::Absent));
        BOOST_REQUIRE(one.verdict.trouble.has_value());
        BOOST_TEST(one.verdict.trouble->code == "run_begun_later");
        BOOST_TEST(one.verdict.trouble->message ==
                   "nothing could run at its time; run 2 came in its place, at 2026-11-27T12:30:00+08:00");
        BOOST_TEST(one.verdict.trouble->next_step == "caseway sync show 2");
        BOOST_TEST(textOf(report, ReportLanguage::English).find("absent: run_begun_later") != std::string::npos);
    }
    BOOST_TEST(!only(nights.make("24 13:00", 24)).verdict.trouble.has_value());
    PassedTimes times;
    times.add({"missed_policy", 1, at("25 01:30"), at("25 01:30")});
    nights.note(passedNoteOf(kOutbox), times.text());
    BOOST_TEST(only(nights.make("27 13:00", 25)).verdict.trouble->code == "run_passed_over");
    BOOST_TEST(only(nights.make("27 13:00", 26)).verdict.trouble->code == "run_begun_later");
}

BOOST_AUTO_TEST_CASE(times_that_were_passed_over_are_kept_in_a_bounded_note) {
    PassedTimes times;
    for (int i = 0; i < 100; ++i)
        times.add({i % 2 == 0 ? "window_closed" : "circuit_open", 1, at("24 01:30"), at("24 01:30")});
    BOOST_TEST(times.spans().size() == PassedTimes::kMostSpans);
    BOOST_TEST((PassedTimes::read(times.text()).spans() == times.spans()));
    BOOST_TEST(PassedTimes::read("garbage\nwindow_closed x\n\n").spans().empty());
}

/// As of a schedule by the minute whose circuit was open for the whole night.
BOOST_AUTO_TEST_CASE(times_close_behind_each_other_are_one_span) {
    PassedTimes times;
    for (int minute = 0; minute < 60; ++minute) {
        const Instant due = at("24 01:00") + std::chrono::minutes(minute);
        times.add({"circuit_open", 1, due, due});
    }
    times.add({"circuit_open", 1, at("24 05:00"), at("24 05:00")});
    BOOST_REQUIRE(times.spans().size() == 2U);
    BOOST_TEST((times.spans().front() == PassedSpan{"circuit_open", 60, at("24 01:00"), at("24 01:59")}));
    BOOST_TEST(times.troubleAt(at("24 01:30"), kOutbox)->where == "circuit_open");
    BOOST_TEST(!times.troubleAt(at("24 03:00"), kOutbox).has_value());
}

BOOST_AUTO_TEST_CASE(volumes_are_those_of_done_runs_on_both_sides) {
    Nights nights;
    nights.connectors = {{kOutbox, "", schedule("30 1 * * *")}};
    nights.add(run(0, "25 01:30 stopped 25 01:40"), {400, 0, 0, 0, 0});
    nights.add(run(0, "25 02:30 done 25 02:40"), {100, 0, 0, 0, 0});
    nights.add(run(0, "26 01:30 stopped 26 01:40"), {4000, 0, 0, 0, 0});
    nights.add(run(0, "26 02:30 done 26 02:40"), {70, 0, 0, 0, 0});
    const MorningReport report = nights.make();
    BOOST_TEST(only(report).counts.read == 4070);
    BOOST_TEST(only(report).volume.read == 70);
    BOOST_TEST((only(report).volume.before == std::vector<std::uint64_t>{100}));
}

BOOST_AUTO_TEST_CASE(retries_and_reconciliations_stand_beside_the_plan_and_add_nothing) {
    for (const std::string kind : {"retry", "reconcile"}) {
        Nights nights;
        nights.connectors = {{kOutbox, "", schedule("30 1 * * *")}};
        nights.add(run(0, "25 01:30 done 25 01:40"), {100, 0, 0, 0, 0});
        nights.add(run(0, kind + " 25 03:00 done 25 03:10"), {5000, 0, 0, 0, 0});
        nights.add(run(0, "26 01:30 stopped 26 01:40"), {70, 0, 0, 0, 0});
        nights.add(run(0, kind + " 26 03:00 done 26 03:10"), {4000, 0, 0, 0, 3}, {refusal("a"), refusal("a")});
        const MorningReport report = nights.make();
        const ConnectorNight& one = only(report);
        BOOST_TEST((one.verdict.state == NightState::Partial), kind);
        BOOST_TEST((one.last_good == at("25 01:40")), kind);
        BOOST_TEST(one.counts.read == 70);
        BOOST_TEST((one.runs == std::vector<RunNo>{3}));
        BOOST_TEST(one.refusals.rules.empty());
        BOOST_TEST((one.volume.before == std::vector<std::uint64_t>{100}));
        BOOST_REQUIRE(one.beside.size() == 1);
        const std::string json = jsonOf(report), csv = csvOf(report), text = textOf(report, ReportLanguage::English);
        BOOST_TEST(json.find(R"("beside":[{"ended":"2026-11-26T03:10:00+08:00","kind":")" + kind +
                             R"(","payloads_refused":0,"read":4003,"refused":3,"run":4,)") != std::string::npos,
                   json);
        BOOST_TEST(csv.find("\"" + kind + " 4 done\"") != std::string::npos, csv);
        BOOST_TEST(text.find(" 4: done; 03:00-03:10; 4003 read, 3 refused") != std::string::npos, text);
        BOOST_TEST(text.find("caseway sync show 4") != std::string::npos, text);
        BOOST_TEST(htmlOf(report, ReportLanguage::Chinese).find(kind == "retry" ? "重试 4: 完成" : "对账 4: 完成") !=
                   std::string::npos);
    }
}

/// As `caseway sync show` tells them: a payload is no record.
BOOST_AUTO_TEST_CASE(of_what_a_retry_refused_payloads_are_counted_apart_from_records) {
    Nights nights;
    nights.connectors = {{kOutbox, "", schedule("30 1 * * *")}};
    nights.add(run(0, "26 01:30 done 26 01:40"), {70, 0, 0, 0, 0});
    Run retry = run(0, "retry 26 03:00 partial 26 03:10");
    retry.counts.payloads_refused = 2;
    nights.add(std::move(retry), {0, 0, 0, 0, 0});
    const MorningReport report = nights.make();
    const RunBeside& one = only(report).beside.at(0);
    BOOST_TEST(one.refused == 0U);
    BOOST_TEST(one.payloads_refused == 2U);
    const std::string text = textOf(report, ReportLanguage::English);
    BOOST_TEST(text.find("; 0 read; payloads refused as a whole or broken off: 2") != std::string::npos, text);
    BOOST_TEST(text.find("caseway sync show 2") != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(the_last_good_run_is_searched_beyond_the_nights_among_those_that_take_from_the_source) {
    Nights nights;
    nights.connectors = {{kOutbox, "", schedule("30 1 * * *")}};
    nights.add(run(0, "02 01:30 done 02 01:40"));
    nights.add(run(0, "retry 02 03:00 done 02 03:10"));
    nights.add(run(0, "reconcile 03 03:00 done 03 03:10"));
    BOOST_TEST((only(nights.make()).last_good == at("02 01:40")));
}

BOOST_AUTO_TEST_CASE(a_department_is_as_good_as_its_worst_connector) {
    Nights nights;
    nights.connectors = {{"housing/permits/b", "", schedule("30 1 * * *")},
                         {"housing/permits/a", "", schedule("30 1 * * *")},
                         {"health/licences/x", "", schedule("30 1 * * *")}};
    nights.add(run(0, "26 01:30 done 26 01:40", "housing/permits/a"));
    nights.add(run(0, "26 01:30 done 26 01:40", "health/licences/x"));
    const MorningReport report = nights.make();
    BOOST_REQUIRE(report.departments.size() == 2);
    BOOST_TEST(report.departments[0].name == "health");
    BOOST_TEST((report.departments[0].state == NightState::OnTime));
    BOOST_TEST(report.departments[1].connectors[0].connector == "housing/permits/a");
    BOOST_TEST((report.departments[1].state == NightState::Absent));
    BOOST_TEST(!report.departments[1].connectors[1].last_good);
}

BOOST_AUTO_TEST_CASE(one_that_ran_and_is_not_registered_any_more_is_there_too) {
    Nights nights;
    nights.add(run(0, "26 01:30 done 26 01:40"), {1, 0, 0, 0, 0});
    BOOST_TEST(only(nights.make()).counts.read == 1);
    BOOST_TEST(nights.make("27 07:30", 27).departments.empty());
}

BOOST_AUTO_TEST_CASE(a_jump_is_one_of_done_nights) {
    Nights nights;
    nights.connectors = {{kOutbox, "", schedule("30 1 * * *")}};
    for (int day = 10; day < 26; ++day)
        nights.add(run(0, std::to_string(day) + " 01:30 done " + std::to_string(day) + " 01:40"), {100, 0, 0, 0, 0});
    BOOST_TEST(!only(nights.make()).volume.jumped);  // absent: told as such
    nights.add(run(0, "26 01:30 done 26 01:40"), {900, 0, 0, 0, 0});
    const MorningReport report = nights.make();
    BOOST_TEST(only(report).volume.before.size() == 14);
    BOOST_TEST(only(report).volume.jumped);
}

BOOST_AUTO_TEST_CASE(refusals_are_counted_by_the_first_mistake_of_each_record) {
    Nights nights;
    nights.add(run(0, "26 01:30 done 26 01:40"), {0, 0, 0, 0, 5},
               {refusal("code_unknown"), refusal("code_unknown"), refusal("date_unreadable"), refusal("code_unknown"),
                refusal("code_unknown", "accept.accept_result")});
    const MorningReport report = nights.make();
    const RefusalTally& tally = only(report).refusals;
    BOOST_REQUIRE(tally.rules.size() == 2);
    BOOST_TEST(tally.rules[0].code == "code_unknown");
    BOOST_TEST(tally.rules[0].count == 4);
    BOOST_REQUIRE(tally.rules[0].examples.size() == kExamplesOfRule);
    BOOST_TEST(tally.rules[0].examples[1].record == 2);
    BOOST_TEST(tally.rules[0].examples[1].payload == "rows.json");
    BOOST_TEST(tally.rules[0].examples[1].hint == "map it in `codes`");
    BOOST_TEST(tally.rules[1].count == 1);
    BOOST_TEST(tally.not_read == 0);
}

BOOST_AUTO_TEST_CASE(refusals_of_messages_beyond_the_limit_are_counted_as_a_whole) {
    Nights nights;
    nights.add(run(0, "26 01:30 done 26 01:40"), {9, 0, 0, 0, 0});
    nights.add(run(0, "26 02:30 done 26 02:40"), {0, 0, 0, 0, 1}, {refusal("code_unknown")});
    nights.add(run(0, "26 03:30 done 26 03:40"), {0, 0, 0, 0, 1}, {refusal("code_unknown")});
    RefusalCounter counter(nights.store.reader(), kMostRefusalsRead, 1);
    for (const RunRow& row : nights.store.reader().runs({}, 0, 10)) counter.add(readRun(row.body).value());
    const RefusalTally tally = counter.finish();
    BOOST_REQUIRE(tally.rules.size() == 1);
    BOOST_TEST(tally.rules[0].count == 1);
    BOOST_TEST(tally.not_read == 1);
}

BOOST_AUTO_TEST_CASE(drift_comes_from_what_the_gateway_noted) {
    Nights nights;
    nights.connectors = {{kOutbox, "", schedule("30 1 * * *")}};
    ConnectorSights seen;
    seen.take({{"/a"}, {"status=10"}, at("25 09:00"), true}, 1, at("25 01:40"));
    seen.take({{"/b"}, {"status=95"}, at("26 01:00"), true}, 2, at("26 01:40"));
    const auto writer = nights.store.beginWrite();
    writer->putReportNote(seenNoteOf(kOutbox), seen.text());
    writer->commit();
    BOOST_TEST(only(nights.make()).drift.size() == 2);
    BOOST_TEST((only(nights.make()).newest == at("26 01:00")));
    BOOST_TEST(only(nights.make("27 07:30", 27)).drift.empty());
}

BOOST_AUTO_TEST_CASE(a_set_that_never_stands_still_is_told_from_the_third_run_on) {
    struct Case {
        std::vector<std::string> runs;  ///< the oldest first; `!` ended with set_incomplete
        std::size_t counted;
    };
    const Case cases[] = {
        {{"!25 01:30 stopped 25 01:40", "!26 01:30 stopped 26 01:40"}, 2},
        {{"!24 01:30 stopped 24 01:40", "!25 01:30 partial 25 01:40", "!26 01:30 stopped 26 01:40"}, 3},
        {{"!23 01:30 stopped 23 01:40", "24 01:30 done 24 01:40", "!25 01:30 stopped 25 01:40",
          "!26 01:30 stopped 26 01:40"},
         2},
        // Neither a night in which it was not reached nor a retry says anything of the set.
        {{"!23 01:30 stopped 23 01:40", "!24 01:30 stopped 24 01:40", "25 01:30 stopped 25 01:40",
          "retry 25 03:00 done 25 03:01", "!26 01:30 stopped 26 01:40", "26 02:30 running"},
         3},
        {{"!24 01:30 stopped 24 01:40", "!25 01:30 stopped 25 01:40", "26 01:30 done 26 01:40"}, 0},
        // What came behind the night is of another report.
        {{"!24 01:30 stopped 24 01:40", "!25 01:30 stopped 25 01:40", "!26 01:30 stopped 26 01:40",
          "26 13:00 done 26 13:01"},
         3},
    };
    for (const Case& one : cases) {
        Nights nights;
        nights.connectors = {{kOutbox, "", schedule("30 1 * * *")}};
        for (const std::string& text : one.runs) {
            Run made = run(0, text.substr(text.starts_with('!') ? 1 : 0));
            if (text.starts_with('!')) made.trouble = setIncomplete("transient", "it tells 9 records, and 8 came");
            nights.add(std::move(made));
        }
        const MorningReport report = nights.make();
        BOOST_TEST(only(report).never_whole == one.counted, one.runs.front());
        const auto lines = attentionOf(report, wordsOf(ReportLanguage::English));
        const bool is_told = std::any_of(lines.begin(), lines.end(), [](const AttentionLine& line) {
            return line.what.find("never stood still") != std::string::npos && !line.next_step.empty();
        });
        BOOST_TEST(is_told == (one.counted >= 3), one.runs.front());
    }
}

BOOST_AUTO_TEST_CASE(a_source_whose_clock_is_not_ours_has_a_line) {
    const struct {
        int seconds;
        const char *chinese, *english;
    } cases[] = {{-423, " 7 分钟", " 7 min"},
                 {0, "", ""},
                 {423, " 7 分钟", " 7 min"},
                 {3 * 3600 + 300, " 3 小时 5 分钟", " 3 h 5 min"},
                 {-(2 * 86400 + 3600), " 2 天 1 小时", " 2 d 1 h"}};
    for (const auto& [seconds, chinese, english] : cases) {
        Nights nights;
        nights.connectors = {{kOutbox, "", schedule("30 1 * * *")}};
        Run made = run(0, "26 01:30 done 26 01:40");
        if (seconds != 0) made.clock_ahead = std::chrono::seconds(seconds);
        nights.add(std::move(made));
        const MorningReport report = nights.make();
        for (const ReportLanguage language : {ReportLanguage::Chinese, ReportLanguage::English}) {
            const auto lines = attentionOf(report, wordsOf(language));
            BOOST_REQUIRE(lines.size() == (seconds == 0 ? 0U : 1U));
            if (seconds == 0) continue;
            const ReportWords& words = wordsOf(language);
            BOOST_TEST(lines[0].what.starts_with(seconds < 0 ? words.clock_behind : words.clock_ahead), lines[0].what);
            const bool is_chinese = language == ReportLanguage::Chinese;
            BOOST_TEST(lines[0].what.ends_with(is_chinese ? chinese : english), lines[0].what);
            BOOST_TEST(!lines[0].next_step.empty());
            BOOST_TEST(!lines[0].is_bad);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
