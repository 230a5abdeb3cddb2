// gateway/adapters/sqlite/run_table.cpp - see the header; columns in the order of schema.cpp.
#include "gateway/adapters/sqlite/run_table.hpp"

#include <limits>

#include "gateway/adapters/sqlite/packed_key.hpp"

namespace caseway {
namespace {

RunRow rowAt(const Cursor& cursor) {
    return {cursor.number(0), cursor.text(1), cursor.integer(2) != 0, cursor.text(3)};
}

}  // namespace

RunReads::RunReads(SqliteConnection& connection)
    : cursor_(connection.raw(), "SELECT cursor FROM connector_cursor WHERE connector = ?1"),
      run_(connection.raw(), "SELECT number, connector, ended, body FROM run WHERE number = ?1"),
      list_(connection.raw(),
            "SELECT number, connector, ended, body FROM run WHERE connector = ?1 AND number < ?2"
            " ORDER BY number DESC LIMIT ?3"),
      list_all_(connection.raw(),
                "SELECT number, connector, ended, body FROM run WHERE number < ?1 ORDER BY number DESC LIMIT ?2"),
      unfinished_(connection.raw(), "SELECT number, connector, ended, body FROM run WHERE ended = 0 ORDER BY number"),
      pages_(connection.raw(), "SELECT key, body FROM run_page WHERE key > ?1 AND key <= ?2 ORDER BY key LIMIT ?3"),
      report_note_(connection.raw(), "SELECT body FROM report_note WHERE name = ?1") {}

std::optional<std::string> RunReads::cursor(std::string_view connector) {
    Cursor row = cursor_.query(connector);
    return row.step() ? std::optional(row.text(0)) : std::nullopt;
}

std::optional<RunRow> RunReads::run(std::uint64_t number) {
    Cursor row = run_.query(number);
    return row.step() ? std::optional(rowAt(row)) : std::nullopt;
}

std::vector<RunRow> RunReads::list(std::string_view connector, std::uint64_t before, std::size_t limit) {
    const std::int64_t end = before == 0 ? std::numeric_limits<std::int64_t>::max() : static_cast<std::int64_t>(before);
    const auto most = static_cast<std::int64_t>(limit);
    Cursor row = connector.empty() ? list_all_.query(end, most) : list_.query(connector, end, most);
    std::vector<RunRow> found;
    while (row.step()) found.push_back(rowAt(row));
    return found;
}

std::vector<RunRow> RunReads::unfinished() {
    Cursor row = unfinished_.query();
    std::vector<RunRow> found;
    while (row.step()) found.push_back(rowAt(row));
    return found;
}

std::vector<RunPageRow> RunReads::pages(std::uint64_t run, std::uint64_t after, std::size_t limit) {
    const auto first = recordKey(run, after);
    const auto last = recordKey(run, kRecordMax);
    const auto most = static_cast<std::int64_t>(limit);
    Cursor row = pages_.query(first, last, most);
    std::vector<RunPageRow> found;
    while (row.step()) found.push_back({run, recordOf(row.integer(0)), row.text(1)});
    return found;
}

std::optional<std::string> RunReads::reportNote(std::string_view name) {
    Cursor row = report_note_.query(name);
    return row.step() ? std::optional(row.text(0)) : std::nullopt;
}

RunWrites::RunWrites(SqliteConnection& connection)
    : last_(connection.raw(), "SELECT max(number) FROM run"),
      put_cursor_(connection.raw(), "INSERT OR REPLACE INTO connector_cursor(connector, cursor) VALUES(?1, ?2)"),
      put_run_(connection.raw(), "INSERT OR REPLACE INTO run(number, connector, ended, body) VALUES(?1, ?2, ?3, ?4)"),
      put_page_(connection.raw(), "INSERT OR REPLACE INTO run_page(key, body) VALUES(?1, ?2)"),
      put_report_note_(connection.raw(), "INSERT OR REPLACE INTO report_note(name, body) VALUES(?1, ?2)") {}

void RunWrites::putCursor(std::string_view connector, std::string_view cursor) {
    put_cursor_.run(connector, bytesOf(cursor));
}

std::uint64_t RunWrites::putRun(const RunRow& row) {
    std::uint64_t number = row.number;
    if (number == 0) {
        Cursor last = last_.query();
        last.step();
        number = last.number(0) + 1;
    }
    put_run_.run(number, row.connector, row.ended, bytesOf(row.body));
    return number;
}

void RunWrites::putPage(const RunPageRow& row) {
    const auto key = recordKey(row.run, row.page);
    put_page_.run(key, bytesOf(row.body));
}

void RunWrites::putReportNote(std::string_view name, std::string_view body) {
    put_report_note_.run(name, bytesOf(body));
}

}  // namespace caseway
