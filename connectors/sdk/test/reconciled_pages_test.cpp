// connectors/sdk/test/reconciled_pages_test.cpp - what a pass may be taken to prove: that what did not come is gone,
// and that nothing older comes any more.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "connectors/sdk/test/moving_department.hpp"

using namespace caseway;
using namespace caseway::fixture;

namespace {

const Shape kSets[] = {{PageStyle::Page, true, false},   {PageStyle::Page, false, false},
                       {PageStyle::Offset, true, false}, {PageStyle::Offset, false, false},
                       {PageStyle::Link, true, false},   {PageStyle::Link, false, false}};

struct Move {
    const char* what;
    void (*make)(Department&);
    bool hides_none;  ///< all that still stand there come
};
std::ostream& operator<<(std::ostream& out, const Move& move) {
    return out << move.what;
}
const Move kMoves[] = {
    {"a row goes", [](Department& d) { d.remove(5); }, true},
    {"one goes, another comes",
     [](Department& d) {
         d.remove(5), d.rows.push_back({99, ++d.now});
     },
     true},
    {"three go", [](Department& d) { d.remove(1), d.remove(2), d.remove(3); }, true},
    {"the last one of a page goes", [](Department& d) { d.remove(10); }, false},
    {"as many go as a page has",
     [](Department& d) {
         for (int no = 1; no <= 10; ++no) d.remove(no);
     },
     false},
    {"one moves to the front",
     [](Department& d) {
         d.remove(45), d.rows.insert(d.rows.begin(), {45, ++d.now});
     },
     false},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(WhatAPassProves)

/// Without `since` the next pass of a usual run reads all. A reconciliation calls gone what did not come.
BOOST_DATA_TEST_CASE(a_reconciliation_misses_no_row_or_counts_none_as_gone,
                     boost::unit_test::data::make(kSets) * boost::unit_test::data::make(kMoves), shape, move) {
    for (std::size_t at = 2; at <= 12; ++at) {
        Reader reader(shape);
        reader.department.fill(51);
        reader.department.before_request = [&](std::size_t request) {
            if (request == at) move.make(reader.department);
        };
        const bool is_sure = reader.reconcile();
        std::erase_if(reader.department.rows, [](const auto& row) { return row.no == 99; });
        BOOST_TEST((reader.hasAll() || !is_sure), shape << ", " << move << " before request " << at);
        if (move.hides_none) BOOST_TEST(reader.hasAll(), shape << ", " << move << " before request " << at);
    }
}

BOOST_DATA_TEST_CASE(a_reconciliation_of_a_set_that_stands_still_is_sure_of_it, kSets, shape) {
    for (const bool signs_links : {false, true}) {
        Reader reader(shape);
        reader.department.fill(52);
        reader.department.signs_links = signs_links;
        BOOST_TEST(reader.reconcile(), reader.withheld);
        BOOST_TEST(reader.given == 52);
        reader = Reader(shape);
        reader.department.fill(52);
        reader.department.signs_links = signs_links;
        reader.department.before_request = [&](std::size_t request) {
            if (request == 4) reader.department.remove(5);
        };
        BOOST_TEST(!reader.reconcile());
    }
}

/// Stored late, within the overlap, behind what was passed: the highest time of a pass that rested says nothing of it.
BOOST_AUTO_TEST_CASE(a_sorted_pass_that_rested_hides_nothing_that_was_stored_late_meanwhile) {
    PageRules rules = rulesOf(PageStyle::Token);
    rules.has_since = rules.sorted = true;
    rules.overlap_ms = 30'000;
    rules.form = TimeText::make("epoch_ms", "+00:00");
    struct {
        const char* what;
        std::int64_t first, second, answered;  ///< times of both pages, and when the second one came, from kNow on
        bool is_taken_up;
        std::int64_t since;  ///< without the overlap
    } const cases[] = {
        {"gone on with by another run", -12'000, 50'000, 60'000, true, 0},
        {"long after, and what came first was old", -86'400'000, 50'000, 60'000, true, 0},
        {"rested in its own run", -12'000, 50'000, 60'000, false, 0},
        {"read at once: what came first was settled", -86'400'000, 500, 1'000, false, 500},
    };
    for (const auto& one : cases) {
        const auto pageOf = [](std::int64_t time, const char* next) {
            return AnswerFacts{.records = 1, .next = next, .digest = next, .times = {std::to_string(kNow + time)}};
        };
        const Cursor begun = PageWalk(rules, "", {}).take(pageOf(one.first, "2"), kNow, "h").next;
        const PageEnd end =
            PageWalk(rules, begun, {}, one.is_taken_up).take(pageOf(one.second, ""), kNow + one.answered, "h");
        BOOST_TEST(PageWalk(rules, end.next, {}).question().since == std::to_string(kNow + one.since - 30'000),
                   one.what);
    }
}

BOOST_AUTO_TEST_SUITE_END()
