// gateway/adapters/sqlite/case_table.cpp - see the header; columns in the order of schema.cpp.
#include "gateway/adapters/sqlite/case_table.hpp"

#include <algorithm>

#include "gateway/adapters/sqlite/packed_key.hpp"

namespace caseway {
namespace {

#define CASE_COLUMNS "id, owner, case_no, source_case_no, status, deleted, changed_at, last_change, state"
#define PATCH_COLUMNS "key, case_id, outcome, patch"
// The part of a listing that is the same for all: ?1 owner, ?2 after, ?3 status, ?4 deleted ones too, ?5 source number,
// ?6 limit.
#define CASE_PAGE                                                                                        \
    " id > ?2 AND (?3 = '' OR status = ?3) AND (?4 OR deleted = 0) AND (?5 = '' OR source_case_no = ?5)" \
    " ORDER BY id LIMIT ?6"

}  // namespace

CaseReads::CaseReads(SqliteConnection& connection, SystemDictionary& systems, BodyCodec& codec)
    : systems_(systems),
      codec_(codec),
      by_id_(connection.raw(), "SELECT " CASE_COLUMNS " FROM case_record WHERE id = ?1"),
      by_no_(connection.raw(), "SELECT " CASE_COLUMNS " FROM case_record WHERE case_no = ?1"),
      by_source_(connection.raw(), "SELECT " CASE_COLUMNS
                                   " FROM case_record WHERE owner = ?1 AND source_case_no = ?2 ORDER BY id LIMIT 1"),
      list_all_(connection.raw(), "SELECT " CASE_COLUMNS " FROM case_record WHERE ?1 IS NULL AND" CASE_PAGE),
      list_owner_(connection.raw(),
                  "SELECT " CASE_COLUMNS " FROM case_record INDEXED BY case_owner WHERE owner = ?1 AND" CASE_PAGE),
      list_source_(connection.raw(),
                   "SELECT " CASE_COLUMNS
                   " FROM case_record INDEXED BY case_source_no WHERE owner = ?1 AND source_case_no = ?5"
                   " AND id > ?2 AND (?3 = '' OR status = ?3) AND (?4 OR deleted = 0) ORDER BY id LIMIT ?6"),
      history_(connection.raw(), "SELECT " PATCH_COLUMNS " FROM patch WHERE case_id = ?1 ORDER BY key LIMIT ?2"),
      changes_(connection.raw(),
               "SELECT number, case_id, patch_key FROM change WHERE number > ?1 ORDER BY number LIMIT ?2"),
      patch_(connection.raw(), "SELECT " PATCH_COLUMNS " FROM patch WHERE key = ?1"),
      last_change_(connection.raw(), "SELECT max(number) FROM change") {}

CaseRow CaseReads::row(const Cursor& cursor) {
    CaseRow row;
    row.id = cursor.integer(0);
    row.owner = systems_.name(cursor.integer(1));
    row.case_no = cursor.text(2);
    row.source_case_no = cursor.text(3);
    row.status = cursor.text(4);
    row.deleted = cursor.integer(5) != 0;
    row.changed_at = Instant(std::chrono::microseconds(cursor.integer(6)));
    row.last_change = cursor.number(7);
    row.state = codec_.decode(cursor.bytes(8));
    return row;
}

PatchRow CaseReads::patchRow(const Cursor& cursor) {
    const std::int64_t key = cursor.integer(0);
    return {indexOf(key), recordOf(key), cursor.integer(1), static_cast<RecordOutcome>(cursor.integer(2)),
            codec_.decode(cursor.bytes(3))};
}

std::optional<CaseRow> CaseReads::byId(CaseId id) {
    Cursor cursor = by_id_.query(id);
    if (!cursor.step()) return std::nullopt;
    return row(cursor);
}

std::optional<CaseRow> CaseReads::byNo(std::string_view case_no) {
    Cursor cursor = by_no_.query(case_no);
    if (!cursor.step()) return std::nullopt;
    return row(cursor);
}

std::optional<CaseRow> CaseReads::bySource(const SystemId& owner, std::string_view source_case_no) {
    const auto number = systems_.find(owner);
    if (!number) return std::nullopt;
    Cursor cursor = by_source_.query(*number, source_case_no);
    if (!cursor.step()) return std::nullopt;
    return row(cursor);
}

void CaseReads::addPage(SqliteStatement& statement, std::optional<std::int64_t> owner, const CaseFilter& filter,
                        std::vector<CaseRow>& rows) {
    Cursor cursor = statement.query(owner, filter.after, filter.status, filter.include_deleted, filter.source_case_no,
                                    static_cast<std::uint64_t>(filter.limit));
    while (cursor.step()) rows.push_back(row(cursor));
}

std::vector<CaseRow> CaseReads::list(const CaseFilter& filter) {
    if (!filter.departments.empty()) return listOfDepartments(filter);
    std::vector<CaseRow> rows;
    addPage(list_all_, std::nullopt, filter, rows);
    return rows;
}

std::vector<CaseRow> CaseReads::listOfDepartments(const CaseFilter& filter) {
    std::vector<std::string> departments = filter.departments;
    std::sort(departments.begin(), departments.end());
    departments.erase(std::unique(departments.begin(), departments.end()), departments.end());
    // A page of each owner, by its index, in the order of ids; the first ones of all of them are the page.
    std::vector<CaseRow> rows;
    SqliteStatement& page = filter.source_case_no.empty() ? list_owner_ : list_source_;
    for (const std::string& department : departments) {
        for (const std::int64_t owner : systems_.ofDepartment(department)) {
            addPage(page, owner, filter, rows);
            std::sort(rows.begin(), rows.end(), [](const CaseRow& a, const CaseRow& b) { return a.id < b.id; });
            if (rows.size() > filter.limit) rows.resize(filter.limit);
        }
    }
    return rows;
}

std::vector<PatchRow> CaseReads::history(CaseId id, std::size_t limit) {
    std::vector<PatchRow> rows;
    Cursor cursor = history_.query(id, static_cast<std::uint64_t>(limit));
    while (cursor.step()) rows.push_back(patchRow(cursor));
    return rows;
}

std::vector<ChangeRow> CaseReads::changes(ChangeNo after, std::size_t limit) {
    std::vector<ChangeRow> rows;
    const std::uint64_t from = std::min<std::uint64_t>(after, INT64_MAX);
    Cursor cursor = changes_.query(from, static_cast<std::uint64_t>(limit));
    while (cursor.step()) {
        const std::int64_t key = cursor.integer(2);
        rows.push_back({cursor.number(0), cursor.integer(1), indexOf(key), recordOf(key)});
    }
    return rows;
}

std::optional<PatchRow> CaseReads::patch(LogIndex index, std::uint64_t record) {
    if (index > kLogIndexMax || record > kRecordMax) return std::nullopt;
    Cursor cursor = patch_.query(recordKey(index, record));
    if (!cursor.step()) return std::nullopt;
    return patchRow(cursor);
}

ChangeNo CaseReads::lastChange() {
    Cursor cursor = last_change_.query();
    return cursor.step() ? cursor.number(0) : 0;
}

CaseWrites::CaseWrites(SqliteConnection& connection, SystemDictionary& systems, BodyCodec& codec)
    : database_(connection.raw()),
      systems_(systems),
      codec_(codec),
      insert_(database_,
              "INSERT INTO case_record(owner, case_no, source_case_no, status, deleted, changed_at, last_change, state)"
              " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"),
      update_(database_,
              "UPDATE case_record SET status = ?5, deleted = ?6, changed_at = ?7, last_change = ?8, state = ?9"
              " WHERE id = ?1 AND owner = ?2 AND case_no IS ?3 AND source_case_no = ?4"),
      replace_(database_,
               "UPDATE case_record SET owner = ?2, case_no = ?3, source_case_no = ?4, status = ?5, deleted = ?6,"
               " changed_at = ?7, last_change = ?8, state = ?9 WHERE id = ?1"),
      put_patch_(database_, "INSERT INTO patch(key, case_id, outcome, patch) VALUES (?1, ?2, ?3, ?4)"),
      put_change_(database_, "INSERT INTO change(number, case_id, patch_key) VALUES (?1, ?2, ?3)") {}

CaseId CaseWrites::put(const CaseRow& row) {
    const std::int64_t owner = systems_.findOrAdd(row.owner);
    std::optional<std::string_view> case_no;
    if (!row.case_no.empty()) case_no = row.case_no;
    const std::int64_t changed_at = row.changed_at.time_since_epoch().count();
    const ByteView state = codec_.encode(row.state);
    if (row.id == 0) {
        insert_.run(owner, case_no, row.source_case_no, row.status, row.deleted, changed_at, row.last_change, state);
        return sqlite3_last_insert_rowid(database_);
    }
    // A statement that names an indexed column rewrites its index entry, changed or not: the usual update names none.
    for (SqliteStatement* statement : {&update_, &replace_}) {
        statement->run(row.id, owner, case_no, row.source_case_no, row.status, row.deleted, changed_at, row.last_change,
                       state);
        if (sqlite3_changes(database_) == 1) return row.id;
    }
    CASEWAY_CHECK(!"putCase: no case of this id");
    return 0;
}

void CaseWrites::putPatch(const PatchRow& row) {
    std::optional<std::int64_t> case_id;
    if (row.case_id != 0) case_id = row.case_id;
    put_patch_.run(recordKey(row.index, row.record), case_id, static_cast<std::int64_t>(row.outcome),
                   codec_.encode(row.patch));
}

void CaseWrites::putChange(const ChangeRow& row) {
    put_change_.run(row.number, row.case_id, recordKey(row.index, row.record));
}

}  // namespace caseway
