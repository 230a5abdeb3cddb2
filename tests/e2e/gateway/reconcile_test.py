"""Reconciliations by the real program: what differs is told and mended, what vanished is marked, half a set asks, and proof of it."""
import http.server
import json
import sqlite3
import unittest
import urllib.parse

import payloads
from connector_life_test import NAME
from installation import run, until
from sync_run_test import ServiceCase, SyncCase


class Reconciliations(SyncCase):
    def whole_set(self, *cases, name="whole.json"):
        for file in (self.exchange / "out").iterdir():
            file.unlink()
        self.offer(name, payloads.as_json(*cases))

    def reconcile(self, *more, ok=True):
        return self.run_now("--reconcile", *more, ok=ok)

    def case_of(self, source_case_no):
        found = json.loads(self.reader(self.housing).get(f"/v1/cases?source_case_no={source_case_no}").body)["cases"]
        return self.case(found[0]["case_no"]) if found else None

    def case(self, number):
        return json.loads(self.reader(self.housing).get(f"/v1/cases/{number}").body)

    def adds_up_to(self, shown, **expected):
        counts = shown["reconciliation"]["counts"]
        self.assertEqual(counts["read"], sum(counts[kind] for kind in ("same", "different", "missing_here", "newer_here", "deleted_here",
                                                                       "repeated", "refused")), shown)
        self.assertEqual(counts["ours"], counts["both"] + counts["missing_there"] + counts["not_compared"], shown)
        for kind, count in expected.items():
            self.assertEqual(count, counts[kind], (kind, shown))

    def test_the_whole_set_beside_ours(self):
        cases = {i: payloads.case(f"whole-{i}") for i in range(40)}
        self.goes_live()
        (self.exchange / "out" / "a.json").unlink()
        self.offer("b.json", payloads.as_json(*cases.values()))
        self.assertEqual("done", self.run_now()["state"])
        cursor = self.cursor()

        with self.subTest("the same"):
            self.whole_set(*cases.values())
            self.adds_up_to(self.reconcile(), same=40, both=40, ours=40)
            self.assertEqual(["whole.json"], [file.name for file in (self.exchange / "out").iterdir()], "the source was told something")
            self.assertEqual(cursor, self.cursor())
            self.assertRegex(self.caseway("sync", "history", "--limit", 1).stderr.decode(), "done +40 compared: 0 different, 0 missing here, 0 missing there ")
            self.assertEqual(f"{NAME}: ok, 40 compared", self.caseway("sync", "run", NAME, "--reconcile").stderr.decode().splitlines()[-1])

        with self.subTest("half a set"):
            self.whole_set(*list(cases.values())[:20])
            held = self.reconcile(ok=False)
            self.assertEqual(("stopped", "reconcile_too_many_vanished"), (held["state"], held["trouble"]["code"]))
            self.adds_up_to(held, same=20, missing_there=20, marked=0)
            self.assertIn("--vanished-at-most and the share", self.caseway("sync", "show", held["number"]).stderr.decode())
            self.assertNotIn("vanished", self.case_of("whole-30"))

        with self.subTest("different, missing, gone"):
            changed = payloads.case("whole-1", version=2, state="done")
            self.whole_set(payloads.case("whole-new"), changed, *[cases[i] for i in range(2, 40)])
            looked = self.reconcile("--repair", "none")
            self.adds_up_to(looked, different=1, missing_here=1, missing_there=1, marked=1, same=38)
            self.assertIsNone(self.case_of("whole-new"))
            mended = self.reconcile()
            self.adds_up_to(mended, different=1, missing_here=1, missing_there=1, marked=0)
            self.adds_up(mended, new=1, changed=1, same=38)
            self.assertIsNotNone(self.case_of("whole-new"))
            gone = self.case_of("whole-0")
            self.assertEqual(looked["number"], gone["vanished"]["run"])
            self.assertFalse(gone["deleted"])
            self.assertIn("vanished at its department", self.caseway("case", "show", gone["case_no"]).stderr.decode())
            report = json.loads(self.caseway("sync", "report", looked["number"], "--json").stdout)
            self.assertEqual(looked["reconciliation"]["counts"], report["counts"])
            self.assertEqual({"missing_here": "whole-new", "different": "whole-1", "missing_there": "whole-0"},
                             {one["kind"]: one["source_case_no"] for one in report["differences"]})
            self.assertIn("status", next(one for one in report["differences"] if one["kind"] == "different")["fields"])
            self.assertIn("missing there", self.caseway("sync", "report", looked["number"]).stderr.decode())
            table = self.caseway("sync", "report", looked["number"], "--csv").stdout.decode()
            self.assertEqual(4, len(table.splitlines()), table)
            self.assertEqual("report_unknown", json.loads(self.caseway("sync", "report", "1", "--json", ok=False).stdout)["code"])

        with self.subTest("seen again"):
            self.whole_set(payloads.case("whole-new"), changed, *[cases[i] for i in (0, *range(2, 40))])
            self.adds_up_to(self.reconcile(), returned=1, missing_there=0, same=41)
            self.assertNotIn("vanished", self.case_of("whole-0"))

        with self.subTest("refused there"):
            self.whole_set(payloads.case("whole-new"), changed, *[cases[i] for i in (0, *range(2, 38))],
                           *(payloads.case(f"whole-{i}", state="odd") for i in (38, 39)))
            number = self.reconcile()["number"]
            self.tells_what_was_refused(number)

        with self.subTest("killed"):
            self.whole_set(*[payloads.case(f"whole-{i}") for i in range(2, 40)], changed, payloads.case("whole-new"), cases[0])
            number, files = looked["number"] + 3, 0
            for _ in range(5):  # until it is caught in the middle
                for i in range(files, files + 400):
                    self.offer(f"x{i:04}.json", payloads.as_json(payloads.case(f"killed-{i}")))
                number, files, pages = number + 1, files + 400, self.pages()
                self.caseway("sync", "run", NAME, "--reconcile", "--no-wait")
                until(lambda: self.pages() >= pages + 3, "page 3")
                self.gateway.kill()
                self.gateway.start()
                until(lambda: "ended_at" in self.run_of(number), "its end")
                ended = self.run_of(number)
                if ended["resumed"] != 0:
                    break
            self.assertEqual("done", ended["state"], ended)
            self.assertGreaterEqual(ended["resumed"], 1, ended)
            self.adds_up_to(ended, missing_there=0, read=41 + files)
            self.assertEqual([], list((self.gateway.data / "payloads" / "spool").glob("*")))
            self.assertEqual(cursor, self.cursor())

        leaf = next(leaf for leaf in self.leaves() if leaf["type"] == "run" and leaf["detail"]["run"] == looked["number"])
        self.assertEqual(looked["reconciliation"]["report"], leaf["envelope"])
        self.log_is_good()

    def tells_what_was_refused(self, number):
        """Not compared, so no difference: for people in lines, for machines in the document, beside a table in a word."""
        shown = self.caseway("sync", "report", number).stderr.decode()
        self.assertIn("refused there, not compared · 拒收，未比较: 2\n", shown)
        for record in (40, 41):
            self.assertRegex(shown, f"record {record} +code_unknown +status, /cases/{record - 1}/state +payload whole.json\n")
        self.assertNotIn("odd", shown)
        self.assertIn("… 1 of 2 shown", self.caseway("sync", "report", number, "--limit", "1").stderr.decode())
        told = json.loads(self.caseway("sync", "report", number, "--json").stdout)
        self.assertEqual(([40, 41], 2), ([one["record"] for one in told["refusals"]], told["counts"]["refused"]))
        table = self.caseway("sync", "report", number, "--csv")
        self.assertEqual(b"kind,source_case_no,case_no,fields\r\n", table.stdout)
        self.assertIn(f"2 were refused and not compared: caseway sync report {number} shows them", table.stderr.decode())

    def run_of(self, number):
        shown = self.caseway("sync", "show", number, "--json", ok=False)
        return json.loads(shown.stdout) if shown.returncode == 0 else {"pages": 0}

    def cursor(self):
        return self.selected("SELECT connector, cursor FROM connector_cursor")

    def pages(self):
        return self.selected("SELECT count(*) FROM run_page")[0][0]

    def selected(self, query):
        database = sqlite3.connect(f"file:{self.gateway.data}/caseway.db?mode=ro", uri=True)
        try:
            return database.execute(query).fetchall()
        finally:
            database.close()


class Pages(http.server.BaseHTTPRequestHandler):
    rows, between, size = [], staticmethod(lambda: None), 20  # `between`: what the department does once page 1 was given

    def do_GET(self):
        page = int(urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)["page"][0])
        answer = json.dumps({"cases": Pages.rows[(page - 1) * self.size:page * self.size], "total": len(Pages.rows)}).encode()
        if page == 1:
            Pages.between()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


class MovingPages(ServiceCase, Reconciliations):
    """A service without `since`, whose rows move from page to page while a reconciliation reads them."""
    test_the_whole_set_beside_ours = None
    service = Pages

    def tearDown(self):
        self.remove()

    def goes_live_with(self, more):
        Pages.rows = Pages.rows or [payloads.case(f"moving-{i}") for i in range(100)]
        file = self.gateway.folder / "pages.yaml"
        file.write_text(f"type: http\ndirection: pull\nmapping: permits.json\nsettings:\n  url: http://127.0.0.1:{self.server.server_port}/cases\n"
                        f'  records: "$.cases[*]"\n{more}  paging: {{style: page, size: 20}}\n')
        self.change("connector", "add", NAME, file)
        self.assertTrue(self.change("connector", "test", NAME)["test"]["good"])
        self.change("connector", "activate", NAME)
        self.run_now()

    def once(self, *removed, append=None):
        def moves():
            Pages.between = lambda: None
            Pages.rows = [row for row in Pages.rows if row["no"] not in removed] + ([payloads.case(append)] if append else [])
        Pages.between = moves

    def test_what_moved_is_not_marked_as_gone(self):
        for more in ("uncounted", "counted"):
            with self.subTest(more):
                self.goes_live_with('  total: "$.total"\n' if more == "counted" else "")
                self.once("moving-5", append=f"moving-new-{more}")
                moved = self.reconcile()  # what slid onto page 1 is asked for there
                self.assertEqual("done", moved["state"], moved)
                self.adds_up_to(moved, missing_there=0, marked=0)
                self.once("moving-20", append=f"moving-other-{more}")  # the last one of page 1 now: nobody can tell what slid
                moved = self.reconcile(ok=False)
                self.assertEqual(("stopped", "reconcile_set_not_whole"), (moved["state"], moved["trouble"]["code"]), moved)
                self.assertIn("rows moved from page to page", moved["trouble"]["message"])
                self.adds_up_to(moved, marked=0)
                still = self.reconcile()  # both are gone indeed
                self.assertEqual(2, still["reconciliation"]["counts"]["marked"], still)
                self.assertIn("vanished", self.case_of("moving-5"))
                self.assertNotIn("vanished", self.case_of("moving-21"))
                Pages.rows[5:5], Pages.rows[20:20] = [payloads.case("moving-5")], [payloads.case("moving-20")]
                self.adds_up_to(self.reconcile(), returned=2, missing_there=0)
                self.remove()
        self.goes_live_with("")
        self.log_is_good()


if __name__ == "__main__":
    unittest.main()
