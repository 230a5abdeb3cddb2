// tests/unit/text/bytes_of_hex.hpp - raw bytes written as hexadecimal, and sources that cut them at every place.
#pragma once

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>

#include "gateway/base/byte_source.hpp"

namespace caseway {

/// "D5 C5" → two bytes.
inline std::string hex(std::string_view text) {
    std::string bytes;
    std::string digits;
    for (const char c : text) {
        if (c == ' ') continue;
        digits.push_back(c);
        if (digits.size() == 2) {
            bytes.push_back(static_cast<char>(std::stoi(digits, nullptr, 16)));
            digits.clear();
        }
    }
    return bytes;
}

/// Gives `piece` bytes at a time.
class DrippingSource final : public ByteSource {
public:
    DrippingSource(std::string_view bytes, std::size_t piece) : bytes_(bytes), piece_(piece) {}
    std::size_t read(std::span<char> buffer) override {
        const std::size_t count = std::min({piece_, buffer.size(), bytes_.size() - at_});
        std::memcpy(buffer.data(), bytes_.data() + at_, count);
        at_ += count;
        return count;
    }
    void rewind() override { at_ = 0; }

private:
    std::string_view bytes_;
    std::size_t piece_;
    std::size_t at_ = 0;
};

}  // namespace caseway
