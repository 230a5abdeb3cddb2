// tests/unit/pipeline/passed_over_test.cpp - what a connector counts, held against what the mapping found and what it
// left out on purpose, of payloads of every size.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/unit/pipeline/nights_fixture.hpp"

using namespace caseway;
using namespace caseway::test;

BOOST_AUTO_TEST_SUITE(PassedOver)

namespace {

constexpr const char* kWhenMapping =
    "mapping: housing.permit\n"
    "source: {format: json}\n"
    "kinds:\n"
    "  - records: \"$[*]\"\n"
    "    when: {from: status, equals: \"10\"}\n"
    "    fields: {source_case_no: id, data_version: version, status: status, apply_time: applied}\n";

/// So many cases, every other one of which is passed over.
std::string cases(int count) {
    std::string text = "[";
    for (int i = 0; i < count; ++i)
        text += (i == 0 ? "" : ",") + record("c" + std::to_string(i), i % 2 == 0 ? "10" : "99");
    return text + "]";
}

}  // namespace

/// 4 are in one message, 400 are spooled and applied in slices.
BOOST_DATA_TEST_CASE(records_that_when_leaves_out_are_none_that_nobody_saw, boost::unit_test::data::make({4, 400}),
                     count) {
    Nights n(true, kWhenMapping);
    const auto told = [&](std::uint64_t counted) {
        Pages source({cases(count)});
        source.counts = counted;
        PulledPages pages = n.ledgerWith(n.mapping, std::string(kConnector) + std::to_string(++n.nights));
        const Run run = n.runWith(source, pages, RunKind::Full, 0);
        BOOST_TEST(run.counts.read == static_cast<std::uint64_t>(count) / 2);
        return run.trouble ? run.trouble->code : std::string(nameOf(run.state));
    };
    BOOST_TEST(told(static_cast<std::uint64_t>(count)) == "done");
    BOOST_TEST(told(static_cast<std::uint64_t>(count) + 1) == "records_unseen");
}

/// 2 are in one message, 400 are applied in slices. What a former version took did not keep it.
BOOST_DATA_TEST_CASE(of_pages_that_a_process_took_before_it_died_it_is_known_what_was_passed_over,
                     boost::unit_test::data::make({2, 400}), count) {
    Nights n(true, kWhenMapping);
    PulledPages before = n.ledgerWith(n.mapping, std::string(kConnector)),
                after = n.ledgerWith(n.mapping, std::string(kConnector));
    Run run;
    run.connector = kConnector, run.system = housing().id;
    run = before.begin(run);
    const auto take = [&](PulledPages& pages) {
        PulledPage page;
        page.number = run.pages + 1;
        page.next = std::to_string(page.number);
        PulledPayload payload{{"a", "application/json", 0}, pages.newBody()};
        payload.body->write(cases(count));
        page.payloads.push_back(std::move(payload));
        pages.take(run, page);
        ++run.pages;
    };
    const auto passedOver = [&](PulledPages& pages) { return pages.recount(run, [] { return false; })->passed_over; };
    take(before);
    BOOST_TEST(passedOver(before).value() == static_cast<std::uint64_t>(count) / 2);
    take(after);
    BOOST_TEST(passedOver(after).value() == static_cast<std::uint64_t>(count));
    BOOST_TEST(n.verdict() == "good");
    n.large->stop();  // its thread may still note in the store that it has left
    {
        const auto writer = n.store.beginWrite();
        writer->putRunPage({run.number, 1, R"({"messages":[0]})"});
        writer->commit();
    }
    BOOST_TEST(!passedOver(after).has_value());
    BOOST_TEST((n.ledgerWith(compiled(kPermitMapping), std::string(kConnector))
                    .recount(run, [] { return false; })
                    ->passed_over == 0U));
}

BOOST_AUTO_TEST_SUITE_END()
