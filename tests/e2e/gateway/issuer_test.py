"""An authority that ended after it issued what is registered: told everywhere, its messages handled as the setting says."""
import datetime
import hashlib
import json
import shutil
import unittest

import payloads
import signing
from client import send
from gateway_case import HOUSING
from installation import Installation, run, until

ONE = payloads.case


class Issuers(unittest.TestCase):
    def setUp(self):
        self.gateway = Installation()
        self.addCleanup(self.gateway.close)
        self.system = self.gateway.register("housing/permits", HOUSING)
        self.under(self.system)

    def under(self, system, ends="20210101000000Z"):
        """Puts an authority of 2020 into the register, and the system's certificate under it."""
        keys, subject = self.gateway.keys, "/O=housing/CN=permits"
        config, request = keys / "old-ca.cnf", keys / "old-ca.csr"
        (keys / "old-ca.index").write_text("")
        config.write_text(f"[ca]\ndefault_ca=c\n[c]\ndatabase={keys}/old-ca.index\nnew_certs_dir={keys}\ndefault_md=sha256\nrand_serial=yes\n"
                          "policy=p\nx509_extensions=v\n[p]\nO=optional\nCN=supplied\n[v]\nbasicConstraints=critical,CA:TRUE\n")
        run("openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", keys / "old-ca.key")
        run("openssl", "req", "-new", "-key", keys / "old-ca.key", "-subj", "/CN=old authority", "-out", request)
        run("openssl", "ca", "-batch", "-selfsign", "-config", config, "-keyfile", keys / "old-ca.key", "-in", request, "-out", keys / "old-ca.pem",
            "-startdate", "20200101000000Z", "-enddate", ends, "-notext")
        run("openssl", "req", "-new", "-key", system.key, "-subj", subject, "-out", keys / "leaf.csr")
        (self.gateway.data / "systems" / system.name / system.certificate.name).unlink(missing_ok=True)
        run("openssl", "x509", "-req", "-in", keys / "leaf.csr", "-CA", keys / "old-ca.pem", "-CAkey", keys / "old-ca.key", "-CAcreateserial",
            "-days", "60", "-out", system.certificate)
        der = run("openssl", "x509", "-in", system.certificate, "-outform", "DER").stdout
        system.key_id = hashlib.sha256(der).hexdigest()
        shutil.copy(system.certificate, self.gateway.data / "systems" / system.name)
        folder = self.gateway.data / "authorities" / "old"
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(keys / "old-ca.pem", folder / "ca.pem")

    def answer(self, name):
        answer = send(self.gateway, signing.json_message(self.system, payloads.as_json(ONE(name))))
        return answer.status, answer.json.get("code")

    def doctor(self):
        result = self.gateway.caseway("doctor", "--json", "--config", self.gateway.config, ok=False)
        return [found for found in map(json.loads, result.stdout.splitlines()) if "authority old" in found["what"]]

    def test_accepted_and_told(self):
        self.gateway.start()
        self.assertEqual(200, self.answer("under-1")[0])
        self.assertEqual(1, self.gateway.metric('caseway_certificates_under_authority{authority_state="expired"}'))
        told = until(lambda: [line for line in self.gateway.log_lines() if line["event"] == "certificate_expired"], "it is told")
        self.assertEqual([("authority old", "1", "accept")], [(line["whose"], line["certificates"], line["expired_authorities"]) for line in told])
        found = self.doctor()
        self.assertEqual(["warning"], [one["verdict"] for one in found])
        self.assertIn("taken still", found[0]["what"])
        listed = self.gateway.caseway("cert", "list").stderr.decode()
        self.assertIn("which has expired", listed)
        result = self.gateway.caseway("cert", "doctor", self.system.certificate, "--json", ok=False)
        bad = [one for one in map(json.loads, result.stdout.splitlines()) if one["verdict"] == "bad"]
        self.assertEqual(["certificate_expired"], [one["code"] for one in bad])
        self.assertIn("old authority", bad[0]["where"])

    def test_told_before_it_ends(self):
        ends = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=5)
        self.under(self.system, ends.strftime("%Y%m%d%H%M%SZ"))
        self.gateway.start()
        self.assertEqual(200, self.answer("under-3")[0])
        told = until(lambda: [line for line in self.gateway.log_lines() if line.get("whose") == "authority old"], "it is told")
        self.assertEqual([("certificate_expires", "7", "1", "accept")],
                         [(line["event"], line["within_days"], line["certificates"], line["expired_authorities"]) for line in told])
        self.assertEqual(0, self.gateway.metric('caseway_certificates_under_authority{authority_state="expired"}'))
        self.assertEqual(1, self.gateway.metric('caseway_certificates_expiring{within_days="7"}'))
        found = self.doctor()
        self.assertEqual(["warning"], [one["verdict"] for one in found])
        self.assertIn("less than 7 days; from then on 1 registered certificate rests on it: their messages are taken still", found[0]["what"])

    def test_refused_where_the_setting_says_so(self):
        self.gateway.configure(register__expired_authorities="refuse")
        self.gateway.start()
        self.assertEqual((401, "issuer_expired"), self.answer("under-2"))
        self.assertEqual(["bad"], [one["verdict"] for one in self.doctor()])


if __name__ == "__main__":
    unittest.main()
