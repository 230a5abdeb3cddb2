// gateway/adapters/sqlite/schema.hpp - the versions of the schema and the way forward from each; a fresh database walks
// it whole. The tables and why they are so lean: docs/decisions/0005-sqlite-raw-api.md.
#pragma once

#include <span>
#include <string_view>

#include "gateway/adapters/sqlite/connection.hpp"

namespace caseway {

/// What `PRAGMA application_id` says of a Caseway database: "CSWY".
constexpr int kApplicationId = 0x43535759;

/// Step n leads from version n to n + 1; each runs in a transaction of its own.
std::span<const std::string_view> schemaMigrations();
inline int schemaVersion() {
    return static_cast<int>(schemaMigrations().size());
}

/// Brings the database to the last version of `migrations`. Killed at any point, the next call goes on from there.
/// Throws Fault{ConfigurationBad}: a newer version, or not a database of Caseway; Fault{StoreUnavailable,
/// StoreCorrupt}.
void migrate(SqliteConnection& connection, std::span<const std::string_view> migrations);

/// Throws Fault{ConfigurationBad} unless the database is Caseway's, of exactly this version.
void requireCurrentSchema(SqliteConnection& connection);

}  // namespace caseway
