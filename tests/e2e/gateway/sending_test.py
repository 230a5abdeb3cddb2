"""`caseway message send`: the three bindings with our own signing, the receipt, and the head that finds a log rewritten."""
import contextlib
import datetime
import json
import re
import shlex
import shutil
import socket
import threading
import unittest
import uuid

import payloads
import signing
from false_gateway import answering, never_done
from gateway_case import GatewayCase
from installation import BINARY, run, until

ONE = payloads.case


class Sending(GatewayCase):
    def setUp(self):
        self.log_key = self.gateway.folder / f"{self.id().rpartition('.')[2]}.pub"
        shutil.copy(self.gateway.log_key, self.log_key)

    def message_send(self, payload, *more, gateway=None, system=None, mapping="permits.json", host="127.0.0.1", port=None):
        gateway, system = gateway or self.gateway, system or self.housing
        file = self.gateway.folder / "payload"
        file.write_bytes(payload)
        options = {"--url": f"https://{host}:{port or gateway.port}", "--ca": gateway.data / "tls" / "server.pem", "--key": system.key,
                   "--cert": system.certificate, "--sender": system.name, "--receiver": "center/gateway", "--mapping": mapping,
                   "--log-key": self.log_key}
        more = list(more)
        for name in options.keys() & set(more):  # the caller's own value
            at = more.index(name)
            options[name] = more[at + 1]
            del more[at:at + 2]
        return run(BINARY, "message", "send", file, *[part for option in options.items() for part in option], *more, ok=False)

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

    def test_what_is_not_in_its_declared_encoding_travels_as_it_is(self):
        payload = b'<?xml version="1.0" encoding="GBK"?>' + payloads.as_xml(ONE("s-gbk")) + "<!--施工-->".encode()  # good GBK too
        result = self.message_send(payload, "--binding", "xml", mapping="permits.xml")
        self.assertEqual(0, result.returncode, result)
        self.assertEqual(["encoding_differs"], [note["code"] for note in json.loads(result.stdout).get("notes", [])])
        self.assertIn(b"note: encoding_differs: declared GBK, found UTF-8", result.stderr)
        self.assertNotIn(b"refused", result.stderr)

    def test_a_payload_that_bears_a_signature_of_its_own_travels_as_it_is(self):
        for n, inner in enumerate((b'<s:Signature xmlns:s="http://www.w3.org/2000/09/xmldsig#"/>', b"<?page 1?>")):
            with self.subTest(inner=inner):
                whole = payloads.as_xml(ONE(f"s-own-{n}"))
                end = whole.rindex(b"</")
                result = self.message_send(whole[:end] + inner + whole[end:], "--binding", "xml", mapping="permits.xml")
                self.assertEqual(0, result.returncode, result)
                self.assertEqual(1, json.loads(result.stdout)["records"]["new"])

    def test_an_answer_that_powershell_kept_is_a_receipt_or_told_as_what_it_is(self):
        answer = self.message_send(payloads.as_json(ONE("s-ps")), "--binding", "json").stdout.decode()
        file = self.gateway.folder / "kept.json"

        def verified(content):
            file.write_bytes(content)
            return run(BINARY, "receipt", "verify", file, "--log-key", self.gateway.log_key, ok=False)

        self.assertEqual(0, verified(answer.encode("utf-8-sig")).returncode)
        for content, told in ((answer.encode("utf-16"), b"iconv -f UTF-16"), (b"<html/>", b"the file that holds the gateway's answer")):
            result = verified(content)
            self.assertEqual(1, result.returncode)
            self.assertIn(told, result.stderr)

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
        self.assertIn(b"is not the certificate of this gateway", result.stderr)
        self.assertIn(b"was not sent", result.stderr)
        self.assertNotIn(b"is not known", result.stderr)

    def test_nobody_there_or_the_wrong_binding_is_told_as_not_sent(self):
        with socket.create_server(("127.0.0.1", 0)) as closed:
            port = closed.getsockname()[1]
        result = self.message_send(payloads.as_json(ONE("s-8")), "--binding", "json", port=port)
        self.assertEqual((1, b""), (result.returncode, result.stdout))
        self.assertIn(b"was not sent", result.stderr)
        self.assertNotIn(b"is not known", result.stderr)
        result = self.message_send(b"<Cases/>", "--binding", "json")
        self.assertEqual(1, result.returncode)
        self.assertIn(b"--binding xml or http", result.stderr)

    def test_receipt_under_another_log_key_is_not_accepted(self):
        stranger = self.make()
        shutil.copy(stranger.log_key, self.log_key)
        result = self.message_send(payloads.as_json(ONE("s-9")), "--binding", "json")
        self.assertEqual(1, result.returncode)
        self.assertEqual("accepted", json.loads(result.stdout)["outcome"], "the answer is there whatever is wrong with its receipt")
        told = result.stderr.decode()
        self.assertLess(told.index("accepted: message"), told.index("error"))
        self.assertIn("took the message all the same", told)

    def test_receipt_side_that_cannot_be_written_does_not_hide_the_acceptance(self):
        (self.log_key.parent / f"{self.log_key.name}.head").mkdir()
        result = self.message_send(payloads.as_json(ONE("s-10")), "--binding", "json")
        self.assertEqual((1, "accepted"), (result.returncode, json.loads(result.stdout)["outcome"]))
        self.assertIn(b"took the message all the same", result.stderr)

    def test_success_is_one_line_and_each_refused_record_is_told(self):
        whole = self.message_send(payloads.as_json(ONE("s-11")), "--binding", "json")
        self.assertRegex(whole.stderr.decode(), r"\Aaccepted: message [0-9a-f-]{36}, 1 new\n\Z")
        partial = self.message_send(payloads.as_json(ONE("s-12"), ONE("s-13", state="paused")), "--binding", "json")
        self.assertEqual((1, "partial"), (partial.returncode, json.loads(partial.stdout)["outcome"]))
        told = partial.stderr.decode()
        self.assertIn("code_unknown", told)
        self.assertIn("1 of 2 records refused", told)
        brief = self.message_send(payloads.as_json(ONE("s-14"), ONE("s-15", state="paused")), "--binding", "json", "--brief")
        self.assertEqual((1, b""), (brief.returncode, brief.stdout))
        line, following = brief.stderr.decode().splitlines()
        self.assertIn("code_unknown", line)
        self.assertRegex(following, r"^  message [0-9a-f-]{36}; next: .{10}")
        (where,) = {one["where"] for one in json.loads(partial.stdout)["refusals"]}
        self.assertIn(f"(record 2: {where}: code_unknown)", line)
        two = self.message_send(payloads.as_json(ONE("s-15c", state="paused"), ONE("s-15d", state="paused")), "--binding", "json", "--brief")
        self.assertIn(": code_unknown; 1 more)", two.stderr.decode().splitlines()[0])
        broken = self.message_send(payloads.as_json(ONE("s-15e"))[:-9], "--binding", "http", "--brief").stderr.decode().splitlines()[0]
        self.assertRegex(broken, r" malformed_json (refused )?\(.*(line|byte) \d+", broken)
        self.assertEqual(1, len(self.message_send(payloads.as_json(ONE("s-15b")), "--binding", "json", "--brief").stderr.splitlines()))

    def test_an_address_is_host_and_port_and_nothing_behind_it(self):
        own = f"https://127.0.0.1:{self.gateway.port}"
        for url in (f"{own}/v1/messages", f"{own}/caseway/", f"{own}?x", "https://127.0.0.1:abc", "https://127.0.0.1:99999", "https://", f"{own}#x",
                    own.replace("//", "//me@")):
            for binding in ("json", "http"):
                with self.subTest(url=url, binding=binding):
                    result = self.message_send(payloads.as_json(ONE("s-path")), "--binding", binding, "--url", url)
                    self.assertEqual((1, b""), (result.returncode, result.stdout), result)
                    self.assertIn(b"give --url https://HOST:PORT", result.stderr)
                    self.assertNotIn(b"is not known", result.stderr)

    def test_no_answer_tells_how_to_send_the_very_same_message(self):
        with socket.create_server(("127.0.0.1", 0)) as breaker:
            def hang_up():
                breaker.accept()[0].close()
            thread = threading.Thread(target=hang_up)
            thread.start()
            broken = self.message_send(payloads.as_json(ONE("s-16")), "--binding", "json", port=breaker.getsockname()[1])
            thread.join()
        self.assertEqual(1, broken.returncode)
        self.assertIn(b"the connection ended before the answer", broken.stderr)
        again = re.search(rb"--message-id (\S+) --sent-at (\S+)", broken.stderr)
        options = ("--binding", "json", "--message-id", again[1].decode(), "--sent-at", again[2].decode())
        first, second = (self.message_send(payloads.as_json(ONE("s-16")), *options) for _ in range(2))
        self.assertEqual((0, first.stdout), (second.returncode, second.stdout), "it is one message")

    def answered(self, body, *more, status="200 OK", length=None, payload=payloads.as_json(ONE("a-1")), system=None):
        """What the command did with such an answer."""
        with answering(self.gateway, body, status, "Content-Type: application/json\r\n", length) as port:
            return self.message_send(payload, *more, port=port, system=system)

    def test_what_is_no_answer_leaves_open_whether_it_was_taken(self):
        for case, body, more in (("broken off", b"{", {"length": 1000}), ("empty", b"", {}), ("a page", b"<html>", {}), ("no outcome", b"{}", {}),
                                 ("a redirect", b"", {"status": "302 Found"}), ("a proxy's page", b"<html>", {"status": "403 Forbidden"}),
                                 ("without end", b" " * (64 * 1024 * 1024 + 65536), {})):
            for binding in ("json", "http"):
                with self.subTest(case=case, binding=binding):
                    result = self.answered(body, "--binding", binding, **more)
                    self.assertEqual(1, result.returncode)
                    self.assertIn(b"whether it was taken is not known", result.stderr)
                    self.assertRegex(result.stderr, rb"--message-id \S+ --sent-at \S+")
                    self.assertNotIn(b"took the message", result.stderr)

    def test_an_answer_that_never_ends_is_given_up_when_its_time_is_over(self):
        for case, gateway, told in (("no handshake", {"handshakes": False}, b"was not sent"), ("no word", {}, b"taken is not known"),
                                    ("a byte, and another", {"begins": b"HTTP/1.1 200 OK\r\nContent-Length: 9999999999\r\n\r\n", "goes_on": b" "},
                                     b"taken is not known"),
                                    ("go on, go on", {"goes_on": b"HTTP/1.1 100 Continue\r\n\r\n"}, b"taken is not known"),
                                    ("chunks of one byte", {"begins": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "goes_on": b"1\r\n \r\n"},
                                     b"taken is not known")):
            with self.subTest(case=case), never_done(self.gateway, **gateway) as port:
                result = self.message_send(payloads.as_json(ONE("n-1")), "--binding", "json", "--timeout", "4", port=port)
                self.assertEqual((1, b""), (result.returncode, result.stdout))
                self.assertIn(told, result.stderr)
                self.assertIn(b"not done within 4 s", result.stderr)

    def test_waiting_for_a_server_that_never_ends_its_answer_is_over_in_its_time(self):
        for case, goes_on in (("no word", b""), ("a byte, and another", b"X"), ("go on, go on", b"HTTP/1.1 100 Continue\r\n\r\n")):
            with self.subTest(case=case), never_done(self.gateway, begins=goes_on and b"HTTP/1.1 200 OK\r\n\r\n", goes_on=goes_on, clear=True) as port:
                result = self.gateway.caseway("wait", "--url", f"http://127.0.0.1:{port}/readyz", "--seconds", "1", ok=False)
                self.assertEqual(1, result.returncode)
                self.assertIn(b"not ready after 1 s", result.stderr)

    def test_waiting_asks_the_port_that_the_configuration_names(self):
        configuration = self.gateway.folder / "wait.properties"
        for host in ("127.0.0.1", "0.0.0.0"):
            configuration.write_text(f"listen.health_address = {host}\nlisten.health_port = {self.gateway.health_port}\n")
            self.assertIn(b"ready", self.gateway.caseway("wait", "--config", configuration, "--seconds", "20").stderr)
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))
            configuration.write_text(f"listen.health_port = {nobody.getsockname()[1]}\n")
            result = self.gateway.caseway("wait", "--config", configuration, "--seconds", "1", ok=False)
            self.assertEqual(1, result.returncode)
            self.assertIn(f"not ready after 1 s: http://127.0.0.1:{nobody.getsockname()[1]}/readyz", result.stderr.decode())
        result = self.gateway.caseway("wait", "--url", "127.0.0.1:8444", "--seconds", "60", ok=False)  # told at once
        self.assertEqual((1, True), (result.returncode, b"no address to ask" in result.stderr), result.stderr)
        configuration.write_text("listen.health_port = 0\n")
        result = self.gateway.caseway("wait", "--config", configuration, "--seconds", "1", ok=False)
        self.assertEqual((1, True), (result.returncode, b"--url http://HOST:PORT/readyz" in result.stderr), result.stderr)

    def test_a_connection_that_is_not_made_in_time_was_not_sent(self):
        with socket.socket() as listener, contextlib.ExitStack() as waiting:
            listener.bind(("127.0.0.1", 0))
            listener.listen(0)
            for _ in range(4):  # the kernel takes no more
                one = waiting.enter_context(socket.socket())
                one.setblocking(False)
                with contextlib.suppress(BlockingIOError):
                    one.connect(listener.getsockname())
            result = self.message_send(payloads.as_json(ONE("n-3")), "--binding", "json", "--timeout", "1", port=listener.getsockname()[1])
            self.assertEqual(1, result.returncode)
            self.assertIn(b"not done within 1 s", result.stderr)
            self.assertIn(b"was not sent", result.stderr)

    def test_a_password_in_the_address_is_not_told(self):
        result = self.message_send(payloads.as_json(ONE("n-4")), "--url", "https://me:hunter2@gateway:8443")
        self.assertEqual(1, result.returncode)
        self.assertIn(b"https://***@gateway:8443 is no address of a gateway: it names a user", result.stderr)
        self.assertNotIn(b"hunter2", result.stderr)

    def test_a_head_without_end_is_given_up(self):
        for case, goes_on in (("fields", b"X: y\r\n" * 1000), ("one line", b"X" * 1000)):
            with self.subTest(case=case), never_done(self.gateway, begins=b"HTTP/1.1 200 OK\r\n", goes_on=goes_on) as port:
                result = self.message_send(payloads.as_json(ONE("n-2")), "--binding", "json", port=port)
                self.assertEqual(1, result.returncode)
                self.assertIn(b"whether it was taken is not known", result.stderr)

    def test_a_receipt_of_another_message_proves_nothing_of_this_one(self):
        for binding in ("json", "xml", "http"):
            said = {"--binding": binding, "--message-id": str(uuid.uuid4()), "--sent-at": signing.timestamp()}
            options = lambda changes: [part for option in {**said, **changes}.items() for part in option]
            payload = payloads.as_json(ONE(f"a-{binding}"))
            first = self.message_send(payload, *options({}))
            self.assertEqual(0, first.returncode, first)
            self.assertEqual(0, self.answered(first.stdout, *options({}), payload=payload).returncode, "its own receipt")
            for differs, changes, more in (("id", {"--message-id": str(uuid.uuid4())}, {}), ("sent", {"--sent-at": signing.timestamp(-1)}, {}),
                                           ("sender", {}, {"system": self.health}), ("payload", {}, {"payload": payloads.as_json(ONE("a-other"))})):
                with self.subTest(binding=binding, differs=differs):
                    result = self.answered(first.stdout, *options(changes), **{"payload": payload, **more})
                    self.assertEqual(1, result.returncode)
                    self.assertIn(f"the receipt is of another message: its leaf has another {differs}", result.stderr.decode())
                    self.assertIn(b"taken is not known", result.stderr)
                    self.assertNotIn(b"took the message", result.stderr)

    def test_words_of_an_answer_are_fit_for_a_terminal(self):
        result = self.answered(json.dumps({"code": "\x1b[2Jx", "detail": "one\nrefused: two", "hint": "\x07"}).encode(), status="400 Bad")
        self.assertEqual(1, result.returncode)
        self.assertNotRegex(result.stderr, rb"[\x07\x1b]|one\nrefused")

    def test_each_kind_of_network_error_has_its_own_hint(self):
        open_to_all = self.make(listen__address="0.0.0.0")
        open_to_all.start()
        with socket.create_server(("127.0.0.1", 0)) as closed:
            port = closed.getsockname()[1]
        for port, host, hint in ((port, "127.0.0.1", "nothing listens there"),
                                 (self.gateway.health_port, "127.0.0.1", "not its health port"),
                                 (open_to_all.port, "127.0.0.2", "not for this name"),
                                 (self.gateway.port, "nowhere.invalid", "no such host")):
            with self.subTest(hint=hint):
                result = self.message_send(payloads.as_json(ONE("s-17")), "--binding", "json", gateway=open_to_all, port=port, host=host)
                self.assertEqual(1, result.returncode)
                self.assertIn(hint, result.stderr.decode())
                self.assertIn(b"was not sent", result.stderr)
        no_certificate = self.gateway.folder / "no_certificate.pem"
        no_certificate.write_text("x\n")
        result = self.message_send(payloads.as_json(ONE("s-17")), "--binding", "json", "--ca", no_certificate)
        self.assertIn(b"no_certificate.pem is no certificate in PEM", result.stderr)
        self.assertIn(b"was not sent", result.stderr)

    def test_key_and_certificate_that_do_not_fit_are_told_apart(self):
        p384 = self.gateway.folder / "p384.key"
        run("openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384", "-out", p384)
        for more, hint in ((("--key", p384), "Make a new key"), (("--key", self.housing.certificate), "is a certificate"),
                           (("--cert", self.housing.key), "is a private key"), (("--key", self.health.key), "does not belong to")):
            with self.subTest(hint=hint):
                result = self.message_send(payloads.as_json(ONE("s-18")), *more)
                self.assertEqual(1, result.returncode)
                self.assertIn(hint, result.stderr.decode())

    def test_answer_that_was_changed_is_not_good(self):
        sent = json.loads(self.message_send(payloads.as_json(ONE("s-19"), ONE("s-20", state="paused")), "--binding", "json").stdout)
        kept = self.gateway.folder / "answer.json"

        def verdict(answer):
            kept.write_text(json.dumps(answer, indent=2, ensure_ascii=False))
            return run(BINARY, "receipt", "verify", kept, "--log-key", self.log_key, ok=False)
        self.assertEqual(0, verdict(sent).returncode, "white space is no change")
        self.assertEqual(0, verdict(sent["receipt"]).returncode)
        refusal = sent["refusals"][0]
        for change in ({"message_id": "0b7b9a52-3c1f-4a55-9a0f-2f6f3f1c8d12"}, {"outcome": "accepted"}, {"refusals": []},
                       {"records": {**sent["records"], "new": 2}}, {"refusals": [{**refusal, "where": "elsewhere"}]},
                       {"sender": "health/licences"}):
            with self.subTest(change=change):
                result = verdict({**sent, **change})
                self.assertEqual(1, result.returncode)
                self.assertIn(b"answer_differs", result.stderr)

    def test_status_tells_the_sender_what_became_of_a_message(self):
        answer = json.loads(self.message_send(payloads.as_json(ONE("s-21"), ONE("s-22", state="paused")), "--binding", "json").stdout)
        status = lambda message_id, system: run(
            BINARY, "message", "status", message_id, "--url", f"https://127.0.0.1:{self.gateway.port}", "--ca",
            self.gateway.data / "tls" / "server.pem", "--key", system.key, "--cert", system.certificate, "--log-key", self.log_key, ok=False)
        own = status(answer["message_id"], self.housing)
        self.assertEqual((1, answer["records"]), (own.returncode, json.loads(own.stdout)["records"]))
        self.assertIn(b"1 of 2 records refused", own.stderr)
        other = status(answer["message_id"], self.health)
        self.assertEqual((1, "not_found"), (other.returncode, json.loads(other.stdout)["code"]))

    def test_large_message_is_received_and_its_outcome_asked_for(self):
        gateway = self.make(limits__spool_above_bytes=2000)
        gateway.start()
        shutil.copy(gateway.log_key, self.log_key)
        system = gateway.systems["housing/permits"]
        payload = payloads.as_json(*[ONE(f"large-{n}") for n in range(20)])
        sent = self.message_send(payload, "--binding", "http", gateway=gateway, system=system)
        answer = json.loads(sent.stdout)
        self.assertEqual((0, "received"), (sent.returncode, answer["outcome"]))
        (told,) = re.findall(f"caseway (message status {answer['message_id']} --url .*)", sent.stderr.decode())
        asked = run(BINARY, *shlex.split(told), ok=False)  # as it is told, so that it can be pasted
        self.assertIn(json.loads(asked.stdout)["outcome"], ("received", "accepted"))
        ask = lambda: run(BINARY, "message", "status", answer["message_id"], "--url", f"https://127.0.0.1:{gateway.port}", "--ca",
                          gateway.data / "tls" / "server.pem", "--key", system.key, "--cert", system.certificate, "--log-key", self.log_key)
        until(lambda: json.loads(ask().stdout)["outcome"] == "accepted", "it is applied")
        options = ("--binding", "http", "--message-id", "0b7b9a52-3c1f-4a55-9a0f-2f6f3f1c8d13", "--sent-at", datetime.datetime.now(datetime.timezone.utc).isoformat())
        first = json.loads(self.message_send(payload, *options, gateway=gateway, system=system).stdout)
        self.assertEqual("received", first["outcome"])
        again = lambda: self.message_send(payload, *options, gateway=gateway, system=system)
        until(lambda: json.loads(again().stdout)["outcome"] == "accepted", "it is applied")
        last = again()
        self.assertEqual(0, last.returncode, (last.stderr, "the answer of today stands with the leaf that tells it"))

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

    def test_kept_head_is_held_against_every_later_origin(self):
        gateway = self.make()
        system = gateway.systems["housing/permits"]
        shutil.copy(gateway.log_key, self.log_key)
        head = self.log_key.with_name(self.log_key.name + ".head")
        backup = lambda name: gateway.caseway("backup", gateway.folder / name)
        sent = lambda no: self.message_send(payloads.as_json(ONE(no)), "--binding", "json", gateway=gateway, system=system)
        restored = lambda name: (gateway.stop(), gateway.caseway("restore", gateway.folder / name, "--replace"), gateway.start())
        gateway.start()
        backup("older.db")
        self.assertEqual(0, sent("origin-1").returncode)
        backup("newer.db")
        restored("newer.db")
        after = sent("origin-2")
        self.assertEqual(0, after.returncode, after.stderr)
        self.assertRegex(after.stderr.decode(), r"note: the gateway's log goes on as center/gateway/log/\d+-[0-9a-f]{32}, before as center/gateway/log ")
        self.assertIn(b"accepted", sent("origin-3").stderr)
        kept = head.read_text()
        self.assertRegex(kept, r"\Acenter/gateway/log/\d+-[0-9a-f]{32}\n")
        against = lambda: gateway.caseway("log", "verify", "--key", self.log_key, "--against", head, ok=False)
        self.assertEqual(0, against().returncode, "the kept head serves an auditor as it is")
        restored("older.db")
        for n in range(4, 9):  # also once the log has outgrown the kept head
            result = sent(f"origin-{n}")
            self.assertEqual((1, "accepted"), (result.returncode, json.loads(result.stdout)["outcome"]))
            self.assertIn(b"does not contain", result.stderr)
            self.assertEqual(kept, head.read_text(), "a head is never replaced by one that does not contain it")
        self.assertEqual(1, against().returncode)
        self.assertIn(b"held_head_differs", against().stderr)
        gateway.stop()
        for file in gateway.data.glob("*.db*"):
            shutil.rmtree(file) if file.is_dir() else file.unlink()
        gateway.start()
        wiped = sent("origin-9")
        self.assertEqual(1, wiped.returncode, "a log begun anew")
        self.assertEqual(kept, head.read_text())


if __name__ == "__main__":
    unittest.main(verbosity=2)
