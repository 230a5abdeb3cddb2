"""The life of a connector by the real program: drafted, tested dry, active, suspended, rolled back; with a gateway and without."""
import json
import shutil
import signal
import unittest

import payloads
from gateway_case import HOUSING, GatewayCase
from installation import BINARY, Installation, run, until
from register_test import RegisterCase

NAME = "housing/permits/nightly"
SECRET = b"hunter2-hunter2"


class ConnectorCase(RegisterCase):
    @classmethod
    def make(cls, **settings):
        gateway = GatewayCase.make.__func__(cls)
        cls.exchange = gateway.folder / "exchange"
        for name in ("out", "archive"):
            (cls.exchange / name).mkdir(parents=True)
        gateway.configure(connectors__folders=f"housing={cls.exchange}", **settings)
        return gateway

    def setUp(self):
        for file in (self.exchange / "out").iterdir():
            file.unlink()

    def offer(self, name, payload):
        (self.exchange / "out" / name).write_bytes(payload)

    def document(self, **settings):
        """A connector's file; its path."""
        given = {"folder": str(self.exchange / "out"), "archive": str(self.exchange / "archive"), "min_age_seconds": 0, **settings}
        file = self.gateway.folder / "connector.yaml"
        lines = "".join(f"  {key}: {json.dumps(value)}\n" for key, value in given.items())
        file.write_text(f"# of the night\ntype: folder\ndirection: pull\nmapping: permits.json\nsettings:\n{lines}")
        return file

    def connector(self, name=NAME):
        return json.loads(self.caseway("connector", "show", name, "--json").stdout)

    def stands(self, name=NAME):
        found = self.connector(name)
        return found["state"], found.get("draft"), found.get("live_version")

    def goes_live(self, name=NAME):
        self.change("connector", "add", name, self.document())
        self.offer("a.json", payloads.as_json(payloads.case("pulled-1")))
        self.assertTrue(self.change("connector", "test", name)["test"]["good"])
        return self.change("connector", "activate", name)

    def remove(self, name=NAME):
        self.caseway("connector", "suspend", name, ok=False)
        self.change("connector", "remove", name)


class Life(ConnectorCase):
    def tearDown(self):
        self.caseway("connector", "suspend", NAME, ok=False)
        self.caseway("connector", "remove", NAME, ok=False)

    def test_each_step_is_a_leaf_and_takes_effect_without_a_restart(self):
        before = len(self.leaves())
        self.goes_live()
        self.assertEqual(("active", None, 1), self.stands())
        self.change("connector", "set", NAME, self.document(order="time"))
        self.assertEqual(("active", "draft", 1), self.stands())
        self.refused_command("connector_not_tested", "connector", "activate", NAME)
        self.assertTrue(self.change("connector", "test", NAME)["test"]["good"])
        self.change("connector", "activate", NAME)
        self.change("connector", "rollback", NAME)
        self.assertEqual(("active", None, 1)[2], self.stands()[2])
        self.change("connector", "suspend", NAME)
        self.refused_command("connector_never_live", "connector", "suspend", self.another())
        self.change("connector", "resume", NAME)
        self.refused_command("connector_active", "connector", "remove", NAME)
        events = [leaf["detail"]["event"] for leaf in self.leaves()[before:]]
        self.assertEqual(["connector_added", "connector_tested", "connector_activated", "connector_changed", "connector_tested",
                          "connector_activated", "connector_rolled_back", "connector_suspended", "connector_added", "connector_resumed"], events)
        self.log_is_good()

    def test_one_command_drafts_tests_and_activates_as_far_as_each_step_is_good(self):
        result = self.caseway("connector", "add", NAME, self.document(), "--activate", ok=False)  # nothing lies there
        self.assertEqual(1, result.returncode)
        self.assertIn(b"nothing to read", result.stderr)
        self.assertEqual("draft", self.stands()[0])
        again = self.caseway("connector", "set", NAME, self.document(), "--activate", ok=False).stderr.decode()  # the same file
        self.assertIn(f"connector {NAME} has this file already", again)
        self.assertNotIn("nothing to do", again)
        self.offer("a.json", payloads.as_json(payloads.case("folded-1")))
        self.assertIn(b"seen to work", self.caseway("connector", "set", NAME, self.document(), "--test").stderr)
        self.assertEqual("tested", self.stands()[0])
        shown = self.caseway("connector", "set", NAME, self.document(order="time"), "--activate").stderr.decode()
        self.assertIn(f"connector {NAME} is active", shown)
        self.assertNotIn("next: caseway connector", shown)
        self.assertEqual(("active", None, 1), self.stands())

    def test_the_next_step_is_what_is_to_do(self):
        def told(*command, ok=True):
            return self.caseway("connector", *command, ok=ok).stderr.decode()
        self.assertIn(f"next: caseway connector test {NAME}", told("add", NAME, self.document()))
        self.offer("a.json", payloads.as_json(payloads.case("next-1")))
        self.assertIn(f"next: caseway connector activate {NAME}", told("test", NAME))
        self.change("connector", "activate", NAME)
        again = told("test", NAME)
        self.assertIn("it is what runs already", again)
        self.assertNotIn("activate", again)
        scheduled = self.document()
        scheduled.write_text(scheduled.read_text() + "schedule: {cron: \"30 1 * * *\"}\n")
        self.assertIn(f"next: caseway connector activate {NAME}", told("set", NAME, scheduled))  # when is no matter of a test
        self.change("connector", "activate", NAME)

    def test_doctor_asks_for_a_test_where_the_mapping_changed_after_it(self):
        self.change("connector", "add", NAME, self.document())
        self.offer("a.json", payloads.as_json(payloads.case("retold-1")))
        self.change("connector", "test", NAME)
        doctor = lambda: self.caseway("doctor", ok=False).stderr.decode()
        self.assertIn(f"caseway connector activate {NAME}", doctor())
        (mapping,) = [file for file in self.gateway.data.glob("mappings/*/mapping.yaml") if "mapping: permits.json" in file.read_text()]
        text = mapping.read_text()
        self.addCleanup(mapping.write_text, text)
        mapping.write_text(text + "# another text\n")
        self.assertIn(f"{NAME}: a draft that changed after its test", doctor())
        self.assertNotIn(f"caseway connector activate {NAME}", doctor())

    def test_doctor_names_a_draft_that_holds_a_secret(self):
        self.change("connector", "add", NAME, self.document())
        draft = self.gateway.data / "systems/housing/permits/connectors/nightly/draft.yaml"
        draft.write_text("type: http\nmapping: permits.json\nsettings:\n  url: https://h.example/\n  records: $[*]\n  parameters: {sid: hush}\n")
        self.assertIn("systems/housing/permits/connectors/nightly/draft.yaml may hold a secret", self.caseway("doctor", ok=False).stderr.decode())

    def test_one_json_object_goes_live_and_another_folder_in_it_is_read_from_its_begin(self):
        def wanted(folder):
            file = self.gateway.folder / "connector.json"
            settings = {"folder": str(self.exchange / folder), "min_age_seconds": 0}
            file.write_text(json.dumps({"type": "folder", "direction": "pull", "mapping": "permits.json", "settings": settings}))
            return file
        def ran():
            run_now = json.loads(self.caseway("sync", "run", NAME, "--json").stdout.splitlines()[-1])
            return run_now["reads"], run_now["terms"], run_now["counts"]["read"]
        self.offer("a.json", payloads.as_json(payloads.case("object-1")))
        self.caseway("connector", "add", NAME, wanted("out"), "--activate")
        self.assertEqual(("active", None, 1), self.stands())
        first = ran()
        (self.exchange / "other").mkdir()
        self.addCleanup(shutil.rmtree, self.exchange / "other")
        (self.exchange / "out" / "a.json").rename(self.exchange / "other" / "a.json")  # the cursor of before knows it
        self.caseway("connector", "set", NAME, wanted("other"), "--activate")
        self.assertEqual(("active", None, 2), self.stands())
        again = ran()
        self.assertEqual((1, 1), (first[2], again[2]))
        self.assertNotEqual(first[:2], again[:2])
        self.caseway("connector", "set", NAME, wanted("other"), "--activate", ok=False)
        self.assertEqual(("active", None, 2), self.stands())  # it was so already
        self.log_is_good()

    def test_a_system_that_is_pulled_from_needs_no_certificate(self):
        self.change("department", "add", "housing", "--code", HOUSING, "--name", "x")
        self.change("system", "add", "housing/pulled", "--mapping", "permits.json")
        self.addCleanup(lambda: [self.change("system", *words, "housing/pulled") for words in (("suspend",), ("remove",))])
        told = lambda: self.caseway("doctor", ok=False).stderr.decode()
        self.assertIn("bad      housing/pulled: neither a certificate nor a connector", told())
        self.change("connector", "add", "housing/pulled/nightly", self.document())  # a draft, which never ran
        self.assertNotIn("neither a certificate", told())
        self.assertIn("housing/pulled/nightly: a draft that was never tested", told())

    def test_doctor_names_a_live_connector_whose_folder_is_gone(self):
        self.goes_live()
        told = lambda: self.caseway("doctor", ok=False).stderr.decode()
        self.assertNotIn("cannot run", told())
        (self.exchange / "out").rename(self.exchange / "gone")
        self.addCleanup((self.exchange / "gone").rename, self.exchange / "out")
        self.assertIn(f"bad      {NAME} is live and cannot run: folder_not_usable: {self.exchange}/out", told())

    def test_a_test_says_at_which_line_a_folder_stands_that_is_not_there(self):
        self.change("connector", "add", NAME, self.document(archive=str(self.exchange / "none")))
        told = self.caseway("connector", "test", NAME, ok=False).stderr.decode()
        self.assertRegex(told, f"folder_not_usable, {self.exchange}/none: .*draft.yaml:7 /settings/archive")

    def another(self):
        name = "housing/permits/another"
        self.change("connector", "add", name, self.document())
        self.addCleanup(self.caseway, "connector", "remove", name)
        return name

    def test_a_test_shows_what_would_be_written_and_writes_nothing(self):
        self.change("connector", "add", NAME, self.document())
        self.offer("good.json", payloads.as_json(payloads.case("dry-1"), payloads.case("dry-2")))
        leaves = len(self.leaves())
        result = self.caseway("connector", "test", NAME, "--records", "1")
        shown = result.stderr.decode()
        self.assertIn("read: good.json", shown)
        self.assertIn("would be written: 2 records; refused: 0", shown)
        self.assertIn('"source_case_no":"dry-1"', shown)
        self.assertIn(b"caseway connector activate", result.stderr)
        self.assertEqual(leaves + 1, len(self.leaves()))
        self.assertEqual(["good.json"], [file.name for file in (self.exchange / "out").iterdir()])
        self.assertEqual([], json.loads(self.reader(self.housing).get("/v1/cases").body)["cases"])

    def test_a_test_masks_what_is_personal_until_somebody_says_why(self):
        self.change("connector", "add", NAME, self.document())
        self.offer("good.json", payloads.as_json(payloads.case("seen-1", name="Zhao Liu")))
        self.assertNotIn(b"Zhao", self.caseway("connector", "test", NAME).stderr)
        self.assertNotIn(b"Zhao", self.caseway("connector", "test", NAME, "--json").stdout)
        leaves = len(self.leaves())
        self.assertNotEqual(0, self.caseway("connector", "test", NAME, "--unmask", ok=False).returncode)
        self.refused_command("reason_missing", "connector", "test", NAME, "--unmask", "--reason", " ")
        self.assertEqual(leaves, len(self.leaves()))
        result = self.caseway("connector", "test", NAME, "--unmask", "--reason", "names in the wrong column")
        self.assertIn(b"Zhao Liu", result.stderr)
        detail = self.leaves()[leaves]["detail"]
        self.assertEqual(("connector_unmasked", NAME), (detail["event"], detail["subject"]))
        shown = self.caseway("log", "show", leaves).stderr.decode()
        self.assertIn("  reason: names in the wrong column\n", shown)

    def test_refusals_are_all_shown_and_must_be_accepted(self):
        self.change("connector", "add", NAME, self.document())
        self.offer("mixed.json", payloads.as_json(payloads.case("mixed-1"), payloads.case("mixed-2", applied="never")))
        result = self.caseway("connector", "test", NAME, ok=False)
        self.assertEqual(1, result.returncode)
        self.assertIn("refused record 2", result.stderr.decode())
        self.assertIn("--accept-refusals", result.stderr.decode())
        self.refused_command("connector_not_tested", "connector", "activate", NAME)
        self.assertTrue(self.change("connector", "test", NAME, "--accept-refusals")["test"]["good"])

    def test_an_empty_folder_and_a_closed_one_are_told(self):
        self.change("connector", "add", NAME, self.document())
        self.assertIn(b"nothing to read", self.caseway("connector", "test", NAME, ok=False).stderr)
        self.change("connector", "set", NAME, self.document(marker="{name}.ok"))
        self.offer("waits.json", payloads.as_json(payloads.case("waits-1")))
        told = self.caseway("connector", "test", NAME, ok=False).stderr
        self.assertIn(b"nothing of what lies there can be read yet: 1 files wait", told)
        self.assertIn(b"`waits.json` waits for `waits.json.ok`", told)
        self.change("connector", "set", NAME, self.document(folder=str(self.gateway.data / "keys")))
        result = self.caseway("connector", "test", NAME, "--json", ok=False)
        self.assertEqual("folder_not_allowed", json.loads(result.stdout)["test"]["fault"]["code"])
        self.assertIn(b"what to do:", result.stderr)

    def test_mistakes_of_a_file_are_told_at_once_and_nothing_is_registered(self):
        file = self.document(folder=7, patern=["*.xml"], order="nam")
        file.write_text(file.read_text().replace("direction: pull", "direction: pul"))
        before = self.files()
        result = self.caseway("connector", "add", NAME, file, "--json", ok=False)
        found = [json.loads(line) for line in result.stdout.splitlines()]
        self.assertEqual(["connector_not_good", "setting_unknown", "setting_not_good", "bad_setting"], [one["code"] for one in found])
        places = [f"{file}:3", f"{file}:9 /settings/patern", f"{file}:10 /settings/order", f"{file}:6 /folder"]
        self.assertEqual(places, [one["where"].replace("6 /settings/folder", "6 /folder") for one in found])
        self.assertIn("did you mean 'patterns'?", result.stderr.decode())
        self.assertEqual(before, self.files())

    def test_the_old_version_stays_live_with_its_mapping_when_the_mapping_changes(self):
        self.goes_live()
        mapping = self.gateway.data / "mappings" / "permits_json" / "mapping.yaml"
        folder = next(file.parent for file in (self.gateway.data / "mappings").glob("*/mapping.yaml") if "permits.json" in file.read_text().splitlines()[0])
        mapping = folder / "mapping.yaml"
        former = mapping.read_text()
        copy = self.gateway.folder / folder.name
        shutil.copytree(folder, copy)
        self.addCleanup(shutil.rmtree, copy)
        (copy / "mapping.yaml").write_text(former + "# changed\n")
        self.change("mapping", "add", copy)
        self.assertEqual(("active", "draft", 1), self.stands())
        version = self.gateway.data / "systems/housing/permits/connectors/nightly/versions/0001.mapping.yaml"
        self.assertEqual(former, version.read_text())
        self.assertIn("+ # changed", self.caseway("connector", "diff", NAME).stderr.decode())
        (copy / "mapping.yaml").write_text(former)
        self.change("mapping", "add", copy)
        self.assertEqual(("active", None, 1), self.stands())

    def test_an_export_carries_connectors_and_a_second_apply_changes_nothing(self):
        self.goes_live()
        export = self.gateway.folder / "export"
        self.caseway("export", export)
        self.addCleanup(shutil.rmtree, export)
        self.assertFalse(self.change("apply", export, "--yes")["changed"])
        other = Installation()
        self.addCleanup(other.close)
        caseway = lambda *arguments, ok=True: other.caseway(*arguments, "--config", other.config, ok=ok)
        first = json.loads(caseway("apply", export, "--yes", "--json").stdout)
        self.assertTrue(first["changed"])
        self.assertTrue(any("never tested here" in warning for warning in first["warnings"]), first["warnings"])
        self.assertFalse(json.loads(caseway("apply", export, "--yes", "--json").stdout)["changed"])
        told = caseway("doctor", ok=False).stderr.decode()  # here no folder is open to it
        self.assertIn("housing/permits/nightly is live and cannot run: folder_not_allowed", told)
        version = export / "systems/housing/permits/connectors/nightly/versions/0001.yaml"
        version.write_text(version.read_text().replace("exchange/out", "exchange/oub"))
        result = caseway("apply", export, "--yes", "--json", ok=False)
        self.assertEqual("connector_version_differs", json.loads(result.stdout)["code"])
        self.caseway("export", export)
        self.assertEqual("* -text\n", (export / ".gitattributes").read_text())  # git leaves what was tested as it is
        for file in (version, version.with_suffix(".mapping.yaml")):
            file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
        told = json.loads(caseway("apply", export, "--yes", "--json", ok=False).stdout)
        self.assertEqual("connector_version_differs", told["code"])
        self.assertIn("core.autocrlf", told["hint"])
        self.assertFalse(other.data.joinpath("register.pending").exists())

    def test_the_admin_socket_says_the_same(self):
        status, types = self.admin("GET", "/admin/v1/connector-types")
        self.assertEqual(200, status)
        folder = next(one for one in types if one["type"] == "folder")
        self.assertIn("| `folder` |", folder["documentation"])
        self.assertEqual("object", folder["settings_schema"]["type"])
        document = self.document().read_text()
        ask = lambda operation, **more: self.admin("POST", "/admin/v1/changes", {"operation": operation, "connector": NAME, **more})
        self.assertEqual(200, ask("connector.add", document=document)[0])
        status, problem = ask("connector.set", document=document.replace("folder:", "foldr:", 1).replace("archive", "archiv", 1))
        self.assertEqual((422, "setting_unknown", 1), (status, problem["code"], len(problem["also"])))
        self.offer("a.json", payloads.as_json(payloads.case("socket-1")))
        status, report = ask("connector.test", records="3")
        self.assertEqual((200, True, True), (status, report["changed"], report["test"]["good"]))
        self.assertEqual(200, ask("connector.activate")[0])
        status, one = self.admin("GET", f"/admin/v1/connectors/{NAME}")
        self.assertEqual((200, "active", document), (status, one["state"], one["live_document"]))
        self.assertEqual(404, self.admin("GET", "/admin/v1/connectors/housing/permits/none")[0])
        self.assertEqual([NAME], [found["connector"] for found in self.admin("GET", "/admin/v1/connectors")[1]])

    def test_a_file_edited_by_hand_is_taken_up_or_told(self):
        self.goes_live()
        folder = self.gateway.data / "systems/housing/permits/connectors/nightly"
        (folder / "draft.yaml").write_text(self.document(order="time").read_text())
        before = len(self.leaves())
        self.gateway.tell(signal.SIGHUP)
        until(lambda: len(self.leaves()) > before, "the leaf")
        self.assertEqual("register_edited", self.leaves()[-1]["detail"]["event"])
        self.assertEqual(("active", "draft", 1), self.stands())
        version = folder / "versions/0001.yaml"
        good = version.read_text()
        version.write_text(good.replace("pull", "push"))
        self.gateway.tell(signal.SIGHUP)
        until(lambda: "connector_version_differs" in self.gateway.stderr() or "is not what was tested" in self.gateway.stderr(), "the mistake")
        version.write_text(good)
        (folder / "draft.yaml").unlink()


class Secrets(ConnectorCase):
    def secret(self, *arguments, data=None, ok=True):
        return self.gateway.caseway("secret", *arguments, data=data, ok=ok)

    def test_only_their_names_are_ever_shown(self):
        secret = self.secret
        self.assertNotIn(SECRET, secret("set", "housing/sftp", data=SECRET + b"\n").stderr)
        leaf = self.leaves()[-1]["detail"]
        self.assertEqual(("secret_set", "housing/sftp"), (leaf["event"], leaf["subject"]))
        self.assertEqual((b"", b"housing/sftp\n"), (secret("list").stdout, secret("list").stderr))
        self.assertEqual(1, secret("set", "housing/../x", data=b"y", ok=False).returncode)
        self.assertEqual(2, secret("set", "housing/a", "value", ok=False).returncode)
        self.assertEqual(1, secret("set", "housing/a", data=b"", ok=False).returncode)
        self.assertIn(b"department add nobody", secret("set", "nobody/a", data=b"x", ok=False).stderr)
        self.assertIn(b"housing/a", secret("set", "a", data=b"x", ok=False).stderr)
        export = self.gateway.folder / "export-secrets"
        self.caseway("export", export)
        for place in (self.gateway.data, export):
            for file in place.rglob("*"):
                if file.is_file():
                    self.assertNotIn(SECRET, file.read_bytes(), str(file))
        self.assertFalse(list(export.rglob("*sftp*")))
        self.assertEqual(0o600, (self.gateway.data / "keys/secrets.key").stat().st_mode & 0o777)
        secret("remove", "housing/sftp")
        self.assertEqual(1, secret("remove", "housing/sftp", ok=False).returncode)
        self.assertEqual([], json.loads(secret("list", "--json").stdout))
        self.caseway("log", "verify")


class Upgraded(GatewayCase):
    """A configuration as the former version's sample and manual had it."""

    def test_starts_and_tells_what_opens_nothing_now(self):
        gateway = self.make()
        gateway.configure(connectors__folders="/srv/exchange", connectors__destinations="sftp.housing.example:22", connectors__secret_env_prefix="CASEWAY_SECRET_")
        gateway.start()
        told = gateway.stderr()
        for part in ('"code":"setting_former"', '"value":"/srv/exchange"', '"value":"sftp.housing.example:22"', "housing=/srv/exchange"):
            self.assertIn(part, told)
        self.assertIn(b"housing=/srv/exchange", gateway.caseway("doctor", "--config", gateway.config, ok=False).stderr)


class WithoutAGateway(ConnectorCase):
    STARTED = False

    def test_the_commands_do_the_same(self):
        self.goes_live()
        self.assertEqual(("active", None, 1), self.stands())
        self.assertEqual(["connector_added", "connector_tested", "connector_activated"],
                         [leaf["detail"]["event"] for leaf in self.leaves()[-3:]])
        self.log_is_good()

    def test_sample_and_completion_know_the_words(self):
        sample = self.caseway("connector", "sample", "folder").stdout.decode()
        self.assertIn("type: folder\n", sample)
        result = self.caseway("connector", "sample", "foldr", ok=False)
        self.assertIn(b"did you mean 'folder'?", result.stderr)
        script = run(BINARY, "completion", "bash").stdout.decode()
        for word in ("rollback", "sample", "activate"):
            self.assertIn(word, script)
        for word in ("types", "sample", "add", "set", "show", "list", "test", "activate", "suspend", "resume", "diff", "versions", "rollback", "remove"):
            self.assertIn("Examples:", run(BINARY, "connector", word, "--help").stdout.decode())


if __name__ == "__main__":
    unittest.main()
