// gateway/formats/merkle/tiles.hpp - names and bytes of tiles and entry bundles as they are served. Source: C2SP
// tlog-tiles.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caseway {

/// One resource below <prefix>/tile/: `level` is absent for an entry bundle; `width` is 256 for a complete tile.
struct TilePath {
    std::optional<std::uint32_t> level;
    std::uint64_t n = 0;
    std::uint32_t width = 256;

    bool operator==(const TilePath&) const = default;
};

/// "0/x001/x234/067", "1/000.p/17", "entries/000".
std::string tilePathText(const TilePath& path);
/// Strict: no other spelling of a path is taken. Levels 0 to 63, n up to 2^56.
std::optional<TilePath> parseTilePath(std::string_view text);

/// Appends one entry with its big-endian 16-bit length. False (and nothing appended) for an entry above 65,535 bytes.
bool appendBundleEntry(std::string_view entry, std::string& bundle);
/// Views into `bundle`; nothing where a length leads past its end or there are more than 256 entries.
std::optional<std::vector<std::string_view>> parseEntryBundle(std::string_view bundle);

}  // namespace caseway
