// gateway/daemon/trial_signatures.cpp - a verifier of its own, for the length of one test.
#include "gateway/daemon/trial_signatures.hpp"

#include "gateway/adapters/files/register_folder.hpp"
#include "gateway/formats/envelope/signature_look.hpp"
#include "gateway/ports/clock.hpp"

namespace caseway {

struct TrialSignatures::World {
    explicit World(const Settings& settings)
        : known(settings.path(settings.register_folder), settings.data / "authorities"),
          verifier(known, clock, settings.gateway_id, settings.limits) {}
    RegisterFolder known;
    SystemClock clock;
    Verifier verifier;
};

TrialSignatures::TrialSignatures(const Settings& settings, const SystemId& system, SignatureRule rule,
                                 const std::string& mapping)
    : settings_(settings), system_(system), rule_(rule), mapping_(mapping) {}
TrialSignatures::~TrialSignatures() = default;

BorneVerdict TrialSignatures::of(const TrialPayload& payload) {
    SignatureGlance glance;
    glance.see(payload.bytes);
    if (!glance.maybe() && !payload.head.answer && rule_ == SignatureRule::IfPresent) return {};
    if (!world_) world_ = std::make_unique<World>(settings_);
    const auto ring = world_->known.current();
    const BorneJudge judge{world_->verifier, settings_.limits, rule_, mapping_};
    return judge.of(payload.bytes, payload.head, world_->clock.now(), *ring, system_);
}

}  // namespace caseway
