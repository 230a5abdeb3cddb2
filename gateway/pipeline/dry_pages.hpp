// gateway/pipeline/dry_pages.hpp - a ledger that keeps nothing: what a run reads is mapped and merged as it would be,
// in transactions that are dropped, and counted. A record that comes twice in a run counts as if it came first each
// time.
#pragma once

#include <string>

#include "gateway/base/limits.hpp"
#include "gateway/domain/next_steps.hpp"
#include "gateway/pipeline/borne_verdict.hpp"
#include "gateway/pipeline/dry_doubles.hpp"
#include "gateway/pipeline/mapping_shelf.hpp"
#include "gateway/pipeline/passed_records.hpp"
#include "gateway/pipeline/pulled_body.hpp"
#include "gateway/ports/clock.hpp"
#include "gateway/ports/key_ring.hpp"
#include "gateway/ports/run_ledger.hpp"
#include "gateway/ports/store.hpp"
#include "gateway/record/recorder.hpp"

namespace caseway {

class DryPages final : public RunLedger {
public:
    struct Parts {
        Store& store;
        const Register& known;
        const Clock& clock;
        Limits limits;
        SpoolMaker make_spool;
        const Verifier& verifier;
        SignatureRule signatures = SignatureRule::IfPresent;
        KeySetMaker make_keys;
    };
    DryPages(Parts parts, RecorderConfig recorder, ShelvedMapping mapping, std::string cursor_name)
        : parts_(std::move(parts)),
          recorder_(std::move(recorder)),
          mapping_(std::move(mapping)),
          cursor_name_(std::move(cursor_name)),
          doubles_(parts_.make_keys) {}

    Cursor cursorOf(const std::string& connector) override;
    std::optional<Run> unfinished(const std::string&) override { return std::nullopt; }
    Run begin(Run run) override { return run; }
    std::unique_ptr<PulledBody> newBody() override;
    PageTaken take(const Run& run, PulledPage& page) override;
    std::optional<PageTaken> recount(const Run&, const std::function<bool()>&) override {
        all_.passed_over = passed_.count();
        return all_;
    }
    Run end(Run run) override {
        nameStepOf(run);
        return run;
    }

private:
    bool takeOne(const PulledPayload& payload, const RegisteredSystem& system, const KeyRing& ring, PageTaken& taken);

    Parts parts_;
    Recorder recorder_;
    const ShelvedMapping mapping_;
    const std::string cursor_name_;
    PageTaken all_;
    PassedRecords passed_;
    DryDoubles doubles_;
};

/// Reads as another does; its source is never told that something was taken.
class Unacknowledged final : public Connector {
public:
    explicit Unacknowledged(Connector& inner) : inner_(inner) {}
    std::vector<CheckStep> check() override { return inner_.check(); }
    std::vector<SourceObject> discover() override { return inner_.discover(); }
    PageEnd read(const Cursor& from, const PageLimits& limits, PageSink& sink) override {
        return inner_.read(from, limits, sink);
    }
    void acknowledge(const Cursor&) override {}
    std::vector<WriteAnswer> write(const std::vector<OutgoingItem>&) override { return {}; }

private:
    Connector& inner_;
};

}  // namespace caseway
