// tests/unit/text/utf8_test.cpp - strict UTF-8: what is whole, what is cut off, what is broken.
#include "gateway/formats/text/utf8.hpp"

#include <boost/test/unit_test.hpp>

#include "gateway/formats/text/encoding.hpp"
#include "tests/unit/text/bytes_of_hex.hpp"

namespace caseway {

BOOST_AUTO_TEST_SUITE(Utf8)

BOOST_AUTO_TEST_CASE(tells_whole_cut_and_broken_characters_apart) {
    struct Case {
        const char* bytes;
        std::size_t valid;
        bool broken;
    };
    const std::vector<Case> cases = {
        {"", 0, false},
        {"61", 1, false},
        {"C3 A9", 2, false},
        {"61 C3", 1, false},
        {"E5 BC", 0, false},
        {"E5 BC A0", 3, false},
        {"F0 A0 80", 0, false},
        {"F0 A0 80 80", 4, false},
        {"61 80", 1, true},
        {"C0 80", 0, true},
        {"C1 BF", 0, true},
        {"E0 80", 0, true},
        {"E0 9F BF", 0, true},
        {"ED A0", 0, true},
        {"ED A0 80", 0, true},
        {"F0 8F", 0, true},
        {"F4 90", 0, true},
        {"F4 90 80 80", 0, true},
        {"F5", 0, true},
        {"FF", 0, true},
        {"C3 28", 0, true},
        {"61 E5 28", 1, true},
        {"E5 BC 61 62", 0, true},
        {"80 80 80 80", 0, true},
        {"61 62 F0 A0 28", 2, true},
    };
    for (const Case& c : cases) {
        for (const std::size_t before : {0, 3, 61, 200}) {
            const std::string text = std::string(before, 'x') + hex(c.bytes);
            const Utf8Prefix prefix = utf8Prefix(text);
            BOOST_TEST_CONTEXT(c.bytes << " behind " << before) {
                BOOST_TEST(prefix.valid == before + c.valid);
                BOOST_TEST(prefix.broken == c.broken);
                BOOST_TEST(isUtf8(text) == (prefix.valid == text.size()));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(pieces_may_end_inside_a_character) {
    const std::string good = "a\u00E9\u7FFF\U00020087\U0010FFFF b";
    for (std::size_t first = 0; first <= good.size(); ++first) {
        for (std::size_t second = first; second <= good.size(); ++second) {
            Utf8Pieces pieces;
            BOOST_TEST(pieces.feed(std::string_view(good).substr(0, first)));
            BOOST_TEST(pieces.feed(std::string_view(good).substr(first, second - first)));
            BOOST_TEST(pieces.feed(std::string_view(good).substr(second)));
        }
    }
}

BOOST_AUTO_TEST_CASE(pieces_are_no_utf8_from_the_first_wrong_byte) {
    for (const char* wrong : {"FF", "C3 28", "E5 BC 61", "ED A0 80", "F4 90 80 80", "80", "F0 A0 82 28"}) {
        const std::string text = "ab" + hex(wrong) + "c";
        for (std::size_t first = 0; first <= text.size(); ++first) {
            Utf8Pieces pieces;
            static_cast<void>(pieces.feed(std::string_view(text).substr(0, first)));
            BOOST_TEST(!pieces.feed(std::string_view(text).substr(first)), wrong << " cut at " << first);
            BOOST_TEST(!pieces.feed("more"));
        }
    }
}

BOOST_AUTO_TEST_CASE(reads_and_writes_code_points) {
    std::string text;
    const std::u32string points = U"a\u00E9\u7FFF\U00020087\U0010FFFF";
    for (const char32_t point : points) appendUtf8(point, text);
    BOOST_TEST(text == "a\u00E9\u7FFF\U00020087\U0010FFFF");
    BOOST_TEST(utf8Length(text) == points.size());
    std::size_t at = 0;
    for (const char32_t point : points) BOOST_TEST((nextCodePoint(text, at) == point));
    BOOST_TEST(at == text.size());
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace caseway
