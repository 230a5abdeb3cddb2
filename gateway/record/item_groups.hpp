// gateway/record/item_groups.hpp - which item statements speak of one item of a list, and in which order the items
// stand. An item that came with its second key only (no seq) is the item with a seq whose standing values have that
// key.
#pragma once

#include <cstdint>
#include <vector>

#include "gateway/record/standing.hpp"

namespace caseway {

struct ItemGroup {
    std::vector<std::uint32_t> statements;  ///< indices, ascending by field
};

/// The items of `list`, whose statements are [first, end) of the state. Order: items by seq; then those without one by
/// their earliest time, then by key.
std::vector<ItemGroup> groupItems(const CaseState& state, const Standing& standing, Section list, std::uint32_t first,
                                  std::uint32_t end);

}  // namespace caseway
