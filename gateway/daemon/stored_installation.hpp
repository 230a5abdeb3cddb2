// gateway/daemon/stored_installation.hpp - an installation as the commands read it: the store beside a running gateway,
// its bodies, its keys.
#pragma once

#include <memory>
#include <string>

#include "gateway/adapters/files/payload_folder.hpp"
#include "gateway/daemon/settings.hpp"
#include "gateway/log/verifier.hpp"
#include "gateway/ports/store.hpp"
#include "gateway/record/case_number.hpp"

namespace caseway {

class StoredInstallation {
public:
    /// Opens for reading; a gateway may run meanwhile. Throws Fault{ConfigurationBad, StoreUnavailable}.
    explicit StoredInstallation(const Settings& settings);

    StoreReader& reader() { return store_->reader(); }
    Store& store() { return *store_; }
    const CaseNumbers& numbers() const { return numbers_; }
    std::unique_ptr<ByteSource> openBody(const std::string& name) const { return payloads_.open(name); }

private:
    std::unique_ptr<Store> store_;
    PayloadFolder payloads_;
    CaseNumbers numbers_;
};

/// Verifies stored envelopes for the log's verifier.
class EnvelopeRechecker final : public EnvelopeChecker {
public:
    Result<CheckedEnvelope> check(Binding binding, const StoredEnvelope& envelope,
                                  std::string_view certificate_der) override;
    bool isSigned(Binding binding, const StoredEnvelope& envelope, std::string_view certificate_der) override;
    Result<CheckedEnvelope> checkPulled(const StoredEnvelope& envelope, std::string_view der) override;
};

}  // namespace caseway
