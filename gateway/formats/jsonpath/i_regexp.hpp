// gateway/formats/jsonpath/i_regexp.hpp - the interoperable regular expressions of match() and search(), checked by
// their own grammar and run by RE2, in time linear in the text. Private to this folder. Source: RFC 9485.
#pragma once

#include <memory>
#include <string_view>

namespace re2 {
class RE2;
}

namespace caseway {

class IRegexp {
public:
    /// Nothing where `pattern` is no I-Regexp, or one too large to run. The pattern must be valid UTF-8.
    static std::unique_ptr<IRegexp> compile(std::string_view pattern);
    ~IRegexp();

    /// The whole text. Callable concurrently.
    bool matches(std::string_view text) const;
    /// Some part of the text. Callable concurrently.
    bool isFoundIn(std::string_view text) const;

private:
    explicit IRegexp(std::unique_ptr<re2::RE2> regexp);
    std::unique_ptr<re2::RE2> regexp_;
};

}  // namespace caseway
