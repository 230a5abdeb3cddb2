// gateway/formats/crypto/ecdsa_signature.hpp - the two writings of an ECDSA signature over P-256: r‖s (64 bytes) and
// DER. The protocols use r‖s; OpenSSL and its command line use DER. Source: RFC 7518 §3.4, RFC 3279 §2.2.3.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "gateway/base/bytes.hpp"

namespace caseway {

/// DER of r‖s in a fixed buffer: at most 72 bytes.
struct EcdsaDer {
    std::array<std::uint8_t, 72> bytes{};
    std::size_t size = 0;
    ByteView view() const { return {bytes.data(), size}; }
};

/// The one DER writing of r‖s; nothing where `raw` has not 64 bytes.
std::optional<EcdsaDer> ecdsaRawToDer(ByteView raw);
/// r‖s of a DER signature; nothing where it is not canonical DER of two numbers below 2^256.
std::optional<std::string> ecdsaDerToRaw(ByteView der);

}  // namespace caseway
