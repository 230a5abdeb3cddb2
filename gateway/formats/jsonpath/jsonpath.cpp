// gateway/formats/jsonpath/jsonpath.cpp - the door of this folder: compile once, evaluate often.
#include "gateway/formats/jsonpath/jsonpath.hpp"

#include <algorithm>

#include "gateway/formats/jsonpath/evaluator.hpp"
#include "gateway/formats/jsonpath/i_regexp.hpp"
#include "gateway/formats/jsonpath/parser.hpp"

namespace caseway {
namespace {

bool searchesIn(const PathQuery& query, bool in_filter);

bool searchesIn(const PathExpr& expr) {
    return searchesIn(expr.query, true) ||
           std::any_of(expr.operands.begin(), expr.operands.end(), [](const PathExpr& one) { return searchesIn(one); });
}

/// Each descendant segment or filter inside a filter multiplies the nodes that are looked at.
bool searchesIn(const PathQuery& query, bool in_filter) {
    for (const PathSegment& segment : query.segments) {
        if (in_filter && segment.descendant) return true;
        for (const PathSelector& selector : segment.selectors) {
            if (selector.filter == nullptr) continue;
            if (in_filter || searchesIn(*selector.filter)) return true;
        }
    }
    return false;
}

bool asksRootIn(const PathQuery& query);

bool asksRoot(const PathExpr& expr) {
    if (expr.kind == PathExpr::Kind::Query && expr.query.absolute) return true;
    return asksRootIn(expr.query) || std::any_of(expr.operands.begin(), expr.operands.end(), asksRoot);
}

bool asksRootIn(const PathQuery& query) {
    for (const PathSegment& segment : query.segments)
        for (const PathSelector& selector : segment.selectors)
            if (selector.filter != nullptr && asksRoot(*selector.filter)) return true;
    return false;
}

std::optional<std::string> brokenIn(const PathQuery& query);

std::optional<std::string> brokenIn(const PathExpr& expr) {
    const bool has_literal = expr.kind == PathExpr::Kind::Call && expr.returnsLogical() &&
                             expr.operands.back().kind == PathExpr::Kind::Literal;
    if (has_literal && expr.pattern == nullptr) return expr.operands.back().text;
    for (const PathExpr& one : expr.operands)
        if (auto broken = brokenIn(one)) return broken;
    return brokenIn(expr.query);
}

std::optional<std::string> brokenIn(const PathQuery& query) {
    for (const PathSegment& segment : query.segments)
        for (const PathSelector& selector : segment.selectors) {
            if (selector.filter == nullptr) continue;
            if (auto broken = brokenIn(*selector.filter)) return broken;
        }
    return std::nullopt;
}

}  // namespace

struct JsonPath::Query {
    PathQuery path;
};

JsonPath::JsonPath(std::unique_ptr<Query> query) : query_(std::move(query)) {}
JsonPath::JsonPath(JsonPath&&) noexcept = default;
JsonPath& JsonPath::operator=(JsonPath&&) noexcept = default;
JsonPath::~JsonPath() = default;

Result<JsonPath, JsonPathError> JsonPath::compile(std::string_view query) {
    Result<PathQuery, JsonPathError> parsed = PathParser(query).run();
    if (!parsed) return std::move(parsed).error();
    return JsonPath(std::make_unique<Query>(Query{std::move(parsed).value()}));
}

bool JsonPath::evaluate(const JsonValue& root, std::vector<const JsonValue*>& nodes, std::size_t most_steps) const {
    return PathEvaluator(root, most_steps).run(query_->path, root, nodes);
}

bool JsonPath::evaluateWithin(const JsonValue& root, const JsonValue& from, std::vector<const JsonValue*>& nodes,
                              std::uint64_t& steps_left) const {
    PathEvaluator evaluator(root, static_cast<std::size_t>(steps_left));
    const bool whole = evaluator.run(query_->path, from, nodes);
    steps_left = evaluator.stepsLeft();
    return whole;
}

bool JsonPath::filtersAskRoot() const {
    return asksRootIn(query_->path);
}

bool JsonPath::searchesInFilters() const {
    return searchesIn(query_->path, false);
}

bool JsonPath::isPattern(std::string_view pattern) {
    return IRegexp::isPattern(pattern);
}

std::optional<std::string> JsonPath::brokenPattern() const {
    return brokenIn(query_->path);
}

std::optional<std::vector<SimpleStep>> JsonPath::simpleSteps() const {
    std::vector<SimpleStep> steps;
    for (const PathSegment& segment : query_->path.segments) {
        if (segment.descendant || segment.selectors.size() != 1) return std::nullopt;
        const PathSelector& selector = segment.selectors.front();
        SimpleStep step;
        switch (selector.kind) {
            case PathSelector::Kind::Name:
                step.kind = SimpleStep::Kind::Name;
                step.name = selector.name;
                break;
            case PathSelector::Kind::Wildcard:
                step.kind = SimpleStep::Kind::Wildcard;
                break;
            case PathSelector::Kind::Index:
                if (selector.index < 0) return std::nullopt;
                step.kind = SimpleStep::Kind::Index;
                step.index = selector.index;
                break;
            default:
                return std::nullopt;
        }
        steps.push_back(std::move(step));
    }
    return steps;
}

}  // namespace caseway
