// gateway/normalize/canonical_time.hpp - the parts of a time written as RFC 3339 writes them, without allocation.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "gateway/normalize/date_pattern.hpp"

namespace caseway {

/// A canonical time as text.
struct CanonicalTime {
    std::array<char, 40> bytes{};
    std::size_t size = 0;
    std::string_view view() const { return {bytes.data(), size}; }
};

/// "2018-09-13".
void putDate(CanonicalTime& out, const DateParts& parts);
/// "T13:33:27.5": the fraction without its last zeros.
void putClock(CanonicalTime& out, const DateParts& parts);
/// "+08:00" of minutes east of UTC.
void putOffset(CanonicalTime& out, int offset);

}  // namespace caseway
