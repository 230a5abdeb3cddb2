-- A database as the first version of the schema left it: one system, one message with its case. Never edited: it is history.
PRAGMA application_id = 1129535321;
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
INSERT INTO system VALUES (1, 'housing/permits', 'housing');
INSERT INTO message VALUES (0, 1, x'000102030405060708090a0b0c0d0e0f', 1, 0, 0,
    x'00000000000000000000000000000000000000000000000000000000000000ff', 'housing.permit', '', 1, 0, 0, 0, 0,
    1770000000000000, 1, NULL, x'007b7d');
INSERT INTO envelope VALUES (0, NULL, x'006f6c64');
INSERT INTO system VALUES (2, 'civic/window', 'civic');
INSERT INTO case_record VALUES (1, 1, NULL, 'S-0', 'accepted', 0, 1770000000000000, 1,
    x'0043520112313134343032333230303030303030303141010f686f7573696e672f7065726d6974730100000000');
INSERT INTO case_record VALUES (2, 2, 'X-1', 'W-1', 'accepted', 0, 1770000000000000, 1,
    x'0043520112313134343032333230303030303030303141020c63697669632f77696e646f77000f686f7573696e672f7065726d6974730100000000');
INSERT INTO case_record VALUES (3, 1, NULL, 'S-1', '', 1, 1770000000000000, 1, x'0043410102');
INSERT INTO patch VALUES (1, 1, 0, x'007b7d');
INSERT INTO change VALUES (1, 1, 1);
INSERT INTO leaf VALUES (0, x'7b7d');
INSERT INTO checkpoint VALUES (1, x'6e6f7465');
PRAGMA user_version = 1;
