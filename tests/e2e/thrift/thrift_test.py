"""The exchange over Thrift: the same messages, answers and rights as over HTTPS; hostile frames; who shows no certificate, or a wrong one."""
import json
import os
import pathlib
import re
import ssl
import socket
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "gateway"))

import payloads  # noqa: E402
import signing  # noqa: E402
from gateway_case import HOUSING, GatewayCase  # noqa: E402
from installation import DEADLINE, ROOT, System, index_of, run, until  # noqa: E402

from thrift import Thrift  # noqa: E402
from thrift.protocol import TBinaryProtocol  # noqa: E402
from thrift.transport import TSSLSocket, TTransport  # noqa: E402

ONE = payloads.case


def frame(content):
    return len(content).to_bytes(4, "big") + content


class ThriftCase(GatewayCase):
    SETTINGS = {"listen__thrift": "127.0.0.1:0"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        out = cls.gateway.folder / "generated"
        out.mkdir()
        run("thrift", "-strict", "-gen", "py", "-out", out, ROOT / "docs/formats/exchange.thrift")
        sys.path.insert(0, str(out))
        global Exchange, Field, Problem
        from caseway_exchange import Exchange
        from caseway_exchange.ttypes import Field, Problem
        cls.addClassCleanup(sys.path.remove, str(out))
        cls.port = int(re.search(r"thrift on port (\d+)", cls.gateway.stderr())[1])
        cls.stranger = System("housing/stranger", cls.gateway.keys)

    def client(self, system):
        own = dict(certfile=str(system.certificate), keyfile=str(system.key)) if system else {}
        wire = TSSLSocket.TSSLSocket("127.0.0.1", self.port, ca_certs=str(self.gateway.data / "tls/server.pem"), cert_reqs=ssl.CERT_REQUIRED, **own)
        wire.setTimeout(DEADLINE * 1000)
        frames = TTransport.TFramedTransport(wire)
        frames.open()
        self.addCleanup(frames.close)
        return Exchange.Client(TBinaryProtocol.TBinaryProtocol(frames))

    def submit(self, message, system=None):
        fields = {**message.fields}
        content_type = fields.pop("Content-Type")
        return self.client(system or self.housing).submit(content_type, message.body, [Field(name, value) for name, value in fields.items()])

    def problem(self, code, call, *arguments):
        with self.assertRaises(Problem) as caught:
            call(*arguments)
        self.assertEqual(code, caught.exception.code, caught.exception)
        return caught.exception

    def raw(self, data, system=None):
        """Sends bytes over TLS with a client certificate; what comes back before the end."""
        context = ssl.create_default_context(cafile=str(self.gateway.data / "tls/server.pem"))
        context.load_cert_chain(str((system or self.housing).certificate), str((system or self.housing).key))
        with socket.create_connection(("127.0.0.1", self.port), timeout=DEADLINE) as plain, context.wrap_socket(plain, server_hostname="127.0.0.1") as wire:
            wire.sendall(data)
            got = b""
            try:
                while piece := wire.recv(65536):
                    got += piece
            except (ConnectionResetError, ssl.SSLEOFError):
                pass
            return got


class Exchanges(ThriftCase):
    def test_each_binding_is_taken_and_its_receipt_verifies(self):
        for message in (signing.json_message(self.housing, payloads.as_json(ONE("t-json"))),
                        signing.xml_message(self.housing, payloads.as_xml(ONE("t-xml"))),
                        signing.http_message(self.housing, payloads.as_json(ONE("t-http")))):
            with self.subTest(message.fields["Content-Type"]):
                taken = self.submit(message)
                answer = json.loads(taken.json)
                self.assertEqual((200, "accepted", 1), (taken.status, answer["outcome"], answer["records"]["new"]))
                self.assertIsNotNone(self.gateway.verify_receipt(answer["receipt"]))
        self.log_is_good()

    def test_the_same_over_thrift_and_https_is_taken_once(self):
        message = signing.json_message(self.housing, payloads.as_json(ONE("t-twice")))
        first = json.loads(self.submit(message).json)
        again = json.loads(self.submit(message).json)
        over_https = self.taken(message)
        self.assertEqual({index_of(first["receipt"])}, {index_of(again["receipt"]), index_of(over_https["receipt"])})

    def test_refusals_are_those_of_https(self):
        bad = payloads.as_json(ONE("t-bad", id_no="11010519491231002Y"))
        told = self.problem("no_record_taken", self.submit, signing.json_message(self.housing, bad))
        self.assertEqual(422, told.status)
        self.assertIn("id_number_wrong", told.json)
        self.assertTrue(told.hint)
        self.assertIsNotNone(self.gateway.verify_receipt(json.loads(told.json)["receipt"]))
        forged = signing.json_message(self.health, bad, head=signing.header(self.housing, "permits.json"))
        self.assertEqual(401, self.problem("unknown_key", self.submit, forged).status)
        client = self.client(self.housing)
        self.problem("unknown_type", client.submit, "text/plain", b"x", [])
        self.problem("bad_request", client.submit, "application/json", b"x", [Field("Caseway-Sender", "a/b\r\nCaseway-Sender: c/d")])
        self.problem("bad_request", client.submit, "application/json", b"x", [Field("a b", "c")])
        self.problem("malformed_xml", client.submit, "application/xml", b"<", [])

    def test_reading_is_that_of_https(self):
        message = signing.json_message(self.housing, payloads.as_json(ONE("t-read")))
        self.submit(message)
        client, reader, stranger = self.client(self.housing), self.reader(self.housing), self.client(self.health)
        no = next(case["case_no"] for case in reader.get("/v1/cases?source_case_no=t-read").json["cases"])
        self.assertEqual(reader.get(f"/v1/cases/{no}").body.decode(), client.get_case(no))
        self.assertEqual(reader.get(f"/v1/messages/{message.id}").body.decode(), client.get_message(message.id))
        self.assertEqual(reader.get("/v1/changes?after=0&limit=1000").body.decode(), client.changes(0, 1000))
        self.assertEqual(404, self.problem("not_found", stranger.get_case, no).status)
        self.problem("not_found", client.get_case, "../../healthz")
        self.problem("not_found", client.get_case, "没有/?%00#")
        self.problem("bad_parameter", client.get_message, "no-uuid")
        self.problem("bad_parameter", client.changes, -1, 10)
        self.problem("bad_parameter", client.changes, 0, 1001)
        self.assertEqual([], json.loads(stranger.changes(0, 1000))["changes"])

    def test_a_large_message_is_received_and_then_applied(self):
        many = payloads.as_json(*(ONE(f"t-large-{n}") for n in range(6000)))
        self.assertGreater(len(many), 1 << 20)
        message = signing.http_message(self.housing, many)
        self.assertEqual(202, self.submit(message).status)
        client = self.client(self.housing)
        until(lambda: json.loads(client.get_message(message.id))["outcome"] == "accepted", "it is applied")

    def test_a_client_in_cpp(self):
        message = signing.json_message(self.housing, payloads.as_json(ONE("t-cpp")))
        tool = [os.environ["CASEWAY_THRIFT_CLIENT"], self.port, self.gateway.data / "tls/server.pem", self.housing.certificate, self.housing.key]
        answer, changes = run(*tool, "application/jose", data=message.body).stdout.splitlines()
        self.assertEqual("accepted", json.loads(answer)["outcome"])
        self.assertIn("t-cpp", changes.decode())
        refused = run(*tool, "text/plain", data=b"x", ok=False)
        self.assertEqual((1, b"415 unknown_type"), (refused.returncode, refused.stderr.split(b":")[0]))

    def test_idle_connections_take_no_thread_each(self):
        threads = lambda: int(re.search(r"Threads:\s+(\d+)", pathlib.Path(f"/proc/{self.gateway.process.pid}/status").read_text())[1])
        before = threads()
        clients = [self.client(self.housing) for _ in range(50)]
        for client in clients:
            client.changes(0, 1)
        self.assertLessEqual(threads(), before + 2)


class Hostile(ThriftCase):
    SETTINGS = {"listen__thrift": "127.0.0.1:0", "limits__head_seconds": 1, "limits__idle_seconds": 1}

    def still_serves(self):
        self.assertEqual(200, self.submit(signing.json_message(self.housing, payloads.as_json(ONE("t-well")))).status)

    def test_without_a_certificate_nothing_is_said(self):
        with self.assertRaises((Thrift.TException, OSError)) as caught:
            self.client(None).changes(0, 1)
        self.assertNotIsInstance(caught.exception, Problem)

    def test_a_certificate_that_nobody_registered_is_told_what_to_do(self):
        for call in (lambda client: client.changes(0, 1), lambda client: client.submit("application/xml", b"<", [])):
            told = self.problem("unknown_key", call, self.client(self.stranger))
            self.assertEqual(401, told.status)
            self.assertTrue(told.hint)

    def test_a_suspended_system_may_not(self):
        system = self.gateway.register("housing/suspended", HOUSING, state="suspended")
        self.gateway.tell(1)  # SIGHUP: reads the register again
        until(lambda: "reloaded" in self.gateway.stderr(), "it is read")
        self.assertEqual(403, self.problem("system_suspended", self.client(system).changes, 0, 1).status)

    def test_what_is_no_frame_ends_the_connection(self):
        for name, data in (("a huge length", b"\x7f\xff\xff\xff" + b"x" * 1000), ("no length", b"\x00\x00\x00\x00"), ("HTTP", b"GET / HTTP/1.1\r\nHost: h\r\n\r\n"),
                           ("noise in a frame", frame(b"\x13\x37" * 50)), ("the old form without version", frame(b"\x00\x00\x00\x04quit\x01\x00\x00\x00\x01\x00")),
                           ("a reply", frame(b"\x80\x01\x00\x02\x00\x00\x00\x06submit\x00\x00\x00\x01\x00")),
                           ("too large by a byte", (10 * (1 << 20) + 65537).to_bytes(4, "big") + b"x")):
            with self.subTest(name):
                self.assertEqual(b"", self.raw(data))
        self.still_serves()

    def test_what_is_slow_ends_in_its_time(self):
        for name, data in (("nothing", b""), ("half a length", b"\x00\x00")):
            with self.subTest(name):
                self.assertEqual(b"", self.raw(data))
        self.still_serves()

    def test_lengths_that_lie_inside_a_frame_are_answered_in_thrift(self):
        call = b"\x80\x01\x00\x01\x00\x00\x00\x06submit\x00\x00\x00\x01"
        for name, arguments in (("a text longer than the frame", b"\x0b\x00\x01\x7f\xff\xff\xffx"), ("a list of two thousand million", b"\x0f\x00\x03\x0c\x7f\xff\xff\xff"),
                                ("a list of minus one", b"\x0f\x00\x03\x0c\xff\xff\xff\xff"), ("deep nesting", b"\x0c\x00\x63" * 5000),
                                ("no end", b"\x0b\x00\x01\x00\x00\x00\x01x")):
            with self.subTest(name):
                got = self.raw(frame(call + arguments))
                self.assertEqual(b"\x80\x01\x00\x03\x00\x00\x00\x06submit", got[4:18])  # T_EXCEPTION
        self.still_serves()


class Off(GatewayCase):
    def test_nothing_listens_where_it_is_not_configured(self):
        self.assertNotIn("thrift", self.gateway.stderr())


class WrongAddress(GatewayCase):
    STARTED = False

    def test_an_address_that_is_none_is_told(self):
        for value in ("8445", "localhost:8445", "127.0.0.1:99999", "::1:8445"):
            with self.subTest(value):
                self.gateway.configure(listen__thrift=value)
                self.gateway.start(expect_ready=False)
                self.assertNotEqual(0, self.gateway.process.wait(timeout=DEADLINE))
                self.assertIn("ADDRESS:PORT", self.gateway.stderr())


if __name__ == "__main__":
    unittest.main(verbosity=2, warnings="ignore")  # those of Thrift's own library
