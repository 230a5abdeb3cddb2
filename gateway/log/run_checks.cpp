// gateway/log/run_checks.cpp - run by run.
#include "gateway/log/run_checks.hpp"

#include "gateway/base/fault.hpp"
#include "gateway/formats/run/run_document.hpp"
#include "gateway/log/damaged_row.hpp"
#include "gateway/log/message_row_checks.hpp"

namespace caseway {
namespace {

constexpr std::string_view kHint = "the row of a run was changed; the leaf tells what was true";
constexpr std::string_view kOthers =
    "the pages of the run, or the messages that they name, are not those that were counted";
constexpr std::size_t kAtOnce = 1000;

std::string runAt(std::uint64_t number) {
    return "run " + std::to_string(static_cast<std::int64_t>(number));
}

std::string payloadsText(std::uint64_t payloads, std::uint64_t refused) {
    return std::to_string(payloads) + " payloads, " + std::to_string(refused) + " of them refused";
}

}  // namespace

void RunChecks::entry(LogIndex index, const LogEntry& entry) {
    if (entry.type == EntryType::Run)
        told_.emplace(index, Told{entry.detail, entry.sender ? entry.sender->text() : "none", entry.received_at});
    if (entry.type == EntryType::Outcome && entry.received_index && !entry.refusal_code.empty() && entry.counts &&
        entry.counts->total() != 0)
        broken_.insert(*entry.received_index);
}

void RunChecks::finish() {
    try {
        rows();
    } catch (const Fault& fault) {
        if (fault.code() != FaultCode::StoreCorrupt) throw;
        findings_.add("run_differs", "run", "rows that can be read", fault.what(), kHint);
    }
    marks_.finish();
    for (const auto& [index, told] : told_)
        findings_.add("row_missing", "leaf " + std::to_string(index), "the row of this run", "none", kHint);
}

/// From the last one on.
void RunChecks::rows() {
    for (std::uint64_t before = 0;;) {
        const auto rows = store_.runs({}, before, kAtOnce);
        for (const RunRow& one : rows) {
            if (last_unfinished_ && one.number != *last_unfinished_ - 1)
                added(runAt(*last_unfinished_), "the run before it is not there: numbers of runs have no gap");
            last_unfinished_.reset();
            row(one);
        }
        // Behind 0 the next page would be the first one again; no run has that number, and it has its finding.
        if (rows.size() < kAtOnce || rows.back().number == 0) break;
        before = rows.back().number;
    }
    if (last_unfinished_.value_or(1) != 1)
        added(runAt(*last_unfinished_), "the run before it is not there: numbers of runs have no gap");
    if (store_.run(INT64_MAX)) added(runAt(INT64_MAX), "no run has this number: somebody wrote it into the database");
}

void RunChecks::row(const RunRow& row) {
    const auto run = readRun(row.body);
    if (!run || run->number != row.number || run->connector != row.connector || row.ended != run->ended_at.has_value())
        return differs(row.number, "a row that fits together", row.body.substr(0, 100), kHint);
    if (row.ended) {
        const auto told = told_.find(run->log_index.value_or(0));
        if (!run->log_index || told == told_.end())
            return added(runAt(row.number), "no leaf tells the end of this run");
        compare(*run, told->second);
        told_.erase(told);
    } else {
        unfinished(row);
    }
    later_.insert(row.connector);
    marks_.run(*run);
}

/// No leaf tells that a run began. But the next one of a connector begins when the one before has ended.
void RunChecks::unfinished(const RunRow& row) {
    if (later_.contains(row.connector))
        added(runAt(row.number), "a later run of its connector is there: it cannot be unfinished");
    last_unfinished_ = row.number;
}

void RunChecks::compare(const Run& run, const Told& told) {
    if (run.system.text() != told.system) differs(run.number, "system " + told.system, run.system.text(), kHint);
    if (*run.ended_at != told.at)
        differs(run.number, "ended at " + toRfc3339(told.at), toRfc3339(*run.ended_at), kHint);
    const std::string detail = leafDetailOf(run);
    if (detail != told.detail) return differs(run.number, told.detail, detail, kHint);
    comparePages(run);
}

void RunChecks::comparePages(const Run& run) {
    const Counted pages = countedOfPages(run);
    if (pages.records != run.counts.records)
        differs(run.number, countsText(run.counts.records), countsText(pages.records), kOthers);
    // Runs that ended before broken ones were counted have those alone of which nothing was taken.
    const bool is_counted =
        run.counts.payloads_refused == pages.refused + pages.broken || run.counts.payloads_refused == pages.refused;
    if (run.counts.payloads != pages.payloads || !is_counted)
        differs(run.number, payloadsText(run.counts.payloads, run.counts.payloads_refused),
                payloadsText(pages.payloads, pages.refused + pages.broken), kOthers);
}

/// A run keeps all of its pages; a reconciliation those of which it took a payload, since it moves no cursor. The last
/// page may be one that is not counted: whether its commit succeeded was not known when the run ended.
RunChecks::Counted RunChecks::countedOfPages(const Run& run) {
    Counted counted;
    std::uint64_t expected = 1;
    for (std::uint64_t after = 0;;) {
        const auto pages = store_.runPages(run.number, after, kAtOnce);
        for (const RunPageRow& row : pages) {
            after = row.page;
            const std::string where = "run_page " + std::to_string(run.number) + "/" + std::to_string(row.page);
            const auto page = readRunPage(row.body);
            if (!page) {
                findings_.add("run_differs", where, "a page that can be read", row.body.substr(0, 100), kOthers);
                continue;
            }
            const bool is_empty = page->messages.empty() && page->known.empty();
            if (row.page > run.pages + (is_empty ? 0 : 1) || (is_empty && run.reconciliation))
                added(where, "the run has no such page");
            else if (!run.reconciliation && row.page != expected)
                findings_.add("row_missing", "run_page " + std::to_string(run.number) + "/" + std::to_string(expected),
                              "pages without a gap", std::to_string(row.page), kOthers);
            expected = row.page + 1;
            for (const LogIndex index : page->messages) count(index, *run.log_index, false, counted);
            for (const LogIndex index : page->known) count(index, *run.log_index, true, counted);
        }
        if (pages.size() < kAtOnce) break;
    }
    if (!run.reconciliation && expected <= run.pages)
        findings_.add("row_missing", "run_page " + std::to_string(run.number) + "/" + std::to_string(expected),
                      std::to_string(run.pages) + " pages", "none", kOthers);
    return counted;
}

/// A cancelled run does not wait for its large payloads. A row that cannot be read has its own finding.
void RunChecks::count(LogIndex index, LogIndex at, bool is_known, Counted& counted) {
    const auto message = readOr([&] { return store_.message(index); });
    if (!message || message->outcome_index.value_or(0) > at || message->outcome == MessageOutcome::Received) return;
    counted.records.add(is_known ? RunCounts::ofKnown(message->counts) : message->counts);
    ++counted.payloads;
    if (broken_.contains(index))
        ++counted.broken;
    else if (message->outcome == MessageOutcome::Refused && message->counts.total() == 0)
        ++counted.refused;
}

void RunChecks::differs(std::uint64_t run, const std::string& expected, const std::string& found,
                        std::string_view hint) {
    findings_.add("run_differs", runAt(run), expected, found, hint);
}

void RunChecks::added(const std::string& where, std::string_view hint) {
    findings_.add("row_added", where, "no such row", "a row", hint);
}

}  // namespace caseway
