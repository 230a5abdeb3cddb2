"""Where answers turn: the last body that is answered 200 and the first that is answered 202; a receipt exactly where there is a leaf; the id in
every answer that could read it; what a registered client certificate opened the connection for is evidence of its system."""
import hashlib
import unittest

import payloads
import signing
from client import Client
from gateway_case import GatewayCase
from installation import index_of, leaf_of

LIMIT = 64 * 1024
RECORDS = 20


class Edges(GatewayCase):
    SETTINGS = {"limits__spool_above_bytes": LIMIT, "limits__inline_records": RECORDS}

    def of_bytes(self, binding, size, name):
        """A message of one record whose request has a body of exactly this size."""
        one = payloads.case(f"{name}-{binding}-{size}")
        if binding == "http":
            return signing.http_message(self.housing, payloads.as_json(one).ljust(size))
        if binding == "json":
            message = signing.json_message(self.housing, payloads.as_json(one), flattened=True)
        else:
            message = signing.xml_message(self.housing, payloads.as_xml(one))
        message.body = message.body.ljust(size)
        self.assertEqual(size, len(message.body))
        return message

    def size_of_log(self):
        return int(self.reader(None).get("/v1/log/checkpoint").body.split(b"\n")[1])

    def over(self, system, body, fields):
        client = Client(self.gateway, system)
        self.addCleanup(client.close)
        return client.request("POST", "/v1/messages", body, fields)

    def test_the_last_body_that_is_answered_at_once(self):
        for binding in ("http", "json", "xml"):
            for size, status in ((LIMIT - 1, 200), (LIMIT, 200), (LIMIT + 1, 202)):
                with self.subTest(binding=binding, bytes=size):
                    answer = self.send(self.of_bytes(binding, size, "edge"))
                    self.assertEqual(status, answer.status, answer)
                    self.assertEqual("message" if status == 200 else "received", leaf_of(answer.json["receipt"])["type"])

    def test_the_last_number_of_records_that_is_answered_at_once(self):
        for records, status in ((RECORDS, 200), (RECORDS + 1, 202)):
            cases = [payloads.case(f"many-{records}-{n}") for n in range(records)]
            for binding, message in (("json", signing.json_message(self.housing, payloads.as_json(*cases))),
                                     ("http", signing.http_message(self.housing, payloads.as_json(*cases))),
                                     ("xml", signing.xml_message(self.housing, payloads.as_xml(*cases)))):
                with self.subTest(binding=binding, records=records):
                    self.assertEqual(status, self.send(message).status)

    def test_a_receipt_exactly_where_there_is_a_leaf_of_its_own(self):
        body = payloads.as_json(payloads.case("leaf"))
        nobody = signing.json_message(self.housing, body)
        nobody.body = nobody.body[:-8] + b"AAAAAAAA"
        head = signing.header(self.housing, "permits.json")
        for message in (signing.json_message(self.housing, body, head=head), signing.json_message(self.housing, body, head=head),
                        signing.json_message(self.housing, body + b" ", head=head),
                        signing.json_message(self.housing, body, head=signing.header(self.housing, "permits.json", receiver="x/y")),
                        signing.http_message(self.housing, body, head=signing.header(self.housing, "permits.json", message_id=None)),
                        signing.http_message(self.housing, b"[", head=signing.header(self.housing, "permits.json")),
                        self.of_bytes("http", LIMIT + 1, "leaf")):
            answer = self.send(message)
            with self.subTest(status=answer.status, code=answer.json.get("code")):
                receipt = answer.json["receipt"]
                self.assertIsNotNone(self.gateway.verify_receipt(receipt))
                self.assertLess(index_of(receipt), self.size_of_log())
        # Of what nobody authenticated the log keeps a sample; a leaf that is no promise to anybody has no receipt.
        answer = self.send(nobody)
        self.assertEqual((401, "bad_signature"), (answer.status, answer.json["code"]))
        self.assertNotIn("receipt", answer.json)
        self.log_is_good()

    def test_a_problem_names_the_message_wherever_its_id_was_read(self):
        body = payloads.as_json(payloads.case("named"))
        for binding, changes, code in (("http", {"sender": "nobody/known"}, "unknown_sender"), ("json", {"sender": "nobody/known"}, "unknown_sender"),
                                       ("http", {"receiver": None}, "malformed_header"), ("json", {"receiver": None}, "malformed_header"),
                                       ("xml", {"receiver": None}, "malformed_header"), ("xml", {"sender": "nobody/known"}, "unknown_sender")):
            with self.subTest(binding=binding, code=code):
                head = signing.header(self.housing, f"permits.{'xml' if binding == 'xml' else 'json'}", **changes)
                message = (signing.http_message(self.housing, body, head=head) if binding == "http" else
                           signing.json_message(self.housing, body, head=head) if binding == "json" else
                           signing.xml_message(self.housing, payloads.as_xml(payloads.case("named")), head=head))
                answer = self.send(message)
                self.assertEqual((code, message.id), (answer.json["code"], answer.json.get("message_id")), answer)
                self.assertIsNotNone(self.gateway.verify_receipt(answer.json), "the whole answer")
        other_body = signing.http_message(self.housing, body)
        other_body.body += b" "
        tampered = signing.http_message(self.housing, body)
        tampered.fields["Caseway-Mapping"] = "other"
        for message, code in ((other_body, "digest_mismatch"), (tampered, "bad_signature")):
            answer = self.send(message)
            self.assertEqual((code, message.id), (answer.json["code"], answer.json.get("message_id")), answer)
            self.assertNotIn("receipt", answer.json)
        no_uuid = signing.http_message(self.housing, body, head=signing.header(self.housing, "permits.json", message_id="350203199003070049"))
        self.assertNotIn("message_id", self.send(no_uuid).json)

    def test_what_is_refused_over_a_registered_certificate_is_evidence(self):
        size = 10 * 1024 * 1024 + 1
        unsigned = signing.http_message(self.housing, payloads.as_json(payloads.case("big")).ljust(LIMIT + 1))
        unsigned.fields["Caseway-Mapping"] = "other"
        for status, code, body, fields, is_kept in (
                (415, "unknown_type", b"zz", {"Content-Type": "text/plain"}, True),
                (415, "unknown_type", b"z" * (LIMIT + 1), {"Content-Type": "text/plain"}, False),
                (413, "too_large", b"", {"Content-Type": "application/jose", "Content-Length": str(size)}, False),
                (401, "bad_signature", unsigned.body, unsigned.fields, False)):
            with self.subTest(code=code, bytes=len(body)):
                before = self.size_of_log()
                answer = self.over(self.housing, body, fields)
                self.assertEqual((status, code), (answer.status, answer.json["code"]), answer)
                self.assertIsNotNone(self.gateway.verify_receipt(answer.json["receipt"]))
                leaf = leaf_of(answer.json["receipt"])
                self.assertEqual((self.housing.name, code, self.housing.key_id), (leaf["sender"], leaf["refusal"], leaf["cert"]))
                self.assertNotIn("binding", leaf, "no signature is claimed")
                self.assertEqual(before + 1, self.size_of_log())
                self.assertEqual(is_kept, leaf["envelope"] == hashlib.sha256(body).hexdigest(), "its bytes, where they are few")
        for system in (None, self.housing):
            answer = self.over(system, b"zz", {"Content-Type": "text/plain"})
            self.assertEqual(system is not None, "receipt" in answer.json)
        self.log_is_good()

    def test_what_is_kept_of_a_body_that_was_not_read_names_its_coding(self):
        for fields in ({"Content-Encoding": "gzip"}, {"Content-Encoding": "gzip, br"}, {}):
            with self.subTest(fields=fields):
                content_type = "application/jose" if fields else "text/plain"
                answer = self.over(self.housing, b"z" * (LIMIT + 2), {"Content-Type": content_type, **fields})
                self.assertEqual(415, answer.status, answer)
                kept = f"POST /v1/messages\nContent-Type: {content_type}\n" + "".join(f"{name}: {value}\n" for name, value in fields.items())
                kept += f"Content-Length: {LIMIT + 2}\n"
                self.assertEqual(hashlib.sha256(kept.encode()).hexdigest(), leaf_of(answer.json["receipt"])["envelope"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
