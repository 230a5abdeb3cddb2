// gateway/adapters/sqlite/line_codes.cpp - foretelling a line, and the two directions.
#include "gateway/adapters/sqlite/line_codes.hpp"

#include <algorithm>
#include <cstring>

#include "gateway/base/hex_blocks.hpp"
#include "gateway/base/varint.hpp"

namespace caseway {
namespace {

constexpr std::size_t kHex = 64, kRaw = 32;
bool isDecimal(char c) {
    return c >= '0' && c <= '9';
}

bool isHex(char c) {
    return isDecimal(c) || (c >= 'a' && c <= 'f');
}

/// Appends the 32 bytes of 64 hex digits.
bool appendRaw(const char* hex, std::string& out) {
    Sha256 raw;
    if (!takeHex(hex, raw)) return false;
    out.append(textOf(ByteView(raw)));
    return true;
}

/// Appends the 64 hex digits of 32 bytes.
void appendHex(std::string_view raw, std::string& out) {
    Sha256 bytes;
    std::memcpy(bytes.bytes.data(), raw.data(), bytes.bytes.size());
    out.append(textOf(hexDigits(bytes)));
}

}  // namespace

void NextLine::was(std::string_view line) {
    const std::string before = std::move(text_);
    const std::vector<Number> numbers = std::move(numbers_);
    text_ = line;
    look();
    const bool is_alike = numbers.size() == numbers_.size() &&
                          std::equal(numbers.begin(), numbers.end(), numbers_.begin(),
                                     [](const Number& a, const Number& b) { return a.at == b.at && a.size == b.size; });
    for (std::size_t i = 0; is_alike && i < numbers.size(); ++i) {
        const auto [at, size, grew] = numbers[i];
        const bool is_as_foretold = before.compare(at, size, text_, at, size) == 0;
        numbers_[i].grows = is_as_foretold == grew;
    }
}

/// Where its numbers and digests are.
void NextLine::look() {
    numbers_.clear();
    digests_.clear();
    for (std::size_t at = 0; at < text_.size();) {
        const auto run = static_cast<std::size_t>(std::find_if(text_.begin() + static_cast<std::ptrdiff_t>(at),
                                                               text_.end(), [](char c) { return !isHex(c); }) -
                                                  (text_.begin() + static_cast<std::ptrdiff_t>(at)));
        if (run == kHex) {
            digests_.push_back(at);
            at += kHex;
        } else if (isDecimal(text_[at])) {
            const std::size_t end = std::min(text_.find_first_not_of("0123456789", at), text_.size());
            numbers_.push_back({at, end - at});
            at = end;
        } else {
            ++at;
        }
    }
}

bool NextLine::step() {
    for (const Number& number : numbers_) {
        if (!number.grows) continue;
        std::size_t at = number.at + number.size;
        while (at != number.at && text_[at - 1] == '9') text_[--at] = '0';
        if (at == number.at) {
            text_.clear();
            numbers_.clear();
            digests_.clear();
            return false;
        }
        ++text_[at - 1];
    }
    return !text_.empty();
}

bool NextLine::is(std::string_view line, std::string& digests) const {
    if (line.size() != text_.size()) return false;
    const std::size_t before = digests.size();
    std::size_t from = 0;
    const auto isSameUpTo = [&](std::size_t end) {
        return std::memcmp(line.data() + from, text_.data() + from, end - from) == 0;
    };
    for (const std::size_t digest : digests_) {
        if (!isSameUpTo(digest) || !appendRaw(line.data() + digest, digests)) {
            digests.resize(before);
            return false;
        }
        from = digest + kHex;
    }
    if (isSameUpTo(line.size())) return true;
    digests.resize(before);
    return false;
}

bool NextLine::with(std::string_view& rest, std::string& out) const {
    if (rest.size() < digests_.size() * kRaw) return false;
    std::size_t from = 0;
    for (const std::size_t digest : digests_) {
        out.append(text_, from, digest - from);
        appendHex(rest.substr(0, kRaw), out);
        rest.remove_prefix(kRaw);
        from = digest + kHex;
    }
    out.append(text_, from);
    return true;
}

bool packLines(std::string_view lines, std::size_t most, std::string& out) {
    out.clear();
    NextLine next;
    bool is_foretold = false;
    while (!lines.empty()) {
        const std::size_t feed = lines.find('\n');
        if (feed == std::string_view::npos) return false;
        const std::string_view line = lines.substr(0, feed + 1);
        lines.remove_prefix(feed + 1);
        out += '\1';
        if (!is_foretold || !next.is(line, out)) {
            out.back() = '\0';
            putVarint(line.size(), out);
            out += line;
            next.was(line);
        }
        if (out.size() > most) return false;
        is_foretold = next.step();
    }
    return !out.empty();
}

std::optional<std::string> unpackLines(std::string_view packed, std::size_t most) {
    std::string lines;
    NextLine next;
    bool is_foretold = false;
    while (!packed.empty()) {
        const char form = packed.front();
        packed.remove_prefix(1);
        if (form == 1) {
            if (!is_foretold || !next.with(packed, lines)) return std::nullopt;
        } else {
            std::uint64_t size = 0;
            if (form != 0 || !takeVarint(packed, size) || size > packed.size()) return std::nullopt;
            lines += packed.substr(0, size);
            next.was(packed.substr(0, size));
            packed.remove_prefix(size);
        }
        if (lines.size() > most) return std::nullopt;
        is_foretold = next.step();
    }
    return lines;
}

}  // namespace caseway
