"""`caseway message send`: the three bindings with our own signing, the receipt, and the head that finds a log rewritten."""
import json
import shutil
import unittest

import payloads
from gateway_case import GatewayCase
from installation import BINARY, run

ONE = payloads.case


class Sending(GatewayCase):
    def setUp(self):
        self.log_key = self.gateway.folder / f"{self.id().rpartition('.')[2]}.pub"
        shutil.copy(self.gateway.log_key, self.log_key)

    def message_send(self, payload, *more, gateway=None, system=None, mapping="permits.json"):
        gateway, system = gateway or self.gateway, system or self.housing
        file = self.gateway.folder / "payload"
        file.write_bytes(payload)
        return run(BINARY, "message", "send", file, "--url", f"https://127.0.0.1:{gateway.port}",
                   "--ca", gateway.data / "tls" / "server.pem",
                   "--key", system.key, "--cert", system.certificate, "--sender", system.name, "--receiver", "center/gateway",
                   "--mapping", mapping, "--log-key", self.log_key, *more, ok=False)

    def test_each_binding_is_sent_and_its_answer_printed(self):
        for binding, mapping, payload in (("json", "permits.json", payloads.as_json(ONE("s-1"))),
                                          ("http", "permits.json", payloads.as_json(ONE("s-2"))),
                                          ("xml", "permits.xml", payloads.as_xml(ONE("s-3"))),
                                          ("xml", "permits.json", payloads.as_json(ONE("s-4")))):
            with self.subTest(binding=binding, mapping=mapping):
                result = self.message_send(payload, "--binding", binding, mapping=mapping)
                self.assertEqual(0, result.returncode, result)
                answer = json.loads(result.stdout)
                self.assertEqual(1, answer["records"]["new"])
                self.assertIsNotNone(self.gateway.verify_receipt(json.dumps(answer)), "a whole answer verifies as a receipt")

    def test_refused_message_exits_1_and_says_why(self):
        result = self.message_send(payloads.as_json(ONE("s-5", state="paused")), "--binding", "json")
        self.assertEqual(1, result.returncode)
        self.assertEqual("code_unknown", json.loads(result.stdout)["refusals"][0]["code"])

    def test_message_id_makes_it_the_same_message(self):
        message_id = "0b7b9a52-3c1f-4a55-9a0f-2f6f3f1c8d11"
        first = self.message_send(payloads.as_json(ONE("s-6")), "--binding", "json", "--message-id", message_id)
        second = self.message_send(payloads.as_json(ONE("s-7")), "--binding", "json", "--message-id", message_id)
        self.assertEqual((0, 1, "id_reused"), (first.returncode, second.returncode, json.loads(second.stdout)["code"]))

    def test_gateway_with_another_certificate_is_not_talked_to(self):
        other = self.gateway.folder / "other.pem"
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-keyout",
            self.gateway.folder / "other.key", "-out", other)
        result = self.message_send(payloads.as_json(ONE("s-8")), "--binding", "json", "--ca", other)
        self.assertNotEqual(0, result.returncode)
        self.assertEqual(b"", result.stdout)

    def test_receipt_under_another_log_key_is_not_accepted(self):
        stranger = self.make()
        shutil.copy(stranger.log_key, self.log_key)
        result = self.message_send(payloads.as_json(ONE("s-9")), "--binding", "json")
        self.assertEqual(1, result.returncode)
        self.assertIn(b"error", result.stderr)

    def test_kept_head_finds_the_log_that_was_rewritten(self):
        gateway = self.make()
        system = gateway.systems["housing/permits"]
        gateway.start()
        shutil.copy(gateway.log_key, self.log_key)
        sent = lambda no: self.message_send(payloads.as_json(ONE(no)), "--binding", "json", gateway=gateway, system=system)
        self.assertEqual(0, sent("kept-0").returncode)
        gateway.stop()
        shutil.copytree(gateway.data, gateway.folder / "then")
        gateway.start()
        for n in range(1, 4):
            self.assertEqual(0, sent(f"kept-{n}").returncode)
        gateway.stop()
        shutil.rmtree(gateway.data)
        shutil.copytree(gateway.folder / "then", gateway.data)
        gateway.start()
        result = sent("instead-1")
        self.assertEqual(1, result.returncode, "its log is shorter than the kept head, and another")
        self.assertIn(b"rewritten", result.stderr)
        for n in range(2, 5):
            self.assertEqual(1, sent(f"instead-{n}").returncode)
        self.log_is_good(gateway)


if __name__ == "__main__":
    unittest.main(verbosity=2)
