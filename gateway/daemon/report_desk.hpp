// gateway/daemon/report_desk.hpp - what the running gateway does for the morning report, in one place: looks at runs
// that ended, answers for reports, sends them at their time, and has the figures.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gateway/daemon/night_figures.hpp"
#include "gateway/daemon/passed_notes.hpp"
#include "gateway/daemon/report_endpoints.hpp"
#include "gateway/daemon/report_sender.hpp"
#include "gateway/daemon/run_watch.hpp"
#include "gateway/pipeline/committer.hpp"
#include "gateway/ports/signer.hpp"

namespace caseway {

class ReportDesk {
public:
    struct Parts {
        const Settings& settings;
        StoreReader& reader;
        Committer& committer;
        Signer& signer;
        std::string log_origin;
        const Clock& clock;
        std::function<RegisterContent()> content;  ///< the register now; throws Fault
        std::function<std::unique_ptr<ByteSource>(const std::string& file)> open_body;
        std::function<RunWaits()> waits = [] { return RunWaits(); };  ///< of the runs now
    };
    /// Throws Fault{ConfigurationBad}: no such zone.
    explicit ReportDesk(Parts parts);

    std::vector<Endpoint> endpoints() { return endpoints_.endpoints(); }
    void watch(const LiveConnectors& live);
    void ended(const Run& run);
    /// No run began at these times, and none will: the operating log says it now, the report of their night then. What
    /// cannot be kept now is told there too, and kept later. Callable concurrently.
    void passedOver(const PassedOverLine& line);
    /// What the store did not take then is tried again. Once a second or so.
    void tick();
    /// Sends reports from now on, where it is configured.
    void start();
    void stop();
    RunFigures figures() const;
    std::vector<ReportSending> sendings() const;

private:
    MorningReport make(std::optional<std::chrono::local_days> date, bool figures_only = false) const;
    /// For who looks at it here: with what became of those that were to be sent.
    MorningReport shown(std::optional<std::chrono::local_days> date) const;

    Parts parts_;
    RunWatch watch_;
    mutable NightFigures nights_;
    ReportEndpoints endpoints_;
    PassedNotes passed_over_;
    std::unique_ptr<ReportSender> sender_;  ///< none: nothing is sent
};

}  // namespace caseway
