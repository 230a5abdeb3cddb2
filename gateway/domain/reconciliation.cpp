// gateway/domain/reconciliation.cpp - the words of an order.
#include "gateway/domain/reconciliation.hpp"

#include <algorithm>

namespace caseway {

std::optional<Repair> parseRepair(std::string_view text) {
    const auto found = std::find(kRepairNames.begin(), kRepairNames.end(), text);
    return found == kRepairNames.end() ? std::nullopt
                                       : std::optional(static_cast<Repair>(found - kRepairNames.begin()));
}

std::optional<Share> Share::parse(std::string_view text) {
    if (!text.ends_with('%')) return std::nullopt;
    text.remove_suffix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    const auto digits = [](std::string_view part, std::size_t most) -> std::optional<std::uint32_t> {
        if (part.empty() || part.size() > most) return std::nullopt;
        std::uint32_t number = 0;
        for (const char c : part) {
            if (c < '0' || c > '9') return std::nullopt;
            number = number * 10 + static_cast<std::uint32_t>(c - '0');
        }
        return number;
    };
    const std::size_t point = text.find('.');
    const auto whole = digits(text.substr(0, point), 3);
    const auto tenths = point == std::string_view::npos ? std::optional(0U) : digits(text.substr(point + 1), 1);
    if (!whole || !tenths || *whole * 10 + *tenths > 1000) return std::nullopt;
    return Share{*whole * 10 + *tenths};
}

std::string Share::text() const {
    std::string text = std::to_string(permille / 10);
    if (permille % 10 != 0) text += '.' + std::to_string(permille % 10);
    return text + '%';
}

bool Share::isExceededBy(std::uint64_t part, std::uint64_t all) const {
    return part * 1000 > all * permille;
}

}  // namespace caseway
