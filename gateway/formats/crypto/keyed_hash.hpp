// gateway/formats/crypto/keyed_hash.hpp - hashes by which something is recognized that was seen before, or that was
// written by who has the key. No evidence: who has it can make two texts of one hash; nobody else can. Source:
// HighwayHash (arXiv:1612.06257), 128 bits.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "gateway/base/bytes.hpp"

namespace caseway {

/// A seventh of the time of SHA-256 where a text has some hundred bytes. Callable concurrently.
std::array<std::uint8_t, 16> keyedHash(const Sha256& key, std::string_view bytes);

/// HMAC-SHA256 (RFC 2104): who has not the key makes no other text for a code, nor a code for a text. Callable
/// concurrently.
Sha256 authenticationCode(const Sha256& key, std::string_view text);

/// 32 bytes that nobody can guess. Throws Fault{StoreUnavailable} where the system has none.
Sha256 randomKey();

}  // namespace caseway
