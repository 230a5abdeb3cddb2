// gateway/daemon/report_sender.cpp - one look after the other, each way by itself.
#include "gateway/daemon/report_sender.hpp"

#include <algorithm>
#include <charconv>

#include "gateway/base/fault.hpp"
#include "gateway/daemon/operating_log.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/ports/connector.hpp"

namespace caseway {
namespace {

constexpr std::chrono::seconds kLookEvery{1};
constexpr std::size_t kLongestError = 500;
constexpr std::chrono::days kMostDaysAhead{2};

std::uint64_t numberIn(const JsonValue& object, std::string_view name) {
    const JsonValue* const value = object.find(name);
    std::uint64_t number = 0;
    if (value != nullptr) std::from_chars(value->text.data(), value->text.data() + value->text.size(), number);
    return number;
}

std::string textIn(const JsonValue& object, std::string_view name) {
    const JsonValue* const value = object.find(name);
    return value != nullptr && value->type == JsonValue::Type::String ? std::string(value->text) : std::string();
}

/// Of a note from the future: the clock was wrong as it was written. A day or two are a clock or a time that was
/// changed.
bool isFarAhead(const std::string& night, std::chrono::local_days due) {
    const auto date = parseNightDate(night);
    return !date || *date > due + kMostDaysAhead;
}

}  // namespace

DueReport lastDueReport(Instant now, const TimeZone& zone, std::chrono::minutes send_at) {
    std::chrono::local_days date = lastNight(now, zone).date;
    const auto at = [&] {
        const std::chrono::local_seconds local = date + send_at;
        const std::chrono::sys_seconds as_utc(local.time_since_epoch());
        return Instant(as_utc - zone.offsetAtLocal(local).value_or(zone.spanAt(as_utc).offset));
    };
    if (at() > now) date -= std::chrono::days(1);
    return {date, at()};
}

std::string sendingNoteOf(std::string_view way) {
    return "sent/" + std::string(way);
}

std::string ReportSending::text() const {
    std::string json = "{\"error\":";
    appendJsonString(error, json);
    json += ",\"failed\":" + std::to_string(failed) + ",\"given_up\":" + std::to_string(given_up);
    json += std::string(",\"is_sent\":") + (is_sent ? "true" : "false") + R"(,"night":")" + night + '"';
    if (!refused.empty()) appendJsonString(refused, json += ",\"refused\":");
    if (sent_at) json += R"(,"sent_at":")" + toRfc3339(*sent_at) + '"';
    return json + "}";
}

std::optional<ReportSending> ReportSending::read(std::string_view way, std::string_view note) {
    JsonTree tree;
    const auto root = parseJson(note, JsonLimits{.depth = 2}, tree);
    if (!root || (*root)->type != JsonValue::Type::Object) return std::nullopt;
    const JsonValue& object = **root;
    ReportSending sending;
    sending.way = std::string(way);
    sending.night = textIn(object, "night");
    sending.error = textIn(object, "error");
    sending.refused = textIn(object, "refused");
    sending.failed = numberIn(object, "failed");
    sending.given_up = numberIn(object, "given_up");
    const JsonValue* const is_sent = object.find("is_sent");
    sending.is_sent = is_sent != nullptr && is_sent->type == JsonValue::Type::True;
    sending.sent_at = parseRfc3339(textIn(object, "sent_at"));
    return sending;
}

ReportSender::ReportSender(Parts parts) : parts_(std::move(parts)) {
    for (const Way& way : parts_.ways) {
        const auto note = parts_.reader.reportNote(sendingNoteOf(way.name));
        auto sending = note ? ReportSending::read(way.name, *note) : std::nullopt;
        standing_[way.name] = sending.value_or(ReportSending{way.name, {}});
    }
}

void ReportSender::start() {
    for (const Way& way : parts_.ways) {
        threads_.emplace_back([this, &way] {
            std::unique_lock lock(mutex_);
            while (!stopping_) {
                lock.unlock();
                std::optional<MorningReport> made;
                lookAt(way, [&](std::chrono::local_days date) -> const MorningReport& {
                    return made ? *made : made.emplace(parts_.make(date));
                });
                lock.lock();
                wake_.wait_for(lock, kLookEvery, [this] { return stopping_; });
            }
        });
    }
}

void ReportSender::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
}

std::vector<ReportSending> ReportSender::standing() const {
    const std::lock_guard lock(mutex_);
    std::vector<ReportSending> all;
    for (const auto& [way, sending] : standing_) all.push_back(sending);
    return all;
}

void ReportSender::look() {
    std::optional<MorningReport> made;  // once for all ways
    for (const Way& way : parts_.ways)
        lookAt(way, [&](std::chrono::local_days date) -> const MorningReport& {
            return made ? *made : made.emplace(parts_.make(date));
        });
}

void ReportSender::lookAt(const Way& way, const ReportMaker& report) {
    const Instant now = parts_.clock.now();
    const DueReport due = lastDueReport(now, parts_.zone, parts_.send_at);
    ReportSending sending;
    bool is_wanted = false, is_not_kept = false;
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) return;
        sending = standing_[way.name];
        is_wanted = isWanted(way, due, now, sending);
        is_not_kept = not_kept_.contains(way.name);
    }
    if (is_wanted)
        attempt(
            way, [&]() -> const MorningReport& { return report(due.date); }, sending);
    else if (is_not_kept)
        keep(way.name);
}

/// Whether the due report is to be tried on this way now; locked. `sending` is turned to it.
bool ReportSender::isWanted(const Way& way, const DueReport& due, Instant now, ReportSending& sending) {
    const std::string night = textOf(due.date);
    if (sending.night == night && sending.is_sent) return false;
    // The clock or the time of sending was changed: what was sent is newer.
    if (sending.is_sent && night < sending.night && !isFarAhead(sending.night, due.date)) return false;
    if (sending.night != night) {
        // What was not taken until its successor is due is given up.
        if (!sending.night.empty() && !sending.is_sent && sending.failed != 0) ++sending.given_up;
        sending.night = night;
        sending.is_sent = false;
        sending.failed = 0;
        next_try_.erase(way.name);
    }
    if (now - due.at > kReportTriedFor) return false;
    const auto next = next_try_.find(way.name);
    return next == next_try_.end() || now >= next->second || next->second - now > kLongestReportWait;
}

void ReportSender::attempt(const Way& way, const std::function<const MorningReport&()>& report,
                           ReportSending& sending) {
    const auto stopping = [this] {
        const std::lock_guard lock(mutex_);
        return stopping_;
    };
    try {
        sending.refused = way.send(report(), stopping).substr(0, kLongestError);
        sending.is_sent = true;
        sending.sent_at = parts_.clock.now();
        sending.error.clear();
        sending.failed = 0;
    } catch (const std::exception& error) {  // the server, the line, the store: the next look tries again
        if (stopping()) return;
        const auto* const fault = dynamic_cast<const Fault*>(&error);
        const auto* const connector_fault = dynamic_cast<const ConnectorFault*>(&error);
        std::string hint = fault != nullptr             ? fault->hint()
                           : connector_fault != nullptr ? connector_fault->parts().next_step
                                                        : std::string();
        if (hint.empty()) hint = "look at the report.* settings, and whether the server is reached from this machine";
        const auto wait = kFirstReportWait * (1U << std::min<std::uint64_t>(sending.failed, 5));
        ++sending.failed;
        sending.error = (std::string(error.what()) + "; " + hint).substr(0, kLongestError);
        setNextTry(way.name, std::min<std::chrono::minutes>(wait, kLongestReportWait));
    }
    tell(sending);
    {
        const std::lock_guard lock(mutex_);
        standing_[way.name] = sending;
    }
    keep(way.name);
}

void ReportSender::setNextTry(const std::string& way, std::chrono::minutes wait) {
    const Instant now = parts_.clock.now();
    const std::lock_guard lock(mutex_);
    next_try_[way] = now + wait;
}

/// What the store does not take now it is given again at the next look: only a restart until then would send twice.
void ReportSender::keep(const std::string& way) {
    std::string note;
    {
        const std::lock_guard lock(mutex_);
        note = standing_[way].text();
    }
    try {
        parts_.keep(sendingNoteOf(way), note);
        const std::lock_guard lock(mutex_);
        not_kept_.erase(way);
    } catch (const std::exception& error) {
        const auto isFirst = [&] {
            const std::lock_guard lock(mutex_);
            return not_kept_.insert(way).second;
        };
        if (isFirst()) logWarning("report_note_not_kept", {{"way", way}, {"fault", error.what()}});
    }
}

void ReportSender::tell(const ReportSending& sending) {
    std::string next_try;
    {
        const std::lock_guard lock(mutex_);
        if (const auto next = next_try_.find(sending.way); next != next_try_.end()) next_try = toRfc3339(next->second);
    }
    if (sending.is_sent && !sending.refused.empty())
        logWarning("report_refused_for_some",
                   {{"way", sending.way}, {"night", sending.night}, {"refused", sending.refused}});
    if (sending.is_sent)
        logInformation("report_sent", {{"way", sending.way}, {"night", sending.night}});
    else
        logWarning("report_not_sent", {{"way", sending.way},
                                       {"night", sending.night},
                                       {"fault", sending.error},
                                       {"attempts", std::to_string(sending.failed)},
                                       {"next", next_try}});
}

}  // namespace caseway
