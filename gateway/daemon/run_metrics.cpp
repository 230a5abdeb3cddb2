// gateway/daemon/run_metrics.cpp - runs and reports as families. Labels: connectors that are live (bounded), states,
// outcomes, codes of docs/errors.md (bounded).
#include "gateway/daemon/metric_families.hpp"

namespace caseway {
namespace {

using prometheus::MetricFamily;
using prometheus::MetricType;

double secondsOf(Instant at) {
    return std::chrono::duration<double>(std::chrono::floor<std::chrono::seconds>(at).time_since_epoch()).count();
}

}  // namespace

void addRunFamilies(const RunFigures& figures, std::vector<MetricFamily>& all) {
    MetricFamily last =
        family("caseway_connector_last_run", "1 for the state in which its last run that took from the source ended",
               MetricType::Gauge);
    MetricFamily reason = family("caseway_connector_last_run_reason",
                                 "1 for the code of why its last run did not come to its end", MetricType::Gauge);
    MetricFamily good = family("caseway_connector_last_good_run_timestamp_seconds",
                               "when its last good run ended; 0: none did", MetricType::Gauge);
    MetricFamily overdue =
        family("caseway_connector_overdue", "1 when a run should have begun and none has", MetricType::Gauge);
    MetricFamily verdict =
        family("caseway_connector_night", "1 for the state of the last night in the morning report", MetricType::Gauge);
    MetricFamily next = family("caseway_connector_next_run_timestamp_seconds",
                               "when its next run starts by its schedule", MetricType::Gauge);
    MetricFamily jumped =
        family("caseway_connector_volume_jumped", "1 where the last night brought much more or less than those before",
               MetricType::Gauge);
    MetricFamily says =
        family("caseway_connector_source_says",
               "records of its whole set by the source's own count, as of the last night", MetricType::Gauge);
    MetricFamily compared =
        family("caseway_connector_compared_timestamp_seconds",
               "when the last reconciliation of two weeks that compared to its end ended", MetricType::Gauge);
    MetricFamily apart = family("caseway_connector_differences", "what that one found, by kind, and what of it is left",
                                MetricType::Gauge);
    MetricFamily drift =
        family("caseway_connector_drift", "fields and codes first seen in this night", MetricType::Gauge);
    MetricFamily newest = family("caseway_connector_newest_business_timestamp_seconds",
                                 "newest business time that a record of its runs bore", MetricType::Gauge);
    MetricFamily runs = family("caseway_runs_total", "runs that ended, by state", MetricType::Counter);
    MetricFamily records =
        family("caseway_run_records_total", "records of runs that ended, by outcome", MetricType::Counter);
    MetricFamily beside =
        family("caseway_runs_beside_total", "retries and reconciliations that ended, by state", MetricType::Counter);
    MetricFamily files = family("caseway_connector_files_waiting",
                                "files that its last run found and could not read yet", MetricType::Gauge);
    MetricFamily files_since = family("caseway_connector_files_waiting_since_timestamp_seconds",
                                      "when the one of them that waits longest was last touched", MetricType::Gauge);
    MetricFamily aside = family("caseway_connector_files_aside",
                                "files of former runs that its last run found in its error folder", MetricType::Gauge);
    MetricFamily payloads =
        family("caseway_run_payloads_refused_total", "payloads refused as a whole or broken off", MetricType::Counter);
    MetricFamily doubled =
        family("caseway_run_records_doubled_total",
               "records that say otherwise than another one of their number in their run", MetricType::Counter);
    for (const ConnectorFigures& one : figures.connectors) {
        const auto labelled = [&](const char* name, std::string_view value) {
            return std::vector<prometheus::ClientMetric::Label>{{"connector", one.connector},
                                                                {name, std::string(value)}};
        };
        for (std::size_t i = 1; i < kRunStateNames.size(); ++i) {
            const auto labels = labelled("state", kRunStateNames[i]);
            if (one.last) add(last, static_cast<std::size_t>(*one.last) == i ? 1 : 0, labels);
            add(runs, static_cast<double>(one.runs[i]), labels);
        }
        if (!one.reason.empty()) add(reason, 1, labelled("reason", one.reason));
        if (const auto& night = one.night) {
            for (std::size_t i = 0; i < kNightStateNames.size(); ++i)
                add(verdict, static_cast<std::size_t>(night->state) == i ? 1 : 0,
                    labelled("state", kNightStateNames[i]));
            add(jumped, night->has_jumped ? 1 : 0, {{"connector", one.connector}});
            if (night->next) add(next, secondsOf(*night->next), {{"connector", one.connector}});
            if (night->source_says) add(says, static_cast<double>(*night->source_says), {{"connector", one.connector}});
            if (night->compared && night->compared->sides) {
                const BothSides& sides = *night->compared->sides;
                if (const auto& ended = night->compared->ended)
                    add(compared, secondsOf(*ended), {{"connector", one.connector}});
                const std::pair<const char*, std::uint64_t> found[] = {{"different", sides.counts.different},
                                                                       {"missing_here", sides.counts.missing_here},
                                                                       {"missing_there", sides.counts.missing_there},
                                                                       {"doubled", sides.counts.doubled},
                                                                       {"put_right", sides.put_right},
                                                                       {"marked", sides.counts.marked},
                                                                       {"left", sides.left}};
                for (const auto& [kind, count] : found) add(apart, static_cast<double>(count), labelled("kind", kind));
            }
        }
        for (const auto& [which, count] : one.beside)
            add(beside, static_cast<double>(count),
                {{"connector", one.connector},
                 {"kind", std::string(nameOf(which.first))},
                 {"state", std::string(nameOf(which.second))}});
        const RecordCounts& counts = one.counts.records;
        const std::pair<const char*, std::uint64_t> outcomes[] = {{"new", counts.fresh},
                                                                  {"changed", counts.changed},
                                                                  {"same", counts.same},
                                                                  {"stale", counts.stale},
                                                                  {"refused", counts.refused}};
        for (const auto& [outcome, count] : outcomes)
            add(records, static_cast<double>(count), labelled("outcome", outcome));
        if (one.last_good) add(good, secondsOf(*one.last_good), {{"connector", one.connector}});
        if (one.newest) add(newest, secondsOf(*one.newest), {{"connector", one.connector}});
        if (one.last)
            add(files, one.waiting ? static_cast<double>(one.waiting->count) : 0, {{"connector", one.connector}});
        if (one.last) add(aside, one.aside ? static_cast<double>(one.aside->count) : 0, {{"connector", one.connector}});
        if (one.waiting) add(files_since, secondsOf(one.waiting->since), {{"connector", one.connector}});
        add(overdue, one.is_overdue ? 1 : 0, {{"connector", one.connector}});
        add(drift, static_cast<double>(one.drift), {{"connector", one.connector}});
        add(payloads, static_cast<double>(one.counts.payloads_refused), {{"connector", one.connector}});
        add(doubled, static_cast<double>(one.counts.doubled), {{"connector", one.connector}});
    }
    MetricFamily refusals =
        family("caseway_run_refusals_total", "what runs brought and was refused, by rule", MetricType::Counter);
    for (const auto& [code, count] : figures.refusals) add(refusals, static_cast<double>(count), {{"code", code}});
    MetricFamily more = family("caseway_connectors_not_shown",
                               "live connectors beyond those with figures, or unreadable", MetricType::Gauge);
    add(more, static_cast<double>(figures.not_shown));
    for (MetricFamily* one :
         {&last,   &reason, &good,   &overdue, &verdict, &next,        &jumped, &says,     &compared, &apart,    &drift,
          &newest, &runs,   &beside, &records, &files,   &files_since, &aside,  &payloads, &doubled,  &refusals, &more})
        all.push_back(std::move(*one));
}

void addReportFamilies(const std::vector<ReportSending>& ways, std::vector<MetricFamily>& all) {
    MetricFamily sent = family("caseway_report_last_sent_timestamp_seconds",
                               "when the last morning report was sent; 0: none was", MetricType::Gauge);
    MetricFamily waiting = family("caseway_report_attempts_failed",
                                  "failed attempts to send the present morning report", MetricType::Gauge);
    MetricFamily lost =
        family("caseway_reports_given_up_total", "morning reports that could not be sent in time", MetricType::Counter);
    for (const ReportSending& way : ways) {
        add(sent, way.sent_at ? secondsOf(*way.sent_at) : 0, {{"way", way.way}});
        add(waiting, static_cast<double>(way.failed), {{"way", way.way}});
        add(lost, static_cast<double>(way.given_up), {{"way", way.way}});
    }
    for (MetricFamily* one : {&sent, &waiting, &lost}) all.push_back(std::move(*one));
}

}  // namespace caseway
