// gateway/formats/xml/xpath_tokens.cpp - the lexer of XPath 1.0 §3.7.
#include "gateway/formats/xml/xpath_tokens.hpp"

#include <algorithm>
#include <array>

namespace caseway {
namespace {

using Kind = XPathToken::Kind;

bool isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool isDigit(char c) {
    return c >= '0' && c <= '9';
}
bool isNameStart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool isNameChar(char c) {
    return isNameStart(c) || isDigit(c) || c == '-' || c == '.';
}

class Lexer {
public:
    explicit Lexer(std::string_view text) : text_(text) {}

    std::vector<XPathToken> run() {
        while (skipSpace()) {
            const std::size_t before = at_;
            tokens_.push_back(next());
            if (tokens_.back().kind == Kind::Bad || at_ == before) break;
        }
        return std::move(tokens_);
    }

private:
    bool skipSpace() {
        while (at_ < text_.size() && isSpace(text_[at_])) ++at_;
        return at_ < text_.size();
    }
    bool sees(std::string_view what) const { return text_.substr(at_).starts_with(what); }
    XPathToken take(Kind kind, std::size_t length) {
        const XPathToken token{kind, text_.substr(at_, length)};
        at_ += length;
        return token;
    }
    /// §3.7: after an operand, `*` and the operator names are operators.
    bool afterOperand() const {
        if (tokens_.empty()) return false;
        constexpr std::array kOperands = {Kind::Name, Kind::Number, Kind::Literal,  Kind::Close,   Kind::CloseBracket,
                                          Kind::Dot,  Kind::DotDot, Kind::Variable, Kind::Wildcard};
        return std::find(kOperands.begin(), kOperands.end(), tokens_.back().kind) != kOperands.end();
    }

    XPathToken next() {
        const char c = text_[at_];
        if (isDigit(c) || (c == '.' && at_ + 1 < text_.size() && isDigit(text_[at_ + 1]))) return number();
        if (c == '"' || c == '\'') return literal(c);
        if (isNameStart(c)) return name();
        if (c == '$') return variable();
        if (c == '*') return take(afterOperand() ? Kind::Operator : Kind::Wildcard, 1);
        return punctuation();
    }

    XPathToken punctuation() {
        struct Mark {
            std::string_view text;
            Kind kind;
        };
        static constexpr Mark kMarks[] = {
            {"//", Kind::DoubleSlash}, {"/", Kind::Slash},        {"..", Kind::DotDot},   {".", Kind::Dot},
            {"@", Kind::At},           {",", Kind::Comma},        {"(", Kind::Open},      {")", Kind::Close},
            {"[", Kind::OpenBracket},  {"]", Kind::CloseBracket}, {"!=", Kind::Operator}, {"<=", Kind::Operator},
            {">=", Kind::Operator},    {"=", Kind::Operator},     {"<", Kind::Operator},  {">", Kind::Operator},
            {"|", Kind::Operator},     {"+", Kind::Operator},     {"-", Kind::Operator}};
        for (const Mark& mark : kMarks) {
            if (sees(mark.text)) return take(mark.kind, mark.text.size());
        }
        return take(Kind::Bad, 1);
    }

    XPathToken number() {
        std::size_t end = at_;
        while (end < text_.size() && (isDigit(text_[end]) || text_[end] == '.')) ++end;
        return take(Kind::Number, end - at_);
    }
    XPathToken literal(char quote) {
        const std::size_t end = text_.find(quote, at_ + 1);
        if (end == std::string_view::npos) return take(Kind::Bad, text_.size() - at_);
        return take(Kind::Literal, end + 1 - at_);
    }
    XPathToken variable() {
        std::size_t end = at_ + 1;
        while (end < text_.size() && (isNameChar(text_[end]) || text_[end] == ':')) ++end;
        return take(Kind::Variable, end - at_);
    }

    XPathToken name() {
        std::size_t end = at_;
        while (end < text_.size() && isNameChar(text_[end])) ++end;
        const std::string_view word = text_.substr(at_, end - at_);
        if (afterOperand() && (word == "and" || word == "or" || word == "div" || word == "mod")) {
            return take(Kind::Operator, word.size());
        }
        if (end + 1 < text_.size() && text_[end] == ':' && text_[end + 1] != ':') {
            ++end;
            if (text_[end] == '*') return take(Kind::Wildcard, end + 1 - at_);
            if (!isNameStart(text_[end])) return take(Kind::Bad, end - at_);
            while (end < text_.size() && isNameChar(text_[end])) ++end;
        }
        XPathToken token = take(Kind::Name, end - at_);
        skipSpace();
        if (sees("::")) {
            token.kind = Kind::Axis;
            at_ += 2;
        } else if (sees("(")) {
            const bool node = word == "node" || word == "text" || word == "comment" || word == "processing-instruction";
            token.kind = node ? Kind::NodeType : Kind::Function;
        }
        return token;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::vector<XPathToken> tokens_;
};

}  // namespace

std::vector<XPathToken> tokensOfXPath(std::string_view expression) {
    return Lexer(expression).run();
}

}  // namespace caseway
