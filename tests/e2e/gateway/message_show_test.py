"""`caseway message show`: an id that two senders used, and the content that nobody sees without a reason that the log keeps."""
import json
import unittest

import payloads
import signing
from gateway_case import GatewayCase
from installation import index_of

NAME = payloads.NAMES[3]


class MessageShow(GatewayCase):
    def setUp(self):
        if self.gateway.process is None:
            self.gateway.start()

    def shown(self, *arguments, ok=True):
        result = self.gateway.caseway("message", *arguments, "--json", ok=ok)
        return [json.loads(line) for line in result.stdout.splitlines()]

    def of_both(self):
        """One id under two senders; the messages."""
        first = signing.json_message(self.housing, payloads.as_json(payloads.case("both-1")))
        head = signing.header(self.health, "permits.json", message_id=first.id)
        second = signing.json_message(self.health, payloads.as_json(payloads.case("both-2")), head=head)
        self.taken(first)
        self.taken(second)
        return first, second

    def test_an_id_of_two_senders_shows_both_and_is_chosen_from(self):
        first, _ = self.of_both()
        self.assertEqual([self.health.name, self.housing.name], [one["sender"] for one in self.shown("show", first.id)])
        for system in (self.housing, self.health):
            self.assertEqual([system.name], [one["sender"] for one in self.shown("show", first.id, "--system", system.name)])
            records = self.shown("replay", first.id, "--system", system.name)
            self.assertEqual(["both-1" if system is self.housing else "both-2"], [one["source_case_no"] for one in records])
        for command in (("replay", first.id), ("show", first.id, "--unmask", "--reason", "x")):
            (problem,) = self.shown(*command, ok=False)
            self.assertEqual("message_ambiguous", problem["code"])
            self.assertIn(self.housing.name, problem["rule"])
            self.assertIn(self.health.name, problem["rule"])
        self.assertEqual(2, self.gateway.caseway("message", "show", first.id, "--system", "nobody", ok=False).returncode)

    def test_content_is_shown_with_a_reason_that_the_log_keeps(self):
        rows = payloads.as_json(payloads.case("seen", name=NAME))
        wrong = payloads.as_json(payloads.case("unseen", name=NAME, state="paused"))
        large = payloads.as_json(payloads.case("large-1", name=NAME), payloads.case("large-2", title="x" * 2_000_000))
        gbk = signing.http_message(self.housing, rows.decode().encode("gb18030"), content_type="application/json; charset=gb18030")
        for message in (signing.json_message(self.housing, rows), signing.http_message(self.housing, rows), gbk,
                        signing.xml_message(self.housing, payloads.as_xml(payloads.case("seen", name=NAME))),
                        signing.json_message(self.housing, wrong), signing.http_message(self.housing, large)):
            index = index_of(self.send(message).json["receipt"])
            self.assertNotIn(NAME, str(self.shown("show", message.id)))
            (one,) = self.shown("show", message.id, "--unmask", "--reason", "complaint 118")
            self.assertTrue(NAME in one["payload"], one["payload"][:1000])
            self.assertEqual(len(one["payload"]) >= 1_000_000, one["payload_cut"])
            entry = json.loads(self.leaves()[one["unmask_log_index"]])
            self.assertEqual(("message_unmasked", str(index)), (entry["detail"]["event"], entry["detail"]["subject"]))
            self.assertRegex(entry["detail"]["by"], r"^uid \d+$")
            self.assertNotIn("complaint", str(entry))
        self.log_is_good()

    def leaves(self):
        lines = self.gateway.caseway("log", "export").stdout.decode().splitlines()
        return [one["leaf"] for one in map(json.loads, lines) if one["kind"] == "leaf"]

    def test_nothing_is_shown_without_a_reason_and_a_leaf(self):
        message = signing.json_message(self.housing, payloads.as_json(payloads.case("without", name=NAME)))
        self.taken(message)
        before = len(self.leaves())
        for arguments, code in (((), 2), (("--reason",), 2), (("--reason", ""), None), (("--reason", " "), 1), (("--reason", "x" * 1001), 1)):
            result = self.gateway.caseway("message", "show", message.id, "--unmask", *arguments, ok=False)
            with self.subTest(arguments=arguments):
                self.assertIn(result.returncode, (1, 2) if code is None else (code,))
                self.assertNotIn(NAME.encode(), result.stdout + result.stderr)
        self.assertEqual(2, self.gateway.caseway("message", "show", message.id, "--reason", "x", ok=False).returncode)
        self.assertEqual(before, len(self.leaves()))
        self.gateway.stop()  # the command writes the leaf itself where no gateway does
        result = self.gateway.caseway("message", "show", message.id, "--unmask", "--reason", "the gateway stands still")
        self.assertIn(NAME.encode(), result.stdout)
        self.assertEqual("message_unmasked", json.loads(self.leaves()[-1])["detail"]["event"])
        self.log_is_good()


if __name__ == "__main__":
    unittest.main(verbosity=2)
