// tests/unit/base/printable_test.cpp - what a stranger wrote moves no cursor.
#include <boost/test/unit_test.hpp>

#include "gateway/base/printable.hpp"

using namespace caseway;

BOOST_AUTO_TEST_SUITE(Printable)

BOOST_AUTO_TEST_CASE(control_characters_are_shown_as_question_marks) {
    const struct {
        const char* given;
        const char* text;
        const char* line;
    } kCases[] = {
        {"", "", ""},
        {"Wohnung 新建 €\U0001F600", "Wohnung 新建 €\U0001F600", "Wohnung 新建 €\U0001F600"},
        {"a\nb\tc\rd", "a\nb\tc?d", "a?b?c?d"},
        {"\x1b]0;owned\x07\x1b[2J", "?]0;owned??[2J", "?]0;owned??[2J"},
        {"x\x7f", "x?", "x?"},
        {"\xc2\x9b"
         "2J\xc2\xa0",
         "?2J\xc2\xa0", "?2J\xc2\xa0"},  // C1 as UTF-8; a space that does not break is none
        {"\x9b"
         "2J",
         "?2J", "?2J"},                           // C1 as one byte
        {"\xe5\x9b\x9b", "四", "四"},             // whose second byte would be one
        {"\xe5\x1b[2J", "\xe5?[2J", "\xe5?[2J"},  // a character that breaks off hides nothing
    };
    for (const auto& [given, text, line] : kCases) {
        BOOST_TEST(printable(given) == text);
        BOOST_TEST(printableLine(given) == line);
    }
}

BOOST_AUTO_TEST_SUITE_END()
