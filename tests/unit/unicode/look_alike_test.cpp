// tests/unit/unicode/look_alike_test.cpp - what passes for a prefix, and what nobody sees.
#include "gateway/formats/unicode/look_alike.hpp"

#include <boost/test/unit_test.hpp>

using namespace caseway;

BOOST_AUTO_TEST_SUITE(LookAlike)

BOOST_AUTO_TEST_CASE(takes_look_alikes_of_a_prefix_for_it) {
    for (const char* text : {"CW-1",
                             "cw-1",
                             "Cw-",
                             "ＣＷ－1",
                             "CW－" /* the last character is not ASCII */,
                             "ｃｗ-1",
                             "\u0421W-1" /* Cyrillic Es */,
                             "\u0441\u051D-1",
                             "CW\u20101",
                             "CW\u20131",
                             "CW\u20141",
                             "CW\u22121",
                             "C\u200BW-1",
                             "\u200DCW-1",
                             "C\u00ADW-1",
                             "\uFEFFCW-1",
                             "C W-1",
                             "\u202ECW-1",
                             "C\uFE0FW-1",
                             "\U0001D402W-1" /* mathematical */,
                             "\u216DW-1" /* Roman numeral */,
                             "\U000E0043CW-1" /* tag */,
                             "CW\u30FC1"})
        BOOST_TEST(looksLikePrefix(text, "CW-"), text);
}

BOOST_AUTO_TEST_CASE(keeps_the_last_character_that_fits_into_what_it_looks_at) {
    constexpr std::size_t kUpToTheEnd = 1024 - 2 - 3;  // "CW", and the three bytes of a full-width dash
    const std::string unseen(kUpToTheEnd, '\x01');
    for (const char* behind : {"", "1", "－"})
        BOOST_TEST(looksLikePrefix("CW" + unseen + "－" + behind, "CW-"), behind);
}

BOOST_AUTO_TEST_CASE(leaves_other_numbers_alone) {
    for (const char* text : {"", "C", "CW", "CW1", "XCW-1", "粤建许〔2026〕第1号", "CV-1", "W-1", "中CW-1", "C中W-1",
                             "GW-1", "440106-2026-0001", "闽CW-1"})
        BOOST_TEST(!looksLikePrefix(text, "CW-"), text);
}

BOOST_AUTO_TEST_CASE(sees_what_nobody_sees) {
    for (const char* text : {"a\u200B1", "a\u200D",     "\u202E1",  "\u20661",  "a\u00AD",  "a\u0085", "a\x7F",
                             "a\tb",     "\uFEFF1",     "a\u2028",  "a\u00A0b", "a\u3164",  "a\u115F", "\u2800",
                             "a\uFE0F",  "a\U000E0041", "a\u034Fb", "a\uFFFE",  "a\u3000b", "\u061C1", "a\u180E"})
        BOOST_TEST(hasInvisible(text), text);
    for (const char* text : {"", "A-1", "a b", "粤建许〔2026〕第1号", "①", "é", "e\u0301", "\U00020BB7", "\uE000"})
        BOOST_TEST(!hasInvisible(text), text);
}

BOOST_AUTO_TEST_SUITE_END()
