// gateway/daemon/sync_ways.cpp - runs as lines of the operating log.
#include "gateway/daemon/sync_ways.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "gateway/daemon/operating_log.hpp"
#include "gateway/daemon/run_watch.hpp"
#include "gateway/sync/run_trouble.hpp"

namespace caseway {

void tellRun(const Run& run, std::chrono::seconds files_wait) {
    const std::string number = std::to_string(run.number);
    const std::string read = std::to_string(run.counts.read);
    const std::string refused = std::to_string(run.counts.records.refused);
    const std::string payloads = run.counts.payloads_refused == 0 ? "" : std::to_string(run.counts.payloads_refused);
    const std::initializer_list<LogMember> members = {{"connector", run.connector},
                                                      {"run", number},
                                                      {"state", nameOf(run.state)},
                                                      {"records", read},
                                                      {"refused", refused},
                                                      {"payloads_refused", payloads},
                                                      {"code", run.trouble ? run.trouble->code : std::string_view()}};
    const bool is_whole = run.state == RunState::Done && refused == "0" && payloads.empty();
    is_whole ? logInformation("run", members) : logWarning("run", members);
    if (run.clock_ahead)
        logWarning("source_clock",
                   {{"connector", run.connector}, {"run", number}, {"clock", clocksText(*run.clock_ahead)}});
    if (!run.note.empty())
        logWarning("source_note", {{"connector", run.connector}, {"run", number}, {"note", run.note}});
    if (run.waiting && run.waiting->waitLonger(files_wait, run.ended_at.value_or(run.started_at)))
        logWarning("files_wait",
                   {{"connector", run.connector},
                    {"run", number},
                    {"files", std::to_string(run.waiting->count)},
                    {"since", toRfc3339(run.waiting->since)},
                    {"hint", "ask the department for the ready-markers, or whether the files are whole"}});
}

namespace {

/// One gauge, 1 or 0 for each connector.
template <class Holds>
std::string connectorGauge(std::string_view name, std::string_view help, const SyncStatus& status, Holds holds) {
    std::string text = fmt::format("# HELP {0} {1}\n# TYPE {0} gauge\n", name, help);
    const std::size_t shown = std::min(status.connectors.size(), kMostConnectorsShown);
    for (const SyncStatus::Line& line : std::span(status.connectors).first(shown))
        text += fmt::format("{}{{connector=\"{}\"}} {}\n", name, line.connector, holds(line) ? 1 : 0);
    return text;
}

}  // namespace

std::string runningMetrics(const SyncStatus& status) {
    return connectorGauge("caseway_connector_running", "1 while a run is at work.", status,
                          [](const SyncStatus::Line& line) { return line.busy && !line.is_dry; });
}

std::string circuitMetrics(const SyncStatus& status) {
    return connectorGauge(
        "caseway_sync_circuit_open", "1 where failed runs keep a connector's schedule waiting.", status,
        [&](const SyncStatus::Line& line) { return line.circuit.state(status.at) == Circuit::State::Open; });
}

std::string waitingMetrics(const SyncStatus& status) {
    std::string text =
        "# HELP caseway_run_waiting 1 while a run that has begun waits for its next attempt, by the code of the "
        "fault.\n"
        "# TYPE caseway_run_waiting gauge\n";
    const std::size_t shown = std::min(status.connectors.size(), kMostConnectorsShown);
    for (const SyncStatus::Line& line : std::span(status.connectors).first(shown)) {
        if (!line.wait) continue;
        std::string code = line.wait->trouble.code;  // a plug-in may have said it
        std::replace_if(
            code.begin(), code.end(), [](char c) { return (c < 'a' || c > 'z') && (c < '0' || c > '9'); }, '_');
        text += "caseway_run_waiting{connector=\"" + line.connector + "\",reason=\"" + code + "\"} 1\n";
    }
    return text;
}

std::string passedOverMetrics(const SyncStatus& status) {
    std::string text =
        "# HELP caseway_runs_passed_over_total times of a schedule at which no run began and none will, by reason.\n"
        "# TYPE caseway_runs_passed_over_total counter\n";
    for (const SyncStatus::Line& line : status.connectors)
        for (std::size_t i = 0; i < line.passed_over.size(); ++i)
            text += "caseway_runs_passed_over_total{connector=\"" + line.connector + "\",reason=\"" +
                    std::string(kPassedOverNames[i]) + "\"} " + std::to_string(line.passed_over[i]) + "\n";
    return text;
}

void tellUnfinishedRun(const std::string& connector, const std::string& fault) {
    logError("run_not_finished", {{"connector", connector}, {"fault", fault}});
}

}  // namespace caseway
