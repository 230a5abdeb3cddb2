// gateway/formats/jsonpath/jsonpath.cpp - the door of this folder: compile once, evaluate often.
#include "gateway/formats/jsonpath/jsonpath.hpp"

#include "gateway/formats/jsonpath/evaluator.hpp"
#include "gateway/formats/jsonpath/parser.hpp"

namespace caseway {

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
    return PathEvaluator(root, most_steps).run(query_->path, nodes);
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
