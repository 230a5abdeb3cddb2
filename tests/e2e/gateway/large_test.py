"""Large messages: received whole, answered 202, applied in slices, finished after any crash, every record exactly once."""
import shutil
import sqlite3
import time
import unittest

import payloads
import signing
from client import Client
from gateway_case import GatewayCase, counts
from installation import BINARY, index_of, leaf_of, run, until

RECORDS = 4000


class LargeMessages(GatewayCase):
    def setUp(self):
        if self.gateway.process is None:
            self.gateway.start()

    def large(self, prefix, records=RECORDS, wrong_every=0, filler=700, system=None):
        rows = [payloads.case(f"{prefix}-{n}", title=f"permit {n} " + "x" * filler,
                              **({"state": "paused"} if wrong_every and n % wrong_every == 0 else {})) for n in range(records)]
        return signing.http_message(system or self.housing, payloads.as_xml(*rows, declaration=True), mapping="permits.xml",
                                    content_type="application/xml")

    def received(self, message):
        self.assertGreater(len(message.body), 3 << 20)
        answer = self.send(message)
        self.assertEqual((202, f"/v1/messages/{message.id}", "received"),
                         (answer.status, answer.fields["Location"], answer.json["outcome"]))
        self.assertEqual("received", leaf_of(answer.json["receipt"])["type"])
        self.assertIsNotNone(self.gateway.verify_receipt(answer.json["receipt"]))
        return answer

    def outcome(self, message, seconds=120, system=None):
        """The message's state once it is no longer `received`."""
        def look():
            client = Client(self.gateway, system or self.housing)
            try:
                state = client.get(f"/v1/messages/{message.id}").json
            finally:
                client.close()
            return state if state["outcome"] != "received" else None
        return until(look, "the outcome of the large message", seconds)

    def cases_of(self, prefix):
        (file,) = self.gateway.data.glob("*.db")
        database = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
        try:
            return database.execute("SELECT count(*), count(DISTINCT source_case_no) FROM case_record WHERE source_case_no LIKE ?",
                                    (prefix + "-%",)).fetchone()
        finally:
            database.close()

    def test_received_then_applied_whole(self):
        message = self.large("whole", wrong_every=1000)
        self.received(message)
        state = self.outcome(message)
        self.assertEqual(("partial", counts(new=RECORDS - 4, refused=4)), (state["outcome"], state["records"]))
        self.assertEqual(["code_unknown"] * 4, [refusal["code"] for refusal in state["refusals"]])
        self.assertEqual("outcome", leaf_of(state["receipt"])["type"])
        self.assertIsNotNone(self.gateway.verify_receipt(state["receipt"]))
        self.assertEqual((RECORDS - 4, RECORDS - 4), self.cases_of("whole"))
        self.assertGreaterEqual(self.gateway.metric('caseway_messages_total{binding="http",outcome="accepted"}'), 1)
        self.assertGreaterEqual(self.gateway.metric('caseway_records_total{outcome="new"}'), RECORDS - 4)
        self.log_is_good()

    def test_backups_and_databases_that_are_put_aside_have_the_files_that_they_name(self):
        data, early, late = self.gateway.data, self.gateway.folder / "early.db", self.gateway.folder / "late.db"
        restored = lambda file, ok=True: run(BINARY, "restore", file, "--data", data, "--replace", ok=ok).stderr.decode()
        verified = lambda: run(BINARY, "log", "verify", "--data", data, ok=False).returncode
        self.gateway.caseway("backup", early)
        before = set((data / "payloads").rglob("*"))
        message = self.large("aside")
        self.received(message)
        self.outcome(message)
        self.gateway.caseway("backup", late)
        (body,) = (file for file in set((data / "payloads").rglob("*")) - before if file.is_file())
        self.assertEqual(1, body.stat().st_nlink)  # a copy has no part in what becomes of the file
        self.gateway.caseway("backup", self.gateway.folder / "linked.db", "--links")
        self.assertEqual(2, body.stat().st_nlink)
        self.gateway.stop()
        self.assertIn(f"kept as {data / 'caseway.db.replaced'}, its files in {data / 'caseway.db.replaced'}.payloads", restored(early))
        self.gateway.start()
        self.gateway.stop()
        self.assertFalse(body.exists())
        restored(data / "caseway.db.replaced")  # it was the wrong backup
        self.assertEqual(0, verified())
        body.write_bytes(body.read_bytes().replace(b"permit 7 ", b"permit 8 ", 1))
        self.assertEqual(1, verified())
        result = self.gateway.caseway("backup", self.gateway.folder / "damaged.db", ok=False)
        self.assertEqual(1, result.returncode)
        self.assertIn(f"damaged: 1 file in {data / 'payloads'}", result.stderr.decode())
        restored(late)
        self.assertEqual(0, verified())
        body.unlink()
        shutil.rmtree(f"{late}.payloads")
        self.assertRegex(restored(late), f"missing: payloads: 1 of the [0-9]+ files? of large messages .* they lie in {late}.payloads")
        self.assertEqual(1, verified())
        restored(data / "caseway.db.replaced", ok=False)
        self.assertEqual(0, verified())

    def test_again_it_is_the_same_message(self):
        message = self.large("twice")
        first = self.received(message)
        again = self.send(message)
        self.assertEqual(first.json["receipt"], again.json["receipt"])
        state = self.outcome(message)
        after = self.send(message)
        self.assertEqual((200, "accepted"), (after.status, after.json["outcome"]), after)
        self.assertEqual(first.json["receipt"], after.json["receipt"], "the first receipt")
        self.assertEqual(state["receipt"], after.json["outcome_receipt"], "and beside it the leaf that tells the outcome")
        self.assertIsNotNone(self.gateway.verify_receipt(after.json))
        self.assertEqual(index_of(first.json["receipt"]), leaf_of(after.json["outcome_receipt"])["received"])
        for changed in ({"outcome": "partial"}, {"records": first.json["records"]}, {"outcome_receipt": first.json["receipt"]}):
            self.assertIsNone(self.gateway.verify_receipt({**after.json, **changed}), changed)
        self.assertEqual((RECORDS, RECORDS), self.cases_of("twice"))

    def test_small_messages_pass_between_the_slices(self):
        message = self.large("slow", records=30_000, filler=60)
        client, passed = self.reader(self.housing), 0
        self.assertEqual(202, self.send(message).status)
        while client.get(f"/v1/messages/{message.id}").json["outcome"] == "received":
            quick = signing.json_message(self.housing, payloads.as_json(payloads.case(f"quick-{passed}")))
            self.assertEqual(200, client.send(quick).status)
            passed += 1
        self.assertGreater(passed, 0)
        self.assertEqual(counts(new=30_000), self.outcome(message)["records"])

    def test_two_departments_pass_between_each_others_slices(self):
        longer = self.large("longer", records=30_000)
        shorter = self.large("shorter", system=self.health)
        self.received(longer)
        self.received(shorter)
        first, second = self.outcome(shorter, system=self.health), self.outcome(longer)
        self.assertEqual((counts(new=RECORDS), counts(new=30_000)), (first["records"], second["records"]))
        self.assertLess(index_of(first["receipt"]), index_of(second["receipt"]), "the shorter has not waited for the longer")
        self.log_is_good()

    def test_broken_at_its_end_keeps_what_came_before_and_says_so(self):
        message = self.large("broken")
        message = signing.http_message(self.housing, message.body[:-200], mapping="permits.xml", content_type="application/xml")
        self.received(message)
        state = self.outcome(message)
        self.assertEqual("malformed_xml", state["refusals"][-1]["code"])
        self.log_is_good()

    def files(self):
        """What lies in the data folder beside the database."""
        return {path for path in self.gateway.data.rglob("*") if path.is_file() and path.suffix not in (".db-wal", ".db-shm")}

    def test_forged_body_leaves_nothing(self):
        before, message = self.files(), self.large("forged")
        message.body = message.body.replace(b"permit 17 ", b"permit 71 ")
        self.refused(message, 401, "digest_mismatch")
        longer = self.large("longer")
        longer.body += b" "
        self.refused(longer, 401, "digest_mismatch")
        self.assertEqual((0, 0), self.cases_of("forged"))
        until(lambda: self.files() == before, "what was spooled is gone")

    def test_upload_that_breaks_off_leaves_nothing(self):
        before, message = self.files(), self.large("half")
        client = Client(self.gateway)
        connection = client.open()
        connection.putrequest("POST", "/v1/messages")
        for name, value in {**message.fields, "Content-Length": str(len(message.body))}.items():
            connection.putheader(name, value)
        connection.endheaders()
        connection.send(message.body[:2 << 20])
        until(lambda: self.files() != before, "the body is being spooled")
        client.close()
        until(lambda: self.files() == before, "what was spooled is gone")
        self.received(message)
        self.outcome(message)

    def test_killed_in_the_middle_it_finishes_and_nothing_is_doubled(self):
        interrupted = 0
        for attempt in range(9):
            if interrupted and attempt >= 3:
                break
            prefix = f"killed{attempt}"
            message = self.large(prefix, wrong_every=500)
            self.received(message)
            end = time.monotonic() + 60
            while self.cases_of(prefix)[0] == 0 and time.monotonic() < end:
                pass
            self.gateway.kill()
            interrupted += 0 < self.cases_of(prefix)[0] < RECORDS - 8
            self.log_is_good()  # half applied, too
            self.gateway.start()
            state = self.outcome(message)
            self.assertEqual(counts(new=RECORDS - 8, refused=8), state["records"])
            self.assertEqual([1 + 500 * n for n in range(8)], [refusal["record"] for refusal in state["refusals"]])
            self.assertEqual((RECORDS - 8, RECORDS - 8), self.cases_of(prefix))
        self.assertGreater(interrupted, 0, "no kill fell into the applying: the test says nothing")
        self.log_is_good()

    def test_finishes_by_the_mapping_it_was_received_under(self):
        message = self.large("version")
        self.received(message)
        self.gateway.kill()
        file = self.gateway.data / "mappings" / "permits_xml" / "mapping.yaml"
        file.write_text(payloads.XML_MAPPING.replace("open:", "shut:"))
        self.addCleanup(file.write_text, payloads.XML_MAPPING)
        self.gateway.start()
        self.assertEqual(counts(new=RECORDS), self.outcome(message)["records"])
        later = signing.xml_message(self.housing, payloads.as_xml(payloads.case("version-later")))
        self.refused(later, 422, "no_record_taken")
        self.gateway.stop()
        self.log_is_good()

    def test_stopped_in_the_middle_it_finishes_after_the_start(self):
        message = self.large("stopped")
        self.received(message)
        self.assertEqual(0, self.gateway.stop())
        self.gateway.start()
        self.assertEqual(counts(new=RECORDS), self.outcome(message)["records"])
        self.assertEqual((RECORDS, RECORDS), self.cases_of("stopped"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
