// gateway/formats/xml/xpath_ends.cpp - walks over tokens that ask which steps lead to attributes and texts.
#include "gateway/formats/xml/xpath_ends.hpp"

#include <cstddef>
#include <string_view>
#include <utility>

namespace caseway {
namespace {

using Kind = XPathToken::Kind;

/// What the paths of an expression end at.
class Ends {
public:
    /// Some path ends at attributes or texts, whatever the payload.
    bool areValues(const std::vector<XPathToken>& tokens) {
        for (std::size_t i = 0; i < tokens.size(); ++i) {
            const bool calls = i > 0 && (tokens[i - 1].kind == Kind::Function || tokens[i - 1].kind == Kind::NodeType);
            step(tokens[i], calls);
        }
        return endPath();
    }

private:
    /// What stands between one pair of parentheses or brackets.
    struct Frame {
        bool is_group = false;  ///< parentheses that call nothing
        bool is_value = false;  ///< the path so far ends at one
        bool some = false;      ///< a path before this one
        std::string_view axis{};
    };

    bool endPath() {
        Frame& frame = frames_.back();
        frame.some = frame.some || std::exchange(frame.is_value, false);
        return frame.some;
    }

    void step(const XPathToken& token, bool calls) {
        Frame& frame = frames_.back();
        switch (token.kind) {
            case Kind::At:
                frame.axis = "attribute";
                break;
            case Kind::Axis:
                frame.axis = token.text;
                break;
            case Kind::Name:
            case Kind::Wildcard:
            case Kind::DotDot:
            case Kind::Function:
                frame.is_value = std::exchange(frame.axis, {}) == "attribute";
                break;
            case Kind::NodeType:
                frame.is_value = std::exchange(frame.axis, {}) == "attribute" || token.text != "node";
                break;
            case Kind::Operator:
                endPath();
                break;
            case Kind::Open:
            case Kind::OpenBracket:
                frames_.push_back({token.kind == Kind::Open && !calls});
                break;
            case Kind::Close:
            case Kind::CloseBracket:
                close();
                break;
            default:
                break;
        }
    }

    void close() {
        if (frames_.size() == 1) return;
        const bool some = endPath();
        const bool is_group = frames_.back().is_group;
        frames_.pop_back();
        if (is_group) frames_.back().is_value = some;
    }

    std::vector<Frame> frames_{1};
};

/// The step that ends at `last` is one to attributes.
bool isAttributeStep(const std::vector<XPathToken>& tokens, std::size_t last) {
    std::size_t at = last + 1;
    for (int open = 0; at > 0;) {  // back over its predicates
        const Kind kind = tokens[--at].kind;
        if (kind == Kind::CloseBracket) ++open;
        if (kind == Kind::OpenBracket) --open;
        if (open == 0 && kind != Kind::OpenBracket) break;
    }
    if (at == 0) return false;
    const XPathToken& before = tokens[at - 1];
    return before.kind == Kind::At || (before.kind == Kind::Axis && before.text == "attribute");
}

}  // namespace

bool endsAtValues(const std::vector<XPathToken>& tokens) {
    return Ends().areValues(tokens);
}

bool followsAttribute(const std::vector<XPathToken>& tokens) {
    for (std::size_t i = 2; i < tokens.size(); ++i) {
        const bool follows = tokens[i].kind == Kind::Axis && tokens[i].text == "following";
        if (follows && tokens[i - 1].kind == Kind::Slash && isAttributeStep(tokens, i - 2)) return true;
    }
    return false;
}

}  // namespace caseway
