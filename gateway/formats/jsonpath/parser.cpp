// gateway/formats/jsonpath/parser.cpp - segments and selectors.
#include "gateway/formats/jsonpath/parser.hpp"

#include <algorithm>

#include "gateway/formats/text/encoding.hpp"
#include "gateway/formats/text/utf8.hpp"

namespace caseway {

namespace {

constexpr std::size_t kMostBytes = 64 * 1024;

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}
bool isNameFirst(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

bool PathQuery::isSingular() const {
    return std::all_of(segments.begin(), segments.end(), [](const PathSegment& segment) {
        if (segment.descendant || segment.selectors.size() != 1) return false;
        const PathSelector::Kind kind = segment.selectors.front().kind;
        return kind == PathSelector::Kind::Name || kind == PathSelector::Kind::Index;
    });
}

bool PathParser::fail(std::size_t at, std::string rule) {
    if (!error_) error_ = JsonPathError{.at = at, .rule = std::move(rule)};
    return false;
}

void PathParser::skipBlank() {
    while (more() && (in_[at_] == ' ' || in_[at_] == '\t' || in_[at_] == '\n' || in_[at_] == '\r')) ++at_;
}

bool PathParser::takeDigits() {
    const std::size_t start = at_;
    while (isDigit(peek())) ++at_;
    return at_ != start;
}

Result<PathQuery, JsonPathError> PathParser::run() {
    if (in_.size() > kMostBytes) return JsonPathError{.at = kMostBytes, .rule = "a query of at most 64 KiB"};
    if (const Utf8Prefix prefix = utf8Prefix(in_); prefix.valid != in_.size()) {
        return JsonPathError{.at = prefix.valid, .rule = "text in UTF-8"};
    }
    PathQuery query;
    if (!take('$')) return JsonPathError{.at = 0, .rule = "`$` at the start"};
    if (!segments(query)) return *error_;
    if (more()) return JsonPathError{.at = at_, .rule = "a segment (`.name`, `[…]`, `..`) or the end"};
    return query;
}

bool PathParser::segments(PathQuery& query) {
    while (true) {
        const std::size_t start = at_;
        skipBlank();
        if (peek() != '.' && peek() != '[') {
            at_ = start;
            return true;
        }
        if (!segment(query.segments.emplace_back())) return false;
    }
}

bool PathParser::segment(PathSegment& segment) {
    if (peek() == '[') return bracketed(segment);
    ++at_;
    if (!take('.')) return shorthand(segment);
    segment.descendant = true;
    return peek() == '[' ? bracketed(segment) : shorthand(segment);
}

bool PathParser::shorthand(PathSegment& segment) {
    PathSelector& selector = segment.selectors.emplace_back();
    if (take('*')) return true;
    if (!isNameFirst(peek())) return fail("a member name or `*`");
    const std::size_t start = at_;
    while (isNameFirst(peek()) || isDigit(peek())) ++at_;
    selector.kind = PathSelector::Kind::Name;
    selector.name = in_.substr(start, at_ - start);
    return true;
}

bool PathParser::bracketed(PathSegment& segment) {
    ++at_;
    do {
        skipBlank();
        if (!selector(segment.selectors.emplace_back())) return false;
        skipBlank();
    } while (take(','));
    return take(']') || fail("`,` or `]` behind a selector");
}

bool PathParser::selector(PathSelector& selector) {
    const char c = peek();
    if (c == '*') {
        ++at_;
        return true;
    }
    if (c == '"' || c == '\'') {
        selector.kind = PathSelector::Kind::Name;
        return stringLiteral(selector.name);
    }
    if (c == '?') {
        ++at_;
        selector.kind = PathSelector::Kind::Filter;
        selector.filter = std::make_unique<PathExpr>();
        return filter(*selector.filter);
    }
    if (c == ':' || c == '-' || isDigit(c)) return indexOrSlice(selector);
    return fail("a selector: a quoted name, `*`, an index, a slice or `?` and a filter");
}

bool PathParser::indexOrSlice(PathSelector& selector) {
    if (peek() != ':') {
        if (!integer(selector.index)) return false;
        const std::size_t behind = at_;
        skipBlank();
        if (peek() != ':') {
            at_ = behind;
            selector.kind = PathSelector::Kind::Index;
            return true;
        }
        selector.start = selector.index;
    }
    selector.kind = PathSelector::Kind::Slice;
    const auto bound = [&](std::optional<std::int64_t>& value) {
        skipBlank();
        if (peek() != '-' && !isDigit(peek())) return true;
        std::int64_t number = 0;
        if (!integer(number)) return false;
        value = number;
        skipBlank();
        return true;
    };
    ++at_;
    if (!bound(selector.end)) return false;
    if (!take(':')) return true;
    std::optional<std::int64_t> step;
    if (!bound(step)) return false;
    selector.step = step.value_or(1);
    return true;
}

}  // namespace caseway
