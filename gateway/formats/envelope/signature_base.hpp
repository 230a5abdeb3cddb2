// gateway/formats/envelope/signature_base.hpp - RFC 9421 for both of our uses, messages and reading: the base, the
// names of the algorithms, and the verification of one signature. For sources of this folder only.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/time.hpp"
#include "gateway/formats/crypto/private_key.hpp"
#include "gateway/formats/envelope/http_request.hpp"
#include "gateway/formats/envelope/signed_content.hpp"
#include "gateway/formats/envelope/structured_fields.hpp"

namespace caseway {

struct HttpSignature {
    SignatureInput input;
    std::string bytes;
    KeyId key_id;
    Instant created;
};

/// The one signature of a request. Refusal: malformed_envelope.
Result<HttpSignature> readHttpSignature(const HttpRequest& request, std::string_view tag);
/// The base of RFC 9421 §2.5. Refusal malformed_envelope: a component that is absent, double, or not plain ASCII.
Result<std::string> signatureBase(const HttpRequest& request, const SignatureInput& input);
/// True where `key` signed `base`, by the algorithm that is named or, if none is, by one of those that the key has.
bool verifyBase(const PublicKey& key, const std::optional<std::string>& algorithm, std::string_view signature,
                std::string_view base);
inline bool verifyBase(const PublicKey& key, const HttpSignature& signature, std::string_view base) {
    return verifyBase(key, signature.input.algorithm, signature.bytes, base);
}

/// "ecdsa-p256-sha256" …; empty for an algorithm that the HTTP binding does not have.
std::string_view httpName(SignatureAlgorithm algorithm);
/// Appends Signature-Input and Signature over `components`.
void appendSignature(HttpRequest& request, const std::vector<std::string>& components, std::string_view tag,
                     Instant created, const PrivateKey& key, const KeyId& key_id, SignatureAlgorithm algorithm);
/// Plain ASCII on one line, as a component of a base must be.
bool isPlainLine(std::string_view value);
Refusal httpMalformed(std::string_view where, std::string_view rule);
Refusal httpBadSignature(const KeyId& key_id);

}  // namespace caseway
