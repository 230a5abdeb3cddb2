// connectors/sdk/test/contract_suite_test.cpp - the contract suite finds each flaw, and finds none where none is.
#include "connectors/sdk/contract_suite.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "connectors/sdk/contract_test.hpp"
#include "connectors/sdk/test/flawed_connector.hpp"

using namespace caseway;
using fixture::Flaw;

namespace {

struct Case {
    Flaw flaw;
    const char* promise;  ///< a part of the sentence of one that must be found broken
};
std::ostream& operator<<(std::ostream& out, const Case& c) {
    return out << static_cast<int>(c.flaw) << " " << c.promise;
}

const std::vector<Case> kCases = {
    {Flaw::NoTitle, "the spec is complete"},
    {Flaw::OpenSchema, "one closed object"},
    {Flaw::TakesAnySettings, "settings that are rubbish"},
    {Flaw::BadCheck, "check is good"},
    {Flaw::CheckWrites, "check is good"},
    {Flaw::MiscountsPage, "counts that add up"},
    {Flaw::CursorStands, "cursors that go on"},
    {Flaw::CursorLoops, "cursors that go on"},
    {Flaw::CursorTooLong, "cursors that go on"},
    {Flaw::EndsEarlyAndGoesOn, "counts that add up"},
    {Flaw::ReadConsumes, "not acknowledged is read again"},
    {Flaw::IgnoresLimits, "limits of a page"},
    {Flaw::TakesRubbishCursor, "cursor of rubbish"},
    {Flaw::CrashesOnRubbishCursor, "cursor of rubbish"},
    {Flaw::RubbishIsTransient, "cursor of rubbish"},
    {Flaw::SwallowsSink, "a sink that throws"},
    {Flaw::NeverAsksStopping, "stopping is honoured"},
    {Flaw::CutShortIsLast, "stopping is honoured"},
    {Flaw::KeepsPlaceInMemory, "from the same cursor gives the same"},
    {Flaw::AcknowledgesAll, "only what was read before the cursor"},
    {Flaw::AcknowledgeFaultsTwice, "acknowledging twice"},
    {Flaw::ReadsLastTwice, "nothing is read twice"},
    {Flaw::EmptyIsFault, "an empty source"},
    {Flaw::MissesLater, "what comes later"},
    {Flaw::ForgetsAnswer, "write answers each item"},
    {Flaw::WritesTwice, "sent again are harmless"},
};

struct Fixture {
    fixture::MemorySide side;
    ContractSubject subject(const ConnectorType& type) {
        return {.type = type,
                .settings = R"({"name":"x"})",
                .bad_settings = {{"no name", "{}"}},
                .other_side = &side,
                .items = {{"a", "1"}, {"b", "2"}}};
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(ContractSuite, Fixture)

BOOST_AUTO_TEST_CASE(finds_nothing_where_every_promise_is_kept) {
    const fixture::FlawedType type(Flaw::None, side);
    checkContract(subject(type), 22);
}

BOOST_DATA_TEST_CASE(finds_the_flaw, boost::unit_test::data::make(kCases), flawed) {
    const fixture::FlawedType type(flawed.flaw, side);
    std::string broken;
    bool found = false;
    for (const PromiseResult& result : holdToContract(subject(type))) {
        if (result.ok()) continue;
        broken += result.promise + ": " + result.seen + "\n";
        found = found || result.promise.find(flawed.promise) != std::string::npos;
        BOOST_TEST(!result.next_step.empty());
    }
    BOOST_TEST(found, "expected `" << flawed.promise << "`, found broken:\n" << broken);
}

BOOST_AUTO_TEST_CASE(changes_nothing_where_nothing_may_be_acknowledged) {
    const fixture::FlawedType type(Flaw::None, side);
    side.fill(4);
    const std::string before = side.state();
    ContractSubject given = subject(type);
    given.other_side = nullptr;
    given.items.clear();
    std::size_t not_tried = 0;
    for (const PromiseResult& result : holdToContract(given)) {
        BOOST_TEST(result.ok(), result.promise << ": " << result.seen);
        if (result.state == PromiseResult::State::NotTried) ++not_tried;
    }
    BOOST_TEST(not_tried > 5U);
    BOOST_TEST(side.state() == before);
}

BOOST_AUTO_TEST_SUITE_END()
