// gateway/base/byte_blocks.hpp - texts looked at, compared and copied sixteen bytes at a time, and short ones without a
// call. For the few loops that see every byte of every record. Vector extension of gcc and clang: SSE2, NEON.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace caseway {

using ByteBlock [[gnu::vector_size(16)]] = unsigned char;

inline ByteBlock loadBlock(const char* bytes) {
    ByteBlock block;
    std::memcpy(&block, bytes, sizeof block);
    return block;
}

/// All bytes of a text of less than sixteen, some of them twice, filled up with spaces. Put together in registers: a
/// block read back from two words just written would make the processor wait until both have reached the cache.
inline ByteBlock shortBlock(std::string_view text) {
    using WordPair [[gnu::vector_size(16)]] = std::uint64_t;
    WordPair words = {0x2020202020202020, 0x2020202020202020};
    const char* const begin = text.data();
    const std::size_t size = text.size();
    const auto load = [](auto word, const char* from) {
        std::memcpy(&word, from, sizeof word);
        return std::uint64_t{word};
    };
    if (size >= 8) {
        words = WordPair{load(std::uint64_t{}, begin), load(std::uint64_t{}, begin + size - 8)};
    } else if (size >= 4) {
        words[0] = load(std::uint32_t{}, begin) | load(std::uint32_t{}, begin + size - 4) << 32;
    } else if (size != 0) {
        const auto byte = [&](std::size_t i) { return std::uint64_t{static_cast<unsigned char>(begin[i])}; };
        words[0] = byte(0) | byte(size / 2) << 8 | byte(size - 1) << 16 | 0x2020202020000000;
    }
    return std::bit_cast<ByteBlock>(words);
}

/// Is a byte of `mask` not 0?
inline bool anyByte(ByteBlock mask) {
    std::uint64_t words[2];
    std::memcpy(words, &mask, sizeof mask);
    return (words[0] | words[1]) != 0;
}

/// Which byte of `mask` is the first that is not 0; sixteen where none is.
inline std::size_t firstByte(ByteBlock mask) {
    if constexpr (std::endian::native == std::endian::little) {
        std::uint64_t words[2];
        std::memcpy(words, &mask, sizeof mask);
        if (words[0] != 0) return static_cast<std::size_t>(std::countr_zero(words[0])) / 8;
        return words[1] != 0 ? 8 + static_cast<std::size_t>(std::countr_zero(words[1])) / 8 : sizeof mask;
    }
    std::size_t at = 0;
    while (at < sizeof mask && mask[at] == 0) ++at;
    return at;
}

/// Is a byte of test(block) not 0 for some block of `text`?
template <class Test>
bool anyBlock(std::string_view text, Test test) {
    if (text.size() < sizeof(ByteBlock)) return anyByte(test(shortBlock(text)));
    const char* const last = text.data() + text.size() - sizeof(ByteBlock);
    ByteBlock found = test(loadBlock(last));
    for (const char* at = text.data(); at < last; at += sizeof(ByteBlock)) found |= test(loadBlock(at));
    return anyByte(found);
}

/// How often `byte` stands in `text`.
inline std::size_t countByte(std::string_view text, char byte) {
    constexpr std::size_t kBlocksAtMost = 255;  ///< that a counter of one byte can see
    const char* at = text.data();
    const char* const end = at + text.size();
    std::size_t count = 0;
    while (static_cast<std::size_t>(end - at) >= sizeof(ByteBlock)) {
        const std::size_t blocks = std::min(static_cast<std::size_t>(end - at) / sizeof(ByteBlock), kBlocksAtMost);
        ByteBlock counts{};
        for (std::size_t i = 0; i < blocks; ++i, at += sizeof(ByteBlock))
            counts -= static_cast<ByteBlock>(loadBlock(at) == static_cast<unsigned char>(byte));
        for (std::size_t i = 0; i < sizeof(ByteBlock); ++i) count += counts[i];
    }
    for (; at != end; ++at) count += *at == byte ? 1 : 0;
    return count;
}

/// What copyShort() copies.
inline constexpr std::size_t kShortBytes = 32;

/// memcpy of at most kShortBytes, inlined. `to`: room for `text`, not overlapping it.
inline void copyShort(std::string_view text, char* to) {
    const char* const from = text.data();
    const std::size_t size = text.size();
    const auto ends = [&](auto word) {
        auto last = word;
        std::memcpy(&word, from, sizeof word);
        std::memcpy(&last, from + size - sizeof last, sizeof last);
        std::memcpy(to, &word, sizeof word);
        std::memcpy(to + size - sizeof last, &last, sizeof last);
    };
    if (size >= 16) {
        ends(ByteBlock{});
    } else if (size >= 8) {
        ends(std::uint64_t{});
    } else if (size >= 4) {
        ends(std::uint32_t{});
    } else if (size != 0) {
        to[0] = from[0];
        to[size / 2] = from[size / 2];
        to[size - 1] = from[size - 1];
    }
}

/// memcpy, inlined for short texts. `to`: as above.
inline void copyBytes(std::string_view text, char* to) {
    if (text.size() > kShortBytes)
        std::memcpy(to, text.data(), text.size());
    else
        copyShort(text, to);
}

/// Copies as copyBytes() does, and says of the same look whether a byte of test(block) is not 0 for some block.
template <class Test>
bool copyAndTest(std::string_view text, char* to, Test test) {
    if (text.size() < sizeof(ByteBlock)) {
        const ByteBlock block = shortBlock(text);
        copyBytes(text, to);
        return anyByte(test(block));
    }
    const std::size_t last = text.size() - sizeof(ByteBlock);
    ByteBlock found{};
    const auto look = [&](std::size_t at) {
        const ByteBlock block = loadBlock(text.data() + at);
        std::memcpy(to + at, &block, sizeof block);
        found |= test(block);
    };
    for (std::size_t at = 0; at < last; at += sizeof(ByteBlock)) look(at);
    look(last);
    return anyByte(found);
}

/// a == b, inlined for short texts.
inline bool sameText(std::string_view a, std::string_view b) {
    const std::size_t size = a.size();
    if (size != b.size()) return false;
    if (size > 16) return std::memcmp(a.data(), b.data(), size) == 0;
    const auto ends = [&](auto word) {
        auto a_last = word, b_first = word, b_last = word;
        std::memcpy(&word, a.data(), sizeof word);
        std::memcpy(&b_first, b.data(), sizeof word);
        std::memcpy(&a_last, a.data() + size - sizeof word, sizeof word);
        std::memcpy(&b_last, b.data() + size - sizeof word, sizeof word);
        return ((word ^ b_first) | (a_last ^ b_last)) == 0;
    };
    if (size >= 8) return ends(std::uint64_t{});
    if (size >= 4) return ends(std::uint32_t{});
    return size == 0 || (a[0] == b[0] && a[size / 2] == b[size / 2] && a[size - 1] == b[size - 1]);
}

}  // namespace caseway
