"""`caseway cert`: our own authority beside the real openssl, for every kind of key; what `cert doctor` says of each fault."""
import json
import unittest

from installation import BINARY, Installation, run

KINDS = ("P-256", "RSA", "Ed25519", "SM2")
SM2_ID = ("-vfyopt", "distid:1234567812345678")


class Certificates(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = Installation()
        cls.addClassCleanup(cls.place.close)
        cls.keys = cls.place.keys
        cls.place.caseway("cert", "ca", "init")
        cls.ca = cls.keys / "ca.pem"
        cls.ca.write_bytes(cls.place.caseway("cert", "ca", "print").stdout)

    def request(self, name, kind="P-256"):
        run(BINARY, "cert", "request", "--system", f"housing/{name}", "--kind", kind, "--key", self.keys / f"{name}.key",
            "--out", self.keys / f"{name}.csr")
        return self.keys / f"{name}.csr"

    def issue(self, name, kind="P-256", *more):
        self.place.caseway("cert", "issue", self.request(name, kind), "--system", f"housing/{name}", *more)
        return self.keys / f"{name}.pem"

    def openssl_ca(self, name, *extensions, days=400, key=("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384")):
        pem = self.keys / f"{name}.pem"
        run("openssl", "req", "-x509", *key, "-nodes", "-days", days, "-subj", f"/CN={name}", "-keyout", self.keys / f"{name}.key",
            "-out", pem, *extensions)
        return pem

    def openssl_issue(self, authority, csr, out, *more):
        run("openssl", "x509", "-req", "-in", csr, "-CA", self.keys / f"{authority}.pem", "-CAkey", self.keys / f"{authority}.key",
            "-CAcreateserial", "-days", "20", "-out", out, *more)
        return out

    def doctor(self, *files, at=None):
        """(exit code, codes) of the findings."""
        more = ("--at", at) if at else ()
        result = self.place.caseway("cert", "doctor", *files, "--json", *more, ok=False)
        found = [json.loads(line) for line in result.stdout.splitlines()]
        for finding in found:
            self.assertTrue(finding["verdict"] == "good" or finding["hint"], finding)
        return result.returncode, [finding["code"] for finding in found if finding["verdict"] != "good"]

    def refused(self, code, *arguments):
        result = self.place.caseway(*arguments, "--json", ok=False)
        self.assertEqual((1, code), (result.returncode, json.loads(result.stdout)["code"]), result.stderr)
        self.assertIn("what to do:", result.stderr.decode())

    def test_openssl_takes_requests_and_certificates_of_every_kind(self):
        for kind in KINDS:
            with self.subTest(kind=kind):
                name = "kind-" + kind.lower()
                pem = self.issue(name, kind)
                sm2 = SM2_ID if kind == "SM2" else ()
                run("openssl", "req", "-in", self.keys / f"{name}.csr", "-verify", "-noout", *sm2)
                run("openssl", "verify", "-CAfile", self.ca, pem)
                text = run("openssl", "x509", "-in", pem, "-noout", "-subject", "-ext", "keyUsage,basicConstraints").stdout.decode()
                self.assertIn(f"O = housing, CN = {name}", text)
                self.assertIn("CA:FALSE", text)
                self.assertEqual((0, []), self.doctor(pem, self.keys / f"{name}.key"))

    def test_an_sm2_authority_signs_with_the_standard_user_id(self):
        place = Installation()
        self.addCleanup(place.close)
        place.caseway("cert", "ca", "init", "--kind", "SM2")
        ca = self.keys / "sm2-ca.pem"
        ca.write_bytes(place.caseway("cert", "ca", "print").stdout)
        for kind in ("SM2", "P-256"):
            name = "under-sm2-" + kind.lower()
            place.caseway("cert", "issue", self.request(name, kind), "--system", f"housing/{name}")
            run("openssl", "verify", "-CAfile", ca, *SM2_ID, self.keys / f"{name}.pem")
            self.assertNotEqual(0, run("openssl", "verify", "-CAfile", ca, self.keys / f"{name}.pem", ok=False).returncode)

    def test_revocation_is_a_list_that_openssl_believes(self):
        revoked, spared = self.issue("revoked"), self.issue("spared")
        serial = run("openssl", "x509", "-in", revoked, "-noout", "-serial").stdout.decode().strip().split("=")[1].lower()
        self.place.caseway("cert", "revoke", serial[:12])
        both = self.keys / "ca-and-list.pem"
        both.write_bytes(self.place.caseway("cert", "ca", "print").stdout)
        run("openssl", "crl", "-in", both, "-CAfile", self.ca, "-verify", "-noout")
        checked = [run("openssl", "verify", "-crl_check", "-CAfile", both, pem, ok=False).returncode for pem in (revoked, spared)]
        self.assertEqual([2, 0], checked)
        self.assertEqual((1, ["certificate_revoked"]), self.doctor(revoked))
        self.assertEqual((0, []), self.doctor(spared))
        self.refused("certificate_unknown", "cert", "revoke", "00000000ff")

    def test_revocation_of_one_serial_is_told_of_its_key(self):
        first = self.issue("rekeyed")
        again = self.keys / "rekeyed-2.pem"
        self.place.caseway("cert", "issue", self.keys / "rekeyed.csr", "--system", "housing/rekeyed", "--out", again)
        files = (again, self.keys / "rekeyed.key", self.keys / "rekeyed.csr")
        self.assertEqual((0, []), self.doctor(*files))
        self.place.caseway("cert", "revoke", first)
        self.assertEqual((1, ["certificate_revoked"] * 3), self.doctor(*files))
        # Of whoever has no register, but the authority's list and both certificates.
        both = self.keys / "rekeyed-list.pem"
        both.write_bytes(self.place.caseway("cert", "ca", "print").stdout)
        for given, found in (((again,), []), ((first, again), ["certificate_revoked"] * 2)):
            result = run(BINARY, "cert", "doctor", *given, self.ca, both, "--data", self.keys / "none", "--json", ok=False)
            told = [json.loads(line) for line in result.stdout.splitlines()]
            self.assertEqual(found, [one["code"] for one in told if one["verdict"] == "bad"], told)

    def test_weak_and_altered_requests_are_refused(self):
        for name, key in (("short", ["RSA", "-pkeyopt", "rsa_keygen_bits:1024"]), ("curve", ["EC", "-pkeyopt", "ec_paramgen_curve:P-384"])):
            csr = self.keys / f"{name}.csr"
            run("openssl", "req", "-new", "-newkey", *self.new_key(key), "-nodes", "-subj", "/CN=x", "-keyout", self.keys / f"{name}.key",
                "-out", csr)
            self.refused("key_too_weak", "cert", "issue", csr, "--system", "housing/weak")
        der = bytearray(run("openssl", "req", "-in", self.request("altered"), "-outform", "DER").stdout)
        der[-1] ^= 1
        altered = self.keys / "altered-2.csr"
        altered.write_bytes(run("openssl", "req", "-inform", "DER", data=bytes(der)).stdout)
        self.refused("request_not_good", "cert", "issue", altered, "--system", "housing/altered")
        without = self.keys / "without-id.csr"
        run("openssl", "genpkey", "-algorithm", "SM2", "-out", self.keys / "without-id.key")
        run("openssl", "req", "-new", "-sm3", "-key", self.keys / "without-id.key", "-subj", "/CN=x", "-out", without)
        self.refused("sm2_user_id_missing", "cert", "issue", without, "--system", "housing/without")

    @staticmethod
    def new_key(key):
        return ["rsa:1024"] if key[0] == "RSA" else ["ec", *key[1:]]

    def test_doctor_names_the_bad_link(self):
        good = self.issue("good")
        other = self.issue("other-key")
        self.assertEqual((1, ["certificate_expired"]), self.doctor(good, at="2031-01-01T00:00:00Z"))
        self.assertEqual((1, ["certificate_not_yet_valid"] * 2), self.doctor(good, at="2020-01-01T00:00:00Z"))
        self.assertEqual((1, ["key_mismatch"]), self.doctor(good, self.keys / "other-key.key"))
        expired = self.place.caseway("cert", "doctor", self.ca, "--at", "2099-01-01T00:00:00Z", ok=False).stderr.decode()
        self.assertIn("ask it for its new certificate", expired)
        self.assertNotIn("cert request", expired)
        self.assertEqual((0, []), self.doctor(good, other, self.keys / "other-key.key"))
        self.openssl_ca("foreign")
        foreign = self.openssl_issue("foreign", self.request("from-foreign"), self.keys / "from-foreign.pem")
        self.assertEqual((1, ["expires_soon", "issuer_missing"]), self.doctor(foreign))
        self.assertEqual((1, ["expires_soon", "issuer_not_trusted"]), self.doctor(foreign, self.keys / "foreign.pem"))
        self.assertEqual((1, ["certificate_not_good"]), self.doctor(self.place.config))

    def test_what_comes_in_der_is_taken(self):
        csr, authority = self.request("in-der"), self.openssl_ca("in-der-ca")
        der = lambda kind, file: self.der(file, kind)
        self.place.caseway("cert", "issue", der("req", csr), "--system", "housing/in-der", "--out", self.keys / "in-der.pem")
        self.assertEqual((0, []), self.doctor(der("x509", self.keys / "in-der.pem"), der("req", csr)))
        self.place.caseway("cert", "show", der("x509", self.keys / "in-der.pem"))
        self.place.caseway("cert", "ca", "add", "in-der", der("x509", authority))
        listing = self.openssl_list("in-der-ca")
        self.place.caseway("cert", "ca", "crl", "in-der", der("crl", listing))
        self.place.caseway("cert", "ca", "remove", "in-der")
        half = self.keys / "half.der"
        half.write_bytes(der("x509", authority).read_bytes()[:-1])
        self.assertEqual(1, self.place.caseway("cert", "ca", "add", "half", half, ok=False).returncode)

    def der(self, file, kind):
        out = self.keys / (file.name + ".der")
        run("openssl", kind, "-in", file, "-outform", "DER", "-out", out)
        return out

    def openssl_list(self, authority, days=30):
        """A revocation list of an authority of openssl's, good for so many days."""
        (self.keys / "index.txt").write_text("")
        (self.keys / "crlnumber").write_text("01\n")
        config = self.keys / "ca.cnf"
        config.write_text(f"[ca]\ndefault_ca=d\n[d]\ndatabase={self.keys}/index.txt\ncrlnumber={self.keys}/crlnumber\ndefault_md=sha256\n")
        out = self.keys / f"{authority}.crl"
        run("openssl", "ca", "-config", config, "-gencrl", "-cert", self.keys / f"{authority}.pem", "-keyfile", self.keys / f"{authority}.key",
            "-crldays", days, "-out", out)
        return out

    def test_doctor_tells_of_authorities_and_lists(self):
        usage = ("-addext", "keyUsage=critical,keyCertSign,cRLSign")
        self.openssl_ca("teller", *usage)
        listing = self.openssl_list("teller")
        self.assertEqual((1, ["issuer_not_trusted"]), self.doctor(self.openssl_issue("teller", self.request("told"), self.keys / "told.pem",
                                                                                     "-days", "90"), self.keys / "teller.pem"))
        self.assertEqual((0, ["self_signed"]), self.doctor(self.keys / "teller.pem"))
        self.assertEqual((0, ["issuer_missing"]), self.doctor(listing))
        self.assertEqual((0, ["self_signed"]), self.doctor(self.keys / "teller.pem", listing))
        self.assertIn("revocation_list_old", self.doctor(self.keys / "teller.pem", listing, at="2099-01-01T00:00:00Z")[1])
        self.assertIn("revocation_list_ahead", self.doctor(self.keys / "teller.pem", listing, at="2020-01-01T00:00:00Z")[1])
        told = self.place.caseway("cert", "doctor", listing).stderr.decode()
        self.assertIn("0 revoked", told)
        # The successor of an authority is its owner's matter, never a request of ours.
        old = self.openssl_ca("too-short", key=("-newkey", "rsa:1024"))
        result = self.place.caseway("cert", "ca", "add", "short", old, ok=False).stderr.decode()
        self.assertIn("key_too_weak", result)
        self.assertNotIn("cert request", result)

    def told(self, *arguments):
        """What a refused command says."""
        result = self.place.caseway(*arguments, ok=False)
        self.assertEqual(1, result.returncode, result.stderr)
        return result.stderr.decode()

    def test_files_of_other_tools_are_told_for_what_they_are(self):
        pem, key = self.issue("forms"), self.keys / "forms.key"
        store, locked, key_der, pem_der = (self.keys / f"forms.{ending}" for ending in ("p12", "locked", "key.der", "pem.der"))
        run("openssl", "pkcs12", "-export", "-in", pem, "-inkey", key, "-passout", "pass:x", "-out", store)
        run("openssl", "pkey", "-in", key, "-aes128", "-passout", "pass:x", "-out", locked)
        run("openssl", "pkey", "-in", key, "-outform", "DER", "-out", key_der)
        run("openssl", "x509", "-in", pem, "-outform", "DER", "-out", pem_der)
        payload = self.keys / "payload.json"
        payload.write_text("[]")
        send = lambda key, cert: self.told("message", "send", payload, "--url", "https://127.0.0.1:1", "--sender", "housing/forms", "--receiver", "x",
                                           "--key", key, "--cert", cert)
        for given, what, step in ((store, "PKCS #12", "openssl pkcs12"), (locked, "under a password", "openssl pkey -in"),
                                  (key_der, "private key in DER", "-inform DER")):
            with self.subTest(what=what):
                for said in (send(given, pem), self.told("cert", "doctor", given)):
                    self.assertIn(what, said)
                    self.assertIn(step, said)
        self.assertNotIn("certificate", send(key, pem_der), "a certificate in DER is one")
        for command in (("cert", "issue", store, "--system", "housing/forms"), ("system", "add", "housing/forms", "--cert", store)):
            self.assertIn("forms.p12 is a PKCS #12 store", self.told(*command))

    def test_a_wrong_file_is_named(self):
        self.place.caseway("department", "add", "housing", "--code", "11350200004135017C", "--name", "x")
        pem, text, empty = self.issue("named"), self.keys / "rubbish.txt", self.keys / "empty.csr"
        text.write_text("rubbish\n")
        empty.write_text("")
        key, csr = self.keys / "named.key", self.keys / "named.csr"
        wrong = {"issue": (key, pem, text, empty), "add": (key, csr, text, empty), "ca": (key, csr, text, empty), "show": (key, csr, text, empty)}
        commands = {"issue": lambda file: ("cert", "issue", file, "--system", "housing/named", "--out", self.keys / "none.pem"),
                    "add": lambda file: ("system", "add", "housing/named", "--cert", file),
                    "ca": lambda file: ("cert", "ca", "add", "x", file), "show": lambda file: ("cert", "show", file)}
        for command, files in wrong.items():
            for file in files:
                with self.subTest(command=command, file=file.name):
                    told = self.told(*commands[command](file))
                    self.assertRegex(told, f"error: [a-z_]+: {file}( is empty|:| ')")
                    self.assertEqual(2, len(told.splitlines()), told)
        self.assertIn("is a certificate", self.told(*commands["issue"](pem)))
        self.assertIn("is a certificate", self.told("cert", "issue", pem, "--system", "housing/named"))  # its place would be itself
        as_pem = self.keys / "named-request.pem"
        as_pem.write_bytes(csr.read_bytes())
        self.assertIn("named-request.pem is the request itself", self.told("cert", "issue", as_pem, "--system", "housing/named"))
        self.assertEqual(csr.read_bytes(), as_pem.read_bytes())
        as_pem.write_bytes(key.read_bytes() + csr.read_bytes())
        self.assertIn("private_key_given", self.told(*commands["issue"](as_pem)))
        as_pem.write_bytes(csr.read_bytes()[:200])
        self.assertIn("it was cut off", self.told(*commands["issue"](as_pem)))
        request = ("cert", "request", "--system", "housing/named", "--key")
        self.assertRegex(self.told(*request, key, "--kind", "SM2", "--out", self.keys / "none.csr"), "is there already, a P-256 key, not SM2")
        self.assertIn("cannot write", self.told(*request, self.keys / "unmade.key", "--out", self.keys / "nowhere" / "none.csr"))
        self.assertEqual((False, False), ((self.keys / "unmade.key").exists(), (self.keys / "none.csr").exists()))
        self.assertIn("is a request for a certificate", self.told(*commands["add"](csr)))
        self.place.caseway("cert", "ca", "add", "named-ca", self.openssl_ca("named-ca"))
        chain, wide = self.keys / "named-chain.pem", self.keys / "named-utf16.pem"
        chain.write_text(pem.read_text() + self.ca.read_text())
        self.assertIn("cert ca add", self.told(*commands["add"](chain)))
        wide.write_bytes(pem.read_text().encode("utf-16"))
        for command in commands.values():
            self.assertRegex(self.told(*command(wide)), f"{wide}.* is UTF-16(.|\n)*iconv -f UTF-16")
        self.assertIn("utf16.pem: certificate_not_good: is UTF-16", self.told("cert", "doctor", wide))
        self.place.caseway("system", "add", "housing/named", "--mapping", "x", "--cert", pem)
        self.assertIn(f"key_taken: {csr} 'CN=named,O=housing': its key is bound to housing/named",
                      self.told("cert", "issue", csr, "--system", "housing/other", "--out", self.keys / "none.pem"))
        for file in (text, csr, pem):
            self.assertIn(f"revocation_list_not_good: {file} '", self.told("cert", "ca", "crl", "named-ca", file))

    def test_no_file_is_read_for_ever(self):
        pem, payload = self.issue("bounded"), self.keys / "bounded.json"
        payload.write_text("[]")
        send = ("message", "send", "--url", "https://127.0.0.1:1", "--sender", "housing/bounded", "--receiver", "x")
        for command in (("cert", "doctor", "/dev/zero"), ("cert", "show", "/dev/zero"), ("cert", "add", "housing/x", "/dev/zero"),
                        ("connector", "add", "housing/x/y", "/dev/zero"), ("receipt", "verify", "/dev/zero", "--log-key", "/dev/zero"),
                        (*send, payload, "--key", "/dev/zero", "--cert", pem), (*send, payload, "--key", self.keys / "bounded.key", "--cert", "/dev/zero")):
            with self.subTest(command=command[:2]):
                self.assertIn("/dev/zero is larger than", self.told(*command))
        self.assertIn("/dev/zero is no regular file", self.told(*send, "/dev/zero", "--key", self.keys / "bounded.key", "--cert", pem))

    def test_what_is_no_utf8_is_told_with_its_line(self):
        draft = self.keys / "draft.yaml"
        draft.write_bytes("type: folder\n# 住建\n".encode("gb18030"))
        self.assertIn("draft.yaml:2 is not UTF-8", self.told("connector", "add", "housing/x/y", draft))
        folder = self.keys / "other"
        (folder / "systems" / "housing").mkdir(parents=True)
        (folder / "systems" / "housing" / "department.yaml").write_bytes("code: \"x\"\nname: 住建\n".encode("gb18030"))
        self.assertIn("systems/housing/department.yaml:2 is not UTF-8", self.told("apply", folder, "--yes"))

    def test_an_authority_stands_no_deeper_than_the_one_above_allows(self):
        """Chains of openssl: a path length of 0, and a key usage that forbids what CA:TRUE says."""
        root = self.openssl_ca("pathroot", "-addext", "basicConstraints=critical,CA:TRUE,pathlen:0")
        run("openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=deeper",
            "-keyout", self.keys / "deeper.key", "-out", self.keys / "deeper.csr")
        extensions = self.keys / "deeper.ext"
        extensions.write_text("basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n")
        deeper = self.openssl_issue("pathroot", self.keys / "deeper.csr", self.keys / "deeper.pem", "-extfile", extensions)
        self.place.caseway("cert", "ca", "add", "pathroot", root)
        self.refused("usage_wrong", "cert", "ca", "add", "deeper", deeper)
        half = self.openssl_ca("half", "-addext", "keyUsage=critical,digitalSignature")
        self.assertIn("keyCertSign", self.told("cert", "ca", "add", "half", half))
        extensions.write_text("extendedKeyUsage=critical,codeSigning\n")
        code = self.openssl_issue("pathroot", self.request("coder"), self.keys / "coder.pem", "-extfile", extensions)
        self.place.caseway("department", "add", "paths", "--code", "11440232MB2C00009X", "--name", "x")
        self.refused("usage_wrong", "system", "add", "paths/coder", "--mapping", "x", "--cert", code)

    def test_nothing_is_issued_that_could_not_be_handed_over(self):
        csr = self.request("no-place")
        issued = lambda: sorted((self.place.data / "authorities" / "own" / "issued").glob("*.pem"))
        before = issued()
        for out in (self.keys / "not-there" / "x.pem", csr / "x.pem"):
            result = self.place.caseway("cert", "issue", csr, "--system", "housing/no-place", "--out", out, ok=False)
            self.assertEqual(1, result.returncode)
            self.assertIn("nothing was made", result.stderr.decode())
        self.refused("member_out_of_range", "cert", "issue", csr, "--system", "housing/no-place", "--days", "999999999999")
        self.assertEqual(before, issued())

    def test_outside_authorities_are_trusted_once_registered(self):
        authority = self.openssl_ca("province")
        leaf = self.openssl_issue("province", self.request("by-province"), self.keys / "by-province.pem")
        self.assertIn("issuer_missing", self.doctor(leaf)[1])
        self.place.caseway("cert", "ca", "add", "province", authority)
        self.assertEqual(0, self.doctor(leaf)[0])
        self.refused("issuer_no_authority", "cert", "ca", "add", "leaf", self.issue("no-authority"))
        self.refused("revocation_list_not_signed", "cert", "ca", "crl", "province", self.list_of_our_own())
        self.assertIn("province", self.place.caseway("cert", "ca", "list").stderr.decode())
        self.place.caseway("cert", "ca", "remove", "province")
        self.assertIn("issuer_missing", self.doctor(leaf)[1])

    def list_of_our_own(self):
        self.place.caseway("cert", "revoke", self.serial_of(self.issue("list-of-our-own")))
        file = self.keys / "our-list.pem"
        file.write_bytes(run("openssl", "crl", "-in", self.place.data / "authorities" / "own" / "crl.pem").stdout)
        return file

    @staticmethod
    def serial_of(pem):
        return run("openssl", "x509", "-in", pem, "-noout", "-serial").stdout.decode().strip().split("=")[1].lower()

    def test_keys_are_private_and_never_overwritten(self):
        self.request("private")
        self.assertEqual(0o600, (self.keys / "private.key").stat().st_mode & 0o777)
        self.assertEqual(0o600, (self.place.data / "keys" / "ca.key").stat().st_mode & 0o777)
        key = (self.keys / "private.key").read_bytes()
        again = run(BINARY, "cert", "request", "--system", "housing/private", "--key", self.keys / "private.key", "--out",
                    self.keys / "private-2.csr", "--json")
        self.assertIn("used the", again.stderr.decode())
        self.assertEqual("P-256", json.loads(again.stdout)["kind"])
        self.assertEqual(key, (self.keys / "private.key").read_bytes())
        kept = run(BINARY, "cert", "request", "--system", "housing/private", "--key", self.keys / "private.key", "--out",
                   self.keys / "private.csr", ok=False)
        self.assertEqual(1, kept.returncode)


if __name__ == "__main__":
    unittest.main(verbosity=2)
