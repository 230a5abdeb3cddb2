// gateway/domain/known_record.hpp - a record of a payload that is known byte for byte from an earlier payload: by which
// bytes it is recognized, and where what it says is kept. Why: docs/decisions/0019.
#pragma once

#include <array>
#include <cstdint>

namespace caseway {

/// By what a record is recognized.
struct RecordMark {
    std::array<std::uint8_t, 16> digest{};  ///< of its bytes and of the start tags around it
    std::uint64_t bytes = 0;                ///< from '<' to '>', in UTF-8
    std::uint64_t found = 1;                ///< how often it counts as found: kinds may share an element
    bool operator==(const RecordMark&) const = default;
};

struct KnownRecord {
    RecordMark mark;
    std::uint64_t text_index = 0;   ///< leaf of the record whose history row holds the text of this one
    std::uint64_t text_record = 0;  ///< that record's ordinal
    std::int64_t case_id = 0;       ///< where it went then
    bool has_time = false;          ///< it states an event time of its own
    std::uint64_t line = 0;         ///< where it stands in the payload of now; no note keeps it
    bool operator==(const KnownRecord&) const = default;
};

}  // namespace caseway
