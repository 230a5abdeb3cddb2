// gateway/pipeline/pulled_pages.hpp - what connectors read goes through the same stages as what departments send: each
// payload is a message of origin pulled, attested by the gateway's own log. Where it bears its department's signature,
// that is verified and kept beside.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>

#include "gateway/base/limits.hpp"
#include "gateway/pipeline/borne_verdict.hpp"
#include "gateway/pipeline/committer.hpp"
#include "gateway/pipeline/mapping_shelf.hpp"
#include "gateway/pipeline/message_job.hpp"
#include "gateway/pipeline/pulled_body.hpp"
#include "gateway/pipeline/refused_before.hpp"
#include "gateway/ports/clock.hpp"
#include "gateway/ports/key_ring.hpp"
#include "gateway/ports/run_ledger.hpp"
#include "gateway/record/recorder.hpp"

namespace caseway {

/// Rung when a large message has its outcome, by whoever tells it; heard by the runs that wait for it.
class OutcomeBell {
public:
    void ring() {
        const std::lock_guard lock(mutex_);
        rung_.notify_all();
    }
    void wait(std::chrono::milliseconds at_most) {
        std::unique_lock lock(mutex_);
        rung_.wait_for(lock, at_most);
    }

private:
    std::mutex mutex_;
    std::condition_variable rung_;
};

class PulledPages final : public RunLedger {
public:
    struct Parts {
        Store& store;
        Committer& committer;
        Recorder& recorder;
        const Register& known;
        const Clock& clock;
        std::string gateway_id;
        Limits limits;
        SpoolMaker make_spool;
        std::function<MessageId()> new_id;
        NewsSink news;
        std::function<void(LogIndex, const SystemId&)> received;  ///< a large payload has its leaf: apply it
        OutcomeBell& bell;
        const Verifier& verifier;
        SignatureRule signatures = SignatureRule::IfPresent;  ///< that the connector's file says
    };
    /// `mapping`: under its name, in the version that the connector was tested with. `cursor_name`: under which the
    /// cursor stands: of the connector and of what it reads, so that other settings begin anew instead of behind rows
    /// that they never saw. Without a name it is not kept: for runs that read beside the others.
    PulledPages(Parts parts, std::string name, ShelvedMapping mapping, std::string cursor_name)
        : parts_(std::move(parts)),
          name_(std::move(name)),
          mapping_(std::move(mapping)),
          cursor_name_(std::move(cursor_name)) {}

    /// Throws ConnectorFault{Config}: unknown_sender, system_suspended, department_suspended.
    static const RegisteredSystem* systemOf(const Run& run, const KeyRing& ring);

    Cursor cursorOf(const std::string& connector) override;
    std::optional<Run> unfinished(const std::string& connector) override;
    Run begin(Run run) override { return keep(std::move(run)); }
    std::unique_ptr<PulledBody> newBody() override;
    PageTaken take(const Run& run, PulledPage& page) override;
    void rehearse(const Run& run, const PulledPage& page, std::size_t part) override;
    std::optional<PageTaken> recount(const Run& run, const std::function<bool()>& stopping) override;
    RefusalCodes refusalCodes(const Run& run) override;
    std::optional<Instant> newestTime() override;
    Run end(Run run) override { return keep(std::move(run)); }
    /// As end(), with a document beside the leaf: RunJob.
    Run keep(Run run, std::string beside = {});

private:
    struct Source;
    Instant readAt(const PulledPayload& payload) const { return payload.read_at.value_or(parts_.clock.now()); }
    BorneJudge judge() const { return {parts_.verifier, parts_.limits, parts_.signatures, name_}; }
    BorneVerdict judged(const Source& source, const PulledPage& page, std::size_t part);
    MessageHeader headerOf(const Source& source, const PulledPayload& payload, const BorneVerdict& verdict);
    PreparedMessage unmapped(const Source& source, const PulledPage& page, std::size_t part,
                             const BorneVerdict& verdict);
    PreparedMessage prepared(Source& source, const PulledPage& page, std::size_t part, bool& later);
    std::optional<MessageRow> applied(LogIndex index, const std::function<bool()>& stopping);

    Parts parts_;
    std::string name_;
    ShelvedMapping mapping_;
    std::string cursor_name_;
    Instant sent_{};                ///< of the last payload
    std::shared_ptr<SetLeaves> leaves_;  ///< of the run that is under way
    bool left_open_ = false;        ///< the last recount left out payloads that were not applied yet
    RefusedBefore refused_before_;  ///< the writer's alone
};

}  // namespace caseway
