"""`caseway mapping run|test|check`: exit codes 0, 1, 2; machine output on stdout, everything for people on stderr."""
import json
import pathlib
import tempfile
import unittest

import payloads
from installation import BINARY, ROOT, run

ONE = payloads.case


class MappingCommands(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="caseway-mapping-")
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        payloads.write_mappings(self.folder)
        self.mapping = self.folder / "permits_json"
        self.payload = self.folder / "payload.json"

    def mapping_command(self, *arguments):
        return run(BINARY, "mapping", *arguments, ok=False)

    def test_run_prints_one_record_a_line(self):
        self.payload.write_bytes(payloads.as_json(ONE("1"), ONE("2")))
        result = self.mapping_command("run", self.mapping, self.payload)
        self.assertEqual(0, result.returncode)
        self.assertEqual(["1", "2"], [json.loads(line)["source_case_no"] for line in result.stdout.splitlines()])

    def test_run_tells_refusals_on_stderr_and_exits_1(self):
        wrong = payloads.ID_NUMBERS[0][:-1] + "8"
        self.payload.write_bytes(payloads.as_json(ONE("1"), ONE("2", id_no=wrong), ONE("3", applied="2026-02-30")))
        result = self.mapping_command("run", "--json", self.mapping, self.payload)
        self.assertEqual(1, result.returncode)
        self.assertEqual(["1"], [json.loads(line)["source_case_no"] for line in result.stdout.splitlines()])
        refusals = [json.loads(line) for line in result.stderr.splitlines()]
        self.assertEqual([("id_number_wrong", 2), ("date_impossible", 3)], [(one["code"], one["record"]) for one in refusals])
        self.assertNotIn(wrong, result.stderr.decode())
        for_people = self.mapping_command("run", self.mapping, self.payload)
        self.assertEqual((1, result.stdout), (for_people.returncode, for_people.stdout))
        self.assertNotIn(wrong, for_people.stderr.decode())

    def test_run_of_what_is_not_well_formed_exits_1(self):
        for payload in (b"", payloads.as_json(ONE("1"))[:-5], b"\0", b"[" * 5000):
            self.payload.write_bytes(payload)
            result = self.mapping_command("run", "--json", self.mapping, self.payload)
            self.assertEqual(1, result.returncode)
            self.assertTrue(json.loads(result.stderr.splitlines()[-1])["code"])

    def test_check_tells_how_each_expression_is_evaluated(self):
        result = self.mapping_command("check", "--json", self.mapping)
        self.assertEqual(0, result.returncode)
        lines = [json.loads(line) for line in result.stdout.splitlines()]
        self.assertEqual({"streams"}, {line["evaluation"] for line in lines})
        self.assertEqual(0, self.mapping_command("check", self.mapping).returncode)

    def test_check_tells_every_mistake_with_file_line_and_hint(self):
        text = payloads.JSON_MAPPING.replace("case_title", "case_titel").replace("time", "tmie").replace("id_card", "id_cart")
        (self.mapping / "mapping.yaml").write_text(text)
        result = self.mapping_command("check", "--json", self.mapping)
        self.assertEqual(1, result.returncode)
        mistakes = [json.loads(line) for line in result.stdout.splitlines()]
        self.assertGreaterEqual(len(mistakes), 3)
        for mistake in mistakes:
            self.assertTrue(mistake["file"].endswith("mapping.yaml") and mistake["line"] > 1 and mistake["hint"], mistake)
        self.assertEqual(b"", self.mapping_command("check", self.mapping).stdout)

    def test_test_runs_the_cases(self):
        case = self.mapping / "cases" / "one"
        case.mkdir(parents=True)
        self.assertEqual(1, self.mapping_command("test", self.folder / "permits_xml").returncode, "no cases is no success")
        (case / "input.json").write_bytes(payloads.as_json(ONE("1")))
        expected = self.mapping_command("run", self.mapping, case / "input.json").stdout
        (case / "expected.json").write_bytes(expected)
        result = self.mapping_command("test", "--json", self.mapping)
        self.assertEqual((0, [{"case": "one", "passed": True}]),
                         (result.returncode, [json.loads(line) for line in result.stdout.splitlines()]))
        (case / "expected.json").write_bytes(expected.replace(b"permit 1", b"permit 2"))
        result = self.mapping_command("test", "--json", self.mapping)
        verdict = json.loads(result.stdout)
        self.assertEqual((1, False), (result.returncode, verdict["passed"]))
        self.assertIn("permit 2", verdict["difference"])

    def test_every_sample_mapping_passes_its_cases(self):
        folders = sorted(path.parent for path in (ROOT / "mappings").glob("*/mapping.yaml"))
        self.assertTrue(folders)
        for folder in folders:
            with self.subTest(mapping=folder.name):
                self.assertEqual(0, self.mapping_command("check", folder).returncode)
                self.assertEqual(0, self.mapping_command("test", folder).returncode)

    def test_usage_mistakes_exit_2(self):
        for arguments in (("run",), ("run", self.mapping), ("run", self.folder / "nothing", self.payload), ("check",),
                          ("walk", self.mapping),
                          ("check", self.mapping, "--nothing")):
            with self.subTest(arguments=arguments):
                result = self.mapping_command(*arguments)
                self.assertEqual((2, b""), (result.returncode, result.stdout))
                self.assertTrue(result.stderr)
        self.assertEqual(0, self.mapping_command("run", "--help").returncode)


if __name__ == "__main__":
    unittest.main(verbosity=2)
