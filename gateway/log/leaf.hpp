// gateway/log/leaf.hpp - one leaf of the log as bytes: canonical JSON both ways. Format: docs/formats/message-log.md.
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/result.hpp"
#include "gateway/domain/log_entry.hpp"

namespace caseway {

constexpr std::size_t kLeafMax = 4096;  ///< bytes; also well below the 16-bit length of an entry bundle

/// Appends the leaf: RFC 8785, at most kLeafMax bytes. Bug where it would be longer, where a number is above 2^53 - 1,
/// where `refusal_code` is not snake_case, or where `detail` is not a JSON object.
void appendLeaf(const LogEntry& entry, std::string& out);

/// The entry of a leaf that appendLeaf could have made, byte by byte. Refusals: malformed_leaf, leaf_not_canonical.
Result<LogEntry> parseLeaf(std::string_view leaf);

/// The name of one member of a parsed leaf's event, types audit and run: the text under `name` in `detail`; empty where
/// none.
std::string detailText(const LogEntry& entry, std::string_view name);

}  // namespace caseway
