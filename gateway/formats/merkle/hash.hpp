// gateway/formats/merkle/hash.hpp - the three hashes of a Merkle tree. Source: RFC 6962 §2.1.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/bytes.hpp"

namespace caseway {

/// SHA-256(0x00 ‖ leaf).
Sha256 leafHash(ByteView leaf);
inline Sha256 leafHash(std::string_view leaf) {
    return leafHash(bytesOf(leaf));
}
/// SHA-256(0x01 ‖ left ‖ right).
Sha256 nodeHash(const Sha256& left, const Sha256& right);
/// SHA-256 of nothing: the root of the tree without leaves.
const Sha256& emptyRoot();

/// Appends the padded base64 of a hash, 44 characters, without an allocation of its own.
void appendHashBase64(const Sha256& hash, std::string& out);
/// Strict reverse; nothing for any other text.
std::optional<Sha256> hashFromBase64(std::string_view text);
/// Decimal without sign or leading zeros, as the C2SP formats want it; nothing for any other text or above 2^63 - 1.
std::optional<std::uint64_t> decimalFrom(std::string_view text);

}  // namespace caseway
