// gateway/pipeline/borne_verdict.cpp - look, read, verify; map what was signed.
#include "gateway/pipeline/borne_verdict.hpp"

#include <fmt/format.h>

#include <vector>

#include "gateway/formats/envelope/media_type.hpp"
#include "gateway/formats/envelope/signature_look.hpp"
#include "gateway/pipeline/exchange.hpp"

namespace caseway {
namespace {

Refusal missing() {
    return {"signature_missing",
            "payload",
            {},
            "a payload that bears the department's signature, since the connector says signature: required",
            "let the department sign what it gives: docs/formats/messages.md, \"Pulled payloads\"; or write "
            "signature: if_present",
            {}};
}

Refusal tooLarge(std::uint64_t size, std::size_t most) {
    return {"signed_payload_too_large",
            "payload",
            fmt::format("{} bytes", size),
            fmt::format("at most {} bytes where it bears a signature: that is verified in memory", most),
            "let the department give it in smaller documents, each signed; or send it by the HTTP binding, which signs "
            "payloads of any size",
            {}};
}

}  // namespace

BorneVerdict BorneJudge::of(const KeptBody& body, std::string_view media_type, const KeyRing& ring,
                            const SystemId& system) const {
    return of(*body.source(), body.size(), body.mayBearSignature(), media_type, ring, system);
}

BorneVerdict BorneJudge::of(std::string_view bytes, std::string_view media_type, const KeyRing& ring,
                            const SystemId& system) const {
    SignatureGlance glance;
    glance.see(bytes);
    MemorySource source(bytes);
    return of(source, bytes.size(), glance.maybe(), media_type, ring, system);
}

BorneVerdict BorneJudge::of(ByteSource& source, std::uint64_t size, bool may_bear, std::string_view media_type,
                            const KeyRing& ring, const SystemId& system) const {
    BorneVerdict verdict;
    if (may_bear) verdict.form = signatureFormOf(source, charsetOf(media_type), limits.depth);
    source.rewind();
    if (verdict.form == SignatureForm::None) {
        if (rule == SignatureRule::Required) verdict.refusal = missing();
        return verdict;
    }
    if (size > limits.tree_body_bytes) {
        verdict.refusal = tooLarge(size, limits.tree_body_bytes);
        return verdict;
    }
    std::string bytes(size, '\0');
    std::size_t filled = 0;
    while (const std::size_t got = source.read(std::span(bytes).subspan(filled))) filled += got;
    source.rewind();
    auto content = verifier.verifyPulled(verdict.form, bytes, ring, system, mapping);
    if (content)
        verdict.content = std::move(*content);
    else
        verdict.refusal = std::move(content).error();
    return verdict;
}

Result<PayloadReport> mapPulled(const Mapping& mapping, const BorneVerdict& verdict, ByteSource& bytes,
                                std::string_view media_type, const Limits& limits, RecordSink& sink) {
    if (verdict.refusal) return *verdict.refusal;
    if (verdict.content) return mapPayload(mapping, verdict.content->payload, limits, sink);
    return mapping.run(bytes, limits, sink, charsetOf(media_type));
}

}  // namespace caseway
