// tests/unit/sqlite/page_cache_test.cpp - which truncations of a page cache may be left out.
#include "gateway/adapters/sqlite/page_cache.hpp"

#include <boost/test/unit_test.hpp>

using caseway::HeldPages;

namespace {

constexpr unsigned kParking = 262145;  ///< where SQLite parks a page of 4 KiB

HeldPages tenPages() {
    HeldPages held;
    for (unsigned page = 1; page <= 10; ++page) held.fetched(page);
    return held;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(PageCache)

BOOST_AUTO_TEST_CASE(an_empty_one_holds_nothing) {
    BOOST_TEST(!HeldPages().mayHoldFrom(1));
}

BOOST_AUTO_TEST_CASE(holds_what_was_fetched_and_nothing_behind_it) {
    const HeldPages held = tenPages();
    BOOST_TEST(held.mayHoldFrom(10));
    BOOST_TEST(!held.mayHoldFrom(11));
}

BOOST_AUTO_TEST_CASE(a_page_that_came_back_from_parking_is_not_behind_the_file) {
    HeldPages held = tenPages();
    held.moved(7, kParking);
    BOOST_TEST(held.mayHoldFrom(11));
    held.moved(9, 7);
    held.moved(kParking, 9);
    BOOST_TEST(!held.mayHoldFrom(11));
    BOOST_TEST(held.mayHoldFrom(10));
}

BOOST_AUTO_TEST_CASE(pages_that_stay_behind_the_file_are_held) {
    HeldPages held = tenPages();
    held.moved(7, 20);
    held.moved(8, 15);
    BOOST_TEST(held.mayHoldFrom(20));
    held.moved(15, 8);
    BOOST_TEST(held.mayHoldFrom(20));
    BOOST_TEST(!held.mayHoldFrom(21));
}

BOOST_AUTO_TEST_CASE(a_truncation_takes_them) {
    HeldPages held = tenPages();
    held.moved(3, 30);
    held.truncated(6);
    BOOST_TEST(!held.mayHoldFrom(6));
    BOOST_TEST(held.mayHoldFrom(5));
    held.fetched(8);
    BOOST_TEST(held.mayHoldFrom(8));
    held.truncated(0);
    BOOST_TEST(!held.mayHoldFrom(1));
}

BOOST_AUTO_TEST_SUITE_END()
