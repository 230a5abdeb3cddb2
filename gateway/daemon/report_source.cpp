// gateway/daemon/report_source.cpp - from the register's files to what is expected.
#include "gateway/daemon/report_source.hpp"

#include "gateway/base/fault.hpp"
#include "gateway/daemon/report_sender.hpp"
#include "gateway/daemon/run_request.hpp"
#include "gateway/report/report_csv.hpp"
#include "gateway/report/report_html.hpp"
#include "gateway/report/report_json.hpp"
#include "gateway/report/report_text.hpp"
#include "gateway/sync/circuit.hpp"
#include "gateway/sync/schedule_of.hpp"

namespace caseway {

namespace {

/// It could be read as the version was activated: a zone went, a calendar.
RunTrouble troubleOf(const Refusal& why) {
    return {"config", why.code, why.where, why.rule, why.hint};
}

/// Of its last version: who activated another one since begins anew.
void addCircuit(StoreReader& reader, const CircuitPolicy& policy, Instant now, ReportedConnector& connector) {
    const auto runs = lastRunsOf(reader, connector.name, kRunsOfCircuit);
    if (runs.empty() || runs.front().started_at < connector.since) return;
    const Circuit circuit = circuitOf(runs, policy, runs.front().terms, now);
    if (circuit.state(now) == Circuit::State::Open)
        connector.circuit = OpenCircuit{circuit.failed, circuit.code, *circuit.until};
}

}  // namespace

std::vector<ReportedConnector> reportedConnectors(const RegisterContent& content, const RunWaits& waits) {
    std::vector<ReportedConnector> all;
    for (const auto& [id, entry] : content.systems) {
        const auto department = content.departments.find(std::string(id.department()));
        for (const auto& [name, connector] : entry.connectors) {
            const ConnectorVersion* const version = connector.liveVersion();
            if (version == nullptr || version->head.direction != ExchangeDirection::Pull) continue;
            ReportedConnector reported;
            reported.name = connector.name.text();
            reported.department_title =
                department != content.departments.end() ? department->second.title : entry.system.department_name;
            reported.is_suspended = connector.suspended || entry.system.suspended || entry.system.department_suspended;
            reported.since = parseRfc3339(connector.liveSince()).value_or(Instant{});  // what was due before is no gap
            if (version->head.schedule) {
                auto schedule = scheduleOf(*version->head.schedule, reported.name);
                if (schedule)
                    reported.schedule = std::move(*schedule);
                else
                    reported.unplanned = troubleOf(schedule.error().front());
            }
            if (const auto wait = waits.find(reported.name); wait != waits.end()) reported.wait = wait->second;
            all.push_back(std::move(reported));
        }
    }
    return all;
}

TimeZone reportZone(const Settings& settings) {
    auto zone = TimeZone::find(settings.report.zone);
    if (zone) return *zone;
    throw Fault(FaultCode::ConfigurationBad, "report.zone: no zone " + settings.report.zone,
                "install tzdata, or name a zone of the IANA database");
}

MorningReport morningReport(const Settings& settings, const RegisterContent& content, StoreReader& reader,
                            const RunWaits& waits, std::optional<std::chrono::local_days> date, Instant now,
                            bool figures_only, bool is_served) {
    const TimeZone zone = reportZone(settings);
    ReportBuilder builder(
        reader, {settings.gateway_id, zone, settings.report.late, settings.report.files_wait, is_served, figures_only});
    auto connectors = reportedConnectors(content, waits);
    for (ReportedConnector& connector : connectors)
        if (!figures_only && connector.schedule) addCircuit(reader, settings.sync.circuit, now, connector);
    return builder.make(connectors, date.value_or(lastNight(now, zone).date), now);
}

std::vector<UnsentReport> unsentReports(const Settings& settings, StoreReader& reader) {
    const ReportAccess& access = settings.report;
    const bool mails = !access.mail_server.empty() && !access.mail_to.empty(), posts = !access.webhook.empty();
    std::vector<UnsentReport> unsent;
    if (access.send_at.empty()) return unsent;  // what once failed waits for nobody
    for (const auto& [way, is_used] : {std::pair("mail", mails), std::pair("webhook", posts)}) {
        const auto note = is_used ? reader.reportNote(sendingNoteOf(way)) : std::nullopt;
        const auto sending = note ? ReportSending::read(way, *note) : std::nullopt;
        if (sending && !sending->is_sent && sending->failed != 0)
            unsent.push_back({way, sending->night, sending->failed, sending->error});
    }
    return unsent;
}

std::optional<std::string> reportAs(std::string_view form, const MorningReport& report, ReportLanguage language,
                                    std::string* media_type) {
    const auto as = [&](std::string text, const char* type) {
        if (media_type != nullptr) *media_type = type;
        return std::optional(std::move(text));
    };
    if (form == "html") return as(htmlOf(report, language), "text/html; charset=utf-8");
    if (form == "json") return as(jsonOf(report), "application/json");
    if (form == "csv") return as(csvOf(report), "text/csv; charset=utf-8");
    if (form == "text") return as(textOf(report, language), "text/plain; charset=utf-8");
    return std::nullopt;
}

}  // namespace caseway
