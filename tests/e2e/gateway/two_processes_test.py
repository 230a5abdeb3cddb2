"""Two gateways on one data folder, as real processes: only one of them runs anything, whatever state the other is in, and who was
killed holds nothing back."""
import signal
import subprocess
import unittest

import payloads
from connector_life_test import NAME
from installation import BINARY, until
from sync_run_test import SyncCase


class TwoProcesses(SyncCase):
    FILES = 480  # of a run that outlives a look at it

    def second(self):
        """Another gateway's process on the same folder, with ports of its own."""
        process = subprocess.Popen([BINARY, "serve", "--data", str(self.gateway.data), "--config", str(self.gateway.config)],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def refused_beside(self):
        """What it says as it ends; the first one goes on undisturbed."""
        process = self.second()
        words = process.communicate(timeout=60)[1].decode()
        self.assertEqual(1, process.returncode, words)
        self.assertIn("another gateway writes here", words)
        self.assertIn(f"stop process {self.gateway.process.pid} first", words)

    def run_in_the_middle(self):
        """A run that has some pages and no end while its gateway stands still; its number."""
        for attempt in range(5):
            for i in range(self.FILES):
                name = f"two-{self._testMethodName[-4:]}-{attempt}-{i}"
                self.offer(f"t{attempt}-{i:04}.json", payloads.as_json(payloads.case(name), payloads.case(f"{name}-b")))
            (number,) = self.stored("SELECT coalesce(max(number), 0) + 1 FROM run")
            self.caseway("sync", "run", NAME, "--no-wait")
            until(lambda: self.run_of(number)["pages"] >= 2, "some pages")
            self.gateway.tell(signal.SIGSTOP)
            self.addCleanup(self.goes_on)
            if "ended_at" not in self.run_of(number):
                return number
            self.goes_on()
        raise AssertionError("no run was caught in the middle")

    def goes_on(self):
        if self.gateway.process:
            self.gateway.tell(signal.SIGCONT)

    def ended(self, number):
        return until(lambda: "ended_at" in self.run_of(number) and self.run_of(number), "the end of the run")

    def everything_is_there_once(self, number, resumed):
        run = self.ended(number)
        self.assertEqual(("done", resumed), (run["state"], run["resumed"]), run)
        self.adds_up(run)
        self.assertEqual(run["counts"]["read"], run["counts"]["new"], run)
        self.assertEqual([], list((self.exchange / "out").glob("*.json")))
        self.assertEqual(1, sum(leaf["type"] == "run" and leaf["detail"]["run"] == number for leaf in self.leaves()))
        self.log_is_good()

    def test_1_a_second_gateway_does_not_begin_and_the_first_ends_its_run(self):
        self.goes_live()
        number = self.run_in_the_middle()
        self.refused_beside()  # the first one holds the folder also where it does nothing
        told = self.caseway("doctor", ok=False).stderr.decode()
        self.assertIn(f"bad      gateway: process {self.gateway.process.pid} is there and does not answer", told)
        self.assertIn(f"kill -CONT {self.gateway.process.pid}", told)
        pages = self.run_of(number)["pages"]
        (self.gateway.data / "lock").unlink()  # by somebody who thinks that it was left behind
        self.addCleanup((self.gateway.data / "lock").touch, 0o600)
        process = self.second()
        self.assertEqual(1, process.wait(timeout=60), "it began beside the first one")
        self.assertIn(b"another gateway writes here", process.stderr.read())
        self.assertEqual(pages, self.run_of(number)["pages"])
        self.goes_on()
        self.everything_is_there_once(number, resumed=0)

    def test_2_a_gateway_that_waits_takes_over_at_once_when_the_first_is_killed(self):
        number = self.run_in_the_middle()
        self.gateway.kill()  # its lock goes with it: the kernel's, so nobody asks for how long
        self.gateway.start()
        self.everything_is_there_once(number, resumed=1)


if __name__ == "__main__":
    unittest.main()
