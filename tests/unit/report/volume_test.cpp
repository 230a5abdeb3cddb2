// tests/unit/report/volume_test.cpp - what counts as a jump.
#include "gateway/report/volume.hpp"

#include <boost/test/unit_test.hpp>

using namespace caseway;

BOOST_AUTO_TEST_SUITE(NightVolumes)

BOOST_AUTO_TEST_CASE(jump_far_from_the_median_of_the_nights_before) {
    const std::vector<std::uint64_t> usual = {980, 1010, 1000, 1030, 990, 1005, 995, 1020};
    struct {
        std::uint64_t read;
        bool jumped;
    } const cases[] = {{1000, false},  {1100, false}, {1450, false}, {1600, true},
                       {10'000, true}, {400, true},   {0, true}};
    for (const auto& [read, jumped] : cases) BOOST_TEST(compareVolume(read, usual).jumped == jumped, read);
    BOOST_TEST(compareVolume(1000, usual).median.value() == 1002.5);
}

BOOST_AUTO_TEST_CASE(one_odd_night_neither_hides_the_next_nor_makes_it_odd) {
    const std::vector<std::uint64_t> odd = {1000, 1000, 50'000, 1000, 1010, 990};
    BOOST_TEST(!compareVolume(1005, odd).jumped);
    BOOST_TEST(compareVolume(50'000, odd).jumped);
}

BOOST_AUTO_TEST_CASE(few_nights_and_few_records_say_nothing) {
    BOOST_TEST(!compareVolume(9000, {1, 1, 1, 1}).jumped);
    BOOST_TEST(!compareVolume(9000, {1, 1, 1, 1}).median);
    BOOST_TEST(!compareVolume(18, {1, 1, 1, 1, 1}).jumped);
    BOOST_TEST(compareVolume(9000, {1, 1, 1, 1, 1}).jumped);
    BOOST_TEST(!compareVolume(0, {}).jumped);
}

BOOST_AUTO_TEST_CASE(the_median_of_an_even_number_lies_between_two) {
    BOOST_TEST(medianOf({4, 1, 3, 2}) == 2.5);
    BOOST_TEST(medianOf({5, 1, 3}) == 3);
    BOOST_TEST(medianOf({}) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
