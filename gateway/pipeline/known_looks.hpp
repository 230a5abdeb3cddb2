// gateway/pipeline/known_looks.hpp - what cases of known records stand on, found by the thread that maps them, before
// the writer has their slice. Whether that still holds when it has: settled_before.hpp.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "gateway/base/fault.hpp"
#include "gateway/pipeline/committer.hpp"
#include "gateway/pipeline/rows_ahead.hpp"
#include "gateway/record/known_judge.hpp"

namespace caseway {

/// For the slices of one message, one after the other.
class KnownLooks {
public:
    KnownLooks(StoreReader& reader, const Committer& committer, KnownJudge judge)
        : reader_(reader), committer_(committer), judge_(std::move(judge)) {}

    /// What the writer would find out about the record, into `settlement`, which is none. Those that come out of the
    /// order of their cases it reads one by one, with what it wrote of them. False: the store cannot be read; the
    /// writer will meet it, too.
    bool look(const RecordContext& context, const KnownRecord& known, std::uint64_t ordinal, Settlement& settlement) {
        if (slices_blind_ != 0 || known.case_id <= last_ || apart_ == kMostApart) return true;
        apart_ = known.case_id > last_ + RowsAhead::kGap ? apart_ + 1 : 0;
        last_ = known.case_id;
        try {
            if (!ahead_) {
                seen_ = committer_.ended();
                ahead_.emplace(reader_, rows_);
            }
            const CaseRow* const row = ahead_->of(known.case_id);
            if (row != nullptr) judge_.settles(context, known, ordinal, *row, settlement);
        } catch (const Fault&) {
            settlement.case_id = 0;
            return false;
        }
        return true;
    }
    /// The slice is gathered, and the next one begins. Committer::ended() before its first look; nothing: there was
    /// none.
    std::optional<std::uint64_t> endSlice() {
        ahead_.reset();
        last_ = 0;
        apart_ = 0;
        return std::exchange(seen_, std::nullopt);
    }
    /// A slice was written: whether nothing that was found for it was of use. Nobody looks for a while then.
    void told(bool in_vain) { slices_blind_ = in_vain ? kBlindFor : slices_blind_ - std::min(slices_blind_, 1U); }

private:
    static constexpr unsigned kMostApart = 8, kBlindFor = 16;

    StoreReader& reader_;
    const Committer& committer_;
    KnownJudge judge_;
    std::optional<RowsAhead> ahead_{};  ///< of the slice, once it was looked for a case of it
    std::vector<CaseRow> rows_{};       ///< its memory
    std::optional<std::uint64_t> seen_{};
    CaseId last_ = 0;     ///< in this slice
    unsigned apart_ = 0;  ///< looks in a row at cases that do not lie together: each costs a statement of its own
    unsigned slices_blind_ = 0;  ///< for so many
};

}  // namespace caseway
