"""Tampering, table by table: each column of each table that means anything is changed, each kind of row deleted, swapped and added, and
`caseway log verify` must say so and name the place. Nothing is said of the store as the gateway left it."""
import re
import shutil
import sqlite3
import unittest

import payloads
import signing
from client import Client
from gateway_case import HOUSING, GatewayCase
from installation import until

MAPPING = """mapping: tamper.json
source: {format: json, records: "$.cases[*]"}
fields:
  source_case_no: no
  case_no: case_no
  data_version: {from: version, default: "1"}
  operation: operation
  case_title: title
  applicant_name: name
  dept_code: dept
  window_no: window
  apply_time: applied
  status: {from: state, codes: {open: "40", done: "90"}}
"""
# Table -> what may be said of it, and where. A change can also be told by what hangs on the row; one of these must be among it.
TOLD = {
    "leaf": (r"leaf_missing|malformed_leaf|leaf_not_canonical|root_differs|tile_differs|leaf_out_of_order|leaf_not_sealed|row_added",
             r"leaf|tile|checkpoint"),
    "tile": (r"tile_differs|tile_missing|row_added", r"tile"),
    "checkpoint": (r"checkpoint_\w+|source_malformed|leaf_not_sealed|row_added|log_truncated|root_differs", r"checkpoint|leaf"),
    "message": (r"row_differs|row_missing|row_added", r"leaf|message"),
    "envelope": (r"envelope_\w+|signature_refused|payload_differs|row_added", r"leaf|envelope"),
    "outcome_part": (r"outcomes_\w+|row_added", r"leaf|outcome_part"),
    "patch": (r"history_\w+|row_added", r"leaf \d+ record \d+|patch"),
    "repeat": (r"repeat_\w+|row_added|store_damaged", r"repeat|database"),
    "former_repeat": (r"repeat_\w+|row_added|store_damaged", r"repeat|database"),
    "case_record": (r"case_\w+|row_added|store_damaged", r"case \d+|database"),
    "change": (r"change_\w+|row_added", r"change \d+"),
    "certificate": (r"certificate_\w+|row_added", r"leaf|certificate"),
    "mapping_version": (r"mapping_\w+|row_added", r"leaf|mapping_version"),
    "system": (r"system_differs|row_differs|case_differs|row_added", r"system|leaf|case"),
    "large": (r"row_added", r"large"),
    "run": (r"run_differs|row_added", r"run"),
    "run_page": None,  # what it names is counted against the run's leaf: tests/unit/pipeline/pulled_pages_test.cpp
    "report_note": None,  # no evidence: what was seen and sent, found anew
    "connector_cursor": None,  # no evidence: docs/threat-model.md
    "known_part": None,  # no evidence: notes that spare a second reading, found anew
    "refused_id": None,  # no evidence, only a way to it: the leaf that is found through it says its own id
    "vanished": (r"row_added", r"vanished"),
    "meta": (r"origin_differs|restore_unfinished", r"meta"),
}
KEYS = {"leaf": "log_index", "tile": "key", "checkpoint": "tree_size", "message": "log_index", "envelope": "log_index", "outcome_part": "key",
        "patch": "key", "repeat": "first_case", "former_repeat": "key", "case_record": "id", "change": "number", "certificate": "key_id", "mapping_version": "id",
        "system": "id", "meta": "name", "large": "log_index", "vanished": "case_id"}
# Rows of one table that mean different things: each is tampered with.
KINDS = {
    # A head between two others is no finding: the next one covers its leaves (docs/formats/message-log.md).
    "checkpoint": ["tree_size = (SELECT max(tree_size) FROM checkpoint)"],
    "message": ["message_id IS NOT NULL AND outcome_index IS NULL AND outcome < 2", "outcome_index IS NOT NULL",
                "sender IS NOT NULL AND message_id IS NULL", "sender IS NULL", "outcome = 2 AND message_id IS NOT NULL AND refusal_code <> ''"],
    "envelope": ["body_file IS NULL", "body_file IS NOT NULL"],
    "case_record": ["hex(substr(state, 1, 3)) = '004352'", "deleted AND hex(substr(state, 1, 3)) = '004352'",
                    "hex(substr(state, 1, 3)) = '004341' AND last_change = 0", "hex(substr(state, 1, 3)) = '004341' AND last_change <> 0"],
    "patch": ["case_id IS NOT NULL", "opens IS NOT NULL", "case_id IS NULL AND opens IS NULL"],
    "meta": ["name = 'log_origin'"],
}
# No rows in this store: nothing large is in work, and no connector ran. Or nothing is told of them.
EMPTY = {"large", "run", "run_page", "connector_cursor", "report_note", "vanished", "refused_id", "known_part"}
# last_commit: the mark of the last transaction, read only by the process that wrote it.
SKIPPED = {("meta", "name")}


class Tampering(GatewayCase):
    SETTINGS = {"limits__spool_above_bytes": 65536}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = cls.gateway.data / "mappings" / "tamper_json"
        folder.mkdir()
        (folder / "mapping.yaml").write_text(MAPPING)
        granted = ("tamper.json", "permits.json", "absent.json")
        cls.gateway.write_registration(cls.housing, HOUSING, mappings=granted)
        cls.archive = cls.gateway.register("housing/archive", HOUSING, mappings=granted)
        cls.window = cls.gateway.register("window/desk", "11350200004135099X", mappings=granted, on_behalf_of=[HOUSING])
        cls.only = cls.gateway.register("only/one", "11350200004135088X", mappings=["tamper.json"])
        cls.gateway.stop()
        cls.gateway.start()
        cls.fill()
        cls.gateway.stop()
        cls.database = next(cls.gateway.data.glob("*.db"))

    @classmethod
    def fill(cls):
        """Everything that can become of a message, in more than one tile of leaves."""
        client = Client(cls.gateway)

        def sent(system, *cases, status=200, maker=signing.json_message, mapping="tamper.json"):
            message = maker(system, payloads.as_json(*cases), head=signing.header(system, mapping))
            answer = client.send(message)
            assert answer.status == status, answer
            return message

        def one(no, **more):
            return {"no": no, "title": f"permit {no}", "name": payloads.NAMES[0], "state": "open", **more}

        sent(cls.housing, one("1"), one("2", case_no="GH-2"), one("3", state="wrong"))
        again = sent(cls.housing, one("1", version=2, state="done"))
        client.send(again)
        sent(cls.housing, one("1", state="open"))  # stale
        sent(cls.housing, one("1", version=2, state="done"))  # the same
        sent(cls.housing, one("2", operation="D", version=2))
        sent(cls.archive, one("R9", case_no="GH-2", title="another title", window="4"))  # conflict, and an alias
        sent(cls.archive, one("A-7", window="7"))
        sent(cls.housing, one("7", case_no="GH-7"))
        sent(cls.archive, one("A-7", case_no="GH-7", version=2))  # two cases turn out to be one
        sent(cls.window, one("W-1", dept=HOUSING))
        sent(cls.housing, one("1", case_no="GH-1", version=3))  # takes a number over
        stranger = signing.header(cls.health, "tamper.json")  # not its mapping
        assert client.send(signing.json_message(cls.health, payloads.as_json(one("9")), head=stranger)).status == 403
        unread = signing.header(cls.housing, "tamper.json", receiver="other/gateway")
        assert client.send(signing.http_message(cls.housing, b" " * 100_000, head=unread)).status == 403
        sent(cls.window, one("W-2", case_no="CW-1"), status=422)
        sent(cls.only, one("O-1"), mapping=None)
        early = signing.header(cls.housing, "tamper.json", sent_at=signing.timestamp(-1))
        said = [one(no, **applied) for no, applied in (("8", {}), ("9", {"applied": "2026-01-02T08:00:00+08:00"}), ("10", {}),
                                                       ("11", {"applied": "2026-01-02T08:00:00+08:00"}))]
        assert client.send(signing.json_message(cls.housing, payloads.as_json(*said), head=early)).status == 200
        sent(cls.housing, *said)  # said again, later
        sent(cls.housing, *({**case, "version": 2} for case in said[2:]))  # and then said otherwise
        sent(cls.housing, {"no": ""}, status=422)
        sent(cls.housing, one("4"), status=422, mapping="absent.json")
        client.send(signing.json_message(cls.housing, b'["no object"]', head=signing.header(cls.housing, "tamper.json")))
        wrong = signing.xml_message(cls.housing, payloads.as_xml(payloads.case("x")), head=signing.header(cls.housing, "tamper.json"))
        assert client.send(wrong).status == 422
        reused = signing.header(cls.housing, "tamper.json", message_id=again.id)
        assert client.send(signing.json_message(cls.housing, payloads.as_json(one("5")), head=reused)).status == 409
        forged = signing.json_message(cls.housing, payloads.as_json(one("6")), head=signing.header(cls.housing, "tamper.json"))
        forged.body = forged.body[:-8] + b"AAAAAAAA"
        assert client.send(forged).status == 401
        large = signing.http_message(cls.housing, payloads.as_json(*(one(f"l-{n}", title="y" * 900, state="open" if n % 40 else "wrong")
                                                                       for n in range(120))), mapping="tamper.json")
        assert client.send(large).status == 202
        for n in range(240):
            sent(cls.housing, one(f"m-{n}"), maker=(signing.json_message, signing.http_message)[n % 2])
        reader = Client(cls.gateway, cls.housing)
        until(lambda: reader.get(f"/v1/messages/{large.id}").json["outcome"] == "partial", "the large message is applied")
        reader.close()
        client.close()

    def verified(self, tamper):
        """The findings for a copy of the database that `tamper` has changed; the rest of the folder is the gateway's own."""
        copy = self.gateway.folder / "tampered"
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir()
        for part in ("keys", "systems", "mappings", "payloads", "tls"):
            (copy / part).symlink_to(self.gateway.data / part)
        file = copy / self.database.name
        shutil.copy(self.database, file)
        database = sqlite3.connect(file, isolation_level=None)
        database.execute("PRAGMA synchronous = OFF")
        tamper(database)
        database.close()
        good, _, findings = self.gateway.verify_log(data=copy)
        self.assertEqual(good, not findings)
        return findings

    def told(self, table, findings, of):
        what, where = TOLD[table]
        self.assertTrue(any(isinstance(finding, dict) and re.fullmatch(what, finding["what"]) and re.search(where, finding["where"])
                            for finding in findings), (of, findings[:5]))

    def columns(self):
        with sqlite3.connect(self.database) as database:
            tables = [row[0] for row in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")]
            self.assertEqual(set(TOLD), set(tables), "every table is spoken of here")
            found = [(table, row[1], row[2]) for table in tables for row in database.execute(f"PRAGMA table_info({table})")]
        database.close()
        return found

    def test_nothing_is_said_of_an_untouched_store(self):
        self.assertEqual([], self.verified(lambda database: None))
        restored = self.gateway.folder / "backup"
        self.gateway.caseway("backup", restored)

    @staticmethod
    def other(value, kind, column):
        """Another value of a column."""
        if column == "deleted":
            return 1 - value
        if kind == "INTEGER":
            return 1 if value is None else value + 1
        if kind == "TEXT":
            return "x" if value is None else value + "x"
        return b"0123456789abcdef" if value is None else value[:-1] + bytes([value[-1] ^ 1]) if value else b"x"

    def test_each_column_of_each_kind_of_row(self):
        for table, column, kind in self.columns():
            for which in KINDS.get(table, ["1"]):
                if table in EMPTY or (table, column) in SKIPPED:
                    continue
                key = KEYS[table]

                def change(database):
                    rows = database.execute(f"SELECT {key}, {column} FROM {table} WHERE {which} ORDER BY {column} IS NULL, {key} LIMIT 1")
                    (row,) = rows.fetchall()
                    value = self.other(row[1], kind, column)
                    if column == key and kind == "INTEGER":
                        value = 100_000_000 + row[1]
                    database.execute(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", (value, row[0]))
                with self.subTest(table=table, column=column, which=which):
                    self.told(table, self.verified(change), (table, column, which))

    def test_each_column_of_another_kind(self):
        """The same bytes or number, stored as another kind of value: what is read is the same, what is looked up is not found."""
        others = {"TEXT": ["CAST({0} AS BLOB)"], "BLOB": ["CAST({0} AS TEXT)"], "INTEGER": ["{0} + 0.5", "{0} || 'x'"]}
        with sqlite3.connect(self.database) as database:
            info = {(table, row[1]): (row[3], row[5]) for table in TOLD for row in database.execute(f"PRAGMA table_info({table})")}
        database.close()
        for table, column, kind in self.columns():
            not_null, key = info[table, column]
            if table in EMPTY or (kind == "INTEGER" and key):
                continue  # no rows; and SQLite itself refuses a row number of another kind
            tampers = [(f"{column} IS NOT NULL", other.format(column)) for other in others[kind]]
            if not (not_null or key):
                tampers.append((f"{column} IS NULL", "0" if kind == "INTEGER" else "''" if kind == "TEXT" else "x''"))
            for which, value in tampers:
                def change(database):
                    self.assertEqual(1, database.execute(f"UPDATE {table} SET {column} = {value} WHERE {KEYS[table]} = "
                                                         f"(SELECT {KEYS[table]} FROM {table} WHERE {which} LIMIT 1)").rowcount)
                with self.subTest(table=table, column=column, value=value):
                    told = [finding["found"] for finding in self.verified(change) if finding["what"] == "store_damaged"]
                    self.assertTrue([line for line in told if line.startswith(f"{table} ") and f" {column}," in line], told)

    def test_each_kind_of_row_deleted(self):
        for table, key in KEYS.items():
            for which in KINDS.get(table, ["1"]):
                if table in EMPTY | {"system"}:
                    continue
                with self.subTest(table=table, which=which):
                    self.told(table, self.verified(lambda database: self.assertEqual(1, database.execute(
                        f"DELETE FROM {table} WHERE {key} = (SELECT {key} FROM {table} WHERE {which} ORDER BY {key} LIMIT 1)").rowcount)),
                        (table, which))

    def test_two_rows_swapped(self):
        for table in ("leaf", "checkpoint", "message", "envelope", "outcome_part", "patch", "case_record", "change"):
            key = KEYS[table]

            def swap(database):
                (one,), (two,) = database.execute(f"SELECT {key} FROM {table} ORDER BY {key} LIMIT 2").fetchall()
                for new, old in ((-7, one), (one, two), (two, -7)):
                    database.execute(f"UPDATE {table} SET {key} = ? WHERE {key} = ?", (new, old))
            with self.subTest(table=table):
                self.told(table, self.verified(swap), table)

    def test_a_row_added(self):
        fresh = {"message.message_id": "randomblob(16)", "message.sender": "NULL", "envelope.body_file": "NULL", "case_record.case_no": "NULL",
                 "system.name": "'nobody/knows'", "certificate.key_id": "randomblob(32)", "mapping_version.id": "randomblob(32)"}
        names = {}
        for table, column, _ in self.columns():
            names.setdefault(table, []).append(column)
        for table, columns in names.items():
            if table in EMPTY | {"meta"}:
                continue
            for place in ("max({key}) + 1", "min({key}) - 1", "max({key}) + 5000000000"):
                key = KEYS[table]
                if table in ("certificate", "mapping_version"):
                    at = fresh[f"{table}.{key}"]
                else:
                    at = f"(SELECT {place.format(key=key)} FROM {table})"
                values = ", ".join(at if column == key else fresh.get(f"{table}.{column}", column) for column in columns)
                with self.subTest(table=table, place=place):
                    findings = self.verified(lambda database: database.execute(
                        f"INSERT INTO {table} SELECT {values} FROM {table} LIMIT 1"))
                    self.told(table, findings, (table, place))
        self.told("large", self.verified(lambda database: database.execute("INSERT INTO large VALUES (3, 1, 0, 0, 0, 0, 0, x'00')")), "large")
        self.told("run", self.verified(lambda database: database.execute("INSERT INTO run VALUES (1, 'a/b/c', 1, x'7b7d')")), "run")
        self.told("meta", self.verified(lambda database: database.execute(
            "INSERT OR REPLACE INTO meta VALUES ('restored_head', 'a head')")), "meta")

    def test_a_schema_that_is_not_ours(self):
        for statement in ("DROP INDEX message_identity", "CREATE TRIGGER t AFTER INSERT ON change BEGIN DELETE FROM patch; END",
                          "CREATE VIEW v AS SELECT 1"):
            with self.subTest(statement=statement):
                self.assertIn("store_damaged", {finding["what"] for finding in self.verified(lambda database: database.execute(statement))})

    def test_a_table_replaced_by_a_view_that_never_ends(self):
        for table, columns in (("leaf", "i AS log_index, x'7b7d' AS leaf"), ("checkpoint", "i + 1 AS tree_size, x'7b7d' AS note"),
                               ("meta", "i AS name, x'7b7d' AS value")):
            def replace(database):
                database.execute("PRAGMA legacy_alter_table = 1")
                database.execute(f"ALTER TABLE {table} RENAME TO other")
                database.execute(f"CREATE VIEW {table} AS WITH RECURSIVE t(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM t) SELECT {columns} FROM t")
            with self.subTest(table=table):
                findings = self.verified(replace)
                self.assertEqual({"store_damaged"}, {finding["what"] for finding in findings}, "nothing else is read")
                self.assertIn(f"schema: view {table} is not as this program makes it", [finding["found"] for finding in findings])

    def test_a_row_of_the_feed_that_stands_for_more_than_there_is(self):
        for more in (10 ** 9, 2 ** 63 - 1):
            findings = self.verified(lambda database: database.execute(
                "UPDATE change SET more = ? WHERE number = (SELECT max(number) FROM change)", (more,)))
            self.assertEqual({"store_damaged", "row_added"}, {finding["what"] for finding in findings})

    def test_a_table_that_is_gone(self):
        (told,) = self.verified(lambda database: database.execute("DROP TABLE patch"))
        self.assertIn("schema: table patch is missing", told)

    def test_what_was_written_is_told_on_one_line_that_can_be_read(self):
        forged = b"a\nthe log is good: 1 entries\xff\x1b[1m"
        findings = self.verified(lambda database: database.execute(
            "INSERT INTO system(name, department) VALUES (CAST(? AS TEXT), 'x')", (forged,)))
        self.assertIn("system a?the log is good: 1 entries??[1m", [finding["where"] for finding in findings])

    def test_a_piece_of_outcome_lines_with_nothing_in_it(self):
        for lines in (b"", b"\x00"):
            findings = self.verified(lambda database: database.execute(
                "INSERT INTO outcome_part SELECT key + 1, ? FROM outcome_part WHERE key & 2147483647 = 0 LIMIT 1", (lines,)))
            self.told("outcome_part", findings, lines)

    def test_the_stamp_of_a_record_that_was_said_again(self):
        """Bytes of such a case's state: the repetition stands over some of them."""
        with sqlite3.connect(self.database) as database:
            case, state = database.execute("SELECT id, state FROM case_record JOIN repeat ON id BETWEEN first_case AND last_case LIMIT 1").fetchone()
        database.close()
        for at in range(0, len(state), 5):
            changed = state[:at] + bytes([state[at] ^ 1]) + state[at + 1:]
            findings = self.verified(lambda database: database.execute("UPDATE case_record SET state = ? WHERE id = ?", (changed, case)))
            self.assertIn("case_differs", {finding["what"] for finding in findings}, at)

    def test_a_case_put_back_as_it_was(self):
        """A former state is a good state: only that it is not the last tells it."""
        def put_back(database):
            (no, case) = database.execute("SELECT number + id - case_id, id FROM change JOIN case_record ON id BETWEEN case_id AND case_id + more"
                                          " WHERE number + id - case_id < last_change").fetchone()
            self.assertEqual(1, database.execute("UPDATE case_record SET last_change = ? WHERE id = ?", (no, case)).rowcount)
        self.assertIn("case_differs", {finding["what"] for finding in self.verified(put_back)})


if __name__ == "__main__":
    unittest.main(verbosity=2)
