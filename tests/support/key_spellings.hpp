// tests/support/key_spellings.hpp - one key on a curve, spelled as standards allow: the point whole, compressed or
// hybrid, the curve by its name or by its numbers.
#pragma once

#include <openssl/core_names.h>
#include <openssl/evp.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "gateway/formats/crypto/openssl_handles.hpp"
#include "gateway/formats/crypto/private_key.hpp"

namespace caseway::fixture {

struct KeySpelling {
    std::string name;
    PrivateKey key;
};

/// The first is the usual one.
inline std::vector<KeySpelling> spellingsOf(const PrivateKey& key) {
    std::vector<KeySpelling> all;
    for (const char* curve : {"named_curve", "explicit"}) {
        for (const char* point : {"uncompressed", "compressed", "hybrid"}) {
            auto copy = PrivateKey::fromPem(key.toPem());
            const auto set = [&](const char* what, const char* how) {
                return EVP_PKEY_set_utf8_string_param(handleOf(*copy), what, how) == 1;
            };
            if (!copy || !set(OSSL_PKEY_PARAM_EC_ENCODING, curve) ||
                !set(OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, point))
                throw std::runtime_error("this OpenSSL spells no key so");
            all.push_back({std::string(curve) + ", " + point, std::move(*copy)});
        }
    }
    return all;
}

}  // namespace caseway::fixture
