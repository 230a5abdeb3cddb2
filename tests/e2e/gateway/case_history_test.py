"""What an administrator asks of one case: found by any of its numbers, everything that was said of it and by whom, what was refused of it,
and lists that say when they are not the whole."""
import json
import os
import unittest
import unittest.mock

import payloads
import signing
from gateway_case import HEALTH, HOUSING, GatewayCase

ONE = payloads.case
MAPPING = payloads.JSON_MAPPING + "  operation: operation\n"


class CaseHistory(GatewayCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.gateway.data / "mappings/permits_json/mapping.yaml").write_text(MAPPING)
        cls.archive = cls.gateway.register("housing/archive", HOUSING)
        cls.gateway.stop()
        cls.gateway.start()
        cls.said = {}

        def say(name, system, *cases):
            head = signing.header(system, "permits.json", sent_at=signing.timestamp(-1 + len(cls.said) / 3600))  # each a second later
            message = signing.json_message(system, payloads.as_json(*cases), head=head)
            cls.said[name] = message.id
            return cls.send(cls, message).json

        say("first", cls.housing, ONE("A-1", case_no="GH-1"), ONE("A-2"), ONE("A-20"), ONE("A-21"))
        say("second", cls.housing, ONE("A-1", case_no="GH-1", version=2, title="other words", state="done"))
        say("stale", cls.housing, ONE("A-1", case_no="GH-1", version=1, title="late words"))
        say("again", cls.housing, ONE("A-1", case_no="GH-1", version=2, title="other words", state="done"))
        say("of another", cls.archive, ONE("R-9", case_no="GH-1", title="words of the archive"))
        say("refused", cls.health, ONE("H-1"), ONE("H-2", case_no="GH-1"))
        say("same number", cls.health, ONE("A-2"))
        say("unreadable", cls.health, ONE("H-3", state="wrong"))
        say("seven", cls.archive, ONE("R-7"))
        say("given", cls.housing, ONE("A-7", case_no="GH-7"))
        say("made one", cls.archive, ONE("R-7", case_no="GH-7", version=2))
        say("many", cls.archive, *(ONE(f"M-{n}") for n in range(400)))
        say("opened", cls.housing, ONE("A-8"))
        say("deleted", cls.housing, ONE("A-8", version=2, operation="D"))
        say("not mapped", cls.housing, ONE("A-7", case_no="GH-7", version=3, state="wrong"), ONE("A-21", state="wrong"))

    def shown(self, *arguments, ok=True):
        result = self.gateway.caseway(*arguments, "--json", ok=ok)
        return [json.loads(line) for line in result.stdout.splitlines()]

    def told(self, *arguments, ok=True):
        return self.gateway.caseway(*arguments, ok=ok).stderr.decode()

    def history(self, number, *more):
        names = {text: name for name, text in self.said.items()}
        return [(names[one["message_id"]], one["outcome"]) for one in self.shown("case", "history", number, *more)]

    def test_history_has_every_record_that_spoke_of_a_case(self):
        expected = [("first", "new"), ("second", "changed"), ("stale", "stale"), ("of another", "same")]
        self.assertEqual(expected, self.history("GH-1"))
        first, second, stale, _ = self.shown("case", "history", "GH-1")
        self.assertEqual(("other words", self.said["again"]), (second["patch"]["case_title"], second["said_again"]["message_id"]))
        self.assertIn("case_title", second["stands"])
        self.assertEqual([], first["stands"])
        self.assertEqual("late words", stale["patch"]["case_title"])
        self.assertEqual([("opened", "new"), ("deleted", "changed")], self.history("A-8"))
        (last,) = self.shown("case", "history", "M-399")
        self.assertEqual((400, True), (last["record"], last["change"] > 400))
        self.assertNotIn(payloads.NAMES[0], json.dumps(self.shown("case", "history", "GH-1", "--refused"), ensure_ascii=False))

    def test_history_of_two_cases_that_became_one_has_both(self):
        self.assertEqual([("seven", "new"), ("given", "new"), ("made one", "same")], self.history("GH-7"))
        self.assertRegex(self.shown("case", "history", "R-7")[-1]["absorbed"], "^CW-center-[0-9]+$")

    def test_refused_records_of_a_case_are_found_where_they_are_asked_for(self):
        refused = [one for one in self.shown("case", "history", "GH-1", "--refused") if one["outcome"] == "refused"]
        self.assertEqual([(self.said["refused"], 2, "case_not_owned")], [(one["message_id"], one["record"], one["code"]) for one in refused])
        text = self.told("case", "history", "GH-1", "--refused")
        self.assertRegex(text, r"health/licences +json +record 2  refused .*\n +case_no[^:]*: case_not_owned: 'G\*+1.*': only the department.*; ")
        self.assertRegex(refused[0]["where"], "^case_no")
        self.assertTrue(refused[0]["hint"] and "*" in refused[0]["value"], refused)
        self.assertRegex(text, r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00")
        self.assertNotIn("case_not_owned", self.told("case", "history", "GH-1"))

    def test_what_was_only_refused_is_told_though_it_is_no_case(self):
        (refused,) = self.shown("case", "history", "H-3", "--refused")
        self.assertEqual((self.said["unreadable"], "refused", "code_unknown", []),
                         (refused["message_id"], refused["outcome"], refused["code"], refused["stands"]))
        self.assertIn("H-3  is no case: all that names it was refused", self.told("case", "history", "H-3", "--refused"))
        self.assertIn("caseway case history NUMBER --refused", self.told("case", "history", "H-3", ok=False))
        self.assertIn("not_found", self.told("case", "history", "H-333", "--refused", ok=False))

    def test_records_that_their_mapping_refused_are_found_by_what_could_be_read_of_their_numbers(self):
        for number, record, numbers in (("GH-7", 1, {"case_no": "GH-7", "source_case_no": "A-7"}), ("A-21", 2, {"source_case_no": "A-21"})):
            with self.subTest(number=number):
                (refused,) = [one for one in self.shown("case", "history", number, "--refused") if one["outcome"] == "refused"]
                self.assertEqual((self.said["not mapped"], record, "code_unknown", numbers, []),
                                 tuple(refused[name] for name in ("message_id", "record", "code", "patch", "stands")))
                self.assertNotIn("code_unknown", self.told("case", "history", number))
        self.gateway.caseway("log", "verify")

    def test_a_case_is_found_by_each_of_its_numbers(self):
        for number in ("GH-1", "A-1", "R-9"):
            with self.subTest(number=number):
                self.assertEqual(["GH-1"], [one["case_no"] for one in self.shown("case", "show", number)])
        self.assertTrue(self.shown("case", "show", "A-8")[0]["deleted"])
        (problem,) = self.shown("case", "show", "A-2", ok=False)
        self.assertEqual("case_ambiguous", problem["code"])
        for owner in (self.housing.name, self.health.name):
            self.assertIn(f"({owner})", problem["rule"])

    def test_a_number_that_is_nearly_one_is_told(self):
        for typed, meant in (("gh-1", "GH-1 (housing/permits)"), (" ＧＨ－１", "GH-1 (housing/permits)"), ("GH-1\t", "GH-1"), ("r-9", "GH-1"),
                             ("A-", "A-1 (housing/permits)"), ("", "A-1 (housing/permits)"), ("A-2x", None)):
            with self.subTest(typed=typed):
                result = self.gateway.caseway("case", "show", typed, ok=False)
                self.assertEqual((1, meant is not None), (result.returncode, b"did you mean" in result.stderr), result)
                self.assertIn(b"not_found: no case ", result.stderr)
                for told in [meant] if meant else ["`caseway case list` shows the numbers", "became no case: `caseway case history NUMBER --refused`"]:
                    self.assertIn(told, result.stderr.decode())
        with unittest.mock.patch.dict(os.environ, LC_ALL="zh_CN.UTF-8"):
            self.assertRegex(self.told("case", "show", "gh-1", ok=False), "\\A错误：not_found：没有办件 gh-1\n  下一步：您是否要找 GH-1.*\n\\Z")
            machine = json.loads(self.gateway.caseway("case", "show", "gh-1", "--json", ok=False).stdout)
            self.assertRegex(machine["hint"], "^did you mean GH-1")
            self.assertRegex(self.told("case", "history", "GH-1"), "(?s)记录 1  新建  变更 1 .*现行字段: .*个人信息已脱敏")

    def test_lists_say_when_they_are_not_the_whole(self):
        self.assertIn("there are more", self.told("case", "list", "--limit", "2"))
        self.assertNotIn("there are more", self.told("case", "list", "--limit", "1000"))
        self.assertEqual(2, len(self.shown("case", "list", "--limit", "2")))
        self.assertIn("there are older ones", self.told("message", "list", "--limit", "2"))
        self.assertEqual(2, len(self.shown("message", "list", "--limit", "2")))
        self.assertNotIn("there are older ones", self.told("message", "list"))
        for command in (("case", "list", "--limit", "0"), ("case", "list", "--limit", "-1"), ("message", "list", "--limit", "0"),
                        ("case", "list", "--status", "77"), ("message", "list", "--since", "yesterday")):
            self.assertEqual(2, self.gateway.caseway(*command, ok=False).returncode, command)

    def test_a_list_of_somebody_who_is_not_known_is_no_empty_list(self):
        for command, code in ((("case", "list", "--department", "huosing"), "department_unknown"),
                              (("message", "list", "--sender", "housing/permit"), "system_unknown")):
            (problem,) = self.shown(*command, ok=False)
            self.assertEqual(code, problem["code"])
        for department in ("housing", HOUSING, "health", HEALTH):
            self.assertTrue(self.shown("case", "list", "--department", department), department)

    def test_a_day_alone_begins_at_the_center(self):
        self.assertEqual(len(self.said), len(self.shown("message", "list", "--since", "2020-01-01", "--until", "2999-12-31")))
        self.assertEqual([], self.shown("message", "list", "--since", "2999-01-01"))

    def test_a_list_of_messages_says_why_records_were_refused(self):
        line = next(one for one in self.told("message", "list").splitlines() if self.said["unreadable"] in one)
        self.assertRegex(line, r"^ +\d+  \S+\+08:00 .* refused .*code_unknown$")


if __name__ == "__main__":
    unittest.main(verbosity=2)
