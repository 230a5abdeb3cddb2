"""`caseway sync preview`: a line a run on stdout, exit codes 0, 1, 2, and what a mistake looks like."""
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
BINARY = os.environ.get("CASEWAY_BIN", str(ROOT / "build/dev/bin/caseway"))
AFTER = ("--after", "2026-05-04T08:30:00+08:00")


def preview(*arguments):
    return subprocess.run([BINARY, "sync", "preview", *arguments], capture_output=True, text=True, timeout=60, check=False)


class Preview(unittest.TestCase):
    def lines(self, *arguments):
        result = preview(*arguments)
        self.assertEqual(0, result.returncode, result.stderr)
        return result.stdout.splitlines()

    def assert_usage(self, result, *words):
        self.assertEqual(2, result.returncode, result.stdout + result.stderr)
        for word in words:
            self.assertIn(word, result.stderr)

    def test_prints_a_line_a_run_with_the_offset_of_the_zone(self):
        self.assertEqual(["2026-05-05T01:30:00+08:00", "2026-05-06T01:30:00+08:00", "2026-05-07T01:30:00+08:00"],
                         self.lines("30 1 * * *", "--zone", "Asia/Shanghai", *AFTER, "--count", "3"))
        self.assertEqual(["2026-03-29T01:30:00+01:00", "2026-03-29T03:00:00+02:00"],
                         self.lines("30 1,2 * * *", "--zone", "Europe/Berlin", "--after", "2026-03-28T12:00:00Z", "--count", "2"))
        self.assertEqual(["2026-01-01T00:00:00+00:00"], self.lines("@yearly", "--zone", "UTC", "--after", "2025-12-31T23:59:59.999Z",
                                                                   "--count", "1"))
        self.assertEqual(["2027-01-01T00:00:00-03:30"], self.lines("@yearly", "--zone", "America/St_Johns", "--after",
                                                                   "2026-01-01T03:30:00Z", "--count", "1"))

    def test_summer_time_goes_on_after_the_changes_that_tzdata_lists(self):
        self.assertEqual(["2040-07-02T01:30:00+02:00"],
                         self.lines("30 1 * * *", "--zone", "Europe/Berlin", "--after", "2040-07-01T00:00:00Z", "--count", "1"))

    def test_by_default_five_runs_from_now_on_in_shanghai(self):
        lines = self.lines("@hourly")
        self.assertEqual(5, len(lines))
        for line in lines:
            self.assertRegex(line, r"^\d{4}-\d\d-\d\dT\d\d:00:00\+08:00$")

    def test_what_was_written_is_shown_as_it_was_written(self):
        for arguments in (("@daily", "--zone", "北京"), ("@daily", "--window", "北京"), ("@daily", "--blackout", "北京"), ("北京 1 * * *",)):
            self.assert_usage(preview(*arguments), "'北京'")
        self.assert_usage(preview("@daily", "--zone", "北" * 60), "'" + "北" * 40 + "...'")
        self.assert_usage(preview("@daily", "--zone", "a\x1b[31m\u202eb"), "'a?[31m?b'")

    def test_a_wrong_field_is_named_with_text_place_and_what_is_allowed(self):
        self.assert_usage(preview("61 * * * *"), "field 1 (minute), column 1", "'61'", "0-59")
        self.assert_usage(preview("0 0 * foo *"), "field 4 (month), column 7", "'foo'", "jan-dec")
        self.assert_usage(preview("0 0 30 2 *"), "day of month", "no year has such a date")
        self.assert_usage(preview("@reboot"), "@reboot", "no time of a calendar")
        self.assert_usage(preview("30 1 * *"), "day of week", "five fields")
        self.assert_usage(preview(""), "minute", "five fields")
        self.assert_usage(preview())
        for arguments in (("-1 * * * *",), ("-1 * * * *", "--zone", "UTC"), ("--zone", "UTC", "-1 * * * *", "--count", "2")):
            self.assert_usage(preview(*arguments), "field 1 (minute), column 1", "a value is missing", "0-59")
        self.assert_usage(preview("-5-10/2 1 * * *"), "field 1 (minute), column 1")
        result = preview("61 * * * *", "--json")
        self.assertEqual(("cron_invalid", "61"), tuple(json.loads(result.stdout)[name] for name in ("code", "value")))

    def test_a_leap_second_lies_before_the_midnight_that_it_is_taken_for(self):
        for text in ("2016-12-31T23:59:60Z", "2016-12-31T23:59:60.5Z", "2017-01-01T07:59:60+08:00"):
            self.assertEqual(["2017-01-01T00:00:00+00:00"], self.lines("@yearly", "--zone", "UTC", "--after", text, "--count", "1"), text)
        self.assertEqual(["2018-01-01T00:00:00+00:00"], self.lines("@yearly", "--zone", "UTC", "--after", "2017-01-01T00:00:00Z", "--count", "1"))

    def test_a_step_that_leaves_one_value_is_taken_as_cron_takes_it_with_a_note(self):
        for expression, first, note in (("*/60 * * * *", "2026-05-04T09:00", "field 1 (minute), column 3: a step of 60 leaves only the value 0"),
                                        ("0 */24 * * *", "2026-05-05T00:00", "field 2 (hour), column 5"),
                                        ("0 0 */31 * *", "2026-06-01T00:00", "field 3 (day of month), column 7"),
                                        ("0 0 * * 0-6/7", "2026-05-10T00:00", "field 5 (day of week), column 13")):
            result = preview(expression, *AFTER, "--count", "1")
            self.assertEqual((0, first), (result.returncode, result.stdout[:16]), result.stderr)
            self.assertIn("note: " + note, result.stderr)

    def test_a_calendar_that_is_too_large_is_not_read_to_its_end(self):
        self.assert_usage(preview("@daily", "--calendar", "/dev/zero"), "/dev/zero", "larger than 1048576 bytes")

    def test_a_wrong_option_is_a_mistake_of_usage(self):
        self.assert_usage(preview("@daily", "--zone", "Asia/Shangai"), "Asia/Shangai", "did you mean 'Asia/Shanghai'?")
        self.assert_usage(preview("@daily", "--after", "yesterday"), "--after", "'yesterday'", "2026-05-04T08:30:00+08:00")
        self.assert_usage(preview("@daily", "--after", "2026-05-04T08:30:00"), "--after", "offset")
        self.assert_usage(preview("@daily", "--after", ""), "--after")
        self.assert_usage(preview("@daily", "--count", "0"))
        self.assert_usage(preview("@daily", "--count", "-1"))
        self.assert_usage(preview("@daily", "--window", "22-6"), "22-6", "22:00-06:00")
        self.assert_usage(preview("30 12 * * *", "--window", "22:00-06:00"), "never run")
        self.assert_usage(preview("@daily", "--blackout", "2026-02-30"), "2026-02-30")
        self.assert_usage(preview("@daily", "--jitter", "10"), "--jitter", "10m")
        self.assert_usage(preview("@daily", "--jitter", "13h"), "12 hours")
        self.assert_usage(preview("@daily", "--calendar", "/no/such/file"))

    def test_windows_and_blackout_dates(self):
        self.assertEqual(["2026-05-06T00:00:00+08:00", "2026-05-06T04:00:00+08:00", "2026-05-08T00:00:00+08:00"],
                         self.lines("--window", "22:00-06:00", "--blackout", "2026-05-05", "--blackout", "2026-05-07..2026-05-07",
                                    "0 */4 * * *", *AFTER, "--count", "3"))

    def test_a_calendar_of_holidays_and_worked_weekends(self):
        with tempfile.TemporaryDirectory(prefix="caseway-calendar-") as folder:
            file = pathlib.Path(folder) / "2026.txt"
            file.write_text("holiday 2026-10-01..2026-10-07 国庆节\nworkday 2026-10-10\n")
            arguments = ("0 2 * * *", "--after", "2026-09-30T00:00:00Z", "--count", "3", "--calendar", str(file))
            self.assertEqual(["2026-10-08T02:00:00+08:00", "2026-10-09T02:00:00+08:00", "2026-10-10T02:00:00+08:00"], self.lines(*arguments))
            self.assertEqual("2026-10-01T02:00:00+08:00", self.lines(*arguments, "--days", "rest")[0])
            late = preview("0 2 * * *", "--after", "2027-01-01T00:00:00Z", "--calendar", str(file))
            self.assertIn("names no date after 2026", late.stderr)
            used_up = preview("0 2 * * sat", "--after", "2026-10-11T00:00:00Z", "--calendar", str(file))
            self.assertEqual((1, ""), (used_up.returncode, used_up.stdout))
            self.assertIn("no run ever comes", used_up.stderr)
            file.write_text("holiday 2026-10-01\nholiday 2026-10-32\n")
            self.assert_usage(preview(*arguments), f"{file}, line 2", "2026-10-32")

    def test_jitter_is_part_of_the_preview(self):
        def starts(connector):
            return [json.loads(line) for line in self.lines("0 1 * * *", *AFTER, "--jitter", "1h", "--connector", connector, "--json")]
        self.assertEqual(starts("housing/permits"), starts("housing/permits"))
        self.assertNotEqual(starts("housing/permits"), starts("traffic/licences"))
        for run in starts("housing/permits"):
            self.assertLessEqual(run["due"], run["start"])
            self.assertRegex(run["due"], r"T01:00:00\+08:00$")

    def test_a_run_that_waits_for_its_jitter_comes_yet(self):
        def first(after):
            return json.loads(self.lines("0 1 * * *", "--after", after, "--jitter", "1h", "--connector", "housing/permits", "--json")[0])
        planned = first("2026-05-04T00:00:00+08:00")
        self.assertLess("2026-05-04T01:00:01+08:00", planned["start"])
        self.assertEqual(planned, first("2026-05-04T01:00:01+08:00"))
        self.assertLess(planned["due"], first(planned["start"])["due"])

    def test_help_shows_examples_that_run(self):
        result = preview("--help")
        self.assertEqual(0, result.returncode)
        examples = re.findall(r"^  caseway (sync preview .*)$", result.stdout, re.MULTILINE)
        self.assertGreaterEqual(len(examples), 4)
        for example in examples:
            if "holidays.txt" not in example:
                shown = subprocess.run(f"'{BINARY}' {example}", shell=True, capture_output=True, text=True, timeout=60, check=False)
                self.assertEqual(0, shown.returncode, f"{example}: {shown.stderr}")

    def test_completion_knows_it(self):
        script = subprocess.run([BINARY, "completion", "bash"], capture_output=True, text=True, timeout=60, check=True).stdout
        self.assertRegex(script, r'"caseway sync"\) choices="[^"]*preview ')
        self.assertRegex(script, r'"caseway sync preview"\) choices=".*--zone .*--window ')
        asked = "COMP_WORDS=(caseway message send --binding ''); COMP_CWORD=4; _caseway; echo ${COMPREPLY[@]}"
        shown = subprocess.run(["bash", "-c", script + asked], capture_output=True, text=True, timeout=60, check=True).stdout
        self.assertEqual("xml json http\n", shown)
        for shell in ("zsh", "fish"):
            script = subprocess.run([BINARY, "completion", shell], capture_output=True, text=True, timeout=60, check=True).stdout
            self.assertIn("caseway sync preview", script)
            self.assertNotIn("@", script)

    def test_an_expression_without_quotes_is_told_to_have_some(self):
        for language, said in (("C.UTF-8", "put the expression in quotes"), ("zh_CN.UTF-8", "请给表达式加上引号")):
            shown = subprocess.run([BINARY, "sync", "preview", "30", "1", "a", "b"], capture_output=True, text=True, timeout=60, check=False,
                                   env={**os.environ, "LC_ALL": language})
            self.assertEqual(2, shown.returncode)
            self.assertIn(said, shown.stderr)

    def test_help_is_a_command_too(self):
        for words in ((), ("sync",), ("sync", "preview")):
            texts = [subprocess.run([BINARY, *arguments], capture_output=True, text=True, timeout=60, check=True).stdout
                     for arguments in (("help", *words), (*words, "--help"))]
            self.assertEqual(*texts)
        self.assertEqual(2, subprocess.run([BINARY, "help", "sink"], capture_output=True, timeout=60, check=False).returncode)


if __name__ == "__main__":
    unittest.main()
