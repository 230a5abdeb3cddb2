// tests/unit/report/report_forms_test.cpp - a report written in each of its forms: page, text, JSON, CSV.
#include <set>

#include "gateway/domain/known_codes.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/report/report_csv.hpp"
#include "gateway/report/report_html.hpp"
#include "gateway/report/report_json.hpp"
#include "gateway/report/report_text.hpp"
#include "tests/unit/report/stored_nights.hpp"

using namespace caseway;
using namespace caseway::report_test;

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

BOOST_AUTO_TEST_CASE(the_chinese_report_says_in_chinese_what_to_do_about_a_code) {
    const std::string advice(knownCode("code_unknown")->advice);
    const MorningReport report = hostileReport();
    for (const auto& text : {textOf(report, ReportLanguage::Chinese), htmlOf(report, ReportLanguage::Chinese)})
        BOOST_TEST(text.find(advice) != std::string::npos, text);
    for (const auto& text : {textOf(report, ReportLanguage::English), htmlOf(report, ReportLanguage::English)})
        BOOST_TEST(text.find(advice) == std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(of_a_run_that_was_given_up_the_chinese_report_says_what_to_do_about_the_fault_that_lasted) {
    Nights nights;
    nights.connectors = {{kOutbox, "", schedule("30 1 * * *")}};
    Run given_up = run(0, "26 01:30 stopped 26 01:40");
    given_up.trouble = RunTrouble{
        "transient", "run_given_up", "", "", "ask them, then: caseway sync run a/b/c (or wait)", "answer_malformed"};
    nights.add(std::move(given_up));
    const std::string text = textOf(nights.make(), ReportLanguage::Chinese);
    BOOST_TEST(text.find(std::string(knownCode("answer_malformed")->advice) + " · caseway sync run a/b/c\n") !=
                   std::string::npos,
               text);
    BOOST_TEST(text.find("ask them") == std::string::npos, text);
    for (const std::string_view code : {"all_refused", "malformed_proof", "row_differs"})  // it stands alone there
        BOOST_TEST(knownCode(code)->advice.find("同上") == std::string_view::npos, code);
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

/// A night that looks whole beside no figure of the source's own is not one that was proved to be.
BOOST_AUTO_TEST_CASE(a_source_that_gives_no_count_is_told) {
    Nights nights;
    nights.connectors = {{kOutbox, "", schedule("30 1 * * *")}};
    nights.add(run(0, "26 01:30 done 26 01:40"), {1, 0, 0, 0, 0});
    MorningReport report = nights.make();
    ConnectorNight& one = report.departments.at(0).connectors.at(0);
    const auto has = [&report](std::string_view words, ReportLanguage language) {
        BOOST_TEST(textOf(report, language).find(words) != std::string::npos, words);
    };
    has("; source says no count", ReportLanguage::English);
    has("; 来源报数 无", ReportLanguage::Chinese);
    BOOST_TEST(htmlOf(report, ReportLanguage::English).find("<td class=\"n\">no count</td>") != std::string::npos);
    one.counts.source_says = 0;
    has("; source says 0", ReportLanguage::English);
    BOOST_TEST(htmlOf(report, ReportLanguage::English).find("no count") == std::string::npos);
    Nights empty;
    empty.connectors = nights.connectors;
    report = empty.make();  // nothing was asked
    BOOST_TEST(textOf(report, ReportLanguage::English).find("no count") == std::string::npos);
    BOOST_TEST(htmlOf(report, ReportLanguage::English).find("no count") == std::string::npos);
}

namespace {

/// A report in which each figure is another number, of five digits.
MorningReport countedReport() {
    std::uint64_t next = 10'007;
    const auto number = [&next] { return next += 11; };
    const auto count = [&](auto& object, auto... members) { ((object.*members = number()), ...); };
    const auto countRecords = [&](RecordCounts& counts) {
        count(counts, &RecordCounts::fresh, &RecordCounts::changed, &RecordCounts::same, &RecordCounts::stale,
              &RecordCounts::refused);
    };
    Nights nights;
    nights.connectors = {{kOutbox, "", schedule("30 1 * * *")}};
    nights.add(run(0, "26 01:30 done 26 01:40"), {1, 0, 0, 0, 0});
    MorningReport report = nights.make();
    ConnectorNight& one = report.departments.at(0).connectors.at(0);
    countRecords(one.counts.records);
    one.counts.read = one.counts.records.total();
    count(one.counts, &RunCounts::payloads, &RunCounts::payloads_refused);
    one.counts.source_says = number();
    one.runs = {number(), number()};
    const auto beside = [&](RunKind kind) {
        RunBeside made;
        made.kind = kind, made.state = RunState::Stopped;
        made.started = at("26 02:00"), made.ended = at("26 02:10");
        count(made, &RunBeside::number, &RunBeside::read, &RunBeside::refused, &RunBeside::payloads_refused);
        return made;
    };
    RunBeside compared = beside(RunKind::Reconcile);
    BothSides& sides = compared.sides.emplace();
    sides.agreement = Agreement::Differ;
    sides.doubled_such = "FZ**01";
    using Counts = ReconcileCounts;
    count(sides, &BothSides::put_right, &BothSides::left, &BothSides::marked_before);
    count(sides.counts, &Counts::read, &Counts::ours, &Counts::different, &Counts::missing_here, &Counts::newer_here,
          &Counts::deleted_here, &Counts::repeated, &Counts::doubled, &Counts::missing_there, &Counts::not_compared,
          &Counts::marked);
    one.compared = compared;
    one.beside = {beside(RunKind::Retry), compared};
    one.failed_since = beside(RunKind::Next);
    one.volume = {number(), {number(), number(), number(), number(), number()}, 0.0, true};
    one.volume.median = static_cast<double>(number());
    one.drift = {{DriftKind::Field, "/case/new", number()}};
    one.refusals.rules = {{"code_unknown", number(), "one of the codes", {}}};
    one.refusals.not_read = number();
    one.never_whole = number();
    one.waiting = WaitingFiles{number(), at("26 01:00")};
    one.waits_long = true;
    one.aside = WaitingFiles{number(), at("26 01:00")};
    one.clock_ahead = std::chrono::hours(30);
    return report;
}

/// All numbers of five digits that a reader sees.
std::set<std::string> numbersIn(const std::string& text) {
    std::set<std::string> found;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = text.find_first_of("0123456789", at);
        if (begin == std::string::npos) break;
        at = std::min(text.find_first_not_of("0123456789", begin), text.size());
        if (at - begin == 5) found.insert(text.substr(begin, at - begin));
    }
    return found;
}

}  // namespace

BOOST_AUTO_TEST_CASE(json_and_table_have_every_figure_of_the_page) {
    const MorningReport report = countedReport();
    const std::string html = htmlOf(report, ReportLanguage::English);
    const auto page = numbersIn(html.substr(html.find("</style>")));  // colours are no figures
    const auto json = numbersIn(jsonOf(report)), table = numbersIn(csvOf(report));
    BOOST_TEST(page.size() >= 30U);
    for (const std::string& number : page) {
        BOOST_TEST(json.contains(number), number << " is not in " << jsonOf(report));
        BOOST_TEST(table.contains(number), number << " is not in " << csvOf(report));
    }
    for (const std::string& number : numbersIn(textOf(report, ReportLanguage::English)))
        BOOST_TEST(page.contains(number), number << " is not on the page");
    for (const std::string& text : {jsonOf(report), csvOf(report)}) {
        BOOST_TEST(text.find("108000") != std::string::npos, text);  // the clock, in seconds
        for (const char* word : {"FZ**01", "/case/new", "code_unknown", "differ", "2026-11-26T01:00:00+08:00"})
            BOOST_TEST(text.find(word) != std::string::npos, word << " is not in " << text);
    }
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

/// As of a night before the installation was there: it said that everybody came.
BOOST_AUTO_TEST_CASE(of_a_night_in_which_nobody_was_due_nobody_is_said_to_have_come) {
    Nights nights;
    nights.connectors = {{kOutbox, "", schedule("30 1 * * *")}};
    nights.connectors.front().since = *parseRfc3339("2026-12-01T00:00:00Z");
    for (const auto language : {ReportLanguage::English, ReportLanguage::Chinese}) {
        const std::string text = textOf(nights.make(), language), words(wordsOf(language).nobody);
        BOOST_TEST(text.find(words) != std::string::npos, text);
        BOOST_TEST(text.find(std::string(wordsOf(language).nothing)) == std::string::npos, text);
    }
    nights.add(run(0, "26 01:30 done 26 01:40"), {5, 0, 0, 0, 0});  // somebody asked for it
    BOOST_TEST(textOf(nights.make(), ReportLanguage::English).find("Nothing: everybody") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_empty_night_is_a_report_too) {
    Nights nights;
    const MorningReport report = nights.make();
    BOOST_TEST(htmlOf(report, ReportLanguage::English).find("Nothing: nobody was due") != std::string::npos);
    BOOST_TEST(jsonOf(report).find("\"departments\":[]") != std::string::npos);
    BOOST_TEST(timesIn(csvOf(report), "\r\n") == 1);
}

BOOST_AUTO_TEST_SUITE_END()
