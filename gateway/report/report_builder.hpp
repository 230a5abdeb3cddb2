// gateway/report/report_builder.hpp - makes the report of one night from the runs that the store has and the schedules
// as they are now. Reads only; the same whether a gateway runs or not.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gateway/ports/store.hpp"
#include "gateway/report/morning_report.hpp"
#include "gateway/sync/schedule.hpp"

namespace caseway {

/// A connector that pulls, as the register has it.
struct ReportedConnector {
    std::string name;              ///< `housing/permits/outbox`
    std::string department_title;  ///< may be empty
    std::optional<Schedule> schedule{};
    bool is_suspended = false;
    Instant since{};                        ///< from when on its schedule is expected to be kept
    std::optional<RunTrouble> unplanned{};  ///< it has a schedule that cannot be read
    std::optional<RunWait> wait{};          ///< what keeps its run from its next page, now
    std::optional<OpenCircuit> circuit{};   ///< where its schedule starts none now
};

struct ReportSettings {
    std::string gateway;
    TimeZone zone;
    std::chrono::seconds late_after{1800};
    std::chrono::seconds files_wait{86400};  ///< longer: somebody has to look
    bool is_served = true;                   ///< a gateway is at work; else a run that has not ended is interrupted
    bool figures_only = false;  ///< neither refusals by rule, nor drift, nor what is older than the nights compared
};

class ReportBuilder {
public:
    ReportBuilder(StoreReader& reader, ReportSettings settings) : reader_(reader), settings_(std::move(settings)) {}
    /// `connectors`: those that are registered now. One that is not any more is in the report where it ran that night.
    /// Throws Fault as the reader does.
    MorningReport make(const std::vector<ReportedConnector>& connectors, std::chrono::local_days date, Instant now);

private:
    struct Past;
    std::map<std::string, Past, std::less<>> pastOf(const Night& night);
    ConnectorNight connectorNight(const ReportedConnector& connector, Past& past, const Night& night, Instant now);
    std::optional<Instant> lastGoodOf(const std::string& connector);
    void addWhyAbsent(const Schedule& schedule, const Past& past, ConnectorNight& made);
    void addSeen(const Night& night, ConnectorNight& made);

    StoreReader& reader_;
    ReportSettings settings_;
};

}  // namespace caseway
