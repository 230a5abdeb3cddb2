// gateway/formats/xml/xpath_scan.cpp - one walk over the tokens for names and reach, another for the simple form.
#include "gateway/formats/xml/xpath_scan.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include "gateway/formats/xml/xpath_cost.hpp"
#include "gateway/formats/xml/xpath_ends.hpp"
#include "gateway/formats/xml/xpath_tokens.hpp"

namespace caseway {
namespace {

using Kind = XPathToken::Kind;

constexpr std::string_view kFunctions[] = {"last",
                                           "position",
                                           "count",
                                           "id",
                                           "local-name",
                                           "namespace-uri",
                                           "name",
                                           "string",
                                           "concat",
                                           "starts-with",
                                           "contains",
                                           "substring-before",
                                           "substring-after",
                                           "substring",
                                           "string-length",
                                           "normalize-space",
                                           "translate",
                                           "boolean",
                                           "not",
                                           "true",
                                           "false",
                                           "lang",
                                           "number",
                                           "sum",
                                           "floor",
                                           "ceiling",
                                           "round"};

struct QName {
    std::string_view prefix;
    std::string_view local;
};
QName split(std::string_view name) {
    const std::size_t colon = name.find(':');
    if (colon == std::string_view::npos) return {{}, name};
    return {name.substr(0, colon), name.substr(colon + 1)};
}

const std::string* uriOf(std::string_view prefix, const XmlNamespaceMap& namespaces) {
    static const std::string kXml = "http://www.w3.org/XML/1998/namespace";
    if (prefix == "xml") return &kXml;
    for (const auto& [name, uri] : namespaces) {
        if (name == prefix) return &uri;
    }
    return nullptr;
}

std::optional<XPathError> badName(const XPathToken& token, const XmlNamespaceMap& namespaces) {
    if (token.kind == Kind::Variable) {
        return XPathError{"no variables", "write the value itself instead of " + std::string(token.text)};
    }
    // Exclusive canonicalization leaves out declarations that nothing uses: anybody can add one to a signed document.
    if (token.kind == Kind::Axis && token.text == "namespace") {
        return XPathError{"no namespace:: axis: a signature does not cover declarations that nothing uses",
                          "read elements and attributes; namespace-uri() tells the namespace of one"};
    }
    if (token.kind == Kind::Function) {
        const bool known = std::find(std::begin(kFunctions), std::end(kFunctions), token.text) != std::end(kFunctions);
        if (!known)
            return XPathError{"a function of XPath 1.0", "there is no function " + std::string(token.text) + "()"};
    }
    if (token.kind == Kind::Name || token.kind == Kind::Wildcard) {
        const QName name = split(token.text);
        if (!name.prefix.empty() && uriOf(name.prefix, namespaces) == nullptr) {
            return XPathError{"a declared namespace prefix",
                              "add " + std::string(name.prefix) + " under source.namespaces"};
        }
    }
    return std::nullopt;
}

/// Follows, along each location path, how deep below the root of the subtree its nodes lie at least.
class Reach {
public:
    Reach(const std::vector<XPathToken>& tokens, std::size_t context) : tokens_(tokens) {
        frames_.push_back({context, context});
    }

    void run(XPathScan& scan) {
        for (std::size_t i = 0; i < tokens_.size() && !leaves_; ++i) step(tokens_[i]);
        scan.leaves_context = leaves_;
        endPath();
        scan.least_depth = std::min(least_, frames_.front().depth);
    }

private:
    struct Frame {
        std::size_t context;  ///< depth of the context node of paths in this frame
        std::size_t depth;    ///< of the path being followed
        bool in_path = false;
        std::string_view axis{};
    };

    void beginPath() {
        Frame& frame = frames_.back();
        if (!frame.in_path) frame.depth = frame.context;
        frame.in_path = true;
    }
    void endPath() {
        Frame& frame = frames_.back();
        if (frames_.size() == 1 && frame.in_path) least_ = std::min(least_, frame.depth);  // each path of a union
        frame.in_path = false;
    }

    void nodeTest() {
        beginPath();
        Frame& frame = frames_.back();
        const std::string_view axis = std::exchange(frame.axis, {});
        if (axis.empty() || axis == "child" || axis == "descendant" || axis == "attribute") {
            ++frame.depth;
        } else if (axis == "parent" || axis == "following-sibling" || axis == "preceding-sibling") {
            leaves_ = leaves_ || frame.depth == 0;
            if (axis == "parent" && frame.depth > 0) --frame.depth;
        } else if (axis != "self" && axis != "descendant-or-self") {
            leaves_ = true;
        }
    }

    void step(const XPathToken& token) {
        Frame& frame = frames_.back();
        switch (token.kind) {
            case Kind::Slash:
            case Kind::DoubleSlash:
                if (!frame.in_path) leaves_ = true;
                break;
            case Kind::Name:
            case Kind::Wildcard:
                nodeTest();
                break;
            case Kind::NodeType:
                nodeTest();
                break;
            case Kind::At:
                frame.axis = "attribute";
                break;
            case Kind::Axis:
                frame.axis = token.text;
                break;
            case Kind::Dot:
                beginPath();
                break;
            case Kind::DotDot:
                frame.axis = "parent";
                nodeTest();
                break;
            case Kind::Function:
                leaves_ = leaves_ || token.text == "id" || token.text == "lang";
                endPath();
                break;
            case Kind::Open:
                frames_.push_back({frame.context, frame.context});
                break;
            case Kind::OpenBracket:
                frames_.push_back({frame.depth, frame.depth});
                break;
            case Kind::Close:
                close();
                break;
            case Kind::CloseBracket:
                if (frames_.size() > 1) frames_.pop_back();
                break;
            case Kind::Operator:
            case Kind::Comma:
                endPath();
                break;
            default:
                break;
        }
    }

    /// What follows a parenthesis continues from nodes of unknown depth, at least the context's own... or not nodes at
    /// all.
    void close() {
        if (frames_.size() > 1) frames_.pop_back();
        Frame& frame = frames_.back();
        if (!frame.in_path) frame.depth = 0;
        frame.in_path = true;
    }

    const std::vector<XPathToken>& tokens_;
    std::vector<Frame> frames_;
    std::size_t least_ = std::numeric_limits<std::size_t>::max();
    bool leaves_ = false;
};

/// The simple form, or nothing.
class SimpleParser {
public:
    SimpleParser(const std::vector<XPathToken>& tokens, const XmlNamespaceMap& namespaces)
        : tokens_(tokens), namespaces_(namespaces) {}

    std::optional<SimpleXPath> run() {
        if (accept(Kind::DoubleSlash)) {
            path_.absolute = path_.anywhere = true;
        } else if (accept(Kind::Slash)) {
            path_.absolute = true;
            if (at_ == tokens_.size()) return std::nullopt;
        }
        do {
            if (ended_ || !step()) return std::nullopt;
        } while (accept(Kind::Slash));
        if (at_ != tokens_.size()) return std::nullopt;
        if (path_.anywhere && path_.steps.empty()) return std::nullopt;
        return path_;
    }

private:
    bool accept(Kind kind) {
        if (at_ >= tokens_.size() || tokens_[at_].kind != kind) return false;
        ++at_;
        return true;
    }

    bool step() {
        if (accept(Kind::Dot)) return !path_.anywhere || !path_.steps.empty();
        if (accept(Kind::At)) return attribute();
        if (at_ < tokens_.size() && tokens_[at_].kind == Kind::NodeType && tokens_[at_].text == "text") return text();
        if (at_ < tokens_.size() && tokens_[at_].kind == Kind::Axis) {
            if (tokens_[at_].text != "child") return false;
            ++at_;
        }
        if (at_ >= tokens_.size()) return false;
        const XPathToken& token = tokens_[at_++];
        XPathStep step;
        if (token.kind == Kind::Wildcard && token.text == "*") {
            step.any = true;
        } else if (token.kind == Kind::Name) {
            const QName name = split(token.text);
            if (!name.prefix.empty()) step.uri = *uriOf(name.prefix, namespaces_);
            step.local = std::string(name.local);
        } else {
            return false;
        }
        if (accept(Kind::OpenBracket) && !position(step)) return false;
        path_.steps.push_back(std::move(step));
        return true;
    }

    bool position(XPathStep& step) {
        if (at_ >= tokens_.size() || tokens_[at_].kind != Kind::Number) return false;
        const std::string_view digits = tokens_[at_++].text;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), step.position);
        return error == std::errc{} && end == digits.data() + digits.size() && step.position >= 1 &&
               step.position < 100000 && accept(Kind::CloseBracket) &&
               (at_ >= tokens_.size() || tokens_[at_].kind != Kind::OpenBracket) &&
               !(path_.anywhere && path_.steps.empty());
    }

    bool attribute() {
        if (at_ >= tokens_.size() || tokens_[at_].kind != Kind::Name) return false;
        const QName name = split(tokens_[at_++].text);
        path_.leaf = SimpleXPath::Leaf::Attribute;
        if (!name.prefix.empty()) path_.leaf_uri = *uriOf(name.prefix, namespaces_);
        path_.leaf_local = std::string(name.local);
        ended_ = true;
        return true;
    }
    bool text() {
        ++at_;
        if (!accept(Kind::Open) || !accept(Kind::Close)) return false;
        path_.leaf = SimpleXPath::Leaf::Text;
        ended_ = true;
        return true;
    }

    const std::vector<XPathToken>& tokens_;
    const XmlNamespaceMap& namespaces_;
    SimpleXPath path_;
    std::size_t at_ = 0;
    bool ended_ = false;
};

/// `1e3`, which libxml2 takes for a number, comes as a number and a name: no name can stand there otherwise.
bool isConstant(const std::vector<XPathToken>& tokens) {
    for (std::size_t at = 0; at < tokens.size(); ++at) {
        const Kind kind = tokens[at].kind;
        const bool is_exponent = kind == Kind::Name && at != 0 && tokens[at - 1].kind == Kind::Number;
        if (!is_exponent && kind != Kind::Number && kind != Kind::Literal && kind != Kind::Operator &&
            kind != Kind::Open && kind != Kind::Close)
            return false;
    }
    return true;
}

}  // namespace

Result<XPathScan, XPathError> scanXPath(std::string_view expression, const XmlNamespaceMap& namespaces,
                                        std::size_t context_depth) {
    const std::vector<XPathToken> tokens = tokensOfXPath(expression);
    for (const XPathToken& token : tokens) {
        if (auto error = badName(token, namespaces)) return *error;
    }
    if (followsAttribute(tokens))
        return XPathError{"no following:: of an attribute, which is not evaluated by the standard",
                          "go by its element: R[@a]/descendant::B | R[@a]/following::B"};
    XPathScan scan;
    Reach(tokens, context_depth).run(scan);
    scan.simple = SimpleParser(tokens, namespaces).run();
    scan.is_constant = isConstant(tokens);
    scan.finds_values = endsAtValues(tokens);
    scan.context_free = isContextFree(tokens);
    scan.costly = whyCostly(tokens);
    return scan;
}

}  // namespace caseway
