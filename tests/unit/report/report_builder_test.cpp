// tests/unit/report/report_builder_test.cpp - a night put together from the rows that the store has, and written in
// each of its forms.
#include "gateway/report/report_builder.hpp"

#include "gateway/formats/envelope/stored_pull.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/formats/run/run_document.hpp"
#include "gateway/log/outcome_lines.hpp"
#include "gateway/report/refusal_tally.hpp"
#include "gateway/report/report_html.hpp"
#include "gateway/report/report_json.hpp"
#include "gateway/report/report_text.hpp"
#include "gateway/report/run_sights.hpp"
#include "tests/support/memory_store.hpp"
#include "tests/unit/report/report_fixture.hpp"

using namespace caseway;
using namespace caseway::report_test;

namespace {

constexpr const char* kOutbox = "housing/permits/outbox";

/// A store with runs, as a gateway leaves it.
struct Nights {
    testing::MemoryStore store;
    std::vector<ReportedConnector> connectors;
    LogIndex next_index = 0;
    std::string payload = "rows.json";  ///< the name of those that are added

    void add(Run run, RecordCounts counts = {}, std::vector<Refusal> refusals = {}) {
        const auto writer = store.beginWrite();
        const RunNo number = writer->putRun({0, run.connector, run.ended_at.has_value(), "{}"});
        run.number = number;
        run.counts.records = counts;
        run.counts.read = counts.total();
        run.counts.payloads = 1;
        run.log_index = run.ended_at ? std::optional<LogIndex>(1) : std::nullopt;
        MessageRow row;
        row.index = next_index++;
        row.sender = run.system;
        row.message_id = MessageId::fromBytes({static_cast<std::uint8_t>(row.index + 1)});
        row.outcome = counts.refused != 0 ? MessageOutcome::Partial : MessageOutcome::Accepted;
        row.counts = counts;
        OutcomeLines lines;
        for (std::size_t i = 0; i < refusals.size(); ++i)
            lines.add(i + 1, RecordOutcome::Refused, "", {}, &refusals[i]);
        writer->putMessage(row);
        writer->putOutcomeLines(row.index, lines.take());
        MessageHeader header;
        header.message_id = *row.message_id;
        header.sender = run.system;
        header.receiver = "center/gateway";
        header.sent_at_text = "2026-11-26T01:30:00Z";
        header.mapping = "m";
        writer->putEnvelope(
            row.index, {storedPull({header, run.connector, number, 1, 1, payload, "application/json"}) + "[]", {}});
        writer->putRunPage({number, 1, jsonOf(RunPage{number, 1, {row.index}, {}})});
        writer->putRun({number, run.connector, run.ended_at.has_value(), jsonOf(run)});
        writer->commit();
    }
    MorningReport make(const std::string& now = "26 07:30", int day = 26) {
        return ReportBuilder(store.reader(), {"center/gateway", shanghai(), std::chrono::minutes(30)})
            .make(connectors, night(day).date, at(now));
    }
};

const ConnectorNight& only(const MorningReport& report) {
    BOOST_REQUIRE(report.departments.size() == 1 && report.departments[0].connectors.size() == 1);
    return report.departments[0].connectors[0];
}

Refusal refusal(const std::string& code, const std::string& where = "status") {
    return {
        code, where, "9***9 (3)", "one of the codes", "map it in `codes`", {}, {{"too_long", "x", "", "", "", {}, {}}}};
}

}  // namespace

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

BOOST_AUTO_TEST_CASE(a_run_from_before_the_night_stands_for_a_planned_one_and_adds_nothing) {
    Nights nights;
    nights.connectors = {{kOutbox, "", schedule("30 1 * * *")}};
    nights.add(run(0, "25 11:00 done 26 02:00"), {500, 0, 0, 0, 0});
    const MorningReport report = nights.make();
    BOOST_TEST((only(report).verdict.state == NightState::OnTime));
    BOOST_TEST(only(report).counts.read == 0);
    BOOST_TEST(only(report).runs.empty());
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
                             R"(","read":4003,"refused":3,"run":4,)") != std::string::npos,
                   json);
        BOOST_TEST(csv.find("\"" + kind + " 4 done\"") != std::string::npos, csv);
        BOOST_TEST(text.find(" 4: done; 03:00-03:10; 4003 read, 3 refused") != std::string::npos, text);
        BOOST_TEST(text.find("caseway sync show 4") != std::string::npos, text);
        BOOST_TEST(htmlOf(report, ReportLanguage::Chinese).find(kind == "retry" ? "重试 4: 完成" : "对账 4: 完成") !=
                   std::string::npos);
    }
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

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(ReportForms)

namespace {

constexpr const char* kHostile = "=cmd|'/c calc'!A0 <script>alert(1)</script> \"onload='x' \xE2\x80\xAE\x01\xC2\x9B`";

MorningReport hostileReport() {
    Nights nights;
    nights.connectors = {{kOutbox, std::string(kHostile) + "\xFF", schedule("30 1 * * *")}};
    Run bad = run(0, "26 01:30 stopped 26 01:40");
    bad.trouble->message = kHostile;
    bad.trouble->where = "</title><img src=x>";
    bad.trouble->next_step = "@SUM(1)";
    Refusal why = refusal("code_unknown", "</td>&amp;");
    why.rule = kHostile;
    why.value = "<b>";
    nights.add(std::move(bad), {1, 0, 0, 0, 1}, {why});
    return nights.make();
}

std::size_t timesIn(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++count;
    return count;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_page_runs_nothing_loads_nothing_and_lets_no_name_out) {
    for (const ReportLanguage language : {ReportLanguage::Chinese, ReportLanguage::English}) {
        const std::string page = htmlOf(hostileReport(), language);
        for (const char* part : {"<script", "<img", "onload='", " src=\"", " href=\"", "url(", "@import",
                                 "\xE2\x80\xAE", "\x01", "<b>x", "</td>&amp;amp", "http-equiv=\"refresh"})
            BOOST_TEST(page.find(part) == std::string::npos, part);
        BOOST_TEST(timesIn(page, "http") == timesIn(page, "http-equiv") + timesIn(page, "http://www.w3.org/2000/svg"));
        BOOST_TEST(page.find("&lt;script&gt;alert(1)&lt;/script&gt;") != std::string::npos);
        BOOST_TEST(page.find("&lt;/title&gt;&lt;img src=x&gt;") != std::string::npos);
        BOOST_TEST(page.find("default-src 'none'") != std::string::npos);
        BOOST_TEST(timesIn(page, "<svg") >= 1);
        for (const char* tag : {"table", "tr", "td", "svg", "div", "ul", "li", "span", "small", "code"})
            BOOST_TEST(timesIn(page, "<" + std::string(tag) + ">") + timesIn(page, "<" + std::string(tag) + " ") ==
                           timesIn(page, "</" + std::string(tag) + ">"),
                       tag);
    }
}

BOOST_AUTO_TEST_CASE(no_cell_of_the_csv_begins_a_formula) {
    const std::string csv = csvOf(hostileReport());
    BOOST_TEST(csv.starts_with("\xEF\xBB\xBFnight,"));
    BOOST_TEST(timesIn(csv, "\r\n") == 2);
    BOOST_TEST(csv.find("\"'=cmd|") != std::string::npos);
    BOOST_TEST(csv.find("\"'@SUM(1)\"") != std::string::npos);
    BOOST_TEST(csv.find("\"\"onload") != std::string::npos);
    BOOST_TEST(csv.find("\"=") == std::string::npos);
    for (const char* sign : {"＝", "＋", "－", "＠", "=", "-"}) {
        MorningReport wide = hostileReport();
        wide.departments[0].title = sign + std::string("SUM(1)");
        BOOST_TEST(csvOf(wide).find("\"'" + wide.departments[0].title) != std::string::npos, sign);
    }
    const std::string header = csv.substr(0, csv.find("\r\n"));
    BOOST_TEST(timesIn(header, ",") == timesIn(csv.substr(header.size()), "\",\""));
}

BOOST_AUTO_TEST_CASE(the_json_is_json_with_the_figures_of_the_report) {
    JsonTree tree;
    const std::string json = jsonOf([] {
        Nights nights;
        nights.connectors = {{kOutbox, "房", schedule("30 1 * * *")}};
        nights.add(run(0, "26 01:30 done 26 01:40"), {1, 2, 3, 4, 1}, {refusal("code_unknown")});
        return nights.make();
    }());
    const auto root = parseJson(json, JsonLimits{}, tree);
    BOOST_REQUIRE(root.ok());
    BOOST_TEST((*root)->find("night")->text == "2026-11-26");
    BOOST_TEST((*root)->find("begins")->text == "2026-11-25T12:00:00+08:00");
    const JsonValue& one = (*root)->find("departments")->items[0].find("connectors")->items[0];
    BOOST_TEST(one.find("state")->text == "on_time");
    BOOST_TEST(one.find("counts")->find("read")->text == "11");
    BOOST_TEST(one.find("refusals")->items[0].find("examples")->items[0].find("record")->text == "1");
    std::string canonical;
    appendCanonical(**root, canonical);
    BOOST_TEST(canonical == json);
}

BOOST_AUTO_TEST_CASE(the_text_says_what_to_do_and_nothing_that_a_terminal_acts_upon) {
    const std::string text = textOf(hostileReport(), ReportLanguage::English);
    BOOST_TEST(text.find("! housing/permits/outbox: partial: not_reachable") != std::string::npos);
    BOOST_TEST(text.find("Next step: @SUM(1)") != std::string::npos);
    for (const char* part : {"\x01", "\xE2\x80\xAE", "\xC2\x9B", "\xFF"})
        BOOST_TEST(text.find(part) == std::string::npos, part);
    BOOST_TEST(subjectOf(hostileReport(), ReportLanguage::English) == "Caseway center/gateway 2026-11-26: 1 partial");
    BOOST_TEST(textOf(hostileReport(), ReportLanguage::Chinese).find("不完整") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(calm_words_stand_only_where_nobody_has_to_look) {
    struct {
        const char* what;
        const char* run;
        const char* now;
        RecordCounts counts;
        const char* expected;
    } const cases[] = {
        {"done", "26 01:30 done 26 01:40", "26 07:30", {5, 0, 0, 0, 0}, "Nothing: everybody who was due came"},
        {"running for hours",
         "26 01:30 running",
         "26 07:30",
         {},
         "? housing/permits/outbox: running; Planned 01:30; since 01:30"},
        {"waited for", nullptr, "26 01:45", {}, "? housing/permits/outbox: waiting; Planned 01:30"},
        {"some refused",
         "26 01:30 done 26 01:40",
         "26 07:30",
         {5, 0, 0, 0, 2},
         "? housing/permits/outbox: records refused: 2 / 7"},
        {"all refused",
         "26 01:30 done 26 01:40",
         "26 07:30",
         {0, 0, 0, 0, 7},
         "! housing/permits/outbox: records refused: 7 / 7"},
    };
    for (const auto& one : cases) {
        Nights nights;
        nights.connectors = {{kOutbox, "", schedule("30 1 * * *")}};
        if (one.run != nullptr) nights.add(run(0, one.run), one.counts);
        const std::string text = textOf(nights.make(one.now), ReportLanguage::English);
        BOOST_TEST(text.find(one.expected) != std::string::npos, one.what << ": " << text);
        BOOST_TEST((text.find("Nothing:") == std::string::npos) == (one.what != std::string("done")), one.what);
    }
}

BOOST_AUTO_TEST_CASE(a_refusal_of_a_payload_as_a_whole_has_no_record_number) {
    MorningReport report = hostileReport();
    RefusalTally& tally = report.departments[0].connectors[0].refusals;
    BOOST_TEST(textOf(report, ReportLanguage::English).find("record 1:") != std::string::npos);
    tally.rules[0].examples[0].record = 0;
    BOOST_TEST(textOf(report, ReportLanguage::English).find("record 0") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(names_that_a_connector_gave_its_payloads_are_masked_where_they_may_be_a_persons) {
    Nights nights;
    nights.payload = "440232199001011234.json";
    nights.add(run(0, "26 01:30 done 26 01:40"), {0, 0, 0, 0, 1}, {refusal("code_unknown")});
    const MorningReport report = nights.make();
    BOOST_TEST(only(report).refusals.rules.at(0).examples.at(0).payload.find("199001") == std::string::npos);
    BOOST_TEST(jsonOf(report).find("199001") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_empty_night_is_a_report_too) {
    Nights nights;
    const MorningReport report = nights.make();
    BOOST_TEST(htmlOf(report, ReportLanguage::English).find("Nothing: everybody") != std::string::npos);
    BOOST_TEST(jsonOf(report).find("\"departments\":[]") != std::string::npos);
    BOOST_TEST(timesIn(csvOf(report), "\r\n") == 1);
}

BOOST_AUTO_TEST_SUITE_END()
