// gateway/pipeline/hash_beside.hpp - the digest of what passes by, and whether it is UTF-8, on a thread of its own:
// hashing half a gigabyte takes as long as reading and writing it.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "gateway/base/work_beside.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/text/utf8.hpp"

namespace caseway {

/// For one caller. At most a megabyte waits: who gives more waits too.
class HashBeside {
public:
    /// Goes on with what this stream has seen, which are these pieces.
    HashBeside(Sha256Stream begun, std::initializer_list<std::string_view> seen) : stream_(std::move(begun)) {
        for (const std::string_view piece : seen) text_.feed(piece);
    }

    /// `piece` is copied.
    void update(std::string_view piece);
    /// Of everything; nothing else may be given behind it.
    Sha256 finish();
    /// After finish(): all of it is strict UTF-8.
    bool isUtf8() const { return text_.isWhole(); }

private:
    Sha256Stream stream_;  ///< the other thread's while it works
    Utf8Pieces text_;      ///< too
    WorkBeside<std::string> hashing_{[this](std::string& piece) {
        stream_.update(piece);
        text_.feed(piece);
        piece.clear();
    }};
};

}  // namespace caseway
