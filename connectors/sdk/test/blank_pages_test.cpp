// connectors/sdk/test/blank_pages_test.cpp - empty pages in a row are counted in one run, as those that end it are.
#include <boost/test/unit_test.hpp>

#include "connectors/sdk/page_walk.hpp"

using namespace caseway;

BOOST_AUTO_TEST_SUITE(BlankPages)

BOOST_AUTO_TEST_CASE(of_several_runs_do_not_begin_a_pass_anew) {
    PageRules rules;
    rules.style = PageStyle::Token;
    rules.size = 10;
    Cursor cursor;
    for (const char* run : {"a", "b", "c"})  // each cut by its window
        for (int page = 0; page < 600; ++page) {
            PageWalk walk(rules, cursor, {}, page == 0 && !cursor.empty());
            if (!cursor.empty()) BOOST_TEST(walk.question().position != "", run << page);
            cursor = walk.take({.next = run + std::to_string(page)}, 1'780'000'000'000, "h").next;
        }
}

BOOST_AUTO_TEST_SUITE_END()
