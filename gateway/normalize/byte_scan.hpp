// gateway/normalize/byte_scan.hpp - does a text hold control characters, or anything beyond ASCII? Eight bytes at a
// time, since every value of every record is asked.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace caseway {

constexpr std::uint64_t kHighBits = 0x8080808080808080;

/// True where `test(word)` is not 0 for some eight bytes of `text`, the last filled up with spaces.
template <class Test>
bool anyWord(std::string_view text, Test test) {
    std::uint64_t word;
    while (text.size() >= sizeof word) {
        std::memcpy(&word, text.data(), sizeof word);
        if (test(word) != 0) return true;
        text.remove_prefix(sizeof word);
    }
    if (text.empty()) return false;
    word = 0x2020202020202020;
    std::memcpy(&word, text.data(), text.size());
    return test(word) != 0;
}

/// A byte beyond 0x7F.
inline bool isBeyondAscii(std::string_view text) {
    return anyWord(text, [](std::uint64_t word) { return word & kHighBits; });
}

/// A byte below 0x20. A borrow starts only at such a byte, so none is found where none is.
inline bool hasControlByte(std::string_view text) {
    return anyWord(text, [](std::uint64_t word) { return (word - 0x2020202020202020) & ~word & kHighBits; });
}

}  // namespace caseway
