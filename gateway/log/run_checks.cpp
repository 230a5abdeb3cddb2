// gateway/log/run_checks.cpp - run by run.
#include "gateway/log/run_checks.hpp"

#include <algorithm>

#include "gateway/base/fault.hpp"
#include "gateway/formats/run/marked_cases.hpp"
#include "gateway/formats/run/run_document.hpp"
#include "gateway/log/message_row_checks.hpp"

namespace caseway {
namespace {

constexpr std::string_view kHint = "the row of a run was changed; the leaf tells what was true";
constexpr std::string_view kOthers =
    "the pages of the run, or the messages that they name, are not those that were counted";
constexpr std::size_t kAtOnce = 1000;

std::string payloadsText(std::uint64_t payloads, std::uint64_t refused) {
    return std::to_string(payloads) + " payloads, " + std::to_string(refused) + " of them refused";
}

}  // namespace

void RunChecks::entry(LogIndex index, const LogEntry& entry) {
    if (entry.type == EntryType::Run) told_.emplace(index, entry.detail);
    if (entry.type == EntryType::Outcome && entry.received_index && !entry.refusal_code.empty() && entry.counts &&
        entry.counts->total() != 0)
        broken_.insert(*entry.received_index);
}

void RunChecks::finish() {
    try {
        for (std::uint64_t before = 0;;) {
            const auto rows = store_.runs({}, before, kAtOnce);
            for (const RunRow& one : rows) row(one);
            if (rows.size() < kAtOnce) break;
            before = rows.back().number;
        }
    } catch (const Fault& fault) {
        if (fault.code() != FaultCode::StoreCorrupt) throw;
        findings_.add("run_differs", "run", "rows that can be read", fault.what(), kHint);
    }
    marks();
    for (const auto& [index, detail] : told_)
        findings_.add("row_missing", "leaf " + std::to_string(index), "the row of this run", "none", kHint);
}

void RunChecks::row(const RunRow& row) {
    const std::string where = "run " + std::to_string(row.number);
    const auto run = readRun(row.body);
    if (!run || run->number != row.number || run->connector != row.connector ||
        row.ended != run->ended_at.has_value()) {
        findings_.add("run_differs", where, "a row that fits together", row.body.substr(0, 100), kHint);
        return;
    }
    if (!row.ended) unfinished_.insert(row.number);  // it may be marking now
    if (!row.ended) return;
    const auto told = told_.find(run->log_index.value_or(0));
    if (!run->log_index || told == told_.end()) {
        findings_.add("row_added", where, "no such row", "a row", kHint);
        return;
    }
    if (run->reconciliation) reconciled_[run->number] = *run->log_index;
    if (leafDetailOf(*run) != told->second)
        findings_.add("run_differs", where, told->second, leafDetailOf(*run), kHint);
    told_.erase(told);
    const Counted pages = countedOfPages(row.number, *run->log_index);
    if (pages.records != run->counts.records)
        findings_.add("run_differs", where, countsText(run->counts.records), countsText(pages.records), kOthers);
    // Runs that ended before broken ones were counted have those alone of which nothing was taken.
    const bool is_counted =
        run->counts.payloads_refused == pages.refused + pages.broken || run->counts.payloads_refused == pages.refused;
    if (run->counts.payloads != pages.payloads || !is_counted)
        findings_.add("run_differs", where, payloadsText(run->counts.payloads, run->counts.payloads_refused),
                      payloadsText(pages.payloads, pages.refused + pages.broken), kOthers);
}

/// No mark that the report of its reconciliation does not name, and none of a case that is not there. One that is gone
/// is not missed: whatever message speaks of a case takes its mark away.
void RunChecks::marks() {
    for (CaseId after = 0;;) {
        const auto rows = store_.vanishedAfter(after, kAtOnce);
        for (const VanishedRow& row : rows) {
            after = row.case_id;
            if (unfinished_.contains(row.run)) continue;
            const std::vector<CaseId>& marked = markedBy(row.run);
            if (!std::binary_search(marked.begin(), marked.end(), row.case_id) || !store_.lastChangeOf(row.case_id))
                findings_.add("row_added", "vanished " + std::to_string(row.case_id), "no such row", "a row",
                              "no reconciliation marked this case: the mark was written into the database");
        }
        if (rows.size() < kAtOnce) return;
    }
}

/// The report is what its leaf says, or another finding tells that it is not. Read once for each run that marks bear.
const std::vector<CaseId>& RunChecks::markedBy(std::uint64_t run) {
    const auto [at, is_new] = marked_.try_emplace(run);
    const auto leaf = reconciled_.find(run);
    if (!is_new || leaf == reconciled_.end()) return at->second;
    if (const auto envelope = store_.envelope(leaf->second))
        at->second = markedCasesOf(envelope->head).value_or(std::vector<CaseId>());
    return at->second;
}

/// A cancelled run does not wait for its large payloads.
RunChecks::Counted RunChecks::countedOfPages(std::uint64_t run, LogIndex at) {
    Counted counted;
    for (std::uint64_t after = 0;;) {
        const auto pages = store_.runPages(run, after, kAtOnce);
        for (const RunPageRow& row : pages) {
            after = row.page;
            const auto page = readRunPage(row.body);
            const auto eachOf = [&](const std::vector<LogIndex>& leaves, auto records) {
                for (const LogIndex index : leaves) {
                    const auto message = store_.message(index);
                    if (!message || message->outcome_index.value_or(0) > at) continue;
                    if (message->outcome == MessageOutcome::Received) continue;
                    counted.records.add(records(message->counts));
                    ++counted.payloads;
                    if (broken_.contains(index))
                        ++counted.broken;
                    else if (message->outcome == MessageOutcome::Refused && message->counts.total() == 0)
                        ++counted.refused;
                }
            };
            if (!page) continue;
            eachOf(page->messages, [](const RecordCounts& own) { return own; });
            eachOf(page->known, &RunCounts::ofKnown);
        }
        if (pages.size() < kAtOnce) return counted;
    }
}

}  // namespace caseway
