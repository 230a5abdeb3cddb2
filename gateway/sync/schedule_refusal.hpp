// gateway/sync/schedule_refusal.hpp - how a mistake in a schedule is told: which part, where in it, what is allowed.
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/refusal.hpp"

namespace caseway {

/// Characters of a schedule's text that a refusal shows; the rest is cut.
constexpr std::size_t kShownCharacters = 40;

/// `text` fit for a terminal: cut to kShownCharacters, everything but printable ASCII as '?'.
inline std::string shown(std::string_view text) {
    std::string out;
    for (const char c : text.substr(0, kShownCharacters)) out += c >= ' ' && c <= '~' ? c : '?';
    return text.size() > kShownCharacters ? out + "..." : out;
}

inline Refusal scheduleRefusal(std::string code, std::string where, std::string_view value, std::string rule,
                               std::string hint) {
    return {std::move(code), std::move(where), shown(value), std::move(rule), std::move(hint), {}};
}

}  // namespace caseway
