// gateway/normalize/code_table.cpp - look-up in a sorted vector: tables are small and read-only.
#include "gateway/normalize/code_table.hpp"

#include <algorithm>

#include "gateway/base/byte_blocks.hpp"
#include "gateway/formats/text/lower_case.hpp"
#include "gateway/formats/text/near_word.hpp"

namespace caseway {

namespace {
constexpr std::size_t kFew = 8;
constexpr std::size_t kShortestTyped = 3;  ///< of shorter codes each is a typing mistake away from each

std::string withoutZeros(std::string_view code) {
    code.remove_prefix(std::min(code.find_first_not_of('0'), code.size() - 1));
    return lowerCase(code);
}

}  // namespace

CodeTable::CodeTable(std::vector<std::pair<std::string, std::string>> codes, const std::string* other)
    : codes_(std::move(codes)), other_(other != nullptr ? *other : std::string()), has_other_(other != nullptr) {
    std::sort(codes_.begin(), codes_.end());
}

/// Most tables have a handful of codes of a character or two: looked at one after the other, they need no call.
const std::string* CodeTable::entryOf(std::string_view code) const {
    if (codes_.size() <= kFew) {
        for (const auto& [known, meaning] : codes_)
            if (sameText(known, code)) return &meaning;
        return nullptr;
    }
    const auto at = std::lower_bound(codes_.begin(), codes_.end(), code,
                                     [](const auto& entry, std::string_view wanted) { return entry.first < wanted; });
    return at != codes_.end() && at->first == code ? &at->second : nullptr;
}

const std::string* CodeTable::find(std::string_view code) const {
    const std::string* entry = entryOf(code);
    return entry == nullptr && has_other_ ? &other_ : entry;
}

std::string CodeTable::describe() const {
    constexpr std::size_t kShown = 20;
    std::string text = "known codes: ";
    for (std::size_t i = 0; i < codes_.size() && i < kShown; ++i) (text += i == 0 ? "" : ", ") += codes_[i].first;
    if (codes_.size() > kShown) text += ", …";
    return text;
}

std::string_view CodeTable::nearest(std::string_view code) const {
    if (code.empty()) return {};
    const std::string meant = withoutZeros(code);
    std::vector<std::string_view> words;
    for (const auto& [known, meaning] : codes_) {
        if (!known.empty() && withoutZeros(known) == meant) return known;
        words.push_back(known);
    }
    return code.size() < kShortestTyped ? std::string_view() : nearestWord(code, words);
}

}  // namespace caseway
