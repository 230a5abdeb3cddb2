// gateway/adapters/sqlite/change_table.hpp - the feed's table. A first synchronization makes a million changes whose
// numbers, cases and records all go up by one: neighbours of that kind share a row.
#pragma once

#include <string>
#include <vector>

#include "gateway/adapters/sqlite/connection.hpp"
#include "gateway/adapters/sqlite/statement.hpp"
#include "gateway/ports/store.hpp"

namespace caseway {

class ChangeReads {
public:
    explicit ChangeReads(SqliteConnection& connection);
    std::vector<ChangeRow> after(ChangeNo after, std::size_t limit);
    ChangeNo last();
    /// The first `limit` numbers from `from` on as the rows tell them, whatever somebody made of the rows.
    std::vector<std::int64_t> numbers(std::int64_t from, std::size_t limit);

private:
    template <class Each>
    void each(std::int64_t from, std::size_t limit, Each take);
    SqliteStatement rows_, last_;
};

/// A row that reaches into its neighbour, or behind the last record of the history, each by its name. Gaps are judged
/// by the log: audit/history_audit.cpp.
std::vector<std::string> brokenChangeRows(SqliteConnection& connection);

class ChangeWrites {
public:
    explicit ChangeWrites(SqliteConnection& connection);
    /// Kept back until flush(): the next one may belong into the same row.
    void put(const ChangeRow& row);
    /// To be called before anybody reads, and before the commit.
    void flush();
    bool isWaiting() const { return more_ != kNone; }
    /// To be called after a rollback.
    void forget() { more_ = kNone; }

private:
    static constexpr std::int64_t kNone = -1;
    SqliteStatement put_;
    ChangeRow first_;
    std::int64_t more_ = kNone;  ///< that follow `first_`; kNone: there is not even that
};

}  // namespace caseway
