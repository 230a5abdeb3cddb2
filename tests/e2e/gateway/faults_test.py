"""Faults of the world: a full disk, a locked database. 503 with Retry-After, nothing lost, and work goes on when they are over."""
import json
import os
import resource
import sqlite3
import unittest

import payloads
import signing
from client import Client, send
from gateway_case import HEALTH, HOUSING, GatewayCase
from installation import Installation, index_of, until
from small_disk import fill, small_disk

ONE = payloads.case


class Faults(GatewayCase):
    STARTED = False

    def message(self, gateway, no, filler=0):
        system = gateway.systems["housing/permits"]
        return signing.json_message(system, payloads.as_json(ONE(no, title=os.urandom(filler).hex() or no)))

    def put_off(self, answer):
        self.assertEqual(503, answer.status, answer)
        self.assertTrue(int(answer.fields["Retry-After"]) > 0)
        self.assertTrue(answer.json["code"] and answer.json["hint"])
        self.assertNotIn("receipt", answer.json)

    def test_database_locked_by_another_process(self):
        gateway = self.make()
        gateway.start()
        first = send(gateway, self.message(gateway, "before"))
        self.assertEqual(200, first.status)
        (file,) = gateway.data.glob("*.db")
        lock = sqlite3.connect(file, isolation_level=None)
        self.addCleanup(lock.close)
        lock.execute("BEGIN IMMEDIATE")
        waiting = self.message(gateway, "while")
        self.put_off(send(gateway, waiting))
        self.put_off(send(gateway, waiting))
        client = self.reader_of(gateway)
        self.assertEqual(200, client.get("/v1/cases").status, "reading goes on")
        self.assertEqual((503, "store_unavailable\n"), gateway.health("/readyz"))
        lock.execute("ROLLBACK")
        until(lambda: gateway.health("/readyz") == (200, "ready\n"), "it is ready again though nobody has sent anything")
        answer = send(gateway, waiting)
        self.assertEqual((200, 1, 1), (answer.status, index_of(answer.json["receipt"]), answer.json["records"]["new"]))
        gateway.stop()
        self.log_is_good(gateway)

    def test_database_locked_while_a_large_message_is_applied(self):
        gateway = self.make()
        gateway.start()
        (file,) = gateway.data.glob("*.db")
        lock = sqlite3.connect(file, isolation_level=None, timeout=0)
        self.addCleanup(lock.close)
        rows = payloads.as_json(*(ONE(f"l-{n}", title="z" * 60) for n in range(40_000)))
        large = signing.http_message(gateway.systems["housing/permits"], rows)
        self.assertEqual(202, send(gateway, large).status)
        self.lock_between_slices(lock)
        until(lambda: gateway.metric("caseway_commit_faults_total") >= 2, "slices are put off")
        lock.execute("ROLLBACK")
        client = self.reader_of(gateway)
        until(lambda: client.get(f"/v1/messages/{large.id}").json["outcome"] == "accepted", "the large message is applied")
        self.assertEqual(40_000, client.get(f"/v1/messages/{large.id}").json["records"]["new"])
        gateway.stop()
        self.log_is_good(gateway)

    def lock_between_slices(self, lock):
        """SQLite's own waiting sleeps longer than a slice's pause lasts, and would come when all is applied: this one does not sleep."""
        while True:
            try:
                lock.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as busy:
                self.assertIn("locked", str(busy))

    def test_disk_that_fills_while_a_large_message_is_applied(self):
        disk = self.small_disk(80)
        gateway = Installation(disk)
        self.addCleanup(gateway.close)
        gateway.register("housing/permits", HOUSING)
        gateway.start()
        rows = payloads.as_json(*(ONE(f"l-{n}", title=os.urandom(450).hex()) for n in range(12_000)))
        large = signing.http_message(gateway.systems["housing/permits"], rows)
        self.assertEqual(202, send(gateway, large).status)
        fill(disk)
        until(lambda: gateway.metric("caseway_commit_faults_total") >= 1, "slices are put off")
        (disk / "filler").unlink()
        client = self.reader_of(gateway)
        until(lambda: client.get(f"/v1/messages/{large.id}").json["outcome"] == "accepted", "the large message is applied")
        self.assertEqual(12_000, client.get(f"/v1/messages/{large.id}").json["records"]["new"])
        gateway.stop()
        self.log_is_good(gateway)

    def reader_of(self, gateway):
        client = Client(gateway, gateway.systems["housing/permits"])
        self.addCleanup(client.close)
        return client

    def small_disk(self, megabytes):
        return small_disk(megabytes, self.addCleanup)

    def test_full_disk(self):
        disk = self.small_disk(24)
        gateway = Installation(disk)
        self.addCleanup(gateway.close)
        gateway.register("housing/permits", HOUSING)
        other = gateway.register("health/licences", HEALTH)
        gateway.start()
        newcomer = signing.json_message(other, payloads.as_json(ONE("first", title=os.urandom(120).hex())))
        taken = {}
        for n in range(5):
            message = self.message(gateway, f"before-{n}")
            taken[message.id] = index_of(send(gateway, message).json["receipt"])
        fill(disk)
        refused = None
        for n in range(50):  # a write-ahead log that has been used before has room for some more
            message = self.message(gateway, f"full-{n}", filler=120)
            answer = send(gateway, message)
            if answer.status != 200:
                self.put_off(answer)
                refused = message
                break
            taken[message.id] = index_of(answer.json["receipt"])
        self.assertIsNotNone(refused, "the disk never was full")
        rows = payloads.as_json(*(ONE(f"l-{n}", title="z" * 900) for n in range(1500)))
        large = signing.http_message(gateway.systems["housing/permits"], rows)
        self.put_off(send(gateway, large))
        self.put_off(send(gateway, self.message(gateway, "still-full", filler=120)))
        self.put_off(send(gateway, newcomer))  # its certificate is first seen in a transaction that fails
        self.assertEqual(200, gateway.health("/healthz")[0])
        self.assertEqual(503, gateway.health("/readyz")[0])
        self.assertEqual(200, self.reader_of(gateway).get("/v1/cases?limit=1").status, "reading goes on")
        (disk / "filler").unlink()
        answer = until(lambda: (lambda got: got if got.status == 200 else None)(send(gateway, refused)), "work goes on with space", 30)
        taken[refused.id] = index_of(answer.json["receipt"])
        self.assertEqual(202, send(gateway, large).status)
        taken[newcomer.id] = index_of(send(gateway, newcomer).json["receipt"])
        client = self.reader_of(gateway)
        until(lambda: client.get(f"/v1/messages/{large.id}").json["outcome"] == "accepted", "the large message is applied")
        gateway.stop()
        self.log_is_good(gateway)
        (file,) = gateway.data.glob("*.db")
        database = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
        stored = {json.loads(leaf)["id"]: index for index, leaf in database.execute("SELECT log_index, leaf FROM leaf")}
        database.close()
        self.assertEqual(taken, {message_id: stored.get(message_id) for message_id in taken})

    def test_a_limit_of_file_size_is_a_full_disk(self):
        gateway = self.make()
        gateway.start()
        unlimited = resource.prlimit(gateway.process.pid, resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))
        answers = (send(gateway, self.message(gateway, f"limit-{n}", filler=120)) for n in range(1000))
        self.put_off(next(answer for answer in answers if answer.status != 200))
        self.assertEqual(200, gateway.health("/healthz")[0])
        resource.prlimit(gateway.process.pid, resource.RLIMIT_FSIZE, unlimited)
        until(lambda: send(gateway, self.message(gateway, "after")).status == 200, "work goes on when the files may grow")
        gateway.stop()
        self.log_is_good(gateway)

    def test_killed_on_a_full_disk_it_comes_back(self):
        disk = self.small_disk(16)
        gateway = Installation(disk)
        self.addCleanup(gateway.close)
        gateway.register("housing/permits", HOUSING)
        gateway.start()
        last = 0
        for n in range(3):
            last = index_of(send(gateway, self.message(gateway, f"k-{n}")).json["receipt"])
        fill(disk)
        for n in range(50):
            answer = send(gateway, self.message(gateway, f"f-{n}", filler=120))
            if answer.status != 200:
                break
            last = index_of(answer.json["receipt"])
        gateway.kill()
        (disk / "filler").unlink()
        gateway.start()
        self.assertEqual(last + 1, index_of(send(gateway, self.message(gateway, "after")).json["receipt"]))
        gateway.stop()
        self.log_is_good(gateway)


if __name__ == "__main__":
    unittest.main(verbosity=2)
