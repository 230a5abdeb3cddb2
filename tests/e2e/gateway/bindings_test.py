"""Bindings: what independent tools sign is taken; receipts prove it offline; the same message again is the same message."""
import base64
import http.client
import json
import ssl
import threading
import unittest
import uuid

import payloads
import signing
from gateway_case import HOUSING, GatewayCase, counts
from installation import index_of, leaf_of


class Bindings(GatewayCase):
    @classmethod
    def make(cls, **settings):
        gateway = super().make(**settings)
        gateway.register("housing/rsa", HOUSING, algorithm="RS256")
        gateway.register("housing/ed", HOUSING, algorithm="EdDSA")
        return gateway

    def messages(self, prefix):
        one = payloads.case
        return {"xml": signing.xml_message(self.housing, payloads.as_xml(one(prefix + "-X"))),
                "json": signing.json_message(self.housing, payloads.as_json(one(prefix + "-J"))),
                "flattened": signing.json_message(self.housing, payloads.as_json(one(prefix + "-F")), flattened=True),
                "http": signing.http_message(self.housing, payloads.as_json(one(prefix + "-H"))),
                "http with XML": signing.http_message(self.housing, payloads.as_xml(one(prefix + "-HX"), declaration=True),
                                                      mapping="permits.xml", content_type="application/xml")}

    def test_messages_of_independent_tools_are_taken_and_their_receipts_verify_offline(self):
        for binding, message in self.messages("take").items():
            with self.subTest(binding=binding):
                answer = self.taken(message)
                self.assertEqual(counts(new=1), answer["records"])
                self.assertEqual(message.id, leaf_of(answer["receipt"])["id"])
                verdict = self.gateway.verify_receipt(answer["receipt"])
                self.assertEqual(message.id, verdict["message_id"])
                self.assertEqual(index_of(answer["receipt"]), verdict["index"])

    def test_a_small_body_of_no_told_length_is_taken_like_any_other(self):
        message = signing.http_message(self.housing, payloads.as_json(payloads.case("chunked")))
        context = ssl.create_default_context(cafile=str(self.gateway.data / "tls" / "server.pem"))
        connection = http.client.HTTPSConnection("127.0.0.1", self.gateway.port, context=context, timeout=60)
        self.addCleanup(connection.close)
        fields = {name: value for name, value in message.fields.items() if name.lower() != "content-length"}
        connection.request("POST", "/v1/messages", body=iter([message.body[:7], message.body[7:]]), encode_chunked=True,
                           headers={**fields, "Transfer-Encoding": "chunked"})
        answer = connection.getresponse()
        self.assertEqual(200, answer.status)
        self.assertEqual(counts(new=1), json.loads(answer.read())["records"])
        self.assertEqual([], [file for file in (self.gateway.data / "payloads").rglob("*") if file.is_file()])

    def test_what_the_media_type_declares_is_taken_at_its_word(self):
        for charset, encoding in (("Big5", "big5"), ("UTF-16LE", "utf-16-le"), ("GBK", "utf-8"), ("GB2312", "gb18030")):
            with self.subTest(charset=charset):
                case = payloads.case(f"declared-{charset}", name="張三")
                body = json.dumps(json.loads(payloads.as_json(case)), ensure_ascii=False).encode(encoding)
                self.taken(signing.http_message(self.housing, body, content_type=f"application/json; charset={charset}"))
                found = self.reader(self.housing).get(f"/v1/cases?source_case_no=declared-{charset}").json["cases"][0]
                self.assertEqual("張三", found["record"]["applicant_name"])

    def test_each_kind_of_key(self):
        for name, kind, algorithm in (("rsa", "RS256", "RS256"), ("rsa", "RS256", "PS256"), ("ed", "EdDSA", "EdDSA")):
            with self.subTest(algorithm=algorithm):
                system = self.gateway.systems[f"housing/{name}"]
                self.taken(signing.json_message(system, payloads.as_json(payloads.case(f"key-{algorithm}")), algorithm=algorithm))
        rsa = self.gateway.systems["housing/rsa"]
        self.taken(signing.xml_message(rsa, payloads.as_xml(payloads.case("key-xml"))))
        for _, message in (("none", {"alg": "none"}), ("another's", {"alg": "HS256"})):
            token = signing.json_message(self.housing, payloads.as_json(payloads.case("key-none")))
            parts = token.body.split(b".")
            protected = {**message, "kid": self.housing.key_id, "typ": "caseway-message+jws"}
            token.body = b".".join((base64.urlsafe_b64encode(json.dumps(protected).encode()).rstrip(b"="), parts[1], parts[2]))
            self.assertIn(self.send(token).status, (400, 401))

    def test_changed_receipt_proves_nothing(self):
        receipt = self.taken(signing.json_message(self.housing, payloads.as_json(payloads.case("forge-1"))))["receipt"]
        forged = {**receipt, "leaf": receipt["leaf"].replace('"new":1', '"new":2')}
        self.assertNotEqual(receipt["leaf"], forged["leaf"])
        self.assertIsNone(self.gateway.verify_receipt(forged))
        self.assertIsNone(self.gateway.verify_receipt({**receipt, "proof": receipt["proof"].replace("\nindex ", "\nindex 1", 1)}))

    def test_same_message_again_has_the_same_leaf(self):
        for binding, message in self.messages("again").items():
            with self.subTest(binding=binding):
                first, second = self.taken(message), self.taken(message)
                self.assertEqual(first["records"], second["records"])
                self.assertEqual(first["receipt"]["leaf"], second["receipt"]["leaf"])
                self.assertEqual(index_of(first["receipt"]), index_of(second["receipt"]))

    def test_same_message_from_many_at_once_is_taken_once(self):
        message, answers = signing.json_message(self.housing, payloads.as_json(payloads.case("at-once"))), []
        senders = [threading.Thread(target=lambda: answers.append(self.send(message))) for _ in range(12)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        self.assertEqual([200] * 12, [answer.status for answer in answers])
        self.assertEqual(1, len({answer.json["receipt"]["leaf"] for answer in answers}))
        self.assertEqual(counts(new=1), answers[0].json["records"])

    def test_signed_anew_it_is_the_same_message(self):
        body = payloads.as_json(payloads.case("anew-1"))
        first = signing.json_message(self.housing, body)
        second = signing.json_message(self.housing, body, head=first.head)
        self.assertNotEqual(first.body, second.body)
        self.assertEqual(index_of(self.taken(first)["receipt"]), index_of(self.taken(second)["receipt"]))

    def test_id_with_another_content_is_refused_and_logged(self):
        first = signing.json_message(self.housing, payloads.as_json(payloads.case("reuse-1")))
        self.taken(first)
        other = signing.json_message(self.housing, payloads.as_json(payloads.case("reuse-2")), head=first.head)
        problem = self.refused(other, 409, "id_reused")
        self.assertIsNotNone(self.gateway.verify_receipt(problem["receipt"]))
        self.taken(first)

    def test_id_belongs_to_its_sender(self):
        message_id = str(uuid.uuid4())
        for system in (self.housing, self.health):
            head = signing.header(system, "permits.json", message_id=message_id)
            self.taken(signing.json_message(system, payloads.as_json(payloads.case("own-id")), head=head))

    def test_same_content_under_a_new_id_changes_nothing(self):
        body = payloads.as_json(payloads.case("same-1"))
        self.taken(signing.json_message(self.housing, body))
        self.assertEqual(counts(same=1), self.taken(signing.json_message(self.housing, body))["records"])

    def test_newer_version_changes_older_is_stale(self):
        for version, expected in (("2", counts(new=1)), ("3", counts(changed=1)), ("1", counts(stale=1))):
            body = payloads.as_json(payloads.case("version-1", version=version, title=f"title {version}"))
            self.assertEqual(expected, self.taken(signing.json_message(self.housing, body))["records"])

    def test_the_log_is_good_afterwards(self):
        self.taken(signing.json_message(self.housing, payloads.as_json(payloads.case("good-1"))))
        self.assertGreater(self.log_is_good()["signatures"], 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
