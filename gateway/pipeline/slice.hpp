// gateway/pipeline/slice.hpp - a part of a large message's records, as it is gathered, handed to the writer and given
// back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "gateway/pipeline/slice_records.hpp"

namespace caseway {

inline constexpr std::size_t kSliceBytes = 4 * 1024 * 1024;  ///< texts of one slice: three slices are in memory

struct Slice {
    SliceRecords records;
    std::uint64_t first = 1;              ///< ordinal of its first record in the message
    std::optional<std::uint64_t> seen{};  ///< Committer::ended() before the first look at a case of its known records;
                                          ///< nothing where none of them was looked at
    bool is_long = false;                 ///< CommitJob::isLong()
    std::size_t bytes = 0;                ///< texts of its records

    /// Its records keep their memory for the next ones, unless they were large.
    void clear() {
        if (bytes < kSliceBytes)
            records.clear();
        else
            records.release();
        bytes = 0;
    }
};

}  // namespace caseway
