// gateway/normalize/full_width.hpp - the narrow full-width to half-width map: U+FF01..U+FF5E and U+3000, nothing else
// (no NFKC: that would turn ① into 1 and ㎡ into m2). For codes, numbers, dates and phones; never for names and
// addresses.
#pragma once

#include <string_view>

#include "gateway/domain/case_patch.hpp"

namespace caseway {

/// `text` itself where nothing is to fold, else the folded copy in `arena`.
std::string_view foldedToHalfWidth(std::string_view text, TextArena& arena);

}  // namespace caseway
