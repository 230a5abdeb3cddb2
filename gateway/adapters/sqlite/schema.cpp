// gateway/adapters/sqlite/schema.cpp - the tables. Whatever grows with every message is appended in key order; only
// three indexes are hit at random (message by sender and id, case by source number, patch by case).
#include "gateway/adapters/sqlite/schema.hpp"

#include <fmt/format.h>

#include <array>

#include "gateway/adapters/sqlite/state_functions.hpp"

namespace caseway {
namespace {

// Keys named `key` pack two numbers: patch, former_repeat, outcome_part and known_part: log index << 31 | record or
// part; tile: level << 48 | n; run_page: run << 31 | page.
constexpr std::string_view kVersion1 = R"sql(
CREATE TABLE meta(name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE system(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, department TEXT NOT NULL);
CREATE TABLE message(
    log_index INTEGER PRIMARY KEY, sender INTEGER, message_id BLOB, binding INTEGER NOT NULL, origin INTEGER NOT NULL,
    outcome INTEGER NOT NULL, content_digest BLOB NOT NULL, mapping TEXT NOT NULL, refusal_code TEXT NOT NULL,
    fresh INTEGER NOT NULL, changed INTEGER NOT NULL, same INTEGER NOT NULL, stale INTEGER NOT NULL, refused INTEGER NOT NULL,
    received_at INTEGER NOT NULL, tree_size INTEGER NOT NULL, outcome_index INTEGER, answer BLOB NOT NULL);
CREATE UNIQUE INDEX message_identity ON message(sender, message_id) WHERE message_id IS NOT NULL;
CREATE TABLE envelope(log_index INTEGER PRIMARY KEY, body_file TEXT, head BLOB NOT NULL);
CREATE UNIQUE INDEX envelope_body_file ON envelope(body_file, log_index) WHERE body_file IS NOT NULL;
CREATE TABLE outcome_part(key INTEGER PRIMARY KEY, lines BLOB NOT NULL);
CREATE TABLE case_record(
    id INTEGER PRIMARY KEY, owner INTEGER NOT NULL, case_no TEXT, source_case_no TEXT NOT NULL, status TEXT NOT NULL,
    deleted INTEGER NOT NULL, changed_at INTEGER NOT NULL, last_change INTEGER NOT NULL, state BLOB NOT NULL);
CREATE UNIQUE INDEX case_given_no ON case_record(case_no) WHERE case_no IS NOT NULL;
CREATE INDEX case_source_no ON case_record(owner, source_case_no);
CREATE TABLE patch(key INTEGER PRIMARY KEY, case_id INTEGER, outcome INTEGER NOT NULL, patch BLOB NOT NULL);
CREATE INDEX patch_case ON patch(case_id) WHERE case_id IS NOT NULL;
CREATE TABLE change(number INTEGER PRIMARY KEY, case_id INTEGER NOT NULL, patch_key INTEGER NOT NULL);
CREATE TABLE leaf(log_index INTEGER PRIMARY KEY, leaf BLOB NOT NULL);
CREATE TABLE tile(key INTEGER PRIMARY KEY, hashes BLOB NOT NULL);
CREATE TABLE checkpoint(tree_size INTEGER PRIMARY KEY, note BLOB NOT NULL);
CREATE TABLE certificate(key_id BLOB PRIMARY KEY, der BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE mapping_version(id BLOB PRIMARY KEY, files BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE large(
    log_index INTEGER PRIMARY KEY, next_record INTEGER NOT NULL, fresh INTEGER NOT NULL, changed INTEGER NOT NULL,
    same INTEGER NOT NULL, stale INTEGER NOT NULL, refused INTEGER NOT NULL, carried BLOB NOT NULL);
)sql";

// Listing the cases of one department page by page walked the whole table.
constexpr std::string_view kVersion2 = "CREATE INDEX case_owner ON case_record(owner);";

// Reading went by the system that opened a case, writing by the department that owns it: a department did not list what
// a window had opened for it. The state has known the owner from the beginning; here it becomes a column.
constexpr std::string_view kVersion3 = R"sql(
ALTER TABLE case_record ADD COLUMN department TEXT NOT NULL DEFAULT '';
ALTER TABLE case_record ADD COLUMN by_window INTEGER NOT NULL DEFAULT 0;
UPDATE case_record SET department = stateDepartment(state),
    by_window = stateByWindow(state, (SELECT name FROM system WHERE system.id = owner));
DROP INDEX case_owner;
CREATE INDEX case_department ON case_record(department);
CREATE INDEX case_by_window ON case_record(owner) WHERE by_window;
)sql";

// What connectors read by night: where each stands, and its runs.
constexpr std::string_view kVersion4 = R"sql(
CREATE TABLE connector_cursor(connector TEXT PRIMARY KEY, cursor BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE run(number INTEGER PRIMARY KEY, connector TEXT NOT NULL, ended INTEGER NOT NULL, body BLOB NOT NULL);
CREATE INDEX run_connector ON run(connector);
CREATE INDEX run_unfinished ON run(number) WHERE ended = 0;
CREATE TABLE run_page(key INTEGER PRIMARY KEY, body BLOB NOT NULL);
)sql";

constexpr std::string_view kVersion5 = R"sql(
-- A record that says what the same system said last costs a look-up and a short row, not a state and a history row.
ALTER TABLE case_record ADD COLUMN stated_by INTEGER;
CREATE TABLE repeat(key INTEGER PRIMARY KEY, by_key INTEGER NOT NULL, business_time INTEGER NOT NULL, sent_at INTEGER NOT NULL,
    message_id BLOB NOT NULL);

-- Neighbours of the feed whose numbers, cases and records go up by one share a row: how many follow its first.
ALTER TABLE change ADD COLUMN more INTEGER NOT NULL DEFAULT 0;

-- What the morning report remembers: fields and codes seen of each connector, what was sent.
CREATE TABLE report_note(name TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;

-- Reconciliation: cases that their department's whole set did not have.
CREATE TABLE vanished(case_id INTEGER PRIMARY KEY, run INTEGER NOT NULL, at INTEGER NOT NULL);
)sql";

// What is noted of the records of a payload, so that the same bytes need not be read again (decision 0019).
constexpr std::string_view kVersion6 = "CREATE TABLE known_part(key INTEGER PRIMARY KEY, notes BLOB NOT NULL);";

// A sender asks by its id what became of a message that was refused and left that id free; several may have borne it.
constexpr std::string_view kVersion7 = R"sql(
CREATE TABLE refused_id(sender INTEGER NOT NULL, message_id BLOB NOT NULL, log_index INTEGER NOT NULL,
    PRIMARY KEY(sender, message_id, log_index)) WITHOUT ROWID;
)sql";

// Bodies in two more forms (body_codec.hpp); those that are there stay as they are. And the record that opened a case
// says so here instead of in case_id, where it would cost an entry of patch_case: it is found by the case's stated_by.
constexpr std::string_view kVersion8 = "ALTER TABLE patch ADD COLUMN opens INTEGER;";

// A night in which a million records say what they said yesterday wrote a million rows of `repeat`. Now cases that were
// said again one behind the other share a row; a record that its case no longer stands on has one in `former_repeat`.
// A time of its own in each row would keep neighbours apart: NULL is that of the record that is repeated.
//
// The record that opened a case stays as it is once stated_by leads elsewhere: the case, which is written then anyway,
// says here where it stands. Taking case_id in its place wrote a page of the history that nothing else touches.
constexpr std::string_view kVersion9 = R"sql(
ALTER TABLE repeat RENAME TO repeat_by_record;
CREATE TABLE repeat(first_case INTEGER PRIMARY KEY, last_case INTEGER NOT NULL, by_key INTEGER NOT NULL, business_time INTEGER,
    sent_at INTEGER NOT NULL, message_id BLOB NOT NULL);
CREATE TABLE former_repeat(key INTEGER PRIMARY KEY, by_key INTEGER NOT NULL, business_time INTEGER, sent_at INTEGER NOT NULL,
    message_id BLOB NOT NULL);
INSERT INTO repeat SELECT id, id, by_key, business_time, sent_at, message_id
    FROM case_record CROSS JOIN repeat_by_record ON key = stated_by;
INSERT INTO former_repeat SELECT key, by_key, business_time, sent_at, message_id FROM repeat_by_record
    WHERE key NOT IN (SELECT stated_by FROM case_record WHERE stated_by IS NOT NULL);
DROP TABLE repeat_by_record;
ALTER TABLE case_record ADD COLUMN opened_by INTEGER;
)sql";

constexpr std::array<std::string_view, 9> kMigrations = {kVersion1, kVersion2, kVersion3, kVersion4, kVersion5,
                                                         kVersion6, kVersion7, kVersion8, kVersion9};

bool isEmptyDatabase(SqliteConnection& connection) {
    return connection.number("SELECT count(*) FROM sqlite_schema") == 0;
}

void requireOurs(SqliteConnection& connection) {
    if (connection.number("PRAGMA application_id") == kApplicationId) return;
    throw Fault(FaultCode::ConfigurationBad, fmt::format("{}: not a database of Caseway", connection.file()),
                "name the data folder that the gateway made, or an empty one");
}

}  // namespace

std::span<const std::string_view> schemaMigrations() {
    return kMigrations;
}

void migrate(SqliteConnection& connection, std::span<const std::string_view> migrations) {
    const auto last = static_cast<std::int64_t>(migrations.size());
    if (isEmptyDatabase(connection)) {
        connection.run(fmt::format("PRAGMA application_id = {}", kApplicationId));
    } else {
        requireOurs(connection);
    }
    std::int64_t version = connection.number("PRAGMA user_version");
    if (version < last) addStateFunctions(connection);
    if (version > last) {
        throw Fault(FaultCode::ConfigurationBad,
                    fmt::format("{}: schema version {}, this program knows {}", connection.file(), version, last),
                    "start the newer release that wrote this database, or restore a backup made before it");
    }
    for (; version < last; ++version) {
        Transaction transaction(connection);
        connection.run(migrations[static_cast<std::size_t>(version)]);
        connection.run(fmt::format("PRAGMA user_version = {}", version + 1));
        transaction.commit();
    }
}

void requireCurrentSchema(SqliteConnection& connection) {
    requireOurs(connection);
    const std::int64_t version = connection.number("PRAGMA user_version");
    if (version == schemaVersion()) return;
    throw Fault(
        FaultCode::ConfigurationBad,
        fmt::format("{}: schema version {}, this program needs {}", connection.file(), version, schemaVersion()),
        version < schemaVersion() ? "start the gateway once: it migrates" : "use the newer release");
}

}  // namespace caseway
