// gateway/normalize/path_ways.cpp - the node of a list is that of the object in its place; names lead on from the one,
// numbers from the other.
#include "gateway/normalize/path_ways.hpp"

namespace caseway {

std::optional<Automaton::Node> followFrom(Automaton& automaton, const PathWay& way, SimplePath path) {
    if (way.of_object && !path.steps.empty()) {
        PathStep& first = path.steps.front();
        if (first.test == PathStep::Test::Index) return std::nullopt;
        if (first.test == PathStep::Test::Any) first.test = PathStep::Test::Member;
    }
    Automaton::Node node = way.node;
    for (const PathStep& step : path.steps) node = automaton.follow(node, step);
    return node;
}

void addWays(Automaton& automaton, const PathWay& from, SimplePath path, bool or_one, std::vector<PathWay>& ways) {
    const auto levels = static_cast<std::uint16_t>(from.levels + path.steps.size());
    if (or_one) path.steps.pop_back();
    const auto node = followFrom(automaton, from, path);
    if (!node) return;
    if (!or_one) return ways.push_back({*node, levels});
    PathStep element;
    element.test = PathStep::Test::Element;
    ways.push_back({automaton.follow(*node, element), levels});
    ways.push_back({*node, static_cast<std::uint16_t>(levels - 1), true});
}

void startAt(Automaton& automaton, const std::vector<PathWay>& ways, Action start, bool takes_value,
             bool notes_values) {
    for (const PathWay& way : ways) {
        start.depth = way.levels;
        start.of_object = way.of_object;
        start.takes_value = way.of_object ? takes_value : notes_values;
        automaton.act(way.node, start);
    }
}

}  // namespace caseway
