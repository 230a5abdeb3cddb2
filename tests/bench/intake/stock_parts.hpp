// tests/bench/intake/stock_parts.hpp - what stock libraries take to verify a message: libxml2 and xmlsec for XML-DSig,
// OpenSSL's one-shot verification for the others. The floor that the gateway's cost is held against.
#pragma once

#include <string>

#include "gateway/formats/crypto/public_key.hpp"
#include "gateway/formats/envelope/http_request.hpp"

namespace caseway::bench {

/// A message with everything ready that is not verification itself.
struct StockMessage {
    std::string body;           ///< XML: the envelope. HTTP: the payload
    std::string signed_bytes;   ///< JWS: its signing input. HTTP: the signature base
    std::string payload_text;   ///< JWS: base64url
    std::string signature_der;  ///< JWS, HTTP
};

/// `binding`: xml, json, http. The message must be one that the gateway takes.
StockMessage prepareStock(const std::string& binding, const HttpRequest& request, const std::string& body);

/// Parses, digests and verifies with stock parts.
bool stockVerifies(const std::string& binding, const StockMessage& message, const PublicKey& key);

}  // namespace caseway::bench
