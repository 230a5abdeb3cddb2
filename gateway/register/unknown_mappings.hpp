// gateway/register/unknown_mappings.hpp - names of mappings that a change brings and that no mapping has: mistyped, or
// to come. Allowed, since one may come before the other, but told.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "gateway/register/operation.hpp"
#include "gateway/register/planned_change.hpp"

namespace caseway {

/// A line for each name that the change grants or, in an apply, that a connector's draft names: with file and line
/// where a file says it, the known name that is near, and those that there are. `known`: installed after the change.
std::vector<std::string> unknownMappings(const Operation& operation, const std::vector<FileChange>& files,
                                         const std::set<std::string>& known);

}  // namespace caseway
