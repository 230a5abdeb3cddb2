// gateway/formats/xml/parser_input.hpp - the bytes on their way into libxml2's pulling parser: read in pieces, checked,
// kept as long as an element needs them, and passed over where it need not see them. For sources of this folder only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <span>
#include <string_view>

#include "gateway/base/byte_source.hpp"
#include "gateway/formats/text/utf8.hpp"
#include "gateway/formats/xml/parse_state.hpp"

namespace caseway {

/// Offsets count the bytes of the source.
class ParserInput {
public:
    ParserInput(ByteSource& source, XmlTrouble& trouble) : source_(source), trouble_(trouble) {}

    /// For the parser: its next bytes, 0 at the end. `keep`: the first byte that anybody may still ask for.
    std::size_t give(char* buffer, std::size_t room, std::uint64_t keep) noexcept;
    /// Where the parser's next bytes come from.
    std::uint64_t given() const { return given_; }
    /// The parser is not to see what stands before this offset.
    void passTo(std::uint64_t offset) { given_ = offset; }
    /// What stands at `from`, up to `most` bytes, read as far as that; empty where it is kept no longer.
    std::string_view peek(std::uint64_t from, std::size_t most) noexcept;
    /// All that was read so far is UTF-8.
    bool isUtf8() const { return is_utf8_; }
    /// What the source threw: to be thrown again outside of the parser.
    const std::exception_ptr& failure() const { return failure_; }

private:
    std::size_t readFully(std::span<char> room);
    void fill(std::uint64_t keep) noexcept;
    void makeRoom();
    std::uint64_t end() const { return first_ + (end_ - begin_); }

    ByteSource& source_;
    XmlTrouble& trouble_;
    WideTagGuard guard_;
    Utf8Pieces utf8_;
    bool is_utf8_ = true;
    std::unique_ptr<char[]> bytes_;
    std::size_t room_ = 0;     ///< of bytes_
    std::size_t begin_ = 0;    ///< in bytes_: of what is kept
    std::size_t end_ = 0;      ///< in bytes_
    std::uint64_t first_ = 0;  ///< offset of begin_
    std::uint64_t given_ = 0;  ///< offset
    bool is_over_ = false;
    std::exception_ptr failure_;
};

}  // namespace caseway
