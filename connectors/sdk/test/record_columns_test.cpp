// connectors/sdk/test/record_columns_test.cpp - pages that are the same but for what differs with each answer, and
// pages that only look alike.
#include "connectors/sdk/record_columns.hpp"

#include <boost/test/unit_test.hpp>
#include <utility>
#include <vector>

using namespace caseway;

namespace {

using Rows = std::vector<std::vector<std::pair<const char*, const char*>>>;

std::string columnsOf(const Rows& rows) {
    RecordColumns columns;
    for (const auto& row : rows) {
        for (const auto& [member, value] : row) columns.add(member, value);
        columns.endRecord();
    }
    return columns.digests();
}

struct Case {
    const char* name;
    Rows kept, now, again;
    bool asks, same;
};
const Case kCases[] = {
    {"a time of access in each",
     {{{"no", "1"}, {"name", "a"}, {"at", "10"}}, {{"no", "2"}, {"name", "b"}, {"at", "11"}}},
     {{{"no", "1"}, {"name", "a"}, {"at", "20"}}, {{"no", "2"}, {"name", "b"}, {"at", "21"}}},
     {{{"no", "1"}, {"name", "a"}, {"at", "30"}}, {{"no", "2"}, {"name", "b"}, {"at", "31"}}},
     true,
     true},
    {"all but the number",
     {{{"no", "1"}, {"row", "1"}, {"name", "a"}}, {{"no", "2"}, {"row", "2"}, {"name", "b"}}},
     {{{"no", "3"}, {"row", "1"}, {"name", "a"}}, {{"no", "4"}, {"row", "2"}, {"name", "b"}}},
     {{{"no", "3"}, {"row", "1"}, {"name", "a"}}, {{"no", "4"}, {"row", "2"}, {"name", "b"}}},
     true,
     false},
    {"rows counted in each page",
     {{{"no", "1"}, {"row", "1"}, {"name", "a"}}, {{"no", "2"}, {"row", "2"}, {"name", "b"}}},
     {{{"no", "3"}, {"row", "1"}, {"name", "c"}}, {{"no", "4"}, {"row", "2"}, {"name", "d"}}},
     {},
     false,
     false},
    {"one state and one name for all",
     {{{"no", "1"}, {"state", "7"}, {"name", "a"}}, {{"no", "2"}, {"state", "7"}, {"name", "a"}}},
     {{{"no", "3"}, {"state", "7"}, {"name", "a"}}, {{"no", "4"}, {"state", "7"}, {"name", "a"}}},
     {},
     false,
     false},
    {"the same values in another order",
     {{{"no", "1"}, {"name", "a"}}, {{"no", "2"}, {"name", "b"}}},
     {{{"no", "2"}, {"name", "b"}}, {{"no", "1"}, {"name", "a"}}},
     {},
     false,
     false},
    {"one record more",
     {{{"no", "1"}, {"name", "a"}}, {{"no", "2"}, {"name", "b"}}},
     {{{"no", "1"}, {"name", "a"}}, {{"no", "2"}, {"name", "b"}}, {{"no", "3"}, {"name", "c"}}},
     {},
     false,
     false},
    {"nothing", {}, {}, {}, false, false},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(RecordColumnsSuite)

BOOST_AUTO_TEST_CASE(a_page_is_the_same_where_only_that_differs_which_differs_with_each_answer) {
    for (const Case& one : kCases) {
        const std::string kept = columnsOf(one.kept), now = columnsOf(one.now);
        BOOST_TEST(mayBeSamePage(now, kept) == one.asks, one.name);
        if (one.asks) BOOST_TEST(isSamePage(now, columnsOf(one.again), kept) == one.same, one.name);
    }
}

BOOST_AUTO_TEST_CASE(a_record_of_a_thousand_members_has_no_more_columns_than_a_cursor_bears) {
    RecordColumns columns;
    for (const char* row : {"1", "2"}) {
        for (int i = 0; i < 1000; ++i) columns.add("m" + std::to_string(i), row);
        columns.endRecord();
    }
    BOOST_TEST(columns.digests().size() == 64 * 24);
}

BOOST_AUTO_TEST_SUITE_END()
