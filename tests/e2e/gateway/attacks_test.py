"""Attacks that need a real gateway: races for one message id, other writings of times, ids and encodings, TLS and 100-continue
abuse, a mapping made to stall the workers."""
import concurrent.futures
import datetime
import http.client
import re
import socket
import ssl
import subprocess
import unittest
import uuid

import payloads
import signing
from client import Client, send
from gateway_case import GatewayCase
from installation import b64

COSTLY = """mapping: costly.xml
source: {format: xml, records: /Cases/Case}
fields:
  source_case_no: No
  extra.found: "count(//Title[contains(string(/), 'nowhere')])"
"""


class Attacks(GatewayCase):
    @classmethod
    def make(cls, **settings):
        gateway = super().make(**settings)
        folder = gateway.data / "mappings" / "costly_xml"
        folder.mkdir()
        (folder / "mapping.yaml").write_text(COSTLY)
        gateway.register("housing/costly", "11350200004135017C", mappings=("costly.xml",))
        return gateway

    def tls(self):
        return ssl.create_default_context(cafile=str(self.gateway.data / "tls" / "server.pem"))

    def each_binding(self, no, **changes):
        body = payloads.as_json(payloads.case(no))
        head = signing.header(self.housing, "permits.json", **changes)
        xml_head = signing.header(self.housing, "permits.xml", **changes)
        return {"json": signing.json_message(self.housing, body, head=head), "http": signing.http_message(self.housing, body, head=head),
                "xml": signing.xml_message(self.housing, payloads.as_xml(payloads.case(no)), head=xml_head)}

    def test_one_of_many_contents_that_race_for_one_id_is_taken(self):
        for binding in ("json", "http", "xml"):
            one_id = str(uuid.uuid4())
            messages = [self.each_binding(f"race-{binding}-{n}", message_id=one_id)[binding] for n in range(12)]
            with self.subTest(binding=binding), concurrent.futures.ThreadPoolExecutor(12) as pool:
                answers = list(pool.map(lambda message: send(self.gateway, message), messages + messages[::-1]))
                taken = [answer for answer in answers if answer.status == 200]
                self.assertEqual({"id_reused"}, {answer.json["code"] for answer in answers if answer.status == 409})
                self.assertEqual((2, 22), (len(taken), sum(answer.status == 409 for answer in answers)), answers)
                self.assertEqual(taken[0].json["receipt"]["leaf"], taken[1].json["receipt"]["leaf"])
        self.log_is_good()

    def test_one_case_under_many_senders_at_once_has_one_owner(self):
        messages = [signing.json_message(system, payloads.as_json(payloads.case(f"{n}-{system.name[:2]}", case_no="RACE-1")))
                    for n in range(6) for system in (self.housing, self.health)]
        with concurrent.futures.ThreadPoolExecutor(12) as pool:
            answers = list(pool.map(lambda message: send(self.gateway, message), messages))
        owners = {message.head["sender"] for message, answer in zip(messages, answers) if answer.status == 200}
        self.assertEqual((1, 6), (len(owners), sum(answer.status == 200 for answer in answers)), answers)
        refused = [answer.json for answer in answers if answer.status == 422]
        self.assertEqual(6, len(refused))

    def test_other_writings_of_the_header(self):
        now = datetime.datetime.now(datetime.timezone.utc)
        zone = datetime.timezone(datetime.timedelta(hours=-12))
        good = [now.strftime("%Y-%m-%dT%H:%M:%SZ"), now.strftime("%Y-%m-%dt%H:%M:%S.123456789z"), now.astimezone(zone).isoformat()]
        bad = [now.strftime(form) for form in ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%SZ", "%Y-%m-%dT%H:%M:%S+24:00", "%Y-%m-%dT%H:%M:61Z",
                                               "%Y-%m-%dT12:30:60Z", "%Y-%m-%dT24:00:00Z", "%Y-%m-%d", "%s", " %Y-%m-%dT%H:%M:%SZ")]
        for text in good:
            self.taken(self.each_binding("time", sent_at=text)["json"])
        fields = [("sent_at", text) for text in bad]
        fields += [("message_id", form.format(uuid.uuid4())) for form in ("{{{}}}", "urn:uuid:{}", "{} ", "{}0")]
        fields += [("sender", text) for text in ("Housing/permits", "housing/permits/", "housing//permits", "hоusing/permits", "../permits")]
        for field, text in fields:
            for binding in ("json", "xml"):
                with self.subTest(field=field, text=text, binding=binding):
                    answer = self.send(self.each_binding("header", **{field: text})[binding])
                    self.assertEqual((400, "malformed_header"), (answer.status, answer.json["code"]), answer)

    def test_an_id_in_capitals_is_the_same_id(self):
        first = self.each_binding("capitals")["json"]
        head = {**first.head, "message_id": first.id.upper()}
        again = signing.json_message(self.housing, payloads.as_json(payloads.case("capitals")), head=head)
        self.assertEqual(self.taken(first)["receipt"]["leaf"], self.taken(again)["receipt"]["leaf"])

    def test_a_signed_tree_in_another_encoding_says_the_same_or_nothing(self):
        def recoded(declared, encoded):
            message = signing.xml_message(self.housing, payloads.as_xml(payloads.case(f"as-{declared}", name="韦青禾")))
            text = message.body.decode().replace('encoding="UTF-8"', f'encoding="{declared}"', 1)
            message.body = text.encode(encoded, "xmlcharrefreplace")
            return message
        for declared, encoded in (("UTF-16", "utf-16"), ("GB18030", "gb18030"), ("GBK", "gbk"), ("US-ASCII", "ascii")):
            with self.subTest(declared=declared):
                self.taken(recoded(declared, encoded))
                case = self.reader(self.housing).get(f"/v1/cases?source_case_no=as-{declared}").json["cases"][0]
                self.assertEqual("韦青禾", case["record"]["applicant_name"])
        marked = recoded("GB18030", "gb18030")
        marked.body = b"\x84\x31\x95\x33" + marked.body
        self.taken(marked)
        for declared, encoded in (("IBM037", "cp037"), ("UTF-7", "utf-7"), ("UTF-32", "utf-32"), ("GBK", "utf-8"), ("ISO-2022-CN", "utf-8")):
            with self.subTest(declared=declared, encoded=encoded):
                answer = self.send(recoded(declared, encoded))
                self.assertEqual(400, answer.status, answer)
                self.assertIn(answer.json["code"], ("wrong_encoding", "malformed_xml"))

    def test_inclusions_in_a_signed_payload_fetch_nothing(self):
        include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/hostname" parse="text"/>'
        body = f'<Cases xmlns="" xml:base="file:///etc/"><Case><No>include</No><Title>{include}</Title></Case></Cases>'.encode()
        self.taken(signing.xml_message(self.housing, body))
        record = self.reader(self.housing).get("/v1/cases?source_case_no=include").json["cases"][0]["record"]
        self.assertEqual("", record.get("case_title", "").strip())

    def test_parameters_of_components_and_digests_in_other_writings(self):
        body = payloads.as_json(payloads.case("components"))
        digest = signing.http_message(self.housing, body).fields["Content-Digest"]
        for component in ('"content-digest";sf', '"content-digest";bs', '"@method";req', '"caseway-sender";tr', '"content-type";key="a"'):
            with self.subTest(component=component):
                message = signing.http_message(self.housing, body)
                name = component.partition(";")[0]
                message.fields["Signature-Input"] = message.fields["Signature-Input"].replace(name, component)
                self.refused(message, 400, "malformed_envelope")
        for value in (f"{digest}, {digest}", f"{digest}, sha-512=:{b64(bytes(64))}:", digest.replace("sha-256", "SHA-256"),
                      digest.replace("=:", "= :"), digest + ";q=1", digest.replace(":", ""), f"sha-512=:{b64(bytes(64))}:"):
            with self.subTest(digest=value):
                head = signing.header(self.housing, "permits.json")
                self.refused(signing.http_message(self.housing, body, head=head, Content_Digest=value), 400, "malformed_envelope")

    def test_no_body_is_asked_for_where_the_head_condemns_it(self):
        message = signing.http_message(self.housing, payloads.as_json(payloads.case("continue")))
        message.fields["Signature"] = message.fields["Signature"].replace("sig1=:", "sig1=:AAAA")
        fields = {**message.fields, "Host": "localhost", "Expect": "100-continue", "Content-Length": str(2 * 1024 * 1024)}
        with self.tls().wrap_socket(socket.create_connection(("127.0.0.1", self.gateway.port), 30), server_hostname="localhost") as connection:
            connection.sendall(("POST /v1/messages HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in fields.items()) + "\r\n").encode())
            answer = http.client.HTTPResponse(connection)
            answer.begin()  # would skip a 100
            self.assertIn(answer.status, (400, 401))
            self.assertEqual("close", answer.getheader("Connection"))

    def test_tls_1_2_is_not_renegotiated(self):
        result = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{self.gateway.port}", "-tls1_2", "-legacy_renegotiation"],
                                input=b"R\n", capture_output=True, timeout=60, check=False)
        self.assertRegex(result.stderr + result.stdout, re.compile(b"no renegotiation|RENEGOTIATING", re.I))
        self.assertNotEqual(0, result.returncode)
        self.taken(self.each_binding("after-renegotiation")["json"])

    def test_a_costly_mapping_costs_its_own_records_only(self):
        costly = self.gateway.systems["housing/costly"]
        body = payloads.as_xml(*({"no": f"costly-{n}", "title": "x"} for n in range(3000)))
        answer = self.send(signing.xml_message(costly, body, head=signing.header(costly, "costly.xml")))
        self.assertEqual((422, "no_record_taken"), (answer.status, answer.json["code"]), answer)
        refusal = answer.json["refusals"][0]
        self.assertEqual(("expression_too_costly", 1), (refusal["code"], refusal["record"]))
        self.assertIn("extra.found", refusal["rule"])
        self.assertIn(b"costly: ", self.gateway.caseway("mapping", "check", self.gateway.data / "mappings" / "permits_xml").stderr
                      + self.gateway.caseway("mapping", "check", self.write_check()).stderr)
        client = Client(self.gateway)
        self.addCleanup(client.close)
        self.assertEqual(200, client.send(self.each_binding("beside-costly")["json"]).status)

    def write_check(self):
        folder = self.gateway.folder / "checked"
        folder.mkdir(exist_ok=True)
        (folder / "mapping.yaml").write_text(COSTLY.replace("contains(string(/), 'nowhere')", ". = //No"))
        return folder


if __name__ == "__main__":
    unittest.main(verbosity=2)
