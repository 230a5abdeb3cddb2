"""docs/senders/: each example, run as its reader would, against a real gateway: taken, taken once, refused with the next step, no answer."""
import contextlib
import json
import os
import shutil
import socket
import subprocess
import threading
import unittest

import payloads
from false_gateway import answering, tls_context
from gateway_case import HOUSING, GatewayCase
from installation import BINARY, ROOT, b64, index_of, run

SENDERS = ROOT / "docs" / "senders"


def der_and_rs(r, s):
    """The two forms of one ECDSA signature."""
    integers = b"".join(bytes([2, n.bit_length() // 8 + 1]) + n.to_bytes(n.bit_length() // 8 + 1, "big") for n in (r, s))
    return bytes([0x30, len(integers)]) + integers, r.to_bytes(32, "big") + s.to_bytes(32, "big")


# One number in two has a zero byte in front in DER, one in 256 is shorter than 32 bytes.
SIGNATURES = [der_and_rs(r, s) for r, s in ((2**255 + 1, 2**254 + 7), (2**240 + 3, 2**255 + 5), (2**255 + 1, 2**127), (0x0a, 0x80))]


class Senders:
    """The promises; a class below for each example. `command()` is what its reader types before the arguments."""

    @classmethod
    def make(cls, **settings):
        gateway = super().make(**settings)
        gateway.register("housing/rsa", HOUSING, algorithm="RS256")
        return gateway

    def example(self, payload, system=None, repeat=(), url=None, kind="application/json", mapping="permits.json"):
        system = system or self.housing
        file = self.gateway.folder / "payload"
        file.write_bytes(payload)
        return run(*self.command(), file, kind, url or f"https://127.0.0.1:{self.gateway.port}", system.key, system.certificate,
                   self.gateway.data / "tls" / "server.pem", system.name, "center/gateway", mapping, *repeat, ok=False)

    def accepted(self, payload, **more):
        """Sends what must be taken: (the answer, as printed; its message id and time, as told)."""
        result = self.example(payload, **more)
        self.assertEqual(0, result.returncode, result)
        answer = json.loads(result.stdout)
        self.assertEqual("accepted", answer["outcome"])
        file = self.gateway.folder / "answer.json"
        file.write_bytes(result.stdout)
        run(BINARY, "receipt", "verify", file, "--log-key", self.gateway.log_key)
        words = result.stderr.decode().split()
        return answer, (words[1].strip(","), words[4].strip(":"))

    def no(self, number):
        return f"{type(self).__name__}-{number}"

    def test_it_is_accepted_and_the_printed_receipt_verifies(self):
        for name, more in (("housing/permits", {}), ("housing/rsa", {}), ("housing/permits", {"kind": "application/xml", "mapping": "permits.xml"})):
            with self.subTest(name=name, **more):
                case = payloads.case(self.no(f"{name}{len(more)}"))
                payload = payloads.as_xml(case) if more else payloads.as_json(case)
                answer, _ = self.accepted(payload, system=self.gateway.systems[name], **more)
                self.assertEqual(1, answer["records"]["new"])

    def test_the_same_again_is_taken_once(self):
        payload = payloads.as_json(payloads.case(self.no("again")))
        first, repeat = self.accepted(payload)
        second, told = self.accepted(payload, repeat=repeat)
        self.assertEqual((index_of(first["receipt"]), repeat), (index_of(second["receipt"]), told))

    def test_a_refusal_is_told_with_its_next_step(self):
        for payload, system, code in ((payloads.as_json(payloads.case(self.no("bad"), id_no="11010519491231002Y")), self.housing, "id_number_wrong"),
                                      (payloads.as_json(payloads.case(self.no("part")), payloads.case(self.no("bad"), state="?")), self.housing, "code_unknown"),
                                      (b"{", self.housing, "malformed_json"),
                                      (b"{}", self.stranger(), "unknown_key")):
            with self.subTest(code=code):
                result = self.example(payload, system=system)
                self.assertEqual(1, result.returncode, result)
                self.assertIn(code, result.stderr.decode())
                self.assertRegex(result.stderr.decode(), "hint.*: ?.{10}")
                json.loads(result.stdout)

    def stranger(self):
        """The key of health, in the name of housing."""
        stranger = type(self.health).__new__(type(self.health))
        stranger.__dict__.update(self.health.__dict__, name="housing/permits")
        return stranger

    def test_no_answer_is_told_with_what_to_send_again(self):
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            payload = payloads.as_json(payloads.case(self.no("offline")))
            result = self.example(payload, url=f"https://127.0.0.1:{closed.getsockname()[1]}")
        self.assertEqual((1, b""), (result.returncode, result.stdout), result)
        repeat = tuple(result.stderr.decode().split()[-2:])
        self.assertEqual(1, self.accepted(payload, repeat=repeat)[0]["records"]["new"])

    def answered(self, status, body):
        """What the example did with such an answer."""
        with answering(self.gateway, body, status, "Location: https://127.0.0.1:1/\r\n") as port:
            return self.example(b"{}", url=f"https://127.0.0.1:{port}")

    def test_what_is_no_answer_of_the_gateway_is_no_success(self):
        for status, body in (("200 OK", b""), ("200 OK", b"<html>\xff</html>"), ("200 OK", b"[]"), ("302 Found", b""), ("502 Bad", b"<html>"),
                             ("504 Late", b'{"error": "x"}')):
            with self.subTest(status=status, body=body):
                result = self.answered(status, body)
                self.assertEqual(1, result.returncode, result)
                self.assertRegex(result.stderr.decode(), r"no answer of the gateway; send the same again, it is taken once: \S+ [0-9a-f-]{36} \S+\n\Z")
        self.assertEqual(1, self.answered("502 Bad", b'{"outcome": "accepted"}').returncode)

    def test_a_note_is_told_and_no_refusal(self):
        payload = payloads.as_xml(payloads.case(self.no("note")))
        payload = b'<?xml version="1.0" encoding="GBK"?>' + payload
        result = self.example(payload, kind="application/xml", mapping="permits.xml")
        self.assertEqual((0, "accepted"), (result.returncode, json.loads(result.stdout)["outcome"]), result)
        self.assertIn(b"encoding_differs", result.stderr)

    def test_a_gateway_under_another_certificate_gets_nothing(self):
        self.addCleanup(shutil.copy, self.gateway.folder / "kept.pem", self.gateway.data / "tls" / "server.pem")
        shutil.copy(self.gateway.data / "tls" / "server.pem", self.gateway.folder / "kept.pem")
        shutil.copy(self.housing.certificate, self.gateway.data / "tls" / "server.pem")
        result = self.example(payloads.as_json(payloads.case(self.no("stranger"))))
        self.assertEqual((1, b""), (result.returncode, result.stdout), result)
        self.assertIn(b"no answer", result.stderr)
        self.assertIn(b"nothing was sent", result.stderr)  # the same again never helps
        self.assertNotIn(b"send the same again", result.stderr)

    def test_a_name_that_the_gateways_certificate_does_not_bear_is_told_as_that(self):
        def meet():
            with contextlib.suppress(OSError):
                while True:
                    peer = listener.accept()[0]
                    with peer, contextlib.suppress(OSError), tls_context(self.gateway).wrap_socket(peer, server_side=True) as answered:
                        answered.recv(1)
        with socket.create_server(("127.0.0.2", 0)) as listener:  # an address of this machine that it is not for
            thread = threading.Thread(target=meet)
            thread.start()
            self.nothing_sent("does not stand in the gateway's certificate", url=f"https://127.0.0.2:{listener.getsockname()[1]}")
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()

    def test_an_address_may_end_in_a_slash(self):
        payload = payloads.as_json(payloads.case(self.no("slash")))
        self.assertEqual(1, self.accepted(payload, url=f"https://127.0.0.1:{self.gateway.port}/")[0]["records"]["new"])

    def test_nothing_goes_in_clear(self):
        result = self.example(b"{}", url=f"http://127.0.0.1:{self.gateway.port}")
        self.assertEqual((1, b""), (result.returncode, result.stdout), result)
        self.assertIn(b"would go in clear", result.stderr)

    def nothing_sent(self, told, **more):
        """Refused before anything was sent, in one line that says so."""
        result = self.example(b"{}", **more)
        self.assertEqual((1, b""), (result.returncode, result.stdout), result)
        last = result.stderr.decode().splitlines()[-1]
        self.assertTrue(last.startswith("nothing was sent: "), result)
        self.assertIn(told, last)
        for trace in (b"Traceback", b"Exception", b"send the same again"):
            self.assertNotIn(trace, result.stderr)

    def test_a_name_that_is_not_plain_is_told_in_words(self):
        for name in ("住建", "permits.json\r"):
            with self.subTest(name=name):
                self.nothing_sent("plain ASCII", mapping=name)

    def test_an_address_is_host_and_port_and_nothing_behind_it(self):
        own = f"https://127.0.0.1:{self.gateway.port}"
        for url in (f"{own}/v1/messages", f"{own}/caseway/", f"{own}?x", f"{own}\r", "https://127.0.0.1:abc", "https://127.0.0.1:99999", "https://",
                    f"https://me@127.0.0.1:{self.gateway.port}"):
            with self.subTest(url=url):
                self.nothing_sent("no address of a gateway", url=url)

    def test_a_port_without_tls_is_told_as_that(self):
        self.nothing_sent("does not speak TLS", url=f"https://127.0.0.1:{self.gateway.health_port}")

    def test_what_is_told_bears_no_marks_of_json(self):
        body = json.dumps({"code": "x", "detail": 'in C:\\permits "as is"'}).encode()
        told = self.answered("422 No", body).stderr.decode()
        self.assertIn('in C:\\permits "as is"', told)

    def test_files_of_windows_are_taken(self):
        keys = self.gateway.folder / "windows"
        keys.mkdir(exist_ok=True)
        system = self.stranger()
        for made, mark in (("crlf", b""), ("marked", b"\xef\xbb\xbf")):
            with self.subTest(made=made):
                for name, file in (("key", self.housing.key), ("certificate", self.housing.certificate)):
                    (keys / f"{made}.{name}").write_bytes(mark + file.read_bytes().replace(b"\n", b"\r\n"))
                system.__dict__.update(key=keys / f"{made}.key", certificate=keys / f"{made}.certificate")
                self.accepted(payloads.as_json(payloads.case(self.no(made))) + b"\r\n", system=system)

    def test_keys_and_certificates_that_do_not_fit_are_told_in_a_line(self):
        keys = self.gateway.folder / "keys"
        keys.mkdir(exist_ok=True)
        own, cert = self.housing.key, self.housing.certificate
        run("openssl", "pkcs8", "-topk8", "-passout", "pass:x", "-in", own, "-out", keys / "encrypted")
        run("openssl", "genpkey", "-algorithm", "ed25519", "-out", keys / "ed25519")
        run("openssl", "req", "-x509", "-new", "-key", keys / "ed25519", "-subj", "/CN=x", "-out", keys / "ed25519.pem")
        run("openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384", "-out", keys / "p384")
        run("openssl", "req", "-x509", "-new", "-key", keys / "p384", "-subj", "/CN=x", "-out", keys / "p384.pem")
        run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=ca", "-keyout", keys / "ca.key",
            "-addext", "keyUsage=critical,keyCertSign", "-out", keys / "ca.pem")
        (keys / "text").write_text("no key\n")
        other = self.gateway.systems["housing/rsa"]
        for key, certificate, told in ((keys / "encrypted", cert, "openssl pkcs8 -topk8 -nocrypt"), (keys / "text", cert, "openssl pkcs8 -topk8 -nocrypt"),
                                       (keys / "ed25519", cert, "not the key of"), (other.key, cert, "not the key of"), (self.health.key, cert, "not the key of"),
                                       (own, keys / "ca.pem", "not the key of"),
                                       (keys / "ed25519", keys / "ed25519.pem", "neither of P-256 nor of RSA"),
                                       (keys / "p384", keys / "p384.pem", "neither of P-256 nor of RSA"),
                                       (own, keys / "text", "no certificate"), (keys / "none", cert, "none")):
            with self.subTest(key=key, certificate=certificate):
                stranger = self.stranger()
                stranger.__dict__.update(key=key, certificate=certificate)
                result = self.example(b"{}", system=stranger)
                self.assertEqual((1, b""), (result.returncode, result.stdout), result)
                self.assertIn(told, result.stderr.decode())
                self.assertEqual(1, len(result.stderr.decode().splitlines()), result)

    def test_wrong_use_is_told(self):
        result = run(*self.command(), "payload", ok=False)
        self.assertEqual(2, result.returncode)
        self.assertIn(b"usage: ", result.stderr)


class Curl(Senders, GatewayCase):
    def command(self):
        return ["bash", SENDERS / "send.sh"]

    def test_r_and_s_are_32_bytes_each_however_short_or_long_in_the_der(self):
        """openssl and curl stand in: the one signs with given numbers, the other shows what it was to send."""
        tools = self.gateway.folder / "tools"
        tools.mkdir(exist_ok=True)
        for name, script in (("openssl", f'case "$*" in *-sign*) cat > /dev/null; cat {tools}/der ;; *) exec {shutil.which("openssl")} "$@" ;; esac'),
                             ("curl", """printf '%s\\n' "$@" '{"outcome":"accepted"}' 200""")):
            (tools / name).write_text(f"#!/bin/bash\n{script}\n")
            (tools / name).chmod(0o755)
        file = self.gateway.folder / "payload"
        for der, rs in SIGNATURES:
            (tools / "der").write_bytes(der)
            result = run("env", f"PATH={tools}:{os.environ['PATH']}", *self.command(), file, "application/json", "https://none", self.housing.key,
                         self.housing.certificate, "ca", "a/b", "c/d", "m")
            self.assertIn(f"Signature: sig1=:{b64(rs)}:", result.stdout.decode().splitlines())


class Python(Senders, GatewayCase):
    def command(self):
        return ["/usr/bin/python3", SENDERS / "send.py"]


@unittest.skipUnless(shutil.which("javac"), "no javac here: the Java example is not tried (apt-get install default-jdk-headless)")
class Java(Senders, GatewayCase):
    @classmethod
    def make(cls, **settings):
        gateway = super().make(**settings)
        # The class files of Java 8, checked against the library that Java 8 had.
        subprocess.run(["javac", "--release", "8", "-Xlint:all,-options,-serial", "-Werror", "-d", gateway.folder, SENDERS / "Send.java"], check=True)
        return gateway

    def command(self):
        return ["java", "-cp", self.gateway.folder, "Send"]

    def test_r_and_s_are_32_bytes_each_however_short_or_long_in_the_der(self):
        probe = self.gateway.folder / "Probe.java"
        probe.write_text("public class Probe { public static void main(String[] a) { for (String der : a) System.out.println("
                         "Send.base64(Send.rs(java.util.Base64.getDecoder().decode(der)))); } }")
        run("javac", "-cp", self.gateway.folder, "-d", self.gateway.folder, probe)
        told = run("java", "-cp", self.gateway.folder, "Probe", *(b64(der) for der, _ in SIGNATURES)).stdout.decode().split()
        self.assertEqual([b64(rs) for _, rs in SIGNATURES], told)


class Paste(unittest.TestCase):
    def test_each_fits_into_a_mail(self):
        for name, most in (("send.sh", 72), ("send.py", 96), ("Send.java", 142)):
            lines = (SENDERS / name).read_text().splitlines()
            self.assertLessEqual(len(lines), most, name)
            self.assertLessEqual(max(map(len, lines)), 160, name)


if __name__ == "__main__":
    unittest.main(verbosity=2)
