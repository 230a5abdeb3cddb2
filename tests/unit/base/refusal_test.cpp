// tests/unit/base/refusal_test.cpp - how much of a message's refusals is told.
#include "gateway/base/refusal.hpp"

#include <boost/test/unit_test.hpp>

using namespace caseway;

namespace {

Refusal twoMistakes() {
    Refusal refusal{"date_malformed", "apply_time", {}, {}, {}, {}};
    refusal.also.push_back({"code_unknown", "channel", {}, {}, {}, {}});
    return refusal;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(refusals)

BOOST_AUTO_TEST_CASE(every_mistake_of_a_record_bears_its_number) {
    Refusal refusal = twoMistakes();
    tellBounded(refusal, 7, kRecordsToldWhole - 1);
    BOOST_REQUIRE_EQUAL(refusal.also.size(), 1);
    BOOST_TEST(*refusal.record == 7);
    BOOST_TEST(*refusal.also[0].record == 7);
}

BOOST_AUTO_TEST_CASE(behind_the_first_thousand_a_record_tells_its_first_mistake) {
    Refusal refusal = twoMistakes();
    tellBounded(refusal, 1001, kRecordsToldWhole);
    BOOST_TEST(refusal.also.empty());
    BOOST_TEST(refusal.code == "date_malformed");
    BOOST_TEST(*refusal.record == 1001);
}

BOOST_AUTO_TEST_SUITE_END()
