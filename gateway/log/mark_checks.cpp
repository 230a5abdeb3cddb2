// gateway/log/mark_checks.cpp - mark by mark.
#include "gateway/log/mark_checks.hpp"

#include <algorithm>

#include "gateway/log/damaged_row.hpp"

namespace caseway {
namespace {

constexpr std::size_t kAtOnce = 1000;
constexpr std::string_view kNotMarked = "no reconciliation marked this case: the mark was written into the database";

std::string markAt(const VanishedRow& row) {
    return "vanished " + std::to_string(row.case_id);
}

}  // namespace

void MarkChecks::run(const Run& run) {
    if (!run.reconciliation) return;
    Marker& marker = markers_[run.number];
    marker.leaf = run.log_index;
    marker.has_report = !run.reconciliation->report.empty();
    if (run.reconciliation->began) marker.began = run.reconciliation->began->leaf;
}

void MarkChecks::finish() {
    for (CaseId after = 0;;) {
        const auto rows = store_.vanishedAfter(after, kAtOnce);
        for (const VanishedRow& row : rows) {
            after = row.case_id;
            mark(row);
        }
        if (rows.size() < kAtOnce) return;
    }
}

void MarkChecks::mark(const VanishedRow& row) {
    const auto found = markers_.find(row.run);
    if (found == markers_.end() || !store_.lastChangeOf(row.case_id)) return added(row, kNotMarked);
    const Marker& marker = found->second;
    if (marker.leaf && !marker.has_report) return added(row, kNotMarked);
    if (marker.leaf) compare(row, *marker.leaf);
    if (marker.began && isSpokenOfSince(row.case_id, *marker.began))
        added(row,
              "a message spoke of the case since, which took the mark away: it was written into the database again");
}

void MarkChecks::compare(const VanishedRow& row, LogIndex leaf) {
    const std::optional<ReportedMarks>& report = reportOf(row.run, leaf);
    if (!report) return;  // it is gone or cannot be read: told where envelopes are checked
    if (!std::binary_search(report->cases.begin(), report->cases.end(), row.case_id)) return added(row, kNotMarked);
    if (report->compared_at && *report->compared_at != row.at)
        findings_.add("mark_differs", markAt(row), toRfc3339(*report->compared_at), toRfc3339(row.at),
                      "the mark says another time than the report of its reconciliation");
}

/// As a reconciliation asks before it marks; a refused record takes no mark away.
bool MarkChecks::isSpokenOfSince(CaseId id, LogIndex leaf) {
    const auto row = readOr([&] { return store_.caseById(id); });
    if (row && row->repeated && row->repeated->record.index >= leaf) return true;
    const auto since = readOr([&] { return store_.historyAfter(id, leaf, 0, kAtOnce); });
    return std::any_of(since.begin(), since.end(),
                       [](const PatchRow& one) { return one.outcome != RecordOutcome::Refused; });
}

/// It is what its leaf says, or another finding tells that it is not. Read once for each run that marks bear.
const std::optional<ReportedMarks>& MarkChecks::reportOf(std::uint64_t run, LogIndex leaf) {
    const auto [at, is_new] = reports_.try_emplace(run);
    if (!is_new) return at->second;
    if (const auto envelope = readOr([&] { return store_.envelope(leaf); }))
        at->second = reportedMarksOf(envelope->head);
    return at->second;
}

void MarkChecks::added(const VanishedRow& row, std::string_view hint) {
    findings_.add("row_added", markAt(row), "no such row", "a row", hint);
}

}  // namespace caseway
