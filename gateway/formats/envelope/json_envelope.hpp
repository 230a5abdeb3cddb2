// gateway/formats/envelope/json_envelope.hpp - the JSON binding: a JWS, compact or flattened, whose payload is header
// and body. Verified before the payload is read; the body is handed on as the bytes that were signed. Rules:
// docs/formats/messages.md.
#pragma once

#include <string>
#include <string_view>

#include "gateway/formats/crypto/private_key.hpp"
#include "gateway/formats/envelope/signed_content.hpp"
#include "gateway/formats/json/reader.hpp"

namespace caseway {

enum class JwsForm { Compact, Flattened };

/// Opens a JWS of the given form. `keys` is asked twice: by key id before the signature is verified, and with the
/// sender after. Refusals: those of `keys`; malformed_envelope, bad_signature, and once the signer is known: those of
/// readJson, malformed_header, malformed_payload. Callable concurrently.
Result<SignedContent, OpenRefusal> openJson(std::string_view envelope, JwsForm form, const JsonLimits& limits,
                                            const KeyLookup& keys);

/// A signed message whose body is `body`, a JSON text that is embedded as it stands. `algorithm` must be one that JWS
/// has for this key. Refusals: those of readJson; key_not_good. Throws Fault{CryptoUnavailable}.
Result<std::string> signJson(const MessageHeader& header, std::string_view body, const PrivateKey& key,
                             const KeyId& key_id, JwsForm form, SignatureAlgorithm algorithm);
Result<std::string> signJson(const MessageHeader& header, std::string_view body, const PrivateKey& key,
                             const KeyId& key_id, JwsForm form = JwsForm::Compact);

}  // namespace caseway
