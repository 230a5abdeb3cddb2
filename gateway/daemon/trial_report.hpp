// gateway/daemon/trial_report.hpp - what a test saw, as JSON: steps, documents with the records that they would become,
// refusals, counts.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "gateway/daemon/masked_sample.hpp"
#include "gateway/formats/settings/secret_mask.hpp"
#include "gateway/normalize/mapping.hpp"
#include "gateway/pipeline/borne_verdict.hpp"
#include "gateway/ports/connector.hpp"

namespace caseway {

/// One document that was read.
struct TrialPayload {
    PayloadHead head;
    std::string bytes;
};

struct TrialShown {
    std::size_t most = 0;   ///< records, and refusals
    bool unmasked = false;  ///< somebody said why, and the log keeps it
};

/// What a document would become: the first records and refusals, all of them counted.
struct DryMapping {
    std::vector<std::string> records;
    std::vector<Refusal> refusals;
    std::uint64_t mapped = 0, refused = 0;
    SignatureForm signature = SignatureForm::None;  ///< that the document bears
    std::optional<KeyId> verified{};                ///< by which certificate; none: it is not good
};
/// Why the record that a mapping found would not be taken; nothing: it would be.
using RecordJudge = std::function<std::optional<Refusal>(const CasePatch&)>;

/// A document that breaks off is refused as a whole, as a run refuses it: its first records are none.
DryMapping mapDry(const Mapping& mapping, const TrialPayload& payload, const BorneVerdict& verdict,
                  const Limits& limits, TrialShown shown, const RecordJudge& judge);

class TrialText {
public:
    TrialText(std::string_view connector, std::string_view file, std::string_view digest);
    /// The connector's secrets, which a server may echo in what it gives: not shown from here on.
    void hide(SecretMask mask) { mask_ = std::move(mask); }
    /// Names of members that the connector's settings and its mapping speak of: shown from here on.
    void show(WrittenNames names) { names_ = std::move(names); }
    void steps(const std::vector<CheckStep>& steps);
    /// `place`: of the setting that the fault speaks of; empty: of none.
    void fault(const ConnectorFault& fault, std::string_view place);
    /// The first bytes of the document beside its records, masked where not `unmasked`.
    void payload(const TrialPayload& payload, const DryMapping& dry, bool unmasked);
    void page(const PageEnd& end);
    /// `why`: not good; empty: good.
    std::string finish(std::uint64_t read, std::uint64_t mapped, std::uint64_t refused, std::string_view why);

private:
    /// Who words a step knows not the connector's name.
    std::string named(std::string_view step) const;

    std::string connector_, out_, payloads_;
    SecretMask mask_;
    WrittenNames names_;
};

}  // namespace caseway
