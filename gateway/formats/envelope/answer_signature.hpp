// gateway/formats/envelope/answer_signature.hpp - what a department's server signs an HTTP answer with: RFC 9421, which
// counts where it covers `content-digest` (RFC 9530), that binds the content, of any size; or else a detached JWS over
// the content. What can be verified: docs/formats/messages.md, "Pulled payloads".
#pragma once

#include <optional>
#include <string_view>

#include "gateway/base/result.hpp"
#include "gateway/domain/answer_head.hpp"
#include "gateway/formats/envelope/answer_content.hpp"
#include "gateway/formats/envelope/signed_content.hpp"

namespace caseway {

/// What of `head`, which has all fields of the answer, is kept so that its signature can be verified again: what that
/// covers, and no other field. Nothing where no signature covers the content: it says nothing of the payload.
std::optional<AnswerHead> signedHeadOf(AnswerHead head);
/// Whether openAnswer() takes all of the content into memory for one that signedHeadOf() gave: a detached JWS.
bool needsWholeContent(const AnswerHead& head);

/// Whether it states SHA-512 of the content, and not SHA-256 alone.
bool statesWideDigest(const AnswerHead& head);

struct OpenedAnswer {
    CertificatePtr certificate;
    std::optional<Instant> created, expires;
};

/// Verifies one that signedHeadOf() gave. One of its signatures must be good, and each digest of the content that is
/// known here; a `keyid` that is the SHA-256 of a certificate chooses it, any other lets all of the system's keys be
/// tried. Refusals: malformed_envelope, bad_signature, digest_mismatch, and those of `keys`. Throws what the content's
/// source throws.
Result<OpenedAnswer> openAnswer(const AnswerHead& head, const AnswerContent& content, const KeyLookup& keys);

}  // namespace caseway
