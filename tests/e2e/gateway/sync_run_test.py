"""Runs of a connector by the real program: everything once, whatever is killed, and proof of it."""
import fcntl
import http.server
import json
import os
import re
import shutil
import sqlite3
import struct
import subprocess
import termios
import threading
import unittest
import unittest.mock

import payloads
from connector_life_test import NAME, ConnectorCase
from installation import BINARY, until


class SyncCase(ConnectorCase):
    def document(self, **settings):
        file = super().document(**settings)
        file.write_text(file.read_text() + "limits:\n  page_records: 2\n")  # two files a page
        return file

    def run_now(self, *more, ok=True):
        result = self.caseway("sync", "run", NAME, "--json", *more, ok=ok)
        return json.loads(result.stdout.splitlines()[-1]) if result.stdout else None

    def adds_up(self, shown, **expected):
        found = shown["counts"]
        self.assertEqual(found["read"], sum(found[kind] for kind in ("new", "changed", "same", "stale", "refused")), shown)
        for kind, count in expected.items():
            self.assertEqual(count, found[kind], shown)

    def cases(self):
        return json.loads(self.reader(self.housing).get("/v1/cases?limit=1000").body)["cases"]

    def run_of(self, number):
        """As it is stored: a command takes longer than many pages."""
        row = self.stored("SELECT body FROM run WHERE number = ?", number)
        return json.loads(row[0]) if row else {"pages": 0}

    def stored(self, question, *values):
        (file,) = self.gateway.data.glob("*.db")
        database = sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=30)
        try:
            return database.execute(question, values).fetchone()
        finally:
            database.close()


class ServiceCase(SyncCase):
    """Beside a service of the department's, which connectors may reach: `service` is what answers there."""
    service = None

    @classmethod
    def make(cls, **settings):
        cls.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), cls.service)
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()
        cls.addClassCleanup(cls.server.server_close)
        cls.addClassCleanup(cls.server.shutdown)
        return SyncCase.make.__func__(cls, connectors__destinations=f"housing=127.0.0.1:{cls.server.server_port}", **settings)


class Runs(SyncCase):
    def test_a_run_takes_what_is_there_once_and_the_next_what_came_since(self):
        self.goes_live()  # a.json lies there
        self.offer("b.json", payloads.as_json(payloads.case("pulled-2"), payloads.case("pulled-3")))
        self.offer("c.json", b"<html>the source is down for maintenance</html>")
        first = self.run_now(ok=False)
        self.assertEqual(("partial", "payload_refused", 2), (first["state"], first["trouble"]["code"], first["pages"]))
        self.adds_up(first, new=3, payloads=3, payloads_refused=1)
        lines = [json.loads(line) for line in self.caseway("sync", "show", first["number"], "--pages", "--json").stdout.splitlines()]
        self.assertEqual(first, lines[0])
        self.assertEqual([1, 2], [page["page"] for page in lines[1:]])
        for count in ("read", "new", "payloads", "payloads_refused"):
            self.assertEqual(first["counts"][count], sum(page["counts"][count] for page in lines[1:]), count)
        self.assertIn("page      2  1 payload  ", self.caseway("sync", "show", first["number"], "--pages").stderr.decode())
        self.assertEqual([], list((self.exchange / "out").glob("*.json")))
        self.assertEqual(3, len(self.cases()))
        self.adds_up(self.run_now(), read=0)
        self.offer("d.json", payloads.as_json(payloads.case("pulled-2", version=2, state="done")))
        self.adds_up(self.run_now(), changed=1)
        leaves = [leaf for leaf in self.leaves() if leaf["type"] in ("message", "refusal", "run")]
        self.assertEqual(["pulled"], sorted({leaf["origin"] for leaf in leaves}))
        self.assertEqual(first["counts"], next(leaf for leaf in leaves if leaf["type"] == "run")["detail"]["counts"])
        self.assertNotIn("cert", leaves[0])
        self.log_is_good()
        listed = json.loads(self.caseway("sync", "history", "--json").stdout)
        self.assertEqual([3, 2, 1], [one["number"] for one in listed])
        shown = self.caseway("sync", "show", "1").stderr.decode()
        self.assertIn("3 read = 3 new + 0 changed + 0 same + 0 stale + 0 refused", shown)
        self.assertIn("1 of them refused as a whole", shown)
        self.assertRegex(shown, "malformed_json  refused as a whole\n")
        self.assertNotIn("caseway sync show 1", shown)  # it stands there already
        self.assertIn("caseway sync show 1 names them", self.caseway("sync", "history").stderr.decode())
        self.assertIn("source says   no count: whether all that it has came cannot be proved", shown)
        message = re.search(r"next step .*caseway message show (\S+)", shown)[1]
        self.assertEqual(1, shown.count("next step"), shown)
        self.assertRegex(shown, rf"  {message}  malformed_json  .*\n    [a-z]+\.json, page \d+: (line|byte|/).*: malformed_json: .*; ")
        self.assertEqual(0, self.caseway("message", "show", message).returncode)
        self.assertRegex(self.caseway("sync", "history").stderr.decode(), r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00  ")
        self.assertEqual(f"{NAME}: ok, 0 read", self.caseway("sync", "run", NAME).stderr.decode().splitlines()[-1])
        self.assertIn(NAME, self.caseway("sync", "status").stderr.decode())

    def test_what_breaks_off_behind_records_that_were_taken_makes_no_whole_run(self):
        many = payloads.as_json(*(payloads.case(f"broken-{n}") for n in range(1500)))  # more than are held back until all is read
        self.offer("broken.json", many[:-40])
        self.offer("whole.json", payloads.as_json(payloads.case("whole-1")))
        result = self.caseway("sync", "run", NAME, ok=False)
        self.assertEqual(1, result.returncode)
        self.assertIn(f"{NAME}: partial, 1500 read: payload_refused: payloads refused as a whole or broken off: 1 of 2: ", result.stderr.decode())
        (number,) = self.stored("SELECT max(number) FROM run")
        run = self.run_of(number)
        self.adds_up(run, new=1500, payloads=2, payloads_refused=1)
        shown = self.caseway("sync", "show", number, "--pages").stderr.decode()
        self.assertIn("(1 of them refused as a whole or broken off)", shown)
        self.assertRegex(shown, r"malformed_json  0 of 1499 records refused, and it broke off behind them\n    broken\.json, page \d+: .*malformed_json: ")
        self.assertRegex(self.caseway("sync", "history").stderr.decode(), "partial .*payload_refused")
        self.log_is_good()
        self.adds_up(self.run_now(), read=0, payloads_refused=0)

    def test_files_that_cannot_be_taken_hide_no_payload_that_was_refused(self):
        self.offer("page.json", b"<html>the source is down for maintenance</html>")
        self.offer("two.json", payloads.as_json(payloads.case("two-names")))
        os.link(self.exchange / "out" / "two.json", self.exchange / "other-name.json")
        result = self.caseway("sync", "run", NAME, ok=False)
        (self.exchange / "other-name.json").unlink()
        (self.exchange / "out" / "two.json").unlink()
        line = result.stderr.decode().splitlines()[-1]
        self.assertIn("partial, 0 read: file_refused: 1 file cannot be taken (the others were read): `two.json`: it has 2 names", line)
        self.assertIn("; payloads refused as a whole or broken off: 1 of 1; next step: ", line)
        self.assertRegex(line, r"caseway sync show \d+ names the payloads that were refused$")
        self.log_is_good()

    def test_a_run_that_cannot_begin_or_go_on_says_what_to_do(self):
        name = "housing/permits/broken"
        self.change("connector", "add", name, self.document())
        self.offer("e.json", payloads.as_json(payloads.case("broken-1")))
        self.assertTrue(self.change("connector", "test", name)["test"]["good"])
        result = self.caseway("sync", "run", name, "--json", ok=False)
        self.assertEqual(("connector_not_active", 1), (json.loads(result.stdout)["code"], result.returncode))
        line = self.caseway("sync", "run", name, ok=False).stderr.decode().splitlines()[-1]
        self.assertEqual(f"{name}: not begun: connector_not_active; next step: caseway connector show {name}", line)
        self.change("connector", "activate", name)
        self.addCleanup(self.caseway, "connector", "remove", name)
        self.addCleanup(self.caseway, "connector", "suspend", name)
        (self.exchange / "out").rename(self.exchange / "gone")
        self.addCleanup((self.exchange / "gone").rename, self.exchange / "out")
        result = self.caseway("sync", "run", name, "--json", ok=False)
        stopped = json.loads(result.stdout)
        self.assertEqual(("stopped", "config", 1), (stopped["state"], stopped["trouble"]["kind"], result.returncode), stopped)
        self.assertTrue(stopped["trouble"]["next_step"], stopped)
        self.assertIn("next step", self.caseway("sync", "show", stopped["number"]).stderr.decode())
        result = self.caseway("sync", "run", name, "housing/permits/nobody", ok=False)
        failed, unknown = result.stderr.decode().splitlines()[-2:]
        self.assertEqual(1, result.returncode)
        self.assertRegex(failed, f"^{name}: failed, 0 read: {stopped['trouble']['code']}: .+; next step: .+")
        self.assertRegex(unknown, "^housing/permits/nobody: not begun: connector_unknown; next step: caseway connector list$")
        near = name.replace("broken", "borken")
        for command in (("sync", "run"), ("sync", "cancel"), ("sync", "run", "--dry"), ("sync", "run", "--reconcile"), ("connector", "test"),
                        ("connector", "show"), ("sync", "history")):
            told = json.loads(self.caseway(*command, near, "--json", ok=False).stdout.splitlines()[0])
            self.assertEqual(("connector_unknown", f"did you mean '{name}'?"), (told["code"], told["hint"]), command)


def all_of(terminal):
    """What was written to it, until its other end was closed."""
    pieces = []
    try:
        while piece := os.read(terminal, 65536):
            pieces.append(piece)
    except OSError:  # EIO: closed
        pass
    return b"".join(pieces).decode()


class Chosen(SyncCase):
    """What a person may ask of a run."""

    SETTINGS = {"sync__circuit_failures": 1}

    def setUp(self):
        super().setUp()
        self.goes_live()
        self.run_now()
        self.addCleanup(self.remove)

    def test_a_dry_run_counts_what_would_be_and_writes_nothing(self):
        self.offer("dry.json", payloads.as_json(payloads.case("dry-1"), payloads.case("pulled-1", version=2, state="done"),
                                                payloads.case("dry-2", state="paused")))
        before, leaves = self.cases(), len(self.leaves())
        would = self.run_now("--dry")
        self.adds_up(would, new=1, changed=1, refused=1)
        self.assertEqual(0, would["number"], would)
        self.assertEqual((before, leaves), (self.cases(), len(self.leaves())))
        self.assertTrue((self.exchange / "out" / "dry.json").exists())
        self.assertIn("nothing was written", self.caseway("sync", "run", NAME, "--dry").stderr.decode())
        self.adds_up(self.run_now(), new=1, changed=1, refused=1)

    def test_what_holds_a_live_connector_is_told_and_nothing_is_taken_meanwhile(self):
        system = self.housing.name
        self.offer("held.json", payloads.as_json(payloads.case("held-1")))
        before = len(self.cases())
        for hold, release, code, hint in (
                (("system", "revoke-grant", system, "--mapping", "permits.json"), ("system", "grant", system, "--mapping", "permits.json"),
                 "connector_mapping_not_granted", f"caseway system grant {system} --mapping permits.json"),
                (("system", "suspend", system), ("system", "activate", system), "connector_not_active", f"caseway system activate {system}")):
            with self.subTest(hold=hold):
                warnings = self.change(*hold)["warnings"]
                try:
                    self.assertTrue(any(f"{NAME} runs no more" in warning for warning in warnings), warnings)
                    refused = json.loads(self.caseway("sync", "run", NAME, "--json", ok=False).stdout)
                    self.assertEqual(code, refused["code"])
                    self.assertIn(hint, refused["hint"])
                    (held,) = [one for one in json.loads(self.caseway("sync", "status", "--json").stdout) if one["connector"] == NAME]
                    self.assertEqual(("held", code), (held["state"], held["held"]["code"]))
                    for command in (("sync", "status"), ("connector", "list"), ("doctor",)):
                        self.assertIn(hint, self.caseway(*command, ok=False).stderr.decode(), command)
                finally:
                    self.change(*release)
                self.assertEqual(before, len(self.cases()))
        self.adds_up(self.run_now(), new=1)

    def test_a_run_of_which_every_record_was_refused_is_not_told_as_good(self):
        self.caseway("sync", "run", NAME)  # what other tests left
        self.offer("none.json", payloads.as_json(payloads.case("none-1", state="odd")))
        result = self.caseway("sync", "run", NAME, ok=False)
        number = self.stored("SELECT max(number) FROM run")[0]
        told = f"1 read, 1 refused; next step: caseway sync show {number} names them"
        self.assertEqual((1, f"{NAME}: partial: nothing was taken, {told}"), (result.returncode, result.stderr.decode().splitlines()[-1]))
        self.assertIn(b"partial: nothing was taken, 1 record was refused", self.caseway("sync", "status").stderr)
        self.offer("some.json", payloads.as_json(payloads.case("none-2", state="odd"), payloads.case("none-3")))
        result = self.caseway("sync", "run", NAME)
        self.assertIn(f"{NAME}: ok, 2 read, 1 refused; next step: ", result.stderr.decode().splitlines()[-1])

    def test_what_was_refused_is_mapped_again_once_the_mapping_takes_it(self):
        self.offer("odd.json", payloads.as_json(payloads.case("odd-1", state="odd"), payloads.case("odd-2")) + b" " * 3000)
        self.offer("odder.json", payloads.as_json(payloads.case("odd-3", state="odd")) + b" " * 3000)
        first = self.run_now()
        self.assertEqual(1, first["pages"])
        number = first["number"]
        result = self.caseway("sync", "retry", number, "--json", ok=False)
        self.assertEqual(("nothing_to_retry", 1), (json.loads(result.stdout)["code"], result.returncode))
        self.assertIn(f"--run {number}", json.loads(result.stdout)["hint"])
        self.assertIn(b"mend the mapping", self.caseway("connector", "test", NAME, "--run", number, ok=False).stderr)
        self.refused_command("run_unknown", "connector", "test", NAME, "--run", "99999")
        self.assertEqual("99999", json.loads(self.caseway("sync", "retry", "99999", "--json", ok=False).stdout)["value"])
        folder = self.gateway.folder / "permits_json"
        folder.mkdir()
        self.addCleanup(shutil.rmtree, folder)
        (folder / "mapping.yaml").write_text(payloads.JSON_MAPPING.replace('open: "40"', 'open: "40", odd: "40"'))
        self.change("mapping", "add", folder)
        smaller = self.document()
        smaller.write_text(smaller.read_text() + "  page_bytes: 1024\n")  # less than that page had
        self.change("connector", "set", NAME, smaller)
        tried = self.change("connector", "test", NAME, "--run", number)["test"]
        self.assertEqual((True, 3, 0), (tried["good"], tried["counts"]["mapped"], tried["counts"]["refused"]), tried)
        self.change("connector", "activate", NAME)
        again = json.loads(self.caseway("sync", "retry", number, "--json").stdout)
        self.assertEqual(("retry", number, "done", 2), (again["kind"], again["of"], again["state"], again["pages"]), again)
        self.adds_up(again, new=2, same=1)
        self.log_is_good()

    def test_since_reads_again_what_was_read_since_then(self):
        self.offer("s1.json", payloads.as_json(payloads.case("since-1")))
        first = self.run_now()
        self.offer("s2.json", payloads.as_json(payloads.case("since-2")))
        self.run_now()
        for name in ("s1.json", "s2.json"):
            self.assertFalse((self.exchange / "out" / name).exists())
        again = self.run_now("--since", first["started_at"])
        self.assertEqual(("since", "done"), (again["kind"], again["state"]), again)
        result = self.caseway("sync", "run", NAME, "--since", "1990-01-01T00:00:00Z", "--full", ok=False)
        self.assertEqual(2, result.returncode, result)

    def test_what_can_be_no_connector_no_time_and_no_number_is_a_mistake_of_the_command_line(self):
        for words, rule in ((["run", NAME, "--since", "yesterday"], "RFC 3339"), (["run", NAME, "--since", "base64:!!!"], "base64"),
                            (["run", NAME, "--since", "2999-01-01T00:00:00Z"], "a time that has been"),
                            (["run", "bad name"], "DEPARTMENT/SYSTEM/NAME"), (["run", "housing/permits"], "DEPARTMENT/SYSTEM/NAME"),
                            (["cancel", "x"], "DEPARTMENT/SYSTEM/NAME"), (["history", "x"], "DEPARTMENT/SYSTEM/NAME"),
                            (["show", "-1"], "from 1"), (["show", "0"], "from 1"), (["show", "99999999999999999999"], "from 1"),
                            (["retry", "0"], "from 1"), (["report", "0"], "from 1"), (["report", "-1"], "from 1"), (["report", "x"], "from 1")):
            result = self.caseway("sync", *words, ok=False)
            self.assertEqual(2, result.returncode, (words, result))
            self.assertIn(rule, result.stderr.decode())
        self.refused_command("connector_unknown", "sync", "history", "nobody/x/y")

    def test_in_chinese_a_mistake_is_told_in_chinese_and_its_commands_once(self):
        with unittest.mock.patch.dict(os.environ, LC_ALL="zh_CN.UTF-8"):
            shown = self.caseway("sync", "morning", "--night", "yesterday", ok=False)
            self.assertEqual(2, shown.returncode)
            self.assertIn("--night 的值 yesterday 不是日期", shown.stderr.decode())
            name = "housing/permits/untested"
            self.change("connector", "add", name, self.document())
            self.addCleanup(self.caseway, "connector", "remove", name)
            told = self.caseway("connector", "activate", name, ok=False).stderr.decode()
            self.assertIn(f"caseway connector test {name}", told)
            self.assertEqual(1, told.count("caseway connector test"), told)

    def test_a_connector_that_is_named_twice_is_asked_once(self):
        result = self.caseway("sync", "run", NAME, NAME, "--json")
        self.assertEqual(1, len(result.stdout.splitlines()), result)

    def test_an_empty_value_is_a_mistake_and_swallows_no_other_option(self):
        for words in (["--since="], [NAME, "--since="], ["--since=", "--dry"], ["--repair=", "--reconcile"], ["--data="],
                      ["--since", ""]):
            result = self.caseway("sync", "run", *words, ok=False)
            self.assertEqual(2, result.returncode, (words, result))
            self.assertEqual(b"", result.stdout)
        self.assertIn("'--since=' has no value", self.caseway("sync", "run", NAME, "--since=", ok=False).stderr.decode())
        before = self.caseway("sync", "history", "--json").stdout
        self.caseway("sync", "run", "--since=", ok=False)
        self.assertEqual(before, self.caseway("sync", "history", "--json").stdout)

    def test_a_connector_that_fails_again_and_again_is_left_alone_and_says_so(self):
        (self.exchange / "out").rename(self.exchange / "gone")
        self.addCleanup((self.exchange / "gone").rename, self.exchange / "out")
        stopped = self.run_now(ok=False)
        self.assertEqual("stopped", stopped["state"])
        code, step = stopped["trouble"]["code"], stopped["trouble"]["next_step"]
        self.assertEqual(1.0, self.gateway.metric(f'caseway_connector_last_run_reason{{connector="{NAME}",reason="{code}"}}'))
        for command in (["status"], ["history", NAME], ["show", stopped["number"]]):
            shown = self.caseway("sync", *command).stderr.decode()
            self.assertIn(code, shown, command)
            self.assertIn(step, shown, command)
        line = next(one for one in json.loads(self.caseway("sync", "status", "--json").stdout) if one["connector"] == NAME)
        self.assertEqual(("open", 1), (line["circuit"]["state"], line["circuit"]["failed"]), line)
        if "next" in line:
            self.assertGreater(line["next"], line["circuit"]["until"], "nothing begins before")
        self.assertIn("circuit open until", self.caseway("sync", "status").stderr.decode())
        self.assertEqual(1.0, self.gateway.metric(f'caseway_sync_circuit_open{{connector="{NAME}"}}'))
        doctor = self.caseway("doctor", ok=False)
        self.assertIn("1 run failed in a row", (doctor.stdout + doctor.stderr).decode())

    def test_without_names_all_that_are_active_run(self):
        other = "housing/permits/other"
        self.change("connector", "add", other, self.document())
        self.offer("o.json", payloads.as_json(payloads.case("other-1")))
        self.change("connector", "test", other)
        self.change("connector", "activate", other)
        self.addCleanup(self.remove, other)
        result = self.caseway("sync", "run", "--json")
        self.assertEqual([NAME, other], [json.loads(line)["connector"] for line in result.stdout.splitlines()])
        self.assertEqual(b"", result.stderr)  # quiet where nobody looks

    def test_a_terminal_shows_how_far_it_is_and_is_left_clean(self):
        self.offer("t.json", payloads.as_json(payloads.case("terminal-1")))
        ours, theirs = os.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 40, 0, 0))
        self.addCleanup(os.close, ours)
        command = [BINARY, "sync", "run", NAME, "--data", self.gateway.data, "--config", self.gateway.config]
        shown = subprocess.run([str(part) for part in command], stderr=theirs, stdout=subprocess.PIPE, timeout=60, check=True)
        os.close(theirs)
        live, told = all_of(ours).split("\033[Jrun ", 1)
        self.assertIn(NAME, live)
        self.assertLess(max(len(line) for line in re.sub(r"\033\[[0-9]*[A-Z]", "", live).splitlines()), 40, live)
        self.assertIn("state         done", told)
        self.assertEqual(b"", shown.stdout)


class Stopped(SyncCase):
    FILES = 1500  # the run must outlive a few looks at it

    def test_a_gateway_that_stops_in_the_middle_is_told_to_who_watches(self):
        self.goes_live()
        for i in range(self.FILES):
            self.offer(f"s{i:04}.json", payloads.as_json(payloads.case(f"stop-{i}")))
        command = [BINARY, "sync", "run", NAME, "--data", self.gateway.data, "--config", self.gateway.config]
        with subprocess.Popen([str(part) for part in command], stderr=subprocess.PIPE) as watching:
            until(lambda: json.loads(self.caseway("sync", "history", "--json").stdout)[:1], "the run")
            self.gateway.stop()
            shown = watching.communicate(timeout=60)[1].decode().splitlines()
        self.assertEqual(1, watching.returncode, shown)
        self.assertRegex(shown[-1], f"^{NAME}: unfinished, [0-9]+ read: the gateway .+; next step: it goes on at page [0-9]+ ")
        self.nobody_is_at_work()
        self.gateway.start()
        until(lambda: "ended_at" in json.loads(self.caseway("sync", "show", 1, "--json").stdout), "the end of the run")


    def nobody_is_at_work(self):
        """What the store alone says of it would be `running` for ever."""
        row = self.stored("SELECT body FROM run")[0]
        self.assertIn('"state":"running"', str(row))
        for told in (json.loads(self.caseway("sync", "history", "--json").stdout)[0], json.loads(self.caseway("sync", "show", 1, "--json").stdout)):
            self.assertEqual(("stopped", "run_interrupted"), (told["state"], told["trouble"]["code"]), told)
            self.assertNotIn("ended_at", told)
        for command in (("history",), ("show", 1)):
            self.assertIn("caseway serve", self.caseway("sync", *command).stderr.decode())
            self.assertNotIn("running", self.caseway("sync", *command).stderr.decode())
        self.assertNotIn('"running"', self.caseway("sync", "morning", "--json", ok=False).stdout.decode())


class Suspended(SyncCase):
    FILES = 1500

    def test_a_connector_that_is_suspended_in_the_middle_is_told_with_its_end(self):
        self.goes_live()
        for i in range(self.FILES):
            self.offer(f"u{i:04}.json", payloads.as_json(payloads.case(f"suspended-{i}")))
        command = [BINARY, "sync", "run", NAME, "--data", self.gateway.data, "--config", self.gateway.config]
        (number,) = self.stored("SELECT coalesce(max(number), 0) + 1 FROM run")
        with subprocess.Popen([str(part) for part in command], stderr=subprocess.PIPE) as watching:
            until(lambda: self.run_of(number)["pages"] >= 2, "some pages")
            self.change("connector", "suspend", NAME)
            shown = watching.communicate(timeout=60)[1].decode().splitlines()
        self.assertEqual(1, watching.returncode, shown)
        run = self.run_of(number)
        self.assertIn("ended_at", run)
        self.assertIn(run["trouble"]["code"], shown[-1])
        self.assertNotIn("its log says why", shown[-1])


class Killed(SyncCase):
    FILES = 480  # of a run that is to outlive three looks at it
    RUNS = 5

    def test_killed_at_any_moment_everything_is_there_once(self):
        self.goes_live()
        for number in range(1, self.RUNS + 1):  # until it is caught in the middle
            ended = self.killed_run(number)
            self.assertEqual("done", ended["state"], ended)
            first = 1 if number == 1 else 0  # what it went live with
            self.adds_up(ended, new=2 * self.FILES + first, payloads=self.FILES + first)
            self.assertEqual(2 * self.FILES * number + 1, self.stored("SELECT count(*) FROM case_record")[0])
            if ended["resumed"]:
                break
        self.assertGreaterEqual(ended["resumed"], 1, ended)
        self.assertEqual([], list((self.exchange / "out").glob("*.json")))
        self.log_is_good()

    def killed_run(self, number):
        """Over fresh files, killed three times."""
        for i in range(self.FILES):
            name = f"kill-{number}-{i}"
            self.offer(f"k{number}-{i:04}.json", payloads.as_json(payloads.case(name), payloads.case(f"{name}-b")))
        self.caseway("sync", "run", NAME, "--no-wait")
        for pages in (2, 9, 20):
            until(lambda: self.run_of(number)["pages"] >= pages or "ended_at" in self.run_of(number), f"page {pages}")
            self.gateway.kill()
            self.gateway.start()
        return until(lambda: "ended_at" in self.run_of(number) and self.run_of(number), "the end of the run")


if __name__ == "__main__":
    unittest.main()
