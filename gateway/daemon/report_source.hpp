// gateway/daemon/report_source.hpp - a morning report from an installation: its register says who is expected, its
// store who came. For the gateway and for the commands beside it.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "gateway/daemon/settings.hpp"
#include "gateway/domain/register.hpp"
#include "gateway/report/report_builder.hpp"
#include "gateway/report/report_words.hpp"

namespace caseway {

/// All connectors that pull and were live once, by name. `waits`: of a gateway that runs.
std::vector<ReportedConnector> reportedConnectors(const RegisterContent& content, const RunWaits& waits = {});

/// The zone of `report.zone`. Throws Fault{ConfigurationBad} where this machine does not know it.
TimeZone reportZone(const Settings& settings);

/// `date`: none: the last night. `figures_only`, `is_served`: as ReportSettings has them. Throws Fault as the reader
/// does.
MorningReport morningReport(const Settings& settings, const RegisterContent& content, StoreReader& reader,
                            const RunWaits& waits, std::optional<std::chrono::local_days> date, Instant now,
                            bool figures_only = false, bool is_served = true);

/// Which of the configured ways did not take the last report that was due. For who looks at a report here; one that is
/// sent tells nobody that it was not.
std::vector<UnsentReport> unsentReports(const Settings& settings, StoreReader& reader);

/// A report in one of its forms: html, json, csv, text; nothing for another name. `media_type` may be nullptr.
std::optional<std::string> reportAs(std::string_view form, const MorningReport& report, ReportLanguage language,
                                    std::string* media_type = nullptr);

}  // namespace caseway
