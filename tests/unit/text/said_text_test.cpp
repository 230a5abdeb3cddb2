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
