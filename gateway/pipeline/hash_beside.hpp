// gateway/pipeline/hash_beside.hpp - the digest of what passes by, made on a thread of its own: hashing half a gigabyte
// takes as long as reading and writing it.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "gateway/base/work_beside.hpp"
#include "gateway/formats/crypto/digest.hpp"

namespace caseway {

/// For one caller. At most a megabyte waits: who gives more waits too.
class HashBeside {
public:
    /// Goes on with what this stream has seen.
    explicit HashBeside(Sha256Stream begun) : stream_(std::move(begun)) {}

    /// `piece` is copied.
    void update(std::string_view piece);
    /// Of everything; nothing else may be given behind it.
    Sha256 finish();

private:
    Sha256Stream stream_;  ///< the other thread's while it works
    WorkBeside<std::string> hashing_{[this](std::string& piece) {
        stream_.update(piece);
        piece.clear();
    }};
};

}  // namespace caseway
