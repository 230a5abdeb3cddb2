// gateway/formats/jsonpath/i_regexp.hpp - the interoperable regular expressions of match() and search(), checked by
// their own grammar and run by RE2, in time linear in the text. Private to this folder. Source: RFC 9485.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace re2 {
class RE2;
}

namespace caseway {

inline constexpr std::size_t kBytesPerStep = 64;  ///< of a text, looked through for one step's worth of work

class IRegexp {
public:
    /// Nothing where `pattern` is no I-Regexp, or one too large to run. The pattern must be valid UTF-8.
    static std::unique_ptr<IRegexp> compile(std::string_view pattern);
    /// By the grammar, whether or not it is too large to run.
    static bool isPattern(std::string_view pattern);
    ~IRegexp();

    /// The whole text. Callable concurrently.
    bool matches(std::string_view text) const;
    /// Some part of the text. Callable concurrently.
    bool isFoundIn(std::string_view text) const;

    /// What reading a text of so many bytes costs, a step being what looking at one node is. A small expression reads
    /// as fast as memory; a large one (`a{1000}b`) is held against its whole self at each byte.
    std::uint64_t stepsFor(std::size_t bytes) const;

private:
    explicit IRegexp(std::unique_ptr<re2::RE2> regexp);
    std::unique_ptr<re2::RE2> regexp_;
};

}  // namespace caseway
