// gateway/adapters/sqlite/vanished_table.hpp - statements over the marks of reconciliations, of one connection.
#pragma once

#include <optional>
#include <vector>

#include "gateway/adapters/sqlite/connection.hpp"
#include "gateway/adapters/sqlite/statement.hpp"
#include "gateway/ports/store.hpp"

namespace caseway {

class VanishedReads {
public:
    explicit VanishedReads(SqliteConnection& connection);
    std::optional<VanishedRow> of(CaseId id);
    std::vector<VanishedRow> after(CaseId after, std::size_t limit);

private:
    SqliteStatement of_, after_;
};

class VanishedWrites {
public:
    explicit VanishedWrites(SqliteConnection& connection);
    void put(const VanishedRow& row);
    void remove(CaseId id);

private:
    SqliteStatement put_, remove_;
};

}  // namespace caseway
