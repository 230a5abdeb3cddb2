// gateway/normalize/plan.cpp - the pool of XPath sets and the table of JSON names.
#include "gateway/normalize/plan.hpp"

namespace caseway {

std::unique_ptr<XPathSet> Mapping::Plan::borrowXPaths() const {
    {
        const std::lock_guard lock(mutex_);
        if (!pool_.empty()) {
            auto set = std::move(pool_.back());
            pool_.pop_back();
            return set;
        }
    }
    auto set = std::make_unique<XPathSet>(spec.namespaces);
    for (const EvaluatedExpression& one : expressions) CASEWAY_CHECK(set->add(one.text).ok());
    return set;
}

void Mapping::Plan::giveBack(std::unique_ptr<XPathSet> set) const {
    const std::lock_guard lock(mutex_);
    if (pool_.size() < 16) pool_.push_back(std::move(set));
}

void JsonNameTable::fill(const Symbols& symbols) {
    const std::vector<Symbols::Entry>& entries = symbols.entries();
    std::size_t size = 16;
    while (size < entries.size() * 3) size *= 2;
    cells_.assign(size, Cell{});
    mask_ = size - 1;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const std::uint32_t symbol = Symbols::kFirst + static_cast<std::uint32_t>(i);
        if (entries[i].is_index) {
            if (indexes_.size() <= entries[i].index) indexes_.resize(entries[i].index + 1, Symbols::kOtherIndex);
            indexes_[entries[i].index] = symbol;
            continue;
        }
        std::size_t at = hashOf(entries[i].name) & mask_;
        while (cells_[at].symbol != 0) at = (at + 1) & mask_;
        cells_[at] = {entries[i].name, symbol};
    }
}

}  // namespace caseway
