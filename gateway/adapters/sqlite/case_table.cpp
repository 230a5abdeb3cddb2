// gateway/adapters/sqlite/case_table.cpp - see the header; columns in the order of schema.cpp.
#include "gateway/adapters/sqlite/case_table.hpp"

#include <algorithm>

#include "gateway/adapters/sqlite/first_numbers.hpp"
#include "gateway/adapters/sqlite/packed_key.hpp"

namespace caseway {
namespace {

#define CASE_COLUMNS                                                                                              \
    "id, owner, case_no, source_case_no, status, deleted, changed_at, last_change, state, department, by_window," \
    " stated_by, " REPEAT_COLUMNS_OF_CASE
#define CASE_FROM(indexed) " FROM case_record " indexed "LEFT JOIN " REPEAT_OF_CASE
#define CASE_NEW_COLUMNS                                                                               \
    "id, owner, case_no, source_case_no, status, deleted, changed_at, last_change, state, department," \
    " by_window, stated_by"
constexpr std::size_t kSourceCaseNo = 3;  // of these
#define PATCH_COLUMNS "key, case_id, outcome, patch, opens"
// A row that is said to be of a case in both ways is of none.
#define PATCH_READ                                                                                                     \
    "key, CASE WHEN opens IS NULL THEN case_id WHEN case_id IS NULL THEN opens ELSE -1 END AS of_case, outcome, patch" \
    " FROM patch"
// stated_by may lead to another record from now on: where the one it leads to opened the case, that is kept.
#define KEEP_OPENING                                                                                                \
    "opened_by = CASE WHEN opened_by IS NULL AND EXISTS (SELECT 1 FROM patch WHERE key = stated_by AND opens = ?1)" \
    " THEN stated_by ELSE opened_by END"
// The part of a listing that is the same for all: ?1 department or owner, ?2 after, ?3 status, ?4 deleted ones too,
// ?5 source number, ?6 limit.
#define CASE_PAGE                                                                                        \
    " id > ?2 AND (?3 = '' OR status = ?3) AND (?4 OR deleted = 0) AND (?5 = '' OR source_case_no = ?5)" \
    " ORDER BY id LIMIT ?6"

RecordKey keyOf(std::int64_t packed) {
    return {indexOf(packed), recordOf(packed)};
}

Instant instantOf(std::int64_t micros) {
    return Instant(std::chrono::microseconds(micros));
}

}  // namespace

CaseReads::CaseReads(SqliteConnection& connection, SystemDictionary& systems, BodyCodec& codec)
    : systems_(systems),
      codec_(codec),
      by_id_(connection.raw(), "SELECT " CASE_COLUMNS CASE_FROM("") " WHERE id = ?1"),
      by_no_(connection.raw(), "SELECT " CASE_COLUMNS CASE_FROM("") " WHERE case_no = ?1"),
      by_source_(connection.raw(), "SELECT " CASE_COLUMNS CASE_FROM("") " WHERE owner = ?1 AND source_case_no = ?2 ORDER BY id LIMIT 1"),
      list_all_(connection.raw(), "SELECT " CASE_COLUMNS CASE_FROM("") " WHERE ?1 IS NULL AND" CASE_PAGE),
      list_department_(connection.raw(),
                       "SELECT " CASE_COLUMNS CASE_FROM("INDEXED BY case_department ") " WHERE department = ?1 AND" CASE_PAGE),
      list_window_(connection.raw(),
                   "SELECT " CASE_COLUMNS CASE_FROM("INDEXED BY case_by_window ") " WHERE owner = ?1 AND by_window AND" CASE_PAGE),
      // With a source number the seek is by that, for every system that ever wrote: they are few.
      source_department_(connection.raw(),
                         "SELECT " CASE_COLUMNS CASE_FROM("INDEXED BY case_source_no ") " WHERE owner IN"
                         " (SELECT id FROM system) AND source_case_no = ?5 AND department = ?1 AND" CASE_PAGE),
      source_window_(connection.raw(), "SELECT " CASE_COLUMNS CASE_FROM("INDEXED BY case_source_no ") " WHERE owner = ?1"
                                       " AND source_case_no = ?5 AND by_window AND" CASE_PAGE),
      // The index holds all that is asked for: no row is read.
      keys_(connection.raw(),
            "SELECT source_case_no, id FROM case_record INDEXED BY case_source_no WHERE owner = ?1"
            " AND (source_case_no, id) > (?2, ?3) ORDER BY source_case_no, id LIMIT ?4"),
      history_(connection.raw(), "SELECT " PATCH_READ " WHERE case_id = ?1 UNION ALL SELECT " PATCH_READ
                                 " WHERE opens = ?1 AND key = (SELECT coalesce(opened_by, stated_by) FROM case_record"
                                 " WHERE id = ?1) ORDER BY key LIMIT ?2"),
      patch_(connection.raw(), "SELECT " PATCH_READ " WHERE key = ?1") {}

CaseRow CaseReads::row(const Cursor& cursor) {
    CaseRow row;
    row.id = cursor.integer(0);
    row.owner = systems_.name(cursor.integer(1));
    row.case_no = cursor.text(2);
    row.source_case_no = cursor.text(3);
    row.status = cursor.text(4);
    row.deleted = cursor.integer(5) != 0;
    row.changed_at = instantOf(cursor.integer(6));
    row.last_change = cursor.number(7);
    row.state = codec_.decode(cursor.bytes(8));
    row.department = cursor.text(9);
    row.by_window = cursor.integer(10) != 0;
    if (!cursor.isNull(11)) row.stated_by = keyOf(cursor.integer(11));
    if (!cursor.isNull(12)) row.repeated = repeatAt(cursor, 12);
    return row;
}

PatchRow CaseReads::patchRow(const Cursor& cursor) {
    const std::int64_t key = cursor.integer(0);
    if (cursor.number(2) > static_cast<std::uint64_t>(RecordOutcome::Refused))
        throw Fault(FaultCode::StoreCorrupt, "patch: an outcome that does not exist", "restore the last backup");
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

std::optional<CaseRow> CaseReads::bySource(const SystemId& owner, std::string_view source_case_no, KeyWindow& ahead) {
    std::optional<CaseId> id;
    if (ahead.covers(owner, source_case_no)) {
        id = ahead.find(source_case_no);
    } else {
        const std::size_t width = ahead.next();
        std::vector<CaseKey> found = keys(owner, {std::string(source_case_no), 0}, width);
        if (!found.empty() && found.front().source_case_no == source_case_no) id = found.front().id;
        ahead.fill(owner, source_case_no, width, std::move(found));
    }
    return id ? byId(*id) : std::nullopt;
}

template <class Key>
void CaseReads::addPage(SqliteStatement& statement, const Key& key, const CaseFilter& filter,
                        std::vector<CaseRow>& rows) {
    Cursor cursor = statement.query(key, filter.after, filter.status, filter.include_deleted, filter.source_case_no,
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
    // A page of each department and window, by its index, in the order of ids; the first ones of all are the page.
    std::vector<CaseRow> rows;
    const auto keepFirst = [&] {
        std::sort(rows.begin(), rows.end(), [](const CaseRow& a, const CaseRow& b) { return a.id < b.id; });
        rows.erase(
            std::unique(rows.begin(), rows.end(), [](const CaseRow& a, const CaseRow& b) { return a.id == b.id; }),
            rows.end());
        if (rows.size() > filter.limit) rows.resize(filter.limit);
    };
    for (const std::string& department : departments) {
        addPage(filter.source_case_no.empty() ? list_department_ : source_department_, department, filter, rows);
        keepFirst();
    }
    if (filter.windows_of.empty()) return rows;
    for (const std::int64_t owner : systems_.ofDepartment(filter.windows_of)) {
        addPage(filter.source_case_no.empty() ? list_window_ : source_window_, owner, filter, rows);
        keepFirst();
    }
    return rows;
}

std::vector<CaseKey> CaseReads::keys(const SystemId& owner, const CaseKey& after, std::size_t limit) {
    std::vector<CaseKey> found;
    const auto number = systems_.find(owner);
    if (!number) return found;
    const auto most = static_cast<std::uint64_t>(limit);
    Cursor cursor = keys_.query(*number, after.source_case_no, after.id, most);
    while (cursor.step()) found.push_back({cursor.text(0), cursor.integer(1)});
    return found;
}

std::vector<PatchRow> CaseReads::history(CaseId id, std::size_t limit) {
    std::vector<PatchRow> rows;
    Cursor cursor = history_.query(id, static_cast<std::uint64_t>(limit));
    while (cursor.step()) rows.push_back(patchRow(cursor));
    return rows;
}

std::optional<PatchRow> CaseReads::patch(LogIndex index, std::uint64_t record) {
    if (index > kLogIndexMax || record > kRecordMax) return std::nullopt;
    Cursor cursor = patch_.query(recordKey(index, record));
    if (!cursor.step()) return std::nullopt;
    return patchRow(cursor);
}

std::vector<std::string> brokenOpenings(SqliteConnection& connection) {
    SqliteStatement rows(connection.raw(),
                         "SELECT id FROM case_record WHERE opened_by IS NOT NULL AND NOT EXISTS"
                         " (SELECT 1 FROM patch WHERE key = opened_by AND opens = case_record.id) LIMIT 20");
    std::vector<std::string> found;
    Cursor cursor = rows.query();
    while (cursor.step()) found.push_back("case " + cursor.text(0) + ": opened_by leads to no record that opened it");
    return found;
}

CaseWrites::CaseWrites(SqliteConnection& connection, SystemDictionary& systems, BodyCodec& codec, KeyWindow& ahead)
    : database_(connection.raw()),
      systems_(systems),
      codec_(codec),
      ahead_(ahead),
      cases_(database_, "waitingCase", CASE_NEW_COLUMNS),
      patches_(database_, "waitingPatch", PATCH_COLUMNS),
      repeats_(connection),
      last_(database_, kLastCaseSql),
      // FAIL: a broken constraint ends the process, so no statement has to be taken back alone.
      insert_(database_,
              "INSERT OR FAIL INTO case_record(" CASE_NEW_COLUMNS ") SELECT " CASE_NEW_COLUMNS " FROM waitingCase"),
      update_(database_,
              "UPDATE case_record SET " KEEP_OPENING
              ", status = ?5, deleted = ?6, changed_at = ?7, last_change = ?8,"
              " state = ?9, stated_by = ?12 WHERE id = ?1 AND owner = ?2 AND case_no IS ?3 AND source_case_no = ?4"
              " AND department = ?10 AND by_window = ?11"),
      replace_(database_,
               "UPDATE case_record SET " KEEP_OPENING
               ", owner = ?2, case_no = ?3, source_case_no = ?4, status = ?5,"
               " deleted = ?6, changed_at = ?7, last_change = ?8, state = ?9, department = ?10, by_window = ?11,"
               " stated_by = ?12 WHERE id = ?1"),
      put_patches_(database_,
                   "INSERT OR FAIL INTO patch(" PATCH_COLUMNS ") SELECT " PATCH_COLUMNS " FROM waitingPatch") {}

bool CaseWrites::mayHoldKey(std::string_view source_case_no) const {
    if (repeats_.isWaiting() || cases_.size() > kManyWait) return true;
    bool holds = false;
    cases_.eachText(kSourceCaseNo, [&](std::string_view waiting) { holds = holds || waiting == source_case_no; });
    return holds;
}

bool CaseWrites::mayHoldPatch(LogIndex index, std::uint64_t record) const {
    if (patches_.empty() || index > kLogIndexMax || record > kRecordMax) return false;
    return recordKey(index, record) >= first_patch_;
}

void CaseWrites::tellWaiting(KeyWindow& ahead) const {
    cases_.eachText(kSourceCaseNo, [&](std::string_view waiting) { ahead.mayBeAdded(waiting); });
}

/// As SQLite would give it: cases are never deleted.
CaseId CaseWrites::nextId() {
    if (!last_id_) {
        Cursor cursor = last_.query();
        last_id_ = cursor.step() ? cursor.integer(0) : 0;
    }
    CASEWAY_CHECK(*last_id_ < INT64_MAX);
    return ++*last_id_;
}

CaseId CaseWrites::put(const CaseRow& row) {
    const std::int64_t owner = systems_.findOrAdd(row.owner);
    std::optional<std::string_view> case_no;
    if (!row.case_no.empty()) case_no = row.case_no;
    const std::int64_t changed_at = row.changed_at.time_since_epoch().count();
    const ByteView state = codec_.encode(row.state);
    std::optional<std::int64_t> stated_by;
    if (row.stated_by) stated_by = recordKey(row.stated_by->index, row.stated_by->record);
    if (row.id == 0) {
        const CaseId id = nextId();
        if (cases_.empty()) first_case_ = id;
        cases_.add(id, owner, case_no, row.source_case_no, row.status, row.deleted, changed_at, row.last_change, state,
                   row.department, row.by_window, stated_by);
        ahead_.added(row.owner, row.source_case_no);
        opened_ = stated_by ? Opened{id, *stated_by} : Opened{};
        if (cases_.isFull()) flush(cases_, insert_);
        return id;
    }
    if (row.id >= first_case_) flush(cases_, insert_);
    if (row.id >= first_opening_) flush(patches_, put_patches_);
    repeats_.standsOn(row.id, stated_by);
    // A statement that names an indexed column rewrites its index entry, changed or not: the usual update names none.
    for (SqliteStatement* statement : {&update_, &replace_}) {
        statement->run(row.id, owner, case_no, row.source_case_no, row.status, row.deleted, changed_at, row.last_change,
                       state, row.department, row.by_window, stated_by);
        if (sqlite3_changes(database_) == 1) return row.id;
        ahead_.forget();  // a key may change
    }
    CASEWAY_CHECK(!"putCase: no case of this id");
    return 0;
}

void CaseWrites::putPatch(const PatchRow& row) {
    const std::int64_t key = recordKey(row.index, row.record);
    std::optional<std::int64_t> case_id, opens;
    if (row.case_id != 0 && row.case_id == opened_.case_id && key == opened_.by) {
        opens = row.case_id;
        first_opening_ = std::min(first_opening_, row.case_id);
    } else if (row.case_id != 0) {
        case_id = row.case_id;
    }
    first_patch_ = std::min(first_patch_, key);
    patches_.add(key, case_id, static_cast<std::int64_t>(row.outcome), codec_.encodeRecord(row.patch), opens);
    if (patches_.isFull()) flush(patches_, put_patches_);
}

void CaseWrites::flush() {
    flush(cases_, insert_);
    flush(patches_, put_patches_);
    repeats_.flush();
}

void CaseWrites::flush(WaitingRows& rows, SqliteStatement& statement) {
    if (is_lost_) throw Fault(FaultCode::StoreUnavailable, "rows of this transaction are lost", "try again");
    if (rows.empty()) return;
    is_lost_ = true;
    statement.run();
    is_lost_ = false;
    rows.clear();
    if (&rows == &cases_) first_case_ = kNoCase;
    if (&rows == &patches_) {
        first_opening_ = kNoCase;
        first_patch_ = INT64_MAX;
    }
}

void CaseWrites::forget() {
    cases_.clear();
    patches_.clear();
    repeats_.forget();
    last_id_.reset();
    opened_ = {};
    first_case_ = first_opening_ = kNoCase;
    first_patch_ = INT64_MAX;
    is_lost_ = false;
}

}  // namespace caseway
