// gateway/pipeline/set_leaves.hpp - the leaves of one set that a run reads: those of its pages, of one pass over its
// source. A set that ended early is read again from its begin, and what it gives then is another set.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "gateway/domain/run.hpp"
#include "gateway/ports/store.hpp"

namespace caseway {

/// One thread at a time.
class SetLeaves {
public:
    /// `page`: of the pass that has it; none: of the newest pass.
    explicit SetLeaves(RunNo run, std::optional<std::uint64_t> page = {}) : run_(run), page_(page) {}

    /// Takes up the pages that were stored since the last call. Throws Fault as the reader does.
    void readOn(StoreReader& reader);
    RunNo run() const { return run_; }
    bool contains(LogIndex leaf) const;
    std::optional<LogIndex> first() const;
    /// Behind the last one; 0: there is none.
    LogIndex end() const { return spans_.empty() ? 0 : spans_.back().second; }

private:
    void add(LogIndex leaf);

    const RunNo run_;
    const std::optional<std::uint64_t> page_;
    std::uint64_t read_to_ = 0;                         ///< page
    bool is_over_ = false;                              ///< the pass that `page_` may be of
    std::vector<std::pair<LogIndex, LogIndex>> spans_;  ///< first and behind the last, ascending: a page or so each
};

}  // namespace caseway
