"""Payloads: empty, cut off, bombs, wrong values, other people's cases; each a coded refusal, none a crash."""
import json
import unittest

import payloads
import signing
from gateway_case import HOUSING, GatewayCase, counts
from installation import leaf_of

ONE = payloads.case
ENTITIES = b'<!DOCTYPE Cases [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><Cases><Case><No>&b;</No></Case></Cases>'


class Payloads(GatewayCase):
    @classmethod
    def make(cls, **settings):
        gateway = super().make(**settings)
        gateway.register("window/desk", "11350200004135999X", on_behalf_of=[HOUSING])
        return gateway

    def http(self, body, mapping):
        kind = "application/xml" if mapping.endswith("xml") else "application/json"
        return signing.http_message(self.housing, body, mapping=mapping, content_type=kind)

    def test_what_is_no_payload_is_refused_with_evidence(self):
        deep_json, deep_xml = b'{"cases":' + b"[" * 5000 + b"]" * 5000 + b"}", b"<Cases>" + b"<a>" * 5000 + b"</a>" * 5000 + b"</Cases>"
        for what, body, mapping in (("empty JSON", b"", "permits.json"), ("empty XML", b"", "permits.xml"),
                                    ("cut JSON", payloads.as_json(ONE("cut-1"))[:-20], "permits.json"),
                                    ("cut XML", payloads.as_xml(ONE("cut-1"))[:-20], "permits.xml"),
                                    ("entities", ENTITIES, "permits.xml"), ("deep JSON", deep_json, "permits.json"),
                                    ("deep XML", deep_xml, "permits.xml"), ("NUL", b"\0" * 100, "permits.json"),
                                    ("not UTF-8, not GB 18030", b'{"cases":["\xff\xff"]}', "permits.json")):
            with self.subTest(what=what):
                answer = self.send(self.http(body, mapping))
                self.assertEqual(422, answer.status, answer)
                self.assertTrue(answer.json["code"], answer)
                self.assertIsNotNone(self.gateway.verify_receipt(answer.json["receipt"]))
                self.assertEqual(0, leaf_of(answer.json["receipt"]).get("counts", {}).get("new", 0))

    def test_bombs_in_envelopes_are_refused(self):
        bomb = signing.xml_message(self.housing, payloads.as_xml(ONE("bomb-1")))
        bomb.body = bomb.body.replace(b"<Message", b'<!DOCTYPE Message [<!ENTITY a "b">]><Message', 1)
        self.refused(bomb, 400, "doctype_forbidden")
        for deep in (signing.Message({"Content-Type": "application/xml"}, b"<a>" * 100000, {}), signing.json_message(self.housing, b"[" * 5000 + b"]" * 5000)):
            told = self.refused(deep, 400, "too_deep")
            self.assertIn("at most 200 ", told["detail"])
            self.assertIn("(limits.depth)", told["detail"])
            self.assertIn("raise limits.depth", told["hint"])
        for kind in ("application/xml", "application/jose", "application/jose+json"):
            answer = self.send(signing.Message({"Content-Type": kind}, b"", {}))
            self.assertEqual(400, answer.status, answer)
            self.assertTrue(answer.json["code"])

    def test_every_mistake_of_a_record_is_an_item_of_the_answer(self):
        wrong = payloads.ID_NUMBERS[0][:-1] + "8"
        rows = [ONE("all-1"), ONE("all-2", id_no=wrong, applied="2023-02-29", state="gone"), ONE("all-3", applied="x")]
        answer = self.taken(self.http(payloads.as_json(*rows), "permits.json"), "partial")
        self.assertEqual(counts(new=1, refused=2), answer["records"])
        self.assertEqual([("code_unknown", 2), ("date_impossible", 2), ("date_unreadable", 3), ("id_number_wrong", 2)],
                         sorted((one["code"], one["record"]) for one in answer["refusals"]))
        self.assertEqual([2, 2, 2, 3], [one["record"] for one in answer["refusals"]])
        self.assertNotIn(wrong[3:-3], str(answer))

    def test_numbers_beyond_a_double_are_taken_as_written(self):
        number = "123456789012345678901234567890"
        body = payloads.as_json(ONE("big-1", none=0)).replace(b'"big-1"', number.encode()).replace(b'"none": 0', b'"none": 1e400')
        for message in (self.http(body, "permits.json"), signing.json_message(self.housing, body)):
            self.assertEqual(0, self.taken(message, "accepted")["records"]["refused"])
        self.assertIn(number, str(self.gateway.caseway("case", "list", "--json").stdout))

    def test_an_encoding_that_is_not_the_declared_one_is_told_everywhere(self):
        body = payloads.as_json(ONE("encoding-1"))
        message = signing.http_message(self.housing, body, content_type="application/json; charset=GBK")
        answer = self.taken(message)
        (note,) = answer["notes"]
        self.assertEqual(("encoding_differs", "declared GBK, found UTF-8"), (note["code"], note["value"]))
        self.assertTrue(note["rule"] and note["hint"], note)
        answer_file = self.gateway.folder / "answer.json"
        answer_file.write_text(json.dumps(answer))
        self.gateway.caseway("receipt", "verify", answer_file, "--log-key", self.gateway.log_key)
        answer_file.write_text(json.dumps({**answer, "notes": []}))
        self.assertIn(b"answer_differs",
                      self.gateway.caseway("receipt", "verify", answer_file, "--log-key", self.gateway.log_key, ok=False).stderr)
        self.assertEqual([note], self.reader(self.housing).get(f"/v1/messages/{message.id}").json["notes"])
        self.assertEqual([note], json.loads(self.gateway.caseway("message", "show", message.id, "--json").stdout)["notes"])
        (line,) = [one for one in self.gateway.log_lines() if one["event"] == "encoding_differs"]
        self.assertEqual(("GBK", "UTF-8", message.id), (line["declared"], line["found"], line["message_id"]))
        self.assertEqual(1, self.gateway.metric('caseway_encoding_differs_total{system="housing/permits"}'))
        self.assertEqual(answer, self.taken(message), "the first answer again")
        self.assertEqual(1, self.gateway.metric('caseway_encoding_differs_total{system="housing/permits"}'))

    def test_what_only_looks_like_an_assigned_number_is_refused(self):
        for number in ("\u0421W-center-000000001", "\uff23\uff37\uff0d1", "C\u200bW-1", "CW\u20111"):
            with self.subTest(number=ascii(number)):
                answer = self.send(self.http(payloads.as_json(ONE("look-1", case_no=number)), "permits.json"))
                self.assertEqual(422, answer.status, answer)
                (refusal,) = answer.json["refusals"]
                self.assertIn(refusal["code"], ("case_no_reserved", "control_character"))

    def test_unmappable_record_is_named_with_field_masked_value_and_line(self):
        wrong = payloads.ID_NUMBERS[0][:-1] + "8"
        rows = [ONE("part-1"), ONE("part-2", id_no=wrong), ONE("part-3")]
        answer = self.taken(self.http(payloads.as_xml(*rows), "permits.xml"), "partial")
        self.assertEqual(counts(new=2, refused=1), answer["records"])
        (refusal,) = answer["refusals"]
        self.assertEqual(("id_number_wrong", 2), (refusal["code"], refusal["record"]))
        self.assertIn("applicant_id_no", refusal["where"])
        self.assertIn("line 3", refusal["where"])
        self.assertTrue(refusal["value"] and refusal["rule"] and refusal["hint"], refusal)
        self.assertNotIn(wrong[3:-3], str(answer))
        self.assertEqual(answer["records"], leaf_of(answer["receipt"])["counts"])

    def test_unmappable_json_record_is_named_with_its_pointer(self):
        rows = [ONE("pointer-1"), ONE("pointer-2", state="paused")]
        for message in (signing.json_message(self.housing, payloads.as_json(*rows)),
                        signing.http_message(self.housing, payloads.as_json(*rows))):
            (refusal,) = self.taken(message, "partial")["refusals"]
            self.assertEqual(("code_unknown", 2), (refusal["code"], refusal["record"]))
            self.assertIn("/cases/1/state", refusal["where"])

    def test_all_records_refused_is_422_with_receipt(self):
        message = signing.json_message(self.housing, payloads.as_json(ONE("none-1", state="paused"), ONE("none-2", applied="2026-02-30")))
        problem = self.refused(message, 422, "no_record_taken")
        self.assertEqual(counts(refused=2), leaf_of(problem["receipt"])["counts"])
        self.assertEqual(["code_unknown", "date_impossible"], [refusal["code"] for refusal in problem["refusals"]])
        self.assertIsNotNone(self.gateway.verify_receipt(problem["receipt"]))
        again = self.refused(message, 422, "no_record_taken")
        self.assertEqual(problem["receipt"]["leaf"], again["receipt"]["leaf"])

    def test_a_payload_without_records_names_the_expression_that_found_none(self):
        problem = self.refused(signing.json_message(self.housing, b'{"list":[]}'), 422, "records_not_found")
        self.assertIn("`$.cases[*]` found nothing", problem["detail"])
        self.assertEqual("records_not_found", leaf_of(problem["receipt"])["refusal"])

    def test_case_of_another_department_is_not_owned(self):
        number = "35020020260504-1"
        self.taken(signing.json_message(self.housing, payloads.as_json(ONE("own-1", case_no=number, title="housing says"))))
        thief = signing.json_message(self.health, payloads.as_json(ONE("steal-1", case_no=number, title="health says"), ONE("mine-1")))
        answer = self.taken(thief, "partial")
        (refusal,) = answer["refusals"]
        self.assertEqual(("case_not_owned", "case_no, /cases/0"), (refusal["code"], refusal["where"]))
        self.assertTrue(refusal["hint"])
        record = self.reader(self.housing).get(f"/v1/cases/{number}").json
        self.assertIn("housing says", str(record))
        self.assertNotIn("health says", str(record))

    def test_grant_lets_the_window_write_for_the_department(self):
        number = "35020020260504-2"
        self.taken(signing.json_message(self.housing, payloads.as_json(ONE("own-2", case_no=number))))
        desk = self.gateway.systems["window/desk"]
        granted = signing.json_message(desk, payloads.as_json(ONE("desk-1", case_no=number, version="2", title="the desk adds")))
        self.assertEqual(0, self.taken(granted)["records"]["refused"])
        self.taken(signing.json_message(self.health, payloads.as_json(ONE("own-3", case_no="52010320260504-3"))))
        foreign = signing.json_message(desk, payloads.as_json(ONE("desk-2", case_no="52010320260504-3")))
        self.assertEqual("case_not_owned", self.refused(foreign, 422, "no_record_taken")["refusals"][0]["code"])

    def test_numbers_of_the_gateway_are_reserved(self):
        message = signing.json_message(self.housing, payloads.as_json(ONE("reserved-1", case_no="CW-1")))
        self.assertEqual("case_no_reserved", self.refused(message, 422, "no_record_taken")["refusals"][0]["code"])

    def test_nobody_wins_for_ever(self):
        rows = payloads.as_json(ONE("ever-1", version="1000000"), ONE("ever-2", applied="2999-01-01"))
        message = signing.json_message(self.housing, rows)
        refusals = self.refused(message, 422, "no_record_taken")["refusals"]
        self.assertEqual(["integer_out_of_range", "time_out_of_bounds"], [refusal["code"] for refusal in refusals])
        self.assertEqual("apply_time, /cases/1", refusals[1]["where"])

    def test_rare_characters_survive(self):
        self.taken(signing.xml_message(self.housing, payloads.as_xml(ONE("rare-1", name=payloads.NAMES[3]))))
        found = self.reader(self.housing).get("/v1/cases?source_case_no=rare-1").json["cases"]
        self.assertEqual([payloads.NAMES[3]], [one["record"]["applicant_name"] for one in found])

    def test_the_log_is_good_afterwards(self):
        self.taken(signing.json_message(self.housing, payloads.as_json(ONE("good-3"))))
        self.log_is_good()


if __name__ == "__main__":
    unittest.main(verbosity=2)
