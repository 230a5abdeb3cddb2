// gateway/formats/envelope/answer_signature.hpp - the RFC 9421 signature that a department's server puts over an HTTP
// answer: it counts where it covers `content-digest` (RFC 9530), which binds the content, of any size. Which components
// can be verified: docs/formats/messages.md, "Pulled payloads".
#pragma once

#include <optional>
#include <string_view>

#include "gateway/base/result.hpp"
#include "gateway/domain/answer_head.hpp"
#include "gateway/formats/envelope/signed_content.hpp"

namespace caseway {

/// What of `head`, which has all fields of the answer, is kept so that its signature can be verified again: what that
/// covers, and no other field. Nothing where no signature covers the content: it says nothing of the payload.
std::optional<AnswerHead> signedHeadOf(AnswerHead head);

struct OpenedAnswer {
    CertificatePtr certificate;
    std::optional<Instant> created, expires;
};

/// Verifies one that signedHeadOf() gave. `body_digest`: of the content as it came. One of its signatures must be good;
/// a `keyid` that is the SHA-256 of a certificate chooses it, any other lets all of the system's keys be tried.
/// Refusals: malformed_envelope, bad_signature, digest_mismatch, and those of `keys`.
Result<OpenedAnswer> openAnswer(const AnswerHead& head, const Sha256& body_digest, const KeyLookup& keys);

}  // namespace caseway
