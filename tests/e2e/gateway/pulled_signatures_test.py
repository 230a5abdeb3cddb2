"""Files and answers that bear their department's signature, made by xmlsec1, openssl, jose and jwcrypto: taken, refused, proved."""
import hashlib
import http.server
import json
import unittest

import payloads
import signing
from installation import b64, run, until
from sync_run_test import NAME, ServiceCase

DSIG = "http://www.w3.org/2000/09/xmldsig#"
INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
INFO = (f'<SignedInfo xmlns="{DSIG}"><CanonicalizationMethod Algorithm="{INCLUSIVE}"></CanonicalizationMethod>'
        '<SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"></SignatureMethod><Reference URI=""><Transforms>'
        f'<Transform Algorithm="{DSIG}enveloped-signature"></Transform></Transforms>'
        '<DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></DigestMethod><DigestValue>{}</DigestValue></Reference></SignedInfo>')


def by_xmlsec(system, document):
    """An enveloped signature at the end of the document, as xmlsec1 makes it; its certificate beside it."""
    template = (f'<Signature xmlns="{DSIG}">' + INFO.replace(f' xmlns="{DSIG}"', "").format("") + "<SignatureValue/><KeyInfo><X509Data/></KeyInfo></Signature>")
    text = document.decode().replace("</Cases>", template + "</Cases>")
    return run("xmlsec1", "--sign", "--privkey-pem", f"{system.key},{system.certificate}", "/dev/stdin", data=text.encode()).stdout


def by_openssl(system, document):
    """The same by hand: `document` is canonical already."""
    info = INFO.format(b64(hashlib.sha256(document).digest()))
    value = signing.raw_signature(run("openssl", "dgst", "-sha256", "-sign", system.key, data=info.encode()).stdout)
    signature = f'<Signature xmlns="{DSIG}">{info.replace(chr(32) + "xmlns=" + chr(34) + DSIG + chr(34), "")}<SignatureValue>{b64(value)}</SignatureValue></Signature>'
    return document.replace(b"</Cases>", signature.encode() + b"</Cases>")


def by_jose(system, body, folder):
    from jwcrypto import jwk
    key = json.loads(jwk.JWK.from_pem(system.key.read_bytes()).export())
    (folder / "private.jwk").write_text(json.dumps({**key, "alg": "ES256"}))
    head = signing.header(system, "permits.json")
    (folder / "payload.json").write_bytes(b'{"header":' + json.dumps(head).encode() + b',"body":' + body + b"}")
    protected = {"protected": {"alg": "ES256", "kid": system.key_id, "typ": "caseway-message+jws"}}
    run("jose", "jws", "sig", "-I", folder / "payload.json", "-k", folder / "private.jwk", "-s", json.dumps(protected), "-c", "-o", folder / "jose.jws")
    return (folder / "jose.jws").read_bytes(), head


def detached_jws(system, content, header=b'{"alg":"ES256","b64":false,"crit":["b64"]}'):
    """A JWS without its content, over the bytes as they are (RFC 7797)."""
    url = lambda text: b64(text).replace("+", "-").replace("/", "_").rstrip("=")
    value = signing.raw_signature(run("openssl", "dgst", "-sha256", "-sign", system.key, data=url(header).encode() + b"." + content).stdout)
    return url(header) + ".." + url(value)


class Answers(http.server.BaseHTTPRequestHandler):
    answer = b""
    jws = None

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(self.answer)))
        if self.jws:
            self.send_header("X-JWS-Signature", self.jws)
        self.end_headers()
        self.wfile.write(self.answer)

    def log_message(self, *_):
        pass


class PulledSignatures(ServiceCase):
    service = Answers

    def tearDown(self):
        self.remove()

    def live(self, mapping, first, rule=None, name="first.xml", **settings):
        file = self.document(**settings)
        text = file.read_text().replace("mapping: permits.json", f"mapping: {mapping}" + (f"\nsignature: {rule}" if rule else ""))
        file.write_text(text)
        self.change("connector", "add", NAME, file)
        self.offer(name, first)
        test = self.change("connector", "test", NAME)["test"]
        self.assertTrue(test["good"], test)
        self.change("connector", "activate", NAME)
        return test

    def shown(self, newest=1):
        lines = self.caseway("message", "list", "--json", "--limit", str(newest)).stdout.splitlines()
        return [json.loads(line) for line in lines]

    def test_documents_signed_by_others_tools_are_taken_with_their_certificate(self):
        key = self.housing.key_id
        test = self.live("permits.xml", by_xmlsec(self.housing, payloads.as_xml(payloads.case("seal-1"))))
        self.assertEqual({"form": "xml_document", "certificate": key, "verified": True}, test["payloads"][0]["signature"])
        canonical = b"<Cases><Case><No>seal-2</No><Item>000117003000</Item><Title>by hand</Title><Applied>2026-05-04 08:30:00</Applied>" \
                    b"<State>open</State></Case></Cases>"
        self.offer("hand.xml", by_openssl(self.housing, canonical))
        self.offer("plain.xml", payloads.as_xml(payloads.case("seal-3")))
        self.adds_up(self.run_now("--dry"), new=3, payloads_refused=0)
        self.adds_up(self.run_now(), new=3, payloads=3, payloads_refused=0)
        shown = self.shown(3)
        self.assertEqual({"pulled"}, {one["origin"] for one in shown})
        self.assertEqual([key, key], [one["bears_signature_of"] for one in shown if "bears_signature_of" in one])
        signed = next(one for one in shown if "bears_signature_of" in one)
        self.assertIn(f"bears the department's signature by certificate {key}, verified",
                      self.caseway("message", "show", signed["message_id"]).stderr.decode())
        self.assertIn(b"seal-", self.caseway("message", "replay", signed["message_id"]).stdout)
        self.log_is_good()

    def test_bad_ones_are_refused_by_themselves_and_a_retry_takes_them_once_the_reason_is_gone(self):
        signed = by_xmlsec(self.housing, payloads.as_xml(payloads.case("seal-4")))
        self.live("permits.xml", signed)
        self.offer("a.xml", signed.replace(b"seal-4", b"seal-5"))
        self.offer("b.xml", by_xmlsec(self.health, payloads.as_xml(payloads.case("seal-6"))))
        self.offer("c.xml", signed.replace(b"ecdsa-sha256", b"ecdsa-sha1"))
        self.offer("d.xml", signing.xml_message(self.health, b'<Cases xmlns=""/>').body)
        self.offer("e.xml", signing.xml_message(self.housing, payloads.as_xml(payloads.case("seal-7")).split(b"?>")[-1].strip().replace(
            b"<Cases>", b'<Cases xmlns="">'), signing.header(self.housing, "permits.xml", receiver="other/gateway")).body)
        self.offer("f.xml", b"<Cases>" + signed[signed.index(b"<Cases"):] + signed[signed.index(b"<Signature"):])
        ended = self.run_now(ok=False)
        self.adds_up(ended, new=1, payloads=7, payloads_refused=6)
        codes = sorted(one["code"] for one in self.shown(7) if "code" in one)
        self.assertEqual(["bad_signature", "signature_form_unknown", "signature_form_unknown", "unknown_key", "wrong_receiver", "wrong_sender"], codes)
        shown = self.caseway("sync", "show", ended["number"])
        said = (shown.stdout + shown.stderr).decode()
        self.assertIn("wrong_sender", said)
        again = json.loads(self.caseway("sync", "retry", ended["number"], "--json", ok=False).stdout.splitlines()[-1])
        self.adds_up(again, payloads=6, payloads_refused=6)
        self.log_is_good()

    def test_one_signed_message_sent_and_read_in_two_nights_is_one(self):
        body = payloads.as_json(payloads.case("seal-8"))
        first, head = by_jose(self.housing, body, self.gateway.folder)
        self.live("permits.json", first, rule="required", name="first.jws", patterns=["*"])
        self.offer("plain.json", payloads.as_json(payloads.case("seal-9")))
        ended = self.run_now(ok=False)
        self.adds_up(ended, new=1, payloads=2, payloads_refused=1)
        self.assertEqual({"signature_missing", ""}, {one.get("code", "") for one in self.shown(2)})
        again = signing.json_message(self.housing, body, head)
        self.taken(again)  # another signature over the same
        self.offer("second.jws", again.body + b"\n")
        self.adds_up(self.run_now(), read=1, same=1, payloads_refused=0)
        self.offer("other.jws", signing.json_message(self.housing, payloads.as_json(payloads.case("seal-8", version=2)), head).body)
        self.adds_up(self.run_now(ok=False), payloads_refused=1)
        self.assertEqual("id_reused", self.shown()[0]["code"])
        self.log_is_good()

    def take_over_http(self):
        """The signed answer goes in by a connector of its own."""
        file = self.gateway.folder / "http.yaml"
        file.write_text(f"type: http\ndirection: pull\nmapping: permits.xml\nsignature: required\nsettings:\n  url: http://127.0.0.1:{self.server.server_port}/cases\n"
                        "  format: xml\n  records: /Cases/Case\n")
        self.change("connector", "add", NAME, file)
        self.assertTrue(self.change("connector", "test", NAME)["test"]["good"])
        self.change("connector", "activate", NAME)
        self.adds_up(self.run_now(), new=1)
        self.assertEqual(self.housing.key_id, self.shown()[0]["bears_signature_of"])

    def test_an_answer_of_an_http_service_is_verified_as_a_file_is(self):
        Answers.answer = by_xmlsec(self.housing, payloads.as_xml(payloads.case("seal-10")))
        self.take_over_http()
        Answers.answer = Answers.answer.replace(b"seal-10", b"seal-11")
        self.adds_up(self.run_now("--full", ok=False), payloads_refused=1)
        self.log_is_good()

    def test_a_detached_jws_in_the_head_of_an_answer_is_verified_with_the_log(self):
        self.addCleanup(setattr, Answers, "jws", None)
        Answers.answer = payloads.as_xml(payloads.case("seal-14"))
        Answers.jws = detached_jws(self.housing, Answers.answer)
        self.take_over_http()
        Answers.answer = payloads.as_xml(payloads.case("seal-15"))
        self.adds_up(self.run_now("--full", ok=False), payloads_refused=1)
        self.assertEqual("bad_signature", self.shown()[0]["code"])
        self.log_is_good()

    def test_a_large_signed_document_outlives_a_kill_and_a_changed_signature_is_found(self):
        small = by_xmlsec(self.housing, payloads.as_xml(payloads.case("seal-12")))
        self.live("permits.xml", small, archive=str(self.exchange / "archive"))
        self.offer("large.xml", by_xmlsec(self.housing, payloads.as_xml(*(payloads.case(f"seal-l{n}") for n in range(6000)))))
        self.caseway("sync", "run", NAME, "--no-wait")
        until(lambda: self.stored("SELECT count(*) FROM large")[0], "its received leaf")
        self.gateway.kill()
        self.gateway.start()
        number = self.stored("SELECT max(number) FROM run")[0]
        ended = until(lambda: "ended_at" in self.run_of(number) and self.run_of(number), "the end of the run")
        self.assertEqual("done", ended["state"], ended)
        self.adds_up(ended, new=6001, payloads=2, payloads_refused=0)
        self.log_is_good()
        bundle = self.gateway.folder / "bundle"
        bundle.write_bytes(self.caseway("log", "export").stdout)
        good, summary, findings = self.gateway.verify_log(bundle, "--key", self.gateway.log_key)
        self.assertTrue(good, findings)
        self.assertGreaterEqual(summary["signatures"], 2)


if __name__ == "__main__":
    unittest.main()
