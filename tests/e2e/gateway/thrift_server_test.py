"""A department's own server of the connector contract, by the real program: tested dry, run twice, its secret told to it and to nobody else."""
import json
import pathlib
import socket
import subprocess
import sys
import threading
import unittest

import payloads
from connector_life_test import ConnectorCase
from installation import BINARY, ROOT

BUILD = pathlib.Path(BINARY).parent.parent
sys.path[:0] = [str(ROOT / "connectors/thrift/example"), str(ROOT / "connectors/sdk/plugin/python"), str(BUILD / "generated/plugin_sdk/python")]

import tls_server  # noqa: E402
from caseway_connector import Connector, Fault, Page, Payload  # noqa: E402

NAME = "housing/permits/remote"
SECRET = "open-sesame-open"


class Cases(Connector):
    """One case a page; the cursor is how many were read."""
    CASES = []

    def __init__(self, settings, gateway):
        super().__init__(settings, gateway)
        if settings != {"office": "north", "limit": 1.50, "password": SECRET}:
            raise Fault.config("bad_setting", f"not these: {json.dumps(settings)}")

    def read(self, cursor, records, size):
        done = int(cursor or 0)
        here = self.CASES[done:done + 1]
        data = [Payload("case", "application/json", payloads.as_json(*here), 1)] if here else []
        return Page(data, b"%d" % (done + len(here)), done + 1 >= len(self.CASES), len(self.CASES))


class Remote(ConnectorCase):
    def setUp(self):
        super().setUp()
        folder = self.gateway.folder
        for name in ("department", "ours"):
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", f"/CN={name}",
                            "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.pem"],
                           check=True, capture_output=True)
        listener = socket.create_server(("127.0.0.1", 0))
        context = tls_server.tls_context(folder / "department.pem", folder / "department.key", folder / "ours.pem")
        threading.Thread(target=tls_server.serve_tls, args=(Cases, {"connector": "cases", "version": "1.0.0"}, listener, context), daemon=True).start()
        self.port = listener.getsockname()[1]
        for name, value in (("housing/exchange_key", (folder / "ours.key").read_bytes()), ("housing/exchange_password", SECRET.encode())):
            self.gateway.caseway("secret", "set", name, "--config", self.gateway.config, data=value)

    def remote(self):
        tls = {"authorities": (self.gateway.folder / "department.pem").read_text(), "certificate": (self.gateway.folder / "ours.pem").read_text(),
               "key": {"secret": "store:exchange_key"}}
        file = self.gateway.folder / "remote.yaml"
        lines = "".join(f"  {key}: {json.dumps(value)}\n" for key, value in (
            ("host", "127.0.0.1"), ("port", self.port), ("remote", {"office": "north", "limit": 1.50}),
            ("remote_secrets", {"password": {"secret": "store:exchange_password"}}), ("tls", tls)))
        file.write_text(f"type: thrift\ndirection: pull\nmapping: permits.json\nsettings:\n{lines}")
        return file

    def test_its_cases_come_once_and_only_from_where_the_center_allows(self):
        self.change("connector", "add", NAME, self.remote())
        self.addCleanup(self.remove, NAME)
        refused = json.loads(self.caseway("connector", "test", NAME, "--json", ok=False).stdout)
        self.assertIn("destination_not_allowed", json.dumps(refused))

        self.gateway.stop()
        self.gateway.configure(connectors__folders=f"housing={self.exchange}", connectors__destinations=f"housing=127.0.0.1:{self.port}")
        self.gateway.start()
        Cases.CASES = [payloads.case("remote-1"), payloads.case("remote-2")]
        tested = self.change("connector", "test", NAME)["test"]
        self.assertTrue(tested["good"], tested)
        self.assertNotIn(SECRET, json.dumps(tested))
        self.change("connector", "activate", NAME)

        def run_now():
            return json.loads(self.caseway("sync", "run", NAME, "--json").stdout.splitlines()[-1])

        self.assertEqual(("done", 2), ((first := run_now())["state"], first["counts"]["new"]), first)
        Cases.CASES.append(payloads.case("remote-3"))
        self.assertEqual(1, (second := run_now())["counts"]["new"], second)
        self.caseway("log", "verify")
        self.assertNotIn(SECRET, self.gateway.stderr())


if __name__ == "__main__":
    unittest.main()
