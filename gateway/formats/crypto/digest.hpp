// gateway/formats/crypto/digest.hpp - SHA-256, whole and piece by piece, on contexts that are kept. Source: FIPS 180-4.
#pragma once

#include <memory>

#include "gateway/base/bytes.hpp"

namespace caseway {

/// SHA-256 of `bytes` at once. Callable concurrently.
Sha256 sha256(ByteView bytes);
inline Sha256 sha256(std::string_view text) {
    return sha256(bytesOf(text));
}

/// SHA-256 piece by piece; reset() to start again.
class Sha256Stream {
public:
    Sha256Stream();
    ~Sha256Stream();
    Sha256Stream(Sha256Stream&&) noexcept;
    Sha256Stream& operator=(Sha256Stream&&) noexcept;
    void update(ByteView bytes);
    void update(std::string_view text) { update(bytesOf(text)); }
    /// The digest of everything so far; the stream is ready for reset() afterwards.
    Sha256 finish();
    void reset();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace caseway
