// gateway/pipeline/set_leaves.cpp - page by page.
// A run's thread and the writer share one, and never at once: the run reads on before it submits a page (the queue's
// mutex hands it over) and waits for the page's result, which the writer sets behind its last look (PageJob::release,
// failed). What is applied later, of a large payload, has one of its own.
#include "gateway/pipeline/set_leaves.hpp"

#include <algorithm>
#include <utility>

#include "gateway/formats/run/run_document.hpp"

namespace caseway {
namespace {

constexpr std::size_t kPagesAtOnce = 100;

}  // namespace

void SetLeaves::readOn(StoreReader& reader) {
    while (true) {
        const auto rows = reader.runPages(run_, read_to_, kPagesAtOnce);
        if (rows.empty()) return;
        for (const RunPageRow& row : rows) {
            if (is_over_ && row.page > *page_) return;
            if (std::exchange(is_over_, false)) spans_.clear();
            read_to_ = row.page;
            const auto page = readRunPage(row.body);
            if (!page) continue;
            for (const LogIndex leaf : page->messages) add(leaf);
            if (!page->ends_pass) continue;
            if (page_)
                is_over_ = true;
            else
                spans_.clear();  // the next page begins another one
        }
    }
}

bool SetLeaves::contains(LogIndex leaf) const {
    const auto behind = std::upper_bound(spans_.begin(), spans_.end(), leaf,
                                         [](LogIndex wanted, const auto& span) { return wanted < span.first; });
    return behind != spans_.begin() && leaf < std::prev(behind)->second;
}

std::optional<LogIndex> SetLeaves::first() const {
    return spans_.empty() ? std::nullopt : std::optional(spans_.front().first);
}

void SetLeaves::add(LogIndex leaf) {
    if (!spans_.empty() && spans_.back().second == leaf)
        ++spans_.back().second;
    else
        spans_.emplace_back(leaf, leaf + 1);
}

}  // namespace caseway
