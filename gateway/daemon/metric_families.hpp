// gateway/daemon/metric_families.hpp - the little that makes families of figures for Prometheus. For this folder only.
#pragma once

#include <prometheus/metric_family.h>

#include <vector>

#include "gateway/daemon/report_sender.hpp"
#include "gateway/daemon/run_watch.hpp"

namespace caseway {

prometheus::MetricFamily family(const char* name, const char* help, prometheus::MetricType type);
void add(prometheus::MetricFamily& to, double value, std::vector<prometheus::ClientMetric::Label> labels = {});

/// Runs of connectors: docs/operating/morning-report.md lists them.
void addRunFamilies(const RunFigures& figures, std::vector<prometheus::MetricFamily>& all);
/// What became of the report on its ways.
void addReportFamilies(const std::vector<ReportSending>& ways, std::vector<prometheus::MetricFamily>& all);

}  // namespace caseway
