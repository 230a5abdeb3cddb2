// connectors/sdk/test/page_walk_test.cpp - the walk through pages without any source: ends, circles, watermarks,
// cursors.
#include "connectors/sdk/page_walk.hpp"

#include <boost/test/unit_test.hpp>

#include "connectors/sdk/test/page_rules.hpp"

using namespace caseway;
using fixture::kNow;
using fixture::rulesOf;

namespace {

struct ReadTotal {
    std::uint64_t records = 0;
    std::string withheld{}, ended_early{};
    Cursor cursor{};
};

/// Walks over pages that a function of their number gives; the number at which it ended, 0 for a circle.
template <class Answer>
std::size_t walk(const PageRules& rules, Answer&& answer, std::size_t most = 5000) {
    Cursor cursor;
    for (std::size_t page = 1; page <= most; ++page) {
        try {
            const PageEnd end = PageWalk(rules, cursor, {}).take(answer(page), kNow, "here");
            if (end.last) return page;
            cursor = end.next;
        } catch (const ConnectorFault& fault) {
            BOOST_TEST(fault.parts().code == "pages_in_circles");
            return 0;
        }
    }
    return most + 1;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(PageWalkSuite)

BOOST_AUTO_TEST_CASE(finds_circles_of_any_length_after_any_start) {
    for (const std::size_t start : {0u, 1u, 7u}) {
        for (const std::size_t length : {1u, 2u, 3u, 17u, 100u}) {
            const auto place = [&](std::size_t page) { return page <= start ? page : start + (page - start) % length; };
            BOOST_TEST(walk(rulesOf(PageStyle::Page), [&](std::size_t page) {
                           return AnswerFacts{.records = 10, .digest = std::to_string(place(page))};
                       }) == 0);
            BOOST_TEST(walk(rulesOf(PageStyle::Token), [&](std::size_t page) {
                           return AnswerFacts{.records = 10, .next = std::to_string(place(page))};
                       }) == 0);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_short_page_is_not_the_last_but_an_empty_one_is) {
    const auto short_pages = [](std::size_t page) {
        return AnswerFacts{.records = page < 5 ? 3u : 0u, .digest = std::to_string(page)};
    };
    BOOST_TEST(walk(rulesOf(PageStyle::Page), short_pages) == 5);
    BOOST_TEST(walk(rulesOf(PageStyle::Offset), short_pages) == 5);
    BOOST_TEST(walk(rulesOf(PageStyle::None), short_pages) == 1);
}

BOOST_AUTO_TEST_CASE(the_total_ends_it_too) {
    BOOST_TEST(walk(rulesOf(PageStyle::Page), [](std::size_t page) {
                   return AnswerFacts{.records = 3, .total = 9, .digest = std::to_string(page)};
               }) == 3);
}

/// Five records a page of `there`, each page with a total of its own; the last one stands for those behind it.
ReadTotal readBeside(std::size_t there, const std::vector<std::uint64_t>& totals, bool repeats_its_last = false) {
    const PageRules rules = rulesOf(PageStyle::Page);
    ReadTotal read;
    for (std::size_t page = 0; page < 100; ++page) {
        const std::size_t at = repeats_its_last ? std::min(page, (there - 1) / 5) : page;
        AnswerFacts facts{.total = totals[std::min(page, totals.size() - 1)]};
        for (std::size_t no = at * 5; no < std::min(there, at * 5 + 5); ++no) facts.marks.push_back(std::to_string(no));
        facts.records = facts.marks.size();
        facts.digest = std::to_string(at);
        const PageEnd end = PageWalk(rules, read.cursor, {}).take(facts, kNow, "here");
        read.records += end.records;
        read.withheld = end.withheld;
        read.ended_early = end.ended_early;
        if (end.last) break;
        read.cursor = end.next;
    }
    return read;
}

/// Pages of ten; behind `there` of them an empty one. The last page's end.
PageEnd endOf(const PageRules& rules, std::size_t there, std::uint64_t total, std::uint64_t total_behind,
              Cursor cursor = {}) {
    for (std::size_t page = 0;; ++page) {
        const bool is_behind = page == there;
        AnswerFacts facts{.records = is_behind ? 0u : 10u, .total = is_behind ? total_behind : total};
        facts.digest = std::to_string(page);
        facts.times.assign(facts.records, "2026-03-02");
        const PageEnd end = PageWalk(rules, cursor, {}).take(facts, kNow, "here");
        if (end.last) return end;
        cursor = end.next;
    }
}

BOOST_AUTO_TEST_CASE(an_end_before_the_total_is_no_end) {
    PageRules rules = rulesOf(PageStyle::Page);
    for (const std::uint64_t behind : {1000u, 0u}) {
        const PageEnd end = endOf(rules, 50, 1000, behind);
        BOOST_TEST(end.ended_early == "it tells 1000 records, and 500 came");
        BOOST_TEST(PageWalk(rules, end.next, {}).question().position == "1");  // the pass begins anew
        BOOST_CHECK_EXCEPTION(PageWalk::mustBeWhole(end, "here"), ConnectorFault, [](const ConnectorFault& fault) {
            return fault.parts().code == "set_incomplete" && fault.kind() == ConnectorFaultKind::Transient;
        });
    }
    BOOST_TEST(endOf(rules, 50, 500, 500).ended_early == "");
    BOOST_TEST(endOf(rules, 50, 510, 500).ended_early == "");  // rows went while it was read
    BOOST_TEST(endOf(rules, 50, 500, 510).ended_early == "");  // or came
    BOOST_TEST(endOf(rules, 0, 1000, 1000).ended_early == "it tells 1000 records, and 0 came");
    PageWalk::mustBeWhole(endOf(rules, 50, 500, 500), "here");
    const AnswerFacts cut{.records = 10, .total = 1000, .digest = "a"};
    for (const PageStyle style : {PageStyle::None, PageStyle::Token, PageStyle::Link}) {
        rules.style = style;
        BOOST_TEST(PageWalk(rules, "", {}).take(cut, kNow, "here").ended_early == "it tells 1000 records, and 10 came");
    }
}

BOOST_AUTO_TEST_CASE(a_whole_pass_without_a_total_that_was_asked_for_is_told_as_uncounted) {
    const auto endOfPass = [](const PageRules& rules, const std::vector<AnswerFacts>& pages, Cursor cursor = {}) {
        PageEnd end;
        for (std::size_t page = 0; !end.last; ++page) {
            end = PageWalk(rules, cursor, {}).take(pages[page], kNow, "here");
            cursor = end.next;
        }
        return end;
    };
    PageRules rules = rulesOf(PageStyle::Page);
    const AnswerFacts with{.records = 2, .total = 3, .digest = "a"};
    const AnswerFacts without{.records = 1, .no_total = "nothing stands there", .digest = "b"};
    const AnswerFacts nothing{.no_total = "nothing stands there"}, none{};
    BOOST_TEST(endOfPass(rules, {without, nothing}).uncounted == "its `total` cannot be read: nothing stands there");
    BOOST_TEST(endOfPass(rules, {without, none}).uncounted == "its `total` cannot be read");
    BOOST_TEST(endOfPass(rules, {nothing}).uncounted != "");
    BOOST_TEST(endOfPass(rules, {with, without, nothing}).uncounted == "");  // the first one told it
    BOOST_TEST(endOfPass(rules, {none}).uncounted == "");                    // 204
    rules.has_since = true;
    rules.form = TimeText::make("%Y-%m-%d", "+00:00");
    const AnswerFacts dated{.records = 1, .no_total = "nothing stands there", .digest = "c", .times = {"2026-03-02"}};
    const PageEnd whole = endOfPass(rules, {dated, nothing});
    BOOST_TEST(whole.uncounted != "");
    BOOST_TEST(endOfPass(rules, {dated, nothing}, whole.next).uncounted == "");  // nothing follows from a total there
}

BOOST_AUTO_TEST_CASE(a_total_that_is_less_than_what_came_ends_nothing_and_is_told) {
    const std::vector<std::vector<std::uint64_t>> wrong = {{12}, {0}, {7}, {20, 20, 7}, {20, 0}, {12, 12, 12, 20}};
    for (const auto& totals : wrong) {
        for (const bool repeats : {false, true}) {
            const ReadTotal read = readBeside(20, totals, repeats);
            BOOST_TEST(read.records == (repeats ? 25 : 20));  // those that repeat their last page for ever
            BOOST_TEST(read.withheld.starts_with("its `total` is wrong: "), read.withheld);
            BOOST_TEST(read.ended_early == "");
        }
    }
    BOOST_TEST(readBeside(20, {12}).withheld == "its `total` is wrong: 12, and 20 came");
    for (const std::vector<std::uint64_t>& right : {std::vector<std::uint64_t>{20}, {22, 20}, {19, 20}})
        BOOST_TEST(readBeside(20, right).withheld == "");
    for (const bool repeats : {false, true})
        BOOST_TEST(readBeside(20, {20, 20, 15, 20}, repeats).records == 20);  // it fell to just what had come
    PageRules rules = rulesOf(PageStyle::None);
    const AnswerFacts more{.records = 10, .total = 3, .digest = "a"};
    BOOST_TEST(PageWalk(rules, "", {}).take(more, kNow, "here").withheld == "its `total` is wrong: 3, and 10 came");
}

BOOST_AUTO_TEST_CASE(an_early_end_does_not_move_the_time_and_a_filtered_set_is_not_held_against_a_total) {
    PageRules rules = rulesOf(PageStyle::Page);
    rules.has_since = true;
    rules.form = TimeText::make("%Y-%m-%d", "+08:00");
    const PageEnd early = endOf(rules, 50, 1000, 1000);
    BOOST_TEST(early.ended_early != "");
    BOOST_TEST(PageWalk(rules, early.next, {}).question().since == "");
    const PageEnd whole = endOf(rules, 50, 500, 500);
    BOOST_TEST(PageWalk(rules, whole.next, {}).question().since == "2026-03-02");
    BOOST_TEST(endOf(rules, 5, 1000, 1000, whole.next).ended_early == "");  // a total of all, records since then
    rules.since_first = "2026-01-01";
    BOOST_TEST(endOf(rules, 5, 1000, 1000).ended_early == "");
    rules.since_first = "1970-01-01";
    BOOST_TEST(endOf(rules, 5, 1000, 1000).ended_early != "");
}

BOOST_AUTO_TEST_CASE(positions_go_on_by_what_came) {
    const PageRules rules = rulesOf(PageStyle::Offset);
    const PageEnd end = PageWalk(rules, "", {}).take({.records = 3, .digest = "a"}, kNow, "here");
    BOOST_TEST(PageWalk(rules, end.next, {}).question().position == "3");
    const PageLimits small{.records = 4};
    BOOST_TEST(PageWalk(rules, "", small).question().size == "4");
    BOOST_TEST(PageWalk(rules, end.next, small).question().size == "10");  // of the pass, or pages would shift
}

BOOST_AUTO_TEST_CASE(the_watermark_never_goes_back) {
    PageRules rules = rulesOf(PageStyle::None);
    rules.has_since = true;
    rules.form = TimeText::make("%Y-%m-%d", "+08:00");
    const PageEnd first = PageWalk(rules, "", {}).take({.records = 1, .times = {"2026-03-02"}}, kNow, "here");
    BOOST_TEST(PageWalk(rules, first.next, {}).question().since == "2026-03-02");
    const PageEnd back = PageWalk(rules, first.next, {}).take({.records = 1, .times = {"2026-03-01"}}, kNow, "here");
    BOOST_TEST(PageWalk(rules, back.next, {}).question().since == "2026-03-02");
    BOOST_CHECK_THROW(PageWalk(rules, "", {}).take({.records = 1, .times = {"soon"}}, kNow, "here"), ConnectorFault);
}

BOOST_AUTO_TEST_CASE(a_page_without_any_time_holds_up_none_behind_it) {
    PageRules rules = rulesOf(PageStyle::Page);
    rules.has_since = true;
    rules.form = TimeText::make("%Y-%m-%d", "+08:00");
    std::string early;
    const auto passOf = [&](Cursor cursor, const std::vector<std::vector<std::string>>& pages) {
        for (std::size_t page = 0; page <= pages.size(); ++page) {
            AnswerFacts facts{.digest = std::to_string(page)};
            if (page < pages.size()) facts.records = 2, facts.times = pages[page];
            const PageEnd end = PageWalk(rules, cursor, {}).take(facts, kNow, "here");
            cursor = end.next;
            early = end.ended_early;
        }
        return cursor;
    };
    const auto sinceOf = [&](const Cursor& cursor) { return PageWalk(rules, cursor, {}).question().since; };
    const Cursor first = passOf("", {{"2026-03-01"}, {}, {"soon"}, {"2026-03-02"}});
    BOOST_TEST(sinceOf(first) == "2026-03-02");
    BOOST_TEST(sinceOf(passOf(first, {{}})) == "2026-03-02");
    BOOST_TEST(early == "");
    BOOST_TEST(sinceOf(passOf(first, {{"02.03.2026"}, {}})) == "2026-03-02");
    BOOST_TEST(early.starts_with("no record came with a time of the form of `since`"));  // another form: it came, told
    const auto is_unreadable = [](const ConnectorFault& fault) { return fault.parts().code == "watermark_unreadable"; };
    BOOST_CHECK_EXCEPTION(passOf("", {{}}), ConnectorFault, is_unreadable);  // a wrong setting
}

BOOST_AUTO_TEST_CASE(two_pages_in_a_row_that_cannot_be_read_are_the_source) {
    const ConnectorFault fault(ConnectorFaultKind::Transient, {"answer_malformed", "here", "no JSON", "look"});
    PageRules rules = rulesOf(PageStyle::Offset);
    const PageEnd over = PageWalk(rules, "", {}).passOver(fault, "", kNow);
    BOOST_TEST(!over.last);
    BOOST_TEST(PageWalk(rules, over.next, {}).question().position == "10");
    BOOST_CHECK_THROW(PageWalk(rules, over.next, {}).passOver(fault, "", kNow), ConnectorFault);
    const PageEnd good = PageWalk(rules, over.next, {}).take({.records = 10, .digest = "a", .marks = {"a"}}, kNow, "x");
    BOOST_TEST(PageWalk(rules, PageWalk(rules, good.next, {}).passOver(fault, "", kNow).next, {}).question().position ==
               "30");
    rules.size = 0;
    BOOST_CHECK_THROW(PageWalk(rules, "", {}).passOver(fault, "", kNow), ConnectorFault);  // how many stood there?
}

BOOST_AUTO_TEST_CASE(a_cursor_that_is_refused_begins_the_pass_anew_once_in_a_run) {
    const auto fault = [](const char* code) {
        return ConnectorFault(ConnectorFaultKind::Config, {code, "here", "HTTP status 410", "correct the address"});
    };
    const auto next_step = [](const PageWalk& walk, const ConnectorFault& refusal) {
        try {
            walk.refused(refusal);
        } catch (const ConnectorFault& thrown) {
            return thrown.parts().next_step;
        }
        return std::string("begins anew");
    };
    for (const PageStyle style : {PageStyle::Token, PageStyle::Link}) {
        const PageRules rules = rulesOf(style);
        const Cursor middle =
            PageWalk(rules, R"({"v":1,"since":5000})", {}).take({.records = 1, .next = "c1"}, kNow, "here").next;
        for (const bool is_taken_up : {true, false}) {
            const PageWalk walk(rules, middle, {}, is_taken_up);
            for (const char* code : {"address_not_found", "address_gone", "request_refused"}) {
                const PageEnd end = walk.refused(fault(code));
                BOOST_TEST(end.last);
                BOOST_TEST(end.ended_early == "it does not take the cursor of its next page: HTTP status 410");
                BOOST_TEST(end.withheld != "");
                BOOST_TEST(end.next == R"({"v":1,"since":5000,"anew":1})");
                const Cursor again = PageWalk(rules, end.next, {}).take({.records = 1, .next = "c1"}, kNow, "x").next;
                BOOST_TEST(next_step(PageWalk(rules, again, {}), fault(code)).find("--full") != std::string::npos);
                BOOST_TEST(next_step(PageWalk(rules, again, {}, true), fault(code)) == "begins anew");  // next night
            }
            BOOST_TEST(next_step(walk, fault("access_refused")) == "correct the address");
            const std::string bad_link = next_step(walk, fault("redirect_refused"));
            BOOST_TEST(bad_link == (is_taken_up ? "begins anew" : "correct the address"));
        }
        BOOST_TEST(next_step(PageWalk(rules, "", {}), fault("address_not_found")) == "correct the address");
        const PageEnd circle = PageWalk(rules, middle, {}, true).take({.records = 1, .next = "c1"}, kNow, "here");
        BOOST_TEST(circle.ended_early == "its pages go in circles: page 2 names the same next page as page 1");
        BOOST_CHECK_THROW(PageWalk(rules, middle, {}).take({.records = 1, .next = "c1"}, kNow, "here"), ConnectorFault);
    }
    BOOST_TEST(next_step(PageWalk(rulesOf(PageStyle::Page), R"({"v":1,"pages":1})", {}, true),
                         fault("address_not_found")) == "correct the address");
}

BOOST_AUTO_TEST_CASE(behind_empty_pages_without_end_the_next_run_begins_the_pass_anew) {
    PageRules rules = rulesOf(PageStyle::Token);
    rules.has_since = true;
    rules.form = TimeText::make("epoch_ms", "+00:00");
    constexpr std::size_t kEndsRun = 1000;  // empty pages in a row
    Cursor cursor = R"({"v":1,"since":5000})";
    const auto take = [&](const AnswerFacts& facts) {
        cursor = PageWalk(rules, cursor, {}).take(facts, kNow, "h").next;
    };
    take({.records = 2, .next = "more", .times = {"7000", "9000"}});
    for (std::size_t page = 1; page < kEndsRun; ++page) take({.next = std::to_string(page)});
    BOOST_TEST(PageWalk(rules, cursor, {}, true).question().position == "999");
    take({.next = "1000"});
    BOOST_TEST(PageWalk(rules, cursor, {}).question().position == "1000");  // of this run: it says why it ends
    PageWalk anew(rules, cursor, {}, true);
    BOOST_TEST(anew.question().position == "");
    BOOST_TEST(anew.question().since == "5000");  // what was not given is older than what was
    const Cursor next = anew.take({.records = 3, .times = {"6000", "7000", "9000"}}, kNow, "h").next;
    BOOST_TEST(PageWalk(rules, next, {}).question().since == "9000");
    take({.records = 1, .next = "1001", .times = {"9000"}});  // records behind them: they had an end
    BOOST_TEST(PageWalk(rules, cursor, {}, true).question().position == "1001");
}

BOOST_AUTO_TEST_CASE(a_record_ahead_of_the_sources_clock_moves_no_watermark) {
    for (const PageStyle style : {PageStyle::None, PageStyle::Page, PageStyle::Token}) {
        for (const bool sorted : {false, true}) {
            PageRules rules = rulesOf(style);
            rules.has_since = true;
            rules.sorted = sorted;
            rules.form = TimeText::make("epoch_ms", "+00:00");
            Cursor cursor;
            for (const char* time : {"1779999999000", "4102444800000"}) {  // now, 2100
                PageWalk walk(rules, cursor, {});
                AnswerFacts facts{.records = 1, .digest = time, .times = {time}};
                if (style == PageStyle::Page) facts.total = 2;
                if (time[0] == '1') facts.next = "more";
                const PageEnd end = walk.take(facts, kNow, "here");
                cursor = end.next;
            }
            BOOST_TEST(PageWalk(rules, cursor, {}).question().since == "1779999999000");
        }
    }
}

BOOST_AUTO_TEST_CASE(a_set_that_lies_all_ahead_of_the_sources_clock_is_read_anew_each_time) {
    PageRules rules = rulesOf(PageStyle::None);
    rules.has_since = true;
    rules.form = TimeText::make("epoch_ms", "+00:00");
    const AnswerFacts facts{.records = 1, .digest = "x", .times = {"4102444800000"}};
    for (const char* from : {"", R"({"v":1,"since":5000})"}) {
        const PageEnd end = PageWalk(rules, from, {}).take(facts, kNow, "here");
        BOOST_TEST(end.ended_early == "");
        BOOST_TEST(PageWalk(rules, end.next, {}).question().since == (*from == 0 ? "" : "5000"));
    }
    // The highest time of a pass that an earlier version began.
    const PageEnd end = PageWalk(rules, R"({"v":1,"since":5000,"high":4102444800000,"pages":1})", {})
                            .take({.records = 1, .digest = "y", .times = {"6000"}}, kNow, "here");
    BOOST_TEST(end.ended_early == "");
    BOOST_TEST(PageWalk(rules, end.next, {}).question().since == "5000");
}

BOOST_AUTO_TEST_CASE(a_watermark_that_is_ahead_is_told_and_a_clock_that_is_a_little_late_is_not) {
    PageRules rules = rulesOf(PageStyle::None);
    rules.has_since = true;
    rules.overlap_ms = 60'000;
    rules.form = TimeText::make("epoch_ms", "+00:00");
    const auto codeAt = [&](std::int64_t since) {
        try {
            PageWalk(rules, R"({"v":1,"since":)" + std::to_string(since) + "}", {}).take({}, kNow, "here");
        } catch (const ConnectorFault& fault) {
            return fault.parts().code;
        }
        return std::string("none");
    };
    BOOST_TEST(codeAt(kNow) == "none");
    BOOST_TEST(codeAt(kNow + 660'000) == "none");
    BOOST_TEST(codeAt(kNow + 660'001) == "watermark_ahead");
    BOOST_TEST(codeAt(4'102'444'800'000) == "watermark_ahead");
}

BOOST_AUTO_TEST_CASE(what_lies_before_the_first_time_is_told_as_withheld) {
    PageRules rules = rulesOf(PageStyle::None);
    const auto withheld = [&] {
        return PageWalk(rules, "", {}).take({.records = 1, .times = {"2026-03-02"}}, kNow, "here").withheld;
    };
    rules.since_first = "2026-01-01";
    BOOST_TEST(withheld() == "");  // nothing of it is sent
    rules.has_since = true;
    rules.form = TimeText::make("%Y-%m-%d", "+08:00");
    BOOST_TEST(withheld() == "what was changed before `since.first`: 2026-01-01");
    for (const char* from_the_beginning : {"", "1970-01-01"}) {
        rules.since_first = from_the_beginning;
        BOOST_TEST(withheld() == "");
    }
}

BOOST_AUTO_TEST_CASE(cursors_of_rubbish_are_refused) {
    const PageRules rules = rulesOf(PageStyle::Page);
    for (const char* cursor :
         {"x", "{}", "[]", R"({"v":2})", R"({"v":1,"pages":-1})", R"({"v":1,"pages":1,"records":1,"came":2})",
          R"({"v":1,"records":1,"came":1})", R"({"v":1,"token":7})", R"({"v":1,"since":9999999999999999999})"})
        BOOST_CHECK_THROW(PageWalk(rules, cursor, {}), ConnectorFault);
}

BOOST_AUTO_TEST_SUITE_END()
