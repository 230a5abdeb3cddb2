// gateway/report/both_sides.cpp - found, less what was put right.
#include "gateway/report/both_sides.hpp"

#include <algorithm>

namespace caseway {

std::optional<BothSides> bothSidesOf(const Run& run) {
    if (!run.reconciliation || run.reconciliation->report.empty()) return std::nullopt;
    BothSides sides;
    const ReconcileCounts& found = sides.counts = run.reconciliation->counts;
    const RecordCounts& taken = run.counts.records;
    sides.put_right = std::min(found.missing_here, taken.fresh) + std::min(found.different, taken.changed);
    sides.left =
        found.missing_here + found.different - sides.put_right + found.refused + found.payloads_refused + found.doubled;
    sides.doubled_such = run.reconciliation->doubled_such;
    // One that came to its end has marked all that vanished, or found them marked; of another nothing is marked.
    const bool is_settled = run.state == RunState::Done || run.state == RunState::Partial;
    if (is_settled)
        sides.marked_before = found.missing_there - std::min(found.missing_there, found.marked);
    else
        sides.left += found.missing_there;
    sides.agreement = sides.left != 0                   ? Agreement::Differ
                      : is_settled && found.marked != 0 ? Agreement::Marked
                      : sides.put_right != 0            ? Agreement::PutRight
                                                        : Agreement::Agree;
    return sides;
}

}  // namespace caseway
