// gateway/formats/text/decoder.hpp - one encoding's bytes to UTF-8, piece by piece; the source that reads through it
// keeps the cut-off characters. Private to this folder.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace caseway {

class Decoder {
public:
    struct Step {
        std::size_t consumed = 0;  ///< whole characters only
        std::size_t written = 0;
        bool broken = false;  ///< what stands at `consumed` is no character, whatever follows
    };

    virtual ~Decoder() = default;
    /// Goes on until `out` (at least 32 bytes) is full, `in` ends or a character of it is cut off. `last`: nothing
    /// follows `in`.
    virtual Step decode(std::string_view in, std::span<char> out, bool last) = 0;
    virtual void reset() = 0;
};

/// `label` is one of ours (see labels.cpp), never one that came with a payload.
std::unique_ptr<Decoder> makeIconvDecoder(std::string_view label);
std::unique_ptr<Decoder> makeGb18030Decoder();

}  // namespace caseway
