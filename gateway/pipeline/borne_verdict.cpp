// gateway/pipeline/borne_verdict.cpp - look, read, verify; map what was signed.
#include "gateway/pipeline/borne_verdict.hpp"

#include <fmt/format.h>

#include <vector>

#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/envelope/answer_signature.hpp"
#include "gateway/formats/envelope/media_type.hpp"
#include "gateway/formats/envelope/signature_look.hpp"
#include "gateway/pipeline/exchange.hpp"

namespace caseway {
namespace {

Refusal missing() {
    return {"signature_missing",
            "payload",
            {},
            "a payload, or an HTTP answer, that bears the department's signature, since the connector says signature: "
            "required",
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

BorneVerdict BorneJudge::of(KeptBody& body, const PayloadHead& head, Instant read_at, const KeyRing& ring,
                            const SystemId& system) const {
    const auto source = body.source();
    return of(Body{*source, body.size(), body.mayBearSignature(), [&body] { return body.digest(); }}, head, read_at,
              ring, system);
}

BorneVerdict BorneJudge::of(std::string_view bytes, const PayloadHead& head, Instant read_at, const KeyRing& ring,
                            const SystemId& system) const {
    SignatureGlance glance;
    glance.see(bytes);
    MemorySource source(bytes);
    return of(Body{source, bytes.size(), glance.maybe(), [bytes] { return sha256(bytes); }}, head, read_at, ring,
              system);
}

BorneVerdict BorneJudge::of(const Body& body, const PayloadHead& head, Instant read_at, const KeyRing& ring,
                            const SystemId& system) const {
    BorneVerdict verdict;
    const auto judged = [&verdict](Result<SignedContent> content) {
        if (content)
            verdict.content = std::move(*content);
        else
            verdict.refusal = std::move(content).error();
        return std::move(verdict);
    };
    ByteSource& source = body.source;
    const std::uint64_t size = body.size;
    if (body.may_bear) verdict.form = signatureFormOf(source, charsetOf(head.media_type), limits.depth);
    source.rewind();
    if (verdict.form == SignatureForm::None && head.answer) {
        verdict.form = SignatureForm::HttpAnswer;
        if (needsWholeContent(*head.answer) && size > limits.tree_body_bytes) {
            verdict.refusal = tooLarge(size, limits.tree_body_bytes);
            return verdict;
        }
        const AnswerContent content{body.digest(), source};
        auto verified = verifier.verifyAnswer(*head.answer, content, read_at, ring, system);
        source.rewind();
        return judged(std::move(verified));
    }
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
    return judged(verifier.verifyPulled(verdict.form, bytes, ring, system, mapping));
}

Result<PayloadReport> mapPulled(const Mapping& mapping, const BorneVerdict& verdict, ByteSource& bytes,
                                std::string_view media_type, const Limits& limits, RecordSink& sink) {
    if (verdict.refusal) return *verdict.refusal;
    if (verdict.content && verdict.form != SignatureForm::HttpAnswer)
        return mapPayload(mapping, verdict.content->payload, limits, sink, EmptySet::Taken);
    return mapping.run(bytes, limits, sink, charsetOf(media_type), EmptySet::Taken);
}

}  // namespace caseway
