// connectors/sdk/test/long_cursor_test.cpp - the longest cursor of a next page that is kept, and one that is longer.
#include <boost/test/unit_test.hpp>

#include "connectors/sdk/page_walk.hpp"

using namespace caseway;

namespace {

constexpr std::int64_t kNow = 1'780'000'000'000;  // 2026-05-28

}  // namespace

BOOST_AUTO_TEST_SUITE(LongCursors)

BOOST_AUTO_TEST_CASE(a_cursor_that_is_too_long_is_told_as_that) {
    PageRules rules;
    rules.style = PageStyle::Token;
    AnswerFacts facts;
    facts.records = 1;
    facts.next = std::string(32 * 1024, 'c');
    BOOST_TEST(!PageWalk(rules, {}, {}).take(facts, kNow, "here").last);
    facts.next += 'c';
    BOOST_CHECK_EXCEPTION(PageWalk(rules, {}, {}).take(facts, kNow, "here"), ConnectorFault,
                          [](const ConnectorFault& fault) { return fault.parts().code == "cursor_too_long"; });
}

BOOST_AUTO_TEST_SUITE_END()
