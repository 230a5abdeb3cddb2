// gateway/audit/id_set.hpp - a set of row numbers: numbers are dense, two bits each, so ten million of them take a few
// megabytes. One alone takes a page of its own, about 120 bytes: whoever spreads them gains little.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>

namespace caseway {

class IdSet {
public:
    /// False where it was in before.
    bool add(std::uint64_t id) {
        std::uint64_t& word = pages_[id / kPageIds][id % kPageIds / 64];
        const std::uint64_t bit = 1ULL << id % 64;
        const bool fresh = (word & bit) == 0;
        word |= bit;
        size_ += fresh ? 1 : 0;
        return fresh;
    }
    bool has(std::uint64_t id) const {
        const auto page = pages_.find(id / kPageIds);
        return page != pages_.end() && (page->second[id % kPageIds / 64] >> id % 64 & 1) != 0;
    }
    /// The smallest that is at least `from`.
    std::optional<std::uint64_t> firstFrom(std::uint64_t from) const {
        for (auto page = pages_.lower_bound(from / kPageIds); page != pages_.end(); ++page) {
            const std::uint64_t base = page->first * kPageIds;
            for (std::uint64_t id = base < from ? from : base; id - base < kPageIds; ++id) {
                if (id % 64 == 0 && page->second[(id - base) / 64] == 0) {
                    id += 63;
                    continue;
                }
                if (has(id)) return id;
            }
        }
        return std::nullopt;
    }
    std::uint64_t size() const { return size_; }

private:
    static constexpr std::uint64_t kPageIds = 512;
    std::map<std::uint64_t, std::array<std::uint64_t, kPageIds / 64>> pages_;
    std::uint64_t size_ = 0;
};

}  // namespace caseway
