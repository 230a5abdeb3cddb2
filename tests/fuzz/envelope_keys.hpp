// tests/fuzz/envelope_keys.hpp - one certificate for every sender, so that fuzzing gets as far as the signature.
#pragma once

#include "gateway/formats/envelope/signed_content.hpp"

namespace caseway::fuzz {

inline const KeyLookup& anyKey() {
    static const KeyLookup kLookup = [] {
        const PrivateKey key = PrivateKey::generate(KeyKind::EcP256);
        const Instant from = *parseRfc3339("2020-01-01T00:00:00Z");
        const auto certificate =
            *Certificate::fromDer(Certificate::selfSigned(key, "fuzz", from, from + std::chrono::hours(24 * 3650)));
        return [certificate](const std::optional<SystemId>&,
                             const std::optional<KeyId>&) -> Result<std::vector<SigningKey>> {
            return std::vector<SigningKey>{{certificate, std::nullopt}};
        };
    }();
    return kLookup;
}

}  // namespace caseway::fuzz
