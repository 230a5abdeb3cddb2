// gateway/cli/run_text.cpp - columns and lines.
#include "gateway/cli/run_text.hpp"

#include <fmt/format.h>

#include "gateway/base/base64.hpp"
#include "gateway/base/counted.hpp"
#include "gateway/base/peoples_time.hpp"
#include "gateway/cli/admin_client.hpp"
#include "gateway/cli/refusal_text.hpp"
#include "gateway/formats/envelope/stored_pull.hpp"
#include "gateway/formats/run/run_document.hpp"
#include "gateway/formats/text/said_text.hpp"
#include "gateway/log/outcome_lines.hpp"
#include "gateway/log/payload_refusal.hpp"
#include "gateway/pipeline/message_counts.hpp"
#include "gateway/sync/run_trouble.hpp"

namespace caseway {
namespace {

constexpr std::size_t kPagesAtOnce = 100;

/// Why a message is parked, as its answer keeps it.
std::string ruleOf(const MessageRow& message) {
    JsonTree tree;
    const std::string answer = "{" + message.answer + "}";
    const auto root = parseJson(answer, JsonLimits{}, tree);
    const JsonValue* const refusals = root ? (*root)->find("refusals") : nullptr;
    for (std::uint32_t i = 0; refusals != nullptr && i < refusals->count; ++i)
        if (isParkedCode(textIn(refusals->items[i], "code"))) return textIn(refusals->items[i], "rule");
    return {};
}

/// As the connector called it.
std::string nameOfPayload(StoreReader& reader, LogIndex index) {
    const auto envelope = reader.envelope(index);
    const auto stored = envelope ? readStoredPull(envelope->head) : Result<StoredPull>(Refusal{});
    return stored ? stored->head.name : "?";
}

}  // namespace

std::string durationOf(const Run& run, Instant now) {
    const auto time = run.ended_at.value_or(now) - run.started_at;
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time).count();
    if (seconds < 60)
        return fmt::format("{:.1f} s", std::chrono::duration_cast<std::chrono::duration<double>>(time).count());
    if (seconds < 3600) return fmt::format("{} min {} s", seconds / 60, seconds % 60);
    return fmt::format("{} h {} min", seconds / 3600, seconds % 3600 / 60);
}

namespace {

/// A run of which nothing came, and of which nobody knows what there is.
bool hasCompared(const Run& run) {
    return run.reconciliation && (run.reconciliation->counts.read != 0 || !run.reconciliation->report.empty());
}

/// Of a reconciliation what it compared: what it read into our books is what it put right.
std::string readOf(const Run& run) {
    if (run.kind != RunKind::Reconcile) return fmt::format("{} read", run.counts.read);
    return hasCompared(run) ? fmt::format("{} compared", run.reconciliation->counts.read) : "not compared";
}

std::string differencesOf(const Run& run) {
    if (!hasCompared(run)) return "not compared";
    const ReconcileCounts& counts = run.reconciliation->counts;
    return fmt::format("{:>9} compared: {} different, {} missing here, {} missing there", counts.read, counts.different,
                       counts.missing_here, counts.missing_there);
}

std::string sumsOf(const RunCounts& counts) {
    return fmt::format("{:>9} read = {} new + {} changed + {} same + {} stale + {} refused", counts.read,
                       counts.records.fresh, counts.records.changed, counts.records.same, counts.records.stale,
                       counts.records.refused);
}

}  // namespace

std::string lineOf(const Run& run, Instant now) {
    const RunCounts& counts = run.counts;
    return fmt::format("{:>6}  {}  {:<32} {:<9} {}  {}{}", run.number, peoplesTime(run.started_at), run.connector,
                       nameOf(run.state), run.kind == RunKind::Reconcile ? differencesOf(run) : sumsOf(counts),
                       durationOf(run, now),
                       (counts.parked == 0 ? "" : fmt::format("  {} parked", counts.parked)) +
                           (run.trouble ? "  " + run.trouble->code : ""));
}

namespace {

std::string describe(const Reconciliation& reconciliation, RunNo number) {
    const ReconcileCounts& counts = reconciliation.counts;
    std::string text = fmt::format(
        "source        {} read = {} same + {} different + {} missing here + {} newer here + {} deleted here + {} "
        "repeated "
        "+ {} refused\nours          {} = {} there too + {} missing there + {} not compared\n"
        "vanished      {} marked, {} seen again; at most {} at once\nrepair        {}\n",
        counts.read, counts.same, counts.different, counts.missing_here, counts.newer_here, counts.deleted_here,
        counts.repeated, counts.refused, counts.ours, counts.both, counts.missing_there, counts.not_compared,
        counts.marked, counts.returned, reconciliation.order.vanished_at_most.text(),
        nameOf(reconciliation.order.repair));
    if (counts.doubled != 0)
        text += fmt::format(
            "doubled       {} of those repeated say otherwise than the first of their number and are no newer, such as "
            "{}; the last one of the set stands: ask the department which is right (caseway sync report {} names "
            "them)\n",
            counts.doubled, reconciliation.doubled_such, number);
    if (!reconciliation.report.empty()) text += fmt::format("report        {}\n", reconciliation.report);
    return text;
}

}  // namespace

std::string whyOf(const Run& run) {
    if (!run.trouble) return {};
    const RunTrouble& trouble = *run.trouble;
    std::string text = fmt::format("        {}: {}{}{}\n", trouble.code, trouble.where,
                                   trouble.where.empty() ? "" : ": ", trouble.message);
    if (!trouble.next_step.empty()) text += fmt::format("        next step: {}\n", trouble.next_step);
    return text;
}

bool tookNothing(const Run& run) {
    return run.state == RunState::Done && run.counts.read != 0 && run.counts.records.refused == run.counts.read;
}

/// Of a run that is a success otherwise.
static std::string doubledOf(const Run& run) {
    if (run.counts.doubled == 0) return {};
    return fmt::format(", {} of them {} a number with other words, such as {}; next step: caseway sync show {}",
                       run.counts.doubled, run.counts.doubled == 1 ? "doubles" : "double", run.counts.doubled_such, run.number);
}

std::string nextOfRefused(const Run& run) {
    return run.number == 0 ? std::string("caseway connector test shows why")
                           : fmt::format("caseway sync show {} names them", run.number);
}

std::string resultOf(const std::string& connector, const std::optional<Run>& run, const std::string& why,
                     const std::string& next) {
    const std::string first = next.empty() ? "" : next + "; ";
    if (!run) return fmt::format("{}: not begun: {}; next step: {}caseway sync status", connector, why, first);
    const std::string read = readOf(*run);
    if (!why.empty() && run->number == 0)
        return fmt::format("{}: unfinished, {}: {}; next step: run it again", connector, read, why);
    if (!why.empty())
        return fmt::format(
            "{}: unfinished, {}: {}; next step: {}it goes on at page {} when the gateway does: caseway sync "
            "show {}",
            connector, read, why, first, run->pages + 1, run->number);
    if (run->state == RunState::Done) {
        const std::uint64_t refused = run->counts.records.refused;
        if (refused == 0) return fmt::format("{}: ok, {}{}", connector, read, doubledOf(*run));
        return fmt::format("{}: {}, {}, {} refused; next step: {}", connector,
                           tookNothing(*run) ? "partial: nothing was taken" : "ok", read, refused, nextOfRefused(*run));
    }
    const std::string parked = run->counts.parked == 0 ? "" : fmt::format(", {} parked", run->counts.parked);
    const std::string end = run->state == RunState::Stopped ? "failed" : std::string(nameOf(run->state));
    std::string line = fmt::format("{}: {}, {}{}", connector, end, read, parked);
    if (!run->trouble) return line;
    line +=
        fmt::format(": {}{}{}", run->trouble->code, run->trouble->message.empty() ? "" : ": ", run->trouble->message);
    return line + (run->trouble->next_step.empty() ? "" : "; next step: " + run->trouble->next_step);
}

std::string partialOf(const Run& run) {
    if (sawTheEnd(run)) return {};
    const std::string pages =
        run.pages == 0 ? "nothing was" : fmt::format("the counts are of {}", counted(run.pages, "page"));
    const std::string why = run.trouble                      ? run.trouble->code
                            : run.state == RunState::Running ? "the gateway stopped"
                                                             : std::string(nameOf(run.state));
    return fmt::format("partial       {} read before it ended: {}\n", pages, why);
}

std::string describe(const Run& run, Instant now) {
    const RunCounts& counts = run.counts;
    std::string text = fmt::format(
        "run           {}\nconnector     {}\nkind          {}\nstate         {}\nbegan         {}\ntook          {}\n"
        "pages         {}\npayloads      {}{}\n",
        run.number == 0 ? "none (dry)" : std::to_string(run.number), run.connector, nameOf(run.kind), nameOf(run.state),
        peoplesTime(run.started_at), durationOf(run, now), run.pages, counts.payloads,
        counts.payloads_refused == 0
            ? ""
            : fmt::format(" ({} of them refused as a whole or broken off)", counts.payloads_refused));
    text += fmt::format("records       {} read = {} new + {} changed + {} same + {} stale + {} refused\n", counts.read,
                        counts.records.fresh, counts.records.changed, counts.records.same, counts.records.stale,
                        counts.records.refused);
    if (run.of != 0) text += fmt::format("of run        {}\n", run.of);
    if (counts.parked != 0) text += fmt::format("parked        {}\n", counted(counts.parked, "payload"));
    if (counts.doubled != 0)
        text += fmt::format(
            "doubled       {} otherwise than another one of {} number in this run, and neither is newer, "
            "such as {}; the last one stands: ask the department which is right; a reconciliation (caseway sync run {} "
            "--reconcile) names them all\n",
            counts.doubled == 1 ? "1 record says" : counted(counts.doubled, "record") + " say",
            counts.doubled == 1 ? "its" : "their", counts.doubled_such, run.connector);
    if (counts.source_says)
        text += fmt::format("source says   {} in all\n", *counts.source_says);
    else if (run.kind != RunKind::Retry && sawTheEnd(run))
        text += "source says   no count: whether all that it has came cannot be proved\n";
    if (run.reconciliation) text += describe(*run.reconciliation, run.number);
    if (run.reconciliation && run.ended_at && run.reconciliation->report.empty())
        text += "compared      not to the end: no case of ours was looked for, nothing is marked\n";
    if (run.resumed != 0)
        text +=
            fmt::format("resumed       taken up again {} (after a stop of the gateway, or a store that took nothing)\n",
                        counted(run.resumed, "time"));
    if (run.ends_by) text += fmt::format("ends by       {}\n", peoplesTime(*run.ends_by));
    if (run.log_index) text += fmt::format("leaf          {}\n", *run.log_index);
    if (run.waiting)
        text += fmt::format("files waiting {}, the oldest since {}: without its ready-marker, empty, or too young\n",
                            run.waiting->count, peoplesTime(run.waiting->since));
    if (run.aside)
        text += fmt::format(
            "error folder  {} of former runs, the oldest since {}; next step: NAME.reason.txt beside each says "
            "why; let the department give them anew, and take them out of there\n",
            counted(run.aside->count, "file"), peoplesTime(run.aside->since));
    if (run.clock_ahead)
        text += fmt::format("clock         the source's is {} (timedatectl shows whether ours is right)\n",
                            clocksText(*run.clock_ahead));
    if (!run.note.empty()) text += fmt::format("note          {}\n", run.note);
    if (run.trouble)
        text += fmt::format("trouble       {} ({}): {}{}{}\n", run.trouble->code, run.trouble->kind, run.trouble->where,
                            run.trouble->where.empty() ? "" : ": ", run.trouble->message);
    return text;
}

namespace {

/// As they are now: of a payload that is still being applied nothing is counted.
RunCounts countsOf(StoreReader& reader, const RunPage& page) {
    RunCounts counts;
    for (const std::uint64_t index : page.messages)
        if (const auto message = reader.message(index)) counts.add(countsOf(reader, *message));
    for (const std::uint64_t index : page.known)
        if (const auto message = reader.message(index)) counts.add(countsOfKnown(reader, *message));
    counts.source_says = page.source_says;
    return counts;
}

std::string lineOf(std::uint64_t number, const RunPage& page, const RunCounts& counts) {
    const std::string leaves = page.messages.empty() ? "none"
                               : page.messages.size() == 1
                                   ? std::to_string(page.messages.front())
                                   : fmt::format("{} to {}", page.messages.front(), page.messages.back());
    return fmt::format(
        "  page {:>6}  {}  {} read = {} new + {} changed + {} same + {} stale + {} refused  leaves {}{}{}", number,
        counted(counts.payloads, "payload"), counts.read, counts.records.fresh, counts.records.changed,
        counts.records.same, counts.records.stale, counts.records.refused, leaves,
        page.known.empty() ? std::string() : fmt::format("  taken before {}", fmt::join(page.known, ", ")),
        counts.source_says ? fmt::format("  source says {}", *counts.source_says) : std::string());
}

std::string jsonOfPage(std::uint64_t number, const RunPage& page, const RunCounts& counts) {
    std::string json = "{\"counts\":";
    appendRunCounts(counts, json);
    if (!page.known.empty()) json += fmt::format(",\"known\":[{}]", fmt::join(page.known, ","));
    json += fmt::format(",\"leaves\":[{}],\"page\":{}}}", fmt::join(page.messages, ","), number);
    return json;
}

}  // namespace

void tellPages(StoreReader& reader, const Run& run, bool as_json, std::ostream& out) {
    for (std::uint64_t after = 0;;) {
        const auto pages = reader.runPages(run.number, after, kPagesAtOnce);
        if (pages.empty()) return;
        after = pages.back().page;
        for (const RunPageRow& row : pages) {
            const auto page = readRunPage(row.body);
            if (!page) continue;
            const RunCounts counts = countsOf(reader, *page);
            out << (as_json ? jsonOfPage(row.page, *page, counts) : lineOf(row.page, *page, counts)) << "\n";
        }
    }
}

std::string parkedOf(StoreReader& reader, const Run& run) {
    std::string text;
    if (run.counts.parked == 0) return text;
    for (std::uint64_t after = 0;;) {
        const auto pages = reader.runPages(run.number, after, kPagesAtOnce);
        if (pages.empty()) return text;
        after = pages.back().page;
        for (const RunPageRow& row : pages) {
            const auto page = readRunPage(row.body);
            for (std::size_t i = 0; page && i < page->messages.size(); ++i) {
                const auto message = reader.message(page->messages[i]);
                if (!message || !isParked(*message)) continue;
                text += fmt::format("  page {}: {}, leaf {}, is parked: {}\n", row.page,
                                    nameOfPayload(reader, page->messages[i]), page->messages[i], ruleOf(*message));
            }
            if (page && page->parked && (!page->parked->from.empty() || !page->parked->next.empty()))
                text += fmt::format("    it lies between the cursors base64:{} and base64:{}\n",
                                    toBase64(bytesOf(page->parked->from)), toBase64(bytesOf(page->parked->next)));
        }
    }
}

namespace {

constexpr std::size_t kRefusedShown = 5, kMessagesLookedAt = 20'000;

/// As the answer keeps it, under this code; the code alone where it keeps none.
Refusal keptRefusal(const MessageRow& message, const std::string& code) {
    JsonTree tree;
    const std::string answer = "{" + message.answer + "}";
    const auto root = parseJson(answer, JsonLimits{}, tree);
    const JsonValue* const refusals = root ? (*root)->find("refusals") : nullptr;
    for (std::uint32_t i = 0; refusals != nullptr && i < refusals->count; ++i) {
        const JsonValue& one = refusals->items[i];
        if (textIn(one, "code") == code && one.find("record") == nullptr)
            return {code, textIn(one, "where"), textIn(one, "value"), textIn(one, "rule"), textIn(one, "hint"), {}};
    }
    return {code, {}, {}, {}, {}, {}};
}

/// Of the message as a whole, or of its first record that was refused.
Refusal refusalOf(StoreReader& reader, const MessageRow& message) {
    if (const auto code = payloadRefusal(reader, message); !code.empty()) return keptRefusal(message, code);
    std::uint64_t part = 0;
    while (const auto lines = reader.nextOutcomePart(message.index, part)) {
        MemorySource source(*lines);
        auto refusals = refusalsIn(source, 1);
        if (!refusals.empty()) return std::move(refusals.front());
    }
    return {"refused", {}, {}, {}, {}, {}};
}

}  // namespace

namespace {

/// Without the clauses of a step that name the run which stands there already.
std::string withoutShowOf(RunNo number, std::string_view step) {
    constexpr std::string_view kBetween = "; ";
    const std::string own = fmt::format("caseway sync show {}", number);
    std::string left;
    while (!step.empty()) {
        const std::size_t end = std::min(step.find(kBetween), step.size());
        const std::string_view clause = step.substr(0, end);
        step.remove_prefix(std::min(end + kBetween.size(), step.size()));
        const bool is_own = clause.starts_with(own) && (clause.size() == own.size() || clause[own.size()] == ' ');
        if (!is_own) left.append(left.empty() ? "" : kBetween).append(clause);
    }
    return left;
}

}  // namespace

std::string nextStepOf(const Run& run, const std::string& refused, const std::string& waits_for) {
    std::string step = run.trouble ? withoutShowOf(run.number, run.trouble->next_step) : std::string();
    if (!waits_for.empty()) step += (step.empty() ? "" : "; ") + waits_for;
    if (!refused.empty()) step += (step.empty() ? "" : "; ") + ("caseway message show " + refused);
    return step.empty() ? step : "next step     " + step + "\n";
}

RefusedOfRun refusedOf(StoreReader& reader, const Run& run) {
    std::string text, first;
    std::size_t shown = 0, left = kMessagesLookedAt;
    const bool has_any = run.counts.records.refused + run.counts.payloads_refused > run.counts.parked;
    for (std::uint64_t after = 0; has_any && shown < kRefusedShown && left > 0;) {
        const auto pages = reader.runPages(run.number, after, kPagesAtOnce);
        if (pages.empty()) break;
        after = pages.back().page;
        for (const RunPageRow& row : pages) {
            const auto page = readRunPage(row.body);
            for (std::size_t i = 0; page && i < page->messages.size() && shown < kRefusedShown && left > 0; ++i) {
                --left;
                const auto message = reader.message(page->messages[i]);
                if (!message || isParked(*message)) continue;
                const bool is_broken =
                    message->outcome == MessageOutcome::Partial && !payloadRefusal(reader, *message).empty();
                if (message->outcome != MessageOutcome::Refused && !is_broken && message->counts.refused == 0) continue;
                // One that claims no id is found by its leaf.
                const std::string id =
                    message->message_id ? message->message_id->text() : std::to_string(message->index);
                if (first.empty()) first = id;
                ++shown;
                const Refusal refusal = refusalOf(reader, *message);
                const std::string share = message->counts.total() == 0
                                              ? "refused as a whole"
                                              : fmt::format("{} of {} refused", message->counts.refused,
                                                            counted(message->counts.total(), "record"));
                text += fmt::format("  {}  {}  {}{}\n    {}, page {}: {}\n", id, refusal.code, share,
                                    is_broken ? ", and it broke off behind them" : "",
                                    shownText(nameOfPayload(reader, message->index)), row.page,
                                    shownText(mistakeText(refusal)));
            }
        }
    }
    return {text.empty() ? text : "refused, such as\n" + text, first};
}

}  // namespace caseway
