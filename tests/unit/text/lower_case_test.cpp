// tests/unit/text/lower_case_test.cpp - ASCII letters and nothing else.
#include "gateway/formats/text/lower_case.hpp"

#include <boost/test/unit_test.hpp>

using namespace caseway;

BOOST_AUTO_TEST_SUITE(LowerCase)

BOOST_AUTO_TEST_CASE(changes_ascii_letters_only) {
    BOOST_TEST(lowerCase("AZaz09@[`{-") == "azaz09@[`{-");
    BOOST_TEST(lowerCase("\u00C9\uFF21\xC9") == "\u00C9\uFF21\xC9");
    BOOST_TEST(lowerCase("").empty());
    BOOST_TEST((lowerCase({"A\0B", 3}) == std::string("a\0b", 3)));
}

BOOST_AUTO_TEST_SUITE_END()
