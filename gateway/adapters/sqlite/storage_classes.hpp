// gateway/adapters/sqlite/storage_classes.hpp - whether each stored value is of its column's kind. SQLite keeps any
// kind of value in any column and finds no fault with it, and bytes read alike whether they are text or a blob; but
// look-ups compare kinds, so a row whose kind was changed is there and is never found.
#pragma once

#include <string>
#include <vector>

#include "gateway/adapters/sqlite/connection.hpp"

namespace caseway {

/// A text for each value that is not of the type that its column declares, or that is zero or empty where NULL stands
/// for nothing; names table, key and column, never the value. At most 20 a table. `connection`: with the tables of
/// schema.cpp. Throws Fault{StoreUnavailable, StoreCorrupt}.
std::vector<std::string> wrongStorageClasses(SqliteConnection& connection);

}  // namespace caseway
