// gateway/formats/envelope/field_scan.hpp - the tokens of HTTP structured fields (RFC 8941) that signatures are written
// with, one after the other. For sources of this folder only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace caseway {

inline constexpr std::size_t kFieldBytesMax = 8192;
inline constexpr std::size_t kComponentsMax = 32;
inline constexpr std::size_t kIntegerDigitsMax = 15;  // RFC 8941 §3.3.1

class FieldScan {
public:
    explicit FieldScan(std::string_view text) : text_(text) {}
    bool atEnd() const { return at_ == text_.size(); }
    bool take(char c) {
        if (atEnd() || text_[at_] != c) return false;
        ++at_;
        return true;
    }
    void skipSpaces() {
        while (take(' ')) {
        }
    }
    /// A key: lcalpha or '*', then lcalpha, digit, '_', '-', '.', '*'.
    std::optional<std::string> key() {
        const std::size_t start = at_;
        while (!atEnd() && isKeyCharacter(text_[at_], at_ == start)) ++at_;
        if (at_ == start) return std::nullopt;
        return std::string(text_.substr(start, at_ - start));
    }
    /// A quoted string without escapes: no value of the binding needs one.
    std::optional<std::string> quoted() {
        if (!take('"')) return std::nullopt;
        const std::size_t start = at_;
        while (!atEnd() && text_[at_] != '"') {
            const char c = text_[at_++];
            if (c < 0x20 || c > 0x7E || c == '\\') return std::nullopt;
        }
        std::string value(text_.substr(start, at_ - start));
        return take('"') ? std::optional(std::move(value)) : std::nullopt;
    }
    /// A non-negative integer without leading zeros.
    std::optional<std::int64_t> integer() {
        const std::size_t start = at_;
        std::int64_t value = 0;
        while (!atEnd() && text_[at_] >= '0' && text_[at_] <= '9' && at_ - start < kIntegerDigitsMax)
            value = value * 10 + (text_[at_++] - '0');
        const bool padded = text_.substr(start, 1) == "0" && at_ - start > 1;
        return at_ == start || padded ? std::nullopt : std::optional(value);
    }
    void skip(std::size_t count) { at_ += count; }
    std::string_view rest() const { return text_.substr(at_); }

private:
    static bool isKeyCharacter(char c, bool first) {
        if ((c >= 'a' && c <= 'z') || c == '*') return true;
        return !first && ((c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.');
    }
    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace caseway
