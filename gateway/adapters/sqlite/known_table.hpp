// gateway/adapters/sqlite/known_table.hpp - statements over known_part of one connection.
#pragma once

#include "gateway/adapters/sqlite/connection.hpp"
#include "gateway/adapters/sqlite/statement.hpp"
#include "gateway/ports/store.hpp"

namespace caseway {

class KnownReads {
public:
    explicit KnownReads(SqliteConnection& connection);
    std::optional<std::string> next(LogIndex index, std::uint64_t& part);

private:
    SqliteStatement next_;
};

class KnownWrites {
public:
    explicit KnownWrites(SqliteConnection& connection);
    void put(LogIndex index, std::string_view notes);
    std::size_t remove(LogIndex index, std::size_t most);

private:
    sqlite3* database_;
    SqliteStatement put_, remove_;
};

}  // namespace caseway
