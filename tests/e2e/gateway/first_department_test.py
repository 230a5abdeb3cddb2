"""docs/operating/first-department.md, typed literally: from nothing to the first accepted message."""
import json
import os
import pathlib
import re
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


def commands():
    """The document's commands in their order, each on one line."""
    blocks = re.findall(r"^```sh\n(.*?)^```", DOCUMENT.read_text(), re.M | re.S)
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


if __name__ == "__main__":
    unittest.main(verbosity=2)
