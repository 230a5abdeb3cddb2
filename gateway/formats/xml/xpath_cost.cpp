// gateway/formats/xml/xpath_cost.cpp - walks over tokens; what cannot be told counts as costly, or as bound to its
// context.
#include "gateway/formats/xml/xpath_cost.hpp"

#include <algorithm>
#include <array>

#include "gateway/formats/xml/xpath_scan.hpp"

namespace caseway {
namespace {

using Kind = XPathToken::Kind;

bool isComparison(const XPathToken& token) {
    static constexpr std::array<std::string_view, 6> kComparisons = {"=", "!=", "<", "<=", ">", ">="};
    return token.kind == Kind::Operator &&
           std::find(kComparisons.begin(), kComparisons.end(), token.text) != kComparisons.end();
}

bool isValue(const XPathToken& token) {
    return token.kind == Kind::Literal || token.kind == Kind::Number;
}

/// Read the context node where they have no argument.
bool readsContext(std::string_view function) {
    static constexpr std::array<std::string_view, 8> kAlways = {
        "string", "string-length", "normalize-space", "number", "local-name", "namespace-uri", "name", "lang"};
    return std::find(kAlways.begin(), kAlways.end(), function) != kAlways.end();
}

/// The arguments of the function whose name stands at `at`: where each begins, and behind the last the closing token.
std::vector<std::size_t> argumentsOf(const std::vector<XPathToken>& tokens, std::size_t at) {
    std::vector<std::size_t> begins;
    int depth = 0;
    for (std::size_t i = at + 1; i < tokens.size(); ++i) {
        const Kind kind = tokens[i].kind;
        if (kind == Kind::Close || kind == Kind::CloseBracket) --depth;
        if (depth == 0 && kind == Kind::Close) {
            begins.push_back(i);
            break;
        }
        if (kind == Kind::Open || kind == Kind::OpenBracket) ++depth;
        const bool separates = kind == Kind::Comma || i == at + 1;
        if (depth == 1 && separates) begins.push_back(i + 1);
    }
    return begins;
}

/// Functions that are more than linear in texts of the document.
std::string whyCostlyText(const std::vector<XPathToken>& tokens, std::size_t at) {
    constexpr std::size_t kModestConcat = 64;
    if (tokens[at].kind != Kind::Function) return {};
    if (tokens[at].text == "concat" && argumentsOf(tokens, at).size() > kModestConcat + 1)
        return "concat copies what it has so far for each of its arguments";
    if (tokens[at].text != "translate") return {};
    const auto arguments = argumentsOf(tokens, at);
    const bool by_literal = arguments.size() > 2 && arguments[2] == arguments[1] + 2 && isValue(tokens[arguments[1]]);
    return by_literal ? "" : "translate looks for each character of one text along the whole other";
}

bool isFarAxis(std::string_view axis) {
    return axis == "preceding" || axis == "following";
}

/// `at` is a far axis behind a wide step of its own path.
bool startsFromMany(const std::vector<XPathToken>& tokens, std::size_t at) {
    int brackets = 0;
    for (std::size_t i = at; i-- > 0;) {
        const XPathToken& token = tokens[i];
        if (token.kind == Kind::CloseBracket) ++brackets;
        if (token.kind == Kind::OpenBracket && brackets-- == 0) return false;
        if (brackets > 0) continue;
        if (token.kind == Kind::DoubleSlash || (token.kind == Kind::Axis && isFarAxis(token.text))) return true;
        if (token.kind == Kind::Operator || token.kind == Kind::Comma) return false;
    }
    return false;
}

}  // namespace

bool isContextFree(const std::vector<XPathToken>& tokens) {
    int brackets = 0;
    bool in_path = false;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const XPathToken& token = tokens[i];
        if (token.kind == Kind::OpenBracket) ++brackets;
        if (token.kind == Kind::CloseBracket) --brackets;
        if (brackets != 0) continue;  // relative to nodes of the path outside
        switch (token.kind) {
            case Kind::Slash:
            case Kind::DoubleSlash:
            case Kind::Close:
            case Kind::CloseBracket:
                in_path = true;
                break;
            case Kind::Open:
            case Kind::Comma:
            case Kind::Operator:
                in_path = false;
                break;
            case Kind::Function:
                if (token.text == "lang") return false;
                if (readsContext(token.text) && i + 2 < tokens.size() && tokens[i + 2].kind == Kind::Close)
                    return false;
                break;
            case Kind::Literal:
            case Kind::Number:
                break;
            case Kind::NodeType:
                if (!in_path) return false;
                ++i;  // its "(", which begins no expression
                break;
            default:
                if (!in_path) return false;
        }
    }
    return true;
}

bool comparesSets(const std::vector<XPathToken>& tokens) {
    for (std::size_t i = 1; i + 1 < tokens.size(); ++i) {
        if (!isComparison(tokens[i]) || isValue(tokens[i - 1]) || isValue(tokens[i + 1])) continue;
        const bool right_is_value = tokens[i + 1].kind == Kind::Function && tokens[i + 1].text != "id";
        if (!right_is_value) return true;
    }
    return false;
}

bool comparesSets(std::string_view expression) {
    return comparesSets(tokensOfXPath(expression));
}

namespace {

/// What `//` at `at` finds lies below the node that its path begins with.
bool goesBelow(const std::vector<XPathToken>& tokens, std::size_t at) {
    static constexpr std::array kBefore = {Kind::Name, Kind::Wildcard, Kind::Dot, Kind::CloseBracket};
    return at != 0 && std::find(kBefore.begin(), kBefore.end(), tokens[at - 1].kind) != kBefore.end();
}

/// It goes on with a path that leads elsewhere.
bool goesAround(const std::vector<XPathToken>& tokens, std::size_t at) {
    return at != 0 && (tokens[at - 1].kind == Kind::DotDot || tokens[at - 1].kind == Kind::Close);
}

}  // namespace

std::string whyCostly(const std::vector<XPathToken>& tokens) {
    int brackets = 0;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const XPathToken& token = tokens[i];
        if (token.kind == Kind::OpenBracket) ++brackets;
        if (token.kind == Kind::CloseBracket) --brackets;
        if (brackets > 0 && token.kind == Kind::DoubleSlash && !goesBelow(tokens, i))
            return goesAround(tokens, i) ? "a predicate searches around every node with //"
                                         : "a predicate searches the whole document with // for every node";
        if (brackets > 0 && token.kind == Kind::Axis && isFarAxis(token.text))
            return "a predicate walks through the document for every node";
        if (token.kind == Kind::Axis && isFarAxis(token.text) && startsFromMany(tokens, i))
            return "from each of many nodes it walks through the document";
        if (std::string why = whyCostlyText(tokens, i); !why.empty()) return why;
    }
    if (comparesSets(tokens)) {
        const bool wide = std::any_of(tokens.begin(), tokens.end(), [](const XPathToken& token) {
            return token.kind == Kind::DoubleSlash || (token.kind == Kind::Axis && isFarAxis(token.text));
        });
        if (wide) return "each node of one path is compared with each node of another";
    }
    return {};
}

}  // namespace caseway
