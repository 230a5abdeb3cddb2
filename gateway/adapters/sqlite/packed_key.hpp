// gateway/adapters/sqlite/packed_key.hpp - two numbers in one integer key, so that a table of pairs is appended like a
// log.
#pragma once

#include <cstdint>

#include "gateway/base/check.hpp"
#include "gateway/ports/store.hpp"

namespace caseway {

/// Log index and record (or part) of one message. 2^32 leaves, 2^31 records a message: a 4 GiB payload holds no more.
constexpr int kRecordBits = 31;
constexpr std::uint64_t kRecordMax = (1ULL << kRecordBits) - 1;
constexpr std::uint64_t kLogIndexMax = (1ULL << (63 - kRecordBits)) - 1;

inline std::int64_t recordKey(LogIndex index, std::uint64_t record) {
    CASEWAY_CHECK(index <= kLogIndexMax && record <= kRecordMax);
    return static_cast<std::int64_t>(index << kRecordBits | record);
}
inline LogIndex indexOf(std::int64_t key) {
    return static_cast<std::uint64_t>(key) >> kRecordBits;
}
inline std::uint64_t recordOf(std::int64_t key) {
    return static_cast<std::uint64_t>(key) & kRecordMax;
}

/// Level and number of a tile.
inline std::int64_t tileKey(std::uint32_t level, std::uint64_t n) {
    CASEWAY_CHECK(level < 64 && n < (1ULL << 48));
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(level) << 48 | n);
}

}  // namespace caseway
