// tests/unit/daemon/changed_under_run_test.cpp - what changes while a run is under way or waits: its connector, its
// row, the clock, the store beneath a dry run.
#include "tests/unit/daemon/office_fixture.hpp"

using namespace caseway;
using namespace caseway::test;

BOOST_AUTO_TEST_SUITE(ChangedUnderRuns)

BOOST_AUTO_TEST_CASE(a_clock_that_is_set_back_and_another_version_open_the_way_again) {
    Office office;
    office.settings.sync.circuit.failures = 1;
    office.scheduled();
    office.source->fault = ConnectorFault(ConnectorFaultKind::Config, {"login_refused", "/user", "no", "ask them"});
    office.at("2026-05-09T01:00:00Z");
    BOOST_TEST(nameOf(office.next().state) == "stopped");
    const auto stateNow = [&] { return std::string(nameOf(office.line(kName).circuit.state(office.clock.now()))); };
    office.at("2026-05-04T12:00:00Z");  // it was ahead by days
    BOOST_TEST(stateNow() == "open");
    office.at("2026-05-04T12:13:00Z");
    BOOST_TEST(stateNow() == "half-open");
    office.at("2026-05-04T12:05:00Z");
    office.takesUp({office.changed(kName)});
    office.runner->tick();
    BOOST_TEST(stateNow() == "closed");
}

BOOST_AUTO_TEST_CASE(a_run_whose_connector_is_changed_or_suspended_under_it_ends_and_says_so) {
    Office office;
    office.opens({office.live(kName)});
    const auto endWhen = [&](std::function<void()> change, bool more) {
        office.source->reads = std::move(change);
        office.source->more = more;
        BOOST_TEST(office.runner->start(kName, {}).ok());
        return Office::endOf(office.next());
    };
    BOOST_TEST(endWhen([&] { office.takesUp({office.changed(kName)}); }, true) == "stopped settings_changed");
    BOOST_TEST(endWhen([] {}, false) == "done");
    BOOST_TEST(endWhen([&] { office.takesUp({}); }, true) == "stopped connector_not_active");
}

BOOST_AUTO_TEST_CASE(who_asks_for_a_run_gets_one_with_the_new_settings_and_the_unfinished_one_ends) {
    Office office;
    office.opens({office.changed(kName)});
    office.unfinished("of the first version");
    BOOST_TEST(office.runner->start(kName, {}).ok());
    {
        std::unique_lock lock(office.mutex);
        office.told.wait(lock, [&] { return office.ended.size() == 2; });
    }
    BOOST_TEST(Office::endOf(office.next()) == "stopped settings_changed");
    const Run fresh = office.next();
    BOOST_TEST(Office::endOf(fresh) == "done");
    BOOST_TEST(fresh.number == 2U);
    BOOST_TEST(fresh.terms == office.changed(kName)->terms());
}

BOOST_AUTO_TEST_CASE(what_the_gateway_finds_unfinished_with_other_settings_is_only_ended) {
    Office office;
    office.opens({office.changed(kName)});
    office.unfinished("of the first version");
    office.runner->tick();
    BOOST_TEST(Office::endOf(office.next()) == "stopped settings_changed");
    office.runner->tick();
    BOOST_TEST(office.isIdle(kName));
    BOOST_TEST(office.memory.reader().runs("", 0, 10).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_run_that_ends_before_its_take_up_comes_to_its_turn_is_not_begun_anew) {
    Office office;
    std::promise<void> began, go;
    std::atomic<int> reads{0};
    office.source->reads = [&] {
        if (reads++ == 0) began.set_value(), go.get_future().wait();
    };
    const std::string other = "housing/permits/long";
    office.opens({office.live(kName), office.live(other)});
    BOOST_TEST(office.runner->start(other, {}).ok());
    began.get_future().wait();
    Run unfinished = office.unfinished({});
    office.runner->tick();  // it is found, and waits for the thread
    BOOST_TEST(office.line(kName).waits);
    unfinished.state = RunState::Done;
    unfinished.ended_at = unfinished.started_at;
    office.ledger.end(unfinished);
    go.set_value();
    BOOST_TEST(office.next().connector == other);
    while (!office.isIdle(kName)) std::this_thread::yield();
    BOOST_TEST(office.memory.reader().runs(kName, 0, 10).size() == 1U);
    BOOST_TEST(reads == 1);
}

BOOST_AUTO_TEST_CASE(a_dry_run_that_ends_by_a_fault_keeps_what_it_counted) {
    const auto endOfDry = [](std::function<void(Office&)> second) {
        Office office;
        std::atomic<int> reads{0};
        office.source->more = true;
        office.source->reads = [&] {
            if (++reads == 2) second(office);
        };
        office.opens({office.live(kName)});
        RunRequest dry;
        dry.dry = true;
        BOOST_TEST(office.runner->start(kName, dry).ok());
        while (!office.isIdle(kName)) std::this_thread::yield();
        const Run run = office.line(kName).dry.value();
        BOOST_TEST(run.pages == 1U);
        BOOST_TEST(run.counts.records.fresh == 1U);
        BOOST_TEST(!run.trouble->next_step.empty());
        BOOST_TEST(office.memory.reader().runs("", 0, 10).empty());
        return Office::endOf(run) + " " + run.trouble->kind;
    };
    BOOST_TEST(endOfDry([](Office&) {
                   throw ConnectorFault(ConnectorFaultKind::Config, {"login_refused", "/user", "no", "ask them"});
               }) == "stopped login_refused config");
    BOOST_TEST(endOfDry([](Office&) { throw Fault(FaultCode::StoreCorrupt, "a page is gone", "restore"); }) ==
               "stopped store_corrupt store");
}

BOOST_AUTO_TEST_SUITE_END()
