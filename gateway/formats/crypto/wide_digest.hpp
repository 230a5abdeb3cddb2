// gateway/formats/crypto/wide_digest.hpp - SHA-512, which others state of what they send; our own digests are SHA-256
// (digest.hpp). Source: FIPS 180-4.
#pragma once

#include <string>

#include "gateway/base/byte_source.hpp"

namespace caseway {

/// The 64 bytes for all of `source`, from its front. Callable concurrently. Throws what the source throws.
std::string sha512Of(ByteSource& source);

}  // namespace caseway
