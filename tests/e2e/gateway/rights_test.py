"""Whose a case is: a window opens it on behalf of a department; lists, feed, single reads and commands agree on who sees it,
and nobody but its owner deletes it."""
import json
import unittest

import payloads
import signing
from client import send
from gateway_case import HOUSING, GatewayCase

CIVIC = "11350200004135999X"
MAPPING = payloads.JSON_MAPPING.replace("permits.json", "rights.json") + "  dept_code: department\n  operation: operation\n"


class Rights(GatewayCase):
    @classmethod
    def make(cls, **settings):
        gateway = super().make(**settings)
        (gateway.data / "mappings" / "rights_json").mkdir()
        (gateway.data / "mappings" / "rights_json" / "mapping.yaml").write_text(MAPPING)
        granted = {"mappings": ("rights.json",)}
        gateway.register("civic/window", CIVIC, on_behalf_of=[HOUSING], **granted)
        gateway.register("civic/counter", CIVIC, on_behalf_of=[HOUSING], **granted)
        gateway.register("civic/desk", CIVIC, **granted)
        gateway.register("housing/archive", HOUSING, **granted)
        gateway.register("housing/reports", HOUSING, **granted)
        gateway.register("supervision/eye", "11350200004135888Y", may_read=["housing"], **granted)
        gateway.register("supervision/ear", "11350200004135888Y", may_read=["civic"], **granted)
        return gateway

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.of = cls.gateway.systems
        cls.say(cls.of["civic/window"], "w-1", case_no="H-1", department=HOUSING)
        cls.say(cls.of["civic/window"], "w-2", case_no="C-1")
        cls.say(cls.of["housing/archive"], "h-2", case_no="H-2")

    @classmethod
    def say(cls, system, no, **more):
        body = payloads.as_json(payloads.case(no, **more))
        answer = send(cls.gateway, signing.json_message(system, body, head=signing.header(system, "rights.json")))
        assert answer.status == 200, answer
        return answer.json

    def seen_by(self, name):
        """The cases that a system sees, by list, by feed, one by one; they must be the same."""
        reader = self.reader(self.of[name])
        listed = {one["case_no"] for one in reader.get("/v1/cases").json["cases"]}
        fed = {one["case_no"] for one in reader.get("/v1/changes").json["changes"]}
        single = {no for no in ("H-1", "H-2", "C-1") if reader.get(f"/v1/cases/{no}").status == 200}
        listed &= {"H-1", "H-2", "C-1"}
        self.assertEqual((listed, listed), (fed & {"H-1", "H-2", "C-1"}, single), name)
        return listed

    def test_each_sees_its_own_and_the_window_what_it_opened(self):
        self.assertEqual({"H-1", "H-2"}, self.seen_by("housing/reports"))
        self.assertEqual({"H-1", "C-1"}, self.seen_by("civic/window"))
        self.assertEqual({"H-1", "C-1"}, self.seen_by("civic/counter"))
        self.assertEqual({"C-1"}, self.seen_by("civic/desk"))  # no grant of its own
        self.assertEqual({"H-1", "H-2"}, self.seen_by("supervision/eye"))
        self.assertEqual({"C-1"}, self.seen_by("supervision/ear"))
        self.assertEqual(set(), self.seen_by("health/licences"))

    def test_filters_of_lists_agree(self):
        for name, expected in (("housing/reports", ["H-1"]), ("civic/counter", ["H-1"]), ("civic/desk", []), ("supervision/ear", []), ("health/licences", [])):
            with self.subTest(reader=name):
                found = self.reader(self.of[name]).get("/v1/cases?source_case_no=w-1&status=40").json["cases"]
                self.assertEqual(expected, [one["case_no"] for one in found])

    def test_a_case_is_found_by_each_number_that_a_system_has_for_it(self):
        window, own = self.of["civic/window"], self.of["housing/archive"]
        self.say(window, "w-5", case_no="H-5", department=HOUSING)
        self.say(own, "h-5", case_no="H-5", version=2)
        self.say(own, "h-6")  # numbered later, by another system first
        self.say(window, "w-6", case_no="H-6", department=HOUSING)
        self.say(own, "h-6", case_no="H-6")
        for name, number, expected in (("housing/archive", "h-5", ["H-5"]), ("housing/reports", "h-5", ["H-5"]), ("housing/archive", "w-5", ["H-5"]),
                                       ("civic/window", "h-5", ["H-5"]), ("civic/desk", "h-5", []), ("health/licences", "h-5", []),
                                       ("housing/archive", "h-6", ["H-6"]), ("housing/archive", "w-6", ["H-6"]),
                                       ("housing/archive", "h-5&status=40", ["H-5"]), ("housing/archive", "h-5&status=90", []), ("housing/archive", "h-", [])):
            with self.subTest(reader=name, number=number):
                found = self.reader(self.of[name]).get(f"/v1/cases?source_case_no={number}").json
                self.assertEqual((expected, None), ([one["case_no"] for one in found["cases"]], found.get("next")))
        for number in ("h-5", "w-5"):
            lines = self.gateway.caseway("case", "list", "--source-case-no", number, "--json").stdout.splitlines()
            self.assertEqual(["H-5"], [json.loads(line)["case_no"] for line in lines], number)
        self.say(own, "h-5", case_no="H-5", version=3, operation="D")
        self.say(window, "w-5", case_no="H-5", version=3, operation="D", department=HOUSING)
        for more, expected in (("", []), ("&deleted=true", ["H-5"])):
            found = self.reader(own).get(f"/v1/cases?source_case_no=h-5{more}").json["cases"]
            self.assertEqual([(no, True) for no in expected], [(one["case_no"], one["deleted"]) for one in found if one["deleted"]], more)

    def test_the_command_filters_by_owning_department(self):
        for department, expected in (("housing", {"H-1", "H-2"}), (HOUSING, {"H-1", "H-2"}), ("civic", {"C-1"}), ("health", set())):
            with self.subTest(department=department):
                lines = self.gateway.caseway("case", "list", "--department", department, "--json").stdout.splitlines()
                self.assertEqual(expected, {json.loads(line)["case_no"] for line in lines} & {"H-1", "H-2", "C-1"})

    def test_only_the_owner_deletes(self):
        owner, window = self.of["housing/archive"], self.of["civic/window"]
        self.say(owner, "h-9", case_no="H-9")
        self.assertEqual(1, self.say(window, "w-9", case_no="H-9", operation="D")["records"]["same"])
        self.say(self.of["housing/reports"], "r-9", case_no="H-9", operation="D")
        view = self.reader(owner).get("/v1/cases/H-9").json
        self.assertFalse(view["deleted"])
        self.assertEqual([("/operation", None, "D", "civic/window"), ("/operation", None, "D", "housing/reports")],
                         [(one["where"], one["standing_value"], one["other_value"], one["other"]["system"])
                          for one in view["conflicts"] if one["where"] == "/operation"])
        self.assertIn("/operation", self.gateway.caseway("case", "show", "H-9").stderr.decode())
        self.say(owner, "h-9", case_no="H-9", operation="D")
        self.assertTrue(self.reader(owner).get("/v1/cases/H-9").json["deleted"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
