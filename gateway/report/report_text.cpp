// gateway/report/report_text.cpp - lines.
#include "gateway/report/report_text.hpp"

#include <fmt/format.h>

#include <map>

#include "gateway/formats/text/said_text.hpp"
#include "gateway/report/attention.hpp"
#include "gateway/report/html_text.hpp"

namespace caseway {
namespace {

/// "4 read = 1 new + …"; in Chinese the word stands first.
std::string sumsOf(const RunCounts& counts, const ReportWords& words) {
    const auto figure = [&](std::uint64_t count, std::string_view word) {
        return words.tag.starts_with("zh") ? fmt::format("{} {}", word, count) : fmt::format("{} {}", count, word);
    };
    const RecordCounts& records = counts.records;
    return fmt::format("{} = {} + {} + {} + {} + {}", figure(counts.read, words.read),
                       figure(records.fresh, words.fresh), figure(records.changed, words.changed),
                       figure(records.same, words.same), figure(records.stale, words.stale),
                       figure(records.refused, words.refused));
}

std::string connectorLine(const ConnectorNight& one, const MorningReport& report, const ReportWords& words) {
    const NightVerdict& verdict = one.verdict;
    std::string line = fmt::format("  {}: {}", shownLine(one.connector), words.of(verdict.state));
    if (verdict.by_blackout) line += fmt::format(" ({})", words.blackout);
    if (verdict.planned) line += fmt::format("; {} {}", words.planned, shortTime(verdict.planned, report, words));
    if (verdict.started)
        line += fmt::format("; {} {}", words.ran, spanText(verdict.started, verdict.ended, report, words));
    if (verdict.began != 0) line += "\n    " + sumsOf(one.counts, words);
    if (one.runs.size() > 1) line += "; " + timesOf(one, report, words);
    if (verdict.began != 0) line += fmt::format("; {} {}", words.source_says, sourceSays(one, words));
    if (one.wait)
        line += fmt::format("\n    {}: {}", textOf(*one.wait, report, words), shownLine(one.wait->trouble.code));
    if (one.waiting) line += "\n    " + textOf(*one.waiting, report, words);
    if (one.aside) line += "\n    " + textOfAside(*one.aside, report, words);
    if (one.failed_since)
        line += fmt::format("\n    {}: {}", words.failed_since, textOf(*one.failed_since, report, words));
    for (const RunBeside& run : one.beside)
        line += fmt::format("\n    {}: {}", words.beside, textOf(run, report, words));
    if (const auto& compared = one.compared)  // its figures stand where its night's runs do
        line += fmt::format("\n    {}: {} ({} {}, {})", words.both_sides, words.of(compared->sides->agreement),
                            words.of(compared->kind), compared->number, shortTime(compared->ended, report, words));
    line +=
        fmt::format("\n    {} {}; {} {}; {} {}\n", words.last_good,
                    one.last_good ? shortTime(one.last_good, report, words) : std::string(words.never), words.newest,
                    shortTime(one.newest, report, words), words.next, shortTime(one.next, report, words));
    return line;
}

void appendRefusals(const ConnectorNight& one, const ReportWords& words, std::string& text) {
    for (const RuleCount& rule : one.refusals.rules) {
        text +=
            fmt::format("  {}: {} × {} ({})\n", shownLine(one.connector), rule.count, rule.code, shownLine(rule.rule));
        if (const auto advice = ruleAdvice(one, rule.code, words); !advice.empty())
            text += fmt::format("    {}\n", advice);
        for (const RefusalExample& example : rule.examples)
            text += fmt::format("    {} {} {}{}: {} {}\n", words.message, example.message, shownLine(example.payload),
                                example.record == 0 ? "" : fmt::format(" {} {}", words.record, example.record),
                                shownLine(example.where), shownLine(example.value));
    }
    if (one.refusals.not_read != 0)
        text += fmt::format("  {}: {} {}\n", shownLine(one.connector), one.refusals.not_read, words.not_read);
}

}  // namespace

std::string textOf(const MorningReport& report, ReportLanguage language) {
    const ReportWords& words = wordsOf(language);
    std::string text =
        fmt::format("{} · {}\n{} {}: {} – {}\n{} {}{}\n\n{}\n", words.title, report.gateway, words.night,
                    textOf(report.night.date), localText(report.night.begin, report.zone),
                    localText(report.night.end, report.zone), words.made, localText(report.made_at, report.zone),
                    report.is_over ? "" : fmt::format(" ({})", words.so_far), words.attention);
    const auto lines = attentionOf(report, words);
    if (lines.empty()) text += fmt::format("  {}\n", nothingOf(report, words));
    for (const AttentionLine& line : lines) {
        text += fmt::format("  {} {}: {}\n", line.is_bad ? "!" : "?", shownLine(line.connector), shownLine(line.what));
        if (!line.next_step.empty()) text += fmt::format("    {}: {}\n", words.next_step, shownLine(line.next_step));
    }
    for (const DepartmentNight& department : report.departments) {
        text +=
            fmt::format("\n{}{}: {}\n", shownLine(department.name),
                        department.title.empty() ? "" : " " + shownLine(department.title), words.of(department.state));
        for (const ConnectorNight& one : department.connectors) text += connectorLine(one, report, words);
    }
    std::string refusals;
    forEachConnector(report, [&](const auto&, const ConnectorNight& one) { appendRefusals(one, words, refusals); });
    if (!refusals.empty()) text += fmt::format("\n{}\n{}", words.refusals, refusals);
    return text;
}

std::string subjectOf(const MorningReport& report, ReportLanguage language) {
    const ReportWords& words = wordsOf(language);
    std::map<NightState, std::size_t, std::greater<>> states;  // the worst first
    forEachConnector(report, [&](const auto&, const ConnectorNight& one) { ++states[one.verdict.state]; });
    std::string counts;
    for (const auto& [state, count] : states)
        counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", count, words.of(state));
    return fmt::format("Caseway {} {}: {}", report.gateway, textOf(report.night.date), counts);
}

}  // namespace caseway
