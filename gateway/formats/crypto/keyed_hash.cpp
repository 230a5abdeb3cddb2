// gateway/formats/crypto/keyed_hash.cpp - see the header; the library chooses the instructions of the processor.
#include "gateway/formats/crypto/keyed_hash.hpp"

#include <highwayhash/highwayhash_target.h>
#include <highwayhash/instruction_sets.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <cstring>

#include "gateway/base/check.hpp"
#include "gateway/base/fault.hpp"

namespace caseway {

std::array<std::uint8_t, 16> keyedHash(const Sha256& key, std::string_view bytes) {
    highwayhash::HHKey words HH_ALIGNAS(32);
    static_assert(sizeof(words) == sizeof(key.bytes));
    std::memcpy(words, key.bytes.data(), sizeof(words));
    highwayhash::HHResult128 result;
    highwayhash::InstructionSets::Run<highwayhash::HighwayHash>(words, bytes.data(), bytes.size(), &result);
    std::array<std::uint8_t, 16> hash;
    static_assert(sizeof(result) == sizeof(hash));
    std::memcpy(hash.data(), result, sizeof(result));
    return hash;
}

Sha256 authenticationCode(const Sha256& key, std::string_view text) {
    Sha256 code;
    unsigned size = 0;
    const auto* const made =
        HMAC(EVP_sha256(), key.bytes.data(), static_cast<int>(key.bytes.size()),
             reinterpret_cast<const unsigned char*>(text.data()), text.size(), code.bytes.data(), &size);
    CASEWAY_CHECK(made != nullptr && size == code.bytes.size());
    return code;
}

Sha256 randomKey() {
    Sha256 key;
    if (RAND_bytes(key.bytes.data(), static_cast<int>(key.bytes.size())) != 1)
        throw Fault(FaultCode::StoreUnavailable, "no random number", "try again");
    return key;
}

}  // namespace caseway
