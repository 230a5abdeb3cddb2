#!/usr/bin/python3
"""connectors/thrift/example/permits.py - a department's permits, out of a table of SQLite, and what the center decided, into another:

    python3 permits.py permits.db --listen 0.0.0.0:9790 --certificate server.pem --key server.key --clients gateway.pem

Table permit(seq INTEGER PRIMARY KEY AUTOINCREMENT, no TEXT UNIQUE, office TEXT, title TEXT): who changes a row writes INSERT OR REPLACE, so
that it gets a new `seq`. Where reading stands is that number. Table decision(key TEXT PRIMARY KEY, body BLOB)."""
import argparse
import contextlib
import json
import socket
import sqlite3

from caseway_connector import Connector, Fault, Page, Payload, Step
from tls_server import serve_tls, tls_context

SPEC = {"connector": "permits", "version": "1.0.0"}


class Permits(Connector):
    def __init__(self, settings, gateway, path):
        super().__init__(settings, gateway)
        self.office = settings.get("office", "")
        if not isinstance(self.office, str):
            raise Fault.config("bad_setting", "an office is a text", "/office", "name one, or leave it out for all")
        self.path = path

    @contextlib.contextmanager
    def transaction(self):
        try:
            with contextlib.closing(sqlite3.connect(self.path, timeout=10)) as database, database:
                yield database
        except sqlite3.OperationalError:
            raise Fault.transient("database_busy", "the database does not answer", "permit", "tell the department if it lasts") from None

    def ask(self, statement, values):
        with self.transaction() as database:
            return database.execute(statement, values).fetchall()

    def check(self):
        return [Step("count the permits", True, f"{self.total()} permits")]

    def discover(self):
        return [("permit", "application/json")]

    def total(self):
        return self.ask("SELECT count(*) FROM permit WHERE ? IN ('', office)", (self.office,))[0][0]

    def read(self, cursor, records, size):
        since = self.position(cursor)
        rows = self.ask("SELECT seq, no, office, title FROM permit WHERE seq > ? AND ? IN ('', office) ORDER BY seq LIMIT ?",
                        (since, self.office, records))
        permits, taken = [], 0
        for seq, *values in rows:
            permits.append(dict(zip(("no", "office", "title"), values)))
            since, taken = seq, taken + sum(len(one.encode()) for one in values)
            if taken >= size:
                break
        if not permits:
            return Page([], cursor, True, self.total())
        data = json.dumps({"permits": permits}, ensure_ascii=False).encode()
        last = len(permits) == len(rows) < records
        return Page([Payload("permits", "application/json", data, len(permits))], b"%d" % since, last, self.total())

    @staticmethod
    def position(cursor):
        if cursor and not (cursor.isdigit() and len(cursor) < 18):
            raise Fault.system("bad_cursor", "the cursor is not one of this connector", "", "start it from the beginning")
        return int(cursor or 0)

    def write(self, items):
        answers = []
        with self.transaction() as database:
            for key, body in items:
                known = database.execute("SELECT 1 FROM decision WHERE key = ? AND body = ?", (key, body)).fetchone()
                if not known:
                    database.execute("INSERT OR REPLACE INTO decision VALUES (?, ?)", (key, body))
                answers.append(("same" if known else "written", ""))
        return answers


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("database")
    parser.add_argument("--listen", required=True, help="address:port")
    for name in ("certificate", "key", "clients"):
        parser.add_argument(f"--{name}", required=True, help="a PEM file")
    given = parser.parse_args()
    host, port = given.listen.rsplit(":", 1)
    listener = socket.create_server((host, int(port)))
    print(listener.getsockname()[1], flush=True)
    serve_tls(lambda settings, gateway: Permits(settings, gateway, given.database), SPEC, listener,
              tls_context(given.certificate, given.key, given.clients))


if __name__ == "__main__":
    main()
