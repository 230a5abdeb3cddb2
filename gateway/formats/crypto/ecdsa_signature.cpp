// gateway/formats/crypto/ecdsa_signature.cpp - r‖s to DER without an allocation; DER to r‖s, accepting canonical DER
// only.
#include "gateway/formats/crypto/ecdsa_signature.hpp"

#include <algorithm>

namespace caseway {
namespace {

constexpr std::size_t kNumberBytes = 32;

std::size_t appendInteger(ByteView number, std::uint8_t* out) {
    std::size_t skip = 0;
    while (skip + 1 < number.size() && number[skip] == 0) ++skip;
    const bool pad = (number[skip] & 0x80) != 0;
    const std::size_t size = number.size() - skip + (pad ? 1 : 0);
    out[0] = 0x02;
    out[1] = static_cast<std::uint8_t>(size);
    if (pad) out[2] = 0;
    std::copy(number.begin() + static_cast<std::ptrdiff_t>(skip), number.end(), out + 2 + (pad ? 1 : 0));
    return 2 + size;
}

/// One INTEGER from the front of `der`, right-aligned into `out`.
bool takeInteger(ByteView& der, std::uint8_t* out) {
    if (der.size() < 3 || der[0] != 0x02 || der[1] == 0 || der[1] > kNumberBytes + 1 || der.size() < 2U + der[1])
        return false;
    ByteView number = der.subspan(2, der[1]);
    der = der.subspan(2 + number.size());
    if ((number[0] & 0x80) != 0) return false;
    if (number[0] == 0 && number.size() > 1) {
        if ((number[1] & 0x80) == 0) return false;
        number = number.subspan(1);
    }
    if (number.size() > kNumberBytes) return false;
    std::copy(number.begin(), number.end(), out + kNumberBytes - number.size());
    return true;
}

}  // namespace

std::optional<EcdsaDer> ecdsaRawToDer(ByteView raw) {
    if (raw.size() != 2 * kNumberBytes) return std::nullopt;
    EcdsaDer der;
    std::size_t size = 2;
    size += appendInteger(raw.first(kNumberBytes), der.bytes.data() + size);
    size += appendInteger(raw.last(kNumberBytes), der.bytes.data() + size);
    der.bytes[0] = 0x30;
    der.bytes[1] = static_cast<std::uint8_t>(size - 2);
    der.size = size;
    return der;
}

std::optional<std::string> ecdsaDerToRaw(ByteView der) {
    if (der.size() < 8 || der[0] != 0x30 || der[1] != der.size() - 2) return std::nullopt;
    ByteView rest = der.subspan(2);
    std::array<std::uint8_t, 2 * kNumberBytes> raw{};
    if (!takeInteger(rest, raw.data()) || !takeInteger(rest, raw.data() + kNumberBytes) || !rest.empty())
        return std::nullopt;
    return std::string(textOf(raw));
}

}  // namespace caseway
