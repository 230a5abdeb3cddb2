// gateway/cli/doctor_report.cpp - the ways of the morning report.
#include "gateway/cli/doctor_checks.hpp"

#include <fmt/format.h>

#include "gateway/daemon/report_sender.hpp"
#include "gateway/daemon/report_settings.hpp"
#include "gateway/ports/clock.hpp"

namespace caseway {
namespace {

/// Whether a newer one should have gone out: some minutes are left for it.
bool isBehind(const Settings& settings, const ReportSending& sending, std::chrono::minutes send_at) {
    constexpr std::chrono::minutes kTimeToSend{15};
    const auto zone = TimeZone::find(settings.report.zone);
    return zone && sending.night < textOf(lastDueReport(SystemClock().now() - kTimeToSend, *zone, send_at).date);
}

}  // namespace

void checkReport(Diagnosis& diagnosis, const Settings& settings, StoreReader& reader) {
    const ReportAccess& report = settings.report;
    if (!mistakeInZone(report.zone).empty())
        diagnosis.bad("report.zone: no zone " + report.zone, "install tzdata, or name a zone of the IANA database");
    const bool mails = !report.mail_server.empty() && !report.mail_to.empty(), posts = !report.webhook.empty();
    if (report.send_at.empty() && (mails || posts))
        diagnosis.warn("the morning report has a way and no time", "set report.send_at, such as 07:30");
    if (!report.send_at.empty() && !mails && !posts)
        diagnosis.warn("the morning report has a time and no way",
                       "set report.mail_server and mail_to, or report.webhook");
    if (mails && report.mail_from.empty())
        diagnosis.bad("report.mail_from is missing: no mail can be sent", "set it to an address of the center");
    for (const auto& [way, is_used] : {std::pair("mail", mails), std::pair("webhook", posts)}) {
        const auto note = is_used ? reader.reportNote(sendingNoteOf(way)) : std::nullopt;
        const auto sending = note ? ReportSending::read(way, *note) : std::nullopt;
        if (!sending) continue;
        if (sending->is_sent && !sending->refused.empty())
            diagnosis.warn(fmt::format("morning report of {}, refused: {}", sending->night, sending->refused),
                           "the others have it; correct report.mail_to, or ask those who run the mail server");
        const auto send_at = timeOfDay(report.send_at);
        if (sending->is_sent && send_at && isBehind(settings, *sending, *send_at))
            diagnosis.warn(
                fmt::format("the last morning report that was sent by {} is that of {}", way, sending->night),
                "a newer one was due: does the gateway run? caseway sync morning shows it here");
        else if (sending->is_sent)
            diagnosis.good(fmt::format("morning report of {} sent by {}", sending->night, way));
        else
            diagnosis.bad(fmt::format("morning report of {} not sent by {}, {} attempts: {}", sending->night, way,
                                      sending->failed, sending->error),
                          "it is tried again for 12 hours; caseway sync morning shows it here");
    }
}

}  // namespace caseway
