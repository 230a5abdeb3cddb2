// gateway/pipeline/seen_cases.hpp - which of our cases a source has shown: one bit for each id that was ever given, so
// that ten million cases are a megabyte and any order of the source is as good as a sorted one.
#pragma once

#include <cstdint>
#include <vector>

#include "gateway/base/check.hpp"
#include "gateway/ports/store.hpp"

namespace caseway {

class SeenCases {
public:
    /// False where it was there already.
    bool insert(CaseId id) {
        const std::size_t word = wordOf(id);
        if (word >= words_.size()) words_.resize(word + 1 + word / 8);
        const std::uint64_t bit = 1ULL << (static_cast<std::uint64_t>(id) % 64);
        const bool is_new = (words_[word] & bit) == 0;
        words_[word] |= bit;
        return is_new;
    }
    bool contains(CaseId id) const {
        const std::size_t word = wordOf(id);
        return word < words_.size() && (words_[word] >> (static_cast<std::uint64_t>(id) % 64) & 1) != 0;
    }

private:
    static std::size_t wordOf(CaseId id) {
        CASEWAY_CHECK(id > 0);
        return static_cast<std::size_t>(id) / 64;
    }
    std::vector<std::uint64_t> words_;
};

}  // namespace caseway
