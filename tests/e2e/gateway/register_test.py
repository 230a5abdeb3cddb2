"""The register: changed by command, with a gateway and without, each change a leaf; export and apply; crashes in between."""
import hashlib
import http.client
import json
import os
import pwd
import shutil
import signal
import socket
import sqlite3
import threading
import unittest.mock

import payloads
import signing
from gateway_case import HEALTH, HOUSING, GatewayCase
from installation import BINARY, System, leaf_of, run, until

ONE = payloads.case


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost")
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)


class RegisterCase(GatewayCase):
    def caseway(self, *arguments, ok=True):
        return self.gateway.caseway(*arguments, "--config", self.gateway.config, ok=ok)

    def change(self, *arguments):
        """The JSON report of a change that is made."""
        return json.loads(self.caseway(*arguments, "--json").stdout)

    def refused_command(self, code, *arguments):
        before = self.files()
        result = self.caseway(*arguments, "--json", ok=False)
        self.assertEqual((1, code), (result.returncode, json.loads(result.stdout.splitlines()[0])["code"]), result.stderr)
        self.assertIn("what to do:", result.stderr.decode())
        self.assertEqual(before, self.files(), "nothing is half registered")

    def files(self):
        found = {}
        for top in ("systems", "authorities", "mappings"):
            for file in sorted((self.gateway.data / top).rglob("*")):
                if file.is_file():
                    found[str(file.relative_to(self.gateway.data))] = file.read_bytes()
        return found

    def leaves(self):
        database = sqlite3.connect(f"file:{self.gateway.data / 'caseway.db'}?mode=ro", uri=True)
        rows = [json.loads(leaf) for (leaf,) in database.execute("SELECT leaf FROM leaf ORDER BY log_index")]
        database.close()
        return rows

    def new_system(self, name):
        return System(name, self.gateway.keys)

    def admin(self, method, path, body=None, fields=None):
        connection = UnixConnection(self.gateway.data / "admin.sock")
        self.addCleanup(connection.close)
        connection.request(method, path, body=json.dumps(body) if body is not None else None, headers=fields or {})
        response = connection.getresponse()
        return response.status, json.loads(response.read())


class Changes(RegisterCase):
    def test_a_new_system_sends_at_once_and_each_change_is_a_leaf(self):
        system = self.new_system("housing/fresh")
        self.gateway.systems[system.name] = system
        self.change("department", "add", "housing", "--code", HOUSING, "--name", "住房")
        report = self.change("system", "add", system.name, "--mapping", "permits.json", "--cert", system.certificate)
        self.taken(signing.json_message(system, payloads.as_json(ONE("fresh-1")), head=signing.header(system, "permits.json")))
        leaf = self.leaves()[report["log_index"]]
        self.assertEqual(("audit", "system_added", system.name), (leaf["type"], leaf["detail"]["event"], leaf["detail"]["subject"]))
        self.assertEqual(f"uid {os.getuid()}", leaf["detail"]["by"])
        again = self.change("department", "add", "housing", "--code", HOUSING, "--name", "住房")
        self.assertFalse(again["changed"])
        self.assertNotIn("log_index", again)
        self.log_is_good()

    def test_who_made_a_change_is_what_the_kernel_says_and_can_be_read(self):
        connection = UnixConnection(self.gateway.data / "admin.sock")
        self.addCleanup(connection.close)
        body = {"operation": "department.add", "department": "who", "code": "11350200004135019X", "name": "某局"}
        connection.request("POST", "/admin/v1/changes", json.dumps(body), {"Caseway-By-Uid": "7", "Caseway-By": "wang"})
        answer = connection.getresponse()
        index = json.loads(answer.read())["log_index"]
        self.assertEqual(200, answer.status)
        shown = json.loads(self.caseway("log", "show", str(index), "--json").stdout)
        self.assertEqual(f"uid {os.getuid()}", shown["leaf"]["detail"]["by"])
        self.assertEqual({"name": pwd.getpwuid(os.getuid()).pw_name, "uid": str(os.getuid()), "claimed": "wang"}, shown["document"]["by"])
        text = self.caseway("log", "show", str(index)).stderr.decode()
        for part in (f"(uid {os.getuid()}), says to be wang", "department_added who", "+ systems/who/department.yaml", "某局"):
            self.assertIn(part, text)
        lines = self.caseway("log", "show", "--kind", "audit", "--since", str(index), "--json").stdout.splitlines()
        self.assertEqual([index], [json.loads(line)["index"] for line in lines])
        of_one = self.caseway("log", "show", "--system", self.health.name, "--json").stdout.splitlines()
        self.assertTrue(of_one)
        for line in map(json.loads, of_one):
            self.assertIn(self.health.name, json.dumps(line["leaf"]))
        self.assertEqual(1, self.caseway("log", "show", "99999999", ok=False).returncode)
        with unittest.mock.patch.dict(os.environ, LC_ALL="zh_CN.UTF-8"):
            self.assertRegex(self.caseway("log", "show", str(index)).stderr.decode(), "审计 .* 操作人 .*，自称 wang")
        self.log_is_good()

    def test_suspended_systems_are_refused_with_evidence_and_taken_up_again(self):
        message = lambda n: signing.json_message(self.health, payloads.as_json(ONE(f"suspend-{n}")), head=signing.header(self.health, "permits.json"))
        self.taken(message(1))
        self.change("system", "suspend", self.health.name)
        problem = self.refused(message(2), 403, "system_suspended")
        self.assertEqual("system_suspended", leaf_of(problem["receipt"])["refusal"])
        self.assertEqual(403, self.reader(self.health).get("/v1/cases").status)
        self.change("system", "activate", self.health.name)
        self.taken(message(3))

    def test_a_suspended_department_is_refused_whole_with_evidence(self):
        message = lambda n: signing.json_message(self.health, payloads.as_json(ONE(f"whole-{n}")), head=signing.header(self.health, "permits.json"))
        self.change("department", "add", "health", "--code", HEALTH, "--name", "卫健")
        report = self.change("department", "suspend", "health")
        self.assertEqual("department_suspended", self.leaves()[report["log_index"]]["detail"]["event"])
        problem = self.refused(message(1), 403, "department_suspended")
        self.assertIn("department resume", problem["hint"])
        self.assertEqual("department_suspended", leaf_of(problem["receipt"])["refusal"])
        self.assertEqual(403, self.reader(self.health).get("/v1/cases").status)
        self.assertEqual(["suspended"], [one["state"] for one in self.admin("GET", "/admin/v1/departments")[1] if one["department"] == "health"])
        folder = self.gateway.folder / "exported"
        self.gateway.caseway("export", folder)
        self.assertIn("state: suspended", (folder / "systems/health/department.yaml").read_text())
        self.assertEqual("department_resumed", self.change("department", "resume", "health")["event"])
        self.gateway.caseway("apply", folder, "--yes")
        self.refused(message(2), 403, "department_suspended")
        self.change("department", "resume", "health")
        self.taken(message(3))
        self.log_is_good()

    def test_certificates_follow_one_another_without_a_refused_message(self):
        old = self.housing
        new = System("housing/permits-next", self.gateway.keys)
        new.name = old.name
        send = lambda system, n: self.taken(signing.json_message(system, payloads.as_json(ONE(f"rotate-{n}")), head=signing.header(system, "permits.json")))
        send(old, 1)
        self.change("cert", "add", old.name, new.certificate)
        send(old, 2)
        send(new, 3)
        self.change("cert", "remove", old.name, old.key_id[:16])
        send(new, 4)
        self.refused(signing.json_message(old, payloads.as_json(ONE("rotate-5")), head=signing.header(old, "permits.json")), 401, "unknown_key")
        self.change("cert", "add", old.name, old.certificate)
        self.change("cert", "remove", old.name, new.certificate)  # by its file
        self.refused(signing.json_message(new, payloads.as_json(ONE("rotate-6")), head=signing.header(new, "permits.json")), 401, "unknown_key")

    def test_revoked_certificates_are_refused_at_once(self):
        self.change("cert", "ca", "init")
        keys = self.gateway.keys
        run(BINARY, "cert", "request", "--system", "health/revoked", "--key", keys / "r.key", "--out", keys / "r.csr")
        self.caseway("cert", "issue", keys / "r.csr", "--system", "health/revoked")
        system = System("health/revoked", keys)
        system.key, system.certificate = keys / "r.key", keys / "r.pem"
        system.key_id = hashlib.sha256(run("openssl", "x509", "-in", system.certificate, "-outform", "DER").stdout).hexdigest()
        self.change("department", "add", "health", "--code", HEALTH, "--name", "卫健")
        self.change("system", "add", system.name, "--mapping", "permits.json", "--cert", system.certificate)
        message = lambda n: signing.json_message(system, payloads.as_json(ONE(f"revoked-{n}")), head=signing.header(system, "permits.json"))
        self.taken(message(1))
        self.change("cert", "revoke", system.key_id[:16])
        self.refused(message(2), 401, "certificate_revoked")
        self.log_is_good()

    def test_a_key_of_one_system_is_never_taken_for_another(self):
        self.refused_command("certificate_taken", "cert", "add", self.health.name, self.housing.certificate)
        twin = self.gateway.keys / "twin.pem"
        run("openssl", "req", "-x509", "-new", "-key", self.housing.key, "-days", "90", "-subj", "/CN=twin", "-out", twin)
        self.refused_command("key_taken", "cert", "add", self.health.name, twin)

    def test_certificates_that_will_not_work_are_refused(self):
        self.refused_command("certificate_expired", "cert", "add", self.health.name, System("health/old", self.gateway.keys, expired=True).certificate)
        short = self.gateway.keys / "short.pem"
        run("openssl", "req", "-x509", "-newkey", "rsa:1024", "-nodes", "-days", "90", "-subj", "/CN=x", "-keyout", self.gateway.keys / "short.key", "-out", short)
        self.refused_command("certificate_not_good", "cert", "add", self.health.name, short)
        self.refused_command("private_key_given", "cert", "add", self.health.name, self.housing.key)
        soon = self.gateway.keys / "soon.pem"
        run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "20", "-subj", "/CN=x",
            "-keyout", self.gateway.keys / "soon.key", "-out", soon)
        self.assertIn("expires in", self.change("cert", "add", self.health.name, soon)["warnings"][0])

    def test_mappings_are_listed_with_who_may_use_them_and_none_goes_by_accident(self):
        listed = [json.loads(line) for line in self.caseway("mapping", "list", "--json").stdout.splitlines()]
        named = {one["mapping"]: one for one in listed}
        self.assertIn(self.housing.name, named["permits.json"]["systems"])
        text = (self.gateway.data / "mappings" / "permits_json" / "mapping.yaml").read_bytes()
        self.assertEqual(hashlib.sha256(text).hexdigest(), named["permits.json"]["version"])
        self.assertIn(named["permits.json"]["version"][:16], self.caseway("mapping", "list").stderr.decode())
        other = self.gateway.folder / "permits_json"
        other.mkdir()
        (other / "mapping.yaml").write_bytes(text.replace(b"mapping: permits.json", b"mapping: permits.other"))
        self.refused_command("mapping_would_go", "mapping", "add", other)

    def test_mappings_are_shown_and_taken_out_where_nobody_uses_them(self):
        text = (self.gateway.data / "mappings" / "permits_json" / "mapping.yaml").read_text()
        spare = self.gateway.folder / "spare"
        spare.mkdir()
        (spare / "mapping.yaml").write_text(text.replace("mapping: permits.json", "mapping: permits.spare"))
        self.change("mapping", "add", spare)
        status, listed = self.admin("GET", "/admin/v1/mappings")
        named = {one["mapping"]: one for one in listed}
        self.assertEqual((200, []), (status, named["permits.spare"]["systems"]))
        self.assertIn(self.housing.name, named["permits.json"]["systems"])
        one = self.admin("GET", "/admin/v1/mappings/permits.json")[1]
        self.assertEqual((text, hashlib.sha256(text.encode()).hexdigest()), (one["document"], one["version"]))
        self.assertEqual([{"version": one["version"], "installed": True, "connectors": []}], one["versions"])
        status, missing = self.admin("GET", "/admin/v1/mappings/nobody.here")
        self.assertEqual((404, "mapping_not_installed"), (status, missing["code"]))
        self.refused_command("mapping_in_use", "mapping", "remove", "permits.json")
        self.refused_command("mapping_not_installed", "mapping", "remove", "nobody.here")
        change = self.change("mapping", "remove", "permits.spare")
        self.assertEqual([{"path": "mappings/spare/mapping.yaml", "change": "removed"}], change["files"])
        self.assertEqual("mapping_removed", self.leaves()[change["log_index"]]["detail"]["event"])
        self.assertNotIn("permits.spare", [one.get("mapping") for one in self.admin("GET", "/admin/v1/mappings")[1]])
        self.log_is_good()

    def test_what_the_gateway_cannot_do_now_is_told_in_its_own_words(self):
        """Something else answers on a socket: a fifth test at once, and a fault without a next step."""
        place, config = self.gateway.folder / "busy.sock", self.gateway.folder / "busy.properties"
        config.write_text(self.gateway.config.read_text() + f"\nadmin.socket = {place}\n")
        server = socket.socket(socket.AF_UNIX)
        self.addCleanup(server.close)
        server.bind(str(place))
        server.listen()
        problems = ({"code": "connector_tests_full", "where": "connector", "rule": "many", "hint": "wait until one has ended"}, {"code": "internal_error"})
        for problem, told in zip(problems, ("wait until one has ended", "look at the gateway's log")):
            body = json.dumps(problem).encode()

            def answer():
                connection, _ = server.accept()
                with connection:
                    connection.recv(65536)
                    connection.sendall(b"HTTP/1.1 503 Busy\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(body), body))

            thread = threading.Thread(target=answer, daemon=True)
            thread.start()
            result = self.gateway.caseway("connector", "test", "housing/permits/any", "--config", config, "--json", ok=False)
            thread.join(30)
            refused = json.loads(result.stdout)
            self.assertEqual((1, problem["code"], told), (result.returncode, refused["code"], refused["hint"]), result.stderr)

    def test_secrets_are_listed_by_their_names_alone(self):
        self.gateway.caseway("secret", "set", "housing/pw", "--config", self.gateway.config, data=b"hunter2hunter2")
        self.assertEqual((200, [{"secret": "housing/pw"}]), self.admin("GET", "/admin/v1/secrets"))
        self.change("secret", "remove", "housing/pw")
        # an editor's line end and byte order mark are no part of it, a blank is and is told
        for data in (b"\r\n", b"\n", b"\xef\xbb\xbf\r\n"):
            refused = self.gateway.caseway("secret", "set", "housing/pw", "--config", self.gateway.config, data=data, ok=False)
            self.assertIn(b"secret_empty", refused.stderr)
        blank = self.gateway.caseway("secret", "set", "housing/pw", "--config", self.gateway.config, data=b"hunter2 \r\n")
        self.assertIn(b"ends with a blank", blank.stderr)
        self.change("secret", "remove", "housing/pw")

    def test_a_persons_comments_stay(self):
        file = self.gateway.data / "systems" / self.housing.name / "system.yaml"
        file.write_text("# keep me\n" + file.read_text() + "# and me\n")
        self.change("system", "grant", self.housing.name, "--may-read", "planning")
        self.change("system", "revoke-grant", self.housing.name, "--may-read", "planning")
        text = file.read_text()
        self.assertTrue(text.startswith("# keep me\n"), text)
        self.assertIn("# and me\n", text)
        self.refused_command("grant_unknown", "system", "revoke-grant", self.housing.name, "--may-read", "planning")

    def test_what_is_changed_by_hand_is_logged_when_it_is_taken_up(self):
        file = self.gateway.data / "systems" / self.health.name / "system.yaml"
        file.write_text(file.read_text() + "# by hand\n")
        before = len(self.leaves())
        self.gateway.tell(signal.SIGHUP)
        until(lambda: [leaf for leaf in self.leaves()[before:] if leaf["detail"]["event"] == "register_edited"], "the leaf")
        self.log_is_good()

    def test_the_socket_is_the_owners_alone_and_tells_what_it_takes(self):
        self.assertEqual(0o600, (self.gateway.data / "admin.sock").stat().st_mode & 0o777)
        self.assertEqual(404, self.reader(self.health).get("/admin/v1/systems").status)
        status, systems = self.admin("GET", "/admin/v1/systems")
        self.assertEqual(200, status)
        self.assertIn(self.housing.name, [system["system"] for system in systems])
        self.assertEqual(404, self.admin("GET", "/admin/v1/systems/nobody/here")[0])
        self.assertIn("/admin/v1/openapi.json", self.admin("GET", "/admin/v1/none")[1]["hint"])
        self.assertEqual("Caseway administration", self.admin("GET", "/admin/v1/openapi.json")[1]["info"]["title"])
        for body, status, code in (({"operation": "nothing"}, 400, "operation_unknown"), ([1], 400, "operation_unknown"),
                                   ({"operation": "system.suspend"}, 400, "member_missing"),
                                   ({"operation": "system.suspend", "system": "a/b", "x": "y"}, 400, "member_unknown"),
                                   ({"operation": "apply"}, 400, "member_missing"),
                                   ({"operation": "system.grant", "system": self.housing.name, "auditor": "false"}, 400, "member_unknown"),
                                   ({"operation": "message.unmask", "message": "9999999", "reason": "x"}, 422, "not_found"),
                                   ({"operation": "message.unmask", "message": "9999999999999999999", "reason": "x"}, 422, "not_found"),
                                   ({"operation": "message.unmask", "message": "0x1", "reason": "x"}, 422, "bad_parameter"),
                                   ({"operation": "system.suspend", "system": "a/b"}, 422, "system_unknown")):
            answer = self.admin("POST", "/admin/v1/changes", body)
            self.assertEqual((status, code), (answer[0], answer[1]["code"]), answer)
        before = self.files()
        for path in ("systems/a/department.yaml/", "systems/"):
            answer = self.admin("POST", "/admin/v1/changes?dry=true", {"operation": "apply", "files": {path: "x"}})
            self.assertEqual((422, "register_not_good", path), (answer[0], answer[1]["code"], answer[1]["where"]), answer)
        self.assertEqual(before, self.files())
        for path in ("connectors", "systems", "mappings"):
            self.assertEqual(404, self.admin("GET", f"/admin/v1/{path}/%ff")[0])
        answer = self.admin("POST", "/admin/v1/changes", {"operation": "system.suspend", "system": self.housing.name}, {"Content-Encoding": "gzip"})
        self.assertEqual((415, "content_encoding_unknown"), (answer[0], answer[1]["code"]), answer)
        dry = self.admin("POST", "/admin/v1/changes?dry=true", {"operation": "system.suspend", "system": self.housing.name})
        self.assertTrue(dry[1]["changed"])
        self.assertEqual("active", self.admin("GET", f"/admin/v1/systems/{self.housing.name}")[1]["state"])

    def test_no_name_of_a_department_commands_the_terminal_of_who_lists_it(self):
        odd = "\u009b31m\u202eevil"
        folder = self.gateway.data / "systems" / "odd"
        folder.mkdir()
        self.addCleanup(shutil.rmtree, folder)
        escaped = odd.encode("ascii", "backslashreplace").decode()
        (folder / "department.yaml").write_text(f'code: "11350200004137001X"\nname: "{escaped}"\n')
        for command in (("list",), ("show", "odd")):
            told = self.caseway("department", *command).stderr.decode()
            self.assertIn("31m?evil", told)
            self.assertEqual([], [sign for sign in (odd[0], "\u202e") if sign in told], repr(told))

    def test_expiring_certificates_are_in_metrics_log_and_doctor(self):
        system = self.new_system("health/soon")  # 30 days: within the first warning
        self.caseway("department", "add", "health", "--code", HEALTH, "--name", "卫健", ok=False)
        self.change("system", "add", system.name, "--mapping", "permits.json", "--cert", system.certificate)
        until(lambda: any(line["event"] == "certificate_expires" and line["whose"] == system.name and line["within_days"] == "30"
                          for line in self.gateway.log_lines()), "the warning in the log")
        self.assertGreaterEqual(self.gateway.metric('caseway_certificates_expiring{within_days="30"}'), 1)
        self.assertEqual(0, self.gateway.metric('caseway_certificates_expiring{within_days="7"}'))
        self.assertIn("less than 30 days", self.gateway.caseway("doctor", ok=False).stderr.decode())

    def test_log_verify_finds_a_document_that_was_changed(self):
        self.change("system", "grant", self.housing.name, "--may-read", "tampered")
        copy = self.gateway.folder / "copy"
        shutil.copytree(self.gateway.data, copy, ignore=shutil.ignore_patterns("admin.sock"))
        database = sqlite3.connect(copy / "caseway.db")
        index = max(number for number, leaf in database.execute("SELECT log_index, leaf FROM leaf") if json.loads(leaf)["type"] == "audit")
        database.execute("DELETE FROM envelope WHERE log_index = ?", (index,))
        database.commit()
        database.close()
        good, _, findings = self.gateway.verify_log(data=copy)
        self.assertFalse(good)
        self.assertEqual(["envelope_missing"], [finding["what"] for finding in findings])


class Offline(RegisterCase):
    STARTED = False

    def test_the_command_writes_leaf_and_files_itself(self):
        report = self.change("system", "suspend", self.housing.name)
        self.assertEqual("system_suspended", self.leaves()[report["log_index"]]["detail"]["event"])
        self.assertIn("state: suspended", (self.gateway.data / "systems" / self.housing.name / "system.yaml").read_text())
        self.change("system", "activate", self.housing.name)
        self.log_is_good()
        bundle = self.gateway.folder / "log.bundle"
        self.caseway("log", "export", "--out", bundle)
        run(BINARY, "log", "verify", bundle, "--key", self.gateway.log_key)

    def test_what_a_crash_interrupted_is_finished_or_never_happened(self):
        pending = self.gateway.data / "register.pending"
        file = self.gateway.data / "systems" / self.health.name / "system.yaml"
        before = file.read_text()
        report = self.change("system", "grant", self.health.name, "--may-read", "crash")
        after = file.read_text()
        database = sqlite3.connect(f"file:{self.gateway.data / 'caseway.db'}?mode=ro", uri=True)
        change = self.leaves()[report["log_index"]]["detail"]["change"]
        database.close()
        path = f"systems/{self.health.name}/system.yaml"
        document = {"after": {path: after}, "before": {path: before}, "by": {"name": "x", "uid": "0"}, "change": change,
                    "event": "grant_added", "subject": self.health.name}
        # The leaf is there, the files are not: finished.
        file.write_text(before)
        pending.write_text(json.dumps(document, ensure_ascii=False))
        self.change("system", "suspend", self.housing.name)
        self.assertEqual(after, file.read_text())
        self.assertFalse(pending.exists())
        # No such leaf: it never happened.
        document["change"] = "00000000-0000-4000-8000-000000000000"
        document["after"] = {path: "nonsense"}
        pending.write_text(json.dumps(document, ensure_ascii=False))
        self.change("system", "activate", self.housing.name)
        self.assertEqual(after, file.read_text())
        self.assertFalse(pending.exists())


class Export(RegisterCase):
    def test_an_export_applied_elsewhere_makes_the_same_installation(self):
        folder = self.gateway.folder / "export"
        self.change("cert", "ca", "init")
        self.caseway("export", folder)
        text = "".join(file.read_text() for file in folder.rglob("*") if file.is_file())
        self.assertNotIn("PRIVATE KEY", text)
        other = self.make()
        shutil.rmtree(other.data / "systems" / "health")
        plan = other.caseway("apply", folder, "--plan")
        self.assertIn("+ systems/health/licences/system.yaml", plan.stderr.decode())
        self.assertFalse((other.data / "systems" / "health").exists())
        self.assertEqual(1, other.caseway("apply", folder, ok=False).returncode, "nobody was asked")
        self.assertIn("applied", other.caseway("apply", folder, "--yes").stderr.decode())
        self.assertIn("nothing to do", other.caseway("apply", folder, "--yes").stderr.decode())
        for path, bytes_ in self.files().items():
            self.assertEqual(bytes_, (other.data / path).read_bytes(), path)
        self.assertTrue(other.verify_log()[0])

    def test_what_does_not_fit_is_named_with_file_and_line_and_changes_nothing(self):
        folder = self.gateway.folder / "tampered"
        self.caseway("export", folder)
        before = self.files()
        yaml = folder / "systems" / self.housing.name / "system.yaml"
        good = yaml.read_text()
        (certificate,) = [file for file in yaml.parent.glob("*.pem")]
        pem = certificate.read_text()
        for file, text, told in ((yaml, good + "auditor: perhaps\n", "system.yaml:4"), (yaml, good + "maping: [a]\n", "unknown key"),
                                 (certificate, pem.replace("M", "N", 9), certificate.name),
                                 (certificate, self.housing.key.read_text(), "private"),
                                 (folder / "notes.txt", "x", "notes.txt"), (yaml.parent / "run.sh", "x", "run.sh"),
                                 (folder / "mappings" / "permits_json" / "mapping.yaml", "mapping: [", "mapping.yaml")):
            with self.subTest(file=file.name, told=told):
                original = file.read_text() if file.exists() else None
                file.write_text(text)
                result = self.caseway("apply", folder, "--yes", ok=False)
                self.assertEqual(1, result.returncode)
                self.assertIn(told, result.stderr.decode())
                self.assertIn("what to do:", result.stderr.decode())
                self.assertEqual(before, self.files())
                file.unlink() if original is None else file.write_text(original)
        self.assertIn("nothing to do", self.caseway("apply", folder, "--yes").stderr.decode())


if __name__ == "__main__":
    unittest.main(verbosity=2)
