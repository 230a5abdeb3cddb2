// gateway/formats/xml/xpath_tokens.hpp - the tokens of XPath 1.0 (§3.7), with `*`, and, or, div, mod told apart from
// names. For sources of this folder only.
#pragma once

#include <string_view>
#include <vector>

namespace caseway {

struct XPathToken {
    enum class Kind {
        Name,
        Function,
        NodeType,
        Axis,
        Number,
        Literal,
        Operator,
        Slash,
        DoubleSlash,
        Open,
        Close,
        OpenBracket,
        CloseBracket,
        Dot,
        DotDot,
        At,
        Comma,
        Variable,
        Wildcard,
        Bad
    };
    Kind kind = Kind::Bad;
    std::string_view text{};  ///< Name, Function: with its prefix; Axis: without `::`
};

/// Ends with a Bad token where a character belongs to no token.
std::vector<XPathToken> tokensOfXPath(std::string_view expression);

}  // namespace caseway
