// tests/unit/base/hex_blocks_test.cpp - digests in blocks say what toHex() and fromHex() say, and nothing else is taken.
#include "gateway/base/hex_blocks.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace caseway;

BOOST_AUTO_TEST_SUITE(HexBlocks)

BOOST_AUTO_TEST_CASE(every_byte_at_every_place_goes_both_ways) {
    Sha256 digest;
    for (unsigned value = 0; value < 256; ++value) {
        for (std::size_t at = 0; at < digest.bytes.size(); ++at)
            digest.bytes[at] = static_cast<std::uint8_t>(value + at * 7);
        const HexDigits digits = hexDigits(digest);
        BOOST_TEST(textOf(digits) == toHex(digest));
        Sha256 back;
        BOOST_REQUIRE(takeHex(digits.data(), back));
        BOOST_TEST((back == digest));
    }
}

BOOST_AUTO_TEST_CASE(one_character_that_is_no_lower_case_digit_is_told_wherever_it_stands) {
    const std::string good(64, '7');
    Sha256 digest;
    for (unsigned c = 0; c < 256; ++c) {
        const bool is_digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        for (std::size_t at = 0; at < good.size(); ++at) {
            std::string digits = good;
            digits[at] = static_cast<char>(c);
            BOOST_TEST(takeHex(digits.data(), digest) == is_digit, "character " << c << " at " << at);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
