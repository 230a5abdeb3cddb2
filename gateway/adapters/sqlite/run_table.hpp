// gateway/adapters/sqlite/run_table.hpp - statements over connector_cursor, run, run_page and report_note of one
// connection.
#pragma once

#include <vector>

#include "gateway/adapters/sqlite/connection.hpp"
#include "gateway/adapters/sqlite/statement.hpp"
#include "gateway/ports/store.hpp"

namespace caseway {

class RunReads {
public:
    explicit RunReads(SqliteConnection& connection);
    std::optional<std::string> cursor(std::string_view connector);
    std::optional<RunRow> run(std::uint64_t number);
    std::vector<RunRow> list(std::string_view connector, std::uint64_t before, std::size_t limit);
    std::vector<RunRow> unfinished();
    std::vector<RunPageRow> pages(std::uint64_t run, std::uint64_t after, std::size_t limit);
    std::optional<std::string> reportNote(std::string_view name);

private:
    SqliteStatement cursor_, run_, list_, list_all_, unfinished_, pages_, report_note_;
};

class RunWrites {
public:
    explicit RunWrites(SqliteConnection& connection);
    void putCursor(std::string_view connector, std::string_view cursor);
    std::uint64_t putRun(const RunRow& row);
    void putPage(const RunPageRow& row);
    void putReportNote(std::string_view name, std::string_view body);

private:
    SqliteStatement last_, put_cursor_, put_run_, put_page_, put_report_note_;
};

}  // namespace caseway
