// tests/unit/report/unsettled_runs_test.cpp - what a night's state alone does not say: what keeps a run that has not
// ended from going on, and runs that failed behind the one that made the night good.
#include "gateway/formats/json/document.hpp"
#include "gateway/report/report_csv.hpp"
#include "gateway/report/report_html.hpp"
#include "gateway/report/report_json.hpp"
#include "gateway/report/report_text.hpp"
#include "tests/unit/report/stored_nights.hpp"

using namespace caseway;
using namespace caseway::report_test;

BOOST_AUTO_TEST_SUITE(UnsettledRuns)

namespace {

RunWait fullDisk(const std::string& since = "26 01:42") {
    return {
        {"store", "store_unavailable", "", "database or disk is full", "free space", {}}, at("26 07:31"), at(since)};
}

struct Waiting : Nights {
    explicit Waiting(const std::string& run_of_night, const RunWait& wait = fullDisk()) {
        connectors = {{kOutbox, "", schedule("30 1 * * *")}};
        connectors[0].wait = wait;
        if (!run_of_night.empty()) add(run(0, run_of_night));
    }
};

/// Each form has it.
void isToldEverywhere(const MorningReport& report, const std::vector<const char*>& parts) {
    for (const std::string& text : {textOf(report, ReportLanguage::English), htmlOf(report, ReportLanguage::English),
                                    textOf(report, ReportLanguage::Chinese), jsonOf(report), csvOf(report)})
        for (const char* part : parts) BOOST_TEST(text.find(part) != std::string::npos, part << " in " << text);
}

/// A row of the table by the names of its columns.
std::string cellOf(const MorningReport& report, const std::string& column) {
    const std::string csv = csvOf(report).substr(3);
    const std::string names = csv.substr(0, csv.find("\r\n")) + ",", cells = csv.substr(names.size() + 1);
    std::size_t name = 0, cell = 0;
    while (!std::string_view(names).substr(name).starts_with(column + ",")) {
        name = names.find(',', name) + 1;
        cell = cells.find("\",\"", cell) + 2;
        BOOST_REQUIRE(name != 0);
    }
    return cells.substr(cell, cells.find('"', cell + 1) + 1 - cell);
}

}  // namespace

/// Its row says `running` for ever: without a gateway nobody is at work on it.
BOOST_AUTO_TEST_CASE(a_run_whose_gateway_died_is_no_run_under_way) {
    Nights nights;
    nights.connectors = {{kOutbox, "", schedule("30 1 * * *")}};
    nights.add(run(0, "26 01:30 running"));
    nights.add(run(0, "reconcile 26 03:00 running"));
    const auto reportOf = [&](bool is_served) {
        ReportSettings settings{"center/gateway", shanghai(), std::chrono::minutes(30)};
        settings.is_served = is_served;
        return ReportBuilder(nights.store.reader(), settings).make(nights.connectors, night(26).date, at("26 07:30"));
    };
    BOOST_TEST(nameOf(only(reportOf(true)).verdict.state) == "running");
    const MorningReport report = reportOf(false);
    BOOST_TEST(nameOf(only(report).verdict.state) == "partial");
    BOOST_TEST(nameOf(only(report).beside.at(0).state) == "stopped");
    isToldEverywhere(report, {"run_interrupted", "caseway serve"});
}

BOOST_AUTO_TEST_CASE(a_run_that_a_full_disk_keeps_out_says_so_and_since_when) {
    Waiting nights("26 01:30 running");
    const MorningReport report = nights.make();
    isToldEverywhere(report, {"store_unavailable", "01:42"});
    const std::string text = textOf(report, ReportLanguage::English);
    BOOST_TEST(text.find("! housing/permits/outbox: running; waits since 01:42, tries again at 07:31: "
                         "store_unavailable: database or disk is full\n"
                         "    Next step: free space · caseway sync status\n") != std::string::npos,
               text);
    const std::string chinese = textOf(report, ReportLanguage::Chinese);  // no sentence in two languages
    BOOST_TEST(chinese.find("    下一步: 清理网关磁盘空间，查看运行日志；磁盘恢复后运行自动继续"
                            " · caseway sync status\n") != std::string::npos,
               chinese);
    BOOST_TEST(cellOf(report, "state") == "\"running\"");
    BOOST_TEST(cellOf(report, "waits_for") == "\"store_unavailable\"");
    BOOST_TEST(cellOf(report, "waits_since") == "\"2026-11-26T01:42:00+08:00\"");
    BOOST_TEST(cellOf(report, "waits_next_step") == "\"free space\"");
    JsonTree tree;
    const std::string json = jsonOf(report);
    const auto root = parseJson(json, JsonLimits{}, tree);
    BOOST_REQUIRE(root.ok());
    const JsonValue& wait = *(*root)->find("departments")->items[0].find("connectors")->items[0].find("wait");
    BOOST_TEST(wait.find("trouble")->find("message")->text == "database or disk is full");
    BOOST_TEST(wait.find("until")->text == "2026-11-26T07:31:00+08:00");
    std::string canonical;
    appendCanonical(**root, canonical);
    BOOST_TEST(canonical == json);
}

BOOST_AUTO_TEST_CASE(a_run_that_could_not_even_begin_says_what_is_in_its_way) {
    Waiting nights("");
    const std::string text = textOf(nights.make(), ReportLanguage::English);
    BOOST_TEST(text.find("absent") != std::string::npos);
    BOOST_TEST(text.find("waits since 01:42") != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(a_wait_of_now_is_none_of_an_older_night) {
    for (const auto& [now, day, is_told] :
         {std::tuple{"26 07:30", 26, true}, {"27 07:30", 26, false}, {"26 07:30", 25, false}}) {
        RunWait wait = fullDisk(std::string(now).substr(0, 2) + " 01:42");
        Waiting nights("", wait);
        nights.add(run(0, "26 01:30 done 26 01:40"));
        BOOST_TEST(only(nights.make(now, day)).wait.has_value() == is_told, now << " " << day);
    }
    Waiting nights("26 01:30 running", fullDisk("27 02:00"));  // its run began then
    BOOST_TEST(only(nights.make("27 07:30", 26)).wait.has_value());
}

BOOST_AUTO_TEST_CASE(an_attempt_under_way_has_no_time_of_the_next_one) {
    Waiting nights("26 01:30 running");
    const std::string text = textOf(nights.make("26 07:32"), ReportLanguage::English);
    BOOST_TEST(text.find("waits since 01:42, tries again now: store_unavailable") != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(a_run_that_was_asked_for_and_failed_behind_a_good_one_is_told_with_its_reason) {
    Nights nights;
    nights.connectors = {{kOutbox, "", schedule("30 1 * * *")}};
    nights.add(run(0, "26 01:30 done 26 01:40"), {5, 0, 0, 0, 0});
    nights.add(run(0, "full 26 06:30 stopped 26 06:40"));
    const MorningReport report = nights.make();
    BOOST_TEST(nameOf(only(report).verdict.state) == "on_time");
    isToldEverywhere(report, {"not_reachable"});
    const std::string text = textOf(report, ReportLanguage::English);
    BOOST_TEST(text.find("? housing/permits/outbox: asked for since, and failed: full 2: stopped; 06:30-06:40; 0 read: "
                         "not_reachable, sftp.example: no answer\n"
                         "    Next step: ask the department · caseway sync show 2\n") != std::string::npos,
               text);
    BOOST_TEST(cellOf(report, "state") == "\"on_time\"");
    BOOST_TEST(cellOf(report, "failed_since") == "\"full 2 stopped\"");
    BOOST_TEST(cellOf(report, "failed_since_trouble") == "\"not_reachable\"");
}

BOOST_AUTO_TEST_CASE(a_run_under_way_behind_a_good_one_is_told) {
    Nights nights;
    nights.connectors = {{kOutbox, "", {}}};
    nights.add(run(0, "26 01:30 done 26 01:40"), {5, 0, 0, 0, 0});
    nights.add(run(0, "full 26 06:30 running"));
    const MorningReport report = nights.make();
    BOOST_TEST(nameOf(only(report).verdict.state) == "on_time");
    const std::string text = textOf(report, ReportLanguage::English);
    BOOST_TEST(text.find("? housing/permits/outbox: running\n"
                         "    Next step: caseway sync status; caseway sync show 2\n") != std::string::npos,
               text);
    nights.add(run(0, "26 06:50 done 26 06:55"), {5, 0, 0, 0, 0});
    BOOST_TEST(textOf(nights.make(), ReportLanguage::English).find("outbox: running\n") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_retry_that_failed_says_why) {
    Nights nights;
    nights.connectors = {{kOutbox, "", schedule("30 1 * * *")}};
    nights.add(run(0, "26 01:30 done 26 01:40"), {5, 0, 0, 0, 0});
    nights.add(run(0, "retry 26 06:30 stopped 26 06:40"));
    const MorningReport report = nights.make();
    BOOST_TEST(only(report).verdict.failed_since == 0U);
    const std::string text = textOf(report, ReportLanguage::English);
    BOOST_TEST(
        text.find("retry 2: stopped; 06:30-06:40; 0 read: not_reachable, sftp.example: no answer") != std::string::npos,
        text);
    BOOST_TEST(jsonOf(report).find(R"("state":"stopped","trouble":{"code":"not_reachable")") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_failed_is_told_until_one_is_good_again) {
    const struct {
        const char* what;
        std::vector<const char*> runs;
        RunNo failed_since;
    } cases[] = {
        {"nothing since", {"26 01:30 done 26 01:40"}, 0},
        {"failed before", {"26 01:30 stopped 26 01:40", "26 01:45 done 26 01:50"}, 0},
        {"failed since", {"26 01:30 done 26 01:40", "26 06:00 stopped 26 06:01"}, 2},
        {"in part", {"26 01:30 done 26 01:40", "since 26 06:00 partial 26 06:01"}, 2},
        {"failed, then good", {"26 01:30 done 26 01:40", "26 06:00 stopped 26 06:01", "26 06:10 done 26 06:11"}, 0},
        {"failed, then tried again now",
         {"26 01:30 done 26 01:40", "26 06:00 stopped 26 06:01", "26 07:00 running"},
         2},
        {"a person ended it", {"26 01:30 done 26 01:40", "26 06:00 cancelled 26 06:01"}, 0},
        {"failed twice", {"26 01:30 done 26 01:40", "26 06:00 stopped 26 06:01", "26 06:10 overdue 26 06:11"}, 3},
        {"nothing was good", {"26 01:30 stopped 26 01:40", "26 06:00 stopped 26 06:01"}, 0},
    };
    for (const auto& one : cases) {
        Nights nights;
        nights.connectors = {{kOutbox, "", schedule("30 1 * * *")}};
        for (const char* text : one.runs) nights.add(run(0, text));
        BOOST_TEST(only(nights.make()).verdict.failed_since == one.failed_since, one.what);
    }
}

BOOST_AUTO_TEST_SUITE_END()
