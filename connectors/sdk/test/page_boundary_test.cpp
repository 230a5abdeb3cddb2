// connectors/sdk/test/page_boundary_test.cpp - pages over a set that moves while they are read: no row is passed over
// for good, and a quiet set costs and says nothing more.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "connectors/sdk/test/moving_department.hpp"

using namespace caseway;
using namespace caseway::fixture;

namespace {

const Shape kShapes[] = {{PageStyle::Page, true, false},   {PageStyle::Page, true, true},
                         {PageStyle::Page, false, false},  {PageStyle::Page, false, true},
                         {PageStyle::Offset, true, false}, {PageStyle::Offset, true, true},
                         {PageStyle::Offset, false, false}};

}  // namespace

BOOST_AUTO_TEST_SUITE(PageBoundary)

/// Many services number the pages in their links: rows move there as by `page`.
BOOST_AUTO_TEST_CASE(links_that_count_hide_no_rows_either) {
    for (const char* link : {"https://x/cases?size=10&page=", "https://x/cases?limit=10&offset=", "/c?o=", "/c?n="}) {
        for (const int rows : {15, 31, 51}) {
            for (const int moved : {1, 3, 10, 25}) {
                for (const std::size_t at : {2u, 3u, 4u}) {
                    Reader reader({PageStyle::Link, false, false});
                    reader.department.link = link;
                    reader.department.fill(rows);
                    reader.department.before_request = [&](std::size_t request) {
                        for (int no = 1; request == at && no <= std::min(moved, rows); ++no)
                            reader.department.handle(no);
                    };
                    for (int night = 0; night < 3; ++night) reader.run();
                    BOOST_TEST(reader.hasAll(), link << rows << " rows, " << moved << " moved at " << at);
                }
            }
        }
    }
}

struct Links {
    const char *from, *to;
    std::size_t came;
    bool is_counted;
};
std::ostream& operator<<(std::ostream& out, const Links& links) {
    return out << links.from << " to " << links.to;
}
const Links kLinks[] = {{"/c?page=2&offset=20", "/c?page=3&offset=40", 20, true},
                        {"/c?page=2&total=51", "/c?page=3&total=49", 20, true},
                        {"/c?offset=20&size=20", "/c?offset=40&size=20", 18, true},
                        {"/c?%24skip=20&sign=ab12", "/c?%24skip=40&sign=cd7", 18, true},
                        {"/c/page/2?sign=1", "/c/page/3?sign=9", 20, true},
                        {"/c?from=20", "/c?from=40", 20, true},
                        {"/c-2.json", "/c-3.json", 20, true},
                        {"/c?n=20&sign=ab12", "/c?n=40&sign=cd7", 20, true},  // of a name that says nothing
                        {"/c/20", "/c/40", 20, true},
                        {"/c?n=20", "/c?n=41", 20, false},
                        {"/c?n=20", "/c?n=20", 0, false},
                        {"/c?last_id=20", "/c?last_id=40", 20, false},
                        {"/c?seq=20", "/c?seq=40", 20, false},
                        {"/c?after=100", "/c?after=110", 10, false},
                        {"/c?id=100&size=10", "/c?id=110&size=10", 10, false},
                        {"/c?start=1780000000000", "/c?start=1780000900000", 10, false},
                        {"/c?page_token=100", "/c?page_token=173", 10, false},
                        {"/c?page=2&after=100", "/c?page=2&after=173", 10, false}};

BOOST_DATA_TEST_CASE(links_are_counted_by_their_page_or_offset_whatever_stands_beside_it, kLinks, links) {
    const Reader reader({PageStyle::Link, false, false});
    const std::string came = std::to_string(links.came),
                      head = R"({"v":1,"records":90,"came":)" + came + R"(,"token":")";
    const AnswerFacts behind{.records = links.came, .next = links.to};
    const std::string former = R"(","former":"/c?first")";
    const PageWalk known(reader.rules, head + links.from + former + R"(,"pages":2})", {});
    BOOST_TEST(known.questionBefore(behind).has_value() == links.is_counted);
    const PageWalk last(reader.rules, head + links.to + R"(","former":")" + links.from + R"(","pages":2})", {});
    BOOST_TEST(last.questionBefore({.records = 3}).has_value() == links.is_counted);
}

BOOST_AUTO_TEST_CASE(the_link_of_a_second_and_last_page_tells_whether_it_counts) {
    const Reader reader({PageStyle::Link, false, false});
    const auto is_counted = [&](const std::string& link) {
        const PageWalk walk(reader.rules, R"({"v":1,"pages":1,"records":18,"came":18,"token":")" + link + R"("})", {});
        return walk.questionBefore({.records = 3}).has_value();
    };
    for (const char* link :
         {"/c?page=2", "/c/page/2", "/c?%24skip=20", "/c?$skip=18", "/c?size=20&offset=20", "/c?n=18"})
        BOOST_TEST(is_counted(link), link);
    for (const char* link :
         {"/c?page=173", "/c?size=2", "/c?offset=7", "/c?start=20260101", "/c?after=18", "/c/2", "/c?n=20", "/c?id=18"})
        BOOST_TEST(!is_counted(link), link);
    for (const char* link : {"/c?page=2", "/c?n=18"})
        BOOST_TEST(PageWalk::linkRule(link, 18).find("counts pages or records: with `since`") != std::string::npos,
                   link);
    for (const char* link : {"/c?after=18", "/c?n=a9", "/c?$skiptoken=ab&$top=18", "/c?k=a&rows=18"})
        BOOST_TEST(PageWalk::linkRule(link, 18).find("is taken for a key") != std::string::npos, link);
}

BOOST_AUTO_TEST_CASE(links_by_a_key_cost_nothing) {
    const Reader reader({PageStyle::Link, false, false});
    const PageWalk walk(
        reader.rules, R"({"v":1,"pages":2,"records":20,"came":10,"token":"/c?after=173","former":"/c?after=97"})", {});
    BOOST_TEST(!walk.questionBefore({.records = 10, .next = "/c?after=240"}).has_value());
    BOOST_TEST(!walk.questionBefore({.records = 10}).has_value());
    const PageWalk second(reader.rules, R"({"v":1,"pages":1,"records":10,"came":10,"token":"/c?size=10&cursor=2"})",
                          {});
    BOOST_TEST(!second.questionBefore({.records = 3}).has_value());
}

BOOST_DATA_TEST_CASE(rows_that_are_handled_while_pages_are_read_hide_none, kShapes, shape) {
    for (const int moved : {1, 3, 9, 10, 25}) {
        for (const std::size_t at : {2u, 3u, 4u, 8u}) {
            Reader reader(shape);
            reader.department.fill(51);
            reader.department.before_request = [&](std::size_t request) {
                for (int no = 1; request == at && no <= moved; ++no) reader.department.handle(no);
            };
            BOOST_TEST(reader.run());
            BOOST_TEST(reader.hasAll(), shape << ", " << moved << " before request " << at);
            BOOST_TEST(reader.withheld == "");
            BOOST_TEST(reader.given <= 51u + 2 * 51u);
        }
    }
}

/// A bulk load, or two rows of one time at a boundary: the page before bears the same times whatever record left it.
BOOST_DATA_TEST_CASE(a_row_of_several_with_one_time_that_moves_hides_none, kShapes, shape) {
    for (const bool all_tied : {true, false}) {
        for (const int moved : {3, 10}) {  // in a page, the one at its end
            for (const std::size_t at : {2u, 3u, 4u, 5u, 8u}) {
                Reader reader(shape);
                reader.department.fill(51);
                for (auto& row : reader.department.rows)
                    if (all_tied || row.no == 11) row.time = kNow - 3'600'000 + (all_tied ? 0 : 10'000);
                reader.department.before_request = [&](std::size_t request) {
                    if (request == at) reader.department.handle(moved);
                };
                BOOST_TEST(reader.run());
                BOOST_TEST(reader.hasAll(), shape << ", " << moved << " before request " << at);
            }
        }
    }
}

BOOST_DATA_TEST_CASE(where_nothing_tells_rows_of_one_time_apart_all_are_read_and_it_is_told, kShapes, shape) {
    for (const int tied : {2, 51}) {
        Reader reader(shape);
        reader.department.fill(51);
        reader.department.signs_links = true;
        for (int row = 0; row < tied; ++row)
            reader.department.rows[static_cast<std::size_t>(row)].time = kNow - 3'600'000;
        BOOST_TEST(!reader.run());
        BOOST_TEST(reader.hasAll());
        BOOST_TEST(reader.withheld.starts_with("its records differ with each answer and several bear one time"));
        BOOST_TEST(PageWalk(reader.rules, reader.cursor, {}).question().since == "");
    }
}

BOOST_DATA_TEST_CASE(rows_that_go_while_pages_are_read_hide_none, kShapes, shape) {
    for (const int gone : {3, 10, 20}) {  // in a page, the one at its end
        Reader reader(shape);
        reader.department.fill(51);
        reader.department.before_request = [&](std::size_t request) {
            if (request == 5) reader.department.remove(gone);
        };
        BOOST_TEST(reader.run());
        BOOST_TEST(reader.hasAll(), shape << ", " << gone);
    }
}

BOOST_DATA_TEST_CASE(a_pass_of_another_day_goes_on_only_where_nothing_moved, kShapes, shape) {
    for (const int moved : {0, 4, 10}) {
        Reader reader(shape);
        reader.department.fill(51);
        for (int page = 0; page < 3; ++page) reader.page();
        reader.department.now += 20 * 3'600'000;
        for (int no = 1; no <= moved; ++no) reader.department.handle(no);
        const std::size_t before = reader.given;
        BOOST_TEST(reader.run(true));
        BOOST_TEST(reader.hasAll(), shape << ", " << moved);
        if (moved == 0) BOOST_TEST(reader.given - before == 21);
    }
}

BOOST_AUTO_TEST_CASE(a_pass_that_another_version_began_begins_anew) {
    Reader reader(kShapes[0]);
    reader.department.fill(51);
    reader.cursor = R"({"v":1,"pages":3,"records":30,"size":10,"steps":1,"power":2,"mark":"x"})";
    BOOST_TEST(reader.run(true));
    BOOST_TEST(reader.hasAll());
}

BOOST_DATA_TEST_CASE(a_quiet_set_is_read_once_and_nothing_is_said, kShapes, shape) {
    for (const bool signs_links : {false, true}) {
        Reader reader(shape);
        reader.department.fill(51);
        reader.department.signs_links = signs_links;
        BOOST_TEST(reader.run());
        BOOST_TEST(reader.given == 51);
        BOOST_TEST(reader.passes == 1);
        BOOST_TEST(reader.withheld == "");
        BOOST_TEST(reader.department.requests ==
                   (shape.tells_total ? 6 + 5 * (signs_links ? 2 : 1) : 7 + 6 * (signs_links ? 2 : 1)));
        reader.department.requests = 0;
        reader.rules.has_since = false;  // each pass reads all: nothing is lost for good
        reader.cursor.clear();
        BOOST_TEST(reader.run());
        BOOST_TEST(reader.department.requests == (shape.tells_total ? 6 : 7));
    }
}

BOOST_AUTO_TEST_CASE(a_set_that_never_stands_still_moves_no_time_and_is_told) {
    Reader reader(kShapes[0]);
    reader.department.fill(51);
    reader.department.before_request = [&](std::size_t) {
        for (int i = 0; i < 10; ++i) reader.department.handle(reader.department.rows.front().no);
    };
    BOOST_TEST(!reader.run());
    BOOST_TEST(reader.withheld == "rows moved from page to page while they were read");
    BOOST_TEST(PageWalk(reader.rules, reader.cursor, {}).question().since == "");
    reader.department.before_request = [](std::size_t) {};
    BOOST_TEST(reader.run());
    BOOST_TEST(reader.hasAll());
}

BOOST_AUTO_TEST_SUITE_END()
