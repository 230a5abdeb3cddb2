// gateway/daemon/metrics.cpp - metric families and their text.
#include "gateway/daemon/metrics.hpp"

#include <prometheus/text_serializer.h>

#include <vector>

#include "gateway/daemon/metric_families.hpp"

namespace caseway {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

MetricFamily family(const char* name, const char* help, MetricType type) {
    MetricFamily made;
    made.name = name;
    made.help = help;
    made.type = type;
    return made;
}

void add(MetricFamily& to, double value, Labels labels) {
    ClientMetric metric;
    metric.label = std::move(labels);
    if (to.type == MetricType::Counter)
        metric.counter.value = value;
    else
        metric.gauge.value = value;
    to.metric.push_back(std::move(metric));
}

namespace {

MetricFamily single(const char* name, const char* help, MetricType type, double value) {
    MetricFamily made = family(name, help, type);
    add(made, value);
    return made;
}

void addHttp(const HttpCounters& http, std::vector<MetricFamily>& all) {
    const auto counter = [&](const char* name, const char* help, const HttpCounters::Counter& value) {
        all.push_back(single(name, help, MetricType::Counter, static_cast<double>(value.load())));
    };
    counter("caseway_http_connections_total", "connections opened", http.connections_opened);
    counter("caseway_http_handshakes_total", "TLS handshakes", http.handshakes);
    counter("caseway_http_handshakes_resumed_total", "TLS handshakes that resumed a session", http.handshakes_resumed);
    counter("caseway_http_requests_total", "complete requests", http.requests);
    counter("caseway_http_read_bytes_total", "bytes read", http.bytes_read);
    counter("caseway_http_written_bytes_total", "bytes written", http.bytes_written);
    all.push_back(single("caseway_http_connections", "connections open", MetricType::Gauge,
                         static_cast<double>(http.connectionsOpen())));
    MetricFamily refused =
        family("caseway_http_refused_total", "requests and connections not served", MetricType::Counter);
    for (std::size_t i = 0; i < http.refused.size(); ++i)
        add(refused, static_cast<double>(http.refused[i].load()),
            {{"reason", std::string(nameOf(static_cast<HttpRefusal>(i)))}});
    all.push_back(std::move(refused));
}

/// How many certificates rest on an authority that is no longer good, by what became of it.
std::map<std::string, double> certificatesUnder(const ExpiryWatch& watch) {
    std::map<std::string, double> counts{{"expired", 0}, {"revoked", 0}};
    for (const Expiry& expiry : watch.watched()) {
        if (!expiry.isOfAuthority()) continue;
        const auto certificates = static_cast<double>(expiry.certificates);
        if (expiry.revoked_at)
            counts["revoked"] += certificates;
        else if (expiry.at < watch.now())
            counts["expired"] += certificates;
    }
    return counts;
}

/// Of each system the last good certificate, and the authorities. The counts are what an alert rule asks for.
void addExpiries(const ExpiryWatch& watch, std::vector<MetricFamily>& all) {
    MetricFamily each = family("caseway_certificate_expires_timestamp_seconds",
                               "when the last good certificate of a system, or an authority, ends", MetricType::Gauge);
    std::map<int, double> within{{1, 0}, {7, 0}, {30, 0}};
    for (const Expiry& expiry : watch.watched()) {
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(expiry.at.time_since_epoch()).count();
        add(each, static_cast<double>(seconds), {{"whose", expiry.whose}});
        const auto days = warningDays(expiry, watch.now());
        for (auto& [most, count] : within)
            if (days && *days <= most) ++count;
    }
    all.push_back(std::move(each));
    MetricFamily soon = family("caseway_certificates_expiring", "how many of them end within so many days, or ended",
                               MetricType::Gauge);
    for (const auto& [days, count] : within) add(soon, count, {{"within_days", std::to_string(days)}});
    all.push_back(std::move(soon));
    MetricFamily under = family("caseway_certificates_under_authority",
                                "registered certificates whose authority expired or was revoked", MetricType::Gauge);
    for (const auto& [state, count] : certificatesUnder(watch)) add(under, count, {{"authority_state", state}});
    all.push_back(std::move(under));
}

}  // namespace

void Metrics::count(const MessageNews& news) {
    const std::string outcome = news.duplicate           ? "duplicate"
                                : news.status == 200     ? "accepted"
                                : news.status == 202     ? "received"
                                : news.status / 100 == 5 ? "unavailable"
                                                         : "refused";
    const std::lock_guard lock(mutex_);
    ++messages_[{std::string(nameOf(news.message.binding)), outcome}];
    if (!news.code.empty()) ++refusals_[std::string(news.code)];
    if (news.duplicate) return;
    if (news.message.encoding_note) ++encodings_differ_[news.message.header.sender];
    records_.fresh += news.counts.fresh;
    records_.changed += news.counts.changed;
    records_.same += news.counts.same;
    records_.stale += news.counts.stale;
    records_.refused += news.counts.refused;
    for (const auto& [code, count] : news.refused_by) record_refusals_[code] += count;
}

std::string Metrics::text(const HttpCounters& http, const CommitterFigures& committer, std::uint64_t log_size,
                          std::uint64_t last_change, std::size_t large_waiting, const ExpiryWatch& expiries,
                          const ReportDesk& reports) const {
    std::vector<MetricFamily> all;
    {
        const std::lock_guard lock(mutex_);
        MetricFamily messages =
            family("caseway_messages_total", "messages answered; a large one when it is received and when it ends",
                   MetricType::Counter);
        for (const auto& [series, count] : messages_)
            add(messages, static_cast<double>(count), {{"binding", series.binding}, {"outcome", series.outcome}});
        all.push_back(std::move(messages));
        MetricFamily refusals =
            family("caseway_refusals_total", "messages refused as a whole, by code", MetricType::Counter);
        for (const auto& [code, count] : refusals_) add(refusals, static_cast<double>(count), {{"code", code}});
        all.push_back(std::move(refusals));
        MetricFamily record_refusals =
            family("caseway_record_refusals_total", "records refused by themselves, by the code of their first mistake",
                   MetricType::Counter);
        for (const auto& [code, count] : record_refusals_)
            add(record_refusals, static_cast<double>(count), {{"code", code}});
        all.push_back(std::move(record_refusals));
        MetricFamily records = family("caseway_records_total", "records of messages, by outcome", MetricType::Counter);
        const std::pair<const char*, std::uint64_t> counts[] = {{"new", records_.fresh},
                                                                {"changed", records_.changed},
                                                                {"same", records_.same},
                                                                {"stale", records_.stale},
                                                                {"refused", records_.refused}};
        for (const auto& [outcome, count] : counts) add(records, static_cast<double>(count), {{"outcome", outcome}});
        all.push_back(std::move(records));
        MetricFamily encodings =
            family("caseway_encoding_differs_total", "payloads read in another encoding than they declare, by system",
                   MetricType::Counter);
        for (const auto& [system, count] : encodings_differ_)
            add(encodings, static_cast<double>(count), {{"system", system.text()}});
        all.push_back(std::move(encodings));
    }
    all.push_back(single("caseway_commits_total", "transactions committed", MetricType::Counter,
                         static_cast<double>(committer.commits)));
    all.push_back(single("caseway_commit_faults_total", "transactions that failed", MetricType::Counter,
                         static_cast<double>(committer.faults)));
    all.push_back(single("caseway_writer_waiting", "messages that wait for the writer", MetricType::Gauge,
                         static_cast<double>(committer.waiting)));
    all.push_back(single("caseway_large_waiting", "large messages being applied", MetricType::Gauge,
                         static_cast<double>(large_waiting)));
    all.push_back(single("caseway_log_size", "leaves of the log", MetricType::Gauge, static_cast<double>(log_size)));
    all.push_back(single("caseway_last_change", "number of the last change", MetricType::Gauge,
                         static_cast<double>(last_change)));
    addExpiries(expiries, all);
    addRunFamilies(reports.figures(), all);
    addReportFamilies(reports.sendings(), all);
    addHttp(http, all);
    return prometheus::TextSerializer().Serialize(all);
}

}  // namespace caseway
