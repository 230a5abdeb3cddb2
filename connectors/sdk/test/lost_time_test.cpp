// connectors/sdk/test/lost_time_test.cpp - a source that renames the time by which it is asked for what is new.
#include <boost/test/unit_test.hpp>
#include <utility>
#include <vector>

#include "connectors/sdk/page_walk.hpp"

using namespace caseway;

namespace {

constexpr std::int64_t kNow = 1'800'000'000'000;

}  // namespace

BOOST_AUTO_TEST_SUITE(LostTime)

/// The source calls it otherwise since last night: the time would stay for ever, and all since then come each time.
BOOST_AUTO_TEST_CASE(a_member_of_since_that_is_gone_is_told) {
    PageRules rules;
    rules.style = PageStyle::Page;
    rules.has_since = true;
    rules.form = TimeText::make("%Y-%m-%d", "+08:00");
    const Cursor first =
        PageWalk(rules, "", {})
            .take({.records = 2, .total = 2, .digest = "first", .times = {"2026-03-01", "2026-03-02"}}, kNow, "x")
            .next;
    struct {
        const char* what;
        std::vector<std::pair<std::uint64_t, std::uint64_t>> pages;  ///< records, and those without the member
        bool is_noted, is_early;
    } const cases[] = {
        {"all of many have it", {{20, 0}}, false, false},
        {"one of many has it", {{20, 20}, {5, 4}}, false, false},
        {"none of a few has it", {{2, 2}}, true, false},
        {"none of many has it", {{6, 6}, {6, 6}}, true, true},
        {"nothing came", {}, false, false},
    };
    for (const auto& one : cases) {
        Cursor cursor = first;
        PageEnd end;
        for (std::size_t page = 0; page <= one.pages.size(); ++page) {
            AnswerFacts facts{.digest = std::to_string(page)};
            if (page < one.pages.size()) facts.records = one.pages[page].first, facts.untimed = one.pages[page].second;
            end = PageWalk(rules, cursor, {}).take(facts, kNow, "x");
            cursor = end.next;
        }
        BOOST_TEST(end.last, one.what);
        BOOST_TEST(!end.note.empty() == one.is_noted, one.what);
        BOOST_TEST(!end.ended_early.empty() == one.is_early, one.what);
        BOOST_TEST(PageWalk(rules, cursor, {}).question().since == "2026-03-02", one.what);
    }
}

BOOST_AUTO_TEST_SUITE_END()
