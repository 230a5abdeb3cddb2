"""A plug-in in the life of a connector, by the real program: its CSV files in GBK are read by a process of its own and mapped dry; when it
cannot start, the test of the connector says what to do."""
import json
import os
import pathlib
import shutil
import subprocess
import unittest

import payloads
from connector_life_test import NAME
from gateway_case import GatewayCase
from installation import BINARY
from morning_report_test import zone_where_it_is_ten
from register_test import RegisterCase

BUILT = pathlib.Path(BINARY).parent.parent / "plugins"


class PluginLife(RegisterCase):
    @classmethod
    def make(cls, **settings):
        gateway = GatewayCase.make.__func__(cls)
        os.chmod(gateway.folder, 0o755)
        cls.exchange = gateway.folder / "exchange"
        cls.exchange.mkdir()
        plugins = gateway.folder / "plugins"
        shutil.copytree(BUILT / "csv_python", plugins / "csv_python")
        cls.main = plugins / "csv_python" / "main.py"
        subprocess.run(["chmod", "-R", "go-w", plugins], check=True)
        mapping = payloads.JSON_MAPPING.replace("$.cases[*]", "$.records[*]")
        (gateway.data / "mappings" / "permits_json" / "mapping.yaml").write_text(mapping)
        gateway.configure(connectors__folders=f"housing={cls.exchange}", connectors__plugins=plugins, connectors__same_user="allow",
                          report__zone=zone_where_it_is_ten()[0])
        return gateway

    def document(self):
        file = self.gateway.folder / "connector.yaml"
        file.write_text(f"type: csv_python\ndirection: pull\nmapping: permits.json\nsettings:\n  folder: {self.exchange}\n  settle_seconds: 0\n")
        return file

    @unittest.skipUnless(os.geteuid() == 0, "the gateway of this test must have rights that doctor has not")
    def test_doctor_judges_by_the_rights_of_the_gateway_not_by_its_own(self):
        config = self.gateway.folder / "own-user.properties"
        config.write_text(self.gateway.config.read_text() + "connectors.run_as = nobody\n")
        bare = ["setpriv", "--bounding-set", "-all", "--inh-caps", "-all"]
        told = subprocess.run([*bare, BINARY, "doctor", "--data", self.gateway.data, "--config", config], capture_output=True, text=True, timeout=60,
                              check=False).stderr
        self.assertIn("good     plug-ins: own user nobody", told)
        self.assertNotIn("plug-ins are not started here", told)

    def test_its_pages_are_mapped_dry_and_it_can_go_live(self):
        one = payloads.case("csv-1", title="施工许可")
        csv = ",".join(one) + "\n" + ",".join(one.values()) + "\n"
        (self.exchange / "export.csv").write_bytes(csv.encode("gb18030"))
        self.assertIn("plugin_protections", [line["event"] for line in self.gateway.log_lines()])
        self.change("connector", "add", NAME, self.document())
        test = self.change("connector", "test", NAME)["test"]
        self.assertTrue(test["good"], test)
        self.assertIn("施工许可", json.dumps(test, ensure_ascii=False))
        self.assertTrue((self.exchange / "export.csv").exists(), "a test acknowledges nothing")
        self.change("connector", "activate", NAME)
        # an upgrade that mends what only people read stops nobody, one of its program does, until it was tested
        differs = lambda: next(one for one in json.loads(self.caseway("connector", "list", "--json").stdout) if one["connector"] == NAME).get("differs")
        readme = self.main.parent / "README.md"
        readme.write_text(readme.read_text() + "\nAn error is told better.\n")
        self.assertIsNone(differs())
        run = json.loads(self.caseway("sync", "run", NAME, "--json", ok=False).stdout)
        self.assertEqual(("done", 1), (run["state"], run["counts"]["read"]), run)
        self.main.write_text(self.main.read_text() + "# another release\n")
        self.assertEqual(["type"], differs())
        stopped = json.loads(self.caseway("sync", "run", NAME, "--json", ok=False).stdout)
        self.assertEqual("connector_type_changed", stopped["trouble"]["code"])
        for command in (("history", NAME), ("status",), ("show", stopped["number"])):  # who looks at the night finds the way
            self.assertIn("caseway connector renew", self.caseway("sync", *command).stderr.decode(), command)
        self.assertIn("caseway connector renew", self.caseway("sync", "morning", ok=False).stderr.decode())
        (self.exchange / "next.csv").write_bytes(csv.replace("csv-1", "csv-2").encode("gb18030"))
        renew = lambda ok=True: self.caseway("connector", "renew", "--json", ok=ok)
        os.chmod(self.main, 0o666)  # what is not seen to work is not activated, and is told
        result = renew(ok=False)
        self.assertEqual((1, {"connector": NAME, "code": "connector_not_tested", "renewed": False}), (result.returncode, json.loads(result.stdout)))
        self.assertIn(b"connector_folder_unsafe", result.stderr)
        os.chmod(self.main, 0o644)
        self.assertEqual(["type"], differs())
        result = renew()
        self.assertEqual({"connector": NAME, "renewed": True}, json.loads(result.stdout))
        self.assertIn(b"1 of 1 active again", result.stderr)
        self.assertIsNone(differs())
        run = json.loads(self.caseway("sync", "run", NAME, "--json").stdout)  # and reads what lay there meanwhile
        self.assertEqual(("done", 1), (run["state"], run["counts"]["new"]), run)
        self.assertEqual((b"", True), (renew().stdout, b"nothing to do" in renew().stderr))
        # a draft that waits does not go live with it, and is named
        main, file = self.main.read_text(), self.document()
        file.write_text(file.read_text() + "limits: {deadline_seconds: 50}\n")
        self.change("connector", "set", NAME, file)
        self.assertIn(b"nothing to do", renew().stderr)
        self.main.write_text(main + "# one more\n")
        self.assertEqual(["document", "type"], differs())
        result = renew(ok=False)
        self.assertEqual((1, {"connector": NAME, "code": "connector_type_changed", "renewed": False}), (result.returncode, json.loads(result.stdout)))
        self.assertIn(b"0 of 1 active again", result.stderr)
        self.main.write_text(main)
        self.change("connector", "set", NAME, self.document())
        self.assertIsNone(differs())
        self.assertEqual("done", json.loads(self.caseway("sync", "run", NAME, "--json").stdout)["state"])
        # what others can write is not run any more; nothing else is concerned
        os.chmod(self.main, 0o666)
        result = self.caseway("connector", "test", NAME, "--json", ok=False)
        self.assertIn("connector_folder_unsafe", result.stdout.decode() + result.stderr.decode())
        os.chmod(self.main, 0o644)


if __name__ == "__main__":
    unittest.main()
