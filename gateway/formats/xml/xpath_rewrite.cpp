// gateway/formats/xml/xpath_rewrite.cpp - one walk over the tokens: which operands and parentheses may hold texts among
// others.
#include "gateway/formats/xml/xpath_rewrite.hpp"

#include <string_view>
#include <utility>
#include <vector>

#include "gateway/formats/xml/xpath_tokens.hpp"

namespace caseway {
namespace {

using Kind = XPathToken::Kind;

/// What the nodes of a path or an operand may be.
enum Holds : unsigned { kNothing = 0, kTexts = 1, kOthers = 2, kBoth = kTexts | kOthers };

/// In `.//.`, which libxml2 reads as a pattern, that forgets the node itself.
bool isSelfBelow(const std::vector<XPathToken>& tokens, std::size_t i) {
    return i > 0 && tokens[i].kind == Kind::Dot && tokens[i - 1].kind == Kind::DoubleSlash;
}

bool isNotAscii(std::string_view text) {
    return !text.empty() && static_cast<unsigned char>(text.front()) >= 0x80;
}

/// A slash behind it goes on with its path; behind anything else it begins one.
bool endsAStep(Kind kind) {
    switch (kind) {
        case Kind::Name:
        case Kind::Wildcard:
        case Kind::Dot:
        case Kind::DotDot:
        case Kind::Close:
        case Kind::CloseBracket:
        case Kind::Variable:
        case Kind::Literal:
        case Kind::Number:
            return true;
        default:
            return false;
    }
}

/// Finds where something is to be written in between.
class Rewriting {
public:
    explicit Rewriting(const std::string& expression)
        : expression_(expression),
          tokens_(tokensOfXPath(expression)),
          before_(tokens_.size()),
          after_(tokens_.size()),
          frames_(1) {}

    std::string run() {
        rewrites_unions_ = !isXPathPattern(tokens_);
        for (std::size_t i = 0; i < tokens_.size(); ++i) step(i);
        endOperand(tokens_.size(), false);
        std::string out;
        std::size_t copied = 0;
        for (std::size_t i = 0; i < tokens_.size(); ++i) {
            const auto begin = static_cast<std::size_t>(tokens_[i].text.data() - expression_.data());
            const std::size_t end = begin + tokens_[i].text.size();
            out.append(expression_, copied, begin - copied).append(before_[i]);
            out.append(written(i)).append(after_[i]);
            copied = end;
        }
        return out.append(expression_, copied);
    }

private:
    /// What stands between one pair of parentheses or brackets.
    struct Frame {
        std::size_t opened = 0;   ///< its first token is the next one
        std::size_t operand = 0;  ///< where the operand being read begins
        bool is_group = false;    ///< parentheses that call nothing
        bool calculated = false;  ///< the operator before the operand calculates
        unsigned path = kNothing;
        unsigned holds = kNothing;  ///< the paths of the operand before this one
        bool is_union = false;      ///< the operand has several paths
    };

    std::string_view written(std::size_t i) const {
        if (isSelfBelow(tokens_, i)) return "self::node()";
        const bool joins = tokens_[i].kind == Kind::Operator && tokens_[i].text == "|";
        return joins && rewrites_unions_ ? "," : tokens_[i].text;
    }

    void step(std::size_t i) {
        const XPathToken& token = tokens_[i];
        Frame& frame = frames_.back();
        switch (token.kind) {
            case Kind::Open:
            case Kind::OpenBracket: {
                const bool called = i > 0 && (tokens_[i - 1].kind == Kind::Function || isNodeType(i - 1));
                frames_.push_back({i, i + 1, token.kind == Kind::Open && !called});
                break;
            }
            case Kind::Close:
            case Kind::CloseBracket:
                close(i);
                break;
            case Kind::Comma:
                endOperand(i, false);
                break;
            case Kind::Operator:
                if (token.text == "|") {
                    endPath();
                    frame.is_union = true;
                } else {
                    endOperand(i, calculates(token.text));
                }
                break;
            case Kind::NodeType:
                frame.path = token.text == "node" ? kBoth : kTexts;
                break;
            case Kind::Dot:
                frame.path = kBoth;
                break;
            case Kind::Name:
            case Kind::Wildcard:
            case Kind::DotDot:
            case Kind::Function:
                frame.path = kOthers;
                break;
            default:
                break;
        }
    }

    static bool calculates(std::string_view sign) {
        return sign == "+" || sign == "-" || sign == "*" || sign == "div" || sign == "mod";
    }
    bool isNodeType(std::size_t i) const { return tokens_[i].kind == Kind::NodeType; }

    unsigned endPath() {
        Frame& frame = frames_.back();
        frame.holds |= std::exchange(frame.path, kNothing);
        return frame.holds;
    }

    void endOperand(std::size_t end, bool calculates) {
        const unsigned holds = endPath();
        Frame& frame = frames_.back();
        const bool is_single = frame.operand + 1 >= end;
        if (frame.is_union && rewrites_unions_) call(kOrderFunction, frame.operand, end);
        if (!is_single && holds == kBoth && (calculates || frame.calculated)) call("number", frame.operand, end);
        frame.is_union = false;
        frame.operand = end + 1;
        frame.calculated = calculates;
        if (end < tokens_.size() && tokens_[end].kind != Kind::Close) frame.holds = kNothing;
    }

    void call(std::string_view function, std::size_t begin, std::size_t end) {
        before_[begin].insert(0, std::string(function) + '(');
        after_[end - 1] += ')';
    }

    void close(std::size_t i) {
        endOperand(i, false);
        if (frames_.size() == 1) return;
        const Frame inner = frames_.back();
        frames_.pop_back();
        if (!inner.is_group) return;
        frames_.back().path = inner.holds;
        const bool is_counted = i + 1 < tokens_.size() && tokens_[i + 1].kind == Kind::OpenBracket;
        if (is_counted && inner.holds == kBoth) before_[inner.opened] += kOrderFunction;
    }

    const std::string& expression_;
    std::vector<XPathToken> tokens_;
    std::vector<std::string> before_;
    std::vector<std::string> after_;
    std::vector<Frame> frames_;
    bool rewrites_unions_ = true;
};

}  // namespace

bool isXPathPattern(const std::vector<XPathToken>& tokens) {
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const Kind kind = tokens[i].kind;
        const bool is_step = kind == Kind::Name || kind == Kind::Wildcard || kind == Kind::Dot;
        const bool separates = kind == Kind::Slash || kind == Kind::DoubleSlash || tokens[i].text == "|";
        if ((!is_step && !separates) || isSelfBelow(tokens, i)) return false;
    }
    return true;
}

std::string withOrder(const std::string& expression) {
    return Rewriting(expression).run();
}

std::string withRootsNamed(const std::string& expression) {
    const std::vector<XPathToken> tokens = tokensOfXPath(expression);
    std::string out;
    std::size_t copied = 0;
    for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
        if (tokens[i].kind != Kind::Slash || !isNotAscii(tokens[i + 1].text) ||
            (i > 0 && endsAStep(tokens[i - 1].kind)))
            continue;
        const auto end = static_cast<std::size_t>(tokens[i].text.data() + 1 - expression.data());
        out.append(expression, copied, end - copied).append("./");
        copied = end;
    }
    return out.append(expression, copied);
}

}  // namespace caseway
