// gateway/sync/schedule_refusal.hpp - how a mistake in a schedule is told: which part, where in it, what is allowed.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "gateway/base/refusal.hpp"
#include "gateway/formats/text/said_text.hpp"

namespace caseway {

/// Characters of a schedule's text that a refusal shows; the rest is cut.
constexpr std::size_t kShownCharacters = 40;

/// `text` fit for a terminal: cut to kShownCharacters; what is no UTF-8, or controls, as '?'.
inline std::string shown(std::string_view text) {
    std::size_t end = 0, characters = 0;
    const auto isWithin = [text](std::size_t at) { return (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80; };
    for (; end < text.size(); ++end)
        if (!isWithin(end) && ++characters > kShownCharacters) break;
    end = std::min(end, 4 * kShownCharacters);  // of bytes that are no characters
    return shownLine(text.substr(0, end)) + (end < text.size() ? "..." : "");
}

inline Refusal scheduleRefusal(std::string code, std::string where, std::string_view value, std::string rule,
                               std::string hint) {
    return {std::move(code), std::move(where), shown(value), std::move(rule), std::move(hint), {}};
}

}  // namespace caseway
