"""`caseway mapping run|test|check`: exit codes 0, 1, 2; machine output on stdout, everything for people on stderr."""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import unittest

import payloads
from installation import BINARY, ROOT, run

ONE = payloads.case

# A small process of its own: what a child is forked from counts for its peak, and a test is not small.
MEASURE = """import os, sys
to = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
child = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, to, 1)])
_, status, used = os.wait4(child, 0)
print(used.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))
"""


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

    def test_check_notes_what_is_most_likely_not_meant(self):
        (self.mapping / "mapping.yaml").write_text(
            "mapping: e2e.notes\nsource: {format: xml, records: /Cases/Case}\nfields:\n  source_case_no: No\n"
            "  source_system: From\n  apply_time: 2026-05-04\n")
        result = self.mapping_command("check", self.mapping)
        self.assertEqual(0, result.returncode)
        notes = [line for line in (result.stdout + result.stderr).decode().splitlines() if line.startswith("note: ")]
        self.assertEqual(["note: fields.source_system", "note: fields.apply_time"], [":".join(line.split(":")[:2]) for line in notes])
        self.assertIn('`2026-05-04` looks at nothing of the payload: every record gets one value (line 6); if that is meant, write {value: "2026-05-04"}', notes[1])
        lines = [json.loads(line) for line in self.mapping_command("check", self.mapping, "--json").stdout.splitlines()]
        self.assertEqual([5, 6], [line["line"] for line in lines if "note" in line])

    def test_run_and_test_show_what_a_record_clears(self):
        (self.mapping / "mapping.yaml").write_text(
            "mapping: e2e.clears\nsource: {format: json, records: \"$.records[*]\"}\nfields:\n  source_case_no: id\n"
            "  contact_mobile: {from: m, empty: 无, empty_clears: true}\n")
        self.payload.write_text('{"records":[{"id":"1","m":"无"},{"id":"2","m":"5"},{"id":"3"}]}')
        lines = ['{"$cleared":["contact_mobile"],"source_case_no":"1"}', '{"contact_mobile":"5","source_case_no":"2"}', '{"source_case_no":"3"}']
        result = self.mapping_command("run", self.mapping, self.payload)
        self.assertEqual(lines, result.stdout.decode().splitlines())
        case = self.mapping / "cases" / "clears"
        case.mkdir(parents=True)
        shutil.copy(self.payload, case / "input.json")
        for expected, code in ((lines, 0), (['{"source_case_no":"1"}', *lines[1:]], 1)):
            (case / "expected.json").write_text("\n".join(expected) + "\n")
            self.assertEqual(code, self.mapping_command("test", self.mapping).returncode)

    def test_run_takes_as_much_memory_for_many_records_as_for_few(self):
        most = {}
        for records in (1000, 100_000):
            for name, mapping, text in (("json", "permits_json", payloads.as_json), ("xml", "permits_xml", payloads.as_xml)):
                self.payload.write_bytes(text(*(ONE(str(n)) for n in range(records))))
                out = self.payload.with_suffix(".out")
                measured = run("/usr/bin/python3", "-S", "-c", MEASURE, out, BINARY, "mapping", "run", self.folder / mapping, self.payload)
                with open(out, "rb") as made:
                    self.assertEqual(records, sum(1 for _ in made))
                most[name, records] = int(measured.stdout) / 1024
        for name in ("json", "xml"):
            self.assertLess(most[name, 100_000], most[name, 1000] + 4, f"MiB: {most}")
            self.assertLessEqual(most[name, 100_000], 32, f"MiB: {most}")

    def test_a_standard_output_that_takes_no_more_ends_with_1(self):
        self.payload.write_bytes(payloads.as_json(*(ONE(str(n)) for n in range(500))))
        with open("/dev/full", "wb") as full:
            ended = subprocess.run([BINARY, "mapping", "run", self.mapping, self.payload], stdout=full, stderr=subprocess.PIPE, check=False)
        self.assertEqual(1, ended.returncode)
        self.assertIn(b"standard output did not take all of it", ended.stderr)

    def test_who_has_read_enough_ends_the_command_without_a_word(self):
        certificate = self.folder / "c.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=a", "-keyout",
                        self.folder / "c.key", "-out", certificate], check=True, stderr=subprocess.DEVNULL)
        for arguments in (("explain", "bad_signature", "--json"), ("cert", "show", certificate, "--json")):  # a quick command, and one that is not
            read_end, write_end = os.pipe()
            os.close(read_end)
            with self.subTest(arguments), os.fdopen(write_end, "wb") as pipe:  # SIGPIPE is ignored here, and so for what is started, as under systemd
                ended = subprocess.run([BINARY, *arguments], stdout=pipe, stderr=subprocess.PIPE, restore_signals=False, check=False)
                self.assertEqual((-signal.SIGPIPE, b""), (ended.returncode, ended.stderr))

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

    def test_run_tells_every_mistake_of_a_record(self):
        wrong = payloads.ID_NUMBERS[0][:-1] + "8"
        self.payload.write_bytes(payloads.as_json(ONE("1", id_no=wrong, applied="2023-02-29"), ONE("2")))
        result = self.mapping_command("run", "--json", self.mapping, self.payload)
        refusals = [json.loads(line) for line in result.stderr.splitlines()]
        self.assertEqual({("id_number_wrong", 1), ("date_impossible", 1)}, {(one["code"], one["record"]) for one in refusals})
        for refusal in refusals:
            self.assertTrue(refusal["where"] and refusal["rule"] and refusal["hint"] and refusal["value"], refusal)
        for_people = self.mapping_command("run", self.mapping, self.payload).stderr.decode()
        self.assertIn("1 records, 1 refused", for_people)
        self.assertEqual(2, for_people.count("refused: record 1:"))
        chinese = subprocess.run([BINARY, "mapping", "run", self.mapping, self.payload], capture_output=True, check=False,
                                 env={**os.environ, "LC_ALL": "zh_CN.UTF-8"}).stderr.decode()
        self.assertEqual(2, chinese.count("拒收：record 1: "))
        self.assertIn("  下一步：部门改正日期", chinese)
        self.assertIn("  下一步：核对证件号码", chinese)

    def test_who_reads_chinese_is_told_what_to_do_about_a_failure_in_chinese(self):
        result = subprocess.run([BINARY, "log", "verify", "--data", self.folder / "none"], capture_output=True, check=False,
                                env={**os.environ, "LC_ALL": "zh_CN.UTF-8"})
        self.assertRegex(result.stderr.decode(), "错误：configuration_bad: .*\n  下一步：中心按提示改正该文件 · name the data folder")

    def test_run_shows_the_records_before_the_payload_breaks(self):
        self.payload.write_bytes(payloads.as_json(ONE("1"), ONE("2"))[:-3])
        result = self.mapping_command("run", "--json", self.mapping, self.payload)
        self.assertEqual(1, result.returncode)
        self.assertEqual("1", json.loads(result.stdout.splitlines()[0])["source_case_no"])
        self.assertEqual("malformed_json", json.loads(result.stderr.splitlines()[-1])["code"])

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

    def test_run_tells_fields_that_gave_nothing_in_all_records(self):
        text = payloads.JSON_MAPPING + "  steps: {each: 'bz[*]', fields: {step_name: name}}\n"
        (self.mapping / "mapping.yaml").write_text(text)
        given = {"case_no": "x", "version": "1", "state": "open"}
        self.payload.write_bytes(payloads.as_json(ONE("1", **given), ONE("2", **given)))
        notes = [line for line in self.mapping_command("run", self.mapping, self.payload).stderr.decode().splitlines() if "gave nothing" in line]
        self.assertEqual(["note: fields.steps.each: `bz[*]` gave nothing in 2 records (line 14)"], notes)
        (self.mapping / "mapping.yaml").write_text(text.replace("case_title: title", "case_title: titel"))
        result = self.mapping_command("run", self.mapping, self.payload)
        self.assertIn("note: fields.case_title: `titel` gave nothing in 2 records (line 8)", result.stderr.decode())
        self.assertEqual(0, result.returncode)
        self.assertEqual(b"", self.mapping_command("run", "--json", self.mapping, self.payload).stderr)

    def test_run_tells_no_place_that_is_for_what_does_not_fit(self):
        text = payloads.JSON_MAPPING.replace("contact_mobile: mobile", "contact_mobile: {from: mobile, unfit: extra.contact_mobile}")
        (self.mapping / "mapping.yaml").write_text(text)
        self.payload.write_bytes(payloads.as_json(ONE("1"), ONE("2")))
        result = self.mapping_command("run", self.mapping, self.payload)
        self.assertEqual((0, b""), (result.returncode, b"\n".join(line for line in result.stderr.splitlines() if b"gave nothing" in line and b"mobile" in line)), result.stderr)

    def test_run_tells_what_no_kind_takes_and_what_is_passed_over(self):
        kinds = """mapping: test.kinds
source: {format: json}
fields: {source_case_no: no}
kinds:
  - {records: "$.l[*]", when: {from: k, equals: "1"}, fields: {case_title: title, window_no: w}}
  - {records: "$.l[*]", when: {from: k, equals: "2"}, fields: {item_name: item}}
  - {records: "$.l[*]", when: {from: k, in: ["8", "9"]}, pass_over: true}
"""
        (self.mapping / "mapping.yaml").write_text(kinds)
        rows = [{"no": "1", "k": 1.0, "title": "t"}, {"no": "2", "k": 1, "title": "t"}, {"no": "3", "k": "9"}, {"no": "4", "k": 8}]
        self.payload.write_text(json.dumps({"l": rows}))
        result = self.mapping_command("run", self.mapping, self.payload)
        self.assertEqual(0, result.returncode)
        lines = result.stderr.decode().splitlines()
        self.assertIn("2 records, 0 refused", lines)
        self.assertEqual(1, sum(line.startswith("note: 2 more passed over") for line in lines), lines)
        self.assertEqual(["note: kinds[0].fields.window_no: `w` gave nothing in 2 records (line 5)"], [line for line in lines if "gave nothing" in line])
        self.payload.write_text(json.dumps({"l": [*rows, {"no": "5", "k": "合同"}]}))
        result = self.mapping_command("run", "--json", self.mapping, self.payload)
        self.assertEqual(1, result.returncode)
        (refusal,) = [json.loads(line) for line in result.stderr.splitlines()]
        self.assertEqual(("no_kind_takes", "/l/4", "合同", 3), tuple(refusal[name] for name in ("code", "where", "value", "record")))

    def test_run_names_the_file_that_cannot_be_read_as_a_whole(self):
        self.payload.write_bytes(b'{"cases":[{"no":"\xc4\xfa\xc4')
        told = self.mapping_command("run", self.mapping, self.payload).stderr.decode()
        self.assertIn(f"refused: {self.payload}, byte 19: wrong_encoding", told)
        self.assertIn("the text ends inside one", told)
        self.payload.write_bytes(b'{"list":[]}')
        result = self.mapping_command("run", self.mapping, self.payload)
        self.assertEqual(1, result.returncode)
        self.assertIn("`$.cases[*]` found nothing", result.stderr.decode())

    def test_check_shows_expressions_as_they_are_written(self):
        lines = [json.loads(line) for line in self.mapping_command("check", "--json", self.mapping).stdout.splitlines()]
        shown = {line["where"]: line["expression"] for line in lines}
        self.assertEqual(("title", "$.cases[*]"), (shown["fields.case_title"], shown["source.records"]))

    def test_what_a_mapping_holds_commands_no_terminal(self):
        odd = ("\x1b]0;owned\x07", "\x1b[31m", "\u009b31m", "\u202e")
        text = 'mapping: t.x\nsource: {format: json, records: "$.l[*]"}\n'
        quoted = "".join(odd).encode("ascii", "backslashreplace").decode()
        for name, more in (("key", f'"{quoted}": 1\nfields: {{source_case_no: a}}\n'), ("field", f'fields: {{source_case_no: a, "{quoted}": b}}\n'),
                           ("expression", f"fields: {{source_case_no: \"['{quoted}']\"}}\n"), ("broken", f'fields: {{source_case_no: "{quoted}["}}\n')):
            with self.subTest(name):
                folder = self.folder / ("".join(odd[1:]) + name)
                folder.mkdir()
                (folder / "mapping.yaml").write_text(text + more)
                (folder / "input.json").write_text(json.dumps({"l": [{"b": "".join(odd)}]}))
                for command in (("check", folder), ("run", folder, folder / "input.json")):
                    told = self.mapping_command(*command).stderr.decode()
                    self.assertTrue(told)
                    self.assertEqual([], [sign for sign in ("\x1b", "\x07", "\u009b", "\u202e") if sign in told], repr(told))
                told = self.mapping_command("check", self.folder / ("\x1b[31m" + name)).stderr.decode()
                self.assertNotIn("\x1b", told)

    def test_what_is_no_file_of_a_mapping_is_told_and_not_waited_for(self):
        file = self.mapping / "mapping.yaml"
        text = file.read_bytes()
        file.unlink()
        for make, told in ((lambda: os.mkfifo(file), "cannot be read"), (file.mkdir, "cannot be read"), (lambda: file.symlink_to("/dev/zero"), "cannot be read"),
                           (lambda: file.write_bytes("办".encode() * 400_000), "at most 1 MiB")):
            make()
            for command in (("check",), ("test",), ("add",)):
                with self.subTest(command=command, told=told):
                    ended = subprocess.run([BINARY, "mapping", *command, self.mapping], capture_output=True, check=False, timeout=60)
                    self.assertEqual(1, ended.returncode, ended)
                    self.assertIn(told, ended.stderr.decode())
            shutil.rmtree(file) if file.is_dir() and not file.is_symlink() else file.unlink()
        file.write_bytes(text)

    def test_a_case_is_of_regular_files_in_the_folder_of_its_mapping(self):
        case = self.mapping / "cases" / "one"
        case.mkdir(parents=True)
        good, outside = case / "input.json", self.folder / "outside.json"
        outside.write_bytes(payloads.as_json(ONE("1")))
        good.write_bytes(outside.read_bytes())
        expected = case / "expected.json"
        expected.write_bytes(self.mapping_command("run", self.mapping, good).stdout)
        shared = self.mapping / "shared.json"
        shared.write_bytes(good.read_bytes())
        for file, make, told in ((good, lambda: os.mkfifo(good), "no regular file"), (good, good.mkdir, "no regular file"),
                                 (good, lambda: good.symlink_to(outside), "leads out"), (good, lambda: good.symlink_to("/dev/zero"), "leads out"),
                                 (good, lambda: good.symlink_to("none"), "cannot be read"), (expected, lambda: os.mkfifo(expected), "no regular file"),
                                 (expected, lambda: expected.symlink_to(outside), "leads out"), (good, lambda: good.symlink_to(shared), None)):
            kept = file.read_bytes()
            file.unlink()
            make()
            with self.subTest(file=file.name, told=told):
                ended = subprocess.run([BINARY, "mapping", "test", self.mapping], capture_output=True, check=False, timeout=60)
                self.assertEqual(1 if told else 0, ended.returncode, ended)
                self.assertIn(told or "ok", ended.stderr.decode())
            shutil.rmtree(file) if file.is_dir() and not file.is_symlink() else file.unlink()
            file.write_bytes(kept)
        (self.mapping / "cases").rename(self.folder / "elsewhere")
        (self.mapping / "cases").symlink_to(self.folder / "elsewhere")
        self.assertIn("leads out", self.mapping_command("test", self.mapping).stderr.decode())

    def test_test_runs_the_cases(self):
        case = self.mapping / "cases" / "one"
        case.mkdir(parents=True)
        self.assertEqual(1, self.mapping_command("test", self.folder / "permits_xml").returncode, "no cases is no success")
        (case / "input.json").write_bytes(payloads.as_json(ONE("1")))
        expected = self.mapping_command("run", self.mapping, case / "input.json").stdout
        (case / "expected.json").write_bytes(expected)
        result = self.mapping_command("test", "--json", self.mapping)
        self.assertEqual((0, [{"case": "one", "passed": True, "passed_over": 0}]),
                         (result.returncode, [json.loads(line) for line in result.stdout.splitlines()]))
        (case / "expected.json").write_bytes(b"\xEF\xBB\xBF" + expected.replace(b"\n", b"\r\n"))
        self.assertEqual(0, self.mapping_command("test", self.mapping).returncode, "as an editor of Windows saves it")
        (case / "expected.json").write_bytes(expected.replace(b"permit 1", b"permit 2"))
        result = self.mapping_command("test", "--json", self.mapping)
        verdict = json.loads(result.stdout)
        self.assertEqual((1, False), (result.returncode, verdict["passed"]))
        self.assertIn("permit 2", verdict["difference"])

    def test_a_payload_of_utf8_in_which_a_character_was_cut_is_refused_at_its_byte(self):
        """A column limited in bytes cut it: what is left is good GB 18030, and was taken as that."""
        cut = "关于建房的申请".encode()[:-1]
        for mapping, text in (("permits_json", payloads.as_json), ("permits_xml", payloads.as_xml)):
            payload = text(ONE("1")).replace(b"permit 1", cut)
            self.payload.write_bytes(payload)
            ended = self.mapping_command("run", self.folder / mapping, self.payload)
            self.assertEqual((1, b""), (ended.returncode, ended.stdout))
            said = ended.stderr.decode()
            self.assertRegex(said, f"byte {payload.index(cut) + len(cut) - 2}\\b.*wrong_encoding.*a character was cut")

    def test_a_case_names_the_first_mistake_of_a_record_and_may_name_the_further_ones(self):
        case = self.mapping / "cases" / "wrong"
        case.mkdir(parents=True)
        wrong = payloads.ID_NUMBERS[0][:-1] + "8"
        (case / "input.json").write_bytes(payloads.as_json(ONE("1", id_no=wrong, applied="2023-02-29"), ONE("2", applied="x")))
        first, further, next_record = "id_number_wrong applicant_id_no", "date_impossible apply_time, /cases/0", "date_unreadable apply_time"
        for lines, passes in (((first, next_record), True), ((first, further, next_record), True), ((further, next_record), False),
                              ((first,), False), ((first, next_record, next_record), False), ((first, first, next_record), False)):
            (case / "refusal.txt").write_text("\n".join(lines))
            with self.subTest(lines=lines):
                self.assertEqual(0 if passes else 1, self.mapping_command("test", self.mapping).returncode)

    def test_every_sample_mapping_passes_its_cases(self):
        folders = sorted(path.parent for path in (ROOT / "mappings").glob("*/mapping.yaml"))
        self.assertTrue(folders)
        for folder in folders:
            with self.subTest(mapping=folder.name):
                self.assertEqual(0, self.mapping_command("check", folder).returncode)
                self.assertEqual(0, self.mapping_command("test", folder).returncode)

    def test_a_path_or_an_argument_that_does_not_fit_is_told_with_a_next_step(self):
        for arguments, told in ((("mapping", "add", self.mapping / "mapping.yaml"), "next: name the folder in which it lies"),
                                (("mapping", "run", self.mapping, self.mapping), "next: name a file, not a folder"),
                                (("mapping", "check", self.folder / "none"), "next: correct the path"),
                                (("init", "data2"), "--data DIR"),
                                (("connector", "verify", self.folder / "none"), "next: correct the path")):
            with self.subTest(arguments=arguments):
                result = run(BINARY, *arguments, ok=False)
                self.assertEqual(2, result.returncode, result)
                self.assertIn(told, result.stderr.decode())

    def told(self, language, *arguments):
        result = subprocess.run([BINARY, *map(str, arguments)], capture_output=True, check=False, env={**os.environ, "LC_ALL": language})
        self.assertEqual((2, b""), (result.returncode, result.stdout), result)
        return result.stderr.decode()

    def test_a_usage_mistake_says_what_the_option_is_for_with_an_example_and_the_next_step(self):
        cases = (
            (("message", "show", "12", "--unmask"),
             ("--reason is missing", "why the payload has to be seen", "example: caseway message show 12 --unmask --reason 'complaint", "next: add it", "caseway message show --help"),
             ("错误：缺少 --reason", "用途：--reason: 为何须查看原文；写入日志", "示例：caseway message show 12 --unmask --reason", "下一步：补上后再次执行", "caseway message show --help")),
            (("message", "send", self.mapping / "mapping.yaml", "--url", "https://h"),
             ("--key, --cert, --sender, --receiver is missing", "private key, PEM", "the gateway's id", "example: caseway message send permits.xml"),
             ("缺少 --key, --cert, --sender, --receiver", "私钥，PEM", "网关的标识", "示例：caseway message send permits.xml")),
            (("message", "send", self.mapping / "mapping.yaml", "--url", "https://h", "--key", self.mapping / "mapping.yaml", "--cert", self.mapping / "mapping.yaml",
              "--sender", "a/b", "--reciever", "x"),
             ("--receiver is missing", "unknown option: --reciever: did you mean --receiver?"),
             ("缺少 --receiver", "未知选项：--reciever：是否应为 --receiver？")),
            (("mapping", "check", self.mapping, "--dta", "x"),
             ("unknown option: --dta", "did you mean --data?", "data folder"), ("未知选项：--dta", "是否应为 --data？")),
            (("mapping", "chekc"), ("unknown command 'chekc'", "did you mean 'check'?"), ("没有命令 chekc", "是否应为 'check'？")),
            (("mapping", "invent"), ("unknown command 'invent'", "caseway mapping --help"), ("没有命令 invent", "caseway mapping --help")),
            (("mapping", "check"), ("DIR is missing", "the mapping's folder"), ("缺少 DIR", "映射的文件夹")),
            (("mapping", "check", self.folder / "none"), ("Directory does not exist", "correct the path"), ("没有文件夹", "改正路径")),
            (("sync", "preview", "1 1 * * *", "--count", "0"), ("--count: Value 0 not in range",), ("--count 的值 0 不在 1 至", "之内")),
            (("sync", "preview", "1 1 * * *", "--count", "many"), ("--count",), ("--count 的值 many 不在 1 至",)),
            (("sync", "preview", "1 1 * * *", "--days", "sun"), ("--days",), ("--days 的值 sun 不是其中之一",)),
            (("message", "show", "12", "--reason", "x"), ("--unmask is missing",), ("缺少 --unmask",)),
            (("log", "show", "--since"), ("--since",), ("--since 没有值",)),
            (("sync", "run", "a/b/c", "--since", "x"), ("a time in RFC 3339",), ("--since 的值 x 不是 RFC 3339 时间", "也不是游标")),
            (("sync", "run", "a/b"), ("DEPARTMENT/SYSTEM/NAME of a connector",), ("a/b 不是连接器名",)),
            (("sync", "show", "0"), ("the number of a run",), ("0 不是运行的编号",)),
            (("sync", "run", "a/b/c", "--reconcile", "--vanished-at-most", "x"), ("a share from 0%",), ("x 不是 0% 至 100% 的比例",)),
            (("connector", "new", "A-B"), ("a name of a-z",), ("须为以字母开头的名称",)),
        )
        for arguments, english, chinese in cases:
            for language, parts in (("C.UTF-8", english), ("zh_CN.UTF-8", chinese)):
                with self.subTest(arguments=arguments, language=language):
                    text = self.told(language, *arguments)
                    for part in parts:
                        self.assertIn(part, text)
                    if language.startswith("zh"):  # one language: what the parser says of itself is translated too
                        self.assertNotRegex(text, "(?i)error:|what to do|next:|not in |does not exist|required|requires|could not|expected")

    def test_usage_mistakes_exit_2(self):
        for arguments in (("run",), ("run", self.mapping), ("run", self.folder / "nothing", self.payload), ("check",),
                          ("walk", self.mapping),
                          ("check", self.mapping, "--nothing")):
            with self.subTest(arguments=arguments):
                result = self.mapping_command(*arguments)
                self.assertEqual((2, b""), (result.returncode, result.stdout))
                self.assertTrue(result.stderr)
        self.assertEqual(0, self.mapping_command("run", "--help").returncode)

    def loaded_by(self, *arguments):
        """What the loader says of the libraries that a command brings along."""
        told = subprocess.run([BINARY, *map(str, arguments)], capture_output=True, text=True, check=False, env={**os.environ, "LD_DEBUG": "files"})
        self.assertIn(told.returncode, (0, 1), told.stderr[-2000:])
        return set(re.findall(r"calling init: \S*/(lib[A-Za-z]+)", told.stderr))

    def test_commands_that_need_no_gateway_start_without_its_libraries(self):
        self.payload.write_bytes(payloads.as_json(ONE("1")))
        heavy = {"libPocoFoundation", "libPocoNet", "libcurl", "libssh", "libodbc", "libsqlite", "libssl", "libxmlsec"}
        for arguments in (("--version",), ("explain", "bad_signature"), ("mapping", "check", self.mapping), ("mapping", "test", self.mapping),
                          ("mapping", "run", self.mapping, self.payload)):
            with self.subTest(arguments=arguments):
                loaded = self.loaded_by(*arguments)
                self.assertIn("libyaml", loaded)
                self.assertEqual(set(), loaded & heavy)
        self.assertLessEqual({"libPocoNet", "libyaml"}, self.loaded_by("mapping", "list", "--help"))  # the others are here

    def test_a_command_says_the_same_whichever_program_it_comes_from(self):
        self.payload.write_bytes(payloads.as_json(ONE("1")))
        for arguments in (("mapping", "run", self.mapping, self.payload), ("mapping", "check", self.mapping), ("explain", "bad_signature"), ("--version",),
                          ("mapping", "run", "--help"), ("mapping", "run"), ("explain",)):
            with self.subTest(arguments=arguments):
                programs = [run(pathlib.Path(BINARY).parent.parent / "lib/caseway" / name, *arguments, ok=False) for name in ("caseway-all", "caseway-quick")]
                told = {(one.returncode, one.stdout, one.stderr) for one in programs + [run(BINARY, *arguments, ok=False)]}
                self.assertEqual(1, len(told), told)

    def test_the_start_without_its_programs_says_what_is_missing(self):
        alone = self.folder / "bin" / "caseway"
        alone.parent.mkdir()
        shutil.copy(BINARY, alone)
        result = run(alone, "mapping", "run", ok=False)
        self.assertEqual((1, b""), (result.returncode, result.stdout))
        self.assertIn(f"error: {self.folder}/lib/caseway/caseway-quick: No such file", result.stderr.decode())
        self.assertIn("what to do: ", result.stderr.decode())


if __name__ == "__main__":
    unittest.main(verbosity=2)
