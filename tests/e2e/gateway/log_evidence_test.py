"""Evidence: whatever is changed in the stored log is found; old receipts hold a log to what it promised; backup and restore."""
import json
import re
import shutil
import sqlite3
import threading
import unittest

import payloads
import signing
from client import Client
from gateway_case import GatewayCase
from installation import BINARY, Installation, index_of, run, until

ONE = payloads.case


class LogEvidence(GatewayCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        client = Client(cls.gateway, cls.housing)
        cls.receipts = []
        for n in range(12):
            rows = [ONE(f"e-{n}"), ONE(f"p-{n}", state="paused")] if n % 3 == 0 else [ONE(f"e-{n}")]
            maker = (signing.json_message, signing.http_message)[n % 2]
            cls.receipts.append(client.send(maker(cls.housing, payloads.as_json(*rows))).json["receipt"])
            if n == 4:
                cls.early = cls.gateway.folder / "early"
                cls.gateway.caseway("backup", cls.early)
                cls.checkpoint = client.get("/v1/log/checkpoint").body.decode()
        large = signing.http_message(cls.housing, payloads.as_json(*(ONE(f"l-{n}", title="y" * 900) for n in range(1500))))
        assert client.send(large).status == 202
        until(lambda: client.get(f"/v1/messages/{large.id}").json["outcome"] == "accepted", "the large message is applied")
        client.close()
        cls.gateway.stop()

    def tampered(self, *statements):
        """A copy of the data folder in which somebody has edited the database."""
        data = self.gateway.folder / f"tampered-{self.id().rpartition('.')[2]}"
        if not data.exists():
            shutil.copytree(self.gateway.data, data)
            self.addCleanup(shutil.rmtree, data)
        (file,) = data.glob("*.db")
        with sqlite3.connect(file) as database:
            for statement in statements:
                statement(database) if callable(statement) else self.assertGreater(database.execute(statement).rowcount, 0, statement)
        database.close()
        return data

    def found(self, data, *expected, arguments=()):
        good, _, findings = self.gateway.verify_log(*arguments, data=data)
        self.assertFalse(good)
        self.assertNotIsInstance(findings[0], str, "it ended without a report")
        what = {finding["what"] for finding in findings}
        self.assertTrue(what & set(expected), findings)
        for finding in findings:
            self.assertTrue(finding["where"], finding)

    def test_untouched_log_is_good(self):
        summary = self.log_is_good()
        self.assertEqual((14, 14), (summary["entries"], summary["tree_size"]))

    def test_changed_byte_in_a_stored_envelope(self):
        def flip(database):
            for index, head in database.execute("SELECT log_index, head FROM envelope WHERE log_index IN (1, 2)").fetchall():
                head = head[:-40] + bytes([head[-40] ^ 1]) + head[-39:]
                database.execute("UPDATE envelope SET head = ? WHERE log_index = ?", (head, index))
        self.found(self.tampered(flip), "envelope_changed")

    def test_changed_byte_in_the_body_of_a_large_message(self):
        data = self.tampered("UPDATE meta SET value = value")
        (body,) = [path for path in (data / "payloads").rglob("*") if path.is_file() and path.stat().st_size > 1 << 20]
        body.chmod(0o600)
        with open(body, "r+b") as file:
            file.seek(500000)
            byte = file.read(1)
            file.seek(500000)
            file.write(bytes([byte[0] ^ 1]))
        self.found(data, "signature_refused", "payload_differs", "envelope_changed")

    def test_missing_body_of_a_large_message(self):
        data = self.tampered("UPDATE meta SET value = value")
        (body,) = [path for path in (data / "payloads").rglob("*") if path.is_file() and path.stat().st_size > 1 << 20]
        body.unlink()
        self.found(data, "signature_refused", "envelope_missing")

    def test_deleted_rows(self):
        for table, expected in (("message", "row_missing"), ("envelope", "envelope_missing"), ("leaf", "leaf_missing"),
                                ("outcome_part", "outcomes_missing"), ("certificate", "certificate_missing")):
            with self.subTest(table=table):
                key = {"outcome_part": "key >> 31", "certificate": "0"}.get(table, "log_index")
                data = self.gateway.folder / f"deleted-{table}"
                shutil.copytree(self.gateway.data, data)
                self.addCleanup(shutil.rmtree, data)
                (file,) = data.glob("*.db")
                with sqlite3.connect(file) as database:
                    self.assertGreater(database.execute(f"DELETE FROM {table} WHERE {key} IN (0, 3)").rowcount, 0)
                database.close()
                self.found(data, expected, "log_truncated", "leaf_out_of_order", "root_differs")

    def test_swapped_leaves(self):
        self.found(self.tampered("UPDATE leaf SET log_index = -1 WHERE log_index = 4", "UPDATE leaf SET log_index = 4 WHERE log_index = 5",
                                 "UPDATE leaf SET log_index = 5 WHERE log_index = -1"), "root_differs")

    def test_changed_leaf(self):
        self.found(self.tampered("""UPDATE leaf SET leaf = CAST(replace(CAST(leaf AS TEXT), '"new":1', '"new":2') AS BLOB)
                                    WHERE log_index = 3"""), "root_differs")

    def test_changed_checkpoint(self):
        def forge(database):
            size, note = database.execute("SELECT tree_size, note FROM checkpoint WHERE tree_size = 6").fetchone()
            lines = bytes(note).decode().split("\n")
            lines[2] = ("B" if lines[2][0] == "A" else "A") + lines[2][1:]
            database.execute("UPDATE checkpoint SET note = ? WHERE tree_size = ?", ("\n".join(lines).encode(), size))
        self.found(self.tampered(forge), "root_differs", "checkpoint_not_signed")

    def test_forged_signature_of_the_last_checkpoint(self):
        def forge(database):
            size, note = database.execute("SELECT tree_size, note FROM checkpoint ORDER BY tree_size DESC LIMIT 1").fetchone()
            note = bytes(note).decode().rstrip("\n")
            note = note[:-8] + ("A" if note[-8] != "A" else "B") + note[-7:] + "\n"
            database.execute("UPDATE checkpoint SET note = ? WHERE tree_size = ?", (note.encode(), size))
        self.found(self.tampered(forge), "checkpoint_not_signed", "checkpoint_malformed")

    def test_changed_outcome_in_the_row(self):
        self.found(self.tampered("UPDATE message SET outcome = outcome + 1, fresh = fresh + 1 WHERE log_index = 2"), "row_differs",
                   "counts_differ", "outcome_differs")

    def restored(self, name):
        """The backup after five messages, in a data folder of its own, with the keys of the first."""
        other = Installation(self.fresh_folder(name))
        self.addCleanup(other.close)
        for part in ("keys", "systems", "tls"):
            shutil.copytree(self.gateway.data / part, other.data / part, dirs_exist_ok=True)
        result = other.caseway("restore", self.early)
        return other, result.stderr.decode()

    def fresh_folder(self, name):
        folder = self.gateway.folder / name
        folder.mkdir()
        self.addCleanup(shutil.rmtree, folder)
        return folder

    def test_old_receipt_finds_a_log_that_was_cut_back(self):
        receipt = self.gateway.folder / "kept.json"
        receipt.write_text(json.dumps(self.receipts[9]))
        self.assertTrue(self.gateway.verify_log("--against", receipt)[0])
        cut = self.tampered(*(f"DELETE FROM {table} WHERE log_index > 4" for table in ("message", "envelope", "leaf")),
                            "DELETE FROM checkpoint WHERE tree_size > 5", "DELETE FROM outcome_part WHERE key >> 31 > 4")
        self.found(cut, "log_truncated", arguments=("--against", receipt))

    def test_old_checkpoint_and_receipt_hold_for_the_log_that_grew(self):
        head = self.gateway.folder / "head"
        head.write_text(self.checkpoint)
        self.assertTrue(self.gateway.verify_log("--against", head)[0])
        for n in (0, 5, 11):
            head.write_text(json.dumps(self.receipts[n]))
            self.assertTrue(self.gateway.verify_log("--against", head)[0])

    def test_exported_bundle_is_verified_with_the_public_key_alone(self):
        bundle = self.gateway.folder / "bundle.ndjson"
        self.gateway.caseway("log", "export", "--out", bundle)
        verify = lambda file, *more: run(BINARY, "log", "verify", file, "--key", self.gateway.log_key, "--json", *more, ok=False,
                                         timeout=120)
        self.assertEqual((0o600, []), (bundle.stat().st_mode & 0o777, list(bundle.parent.glob("bundle.ndjson.*"))))
        self.assertNotEqual(0, self.gateway.caseway("log", "export", "--out", "/dev/null", ok=False).returncode)
        result = verify(bundle)
        summary = json.loads(result.stdout.splitlines()[-1])
        self.assertEqual((0, True, 14), (result.returncode, summary["good"], summary["entries"]), result)
        receipt = self.gateway.folder / "kept-2.json"
        receipt.write_text(json.dumps(self.receipts[3]))
        self.assertEqual(0, verify(bundle, "--against", receipt).returncode)
        forged = self.gateway.folder / "forged.ndjson"
        whole = bundle.read_bytes()
        lines = whole.splitlines(keepends=True)
        for what, data in (("changed leaf", whole.replace(b'\\"new\\":1', b'\\"new\\":2', 1)), ("cut", b"".join(lines[:-3])),
                           ("line gone", b"".join(lines[:20] + lines[21:])),
                           ("swapped", b"".join(lines[:9] + [lines[10], lines[9]] + lines[11:])),
                           ("empty", b""), ("half", whole[:len(whole) // 2])):
            with self.subTest(what=what):
                self.assertNotEqual(whole, data)
                forged.write_bytes(data)
                self.assertEqual(1, verify(forged).returncode)

    def test_what_a_bundle_holds_commands_no_terminal(self):
        bundle = self.gateway.folder / "odd.ndjson"
        self.gateway.caseway("log", "export", "--out", bundle)
        lines = bundle.read_text().splitlines()
        at = max(n for n, line in enumerate(lines) if line.startswith('{"kind":"checkpoint"'))
        head = json.loads(lines[at])
        head["note"] = '\u202e"evil\u009b31m' + head["note"][head["note"].index("\n"):]
        lines[at] = json.dumps(head, separators=(",", ":"), ensure_ascii=False)  # as the exporter writes
        bundle.write_text("\n".join(lines) + "\n")
        told = run(BINARY, "log", "verify", bundle, "--key", self.gateway.log_key, ok=False)
        self.assertEqual(1, told.returncode)
        self.assertIn('"evil', told.stderr.decode())
        self.assertEqual([], [sign for sign in "\u202e\u009b" if sign in told.stderr.decode()], told.stderr)
        for line in run(BINARY, "log", "verify", bundle, "--key", self.gateway.log_key, "--json", ok=False).stdout.splitlines():
            json.loads(line)

    def test_bundle_under_another_key_is_not_good(self):
        bundle = self.gateway.folder / "bundle-2.ndjson"
        self.gateway.caseway("log", "export", "--out", bundle)
        stranger = Installation(self.fresh_folder("stranger"))
        self.addCleanup(stranger.close)
        self.assertEqual(1, run(BINARY, "log", "verify", bundle, "--key", stranger.log_key, ok=False).returncode)
        self.assertIsNone(stranger.verify_receipt(self.receipts[0]))

    def test_a_refusal_is_no_receipt_and_a_receipt_no_bundle(self):
        refusal, receipt = (self.gateway.folder / name for name in ("refusal.json", "receipt.json"))
        refusal.write_text('{"code":"certificate_revoked","status":401}')
        receipt.write_text('{"receipt":{"leaf":"{}","proof":"x"}}')
        told = run(BINARY, "receipt", "verify", refusal, "--log-key", self.gateway.log_key, ok=False)
        self.assertEqual(1, told.returncode)
        self.assertIn(b"is a refusal (certificate_revoked)", told.stderr)
        told = run(BINARY, "log", "verify", receipt, "--key", self.gateway.log_key, ok=False)
        self.assertNotEqual(0, told.returncode)
        self.assertIn(b"caseway receipt verify", told.stderr)

    def test_restored_backup_goes_on_under_a_new_origin_that_names_the_old_head(self):
        other, told = self.restored("restored")
        self.assertIn("new origin center/gateway/log/", told)
        good, summary, findings = other.verify_log()
        self.assertTrue(good, findings)
        self.assertEqual(6, summary["tree_size"])
        other.systems = self.gateway.systems
        other.start()
        client = Client(other, self.housing)
        self.addCleanup(client.close)
        answer = client.send(signing.json_message(self.housing, payloads.as_json(ONE("after-restore"))))
        self.assertEqual((200, 6), (answer.status, index_of(answer.json["receipt"])))
        self.assertIsNotNone(self.gateway.verify_receipt(answer.json["receipt"]), "the key that was published before proves it")
        origin = client.get("/v1/log/checkpoint").body.decode().split("\n")[0]
        self.assertRegex(origin, r"^center/gateway/log/\d+-[0-9a-f]{32}$")
        for path in ("/v1/cases?source_case_no=e-4", "/v1/cases?source_case_no=after-restore"):
            self.assertEqual(1, len(client.get(path).json["cases"]))
        # Whoever had read on before the backup was put in place misses nothing, and no number has two meanings.
        (change,) = client.get("/v1/changes?after=1516").json["changes"]
        self.assertEqual("after-restore", change["patch"]["source_case_no"])
        self.assertGreater(change["number"], 10_000_000)
        self.assertGreater(int(change["case_no"].rpartition("-")[2]), 10_000_000)
        other.stop()
        good, summary, findings = other.verify_log()
        self.assertTrue(good, findings)
        kept = other.folder / "kept.json"
        kept.write_text(json.dumps(self.receipts[4]))
        self.assertTrue(other.verify_log("--against", kept)[0])
        kept.write_text(json.dumps(self.receipts[9]))
        self.assertFalse(other.verify_log("--against", kept)[0], "a receipt of the lost part is told")

    def test_no_two_restores_share_an_origin(self):
        """Two within one second, or with a clock that was set back, must not sign two heads of one origin and size."""
        origins = [re.search(r"new origin (\S+);", self.restored(f"origin-{n}")[1])[1] for n in range(2)]
        suffixes = {origin.split("-", 1)[1] for origin in origins}
        self.assertEqual(2, len(suffixes), origins)

    def test_restore_never_overwrites_by_itself(self):
        other, _ = self.restored("twice")
        self.assertNotEqual(0, other.caseway("restore", self.early, ok=False).returncode)
        self.assertEqual(0, other.caseway("restore", self.early, "--replace").returncode)
        self.assertTrue(other.verify_log()[0])

    def test_backup_under_load_is_whole(self):
        live = self.make()
        live.start()
        sender, going = live.systems["housing/permits"], threading.Event()
        going.set()
        sent = []

        def load():
            client = Client(live)
            while going.is_set():
                sent.append(client.send(signing.json_message(sender, payloads.as_json(ONE(f"b-{len(sent)}")))).status)
            client.close()
        thread = threading.Thread(target=load)
        thread.start()
        try:
            until(lambda: len(sent) > 20, "messages run")
            copies = [live.folder / f"copy-{n}" for n in range(3)]
            for copy in copies:
                live.caseway("backup", copy)
        finally:
            going.clear()
            thread.join()
        self.assertEqual({200}, set(sent))
        for copy in copies:
            restored = Installation(self.fresh_folder(f"from-{copy.name}"))
            self.addCleanup(restored.close)
            shutil.copytree(live.data / "keys", restored.data / "keys", dirs_exist_ok=True)
            restored.caseway("restore", copy)
            good, summary, findings = restored.verify_log()
            self.assertTrue(good, findings)
            self.assertGreater(summary["entries"], 1)

    def test_a_running_gateway_is_not_restored_over(self):
        live = self.make()
        live.start()
        self.assertEqual(1, live.caseway("restore", self.early, "--replace", ok=False).returncode)
        self.assertEqual(200, live.health("/readyz")[0])


if __name__ == "__main__":
    unittest.main(verbosity=2)
