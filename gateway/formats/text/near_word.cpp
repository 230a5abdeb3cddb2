// gateway/formats/text/near_word.cpp - Levenshtein's distance on short words.
#include "gateway/formats/text/near_word.hpp"

#include <algorithm>
#include <array>

namespace caseway {
namespace {

constexpr std::size_t kLongest = 63;

std::size_t distance(std::string_view a, std::string_view b) {
    std::array<std::size_t, kLongest + 1> row{};
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t above = row[j];
            row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
            diagonal = above;
        }
    }
    return row[b.size()];
}

}  // namespace

std::string_view nearestWord(std::string_view word, const std::vector<std::string_view>& known) {
    if (word.empty() || word.size() > kLongest) return {};
    std::string_view nearest;
    std::size_t least = std::max<std::size_t>(word.size() < 4 ? 1 : 2, word.size() / 3) + 1;
    for (const std::string_view candidate : known) {
        if (candidate.size() > kLongest) continue;
        const auto dot = candidate.find('.');
        if (dot != std::string_view::npos && candidate.substr(dot + 1) == word) return candidate;
        const std::size_t edits = distance(word, candidate);
        if (edits >= least) continue;
        least = edits;
        nearest = candidate;
    }
    return nearest;
}

std::string hintOfNearest(std::string_view word, const std::vector<std::string_view>& known,
                          std::string_view otherwise) {
    const std::string_view nearest = nearestWord(word, known);
    if (nearest.empty()) return std::string(otherwise);
    return "did you mean '" + std::string(nearest) + "'?";
}

}  // namespace caseway
