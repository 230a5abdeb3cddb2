"""docs/operating/first-department.md, typed literally: from nothing to the first accepted message."""
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import unittest

from installation import BINARY, ROOT, run, until

DOCUMENT = ROOT / "docs" / "operating" / "first-department.md"
MAPPING = """mapping: housing.permit
source: {format: xml, records: /Cases/Case}
fields:
  source_case_no: No
  case_title: Title
"""


def commands(document=DOCUMENT):
    """The document's commands in their order, each on one line."""
    blocks = re.findall(r"^```sh\n(.*?)^```", document.read_text(), re.M | re.S)
    return [line for block in blocks for line in block.replace("\\\n", " ").splitlines() if line.strip()]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class FirstDepartment(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="caseway-first-")
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        (self.folder / "housing_permit").mkdir()
        (self.folder / "housing_permit" / "mapping.yaml").write_text(MAPPING)
        (self.folder / "sample.xml").write_text("<Cases><Case><No>first-1</No><Title>施工许可</Title></Case></Cases>")
        self.port = free_port()

    def shell(self, script, ok=True):
        functions = f'caseway() {{ "{BINARY}" "$@"; }}\n'
        result = subprocess.run(["bash", "-c", functions + script], cwd=self.folder, capture_output=True, timeout=120, check=False)
        if ok:
            self.assertEqual(0, result.returncode, (script, result.stderr.decode()))
        return result

    def serve(self, command):
        """`caseway serve … &`, so that the test can end it."""
        self.log = self.folder / "gateway.log"
        with open(self.log, "wb") as log:
            process = subprocess.Popen([BINARY, *command.rstrip("& ").split()[1:]], cwd=self.folder, stderr=log, stdout=log)
        self.addCleanup(process.wait)
        self.addCleanup(os.kill, process.pid, signal.SIGTERM)

    def type(self, command):
        if command.endswith("&"):
            # The document's ports may be taken on this machine.
            (self.folder / "data" / "caseway.properties").write_text(f"listen.port = {self.port}\nlisten.health_port = 0\n")
            return self.serve(command)
        return self.shell(command.replace(":8443", f":{self.port}"))

    def test_ten_commands_lead_to_a_receipt_that_verifies(self):
        typed = commands()
        self.assertLessEqual(len([command for command in typed if not command.startswith("cp ")]), 10)
        for command in typed:
            self.type(command)
        receipt = json.loads((self.folder / "receipt.json").read_text())
        leaf = json.loads(receipt.get("receipt", receipt)["leaf"])
        self.assertEqual(("accepted", "housing/permits"), (leaf["outcome"], leaf["sender"]))
        self.shell("caseway log verify --data data --key data/keys/log.pub --against log.pub.head")
        self.assertEqual([], [command for command in typed[-2:] if "data/" in command], "the department has no data folder")
        doctor = re.search(r"`caseway (cert doctor permits.pem [^`]+)`", DOCUMENT.read_text())[1]
        # At the department, where there is no data folder.
        self.shell("mkdir department && cp permits.pem permits.key ca.pem department && cd department && caseway " + doctor)
        without = self.shell("cd department && caseway cert doctor permits.pem permits.key", ok=False)
        self.assertIn("caseway cert ca print own", without.stderr.decode() + without.stdout.decode())

    def test_every_wrong_step_is_answered_with_what_to_do(self):
        self.shell("caseway init --data data; caseway cert ca init --data data; caseway cert request --system housing/permits")
        (self.folder / "broken").mkdir()
        (self.folder / "broken" / "mapping.yaml").write_text(MAPPING.replace("case_title", "case_titel"))
        for wrong, code in (
                ("system add housing/permits --data data", "department_unknown"),
                ("system add Housing --data data", "system_name_bad"),
                ("department add Housing --code 11350200004135017C --name x --data data", "department_name_bad"),
                ("department add housing --code 1135 --name x --data data", "department_code_bad"),
                ("cert issue housing_permit/mapping.yaml --system housing/permits --data data", "request_not_good"),
                ("department add all --code 11350200004135017C --name x --data data", "department_name_bad"),
                ("message send permits.key --url https://127.0.0.1:1 --key permits.key --cert data/authorities/own/ca.pem --sender housing/permits"
                 " --receiver center/gateway --mapping housing.permit", "private key"),
                ("secret set sftp --data data < housing_permit/mapping.yaml", "secret_name_bad"),
                ("secret set housing/sftp --data data < housing_permit/mapping.yaml", "department_unknown"),
                ("secret remove housing/sftp --data data", "secret_unknown"),
                ("connector add housing/permits/nightly housing_permit/mapping.yaml --data data", "system_unknown"),
                ("cert request --system housing", "system_name_bad"),
                ("cert request --system housing/permits --kind DSA --out x.csr", "member_unknown"),
                ("cert request --system housing/permits", "is there already"),
                ("cert add housing/permits permits.csr --data data", "system_unknown"),
                ("cert revoke 0123456789 --data data", "certificate_unknown"),
                ("mapping add broken --data data", ""),
                ("department list --data nowhere", "no data folder"),
                ("system suspend housing/permits --data data", "system_unknown"),
        ):
            with self.subTest(wrong=wrong):
                result = self.shell("caseway " + wrong, ok=False)
                told = result.stderr.decode()
                self.assertEqual(1, result.returncode, told)
                self.assertIn(code, told)
                self.assertRegex(told, r"what to do|hint|did you mean|\(")
        self.assertEqual([], list((self.folder / "data" / "systems").iterdir()), "nothing is half registered")


class PulledDepartment(FirstDepartment):
    """docs/connectors/README.md, typed literally: from nothing to what the department's folder held, and the report."""
    PAGE = ROOT / "docs" / "connectors" / "README.md"
    test_ten_commands_lead_to_a_receipt_that_verifies = test_every_wrong_step_is_answered_with_what_to_do = None

    def here(self, text):
        """The document's exchange folder, as it is on this machine."""
        return text.replace("/srv/exchange/housing", str(self.folder / "exchange"))

    def test_ten_commands_lead_to_records_and_a_report(self):
        for name in ("out", "archive", "error"):
            (self.folder / "exchange" / name).mkdir(parents=True)
        shutil.copy(self.folder / "sample.xml", self.folder / "exchange" / "out")
        (self.folder / "exchange" / "out" / "sample.xml.ok").touch()
        typed = commands(self.PAGE)
        self.assertLessEqual(len(typed), 10)
        (filled_in,) = re.findall(r"^```yaml\n(# nightly\.yaml.*?)^```", self.PAGE.read_text(), re.M | re.S)
        for command in typed:
            if command.endswith("&"):
                with open(self.folder / "data" / "caseway.properties", "a", encoding="utf-8") as settings:
                    settings.write(f"listen.port = {self.port}\nlisten.health_port = 0\n")
                self.serve(command)
                until(lambda: "serves on" in self.log.read_text(), "the gateway announces itself")
                continue
            result = self.shell(self.here(command))
            if "> nightly.yaml" in command:
                (self.folder / "nightly.yaml").write_text(self.here(filled_in))
        self.assertIn("housing/permits/nightly", result.stdout.decode() + result.stderr.decode(), "the report names it")
        self.assertIn("first-1", self.shell("caseway case list").stdout.decode() + self.shell("caseway case list").stderr.decode())
        self.assertTrue((self.folder / "exchange" / "archive" / "sample.xml").exists())


if __name__ == "__main__":
    unittest.main(verbosity=2)
