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
    const auto after = [&](std::uint64_t records, std::uint64_t untimed) {
        AnswerFacts facts{.records = records, .total = records, .digest = "first"};
        facts.untimed = untimed;
        facts.times = {"2026-03-01", "2026-03-02"};
        return PageWalk(rules, "", {}).take(facts, kNow, "x").next;
    };
    const Cursor all = after(40, 0), nearly_all = after(40, 4), some = after(40, 5), few = after(2, 0);
    const Cursor former = R"({"v":1,"since":1772380800000})";
    const Cursor former_within =
        R"({"v":1,"since":1772380800000,"high":1772380800000,"pages":1,"records":30,"size":30,"steps":0,"power":1,"came":30})";
    struct {
        const char* what;
        Cursor from;
        std::vector<std::pair<std::uint64_t, std::uint64_t>> pages;  ///< records, and those without the member
        bool is_noted, is_early;
    } const cases[] = {
        {"all of many have it", all, {{20, 0}}, false, false},
        {"one of many has it", all, {{20, 20}, {5, 4}}, false, false},
        {"none of a few has it", all, {{2, 2}}, true, false},
        {"none of many has it", all, {{6, 6}, {6, 6}}, true, true},
        {"none of many has it, nearly all had it", nearly_all, {{6, 6}, {6, 6}}, true, true},
        {"none of many has it, and some never had it", some, {{6, 6}, {6, 6}}, true, false},
        {"none of many has it, and few are known", few, {{6, 6}, {6, 6}}, true, false},
        {"none of many has it, and nothing is known", former, {{6, 6}, {6, 6}}, true, false},
        {"a former version read some that have it", former_within, {{6, 6}}, false, false},
        {"nothing came", all, {}, false, false},
    };
    for (const auto& one : cases) {
        Cursor cursor = one.from;
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

/// What one pass showed is not forgotten over those in which all have it, nor over one that is read again.
BOOST_AUTO_TEST_CASE(that_a_member_of_since_may_be_left_out_is_remembered) {
    PageRules rules;
    rules.has_since = true;
    rules.form = TimeText::make("%Y-%m-%d", "+08:00");
    Cursor cursor;
    const auto pass = [&](std::uint64_t records, std::uint64_t untimed) {
        AnswerFacts facts{.records = records};
        facts.untimed = untimed;
        if (untimed < records) facts.times = {"2026-03-02"};
        const PageEnd end = PageWalk(rules, cursor, {}).take(facts, kNow, "x");
        cursor = end.next;
        return !end.ended_early.empty();
    };
    pass(40, 0);
    BOOST_TEST(pass(12, 12));
    BOOST_TEST(pass(12, 12));
    BOOST_TEST(!pass(13, 12));  // one was changed, and has it
    for (int night = 0; night < 3; ++night) {
        BOOST_TEST(!pass(30, 0));
        BOOST_TEST(!pass(0, 0));
        BOOST_TEST(!pass(12, 12));
    }
}

BOOST_AUTO_TEST_SUITE_END()
