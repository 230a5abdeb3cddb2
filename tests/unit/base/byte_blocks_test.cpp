// tests/unit/base/byte_blocks_test.cpp - what is done in blocks is what is done byte by byte, at every length.
#include "gateway/base/byte_blocks.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <string>

using namespace caseway;

namespace {
constexpr std::size_t kLongest = 70;

/// Distinct bytes, on a heap of their own length, so that a sanitizer sees each byte too far.
std::string textOf(std::size_t size) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i) text += static_cast<char>('0' + i);
    text.shrink_to_fit();
    return text;
}
}  // namespace

BOOST_AUTO_TEST_SUITE(ByteBlocks)

BOOST_AUTO_TEST_CASE(copies_every_length_and_nothing_beside_it) {
    for (std::size_t size = 0; size <= kLongest; ++size) {
        const std::string text = textOf(size);
        std::string copy(size + 2, '#');
        copyBytes(text, copy.data() + 1);
        BOOST_TEST(copy == "#" + text + "#");
    }
}

BOOST_AUTO_TEST_CASE(copies_and_finds_in_one_look) {
    const auto isHash = [](ByteBlock block) -> ByteBlock { return block == static_cast<unsigned char>('#'); };
    for (std::size_t size = 0; size <= kLongest; ++size) {
        std::string text(size, 'a');
        for (std::size_t at = 0; at <= size; ++at) {
            if (at < size) text[at] = '#';
            std::string copy(size + 2, '-');
            BOOST_TEST(copyAndTest(text, copy.data() + 1, isHash) == (at < size), size << " bytes, at " << at);
            BOOST_TEST(copy == "-" + text + "-");
            if (at < size) text[at] = 'a';
        }
    }
}

BOOST_AUTO_TEST_CASE(tells_texts_apart_by_any_byte_and_by_length) {
    for (std::size_t size = 0; size <= kLongest; ++size) {
        const std::string text = textOf(size);
        BOOST_TEST(sameText(text, std::string(text)));
        BOOST_TEST(!sameText(text, text + "x"));
        for (std::size_t at = 0; at < size; ++at) {
            std::string other = text;
            other[at] = static_cast<char>(other[at] ^ 0x80);
            BOOST_TEST(!sameText(text, other), size << " bytes, at " << at);
        }
    }
}

BOOST_AUTO_TEST_CASE(counts_a_byte_at_every_length_and_beyond_what_a_byte_can_count) {
    for (std::size_t size = 0; size <= kLongest; ++size)
        for (std::size_t at = 0; at <= size; ++at) {
            std::string text(size, 'a');
            std::fill_n(text.begin(), at, '#');
            BOOST_TEST(countByte(text, '#') == at, size << " bytes, the first " << at);
        }
    for (const std::size_t size : {255 * 16, 256 * 16, 257 * 16 + 5, 100'000}) {
        BOOST_TEST(countByte(std::string(size, '#'), '#') == size);
        BOOST_TEST(countByte(std::string(size, '\xFF'), '#') == 0U);
    }
}

BOOST_AUTO_TEST_CASE(finds_a_byte_wherever_it_stands) {
    const auto isHash = [](ByteBlock block) -> ByteBlock { return block == static_cast<unsigned char>('#'); };
    for (std::size_t size = 0; size <= kLongest; ++size) {
        std::string text(size, 'a');
        BOOST_TEST(!anyBlock(text, isHash));
        for (std::size_t at = 0; at < size; ++at) {
            text[at] = '#';
            BOOST_TEST(anyBlock(text, isHash), size << " bytes, at " << at);
            text[at] = 'a';
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
