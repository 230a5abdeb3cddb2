// gateway/adapters/sqlite/line_codes.hpp - outcome lines in few bytes: of a line that is the one before with numbers
// that go on, only its digests are kept, as 32 bytes each. All other lines stand as they are. Knows no JSON.
// Format: a byte a line: 1, then the digests of a line that was foretold; or 0, the size as a varint, and the line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caseway {

/// What comes behind a line: the same, with each number one more. A number that did not go on like that stays the same
/// in the next one, and the other way round.
class NextLine {
public:
    /// The line that was there, as it is.
    void was(std::string_view line);
    /// Takes the next line to be the foretold one. False, and nothing is foretold, where a number gets longer.
    bool step();
    /// Whether `line` is what was foretold; appends its digests.
    bool is(std::string_view line, std::string& digests) const;
    /// The foretold line with these digests, which are taken off the front of `rest`. False: they are not there.
    bool with(std::string_view& rest, std::string& out) const;

private:
    struct Number {
        std::size_t at;
        std::size_t size;
        bool grows = true;
    };

    void look();

    std::string text_;
    std::vector<Number> numbers_;
    std::vector<std::size_t> digests_;  ///< where each begins
};

/// Replaces `out`; false where it would have more than `most` bytes, there are no lines, or the last one has no end.
bool packLines(std::string_view lines, std::size_t most, std::string& out);
/// Nothing where `packed` is damaged, or has more than `most` bytes.
std::optional<std::string> unpackLines(std::string_view packed, std::size_t most);

}  // namespace caseway
