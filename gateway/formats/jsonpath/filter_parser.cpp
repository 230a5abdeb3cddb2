// gateway/formats/jsonpath/filter_parser.cpp - logical expressions, comparisons and function calls with their types.
// A value alone (a literal, a query, a call) is read first; what stands around it says whether it may stand there.
#include <algorithm>
#include <array>

#include "gateway/formats/jsonpath/parser.hpp"

namespace caseway {

namespace {

constexpr int kMostDepth = 64;

using Kind = PathExpr::Kind;

/// RFC 9535 §2.4.4 to §2.4.8. No function of the standard takes a logical argument or returns nodes.
struct Declaration {
    std::string_view name;
    PathFunction function;
    std::size_t arguments;
    bool takes_nodes;
};
constexpr std::array kFunctions = {
    Declaration{"length", PathFunction::Length, 1, false}, Declaration{"count", PathFunction::Count, 1, true},
    Declaration{"match", PathFunction::Match, 2, false},   Declaration{"search", PathFunction::Search, 2, false},
    Declaration{"value", PathFunction::Value, 1, true},
};

PathExpr around(Kind kind, PathExpr inner) {
    PathExpr outer;
    outer.kind = kind;
    outer.at = inner.at;
    outer.operands.push_back(std::move(inner));
    return outer;
}

}  // namespace

bool PathParser::filter(PathExpr& expr) {
    skipBlank();
    return disjunction(expr) && requireTest(expr);
}

bool PathParser::disjunction(PathExpr& expr) {
    if (++depth_ > kMostDepth) return fail("at most 64 levels of nesting");
    if (!conjunction(expr)) return false;
    while (true) {
        const std::size_t behind = at_;
        skipBlank();
        if (!startsWith("||")) {
            at_ = behind;
            --depth_;
            return true;
        }
        at_ += 2;
        skipBlank();
        if (expr.kind != Kind::Or) {
            if (!requireTest(expr)) return false;
            expr = around(Kind::Or, std::move(expr));
        }
        PathExpr next;
        if (!conjunction(next) || !requireTest(next)) return false;
        expr.operands.push_back(std::move(next));
    }
}

bool PathParser::conjunction(PathExpr& expr) {
    if (!basic(expr)) return false;
    bool gathering = false;
    while (true) {
        const std::size_t behind = at_;
        skipBlank();
        if (!startsWith("&&")) {
            at_ = behind;
            return true;
        }
        at_ += 2;
        skipBlank();
        if (!gathering) {
            if (!requireTest(expr)) return false;
            expr = around(Kind::And, std::move(expr));
            gathering = true;
        }
        PathExpr next;
        if (!basic(next) || !requireTest(next)) return false;
        expr.operands.push_back(std::move(next));
    }
}

bool PathParser::basic(PathExpr& expr) {
    expr.at = at_;
    if (peek() == '!') return negation(expr);
    if (peek() == '(') return parenthesized(expr);
    return operand(expr) && comparison(expr);
}

bool PathParser::negation(PathExpr& expr) {
    ++at_;
    skipBlank();
    PathExpr inner;
    inner.at = at_;
    if (peek() == '(' ? !parenthesized(inner) : !operand(inner)) return false;
    if (!requireTest(inner)) return false;
    expr = around(Kind::Not, std::move(inner));
    return true;
}

bool PathParser::parenthesized(PathExpr& expr) {
    ++at_;
    skipBlank();
    PathExpr inner;
    if (!disjunction(inner) || !requireTest(inner)) return false;
    skipBlank();
    if (!take(')')) return fail("`)`");
    // Wrapped, so that what is in parentheses is logical whatever it was.
    expr = around(Kind::And, std::move(inner));
    return true;
}

std::optional<PathOperator> PathParser::comparisonSign() {
    struct Sign {
        std::string_view text;
        PathOperator op;
    };
    static constexpr std::array kSigns = {
        Sign{"==", PathOperator::Equal},       Sign{"!=", PathOperator::NotEqual},
        Sign{"<=", PathOperator::LessOrEqual}, Sign{">=", PathOperator::GreaterOrEqual},
        Sign{"<", PathOperator::Less},         Sign{">", PathOperator::Greater},
    };
    for (const Sign& sign : kSigns) {
        if (startsWith(sign.text)) {
            at_ += sign.text.size();
            return sign.op;
        }
    }
    return std::nullopt;
}

/// Makes `left` the comparison that it begins, if a comparison sign follows.
bool PathParser::comparison(PathExpr& left) {
    const std::size_t behind = at_;
    skipBlank();
    const std::optional<PathOperator> op = comparisonSign();
    if (!op) {
        at_ = behind;
        return true;
    }
    skipBlank();
    PathExpr right;
    right.at = at_;
    if (!operand(right) || !requireComparable(left) || !requireComparable(right)) return false;
    left = around(Kind::Compare, std::move(left));
    left.op = *op;
    left.operands.push_back(std::move(right));
    return true;
}

bool PathParser::operand(PathExpr& expr) {
    expr.at = at_;
    const char c = peek();
    if (c == '"' || c == '\'') {
        expr.literal = JsonValue::Type::String;
        return stringLiteral(expr.text);
    }
    if (c == '-' || (c >= '0' && c <= '9')) {
        expr.literal = JsonValue::Type::Number;
        return number(expr.text);
    }
    if (c == '@' || c == '$') {
        ++at_;
        expr.kind = Kind::Query;
        expr.query.absolute = c == '$';
        return segments(expr.query);
    }
    if (c >= 'a' && c <= 'z') return nameOrCall(expr);
    return fail("a query (`@…`, `$…`), a function, a literal, `!` or `(`");
}

bool PathParser::nameOrCall(PathExpr& expr) {
    const std::size_t start = at_;
    const auto isNamePart = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
    while (isNamePart(peek())) ++at_;
    const std::string_view name = in_.substr(start, at_ - start);
    if (peek() == '(') return call(name, expr);
    if (name == "true") {
        expr.literal = JsonValue::Type::True;
    } else if (name == "false") {
        expr.literal = JsonValue::Type::False;
    } else if (name != "null") {
        return fail(start, "true, false, null or a function");
    }
    return true;
}

bool PathParser::call(std::string_view name, PathExpr& expr) {
    const auto* found =
        std::find_if(kFunctions.begin(), kFunctions.end(), [&](const Declaration& one) { return one.name == name; });
    if (found == kFunctions.end()) return fail(expr.at, "a function of RFC 9535: length, count, match, search, value");
    expr.kind = Kind::Call;
    expr.function = found->function;
    ++at_;
    return arguments(expr) && checkArguments(expr);
}

bool PathParser::arguments(PathExpr& expr) {
    skipBlank();
    if (take(')')) return true;
    while (true) {
        skipBlank();
        if (!disjunction(expr.operands.emplace_back())) return false;
        skipBlank();
        if (take(')')) return true;
        if (!take(',')) return fail("`,` or `)` behind an argument");
    }
}

bool PathParser::checkArguments(PathExpr& expr) {
    const auto& declared = *std::find_if(kFunctions.begin(), kFunctions.end(),
                                         [&](const Declaration& one) { return one.function == expr.function; });
    if (expr.operands.size() != declared.arguments) {
        return fail(expr.at, "as many arguments as the function takes: " + std::to_string(declared.arguments));
    }
    for (const PathExpr& argument : expr.operands) {
        const bool is_value = argument.kind == Kind::Literal ||
                              (argument.kind == Kind::Query && argument.query.isSingular()) ||
                              (argument.kind == Kind::Call && !argument.returnsLogical());
        if (declared.takes_nodes ? argument.kind != Kind::Query : !is_value) {
            return fail(argument.at, declared.takes_nodes ? "a query as the argument"
                                                          : "a literal, a singular query or a function with a value");
        }
    }
    if (!expr.returnsLogical()) return true;
    const PathExpr& pattern = expr.operands.back();
    if (pattern.kind == Kind::Literal && pattern.literal == JsonValue::Type::String) {
        expr.pattern = IRegexp::compile(pattern.text);
    }
    return true;
}

bool PathParser::requireTest(const PathExpr& expr) {
    if (expr.kind == Kind::Literal) return fail(expr.at, "a comparison: a literal alone is no test");
    if (expr.kind == Kind::Call && !expr.returnsLogical()) {
        return fail(expr.at, "a comparison: the value of this function alone is no test");
    }
    return true;
}

bool PathParser::requireComparable(const PathExpr& expr) {
    if (expr.kind == Kind::Query && !expr.query.isSingular()) {
        return fail(expr.at, "a singular query (names and indexes only) in a comparison");
    }
    if (expr.kind == Kind::Call && expr.returnsLogical()) {
        return fail(expr.at, "no comparison: this function is a test by itself");
    }
    return true;
}

}  // namespace caseway
