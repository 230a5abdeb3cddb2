// gateway/formats/jsonpath/filter_evaluator.cpp - filters: existence, comparison and the five functions of the
// standard.
#include <charconv>

#include "gateway/formats/jsonpath/compare.hpp"
#include "gateway/formats/jsonpath/evaluator.hpp"
#include "gateway/formats/text/utf8.hpp"

namespace caseway {

namespace {
constexpr std::size_t kCompileSteps = 256;  ///< and what it costs to make one
using Kind = PathExpr::Kind;
}  // namespace

void PathEvaluator::Operand::set(std::size_t number) {
    const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    is_nothing = false;
    value = {.type = JsonValue::Type::Number,
             .text = {digits.data(), static_cast<std::size_t>(written.ptr - digits.data())}};
}

bool PathEvaluator::test(const PathExpr& expr, const JsonValue& current) {
    if (!spend(1)) return false;
    switch (expr.kind) {
        case Kind::Or:
            for (const PathExpr& one : expr.operands) {
                if (test(one, current)) return true;
            }
            return false;
        case Kind::And:
            for (const PathExpr& one : expr.operands) {
                if (!test(one, current)) return false;
            }
            return true;
        case Kind::Not:
            return !test(expr.operands.front(), current);
        case Kind::Compare:
            return compare(expr, current);
        case Kind::Query: {
            Sink sink{.most = 1};
            walk(expr.query, current, sink);
            return sink.count != 0;
        }
        case Kind::Call:
            return matches(expr, current);
        case Kind::Literal:
            break;
    }
    return false;
}

bool PathEvaluator::compare(const PathExpr& expr, const JsonValue& current) {
    Operand left;
    Operand right;
    value(expr.operands[0], current, left);
    value(expr.operands[1], current, right);
    const bool both = !left.is_nothing && !right.is_nothing;
    const auto equal = [&] {
        if (!both) return left.is_nothing == right.is_nothing;
        const bool same = areEqual(left.value, right.value, steps_left_);
        if (steps_left_ == 0) exceeded_ = true;
        return same;
    };
    switch (expr.op) {
        case PathOperator::Equal:
            return equal();
        case PathOperator::NotEqual:
            return !equal();
        case PathOperator::Less:
            return both && isLess(left.value, right.value);
        case PathOperator::Greater:
            return both && isLess(right.value, left.value);
        case PathOperator::LessOrEqual:
            return (both && isLess(left.value, right.value)) || equal();
        case PathOperator::GreaterOrEqual:
            return (both && isLess(right.value, left.value)) || equal();
    }
    return false;
}

void PathEvaluator::value(const PathExpr& expr, const JsonValue& current, Operand& out) {
    if (expr.kind == Kind::Literal) {
        out.set({.type = expr.literal, .text = expr.text});
    } else if (expr.kind == Kind::Query) {
        Sink sink{.most = 1};
        walk(expr.query, current, sink);
        if (sink.first != nullptr) out.set(*sink.first);
    } else {
        callValue(expr, current, out);
    }
}

void PathEvaluator::callValue(const PathExpr& call, const JsonValue& current, Operand& out) {
    const PathExpr& argument = call.operands.front();
    if (call.function == PathFunction::Length) {
        Operand of;
        value(argument, current, of);
        if (of.is_nothing) return;
        if (of.value.type == JsonValue::Type::String) {
            if (spend(of.value.text.size() / kBytesPerStep)) out.set(utf8Length(of.value.text));
        } else if (of.value.type == JsonValue::Type::Array || of.value.type == JsonValue::Type::Object) {
            out.set(of.value.count);
        }
        return;
    }
    const bool counts = call.function == PathFunction::Count;
    Sink sink{.most = counts ? static_cast<std::size_t>(-1) : 2};
    walk(argument.query, current, sink);
    if (counts) {
        out.set(sink.count);
    } else if (sink.count == 1) {
        out.set(*sink.first);
    }
}

const IRegexp* PathEvaluator::dynamicPattern(std::string_view pattern) {
    if (!has_pattern_ || last_pattern_ != pattern) {
        if (!spend(kCompileSteps + pattern.size())) return nullptr;
        last_pattern_ = pattern;
        last_regexp_ = IRegexp::compile(pattern);
        has_pattern_ = true;
    }
    return last_regexp_.get();
}

bool PathEvaluator::matches(const PathExpr& call, const JsonValue& current) {
    Operand text;
    value(call.operands[0], current, text);
    if (text.is_nothing || text.value.type != JsonValue::Type::String) return false;
    const IRegexp* regexp = call.pattern.get();
    Operand pattern;
    if (call.operands[1].kind != Kind::Literal) {
        value(call.operands[1], current, pattern);
        if (pattern.is_nothing || pattern.value.type != JsonValue::Type::String) return false;
        regexp = dynamicPattern(pattern.value.text);
    }
    if (regexp == nullptr || !spend(regexp->stepsFor(text.value.text.size()))) return false;
    return call.function == PathFunction::Match ? regexp->matches(text.value.text) : regexp->isFoundIn(text.value.text);
}

}  // namespace caseway
