"""Operating: health, metrics, the operating log, reload under load, a stop that loses nothing."""
import http.client
import json
import re
import shutil
import signal
import sqlite3
import threading
import unittest

import payloads
import signing
from client import Client, send
from gateway_case import HOUSING, GatewayCase
from installation import BINARY, ROOT, System, index_of, run, until

ONE = payloads.case
PERSONAL = payloads.NAMES + payloads.ID_NUMBERS + payloads.MOBILES


class Operating(GatewayCase):
    def setUp(self):
        if self.gateway.process is None:
            self.gateway.start()

    def no_personal_data(self, text):
        for value in PERSONAL:
            self.assertNotIn(value, text)
            self.assertNotIn(json.dumps(value)[1:-1], text)

    def messages(self, prefix, number):
        return [signing.json_message(self.housing, payloads.as_json(ONE(f"{prefix}-{n}"))) for n in range(number)]

    def test_health_and_readiness(self):
        self.assertEqual((200, "ok\n"), self.gateway.health("/healthz"))
        self.assertEqual((200, "ready\n"), self.gateway.health("/readyz"))
        self.assertEqual(404, self.reader(None).get("/metrics").status, "the public listener tells no figures")

    def test_health_listener_answers_to_no_name_that_others_may_point_at_it(self):
        for host, status in (("localhost", 200), (f"127.0.0.1:{self.gateway.health_port}", 200), ("evil.example", 421),
                             (f"evil.example:{self.gateway.health_port}", 421)):
            connection = http.client.HTTPConnection("127.0.0.1", self.gateway.health_port, timeout=30)
            self.addCleanup(connection.close)
            connection.request("GET", "/metrics", headers={"Host": host})
            with self.subTest(host=host):
                self.assertEqual(status, connection.getresponse().status)

    def test_metrics_count_and_hold_no_personal_data(self):
        series = {'caseway_messages_total{binding="json",outcome="accepted"}': 2,
                  'caseway_messages_total{binding="json",outcome="duplicate"}': 1,
                  'caseway_messages_total{binding="json",outcome="refused"}': 1, 'caseway_records_total{outcome="new"}': 3,
                  'caseway_records_total{outcome="refused"}': 1, 'caseway_record_refusals_total{code="code_unknown"}': 1, "caseway_log_size": 3, "caseway_last_change": 3}
        before = {name: self.gateway.metric(name) for name in series}
        first = signing.json_message(self.housing, payloads.as_json(ONE("metric-1"), ONE("metric-2")))
        for message in (first, first, signing.json_message(self.housing, payloads.as_json(ONE("metric-3"))),
                        signing.json_message(self.housing, payloads.as_json(ONE("metric-4", state="paused")))):
            self.send(message)
        self.assertEqual(series, {name: self.gateway.metric(name) - before[name] for name in series})
        self.no_personal_data(self.gateway.health("/metrics")[1])

    def test_operating_log_is_json_with_message_ids_and_without_personal_data(self):
        wrong = payloads.ID_NUMBERS[1][:-1] + "1"
        sent = [signing.json_message(self.housing, payloads.as_json(ONE("log-1"))),
                signing.json_message(self.housing, payloads.as_json(ONE("log-2", id_no=wrong))),
                signing.http_message(self.housing, payloads.as_json(ONE("log-3"))[:-9]),
                signing.xml_message(self.housing, payloads.as_xml(ONE("log-4", state=payloads.NAMES[1])))]
        for message in sent:
            answer = self.send(message)
            if answer.status != 200:
                self.no_personal_data(answer.body.decode())
                self.assertNotIn(wrong, answer.body.decode())
        told = {line.get("message_id") for line in self.gateway.log_lines()}
        self.assertLessEqual({message.id for message in sent}, told)
        lines = self.gateway.stderr().splitlines()
        self.assertEqual([], [line for line in lines if not line.startswith("{") and "serves on" not in line])
        self.no_personal_data(self.gateway.stderr())
        self.assertNotIn(wrong, self.gateway.stderr())

    def test_message_that_nobody_authenticated_is_one_line_with_what_it_claims(self):
        gateway = self.make()
        stranger = System("housing/permits", gateway.folder)
        expired = gateway.register("housing/ended", HOUSING, expired=True)
        gateway.start()
        cases = [(signing.xml_message(stranger, payloads.as_xml(ONE("who-1"))), "unknown_key", "housing/permits", stranger.key_id),
                 (signing.json_message(stranger, payloads.as_json(ONE("who-2"))), "unknown_key", None, stranger.key_id),
                 (signing.json_message(expired, payloads.as_json(ONE("who-3"))), "certificate_expired", "housing/ended", expired.key_id),
                 (signing.http_message(expired, payloads.as_json(ONE("who-4"))), "certificate_expired", "housing/ended", expired.key_id)]
        for message, code, sender, key in cases:
            with self.subTest(code=code, sender=sender):
                self.assertEqual((401, code), (lambda answer: (answer.status, answer.json["code"]))(send(gateway, message)))
                known = message.id if sender == "housing/permits" or message is cases[-1][0] else None  # of a JWS nobody reads it
                (line,) = until(lambda: [one for one in gateway.log_lines() if one.get("claimed_key") == key and
                                         one.get("claimed_message_id") == known][-1:], "its line")
                self.assertEqual((code, "401", sender, key, "no"), tuple(
                    line.get(name) for name in ("code", "status", "claimed_sender", "claimed_key", "verified")))
                leaf = json.loads(gateway.caseway("log", "show", line["log_index"], "--json").stdout)["leaf"]
                self.assertEqual(("refusal", code), (leaf["type"], leaf["refusal"]), leaf)
                asked = gateway.caseway("message", "show", message.id, ok=False)
                self.assertEqual((1, True), (asked.returncode, f"journalctl -u caseway -o cat | grep {message.id}".encode() in asked.stderr), asked)
        self.assertIn(b"(unknown): nobody authenticated it", gateway.caseway("message", "list").stderr)
        for n in range(30):
            send(gateway, signing.json_message(stranger, payloads.as_json(ONE(f"flood-{n}"))))
        told = [one for one in gateway.log_lines() if one.get("verified") == "no"]
        self.assertLessEqual(len(told), 20, "ten a minute, of at most two minutes")

    def test_certificate_is_reloaded_while_messages_run(self):
        tls = self.gateway.data / "tls"
        before = self.reader(None).peer_certificate()
        open_client = self.reader(None)
        open_client.get("/v1/log/checkpoint")
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
            "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", tls / "server.key", "-out", tls / "server.pem")
        self.gateway.tell(signal.SIGHUP)
        until(lambda: self.served_certificate() != before, "the new certificate is served")
        self.assertEqual(200, open_client.send(self.messages("still-open", 1)[0]).status)

    def served_certificate(self):
        import ssl
        pem = ssl.get_server_certificate(("127.0.0.1", self.gateway.port))
        return ssl.PEM_cert_to_DER_cert(pem)

    def test_reload_takes_register_and_mappings_without_losing_a_message(self):
        messages, answers = self.messages("reload", 120), []
        mapping = self.gateway.data / "mappings" / "late" / "mapping.yaml"

        def load():
            client = Client(self.gateway)
            answers.extend(client.send(message).status for message in messages)
            client.close()
        sender = threading.Thread(target=load)
        sender.start()
        late = self.gateway.register("housing/late", HOUSING, mappings=("late.json",))
        mapping.parent.mkdir(exist_ok=True)
        mapping.write_text(payloads.JSON_MAPPING.replace("permits.json", "late.json"))
        for _ in range(5):
            self.gateway.tell(signal.SIGHUP)
        message = signing.json_message(late, payloads.as_json(ONE("late-1")), head=signing.header(late, "late.json"))
        until(lambda: self.send(message).status == 200, "the new system's message is taken")
        sender.join()
        self.assertEqual([200] * len(messages), answers)

    def test_broken_mapping_leaves_the_former_one_at_work(self):
        file = self.gateway.data / "mappings" / "permits_json" / "mapping.yaml"
        file.write_text(payloads.JSON_MAPPING.replace("source_case_no", "source_case_mo"))
        self.gateway.tell(signal.SIGHUP)
        until(lambda: "mapping_not_loaded" in self.gateway.stderr(), "the mistake is told")
        self.assertEqual(200, self.send(self.messages("former", 1)[0]).status)
        file.write_text(payloads.JSON_MAPPING)
        self.gateway.tell(signal.SIGHUP)

    def test_broken_register_leaves_the_former_one_at_work(self):
        broken = self.gateway.data / "systems" / "broken" / "system"
        broken.mkdir(parents=True)
        (broken / "system.yaml").write_text("nothing: [")
        self.gateway.tell(signal.SIGHUP)
        until(lambda: "reload_failed" in self.gateway.stderr(), "the mistake is told")
        self.assertEqual(200, self.send(self.messages("register", 1)[0]).status)
        shutil.rmtree(broken.parent)

    def test_stop_finishes_what_it_accepted(self):
        messages = [self.messages(f"stop-{n}", 60) for n in range(4)]
        accepted, first = {}, threading.Event()

        def load(own):
            client = Client(self.gateway)
            try:
                for message in own:
                    answer = client.send(message)
                    if answer.status == 200:
                        accepted[message.id] = index_of(answer.json["receipt"])
                    if len(accepted) >= 20:
                        first.set()
            except (OSError, http.client.HTTPException):
                pass  # the connection is gone: nothing was acknowledged
            finally:
                client.close()
        senders = [threading.Thread(target=load, args=(own,)) for own in messages]
        for sender in senders:
            sender.start()
        self.assertTrue(first.wait(60))
        self.assertEqual(0, self.gateway.stop())
        for sender in senders:
            sender.join()
        database = sqlite3.connect(f"file:{self.database()}?mode=ro", uri=True)
        stored = {json.loads(leaf).get("id"): index for index, leaf in database.execute("SELECT log_index, leaf FROM leaf")}
        database.close()
        self.assertEqual(accepted, {message_id: stored.get(message_id) for message_id in accepted})
        self.log_is_good()

    def database(self):
        (file,) = self.gateway.data.glob("*.db")
        return file

    def test_restore_into_a_fresh_folder_names_what_no_backup_holds(self):
        backup, fresh = self.gateway.folder / "copy.db", self.gateway.folder / "fresh"
        told = self.gateway.caseway("backup", backup).stderr.decode()
        self.assertIn("caseway export", told)
        shutil.copytree(self.gateway.data / "keys", fresh / "keys")
        told = run(BINARY, "restore", backup, "--data", fresh).stderr.decode()
        for missing in ("systems", "mappings", "tls/server.pem", "caseway.properties"):
            self.assertIn(f"missing: {missing}:", told)
        shutil.copytree(self.gateway.data / "tls", fresh / "tls")
        export = self.gateway.folder / "export"
        self.gateway.caseway("export", export)
        run(BINARY, "apply", export, "--data", fresh, "--yes")
        told = run(BINARY, "restore", backup, "--data", fresh, "--replace").stderr.decode()
        self.assertNotIn("missing: systems", told)
        self.assertNotIn("missing: tls", told)

    def test_a_refused_restore_leaves_nothing_behind(self):
        backup, fresh = self.gateway.folder / "kept.db", self.gateway.folder / "other-key"
        self.taken(signing.json_message(self.housing, payloads.as_json(ONE("kept-1"))))  # an empty log is signed by nobody
        self.gateway.caseway("backup", backup)
        run(BINARY, "init", "--data", fresh)  # its log key is another one
        before = sorted(file.relative_to(fresh) for file in fresh.rglob("*"))
        refused = run(BINARY, "restore", backup, "--data", fresh, ok=False)
        self.assertEqual(1, refused.returncode)
        self.assertRegex(refused.stderr.decode(), r"the backup's log: the last checkpoint was not signed as .*\n *what to do: nothing was changed; put the key back")
        self.assertEqual(before, sorted(file.relative_to(fresh) for file in fresh.rglob("*") if file.name != "lock"))
        self.assertIn(b"no gateway has run", run(BINARY, "log", "verify", "--data", fresh, ok=False).stderr)
        shutil.copy(self.gateway.data / "keys/log.key", fresh / "keys/log.key")
        differs = b"keys/log.pub is not the public key of "
        self.assertIn(differs, run(BINARY, "restore", backup, "--data", fresh).stderr)
        for words in (("log", "verify"), ("doctor",)):
            self.assertIn(differs, run(BINARY, *words, "--data", fresh, ok=False).stderr)
        run(BINARY, "init", "--data", fresh)
        run(BINARY, "log", "verify", "--data", fresh)
        told = run(BINARY, "restore", backup, "--data", fresh, ok=False).stderr.decode()
        self.assertIn("--replace puts the backup in its place", told)
        for kept in ("caseway.db.replaced", "caseway.db.replaced-2"):
            told = run(BINARY, "restore", backup, "--data", fresh, "--replace").stderr.decode()
            self.assertIn(f"the database that was there is kept as {fresh / kept}", told)
            self.assertTrue((fresh / kept).exists())
        run(BINARY, "log", "verify", "--data", fresh)

    def test_doctor_tells_why_a_gateway_would_not_start_and_whether_one_runs(self):
        self.assertIn(b"gateway: running", self.gateway.caseway("doctor", "--config", self.gateway.config, ok=False).stderr)
        place = self.gateway.folder / "mixed"
        run(BINARY, "init", "--data", place)
        self.assertIn("listen.address", (place / "caseway.properties").read_text())
        good = run(BINARY, "doctor", "--data", place, ok=False)
        self.assertIn(b"gateway: not running", good.stderr)
        self.assertNotIn(b"is not the key of", good.stderr)
        (place / "tls/server.key").write_bytes((self.gateway.data / "tls/server.key").read_bytes())
        mixed = run(BINARY, "doctor", "--data", place, ok=False)
        self.assertEqual(1, mixed.returncode)
        self.assertIn(b"tls/server.key is not the key of tls/server.pem", mixed.stderr)
        settings = place / "caseway.properties"
        for address in ("192.0.2.1", "no-such-address.invalid"):
            settings.write_text(re.sub(r"(?m)^listen.address.*$", "", settings.read_text()) + f"\nlisten.address = {address}\n")
            told = run(BINARY, "doctor", "--data", place, ok=False).stderr.decode()
            self.assertRegex(told, rf"bad      listen.address: {address} port \d+ cannot be listened on: .+\n +what to do: name an address")
            self.assertNotIn("listen.health_address", told)
        (place / "systems/housing").mkdir(parents=True)
        (place / "systems/housing/department.yaml").write_text("name: [\n")
        told = run(BINARY, "doctor", "--data", place, ok=False).stderr.decode()
        self.assertEqual(1, told.count("department.yaml"), told)

    def test_folder_that_cannot_be_looked_into_is_an_error_with_a_code(self):
        loop = self.gateway.folder / "loop"
        loop.symlink_to(loop)
        result = run(BINARY, "doctor", "--data", loop, ok=False)
        self.assertEqual(1, result.returncode)
        self.assertRegex(result.stderr.decode(), r"file_unavailable: \S*loop\S*: .*\n *what to do: ")
        self.assertNotIn("filesystem error", result.stderr.decode())

    def test_explain_says_what_each_code_of_the_page_means(self):
        page = (ROOT / "docs/errors.md").read_text()
        codes = re.findall(r"^\| `([a-z0-9_]+)` \|", page, re.MULTILINE)
        told = [json.loads(line) for line in run(BINARY, "explain", *codes, "--json").stdout.splitlines()]
        self.assertEqual(codes, [one["code"] for one in told])
        for one in told:
            self.assertTrue(one["meaning"])
            self.assertNotRegex(json.dumps(one, ensure_ascii=False), r"`|@(bar|open|close|semicolon)@")
        result = run(BINARY, "explain", "bad_signatur", ok=False)
        self.assertEqual((1, b""), (result.returncode, result.stdout))
        self.assertIn(b"'bad_signature'", result.stderr)
        for typed, meant in (("bad_sig", "bad_signature"), ("BAD_SIGNATURE", "caseway explain bad_signature"), ("key_unknown", "unknown_key"),
                             ("expired", "certificate_expired"), ("unkown_key", "unknown_key")):
            self.assertIn(meant, run(BINARY, "explain", typed, ok=False).stderr.decode(), typed)
        self.assertIn(b"a mistake of its author", run(BINARY, "explain", "plugin_unexpected_error").stderr)
        self.assertIn(b"its README", run(BINARY, "explain", "plugin_no_such_table").stderr)
        self.assertIn(b"codes are as an answer", run(BINARY, "explain", "zzzzzzzz", ok=False).stderr)

    def test_case_and_message_that_are_not_there_are_not_found(self):
        for words in (("case", "show", "CW-center-999999999"), ("message", "show", "9999999"), ("message", "replay", "9999999")):
            result = self.gateway.caseway(*words, ok=False)
            self.assertEqual((1, True), (result.returncode, b"not_found: no " in result.stderr), result)

    def test_leaf_beyond_the_end_is_not_found_with_how_many_there_are(self):
        size = json.loads(self.gateway.caseway("log", "checkpoint", "--json").stdout)["tree_size"]
        for words in (("proof", str(size + 1000)), ("show", str(size + 1000))):
            result = self.gateway.caseway("log", *words, ok=False)
            self.assertEqual((1, b""), (result.returncode, result.stdout), result)
            self.assertRegex(result.stderr.decode(), rf"not_found: leaf '{size + 1000}': the log has [0-9]+ leaves, 0 to [0-9]+")
            told = json.loads(self.gateway.caseway("log", *words, "--json", ok=False).stdout)
            self.assertEqual(("not_found", str(size + 1000)), (told["code"], told["value"]))

    def test_second_gateway_on_the_same_data_is_refused(self):
        result = self.gateway.caseway("serve", "--config", self.gateway.config, ok=False, timeout=30)
        self.assertEqual(1, result.returncode)
        self.assertIn(b"store_unavailable", result.stderr)

    def test_a_wrong_configuration_has_an_exit_code_that_the_unit_does_not_try_again(self):
        place = self.gateway.folder / "wrong"
        run(BINARY, "init", "--data", place)
        serve = lambda *words: run(BINARY, "serve", "--data", place, *words, ok=False, timeout=60)
        settings, key = place / "caseway.properties", place / "keys/log.key"
        good = settings.read_text()
        unit = (ROOT / "config/caseway.service").read_text()
        never = re.search(r"^RestartPreventExitStatus=(.*)$", unit, re.M)[1].split()
        self.assertEqual(["2", "78"], never)
        for wrong in ("listen.prot = 1\n", "listen.port = many\n", "listen.port = 1\nlisten.port = 2\n", "sync.runs_at_once = none\n",
                      "sync.longest_run_hours = 0\n", "sync.run_at_once = 2\n", "report.zone = Nowhere/City\n", "report.send_at = 25:00\n"):
            settings.write_text(good + wrong)
            result = serve()
            self.assertEqual(78, result.returncode, (wrong, result.stderr))
            self.assertIn(b"configuration_bad", result.stderr)
        settings.write_text(good)
        self.assertEqual(2, serve("--prot", "1").returncode)
        taken = self.gateway.folder / "taken.properties"
        taken.write_text(f"listen.port = {self.gateway.port}\nlisten.health_port = 0\n")
        result = serve("--config", taken)
        self.assertEqual((1, True), (result.returncode, b"network_unavailable" in result.stderr), result.stderr)
        text = key.read_bytes()
        key.write_text("no key\n")
        self.assertEqual(78, serve().returncode)
        key.write_bytes(text)
        # caught while they are copied, they may be whole at the next start
        for file in (key, place / "tls/server.pem", place / "tls/server.key"):
            whole = file.read_bytes()
            file.write_bytes(whole[:len(whole) // 2])
            result = serve()
            self.assertEqual((1, True), (result.returncode, f"{file.name} breaks off".encode() in result.stderr), result.stderr)
            file.write_bytes(whole)
        key.chmod(0o644)
        self.assertEqual(78, serve().returncode)
        key.chmod(0o600)
        # what may pass by itself is tried again: a mount that comes late
        for gone in (key, place / "systems"):
            gone.rename(place / "elsewhere")
            result = serve()
            self.assertEqual((1, True), (result.returncode, b"file_unavailable" in result.stderr), result.stderr)
            (place / "elsewhere").rename(gone)
        (place / "systems/housing/permits").mkdir(parents=True)
        (place / "systems/housing/permits/system.yaml").write_text("mappingz: []\n")
        self.assertEqual(78, serve().returncode)
        self.assertEqual(1, run(BINARY, "doctor", "--data", place, ok=False).returncode)  # of other commands it is 1 as ever


if __name__ == "__main__":
    unittest.main(verbosity=2)
