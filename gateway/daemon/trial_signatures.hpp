// gateway/daemon/trial_signatures.hpp - what a test says of the signature that a document bears: judged as a run would,
// by the register as it stands in the data folder now.
#pragma once

#include <memory>
#include <string>

#include "gateway/daemon/settings.hpp"
#include "gateway/daemon/trial_report.hpp"
#include "gateway/pipeline/borne_verdict.hpp"

namespace caseway {

class TrialSignatures {
public:
    /// `mapping`: the connector's. All must outlive it. The register is loaded when the first document is judged.
    TrialSignatures(const Settings& settings, const SystemId& system, SignatureRule rule, const std::string& mapping);
    ~TrialSignatures();
    /// Throws Fault{ConfigurationBad}: the register does not load.
    BorneVerdict of(const TrialPayload& payload);

private:
    struct World;
    const Settings& settings_;
    const SystemId& system_;
    const SignatureRule rule_;
    const std::string& mapping_;
    std::unique_ptr<World> world_;
};

}  // namespace caseway
