// tests/unit/daemon/passed_over_test.cpp - each time at which no run begins is told once, with what kept it.
#include "gateway/daemon/sync_ways.hpp"
#include "tests/unit/daemon/office_fixture.hpp"

using namespace caseway;
using namespace caseway::test;

BOOST_AUTO_TEST_SUITE(PassedOverRuns)

BOOST_AUTO_TEST_CASE(times_that_the_policy_or_a_closed_window_passes_over_are_told) {
    const auto toldOf = [](const std::string& missed, std::vector<std::string> windows = {}) {
        Office office;
        office.scheduled(missed, std::move(windows));
        office.at("2026-05-06T12:00:00Z");
        if (missed == "once" && !office.isIdle(kName)) office.next();
        std::string text = office.passed_over.empty() ? "" : office.passed_over.at(0);
        BOOST_TEST(office.passed_over.size() <= 1U);
        return text;
    };
    BOOST_TEST(toldOf("once") == "missed_policy 2 2026-05-05T01:00:00Z");
    BOOST_TEST(toldOf("skip") == "missed_policy 3 2026-05-06T01:00:00Z");
    BOOST_TEST(toldOf("once", {"00:00-06:00"}) == "window_closed 3 2026-05-06T01:00:00Z");
}

BOOST_AUTO_TEST_CASE(a_time_that_comes_while_the_former_run_goes_on_is_told_where_it_is_not_made_up) {
    Office office;
    std::promise<void> began, go;
    std::atomic<int> reads{0};
    office.source->reads = [&] {
        if (reads++ == 0) began.set_value(), go.get_future().wait();
    };
    office.scheduled();
    office.at("2026-05-04T01:00:00Z");
    began.get_future().wait();
    office.at("2026-05-05T01:00:00Z");
    BOOST_TEST(office.passed_over.empty());  // it is made up when the former one has ended
    office.at("2026-05-06T01:00:00Z");
    BOOST_TEST(office.passed_over == std::vector<std::string>{"run_under_way 1 2026-05-05T01:00:00Z"},
               boost::test_tools::per_element());
    BOOST_TEST(
        passedOverMetrics(office.runner->status())
            .find("caseway_runs_passed_over_total{connector=\"housing/permits/nightly\",reason=\"run_under_way\"}"
                  " 1\n") != std::string::npos);
    go.set_value();
    office.next();
    office.runner->tick();
    BOOST_TEST(nameOf(office.next().state) == "done");
    BOOST_TEST(office.passed_over.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_run_whose_window_closes_while_it_waits_for_a_thread_is_passed_over_and_told) {
    Office office;
    std::promise<void> began, go;
    std::atomic<int> reads{0};
    office.source->reads = [&] {
        if (reads++ == 0) began.set_value(), go.get_future().wait();
    };
    ConnectorSchedule schedule;
    schedule.cron = "0 1 * * *";
    schedule.zone = "UTC";
    schedule.windows = {"00:00-06:00"};
    const std::string other = "housing/permits/long";
    office.opens({office.live(kName, schedule), office.live(other)});
    BOOST_TEST(office.runner->start(other, {}).ok());
    began.get_future().wait();
    office.at("2026-05-04T01:00:00Z");
    BOOST_TEST(office.line(kName).waits);
    office.clock.set(parseRfc3339("2026-05-04T06:00:00Z").value());
    go.set_value();
    office.next();
    while (!office.isIdle(kName)) std::this_thread::yield();
    BOOST_TEST(office.passed_over == std::vector<std::string>{"no_free_slot 1 2026-05-04T01:00:00Z"},
               boost::test_tools::per_element());
    BOOST_TEST(office.memory.reader().runs(kName, 0, 10).empty());
}

BOOST_AUTO_TEST_CASE(a_run_that_waits_for_a_thread_while_its_connector_is_changed_is_told) {
    Office office;
    std::promise<void> began, go;
    std::atomic<int> reads{0};
    office.source->reads = [&] {
        if (reads++ == 0) began.set_value(), go.get_future().wait();
    };
    ConnectorSchedule schedule;
    schedule.cron = "0 1 * * *";
    schedule.zone = "UTC";
    const std::string other = "housing/permits/long";
    office.opens({office.live(kName, schedule), office.live(other)});
    BOOST_TEST(office.runner->start(other, {}).ok());
    began.get_future().wait();
    office.at("2026-05-04T01:00:00Z");
    BOOST_TEST(office.line(kName).waits);
    auto changed = std::make_shared<LiveConnector>(*office.changed(kName));
    changed->file.head.schedule = schedule;
    changed->schedule = scheduleOf(schedule, kName).value();
    office.takesUp({changed, office.live(other)});
    go.set_value();
    office.next();
    while (!office.isIdle(kName)) std::this_thread::yield();
    BOOST_TEST(office.passed_over == std::vector<std::string>{"settings_changed 1 2026-05-04T01:00:00Z"},
               boost::test_tools::per_element());
    BOOST_TEST(office.memory.reader().runs(kName, 0, 10).empty());
}

BOOST_AUTO_TEST_SUITE_END()
