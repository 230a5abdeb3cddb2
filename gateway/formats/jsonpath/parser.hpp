// gateway/formats/jsonpath/parser.hpp - the text of a JSONPath query to its tree, or the place where it stops being
// valid: well-formed by the grammar and well-typed by the functions' declarations. Private to this folder. Source: RFC
// 9535 §2.1, §2.4.3, appendix A.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/formats/jsonpath/jsonpath.hpp"
#include "gateway/formats/jsonpath/query.hpp"

namespace caseway {

class PathParser {
public:
    explicit PathParser(std::string_view text) : in_(text) {}
    Result<PathQuery, JsonPathError> run();

private:
    // parser.cpp: segments and selectors. Each reads its production or, returning false, has noted the first mistake.
    bool segments(PathQuery& query);
    bool segment(PathSegment& segment);
    bool bracketed(PathSegment& segment);
    bool selector(PathSelector& selector);
    bool indexOrSlice(PathSelector& selector);
    bool shorthand(PathSegment& segment);

    // filter_parser.cpp: what stands behind `?`.
    bool filter(PathExpr& expr);
    bool disjunction(PathExpr& expr);
    bool conjunction(PathExpr& expr);
    bool basic(PathExpr& expr);
    bool negation(PathExpr& expr);
    bool parenthesized(PathExpr& expr);
    bool comparison(PathExpr& left);
    bool operand(PathExpr& expr);
    bool nameOrCall(PathExpr& expr);
    bool call(std::string_view name, PathExpr& expr);
    bool arguments(PathExpr& expr);
    bool checkArguments(PathExpr& expr);
    bool requireTest(const PathExpr& expr);
    bool requireComparable(const PathExpr& expr);
    std::optional<PathOperator> comparisonSign();

    // literals.cpp
    bool integer(std::int64_t& value);
    bool number(std::string& literal);
    bool stringLiteral(std::string& value);
    bool escape(char quote, std::string& value);
    bool hex4(char32_t& unit);

    char peek(std::size_t ahead = 0) const { return at_ + ahead < in_.size() ? in_[at_ + ahead] : '\0'; }
    bool more() const { return at_ < in_.size(); }
    bool startsWith(std::string_view text) const { return in_.substr(at_).starts_with(text); }
    bool take(char c) {
        if (!more() || in_[at_] != c) return false;
        ++at_;
        return true;
    }
    bool takeDigits();
    void skipBlank();
    bool fail(std::size_t at, std::string rule);
    bool fail(std::string rule) { return fail(at_, std::move(rule)); }

    std::string_view in_;
    std::size_t at_ = 0;
    int depth_ = 0;
    std::optional<JsonPathError> error_;
};

}  // namespace caseway
