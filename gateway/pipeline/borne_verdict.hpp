// gateway/pipeline/borne_verdict.hpp - whether a pulled payload bears its department's signature, what that is worth,
// and so what of the payload is mapped: the same judgement for what is taken, compared, tried and rehearsed.
#pragma once

#include <functional>
#include <optional>

#include "gateway/base/byte_source.hpp"
#include "gateway/base/limits.hpp"
#include "gateway/domain/pulled_signature.hpp"
#include "gateway/formats/envelope/signed_content.hpp"
#include "gateway/normalize/mapping.hpp"
#include "gateway/pipeline/pulled_body.hpp"
#include "gateway/verify/verifier.hpp"

namespace caseway {

struct BorneVerdict {
    SignatureForm form = SignatureForm::None;
    std::optional<SignedContent> content{};  ///< where it bears one, and that is good
    std::optional<Refusal> refusal{};        ///< where it is not, or there is none and one is required
};

/// What a connector asks, and by whom that is judged. The references must outlive it.
struct BorneJudge {
    const Verifier& verifier;
    const Limits& limits;
    SignatureRule rule = SignatureRule::IfPresent;
    std::string_view mapping;  ///< the connector's

    /// What the payload bears goes before what signs its answer, which is then not looked at. Refusals:
    /// signature_missing, signed_payload_too_large, and those of Verifier::verifyPulled and verifyAnswer. Throws
    /// Fault{FileUnavailable}.
    BorneVerdict of(KeptBody& body, const PayloadHead& head, Instant read_at, const KeyRing& ring,
                    const SystemId& system) const;
    /// The same of bytes in memory.
    BorneVerdict of(std::string_view bytes, const PayloadHead& head, Instant read_at, const KeyRing& ring,
                    const SystemId& system) const;

private:
    struct Body {
        ByteSource& source;
        std::uint64_t size;
        bool may_bear;
        std::function<Sha256()> digest;
    };
    BorneVerdict of(const Body& body, const PayloadHead& head, Instant read_at, const KeyRing& ring,
                    const SystemId& system) const;
};

/// What is signed, or all of it where nobody signed. Refusals: the verdict's, and those of Mapping::run.
Result<PayloadReport> mapPulled(const Mapping& mapping, const BorneVerdict& verdict, ByteSource& bytes,
                                std::string_view media_type, const Limits& limits, RecordSink& sink);

}  // namespace caseway
