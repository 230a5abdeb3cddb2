"""Refusals: who sent it, for whom, when, of which type and size; each with its status and code, and evidence where the signer is known."""
import gzip
import http.client
import ssl
import time
import unittest

import payloads
import signing
from client import send
from gateway_case import HOUSING, GatewayCase
from installation import System, leaf_of, until

BODY = payloads.as_json(payloads.case("refused-1"))


class Refusals(GatewayCase):
    @classmethod
    def make(cls, **settings):
        gateway = super().make(**settings)
        gateway.register("housing/expired", HOUSING, expired=True)
        gateway.register("housing/narrow", HOUSING, mappings=("permits.xml",))
        return gateway

    def each_binding(self, system, **changes):
        head = signing.header(system, "permits.json", **changes)
        xml = signing.header(system, "permits.xml", **changes)
        return (("json", signing.json_message(system, BODY, head=head)), ("http", signing.http_message(system, BODY, head=head)),
                ("xml", signing.xml_message(system, payloads.as_xml(payloads.case("refused-1")), head=xml)))

    def each_is_refused(self, messages, status, code):
        for binding, message in messages:
            with self.subTest(binding=binding):
                problem = self.refused(message, status, code)
        return problem

    def each_is_evidence_of(self, system, messages, status, code):
        """Refused, with a receipt whose leaf names the owner of the key that signed; sent again, with the same one."""
        for binding, message in messages:
            with self.subTest(binding=binding):
                receipt = self.refused(message, status, code)["receipt"]
                self.assertIsNotNone(self.gateway.verify_receipt(receipt))
                leaf = leaf_of(receipt)
                self.assertEqual((system.name, code, binding, system.key_id), tuple(leaf[name] for name in ("sender", "refusal", "binding", "cert")))
                self.assertIn("payload", leaf)
                self.assertNotIn("id", leaf, "the header is not believed")
                self.assertEqual(receipt["leaf"], self.refused(message, status, code)["receipt"]["leaf"])

    def test_a_bad_header_that_was_signed_well_is_evidence(self):
        for changes in ({"message_id": "123"}, {"message_id": None}, {"sender": None}, {"receiver": None}, {"sent_at": None},
                        {"sent_at": "2026-05-04T08:30:00"}, {"correlation_id": "1"}, {"previous_id": "1"}, {"foo": "1"}):
            with self.subTest(changes=changes):
                self.each_is_evidence_of(self.housing, self.each_binding(self.housing, **changes), 400, "malformed_header")
        twice = signing.header(self.housing, "permits.xml")
        twice["Sender"] = self.health.name
        message = signing.xml_message(self.housing, payloads.as_xml(payloads.case("refused-1")), head=twice)
        self.each_is_evidence_of(self.housing, (("xml", message),), 400, "malformed_header")
        self.log_is_good()

    def test_several_mistakes_of_one_message_leave_a_good_log(self):
        """The gateway names one of them; who verifies the log, without a register and with limits of his own, may meet another."""
        for changes, code in (({"sender": "housing/permit", "sent_at": "2026-11-28 17:00:00"}, {"unknown_sender", "malformed_header"}),
                              ({"sender": "health/licences", "message_id": "1"}, {"unknown_key", "malformed_header"})):
            for binding, message in self.each_binding(self.housing, **changes):
                with self.subTest(changes=changes, binding=binding):
                    answer = self.send(message).json
                    self.assertIn(answer["code"], code)
                    self.assertIsNotNone(self.gateway.verify_receipt(answer["receipt"]))
        for body in (b"[" * 300 + b"]" * 300, b"[" * 300 + b"}"):
            head = signing.header(self.housing, "permits.json", message_id="1")
            self.refused(signing.json_message(self.housing, body, head=head), 400, "too_deep")
        payload = signing.header(self.housing, "permits.xml", sender="housing/permit")
        self.send(signing.xml_message(self.housing, b'<Payload encoding="base64" mediaType="application/json">=</Payload>', head=payload))
        self.log_is_good()

    def test_a_time_that_cannot_be_written_in_utc_is_none(self):
        for sent_at in ("9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"):
            self.each_is_refused(self.each_binding(self.housing, sent_at=sent_at), 400, "malformed_header")
        self.log_is_good()

    def test_unknown_sender(self):
        messages = self.each_binding(self.housing, sender="nobody/known")
        self.each_is_evidence_of(self.housing, messages, 401, "unknown_sender")

    def test_who_is_claimed_and_not_known_may_be_a_person(self):
        gateway = self.make()  # of its own: the log keeps a few of them a minute
        gateway.start()
        number, telephone, told = "350203199003070049", "13800013800", "3***9 (18)/1***0 (11)"
        for _, message in self.each_binding(System("x/y", gateway.keys), sender=f"{number}/{telephone}"):
            answer = send(gateway, message)
            self.assertEqual(401, answer.status, answer)
            self.assertNotIn(telephone.encode(), answer.body)
            self.assertIn((answer.json["code"], answer.json["value"] == told), (("unknown_sender", True), ("unknown_key", False)), answer)
        until(lambda: [line for line in gateway.log_lines() if line.get("claimed_sender") == told], "the line in the log")
        self.assertEqual([], [one for one in (number, telephone) if one in gateway.stderr()])

    def test_key_of_another_sender(self):
        messages = self.each_binding(self.health, sender="housing/permits")
        self.each_is_evidence_of(self.health, messages, 401, "unknown_key")

    def test_bad_signature(self):
        jws = signing.json_message(self.housing, BODY)
        head, payload, signature = jws.body.split(b".")
        jws.body = b".".join((head, payload, (b"B" if signature[:1] == b"A" else b"A") + signature[1:]))
        self.refused(jws, 401, "bad_signature")
        xml = signing.xml_message(self.housing, payloads.as_xml(payloads.case("refused-2")))
        xml.body = xml.body.replace(b"refused-2", b"refused-3")
        self.refused(xml, 401, "bad_signature")
        request = signing.http_message(self.housing, BODY)
        request.fields["Caseway-Sent-At"] = signing.timestamp(-1)
        self.refused(request, 401, "bad_signature")

    def test_changed_body_under_a_good_signature(self):
        message = signing.http_message(self.housing, BODY)
        message.body = message.body.replace(b"refused-1", b"refused-2")
        self.refused(message, 401, "digest_mismatch")

    def test_expired_certificate(self):
        self.each_is_refused(self.each_binding(self.gateway.systems["housing/expired"]), 401, "certificate_expired")

    def test_wrong_receiver_is_refused_with_evidence(self):
        problem = self.each_is_refused(self.each_binding(self.housing, receiver="other/gateway"), 403, "wrong_receiver")
        self.assertIsNotNone(self.gateway.verify_receipt(problem["receipt"]))
        self.assertEqual(("refusal", "wrong_receiver"), (leaf_of(problem["receipt"])["type"], leaf_of(problem["receipt"])["refusal"]))

    def test_an_hour_ahead(self):
        self.each_is_refused(self.each_binding(self.housing, sent_at=signing.timestamp(1)), 401, "sent_at_ahead")

    def test_eight_days_old(self):
        self.each_is_refused(self.each_binding(self.housing, sent_at=signing.timestamp(-8 * 24)), 401, "sent_at_too_old")

    def test_six_days_old_is_taken(self):
        for binding, message in self.each_binding(self.housing, sent_at=signing.timestamp(-6 * 24)):
            with self.subTest(binding=binding):
                self.taken(message)

    def test_signature_created_outside_the_window(self):
        self.refused(signing.http_message(self.housing, BODY, created=int(time.time()) + 3600), 401, "sent_at_ahead")
        self.refused(signing.http_message(self.housing, BODY, created=int(time.time()) - 8 * 86400), 401, "sent_at_too_old")

    def test_unknown_type(self):
        message = signing.json_message(self.housing, BODY)
        for content_type in ("text/plain", "application/json", "application/xmlx", ""):
            with self.subTest(content_type=content_type):
                message.fields = {"Content-Type": content_type}
                answer = self.send(message)
                self.assertEqual(415, answer.status, answer)
                self.assertTrue(answer.json["code"] and answer.json["hint"])

    def test_too_large_by_its_length_is_refused_before_its_body(self):
        for content_type in ("application/xml", "application/jose"):
            connection = http.client.HTTPSConnection("127.0.0.1", self.gateway.port, context=self.tls(), timeout=60)
            self.addCleanup(connection.close)
            connection.putrequest("POST", "/v1/messages")
            connection.putheader("Content-Type", content_type)
            connection.putheader("Content-Length", str(10 * 1024 * 1024 + 1))
            connection.endheaders()
            self.assertEqual(413, connection.getresponse().status)

    def test_too_large_without_a_length_is_refused_too(self):
        connection = http.client.HTTPSConnection("127.0.0.1", self.gateway.port, context=self.tls(), timeout=60)
        self.addCleanup(connection.close)
        try:
            connection.request("POST", "/v1/messages", body=(b" " * 65536 for _ in range(170)), encode_chunked=True,
                               headers={"Content-Type": "application/xml", "Transfer-Encoding": "chunked"})
        except OSError:
            pass  # the gateway need not read what it has refused
        self.assertEqual(413, connection.getresponse().status)

    def tls(self):
        return ssl.create_default_context(cafile=str(self.gateway.data / "tls" / "server.pem"))

    def test_mapping_of_others(self):
        problem = self.refused(signing.json_message(self.gateway.systems["housing/narrow"], BODY), 403, "mapping_not_allowed")
        self.assertIn("receipt", problem)

    def test_mapping_must_be_named_where_there_are_two(self):
        head = signing.header(self.housing, None)
        self.refused(signing.json_message(self.housing, BODY, head=head), 400, "mapping_required")
        narrow = self.gateway.systems["housing/narrow"]
        self.taken(signing.xml_message(narrow, payloads.as_xml(payloads.case("only-one")), head=signing.header(narrow, None)))

    def test_compressed_payload_is_refused_clearly(self):
        for size in (1, 20000):  # inline, and spooled
            body = gzip.compress(payloads.as_json(*(payloads.case(f"z-{n}", title=f"{n * 7919:x}" * 9) for n in range(size))), 0)
            with self.subTest(bytes=len(body)):
                message = signing.http_message(self.housing, body, Content_Encoding="gzip")
                answer = self.send(message)
                self.assertEqual((415, "content_encoding_unknown"), (answer.status, answer.json["code"]), answer)
                self.assertEqual("identity", answer.fields["Accept-Encoding"])
                self.assertIn("Content-Encoding", answer.json["hint"])
                self.assertIsNotNone(self.gateway.verify_receipt(answer.json["receipt"]))
                self.assertEqual(("refusal", message.id), (leaf_of(answer.json["receipt"])["type"], leaf_of(answer.json["receipt"])["id"]))
                again = self.refused(message, 415, "content_encoding_unknown")
                self.assertEqual(answer.json["receipt"], again["receipt"])
                plain = signing.http_message(self.housing, payloads.as_json(payloads.case(f"plain-{size}")), head=message.head)
                self.taken(plain)  # the id was left free
        self.log_is_good()

    def test_a_coding_around_a_signed_document_is_refused_clearly(self):
        for maker, body in ((signing.json_message, BODY), (signing.xml_message, payloads.as_xml(payloads.case("coded")))):
            with self.subTest(binding=maker.__name__):
                message = maker(self.housing, body)
                coded = signing.Message({**message.fields, "Content-Encoding": "gzip"}, gzip.compress(message.body), message.head)
                answer = self.send(coded)
                self.assertEqual((415, "content_encoding_unknown"), (answer.status, answer.json["code"]), answer)
                self.assertEqual("identity", answer.fields["Accept-Encoding"])
                self.assertNotIn("receipt", answer.json)
                client = self.reader(self.housing)  # whoever shows a certificate answers for it
                self.assertIsNotNone(self.gateway.verify_receipt(client.send(coded).json["receipt"]))
                self.taken(message)  # the id was left free

    def test_a_coding_in_a_second_line_is_one_of_the_list(self):
        body = payloads.as_json(payloads.case("lines"))
        packed = gzip.compress(body)
        for maker, content in ((signing.json_message, body), (signing.xml_message, payloads.as_xml(payloads.case("lines")))):
            with self.subTest(binding=maker.__name__):
                message = maker(self.housing, content)
                lines = {**message.fields, "Content-Encoding": "identity", "content-encoding": "gzip"}
                self.refused(signing.Message(lines, gzip.compress(message.body), message.head), 415, "content_encoding_unknown")
        message = signing.http_message(self.housing, packed, Content_Encoding="identity, gzip")  # as RFC 9421 signs two lines
        message.fields.update({"Content-Encoding": "identity", "content-encoding": "gzip"})
        problem = self.refused(message, 415, "content_encoding_unknown")
        self.assertIsNotNone(self.gateway.verify_receipt(problem["receipt"]))
        self.assertIsNotNone(self.gateway.verify_receipt(self.refused(message, 415, "content_encoding_unknown")["receipt"]))
        self.log_is_good()

    def test_what_is_compressed_is_refused_unread_however_it_is_broken(self):
        body = payloads.as_json(payloads.case("packed"))
        packed, bomb = gzip.compress(body), gzip.compress(bytes(64 * 1024 * 1024))
        for size in (0, 2 * 1024 * 1024):  # inline, and spooled
            behind = bytes(size)
            for name, content in (("whole", packed), ("cut off", packed[:-9]), ("more behind", packed + b"xx"), ("no gzip", body), ("bomb", bomb)):
                with self.subTest(content=name, behind=size):
                    problem = self.refused(signing.http_message(self.housing, content + behind, Content_Encoding="gzip"), 415, "content_encoding_unknown")
                    self.assertIn("receipt", problem)
            # The digest is that of what goes over the wire; one of the payload before it was packed is another one.
            of_plain = signing.http_message(self.housing, body + behind, Content_Encoding="gzip")
            problem = self.refused(signing.Message(of_plain.fields, packed + behind, of_plain.head), 401, "digest_mismatch")
            self.assertIn("compressed", problem["hint"])
        unsaid = signing.http_message(self.housing, packed)
        self.assertIn("receipt", self.refused(unsaid, 422, "wrong_encoding"))
        uncovered = signing.http_message(self.housing, packed)
        uncovered.fields["Content-Encoding"] = "gzip"
        self.refused(uncovered, 400, "malformed_envelope")
        self.log_is_good()

    def test_large_body_refused_by_its_head_is_evidence(self):
        body = payloads.as_json(*(payloads.case(f"h-{n}", title="z" * 900) for n in range(1500)))
        for status, code, changes in ((403, "wrong_receiver", {"receiver": "other/gateway"}),
                                      (401, "sent_at_too_old", {"sent_at": signing.timestamp(-24 * 8)})):
            with self.subTest(code=code):
                message = signing.http_message(self.housing, body, head=signing.header(self.housing, "permits.json", **changes))
                receipt = self.refused(message, status, code)["receipt"]
                self.assertIsNotNone(self.gateway.verify_receipt(receipt))
                leaf = leaf_of(receipt)
                self.assertEqual(("refusal", code, message.id), (leaf["type"], leaf["refusal"], leaf["id"]))
                self.assertNotIn("payload", leaf, "nobody read it")
        forged = signing.http_message(self.housing, body, head=signing.header(self.housing, "permits.json", receiver="other/gateway"))
        forged.fields["Caseway-Receiver"] = "another/gateway"
        self.assertNotIn("receipt", self.refused(forged, 401, "bad_signature"))
        self.log_is_good()

    def test_what_nobody_signed_never_spoils_the_log(self):
        for size in (0, 1, 64 * 1024, 64 * 1024 + 1, 2 * 1024 * 1024):
            answer = self.send(signing.Message({"Content-Type": "application/jose"}, b"x" * size, {}))
            self.assertEqual((400, "malformed_envelope"), self.status_and_code(answer))
        self.taken(signing.json_message(self.housing, payloads.as_json(payloads.case("after-noise"))))
        self.log_is_good()

    def test_unknown_path_and_method(self):
        client = self.reader(None)
        self.assertEqual((404, "no_such_path"), self.status_and_code(client.get("/v1/nothing")))
        answer = client.request("DELETE", "/v1/cases")
        self.assertEqual((405, "method_not_allowed"), self.status_and_code(answer))
        self.assertEqual("GET", answer.fields["Allow"])

    @staticmethod
    def status_and_code(answer):
        return answer.status, answer.json["code"]

    def test_the_log_is_good_afterwards(self):
        self.taken(signing.json_message(self.housing, payloads.as_json(payloads.case("good-2"))))
        self.log_is_good()


if __name__ == "__main__":
    unittest.main(verbosity=2)
