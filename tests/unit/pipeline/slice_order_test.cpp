// tests/unit/pipeline/slice_order_test.cpp - the slices of one message are applied in their order and once each,
// whichever commit meets a fault.
#include <boost/test/unit_test.hpp>

#include "tests/unit/pipeline/nights_fixture.hpp"

using namespace caseway;
using namespace caseway::test;
using fixture::Damage;

namespace {

constexpr std::size_t kRecords = 700;  ///< several slices: the first has 64

std::string payload() {
    std::string text = "<Cases xmlns:p=\"urn:permits\">\n";
    for (std::size_t i = 0; i < kRecords; ++i)
        text += "<p:Case status=\"10\"><p:Id>n" + std::to_string(i) + "</p:Id><p:Version>1</p:Version></p:Case>\n";
    return text + "</Cases>";
}

/// The cases in the order in which they were written.
std::string casesOf(Nights& n) {
    std::string text;
    for (const auto& [number, row] : n.memory.tables().changes.rows())
        text += n.memory.tables().cases.rows().at(row.case_id).source_case_no + " " + std::to_string(row.record) + "\n";
    return text;
}

struct Left {
    std::string cases, verdict;
    std::uint64_t fresh = 0, read = 0, steps = 0;
};

Left nightWith(std::uint64_t at, Damage damage) {
    Left left;
    Nights n(true, kXmlMapping);
    PulledPages pages = n.ledgerWith(n.mapping, std::string(kConnector));
    n.store.plan = {at, damage, 0, true, {}};
    const Run run = n.nightWithFaults(pages, payload());
    left.steps = n.store.plan.steps;
    left.fresh = run.counts.records.fresh;
    left.read = run.counts.read;
    n.large->stop();
    left.cases = casesOf(n);
    left.verdict = n.verdict();
    return left;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(SliceOrder)

BOOST_AUTO_TEST_CASE(holds_whichever_commit_fails) {
#if defined(__SANITIZE_THREAD__)
    BOOST_TEST_MESSAGE("skipped: 1 case, slice_order: its plan of faults is not for several threads");
    return;
#endif
    for (const Damage damage : {Damage::Failed, Damage::UnknownLost, Damage::UnknownPersisted}) {
        const Left undisturbed = nightWith(0, damage);
        BOOST_TEST(undisturbed.fresh == kRecords);
        BOOST_REQUIRE(undisturbed.steps > 6U);
        for (std::uint64_t at = 1; at <= undisturbed.steps; ++at) {
            const Left left = nightWith(at, damage);
            BOOST_TEST_CONTEXT("commit " << at << ", damage " << static_cast<int>(damage)) {
                BOOST_TEST((left.cases == undisturbed.cases));
                BOOST_TEST(left.fresh == kRecords);
                BOOST_TEST(left.read == kRecords);
                BOOST_TEST(left.verdict == "good");
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
