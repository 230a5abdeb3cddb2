// gateway/adapters/sqlite/system_dictionary.hpp - system ids as small integers: one table, and what one connection
// knows of it.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "gateway/adapters/sqlite/connection.hpp"
#include "gateway/adapters/sqlite/statement.hpp"
#include "gateway/base/ids.hpp"

namespace caseway {

/// The table only grows, so what was read once stays true; only the rollback of an addition makes it forget.
class SystemDictionary {
public:
    explicit SystemDictionary(SqliteConnection& connection);
    /// Nothing where no row ever named the system.
    std::optional<std::int64_t> find(const SystemId& id);
    /// Adds the system where it is new; only inside a write transaction.
    std::int64_t findOrAdd(const SystemId& id);
    /// Throws Fault{StoreCorrupt} where there is no such row.
    const SystemId& name(std::int64_t number);
    std::vector<std::int64_t> ofDepartment(std::string_view department);
    /// To be called after a rollback.
    void forgetAdditions();
    /// To be called after a commit.
    void keepAdditions() { added_ = false; }

private:
    std::int64_t remember(std::int64_t number, const SystemId& id);

    sqlite3* database_;
    SqliteStatement find_, name_, add_, of_department_;
    std::unordered_map<SystemId, std::int64_t> numbers_;
    std::unordered_map<std::int64_t, SystemId> names_;
    bool added_ = false;
};

}  // namespace caseway
