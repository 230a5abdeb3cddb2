"""An installation with every kind of object: exported, applied on an empty one and exported again, it is the same to the byte; a system goes with all its own."""
import json
import shutil
import unittest

import payloads
from connector_life_test import ConnectorCase
from gateway_case import HEALTH, HOUSING
from installation import Installation, run

CODE = "11440232MB2C00009X"
SECRET = b"hunter2-hunter2"
SCHEDULE = """schedule:
  cron: "30 1 * * *"
  zone: Asia/Shanghai
  windows: ["22:00-06:00"]
  days: working
  blackout: ["2026-10-01..2026-10-07"]
  calendar: |
    holiday 2026-10-01..2026-10-07 国庆节
    workday 2026-10-10 调休
  jitter: 10m
  missed: each
reconcile:
  repair: none
"""
DRAFTS = {
    "http": '  url: https://10.0.0.1/api\n  records: "$.a[*]"\n  auth: {kind: bearer, token: {secret: "store:db"}}\n',
    "soap": '  url: https://10.0.0.1/ws\n  request: |\n    <q:get xmlns:q="u">{{password}}</q:get>\n'
            '  account: {user: center, password: {secret: "file:ws"}}\n  records: /a/b\n',
    "sftp": '  host: sftp.example\n  user: center\n  key: {secret: "env:CASEWAY_SECRET_SFTP"}\n'
            '  host_keys: ["SHA256:Xc0h1vOYl4GmHqVgE0yPDIxB0aYxZoJ6p3rCUVg2zVg"]\n  folder: /out\n',
    "sql": "  driver: SQLite3\n  file: /srv/exchange/housing/t.db\n  table: t\n  key: [id]\n  flag: {column: f}\n",
    "thrift": '  host: exchange.example\n  port: 9790\n  remote: {office: north}\n'
              '  tls: {public_keys: ["sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]}\n',
}


class Everything(ConnectorCase):
    STARTED = False

    def outside_authority(self):
        """Its certificate, a system's under it, another one's that its list revokes, and that list."""
        folder = self.gateway.folder / "province"
        (folder / "db").mkdir(parents=True)
        (folder / "index").write_text("")
        (folder / "crlnumber").write_text("01\n")
        (folder / "ca.cnf").write_text(f"[ca]\ndefault_ca=c\n[c]\ndatabase={folder}/index\nnew_certs_dir={folder}/db\ncrlnumber={folder}/crlnumber\n"
                                       "default_md=sha256\nrand_serial=yes\npolicy=p\ndefault_days=300\ndefault_crl_days=300\n[p]\nCN=supplied\n")
        key, ca = folder / "ca.key", folder / "ca.pem"
        run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "900", "-subj", "/CN=Province",
            "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-keyout", key, "-out", ca)
        signing = ("openssl", "ca", "-config", folder / "ca.cnf", "-cert", ca, "-keyfile", key)
        for name in ("good", "revoked"):
            run("openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}", "-keyout",
                folder / f"{name}.key", "-out", folder / f"{name}.csr")
            run(*signing, "-batch", "-notext", "-in", folder / f"{name}.csr", "-out", folder / f"{name}.pem")
        run(*signing, "-revoke", folder / "revoked.pem")
        run(*signing, "-gencrl", "-out", folder / "crl.pem")
        return ca, folder / "good.pem", folder / "revoked.pem", folder / "crl.pem"

    def put(self, name, text, *more):
        file = self.gateway.folder / "one.yaml"
        file.write_bytes(text.encode())
        self.caseway("connector", *more[:1], name, file, *more[1:])

    def fill(self):
        self.caseway("cert", "ca", "init")
        for name, code in (("housing", HOUSING), ("health", HEALTH)):
            self.caseway("department", "add", name, "--code", code, "--name", name)
        self.caseway("department", "add", "land", "--code", CODE, "--name", '自然资源 "land": # x')
        self.caseway("department", "suspend", "land")
        permits = self.housing.name
        for kind in ("P-256", "RSA", "Ed25519", "SM2"):  # several certificates of one system, one of them revoked
            stem = self.gateway.keys / kind
            self.caseway("cert", "request", "--system", permits, "--kind", kind, "--key", f"{stem}.key", "--out", f"{stem}.csr")
            self.caseway("cert", "issue", f"{stem}.csr", "--system", permits, "--out", f"{stem}.pem")
            self.caseway("cert", "add", permits, f"{stem}.pem")
        self.caseway("cert", "revoke", self.gateway.keys / "RSA.pem")
        ca, good, revoked, crl = self.outside_authority()
        self.caseway("cert", "ca", "add", "province", ca)
        for pem in (good, revoked):
            self.caseway("cert", "add", permits, pem)
        self.caseway("cert", "ca", "crl", "province", crl)
        self.caseway("system", "grant", permits, "--may-read", "health", "--on-behalf-of", CODE, "--auditor")
        self.caseway("system", "suspend", self.health.name)
        self.caseway("system", "add", "housing/pulled", "--mapping", "permits.json", "--mapping", "permits.xml")
        self.caseway("secret", "set", "housing/db", data=SECRET)
        self.offer("a.json", payloads.as_json(payloads.case("export-1")))
        nightly = self.document().read_text()
        for order in ("name", "time"):
            self.put("housing/pulled/nightly", nightly + f"  order: {order}\n" + SCHEDULE, "add" if order == "name" else "set", "--activate")
        self.caseway("connector", "rollback", "housing/pulled/nightly")
        self.put("housing/pulled/nightly", nightly + SCHEDULE.replace("10m", "20m"), "set")
        self.put("housing/pulled/paused", nightly, "add", "--activate")
        self.caseway("connector", "suspend", "housing/pulled/paused")
        self.put("housing/pulled/tested", nightly, "add", "--test")
        self.put("housing/pulled/windows", nightly.replace("\n", "\r\n"), "add")
        self.put("housing/pulled/push", f"type: folder\ndirection: push\nsettings: {{out_folder: {self.exchange}/archive}}\n", "add", "--activate")
        for kind, settings in DRAFTS.items():
            mapping = "permits.xml" if kind == "soap" else "permits.json"
            self.put(f"housing/pulled/{kind}", f"type: {kind}\ndirection: pull\nmapping: {mapping}\nsettings:\n{settings}", "add")

    def caseway(self, *arguments, ok=True, data=None):
        return self.gateway.caseway(*arguments, "--config", self.gateway.config, ok=ok, data=data)

    @staticmethod
    def without_tests(here, there):
        """Connectors whose state is another one there, which is set to the one here; what else tells of a test goes."""
        other = {}
        for one, same in zip(here, there, strict=True):
            for found in (one, same):
                found.pop("tested_at", None)
            if one["state"] != same["state"]:
                other[one["connector"]] = (one["state"], same["state"])
                same["state"] = one["state"]
        return other

    @staticmethod
    def tree(folder):
        return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}

    def test_an_export_applied_on_an_empty_installation_is_the_same_to_the_byte(self):
        self.fill()
        first, second = self.gateway.folder / "first", self.gateway.folder / "second"
        self.caseway("export", first)
        exported = self.tree(first)
        for path, content in exported.items():
            self.assertNotIn(b"PRIVATE KEY", content, path)
            self.assertNotIn(SECRET, content, path)
        other = Installation()
        self.addCleanup(other.close)
        shutil.rmtree(other.data / "mappings")
        (other.data / "mappings").mkdir()
        caseway = lambda *arguments, ok=True: other.caseway(*arguments, "--config", other.config, ok=ok)
        applied = caseway("apply", first, "--yes")
        told = [line for line in applied.stderr.decode().splitlines() if line.startswith("warning: ")]
        self.assertEqual(len(told), len(set(told)), "each warning once")
        self.assertTrue(any("housing/pulled/nightly is active and was never tested here" in line for line in told), told)
        self.assertIn("nothing to do", caseway("apply", first, "--yes").stderr.decode())
        caseway("export", second)
        self.assertEqual(exported, self.tree(second))
        (second / ".gitattributes").write_text("systems/** filter=git-crypt\n")  # what an operator has there stays
        caseway("export", second)
        self.assertEqual({**exported, ".gitattributes": b"systems/** filter=git-crypt\n"}, self.tree(second))
        for command in (("connector", "list"), ("system", "list"), ("cert", "list"), ("department", "list")):
            shown = [place("--json").stdout for place in (lambda *m: self.caseway(*command, *m), lambda *m: caseway(*command, *m))]
            here, there = [json.loads(text) for text in shown]
            if command[0] == "connector":  # a test is seen where it was done
                self.assertEqual({"housing/pulled/tested": ("tested", "draft")}, self.without_tests(here, there))
            self.assertEqual(here, there, command)
        self.assertFalse(json.loads(self.caseway("apply", second, "--yes", "--json").stdout)["changed"])
        self.assertTrue(other.verify_log()[0])
        shutil.rmtree(second / "systems" / "housing" / "pulled")  # a system with all its connectors
        self.assertTrue(json.loads(caseway("apply", second, "--yes", "--json").stdout)["changed"])
        self.assertFalse((other.data / "systems" / "housing" / "pulled").exists())
        self.assertTrue(json.loads(caseway("apply", first, "--yes", "--json").stdout)["changed"])
        self.assertEqual(exported, {**self.tree(first)})


if __name__ == "__main__":
    unittest.main(verbosity=2)
