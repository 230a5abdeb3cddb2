// gateway/log/outcome_line_at.hpp - one line, or each line, of those beside a leaf, read from a store. Nothing is held
// against the leaf's root here: that is `caseway log verify`.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/ports/store.hpp"

namespace caseway {

/// Calls `each` with every line, without its newline; it returns false to read no further. Throws
/// Fault{StoreUnavailable}; a piece that cannot be decoded reads as nothing.
void eachOutcomeLine(StoreReader& reader, LogIndex index, const std::function<bool(std::string_view)>& each);

/// The line of the record with this ordinal (from 1); nothing where there is none.
std::optional<std::string> outcomeLineAt(StoreReader& reader, LogIndex index, std::uint64_t record);

}  // namespace caseway
