// connectors/sdk/test/page_circle_test.cpp - the same records under ever new cursors or links; and pages that are too
// many.
#include <boost/test/unit_test.hpp>

#include "connectors/sdk/page_walk.hpp"
#include "connectors/sdk/record_columns.hpp"
#include "connectors/sdk/test/page_rules.hpp"

using namespace caseway;
using fixture::kNow;
using fixture::rulesOf;

namespace {

std::string token(std::size_t page) {
    return "t" + std::to_string(page);
}

std::string codeOf(const ConnectorFault& fault) {
    return fault.parts().code + ": " + fault.parts().message;
}

/// How a walk through `most` pages ended, each with a token of its own; its cursor is written and read each time.
template <class Answer>
std::string endOf(PageStyle style, Answer&& answer, std::size_t most = 3000) {
    const PageRules rules = rulesOf(style);
    Cursor cursor;
    for (std::size_t page = 1; page <= most; ++page) {
        AnswerFacts facts = answer(page);
        facts.next = token(page);
        try {
            cursor = PageWalk(rules, cursor, {}).take(facts, kNow, "here").next;
        } catch (const ConnectorFault& fault) {
            return codeOf(fault);
        }
    }
    return {};
}

/// Of ten records: numbers, names, and what differs with each answer.
AnswerFacts served(std::size_t place, std::size_t answer) {
    RecordColumns columns;
    for (std::size_t i = 0; i < 10; ++i) {
        columns.add("no", std::to_string(100 * place + i));
        columns.add("name", "n" + std::to_string(100 * place + i));
        columns.add("served", std::to_string(answer) + "-" + std::to_string(i));
        columns.endRecord();
    }
    return {.records = 10, .digest = token(answer), .columns = columns.digests()};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(PageCircles)

BOOST_AUTO_TEST_CASE(the_same_records_under_ever_new_tokens_are_found_in_circles_of_any_length) {
    for (const PageStyle style : {PageStyle::Token, PageStyle::Link})
        for (const std::size_t start : {0u, 1u, 7u})
            for (const std::size_t length : {1u, 2u, 3u, 17u, 100u}) {
                const std::string end = endOf(style, [&](std::size_t page) {
                    const std::size_t place = page <= start ? page : start + (page - start) % length;
                    return AnswerFacts{.records = 10, .digest = std::to_string(place)};
                });
                BOOST_TEST(end.starts_with("pages_in_circles: "), start << " " << length);
            }
    BOOST_TEST(endOf(PageStyle::Token, [](std::size_t page) {
                   return AnswerFacts{.records = 10, .digest = std::to_string(std::min<std::size_t>(page, 3))};
               }) == "pages_in_circles: page 6 says the same as page 4, under another cursor or link");
}

/// Records without a number of their own may be the same by chance; blank pages are no page that comes again.
BOOST_AUTO_TEST_CASE(a_page_that_comes_again_by_chance_goes_on) {
    BOOST_TEST(endOf(PageStyle::Token, [](std::size_t page) {
                   return AnswerFacts{.records = 10, .digest = std::to_string(page / 2)};
               }) == "");
    BOOST_TEST(endOf(
                   PageStyle::Token,
                   [](std::size_t page) {
                       return AnswerFacts{.records = 1, .digest = page % 12 < 9 ? "ping" : std::to_string(page)};
                   },
                   20) == "");
    BOOST_TEST(endOf(PageStyle::Token, [](std::size_t) { return AnswerFacts{.digest = "none"}; }) == "");
    BOOST_TEST(endOf(PageStyle::Token, [](std::size_t) {
                   return AnswerFacts{.records = 1, .digest = "ping"};
               }).starts_with("pages_in_circles"));
}

/// Blank ones between them hide no circle.
BOOST_AUTO_TEST_CASE(pages_between_which_blank_ones_come_are_found_too) {
    BOOST_TEST(endOf(PageStyle::Token, [](std::size_t page) {
                   return page % 2 == 0 ? AnswerFacts{.digest = "none"} : AnswerFacts{.records = 10, .digest = "same"};
               }).starts_with("pages_in_circles"));
}

BOOST_AUTO_TEST_CASE(where_a_member_differs_with_each_answer_asking_once_more_tells) {
    const PageRules rules = rulesOf(PageStyle::Token);
    for (const bool is_circle : {true, false}) {
        Cursor cursor;
        std::string end;
        std::size_t asked = 0;
        for (std::size_t page = 1, answers = 0; page <= 200 && end.empty(); ++page) {
            PageWalk walk(rules, cursor, {});
            AnswerFacts facts = served(is_circle ? 3 : page, ++answers);
            facts.next = token(page);
            if (walk.mayRepeat(facts)) ++asked, walk.repeats(facts, served(is_circle ? 3 : page, ++answers));
            try {
                cursor = walk.take(facts, kNow, "here").next;
            } catch (const ConnectorFault& fault) {
                end = codeOf(fault);
            }
        }
        BOOST_TEST(end ==
                   (is_circle ? "pages_in_circles: page 4 says the same as page 2, under another cursor or link" : ""));
        BOOST_TEST(asked == (is_circle ? 1U : 0U));
    }
}

/// Numbers and names that stand in each page are alike in all: asking once more tells that the others are not.
BOOST_AUTO_TEST_CASE(pages_that_are_only_alike_go_on_and_are_seldom_asked_for_again) {
    const PageRules rules = rulesOf(PageStyle::Token);
    const auto alike = [](std::size_t page) {
        RecordColumns columns;
        for (std::size_t i = 0; i < 10; ++i) {
            columns.add("row", std::to_string(i));
            columns.add("label", "row " + std::to_string(i));
            columns.add("no", std::to_string(page * 10 + i));
            columns.endRecord();
        }
        return AnswerFacts{.records = 10, .next = token(page), .digest = token(page), .columns = columns.digests()};
    };
    Cursor cursor;
    std::size_t asked = 0;
    for (std::size_t page = 1; page <= 1000; ++page) {
        PageWalk walk(rules, cursor, {});
        if (walk.mayRepeat(alike(page))) {
            if (++asked % 2 == 0)
                walk.repeats(alike(page), alike(page));
            else
                walk.repeatRefused(ConnectorFault(ConnectorFaultKind::Config, {"address_gone", "", "", "", {}}));
        }
        cursor = walk.take(alike(page), kNow, "here").next;
    }
    BOOST_TEST(asked > 0U);
    BOOST_TEST(asked < 12U);  // once for each page that is kept, and each is twice as far as the one before
}

BOOST_AUTO_TEST_CASE(a_cursor_of_a_former_version_goes_on) {
    const char* former =
        R"({"v":1,"pages":5,"records":50,"size":10,"steps":1,"power":4,"came":10,"token":"t5","mark":"abc"})";
    BOOST_CHECK_EXCEPTION(
        PageWalk(rulesOf(PageStyle::Page), former, {}).take({.records = 10, .digest = "abc"}, kNow, "here"),
        ConnectorFault, [](const ConnectorFault& fault) {
            return codeOf(fault) == "pages_in_circles: page 6 says the same as page 4";
        });
    const PageRules rules = rulesOf(PageStyle::Token);
    Cursor cursor = PageWalk(rules, former, {}).take({.records = 10, .next = "t6", .digest = "a"}, kNow, "here").next;
    cursor = PageWalk(rules, cursor, {}).take({.records = 10, .next = "t7", .digest = "b"}, kNow, "here").next;
    BOOST_TEST(PageWalk(rules, cursor, {}).question().position == "t7");
}

/// Else it is dead for good, also where the source was mended.
BOOST_AUTO_TEST_CASE(behind_too_many_pages_the_next_run_begins_the_pass_anew) {
    for (const PageStyle style : {PageStyle::Page, PageStyle::Token}) {
        PageRules rules = rulesOf(style);
        rules.most_pages = 3;
        rules.has_since = true;
        rules.form = TimeText::make("epoch_ms", "+00:00");
        Cursor cursor = R"({"v":1,"since":5000})";
        const auto take = [&](std::size_t page, bool is_taken_up) {
            const std::string no = std::to_string(page);
            PageWalk walk(rules, cursor, {}, is_taken_up);
            cursor = walk.take({.records = 1, .next = "t" + no, .digest = no, .times = {"9000"}, .marks = {no}}, kNow,
                               "here")
                         .next;
        };
        for (std::size_t page = 1; page <= 3; ++page) take(page, page == 2);
        for (int attempt = 0; attempt < 2; ++attempt)  // of this run: it says why it ends
            BOOST_CHECK_EXCEPTION(take(4, false), ConnectorFault, [](const ConnectorFault& fault) {
                return fault.parts().code == "too_many_pages" &&
                       fault.parts().next_step.ends_with("the next run begins the pass anew");
            });
        const PageWalk anew(rules, cursor, {}, true);
        BOOST_TEST(anew.isAtBegin());
        BOOST_TEST(anew.question().since == "5000");
        BOOST_TEST(anew.question().position == (style == PageStyle::Page ? "1" : ""));
        rules.most_pages = 4;
        BOOST_TEST(!PageWalk(rules, cursor, {}, true).isAtBegin());  // it was raised: it goes on
    }
}

BOOST_AUTO_TEST_SUITE_END()
