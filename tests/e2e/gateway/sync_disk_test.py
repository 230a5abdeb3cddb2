"""A disk that fills up while a run reads: the run waits at its page, goes on there, and has everything once."""
import json
import os
import pathlib
import tempfile
import unittest

import payloads
from connector_life_test import NAME
from gateway_case import HEALTH, HOUSING
from installation import BINARY, Installation, run, until
from morning_report_test import zone_where_it_is_ten
from small_disk import fill, small_disk
from sync_run_test import SyncCase


class FullDisk(SyncCase):
    FILES, RECORDS = 40, 40
    SPARE = 3 << 20  # for some of the pages, never for all

    def setUp(self):
        """What the gateway keeps lies on the small disk, what the department gives does not."""
        self.disk = small_disk(48, self.addCleanup)
        folder = tempfile.TemporaryDirectory(prefix="caseway-exchange-")
        self.addCleanup(folder.cleanup)
        type(self).exchange = pathlib.Path(folder.name)
        for name in ("out", "archive"):
            (self.exchange / name).mkdir()
        type(self).gateway = Installation(self.disk, connectors__folders=f"housing={self.exchange}",
                                          report__zone=zone_where_it_is_ten()[0])
        self.addCleanup(self.gateway.close)
        self.gateway.register("housing/permits", HOUSING)
        self.gateway.register("health/licences", HEALTH)
        self.gateway.start()
        self.goes_live()
        for i in range(self.FILES):
            cases = (payloads.case(f"disk-{i}-{n}", title=os.urandom(450).hex()) for n in range(self.RECORDS))
            self.offer(f"d{i:03}.json", payloads.as_json(*cases))

    @classmethod
    def setUpClass(cls):
        pass

    def fills_in_the_middle(self):
        fill(self.disk, self.SPARE)
        self.caseway("sync", "run", NAME, "--no-wait")
        until(lambda: self.gateway.metric("caseway_commit_faults_total") >= 1, "a page that the disk does not take")
        halted = self.run_of(1)
        self.assertNotIn("ended_at", halted)
        until(lambda: b"tries again at" in self.caseway("sync", "status").stderr, "the time of the next attempt")
        self.says_what_it_waits_for()
        self.assertEqual(503, self.gateway.health("/readyz")[0])
        self.says_why_it_does_not_go_on()
        lies = len(list((self.exchange / "out").glob("d*.json")))
        self.assertTrue(0 < lies < self.FILES, f"{lies} files lie there: the disk was not full in the middle of the run")
        return lies

    def says_what_it_waits_for(self):
        """The page and the status: for what, since when, and what to do."""
        status = self.caseway("sync", "status").stderr.decode()
        self.assertRegex(status, r"tries again at \S+\+08:00 after \w+.*, and has since \S+\+08:00\n  next step: .*free space")
        self.assertRegex(self.caseway("sync", "show", 1).stderr.decode(), r"(?s)waits since \S+, tries again at \S+: .*\nnext step     .*free space")
        report = json.loads(self.caseway("sync", "morning", "--json", ok=False).stdout)
        (wait,) = (one["wait"] for department in report["departments"] for one in department["connectors"] if "wait" in one)
        self.assertIn("free space", wait["trouble"]["next_step"], wait)
        self.assertEqual("store", wait["trouble"]["kind"], wait)
        since = wait["since"]
        page = self.caseway("sync", "morning", "--html", "-", "--language", "zh", ok=False).stdout.decode()
        self.assertIn("受阻等待，始于 " + since[11:16], page)
        self.assertIn("磁盘空间", page)

    def says_why_it_does_not_go_on(self):
        """The store has given it back: no state is `idle` beside the time of an attempt, and who asks for the run is told what to do."""
        line = lambda: json.loads(self.caseway("sync", "status", "--json").stdout)[0]  # noqa: E731
        until(lambda: line()["state"] == "waiting", "that it waits", 240)
        self.assertEqual("store", line()["wait"]["kind"])
        shown = self.caseway("sync", "run", NAME, ok=False)
        self.assertEqual(1, shown.returncode)
        self.assertRegex(shown.stderr.decode().splitlines()[-1],
                         rf"^{NAME}: unfinished, \d+ read: waits since \S+, tries again at \S+: .+; next step: .*free space.*; it goes on at page ")

    def everything_is_there_once(self):
        ended = until(lambda: "ended_at" in self.run_of(1) and self.run_of(1), "the end of the run", 240)
        self.assertEqual("done", ended["state"], ended)
        self.adds_up(ended, new=self.FILES * self.RECORDS + 1, payloads=self.FILES + 1, read=self.FILES * self.RECORDS + 1)
        self.assertEqual(self.FILES * self.RECORDS + 1, self.stored("SELECT count(*) FROM case_record")[0])
        self.assertEqual([], list((self.exchange / "out").glob("*.json")))
        self.assertEqual(self.FILES + 1, len(list((self.exchange / "archive").glob("*.json"))))
        self.adds_up(self.run_now(), read=0)
        self.gateway.stop()
        self.log_is_good()
        return ended

    def test_with_space_again_the_run_goes_on_by_itself(self):
        self.fills_in_the_middle()
        (self.disk / "filler").unlink()
        self.everything_is_there_once()

    def test_killed_on_the_full_disk_the_next_start_goes_on_at_the_page(self):
        lies = self.fills_in_the_middle()
        self.gateway.kill()
        self.assertEqual(lies, len(list((self.exchange / "out").glob("d*.json"))), "what was not taken was not archived")
        (self.disk / "filler").unlink()
        self.gateway.start()
        self.assertGreaterEqual(self.everything_is_there_once()["resumed"], 1)

    def test_a_start_on_a_full_disk_says_that_it_is_full(self):
        """A stop in good order removes the index of the write-ahead log: there is no room to make it again."""
        self.gateway.stop()
        fill(self.disk)
        ended = run(BINARY, "serve", "--data", self.gateway.data, "--config", self.gateway.config, ok=False)
        self.assertEqual(1, ended.returncode, ended)
        self.assertIn("the disk is full: free space", ended.stderr.decode())
        (self.disk / "filler").unlink()
        self.gateway.start()


if __name__ == "__main__":
    unittest.main()
