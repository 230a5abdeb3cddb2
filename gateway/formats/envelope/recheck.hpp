// gateway/formats/envelope/recheck.hpp - a stored message verified again, years later: bytes and certificate in,
// verdict and digests out. No clock, no register: whether the certificate was the sender's, and good on that day, is
// what the log entry states.
#pragma once

#include <string_view>

#include "gateway/base/byte_source.hpp"
#include "gateway/formats/envelope/signed_content.hpp"

namespace caseway {

/// Verifies stored envelope bytes against the certificate that the log names. `body_file`: the spooled body of an HTTP
/// message, nullptr where the body is inline. Refusal: why it does not verify; certificate_not_good for a certificate
/// that cannot be read.
Result<SignedContent> recheck(Binding binding, std::string_view stored_envelope, std::string_view certificate_der,
                              ByteSource* body_file = nullptr);

/// The same of an HTTP message of which only the head was taken: its digests are those that the head demands of a body
/// that nobody read.
Result<SignedContent> recheckHead(std::string_view stored_head, std::string_view certificate_der);

/// Whether the certificate's key signed what is stored, be it a message or not: of an envelope that does not verify for
/// what stands in it. A body does not count.
bool isSignedWith(Binding binding, std::string_view stored_envelope, std::string_view certificate_der);

/// What the gateway read itself: header and digests as stored_pull.hpp keeps them. `certificate_der`: of the one that
/// the log names as that of the department's signature: it is verified again, and the payload is what it covers. Empty:
/// the log names none.
Result<SignedContent> recheckPulled(std::string_view stored, ByteSource* body_file = nullptr,
                                    std::string_view certificate_der = {});

}  // namespace caseway
