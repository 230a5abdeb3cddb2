// gateway/formats/jsonpath/query.hpp - a valid JSONPath query as a tree. Private to this folder; made by the parser,
// walked by the evaluator. Source: RFC 9535 §2.3 (selectors), §2.4 (functions), §2.5 (segments).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/formats/json/document.hpp"
#include "gateway/formats/jsonpath/i_regexp.hpp"

namespace caseway {

struct PathExpr;

struct PathSelector {
    enum class Kind : std::uint8_t { Name, Wildcard, Index, Slice, Filter };
    Kind kind = Kind::Wildcard;
    std::string name;
    std::int64_t index = 0;
    std::optional<std::int64_t> start;
    std::optional<std::int64_t> end;
    std::int64_t step = 1;
    std::unique_ptr<PathExpr> filter;
};

struct PathSegment {
    bool descendant = false;
    std::vector<PathSelector> selectors;
};

struct PathQuery {
    bool absolute = true;  ///< `$`; else `@`
    std::vector<PathSegment> segments;

    /// At most one node, whatever the document: names and indexes only (§2.3.5.1).
    bool isSingular() const;
};

enum class PathFunction : std::uint8_t { Length, Count, Match, Search, Value };
enum class PathOperator : std::uint8_t { Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual };

/// A logical expression, a comparand or an argument.
struct PathExpr {
    enum class Kind : std::uint8_t { Or, And, Not, Compare, Query, Call, Literal };
    Kind kind = Kind::Literal;
    std::size_t at = 0;                     ///< where in the text it starts
    std::vector<PathExpr> operands;         ///< of Or, And, Not, Compare, Call
    PathOperator op = PathOperator::Equal;  ///< Compare
    PathQuery query;                        ///< Query
    PathFunction function = PathFunction::Length;
    std::unique_ptr<IRegexp> pattern;  ///< Match and Search whose pattern is a literal and valid
    JsonValue::Type literal = JsonValue::Type::Null;
    std::string text;  ///< Literal: of a number or string

    bool returnsLogical() const { return function == PathFunction::Match || function == PathFunction::Search; }
};

}  // namespace caseway
