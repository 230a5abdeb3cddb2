// gateway/adapters/sqlite/page_cache.hpp - SQLite's own page cache, spared a walk over all its pages at every commit.
// When SQLite 3.40 splits a page it parks one for a moment under a number far behind the file; from then on its cache
// takes that for its highest page, and each commit looks for pages behind the end of the file in all of them.
#pragma once

#include <algorithm>

namespace caseway {

/// Which page numbers a cache may hold: never less than it does.
class HeldPages {
public:
    void fetched(unsigned key) { highest_ = std::max(highest_, key); }
    void moved(unsigned from, unsigned to) {
        if (from == parked_) parked_ = 0;
        if (to <= highest_) return;
        if (parked_ != 0) highest_ = std::max(highest_, parked_);
        parked_ = to;
    }
    bool mayHoldFrom(unsigned limit) const { return limit <= highest_ || limit <= parked_; }
    void truncated(unsigned limit) {
        const unsigned below = limit == 0 ? 0 : limit - 1;
        highest_ = std::min(highest_, below);
        if (parked_ >= limit) parked_ = 0;
    }

private:
    unsigned highest_ = 0;
    unsigned parked_ = 0;  ///< moved behind the highest and not yet back; 0: none
};

/// Before SQLite is first used. Without it everything works as well, only slower.
void installPageCache();

}  // namespace caseway
