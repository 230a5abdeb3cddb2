// gateway/record/state_bytes.hpp - variable-length integers and counted strings of the state format, both ways.
// LEB128 as in protocol buffers, shortest form only. Not a general codec.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "gateway/base/varint.hpp"

namespace caseway {

/// Small for small magnitudes of both signs.
inline void putSigned(std::int64_t value, std::string& out) {
    putVarint((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63), out);
}
inline void putCounted(std::string_view text, std::string& out) {
    putVarint(text.size(), out);
    out.append(text);
}

/// Reads from the front of `rest`; after the first failure everything fails.
class StateBytes {
public:
    explicit StateBytes(std::string_view bytes) : rest_(bytes) {}

    bool ok() const { return ok_; }
    bool atEnd() const { return rest_.empty(); }
    void fail() { ok_ = false, rest_ = {}; }

    std::uint64_t varint() {
        constexpr std::size_t kMost = 10;
        std::uint64_t value = 0;
        const std::size_t most = rest_.size() < kMost ? rest_.size() : kMost;
        for (std::size_t i = 0; i < most; ++i) {
            const std::uint64_t byte = static_cast<std::uint8_t>(rest_[i]);
            if (i == kMost - 1 && byte > 1) break;
            value |= (byte & 0x7F) << 7 * i;
            if (byte >= 0x80) continue;
            if (byte == 0 && i != 0) break;
            rest_.remove_prefix(i + 1);
            return value;
        }
        fail();
        return 0;
    }
    std::int64_t signedVarint() {
        const std::uint64_t value = varint();
        return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
    }
    std::uint8_t byte() {
        if (rest_.empty()) {
            fail();
            return 0;
        }
        const auto value = static_cast<std::uint8_t>(rest_.front());
        rest_.remove_prefix(1);
        return value;
    }
    std::string_view bytes(std::uint64_t count) {
        if (count > rest_.size()) {
            fail();
            return {};
        }
        const std::string_view text = rest_.substr(0, count);
        rest_.remove_prefix(count);
        return text;
    }
    std::string_view counted() { return bytes(varint()); }
    /// A count of things of at least `least` bytes each: never more than the bytes that are there.
    std::uint64_t count(std::size_t least) {
        const std::uint64_t value = varint();
        if (value <= rest_.size() / least) return value;
        fail();
        return 0;
    }

private:
    std::string_view rest_;
    bool ok_ = true;
};

}  // namespace caseway
