// tests/unit/daemon/night_figures_test.cpp - the morning report as figures: the same as it says, made seldom; and how
// figures of reports and circuits are written.
#include "gateway/daemon/night_figures.hpp"

#include <prometheus/text_serializer.h>

#include <boost/test/unit_test.hpp>

#include "gateway/base/fault.hpp"
#include "gateway/daemon/metric_families.hpp"
#include "gateway/daemon/sync_ways.hpp"

using namespace caseway;

namespace {

class HandClock final : public Clock {
public:
    Instant now() const override { return time; }
    Instant time = parseRfc3339("2026-11-26T07:30:00+08:00").value();
};

struct Nights {
    HandClock clock;
    int made = 0;
    bool fails = false;
    NightState state = NightState::Absent;
    NightFigures figures{clock, [this] {
                             if (fails) throw Fault(FaultCode::StoreUnavailable, "locked", "wait");
                             ++made;
                             const TimeZone zone = TimeZone::find("Asia/Shanghai").value();
                             MorningReport report{"center/gateway", lastNight(clock.now(), zone), zone, {}, false, {}};
                             ConnectorNight one;
                             one.connector = "housing/permits/a";
                             one.verdict.state = state;
                             one.volume.jumped = true;
                             one.next = clock.now() + std::chrono::hours(18);
                             one.counts.source_says = 4711;
                             report.departments = {{"housing", "", state, {one}}};
                             return report;
                         }};
};

template <class Add>
std::string textOf(Add add) {
    std::vector<prometheus::MetricFamily> all;
    add(all);
    return prometheus::TextSerializer().Serialize(all);
}

bool has(const std::string& text, const std::string& line) {
    return text.find(line + "\n") != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(NightFiguresOfConnectors)

BOOST_AUTO_TEST_CASE(are_those_of_the_report_made_once_a_minute_or_behind_a_run) {
    Nights nights;
    const NightFigure one = nights.figures.now().at("housing/permits/a");
    BOOST_TEST((one.state == NightState::Absent && one.has_jumped && one.source_says == 4711U));
    BOOST_TEST((one.next == nights.clock.time + std::chrono::hours(18)));
    nights.clock.time += std::chrono::seconds(59);
    nights.figures.now();
    BOOST_TEST(nights.made == 1);
    nights.clock.time += std::chrono::seconds(1);
    nights.figures.now();
    BOOST_TEST(nights.made == 2);
    nights.state = NightState::OnTime;
    nights.figures.forget();
    BOOST_TEST((nights.figures.now().at("housing/permits/a").state == NightState::OnTime));
    nights.clock.time -= std::chrono::hours(1);  // a clock that was set back
    nights.figures.now();
    BOOST_TEST(nights.made == 4);
}

BOOST_AUTO_TEST_CASE(a_store_that_is_away_takes_no_other_figure_away) {
    Nights nights;
    nights.fails = true;
    BOOST_TEST(nights.figures.now().empty());
    nights.fails = false;
    BOOST_TEST(nights.figures.now().size() == 1U);
}

BOOST_AUTO_TEST_CASE(are_written_with_their_connector) {
    RunFigures figures;
    ConnectorFigures one;
    one.connector = "housing/permits/a";
    one.night = NightFigure{NightState::Late, true, parseRfc3339("2026-11-27T01:30:00Z"), 4711};
    RunBeside compared;
    compared.ended = parseRfc3339("2026-11-27T01:30:00Z");
    compared.sides = BothSides{Agreement::Differ, 1, 2, {}};
    compared.sides->counts.different = 3;
    one.night->compared = compared;
    one.last = RunState::Done;
    one.aside = WaitingFiles{3, parseRfc3339("2026-11-27T01:30:00Z").value()};
    one.beside[{RunKind::Retry, RunState::Partial}] = 2;
    figures.connectors = {one};
    const std::string text = textOf([&](auto& all) { addRunFamilies(figures, all); });
    const std::string of = R"(connector="housing/permits/a")";
    BOOST_TEST(has(text, "caseway_connector_night{" + of + R"(,state="late"} 1)"), text);
    BOOST_TEST(has(text, "caseway_connector_night{" + of + R"(,state="on_time"} 0)"), text);
    BOOST_TEST(has(text, "caseway_connector_volume_jumped{" + of + "} 1"), text);
    BOOST_TEST(has(text, "caseway_connector_next_run_timestamp_seconds{" + of + "} 1795743000"), text);
    BOOST_TEST(has(text, "caseway_connector_source_says{" + of + "} 4711"), text);
    BOOST_TEST(has(text, "caseway_connector_files_aside{" + of + "} 3"), text);
    BOOST_TEST(has(text, "caseway_connector_compared_timestamp_seconds{" + of + "} 1795743000"), text);
    BOOST_TEST(has(text, "caseway_connector_differences{" + of + R"(,kind="different"} 3)"), text);
    BOOST_TEST(has(text, "caseway_connector_differences{" + of + R"(,kind="left"} 2)"), text);
    BOOST_TEST(has(text, "caseway_runs_beside_total{" + of + R"(,kind="retry",state="partial"} 2)"), text);
}

BOOST_AUTO_TEST_CASE(a_report_that_was_never_sent_is_zero_from_the_start) {
    const std::string text = textOf([](auto& all) { addReportFamilies({{"mail", {}}}, all); });
    BOOST_TEST(has(text, R"(caseway_report_last_sent_timestamp_seconds{way="mail"} 0)"), text);
}

BOOST_AUTO_TEST_CASE(circuits_are_shown_of_as_many_connectors_as_the_others) {
    SyncStatus status;
    for (std::size_t i = 0; i <= kMostConnectorsShown; ++i)
        status.connectors.push_back({"housing/permits/" + std::to_string(i)});
    const std::string text = circuitMetrics(status);
    BOOST_TEST(std::count(text.begin(), text.end(), '\n') == static_cast<std::ptrdiff_t>(kMostConnectorsShown) + 2);
    BOOST_TEST(has(text, R"(caseway_sync_circuit_open{connector="housing/permits/0"} 0)"));
}

BOOST_AUTO_TEST_CASE(who_waits_for_an_attempt_is_shown_with_the_reason) {
    SyncStatus status;
    status.connectors = {{"housing/permits/a"}, {"housing/permits/b"}};
    status.connectors[1].wait = RunWait{{"transient", "plugin_\"x\"\n", {}, {}, {}}};
    const std::string text = waitingMetrics(status);
    BOOST_TEST(std::count(text.begin(), text.end(), '\n') == 3);
    BOOST_TEST(has(text, R"(caseway_run_waiting{connector="housing/permits/b",reason="plugin__x__"} 1)"), text);
}

BOOST_AUTO_TEST_SUITE_END()
