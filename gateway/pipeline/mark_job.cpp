// gateway/pipeline/mark_job.cpp - rows in, rows out; each case is looked at once more before it is marked.
#include "gateway/pipeline/mark_job.hpp"

#include <algorithm>

#include "gateway/record/case_lookup.hpp"

namespace caseway {
namespace {

constexpr std::size_t kHistoryLooked = 1000;
constexpr std::size_t kMarksAtOnce = 1000;

}  // namespace

bool isSpokenOfSince(StoreReader& reader, const CaseRow& row, const ReconcileBegan& began) {
    if (row.last_change > began.change) return true;
    if (row.repeated && row.repeated->record.index >= began.leaf) return true;
    const auto history = reader.history(row.id, kHistoryLooked);
    return history.size() == kHistoryLooked ||
           std::any_of(history.begin(), history.end(), [&](const PatchRow& one) { return one.index >= began.leaf; });
}

void takeBackMarks(StoreWriter& writer, std::uint64_t run) {
    for (CaseId after = 0;;) {
        const auto rows = writer.vanishedAfter(after, kMarksAtOnce);
        if (rows.empty()) return;
        after = rows.back().case_id;
        for (const VanishedRow& row : rows)
            if (row.run == run) writer.removeVanished(row.case_id);
    }
}

void MarkJob::apply(CommitContext& context) {
    passed_over_.clear();  // called again where a neighbour spoiled the batch
    for (const VanishedRow& row : marks_.vanished) {
        const auto now = context.writer.caseById(row.case_id);
        if (!now || now->deleted || isAlias(*now) || isSpokenOfSince(context.writer, *now, marks_.began))
            passed_over_.push_back(row.case_id);
        else
            context.writer.putVanished(row);
    }
    for (const CaseId id : marks_.returned) context.writer.removeVanished(id);
}

}  // namespace caseway
