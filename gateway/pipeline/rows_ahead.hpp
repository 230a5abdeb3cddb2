// gateway/pipeline/rows_ahead.hpp - what the cases of one slice stand on: records that are known come in the order of
// their cases, so that one statement reads the rows of many.
#pragma once

#include <algorithm>
#include <vector>

#include "gateway/ports/case_standings.hpp"

namespace caseway {

/// Within one transaction whose other writes of cases are told to it; or of what is committed, as it was when it was
/// read.
class RowsAhead {
public:
    static constexpr CaseId kGap = 4;  ///< two of them are so far apart at most, where one statement reads both

    /// `rows`: memory that is kept from slice to slice.
    RowsAhead(StoreReader& reader, std::vector<CaseRow>& rows)
        : reader_(reader), standings_(dynamic_cast<CaseStandings*>(&reader)), rows_(rows) {}

    /// As the row is now, CaseStandings::standings(); nullptr where there is none. Until the next call. What was read
    /// ahead serves once: who asks for it writes what stands beside it.
    const CaseRow* of(CaseId id) {
        const bool follows = id > last_ && id <= last_ + kGap;
        last_ = id;
        while (at_ != end_ && rows_[at_].id < id) ++at_;
        if (at_ != end_ && rows_[at_].id == id && !isOld(id)) return &rows_[at_++];
        const bool is_inside = at_ != end_;
        if (is_inside || !follows) return alone(id);
        fill(id, width_);
        width_ = std::min(width_ * 4, kMost);
        return end_ != 0 && rows_.front().id == id ? &rows_[at_++] : nullptr;
    }
    /// This one is no longer what was read of it.
    void written(CaseId id) {
        if (at_ != end_ && id >= rows_[at_].id && id <= rows_[end_ - 1].id && !isOld(id)) old_.push_back(id);
    }

private:
    static constexpr std::size_t kMost = 256;

    bool isOld(CaseId id) const { return !old_.empty() && std::find(old_.begin(), old_.end(), id) != old_.end(); }
    void read(CaseId first, std::size_t count, std::vector<CaseRow>& rows) {
        if (standings_ != nullptr) return standings_->standings(first, count, rows);
        CaseFilter filter;
        filter.after = first - 1;
        filter.include_deleted = true;
        filter.limit = count;
        rows = reader_.cases(filter);
    }
    void fill(CaseId first, std::size_t count) {
        read(first, count, rows_);
        at_ = 0;
        end_ = rows_.size();
        old_.clear();
    }
    /// What was read ahead stays.
    const CaseRow* alone(CaseId id) {
        read(id, 1, alone_);
        return !alone_.empty() && alone_.front().id == id ? &alone_.front() : nullptr;
    }

    StoreReader& reader_;
    CaseStandings* const standings_;  ///< of the same reader; nullptr: it has none
    std::vector<CaseRow>& rows_;      ///< ascending by id
    std::size_t at_ = 0;
    std::size_t end_ = 0;
    std::vector<CaseRow> alone_;
    std::vector<CaseId> old_;  ///< of those that were read ahead
    std::size_t width_ = 16;
    CaseId last_ = -kGap;
};

}  // namespace caseway
