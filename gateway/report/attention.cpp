// gateway/report/attention.cpp - what is missing, what is odd.
#include "gateway/report/attention.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "gateway/base/fault.hpp"
#include "gateway/domain/next_steps.hpp"

namespace caseway {
namespace {

/// What a retry read once more is its affair.
ConnectorNight withoutTriedAgain(ConnectorNight one) {
    std::uint64_t& refused = one.counts.records.refused;
    refused -= std::min(refused, one.records_tried_again);
    one.counts.payloads_refused -= std::min(one.counts.payloads_refused, one.payloads_tried_again);
    return one;
}

/// "source_down, 10.1.2.3: no answer"
std::string textOf(const RunTrouble& trouble) {
    return fmt::format("{}{}{}{}{}", trouble.code, trouble.where.empty() ? "" : ", ", trouble.where,
                       trouble.message.empty() ? "" : ": ", trouble.message);
}

/// In the reader's language where it has words for it: of those of whoever was in trouble only the commands are left,
/// so that no sentence is in two languages. What is to be done about a run that was given up is what is to be done
/// about the fault that lasted. `number`: of the run; 0: of none.
std::string nextStepOf(const RunTrouble& trouble, const std::string& connector, RunNo number,
                       const ReportWords& words) {
    const auto named = [&](std::string_view step) { return namedStep(step, connector, number); };
    const bool is_full = trouble.kind == "store" && trouble.code == nameOf(FaultCode::StoreUnavailable);
    if (is_full && !words.store_advice.empty())  // the code's own advice is for who sends
        return withCommandsOf(std::string(words.store_advice), named(trouble.next_step));
    std::string step(words.advice_on(trouble.cause));
    if (step.empty()) step = words.advice_on(trouble.code);
    if (step.empty()) return named(trouble.next_step);
    return withCommandsOf(named(step), named(trouble.next_step));
}

AttentionLine missing(const ConnectorNight& one, const ReportWords& words) {
    AttentionLine line{
        one.connector, std::string(words.of(one.verdict.state)), {}, one.verdict.state > NightState::Late};
    if (const auto& trouble = one.verdict.trouble) {
        line.what += ": " + textOf(*trouble);
        line.next_step = nextStepOf(*trouble, one.connector, one.verdict.troubled, words);
    }
    if (line.next_step.empty())
        line.next_step = one.runs.empty() ? "caseway sync status; caseway sync run " + one.connector
                                          : fmt::format("caseway sync show {}", one.runs.back());
    return line;
}

/// What is not over yet may stand still: from when on, and where to look.
AttentionLine unsettled(const ConnectorNight& one, const MorningReport& report, const ReportWords& words) {
    const NightVerdict& verdict = one.verdict;
    AttentionLine line{one.connector, std::string(words.of(verdict.state)), {}, false};
    if (verdict.planned) line.what += fmt::format("; {} {}", words.planned, shortTime(verdict.planned, report, words));
    if (verdict.state == NightState::Running)
        line.what += fmt::format("; {} {}", words.began, shortTime(verdict.started, report, words));
    line.next_step = "caseway sync status";
    return line;
}

/// The night is good without it; nobody knows yet how it ends, nor whether it can, where the gateway is down.
AttentionLine stillUnderWay(const ConnectorNight& one, const ReportWords& words) {
    return {one.connector, std::string(words.of(NightState::Running)),
            fmt::format("caseway sync status; caseway sync show {}", one.verdict.under_way), false};
}

/// It has not ended, so nothing else tells of what is in its way.
AttentionLine waitLine(const ConnectorNight& one, const MorningReport& report, const ReportWords& words) {
    const RunWait& wait = *one.wait;
    AttentionLine line{
        one.connector,
        fmt::format("{}; {}: {}", words.of(one.verdict.state), textOf(wait, report, words), textOf(wait.trouble)),
        nextStepOf(wait.trouble, one.connector, one.verdict.under_way, words), wait.trouble.kind == "store"};
    line.next_step += line.next_step.empty() ? "caseway sync status" : " · caseway sync status";
    return line;
}

/// The last runs that had something refused which no retry has read since; they name it.
std::string showRefused(const ConnectorNight& one) {
    constexpr std::size_t kShown = 3;
    std::string step;
    for (std::size_t i = one.refused_in.size() - std::min(one.refused_in.size(), kShown); i < one.refused_in.size();
         ++i)
        step += fmt::format("{}caseway sync show {}", step.empty() ? "" : "; ", one.refused_in[i]);
    return step;
}

AttentionLine refusedRecords(const ConnectorNight& one, const ReportWords& words) {
    const std::uint64_t refused = one.counts.records.refused, read = one.counts.records.total();
    return {one.connector, fmt::format("{}: {} / {}", words.records_refused, refused, read), showRefused(one),
            refused == read};
}

AttentionLine circuitLine(const ConnectorNight& one, const MorningReport& report, const ReportWords& words) {
    const OpenCircuit& circuit = *one.circuit;
    return {one.connector,
            fmt::format(fmt::runtime(words.circuit_open), circuit.failed, circuit.code,
                        shortTime(circuit.until, report, words)),
            "caseway sync status; caseway sync run " + one.connector, false};
}

AttentionLine doubledRecords(const ConnectorNight& one, const ReportWords& words) {
    const RunCounts& counts = one.counts;
    return {one.connector,
            fmt::format("{}: {} / {} ({} {})", words.records_doubled, counts.doubled, counts.read, words.such_as,
                        counts.doubled_such),
            fmt::format("{} · caseway sync run {} --reconcile", words.records_doubled_advice, one.connector), false};
}

AttentionLine failureLine(const ConnectorNight& one, std::string_view title, const RunBeside& run,
                          const std::string& command, const MorningReport& report, const ReportWords& words) {
    AttentionLine line{one.connector, fmt::format("{}: {}", title, textOf(run, report, words)), command, false};
    if (!run.trouble) return line;
    line.what += ": " + textOf(*run.trouble);
    if (const std::string step = nextStepOf(*run.trouble, one.connector, run.number, words); !step.empty())
        line.next_step = step + " · " + command;
    return line;
}

/// What nobody planned may have failed too.
AttentionLine besideLine(const ConnectorNight& one, const RunBeside& run, const MorningReport& report,
                         const ReportWords& words) {
    const bool ended_well = run.state == RunState::Done && run.refused + run.payloads_refused == 0;
    return failureLine(one, words.beside, run,
                       fmt::format("caseway sync {} {}", ended_well ? "report" : "show", run.number), report, words);
}

bool needsSomebody(const RunBeside& run) {
    const bool is_apart = run.sides && run.sides->agreement >= Agreement::Marked;
    const bool has_ended_well =  // of what a person cancelled nothing is told, as of a planned run
        run.state == RunState::Done || run.state == RunState::Running || run.state == RunState::Cancelled;
    return !has_ended_well || run.refused + run.payloads_refused != 0 || is_apart;
}

std::string driftText(const ConnectorNight& one, const ReportWords& words) {
    std::string text(words.drift);
    for (std::size_t i = 0; i < one.drift.size() && i < 5; ++i) text += (i == 0 ? ": " : ", ") + one.drift[i].name;
    return one.drift.size() > 5 ? text + fmt::format(" … ({})", one.drift.size()) : text;
}

}  // namespace

std::vector<AttentionLine> attentionOf(const MorningReport& report, const ReportWords& words) {
    std::vector<AttentionLine> lines;
    for (const UnsentReport& one : report.unsent)
        lines.push_back({fmt::format("{} ({})", words.title, one.way),
                         fmt::format("{} {} × {}: {}", one.night, words.not_sent, one.attempts, one.why),
                         "caseway doctor", true});
    forEachConnector(report, [&](const DepartmentNight&, const ConnectorNight& night) {
        const ConnectorNight one = withoutTriedAgain(night);
        if (isBad(one.verdict.state)) lines.push_back(missing(one, words));
        if (one.wait)
            lines.push_back(waitLine(one, report, words));
        else if (one.verdict.state == NightState::Running || one.verdict.state == NightState::Waiting)
            lines.push_back(unsettled(one, report, words));
        else if (one.verdict.under_way != 0 && !isBad(one.verdict.state))
            lines.push_back(stillUnderWay(one, words));
        if (one.circuit) lines.push_back(circuitLine(one, report, words));
        if (one.failed_since)
            lines.push_back(failureLine(one, words.failed_since, *one.failed_since,
                                        fmt::format("caseway sync show {}", one.failed_since->number), report, words));
        if (one.counts.records.refused != 0) lines.push_back(refusedRecords(one, words));
        if (one.counts.payloads_refused != 0)
            lines.push_back({one.connector, fmt::format("{}: {}", words.payloads_refused, one.counts.payloads_refused),
                             showRefused(one), false});
        if (one.counts.doubled != 0) lines.push_back(doubledRecords(one, words));
        if (one.never_whole >= kNeverWholeRuns)
            lines.push_back({one.connector, fmt::format("{}: {}", words.never_whole, one.never_whole),
                             std::string(words.never_whole_advice), false});
        if (one.clock_ahead)
            lines.push_back({one.connector,
                             fmt::format("{} {}", one.clock_ahead->count() < 0 ? words.clock_behind : words.clock_ahead,
                                         textOf(std::chrono::abs(*one.clock_ahead), words)),
                             std::string(words.clock_advice), false});
        if (one.waits_long)
            lines.push_back({one.connector, textOf(one.waiting.value(), report, words),
                             namedStep(words.files_wait_advice, one.connector, 0), false});
        if (one.aside)
            lines.push_back(
                {one.connector, textOfAside(*one.aside, report, words), std::string(words.files_aside_advice), false});
        for (const RunBeside& run : one.beside)
            if (needsSomebody(run)) lines.push_back(besideLine(one, run, report, words));
        if (one.volume.jumped)
            lines.push_back({one.connector,
                             fmt::format("{} {} {:g}", one.volume.read, words.jumped, one.volume.median.value_or(0)),
                             {},
                             false});
        if (!one.drift.empty())
            lines.push_back({one.connector, driftText(one, words), "caseway connector test " + one.connector, false});
    });
    std::stable_sort(lines.begin(), lines.end(),
                     [](const AttentionLine& a, const AttentionLine& b) { return a.is_bad && !b.is_bad; });
    return lines;
}

std::string_view nothingOf(const MorningReport& report, const ReportWords& words) {
    bool is_anybody = false;
    forEachConnector(report, [&](const auto&, const ConnectorNight& one) {
        is_anybody = is_anybody || one.verdict.due != 0 || one.verdict.began != 0 || !one.beside.empty();
    });
    return is_anybody ? words.nothing : words.nobody;
}

std::string textOf(const BothSides& sides, const ReportWords& words) {
    const ReconcileCounts& counts = sides.counts;
    std::string text =
        fmt::format("{}: {} {}, {} {}", words.of(sides.agreement), words.source, counts.read, words.ours, counts.ours);
    std::string_view before = "; ";
    const auto add = [&](std::string_view word, std::uint64_t count) {
        if (count != 0) text += fmt::format("{}{} {}", std::exchange(before, ", "), word, count);
    };
    add(words.different, counts.different);
    add(words.missing_here, counts.missing_here);
    add(words.newer_here, counts.newer_here);
    add(words.deleted_here, counts.deleted_here);
    add(words.repeated, counts.repeated);
    add(words.doubled, counts.doubled);
    if (!sides.doubled_such.empty()) text += fmt::format(" ({} {})", words.such_as, sides.doubled_such);
    add(words.missing_there, counts.missing_there);
    add(words.not_compared, counts.not_compared);
    add(words.put_right, sides.put_right);
    add(words.marked, counts.marked);
    add(words.marked_before, sides.marked_before);
    add(words.left, sides.left);
    return text;
}

std::string textOf(const RunBeside& run, const MorningReport& report, const ReportWords& words) {
    std::string text = fmt::format("{} {}: {}; {}; {}", words.of(run.kind), run.number, words.of(run.state),
                                   spanText(run.started, run.ended, report, words),
                                   run.kind == RunKind::Reconcile && run.read == 0 && !run.sides
                                       ? std::string(words.not_compared)
                                       : fmt::format("{} {}", run.read, words.read));
    if (run.refused != 0) text += fmt::format(", {} {}", run.refused, words.refused);
    if (run.payloads_refused != 0) text += fmt::format("; {}: {}", words.payloads_refused, run.payloads_refused);
    if (run.sides) text += "; " + textOf(*run.sides, words);
    return text;
}

std::string textOf(const WaitingFiles& waiting, const MorningReport& report, const ReportWords& words) {
    return fmt::format("{} {} {}", waiting.count, waiting.count == 1 ? words.file_waits : words.files_wait,
                       shortTime(waiting.since, report, words));
}

std::string textOfAside(const WaitingFiles& aside, const MorningReport& report, const ReportWords& words) {
    return fmt::format("{} {} {}", aside.count, aside.count == 1 ? words.file_aside : words.files_aside,
                       shortTime(aside.since, report, words));
}

std::string textOf(std::chrono::seconds time, const ReportWords& words) {
    const auto minutes = time.count() / 60, hours = minutes / 60, days = hours / 24;
    return days != 0    ? fmt::format("{} {} {} {}", days, words.days, hours % 24, words.hours)
           : hours != 0 ? fmt::format("{} {} {} {}", hours, words.hours, minutes % 60, words.minutes)
                        : fmt::format("{} {}", minutes, words.minutes);
}

std::string textOf(const RunWait& wait, const MorningReport& report, const ReportWords& words) {
    const bool is_tried_now = wait.until <= report.made_at;
    return fmt::format("{} {}, {}", words.waits_since, shortTime(wait.since, report, words),
                       is_tried_now ? std::string(words.tries_now)
                                    : fmt::format("{} {}", words.tries_again, shortTime(wait.until, report, words)));
}

std::string shortTime(const std::optional<Instant>& at, const MorningReport& report, const ReportWords& words) {
    if (!at) return std::string(words.none);
    const std::string text = localText(*at, report.zone);
    const std::string day = text.substr(0, 10);
    if (report.night.contains(*at)) return text.substr(11, 5);
    const bool is_this_year = day.substr(0, 4) == textOf(report.night.date).substr(0, 4);
    return (is_this_year ? day.substr(5) : day) + " " + text.substr(11, 5);
}

std::string spanText(const std::optional<Instant>& began, const std::optional<Instant>& ended,
                     const MorningReport& report, const ReportWords& words) {
    const std::string from = shortTime(began, report, words);
    return ended ? from + "-" + shortTime(ended, report, words) : from + std::string(words.not_ended);
}

std::string ruleAdvice(const ConnectorNight& one, std::string_view code, const ReportWords& words) {
    return namedStep(words.advice_on(code), one.connector, one.refused_in.size() == 1 ? one.refused_in.front() : 0);
}

std::string sourceSays(const ConnectorNight& one, const ReportWords& words) {
    return one.counts.source_says ? std::to_string(*one.counts.source_says) : std::string(words.no_count);
}

std::string timesOf(const ConnectorNight& one, const MorningReport& report, const ReportWords& words) {
    return fmt::format("{} × {}: {}", words.ran, one.runs.size(),
                       spanText(one.first_began, one.last_ended, report, words));
}

}  // namespace caseway
