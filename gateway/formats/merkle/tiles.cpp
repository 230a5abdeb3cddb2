// gateway/formats/merkle/tiles.cpp - tile paths both ways, entry bundles both ways.
#include "gateway/formats/merkle/tiles.hpp"

#include <fmt/format.h>

#include "gateway/formats/merkle/hash.hpp"

namespace caseway {
namespace {

/// A path longer than this names no tile of any tree of 2^64 leaves.
constexpr std::size_t kPathMax = 64;
constexpr std::uint64_t kMaxTile = 1ULL << 56;

std::optional<std::uint64_t> threeDigits(std::string_view text) {
    if (text.size() != 3) return std::nullopt;
    std::uint64_t value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return value;
}

/// "x001/x234/067": 1234067. The first group is zero only where it is the only one.
std::optional<std::uint64_t> tileNumber(std::string_view text) {
    std::uint64_t n = 0;
    for (bool first = true;; first = false) {
        const bool more = text.starts_with('x');
        const auto group = threeDigits(text.substr(more, 3));
        if (!group || (more && first && *group == 0)) return std::nullopt;
        n = n * 1000 + *group;
        if (n > kMaxTile) return std::nullopt;
        if (!more) return text.size() == 3 ? std::optional(n) : std::nullopt;
        if (text.size() < 5 || text[4] != '/') return std::nullopt;
        text.remove_prefix(5);
    }
}

}  // namespace

std::string tilePathText(const TilePath& path) {
    std::string number = fmt::format("{:03}", path.n % 1000);
    for (std::uint64_t rest = path.n / 1000; rest != 0; rest /= 1000)
        number = fmt::format("x{:03}/{}", rest % 1000, number);
    std::string text = path.level ? fmt::format("{}/{}", *path.level, number) : "entries/" + number;
    if (path.width != 256) text += fmt::format(".p/{}", path.width);
    return text;
}

std::optional<TilePath> parseTilePath(std::string_view text) {
    if (text.size() > kPathMax) return std::nullopt;
    TilePath path;
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    if (const std::string_view level = text.substr(0, slash); level != "entries") {
        const auto number = decimalFrom(level);
        if (!number || *number > 63) return std::nullopt;
        path.level = static_cast<std::uint32_t>(*number);
    }
    text.remove_prefix(slash + 1);
    if (const std::size_t partial = text.find(".p/"); partial != std::string_view::npos) {
        const auto width = decimalFrom(text.substr(partial + 3));
        if (!width || *width == 0 || *width > 255) return std::nullopt;
        path.width = static_cast<std::uint32_t>(*width);
        text = text.substr(0, partial);
    }
    const auto n = tileNumber(text);
    if (!n) return std::nullopt;
    path.n = *n;
    return path;
}

bool appendBundleEntry(std::string_view entry, std::string& bundle) {
    if (entry.size() > 0xFFFF) return false;
    bundle += static_cast<char>(entry.size() >> 8);
    bundle += static_cast<char>(entry.size() & 0xFF);
    bundle += entry;
    return true;
}

std::optional<std::vector<std::string_view>> parseEntryBundle(std::string_view bundle) {
    std::vector<std::string_view> entries;
    while (!bundle.empty()) {
        if (bundle.size() < 2 || entries.size() == 256) return std::nullopt;
        const std::size_t size = static_cast<std::size_t>(static_cast<unsigned char>(bundle[0]) << 8 |
                                                          static_cast<unsigned char>(bundle[1]));
        if (bundle.size() - 2 < size) return std::nullopt;
        entries.push_back(bundle.substr(2, size));
        bundle.remove_prefix(2 + size);
    }
    return entries;
}

}  // namespace caseway
