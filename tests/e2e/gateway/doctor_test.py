"""`caseway doctor`: what looks good and takes no message, and a next step that leads on."""
import datetime
import shutil
import unittest

from installation import BINARY, Installation, System, run

HOUSING = "11350200004135017C"


class Doctor(unittest.TestCase):
    def setUp(self):
        self.place = Installation()
        self.addCleanup(self.place.close)
        self.keys = self.place.keys
        self.place.caseway("cert", "ca", "init")
        self.place.caseway("department", "add", "housing", "--code", HOUSING, "--name", "住建")

    def doctor(self):
        return self.place.caseway("doctor", ok=False).stderr.decode()

    def issue(self, name):
        """A certificate of our own authority for housing/NAME; its path."""
        files = [self.keys / f"{name}{ending}" for ending in (".key", ".csr", ".pem")]
        run(BINARY, "cert", "request", "--system", f"housing/{name}", "--key", files[0], "--out", files[1])
        self.place.caseway("cert", "issue", files[1], "--system", f"housing/{name}", "--out", files[2])
        return files[2]

    def add(self, name, certificate, *more):
        self.place.caseway("system", "add", f"housing/{name}", "--cert", certificate, *more)

    def test_a_system_whose_only_certificate_is_revoked_is_bad(self):
        self.add("permits", self.issue("permits"), "--mapping", "permits.json")
        self.place.caseway("cert", "revoke", self.keys / "permits.pem")
        told = self.doctor()
        self.assertRegex(told, r"bad      housing/permits: certificate \w+ was revoked at .*, and it has no other: nothing that it sends is taken\n"
                               r" +what to do: register a successor")
        self.assertNotIn("caseway cert remove housing/permits", told)
        second = System("housing/permits", self.keys)
        self.place.caseway("cert", "add", "housing/permits", second.certificate)
        self.assertRegex(self.doctor(), r"warning  housing/permits: certificate \w+ was revoked at .*\n +what to do: caseway cert remove housing/permits")

    def test_a_system_without_a_mapping_is_told(self):
        self.add("permits", self.issue("permits"))
        self.assertRegex(self.doctor(), "warning  housing/permits: no mapping is granted: .*\n +what to do: caseway system grant housing/permits --mapping NAME")
        self.place.caseway("system", "grant", "housing/permits", "--mapping", "permits.json")
        self.assertNotIn("no mapping is granted", self.doctor())

    def test_a_certificate_that_begins_later_is_not_good_yet(self):
        system = System("housing/permits", self.keys)
        later = self.later(system)
        self.add("permits", later, "--mapping", "permits.json")
        self.assertIn("bad      housing/permits: no certificate of it is valid now; the next not before 20", self.doctor())
        self.assertRegex(self.place.caseway("cert", "list").stderr.decode(), "housing/permits .* not valid before 20")
        self.place.caseway("cert", "add", "housing/permits", system.certificate)
        self.assertNotIn("is valid now", self.doctor())
        told = self.place.caseway("cert", "remove", "housing/permits", system.key_id[:16]).stderr.decode()
        self.assertIn("none of its other certificates is valid now: the next not before 20", told)

    def later(self, system):
        """A certificate over the same key that begins in ten days."""
        begin = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=10)
        times = [f"{begin + datetime.timedelta(days=days):%Y%m%d%H%M%SZ}" for days in (0, 400)]
        (self.keys / "index").write_text("")
        (self.keys / "ca.cnf").write_text(f"[ca]\ndefault_ca=c\n[c]\ndatabase={self.keys / 'index'}\nnew_certs_dir={self.keys}\ndefault_md=sha256\n"
                                          "rand_serial=yes\npolicy=p\n[p]\nO=supplied\nCN=supplied\n")
        run("openssl", "req", "-new", "-key", system.key, "-subj", "/O=housing/CN=permits", "-out", self.keys / "later.csr")
        run("openssl", "ca", "-batch", "-selfsign", "-config", self.keys / "ca.cnf", "-keyfile", system.key, "-in", self.keys / "later.csr",
            "-out", self.keys / "later.pem", "-notext", "-startdate", times[0], "-enddate", times[1])
        return self.keys / "later.pem"

    def test_the_key_of_our_own_authority_is_looked_at(self):
        key, kept = self.place.data / "keys" / "ca.key", self.keys / "kept.key"
        key.rename(kept)
        self.assertIn("warning  authority own: its key, keys/ca.key, is not here", self.doctor())
        self.assertIn("put it back", self.place.caseway("cert", "ca", "init", ok=False).stderr.decode())
        shutil.copy(self.place.data / "keys" / "log.key", key)
        self.assertIn("bad      authority own: keys/ca.key is not the key of authorities/own/ca.pem", self.doctor())
        for command in (("cert", "ca", "init"), ("cert", "ca", "crl", "own")):
            told = self.place.caseway(*command, ok=False).stderr.decode()
            self.assertIn("keys/ca.key is not the key of authorities/own/ca.pem", told, command)
            self.assertIn("put it back", told)
        shutil.copy(kept, key)
        self.assertNotIn("authority own: its key", self.doctor())
        self.assertIn("nothing to do", self.place.caseway("cert", "ca", "init").stderr.decode())

    def test_a_key_that_is_a_systems_and_an_authoritys_is_told(self):
        system = System("housing/permits", self.keys)  # openssl marks it CA:TRUE
        self.add("permits", system.certificate, "--mapping", "permits.json")
        told = self.place.caseway("cert", "ca", "add", "p4", system.certificate, ok=False).stderr.decode()
        self.assertIn("its key is bound to housing/permits", told)
        folder = self.place.data / "authorities" / "p4"
        folder.mkdir()
        shutil.copy(system.certificate, folder / "ca.pem")
        self.assertIn("bad      authority p4: housing/permits: its key is bound to housing/permits", self.doctor())


if __name__ == "__main__":
    unittest.main()
