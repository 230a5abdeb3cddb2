// tests/unit/text/said_text_test.cpp - whatever a source says fits on one line, and shows what it is.
#include "gateway/formats/text/said_text.hpp"

#include <boost/test/unit_test.hpp>

#include "gateway/formats/text/utf8.hpp"

using namespace caseway;

BOOST_AUTO_TEST_SUITE(SaidTexts)

BOOST_AUTO_TEST_CASE(control_characters_and_turned_writing_are_not_passed_on) {
    const std::pair<std::string, std::string> cases[] = {
        {"no answer", "no answer"},
        {"\u6682\u505c\u670d\u52a1", "\u6682\u505c\u670d\u52a1"},
        {"two\nlines\tand\r\x1b[31mred", "two lines and  [31mred"},
        {std::string("nul\0in", 6), "nul in"},
        {"C1 \u009b31m", "C1 ?31m"},
        {"file\u202egpj.exe", "file?gpj.exe"},
        {"\u2066isolated\u2069 \u200fmark \u061cletter", "?isolated? ?mark ?letter"},
        {"line\u2028separator \ufeffmark", "line?separator ?mark"},
        {"broken \xff\xfe end", "broken ?? end"},
        {"cut off \xe6\x9a", "cut off ??"},
    };
    for (const auto& [said, held] : cases) BOOST_TEST(saidText(said) == held);
}

BOOST_AUTO_TEST_CASE(nothing_moves_the_cursor_of_who_looks_at_a_text) {
    const struct {
        const char* given;
        const char* text;
        const char* line;
    } cases[] = {
        {"", "", ""},
        {"Wohnung \u65b0\u5efa \u20ac\U0001F600", "Wohnung \u65b0\u5efa \u20ac\U0001F600",
         "Wohnung \u65b0\u5efa \u20ac\U0001F600"},
        {"a\nb\tc\rd", "a\nb\tc?d", "a?b?c?d"},
        {"\x1b]0;owned\x07\x1b[2J", "?]0;owned??[2J", "?]0;owned??[2J"},
        {"x\x7f", "x?", "x?"},
        {"\u009b2J\u00a0", "?2J\u00a0", "?2J\u00a0"},  // C1; a space that does not break is none
        {"\x9b"
         "2J",
         "?2J", "?2J"},                     // C1 as one byte
        {"\u56db", "\u56db", "\u56db"},     // E5 9B 9B: whose second byte would be one
        {"\xe5\x1b[2J", "??[2J", "??[2J"},  // a character that breaks off hides nothing
        {"file\u202egpj.exe", "file?gpj.exe", "file?gpj.exe"},
    };
    for (const auto& [given, text, line] : cases) {
        BOOST_TEST(shownText(given) == text);
        BOOST_TEST(shownLine(given) == line);
    }
}

BOOST_AUTO_TEST_CASE(what_is_too_long_is_cut_between_characters_and_says_so) {
    BOOST_TEST(saidText(std::string(kSaidBytes, 'a')) == std::string(kSaidBytes, 'a'));
    const std::string cut = saidText(std::string(kSaidBytes + 1, 'a'));
    BOOST_TEST(cut == std::string(kSaidBytes - 3, 'a') + "\u2026");
    std::string wide;
    for (int i = 0; i < 100'000; ++i) wide += "\u6682";
    for (const std::size_t most : {0, 2, 3, 4, 5, 6, 7, 100}) {
        const std::string held = saidText(wide, most);
        BOOST_TEST(held.size() <= most);
        BOOST_TEST(utf8Prefix(held).valid == held.size());
    }
}

BOOST_AUTO_TEST_SUITE_END()
