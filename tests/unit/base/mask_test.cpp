// tests/unit/base/mask_test.cpp - what of a name that nobody signed for is made unreadable.
#include "gateway/base/mask.hpp"

#include <boost/test/unit_test.hpp>

#include "gateway/base/mask_numbers.hpp"

using namespace caseway;

BOOST_AUTO_TEST_SUITE(Mask)

BOOST_AUTO_TEST_CASE(numbers_of_persons_are_masked_and_codes_of_districts_are_not) {
    BOOST_TEST(withNumbersMasked("350203199003070049/13800013800") == "3***9 (18)/1***0 (11)");
    BOOST_TEST(withNumbersMasked("district-350203/permits_2026") == "district-350203/permits_2026");
    BOOST_TEST(withNumbersMasked("x13800013800y/1234567890") == "x***y (13)/1234567890");
    BOOST_TEST(withNumbersMasked("") == "");
    BOOST_TEST(withNamesMasked("district-350203/permits") == "d***3 (15)/permits");
}

BOOST_AUTO_TEST_SUITE_END()
