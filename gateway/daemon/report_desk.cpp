// gateway/daemon/report_desk.cpp - wiring.
#include "gateway/daemon/report_desk.hpp"

#include "gateway/daemon/operating_log.hpp"
#include "gateway/daemon/report_settings.hpp"
#include "gateway/daemon/report_source.hpp"
#include "gateway/daemon/report_ways.hpp"
#include "gateway/pipeline/note_job.hpp"

namespace caseway {

ReportDesk::ReportDesk(Parts parts)
    : parts_(std::move(parts)),
      watch_(
          {parts_.reader, parts_.clock, reportZone(parts_.settings), parts_.settings.report.late, parts_.open_body,
           [this](const std::string& name, const std::string& body) { keepReportNote(parts_.committer, name, body); }}),
      nights_(parts_.clock, [this] { return make(std::nullopt, true); }),
      endpoints_(parts_.settings, [this](std::optional<std::chrono::local_days> date) { return shown(date); }),
      passed_over_(
          {[this](const std::string& name) { return parts_.reader.reportNote(name); },
           [this](const std::string& name, const std::string& body) { keepReportNote(parts_.committer, name, body); },
           [](const std::string& connector, const std::string& fault) {
               logWarning("passed_over_not_kept", {{"connector", connector}, {"fault", fault}});
           }}) {
    const auto send_at = timeOfDay(parts_.settings.report.send_at);
    auto ways = reportWays(parts_.settings, parts_.signer, parts_.log_origin, parts_.clock);
    if (!send_at || ways.empty()) return;
    sender_ = std::make_unique<ReportSender>(ReportSender::Parts{
        parts_.clock, parts_.reader, reportZone(parts_.settings), *send_at,
        [this](std::chrono::local_days date) { return make(date); },
        [this](const std::string& name, const std::string& body) { keepReportNote(parts_.committer, name, body); },
        std::move(ways)});
}

MorningReport ReportDesk::make(std::optional<std::chrono::local_days> date, bool figures_only) const {
    return morningReport(parts_.settings, parts_.content(), parts_.reader, parts_.waits(), date, parts_.clock.now(),
                         figures_only);
}

MorningReport ReportDesk::shown(std::optional<std::chrono::local_days> date) const {
    MorningReport report = make(date);
    if (!date) report.unsent = unsentReports(parts_.settings, parts_.reader);
    return report;
}

void ReportDesk::watch(const LiveConnectors& live) {
    watch_.watch(live);
    nights_.forget();
}

void ReportDesk::ended(const Run& run) {
    watch_.ended(run);
    nights_.forget();
}

void ReportDesk::passedOver(const PassedOverLine& line) {
    tellPassedOver(line);
    passed_over_.add(line);
}

void ReportDesk::tick() {
    passed_over_.settle();
}

RunFigures ReportDesk::figures() const {
    RunFigures figures = watch_.figures();
    const auto nights = nights_.now();
    for (ConnectorFigures& one : figures.connectors)
        if (const auto night = nights.find(one.connector); night != nights.end()) one.night = night->second;
    return figures;
}

void ReportDesk::start() {
    if (sender_) sender_->start();
}

void ReportDesk::stop() {
    passed_over_.settleNow();
    if (sender_) sender_->stop();
}

std::vector<ReportSending> ReportDesk::sendings() const {
    return sender_ ? sender_->standing() : std::vector<ReportSending>();
}

}  // namespace caseway
