// gateway/formats/crypto/wide_digest.hpp - SHA-512, which others state of what they send; our own digests are SHA-256
// (digest.hpp). Source: FIPS 180-4.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "gateway/base/byte_source.hpp"

namespace caseway {

/// In pieces.
class Sha512Stream {
public:
    Sha512Stream();
    ~Sha512Stream();
    Sha512Stream(const Sha512Stream&) = delete;
    Sha512Stream& operator=(const Sha512Stream&) = delete;
    void update(std::string_view piece);
    /// The 64 bytes; once.
    std::string finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// The 64 bytes for all of `source`, from its front. Callable concurrently. Throws what the source throws.
std::string sha512Of(ByteSource& source);

}  // namespace caseway
