// gateway/formats/envelope/detached_jws.hpp - the JWS with detached content that a department's server puts into a
// field of an HTTP answer, over the content as it came: encoded (RFC 7515 appendix F) or as it is (b64 false, RFC
// 7797). Its header may say more than that of our own messages (jws_parts.hpp). For sources of this folder only.
#pragma once

#include <string_view>

#include "gateway/base/byte_source.hpp"
#include "gateway/formats/envelope/answer_signature.hpp"

namespace caseway {

/// Whether a field of this name (lower case) bears one.
bool isDetachedJwsField(std::string_view name);

/// Verifies `jws` over all of `content`, which is read into memory. `kid` or `x5t#S256` that are the SHA-256 of a
/// certificate choose it; with any other each of the system's is tried. `iat` and `exp` come as created and expires.
/// Refusals: malformed_envelope (an extension in `crit` that is not b64, too), bad_signature, and those of `keys`.
Result<OpenedAnswer> openDetachedJws(std::string_view jws, ByteSource& content, const KeyLookup& keys);

}  // namespace caseway
