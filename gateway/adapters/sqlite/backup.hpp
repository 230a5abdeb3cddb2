// gateway/adapters/sqlite/backup.hpp - a copy of the database as it stood at one moment, made while the gateway goes
// on.
#pragma once

#include <functional>
#include <string>

namespace caseway {

/// Copies one snapshot of `database_file` to `file`, which must not exist: it appears whole and durable, or not at all.
/// The write-ahead log cannot shrink meanwhile. `between_steps` is called after each step (tests write there). Throws
/// Fault{FileUnavailable, StoreUnavailable, StoreCorrupt}.
void backUpDatabase(const std::string& database_file, const std::string& file,
                    const std::function<void()>& between_steps = {});

}  // namespace caseway
