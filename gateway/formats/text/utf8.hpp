// gateway/formats/text/utf8.hpp - strict UTF-8 checked piece by piece, and the few steps over code points that formats
// need. SIMD where the machine has it (simdjson, which stays behind this header). Source: RFC 3629.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace caseway {

/// `valid`: length of the longest prefix of whole, valid characters. `broken`: what follows it cannot become a
/// character whatever bytes come next; false where all is valid or only the end of a character is missing.
struct Utf8Prefix {
    std::size_t valid = 0;
    bool broken = false;
};
Utf8Prefix utf8Prefix(std::string_view bytes);

/// A text that comes in pieces, which may end inside a character.
class Utf8Pieces {
public:
    /// The next bytes. False, and from then on: the text is no UTF-8.
    bool feed(std::string_view piece);
    /// All of it so far is UTF-8, no character is cut.
    bool isWhole() const { return !is_broken_ && begun_bytes_ == 0; }

private:
    std::array<char, 4> begun_{};  ///< of a character that the last piece cut
    std::size_t begun_bytes_ = 0;
    bool is_broken_ = false;
};

/// Number of characters of valid UTF-8.
std::size_t utf8Length(std::string_view text);

/// The character that starts at `at` of valid UTF-8; `at` moves behind it. `at` must be inside `text`.
char32_t nextCodePoint(std::string_view text, std::size_t& at);

/// Appends a code point; it must be a scalar value (no surrogate, at most U+10FFFF).
void appendUtf8(char32_t code_point, std::string& out);

/// Tells each character, and std::nullopt for each byte that belongs to none, until `each` returns false.
template <class Each>
void eachCharacter(std::string_view text, Each each) {
    while (!text.empty()) {
        const std::string_view good = text.substr(0, utf8Prefix(text).valid);
        for (std::size_t at = 0; at < good.size();)
            if (!each(std::optional(nextCodePoint(good, at)))) return;
        text.remove_prefix(good.size());
        if (text.empty() || !each(std::optional<char32_t>())) return;
        text.remove_prefix(1);
    }
}

}  // namespace caseway
