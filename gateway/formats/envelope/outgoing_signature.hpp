// gateway/formats/envelope/outgoing_signature.hpp - what the gateway itself sends is signed like what it takes: RFC
// 9421 over method, address, media type and the digest of the body (RFC 9530), by the log's Ed25519 key.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/base/bytes.hpp"
#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"

namespace caseway {

struct OutgoingRequest {
    std::string method;     ///< "POST"
    std::string authority;  ///< as the Host field has it
    std::string target;     ///< path and query
    std::string media_type;
    std::string_view body;
};

/// How it is signed. The text that is signed begins with a component in quotes, so it is never taken for a checkpoint.
struct OutgoingSigner {
    std::string key_id;  ///< `center/gateway/log+hhhhhhhh`, as the log's notes name the key
    std::string tag;     ///< "caseway-report"
    std::function<std::string(std::string_view base)> sign;  ///< raw Ed25519 signature
};

/// The fields to send: Content-Type, Content-Digest, Signature-Input, Signature. Refusal malformed_envelope: an address
/// that no signature covers.
Result<std::vector<std::pair<std::string, std::string>>> signedFields(const OutgoingRequest& request, Instant created,
                                                                      const OutgoingSigner& signer);

}  // namespace caseway
