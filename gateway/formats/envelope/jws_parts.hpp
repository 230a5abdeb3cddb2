// gateway/formats/envelope/jws_parts.hpp - a JWS taken apart by an allow-list: three base64url texts and a protected
// header of exactly alg, kid and typ. For sources of this folder only. Source: RFC 7515 §3.1, §7.2.2.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/ids.hpp"
#include "gateway/formats/crypto/algorithm.hpp"
#include "gateway/formats/envelope/json_envelope.hpp"

namespace caseway {

inline constexpr std::string_view kJwsType = "caseway-message+jws";

struct JwsParts {
    std::string_view signing_input;  ///< of the compact form; the flattened one keeps it in `joined`
    std::string joined;
    std::string_view payload_text;  ///< base64url
    std::string owned_payload_text;
    std::string signature;  ///< decoded
    SignatureAlgorithm algorithm = SignatureAlgorithm::EcdsaP256Sha256;
    KeyId key_id;

    std::string_view signingInput() const { return joined.empty() ? signing_input : std::string_view(joined); }
    std::string_view payloadText() const {
        return joined.empty() ? payload_text : std::string_view(owned_payload_text);
    }
};

/// Refusal: malformed_envelope.
Result<JwsParts> takeJwsApart(std::string_view envelope, JwsForm form);
/// "ES256" …; empty for an algorithm that JWS does not have.
std::string_view jwsName(SignatureAlgorithm algorithm);
/// And back; nothing for any other name.
std::optional<SignatureAlgorithm> jwsAlgorithm(std::string_view name);
Refusal jwsMalformed(std::string_view where, std::string_view rule);

}  // namespace caseway
