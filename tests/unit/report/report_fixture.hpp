// tests/unit/report/report_fixture.hpp - nights in Asia/Shanghai, runs and schedules as short texts.
#pragma once

#include <boost/test/unit_test.hpp>
#include <string>

#include "gateway/report/connector_verdict.hpp"
#include "gateway/report/night.hpp"

namespace caseway::report_test {

inline TimeZone shanghai() {
    return TimeZone::find("Asia/Shanghai").value();
}

/// "26 01:30" or "25 22:00:10" of November 2026, as clocks in Shanghai show it.
inline Instant at(const std::string& text) {
    const std::string time = text.substr(3);
    const auto instant =
        parseRfc3339("2026-11-" + text.substr(0, 2) + "T" + time + (time.size() == 5 ? ":00" : "") + "+08:00");
    BOOST_REQUIRE_MESSAGE(instant, text);
    return *instant;
}

inline Night night(int day = 26) {
    return nightOf(std::chrono::local_days(std::chrono::year(2026) / 11 / day), shanghai());
}

inline Schedule schedule(const std::string& cron, const std::string& blackout = {}) {
    ScheduleSettings settings;
    settings.expression = cron;
    if (!blackout.empty()) settings.blackout.add(parseDateRange(blackout, "test").value());
    return Schedule::make(std::move(settings)).value();
}

/// "25 22:00 done 25 22:10"; the end is left out while it runs. "retry 26 03:00 done …" is of that kind.
inline Run run(RunNo number, std::string text, const std::string& connector = "housing/permits/outbox") {
    Run made;
    for (std::size_t i = 0; i < kRunKindNames.size(); ++i)
        if (text.starts_with(kRunKindNames[i])) {
            made.kind = static_cast<RunKind>(i);
            text.erase(0, kRunKindNames[i].size() + 1);
            break;
        }
    if (made.kind == RunKind::Reconcile) made.reconciliation.emplace();
    made.number = number;
    made.connector = connector;
    made.system = SystemId::parse("housing/permits").value();
    made.started_at = at(text.substr(0, 8));
    const std::string rest = text.substr(9);
    const std::string state = rest.substr(0, rest.find(' '));
    for (std::size_t i = 0; i < kRunStateNames.size(); ++i)
        if (kRunStateNames[i] == state) made.state = static_cast<RunState>(i);
    if (const std::size_t blank = rest.find(' '); blank != std::string::npos)
        made.ended_at = at(rest.substr(blank + 1));
    if (made.state != RunState::Done && made.state != RunState::Running)
        made.trouble = RunTrouble{"transient", "not_reachable", "sftp.example", "no answer", "ask the department"};
    return made;
}

}  // namespace caseway::report_test
