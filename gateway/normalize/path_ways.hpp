// gateway/normalize/path_ways.hpp - how the automaton comes to a record or item, from where the paths of its fields go
// on: one way, or two where an object may stand in the place of a list.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "gateway/normalize/automaton.hpp"
#include "gateway/normalize/expression.hpp"

namespace caseway {

struct PathWay {
    Automaton::Node node = 0;
    std::uint16_t levels = 0;  ///< from the record to it
    bool of_object = false;    ///< only where the node is an object: a list that stands there has elements
};

/// Where `path` leads from there; nothing where it leads to elements of what is an object.
std::optional<Automaton::Node> followFrom(Automaton& automaton, const PathWay& way, SimplePath path);

/// The ways of what `path` finds from there. `or_one`: its last step opens a list, in whose place an object may stand.
void addWays(Automaton& automaton, const PathWay& from, SimplePath path, bool or_one, std::vector<PathWay>& ways);

/// Records or items start at the end of each way; `takes_value`: also where one value stands in the place of a list.
/// `notes_values`: what is no object but one value is noted of an item of a list.
void startAt(Automaton& automaton, const std::vector<PathWay>& ways, Action start, bool takes_value, bool notes_values);

}  // namespace caseway
