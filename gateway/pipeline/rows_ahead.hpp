// gateway/pipeline/rows_ahead.hpp - rows of cases for one slice: records that are known come in the order of their
// cases, so that one statement reads the rows of many.
#pragma once

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "gateway/ports/store.hpp"

namespace caseway {

/// Within one transaction whose other writes of cases are told to it.
class RowsAhead {
public:
    explicit RowsAhead(StoreWriter& writer) : writer_(writer) {}

    /// As the row is now. Each is kept for one taking: who takes it writes what stands beside it.
    std::optional<CaseRow> take(CaseId id) {
        while (at_ != rows_.size() && rows_[at_].id < id) ++at_;
        if (at_ == rows_.size() && id > last_ && id <= last_ + kGap) fill(id);
        last_ = id;
        if (at_ == rows_.size() || rows_[at_].id != id) return writer_.caseById(id);
        return std::move(rows_[at_++]);
    }
    /// This one is no longer what was read of it.
    void written(CaseId id) {
        const auto begin = rows_.begin() + static_cast<std::ptrdiff_t>(at_);
        const auto found =
            std::lower_bound(begin, rows_.end(), id, [](const CaseRow& row, CaseId wanted) { return row.id < wanted; });
        if (found != rows_.end() && found->id == id) rows_.erase(found);
    }

private:
    static constexpr CaseId kGap = 4;  ///< cases between two of them
    static constexpr std::size_t kMost = 256;

    void fill(CaseId first) {
        CaseFilter filter;
        filter.after = first - 1;
        filter.include_deleted = true;
        filter.limit = width_;
        rows_ = writer_.cases(filter);
        at_ = 0;
        width_ = std::min(width_ * 4, kMost);
    }

    StoreWriter& writer_;
    std::vector<CaseRow> rows_;  ///< ascending by id
    std::size_t at_ = 0;
    std::size_t width_ = 16;
    CaseId last_ = -kGap;
};

}  // namespace caseway
