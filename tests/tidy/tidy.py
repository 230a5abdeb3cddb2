#!/usr/bin/python3
"""Style as a test: who includes whom, how a file opens, how long it is, what is never called, which folders are complete."""
import json
import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
STAGES = {"intake", "verify", "normalize", "record", "log", "deliver"}
ADAPTERS = {"files", "net", "sqlite", "http", "mail", "plugin", "thrift"}
# Folder of gateway/ -> folders whose headers it may include (its own always). docs/architecture.md explains why.
MAY_INCLUDE = {
    "base": set(),
    "domain": {"base"},
    "ports": {"base", "domain"},
    "formats": {"base", "domain"},
    **{stage: {"base", "domain", "ports", "formats"} for stage in STAGES},
    "sync": {"base", "domain", "ports", "formats"},
    "register": {"base", "domain", "formats"},
    "report": {"base", "domain", "ports", "formats", "log", "sync"},
    "pipeline": {"base", "domain", "ports", "formats"} | STAGES,
    "adapters": {"base", "domain", "ports", "formats"},
    "audit": {"base", "domain", "ports", "formats", "log", "record"},
    "daemon": {"base", "domain", "ports", "formats", "register", "pipeline", "audit", "sync", "report", "adapters"} | STAGES,
    "cli": {"base", "domain", "ports", "formats", "register", "pipeline", "audit", "sync", "report", "adapters", "daemon"} | STAGES,
}
# Headers of connectors/ that the gateway itself may include: the registry, the suite, the careful HTTP client, and for the host of plug-ins what
# every speaker of connector.thrift shares.
OF_CONNECTORS = {("daemon", "connectors/registry.hpp"), ("cli", "connectors/sdk/contract_suite.hpp"),
                 ("daemon", "connectors/sdk/http_client.hpp"), ("daemon", "connectors/sdk/http_faults.hpp"),
                 ("daemon", "connectors/sdk/web_address.hpp"),
                 *(("daemon", f"connectors/sdk/wire/masked_{name}.hpp") for name in ("answers", "connector")),
                 *(("adapters", f"connectors/sdk/wire/{name}.hpp")
                   for name in ("answers", "bounded_protocol", "masked_answers", "service_calls"))}
# Third-party headers by where they may appear; a prefix of the include.
THIRD_PARTY = {
    "base": ("fmt/",),
    "domain": ("fmt/",),
    "ports": (),
    "formats": ("fmt/", "openssl/", "libxml/", "xmlsec/", "rapidjson/", "simdjson", "highwayhash/", "re2/", "unicode/", "iconv.h", "zstd", "emmintrin.h",
                "date/", "yaml-cpp/"),
    "register": ("fmt/",),
    "normalize": ("fmt/", "yaml-cpp/"),
    "adapters": ("fmt/", "Poco/", "openssl/", "boost/", "curl/", "sqlite3", "zstd", "yaml-cpp/", "sys/", "unistd.h", "fcntl.h", "netinet/",
                 "arpa/", "ifaddrs.h", "poll.h", "signal.h", "dirent.h", "thrift/", "connector_protocol/", "exchange_thrift/", "linux/", "seccomp.h",
                 "pwd.h", "sched.h", "time.h"),
    "daemon": ("fmt/", "Poco/", "openssl/", "prometheus/", "sys/", "unistd.h", "signal.h", "fcntl.h", "malloc.h", "pwd.h"),
    "cli": ("poll.h", "fmt/", "Poco/", "CLI/", "sys/", "unistd.h", "termios.h", "signal.h", "fcntl.h", "pwd.h", "malloc.h"),
}
# Third-party headers of a connector's folder; every connector may include its own folder, connectors/sdk and CONNECTOR_SEES.
CONNECTOR_SEES = {"base", "domain", "ports", "formats"}
CONNECTOR_LIBRARIES = {
    "sdk": ("fmt/", "rapidjson/", "thrift/", "connector_protocol/", "malloc.h", "boost/test/", "curl/", "openssl/", "sys/", "netdb.h", "netinet/", "arpa/",
            "unistd.h", "fcntl.h"),
    "http": ("fmt/",),
    "soap": ("fmt/", "openssl/"),
    "sql": ("fmt/", "sql.h", "sqlext.h", "sqlucode.h", "sqlite3.h", "sys/", "fcntl.h", "netinet/", "arpa/", "linux/tcp.h"),
    "sftp": ("fmt/", "libssh/", "sys/", "unistd.h", "fcntl.h", "poll.h", "netdb.h", "netinet/"),
    "thrift": ("fmt/", "thrift/", "connector_protocol/"),
    "folder": ("fmt/", "sys/", "unistd.h", "fcntl.h", "dirent.h", "stdio.h"),
}
# Words in the sources that look like codes and are none: keys of mappings, of the register and of answers, members of leaves.
NO_CODES = set("""
    plugin_unexpected_error
    log_key code_tables convert_old_id credit_code org_code empty_clears epoch_ms epoch_s id_card no_date pass_over or_one
    department_code department_name may_read on_behalf_of owner_department
    correlation_id log_index log_origin message_id previous_id received_at sent_at signature_base tree_size due_time outcome_receipt
    base_codes base_fields
    accept_refusals deadline_seconds draft_document live_document secrets_in_clear media_type live_since page_bytes page_records tested_at tested_refused type_version
    ends_pass failed_since first_case first_change new_origin old_origin old_root old_size last_commit restored_head absorbed_change case_record by_window outcome_part former_repeat
    memory_mib cpu_seconds open_files page_mib media_type next_step source_total may_run in_force node_modules
    authority_not_after authority_state department_state expired_authorities passed_over records_doubled records_doubled_such
    register_change register_tree days_left refused_percent ends_by parked_from parked_next has_list key_id not_after not_before revoked_at within_days claimed_key claimed_sender claimed_message_id
    ended_at started_at media_type next_step payloads_refused source_clock_ahead source_clock_behind source_says taken_up
    began_change began_leaf share_given compared_at deleted_here difference_report left_out missing_here missing_there newer_here not_compared vanished_at_most
    get_message get_case
    if_present http_answer xml_document xml_message bears_signature_of
    given_up is_over is_sent put_right last_good last_run made_at not_due on_demand on_time refusals_not_read
    beside_payloads_refused beside_read beside_refused compared_by_run doubled_such drift_names failed_since_payloads_refused failed_since_read failed_since_refused failed_since_trouble
    files_waiting files_waiting_long files_waiting_since files_aside files_aside_since first_began last_ended marked_before never_whole payloads_tried_again records_tried_again
    source_clock_ahead_seconds source_read under_way volume_before volume_jumped volume_median waits_for waits_next_step waits_since waits_until circuit_failed circuit_until
    clock_ahead clock_behind first_too_large most_told not_counted
    mail_authorities mail_from mail_password mail_server mail_to mail_user send_at webhook_authorities
""".split())
LONGEST_FILE = 400
LONGEST_LINE = 140


def tracked(*patterns):
    names = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in names.stdout.split("\n") if name and (ROOT / name).is_file()]


def sources():
    return [path for path in tracked("gateway", "connectors", "tests") if path.suffix in (".hpp", ".cpp")]


def codes_in_connectors():
    """The first argument of configFault, transientFault and systemFault (connectors/sdk/faults.hpp), tests apart; code -> where."""
    codes = {}
    for path in sources():
        parts = path.relative_to(ROOT).parts
        if parts[0] == "connectors" and "test" not in parts:
            for found in re.finditer(r'\b(?:config|transient|system)Fault\(\s*"([a-z0-9_]+)"', path.read_text()):
                codes.setdefault(found.group(1), str(path.relative_to(ROOT)))
    return codes


def codes_in_code():
    """Every snake_case literal of gateway/ that is no field of the case record, no metric and not in NO_CODES; code -> where."""
    schema = ROOT / "gateway/domain/case_schema.cpp"
    others = NO_CODES | set(re.findall(r'"(\w+)"', schema.read_text()))
    codes = codes_in_connectors()
    for path in sources():
        if (ROOT / "gateway") not in path.parents or path == schema:
            continue
        single = path.name == "http_counters.cpp"  # its names may be one word
        for number, line in enumerate(path.read_text().splitlines(), 1):
            for word in re.findall(r'"([a-z][a-z0-9]*(?:_[a-z0-9]+)*)"', line.split("//")[0]):
                if ("_" in word or single) and word not in others and not word.startswith("caseway_"):
                    codes.setdefault(word, f"{path.relative_to(ROOT)}:{number}")
    return codes


def documented_codes():
    return re.findall(r"^\| `([a-z0-9_]+)` \|", (ROOT / "docs/errors.md").read_text(), re.MULTILINE)


def layer(path):
    return path.relative_to(ROOT / "gateway").parts[0]


def opens_for_its_folder_only(path):
    """A header that shows a library's types says in its opening comment that only its own folder (or formats/) may include it."""
    opening = " ".join(path.read_text().split("#pragma once")[0].replace("//", " ").split())
    return path.name.endswith("_handles.hpp") or "this folder only" in opening or "formats/ only" in opening


class Tidy(unittest.TestCase):
    maxDiff = None

    def test_includes_follow_the_table(self):
        wrong = []
        for path in sources():
            if (ROOT / "gateway") not in path.parents:
                continue
            own = layer(path)
            for number, line in enumerate(path.read_text().splitlines(), 1):
                found = re.match(r'\s*#\s*include\s+(["<])([^">]+)[">]', line)
                if not found:
                    continue
                quote, name = found.groups()
                if name.startswith("gateway/"):
                    other = name.split("/")[1]
                    allowed = other == own or other in MAY_INCLUDE[own]
                    if own == other == "adapters" and name.split("/")[2] != path.relative_to(ROOT).parts[2]:
                        allowed = name.split("/")[2] == "files"
                elif quote == '"':
                    allowed = (own, name) in OF_CONNECTORS
                else:
                    allowed = "/" not in name and "." not in name or name.startswith(THIRD_PARTY.get(own, ("fmt/",)))
                    if own == "formats" and path.suffix == ".hpp" and "/" in name and not opens_for_its_folder_only(path):
                        allowed = False
                if not allowed:
                    wrong.append(f"{path.relative_to(ROOT)}:{number}: {name}")
        self.assertEqual([], wrong)

    def test_connectors_see_only_their_sdk(self):
        wrong = []
        for path in tracked("connectors"):
            parts = path.relative_to(ROOT / "connectors").parts
            if path.suffix not in (".hpp", ".cpp") or "test" in parts:
                continue
            own = parts[0]
            for number, line in enumerate(path.read_text().splitlines(), 1):
                found = re.match(r'\s*#\s*include\s+(["<])([^">]+)[">]', line)
                if not found:
                    continue
                quote, name = found.groups()
                if name.startswith("gateway/"):
                    allowed = name.split("/")[1] in CONNECTOR_SEES
                elif name.startswith("connectors/"):  # the registry, beside the folders, knows them all
                    allowed = len(parts) == 1 or name.split("/")[1] in (own, "sdk")
                else:
                    allowed = quote == "<" and ("/" not in name and "." not in name or name.startswith(CONNECTOR_LIBRARIES.get(own, ("fmt/",))))
                if not allowed:
                    wrong.append(f"{path.relative_to(ROOT)}:{number}: {name}")
        self.assertEqual([], wrong)

    def test_every_file_says_what_it_is_for(self):
        wrong = [str(path.relative_to(ROOT)) for path in sources()
                 if not path.read_text().startswith(f"// {path.relative_to(ROOT)} - ")]
        self.assertEqual([], wrong)

    def test_files_are_small_and_lines_short(self):
        wrong = []
        for path in sources():
            lines = path.read_text().splitlines()
            if len(lines) > LONGEST_FILE:
                wrong.append(f"{path.relative_to(ROOT)}: {len(lines)} lines")
            wrong += [f"{path.relative_to(ROOT)}:{n}: {len(line)} columns" for n, line in enumerate(lines, 1) if len(line) > LONGEST_LINE]
        self.assertEqual([], wrong)

    def test_banned_calls_are_absent(self):
        banned = re.compile(r"\b(sleep_for|usleep|strcpy|sprintf|rand|std::system|popen|std::regex|XML_PARSE_NOENT|XML_PARSE_HUGE|XML_PARSE_DTDLOAD)\b\s*[(<|,;]")
        wrong = []
        for path in sources():
            for number, line in enumerate(path.read_text().splitlines(), 1):
                if banned.search(line.split("//")[0]):
                    wrong.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()}")
        self.assertEqual([], wrong)

    def test_no_marks_left(self):
        wrong = []
        for path in sources():
            for number, line in enumerate(path.read_text().splitlines(), 1):
                if re.search(r"\b(TODO|FIXME|XXX|HACK)\b", line):
                    wrong.append(f"{path.relative_to(ROOT)}:{number}")
        self.assertEqual([], wrong)

    def test_one_name_is_one_type(self):
        places = {}
        for path in sources():
            parts = path.relative_to(ROOT).parts
            # Connectors are linked into the same program: two types of one name would share one destructor.
            if path.suffix == ".hpp" and parts[0] in ("gateway", "connectors") and "test" not in parts:
                for found in re.finditer(r"^(?:class|struct|enum class) (\w+)(?: final)?\s*(?::[^;{]*)?\{", path.read_text(), re.M):
                    places.setdefault(found.group(1), set()).add(str(path.parent.relative_to(ROOT)))
        self.assertEqual({}, {name: sorted(folders) for name, folders in places.items() if len(folders) > 1})

    def test_headers_are_guarded(self):
        wrong = [str(path.relative_to(ROOT)) for path in sources() if path.suffix == ".hpp" and "#pragma once" not in path.read_text()]
        self.assertEqual([], wrong)

    def test_mapping_folders_are_complete(self):
        wrong = []
        for folder in sorted({path.relative_to(ROOT).parts[1] for path in tracked("mappings") if len(path.relative_to(ROOT).parts) > 2}):
            for need in ("mapping.yaml", "README.md"):
                if not (ROOT / "mappings" / folder / need).is_file():
                    wrong.append(f"mappings/{folder}: {need} is missing")
            cases = list((ROOT / "mappings" / folder / "cases").glob("*/input.*"))
            if not cases:
                wrong.append(f"mappings/{folder}: no cases")
        self.assertEqual([], wrong)

    def test_no_secret_is_tracked(self):
        wrong = []
        for path in tracked():
            if path.suffix in (".png", ".zst", ".gz") or path == pathlib.Path(__file__).resolve():
                continue
            if b"PRIVATE KEY-----" in path.read_bytes() and path.suffix not in (".hpp", ".cpp", ".py", ".md", ""):
                wrong.append(str(path.relative_to(ROOT)))
        self.assertEqual([], wrong)

    def test_every_code_is_documented_and_no_other(self):
        in_code, documented = codes_in_code(), documented_codes()
        missing = [f"{code} ({where})" for code, where in sorted(in_code.items()) if code not in documented]
        self.assertEqual([], missing, "give each a row in docs/errors.md, or name it in NO_CODES where it is no code")
        self.assertEqual([], sorted(set(documented) - set(in_code)), "these stand in docs/errors.md, but no longer in the code")
        self.assertEqual(len(set(documented)), len(documented), "a code has two rows in docs/errors.md")

    def test_codes_that_documents_name_exist(self):
        known = set(codes_in_code())
        wrong = []
        for path in tracked("docs", "mappings"):
            text = path.read_text() if path.suffix in (".md", ".txt") else ""
            wrong += [f"{path.relative_to(ROOT)}: {code}" for code in re.findall(r'"code": ?"(\w+)"', text) if code not in known]
        self.assertEqual([], wrong)

    def test_links_between_documents_resolve(self):
        wrong = []
        for path in tracked("*.md"):
            text = re.sub(r"^```.*?^```", "", path.read_text(), flags=re.MULTILINE | re.DOTALL)
            for target in re.findall(r"\]\(([^)\s]+)\)", text):
                name = target.split("#")[0]
                if name and not re.match(r"[a-z]+:", target) and not (path.parent / name).exists():
                    wrong.append(f"{path.relative_to(ROOT)}: {target}")
        self.assertEqual([], wrong)

    def test_json_examples_are_well_formed(self):
        wrong = []
        for path in tracked("*.md"):
            for block in re.findall(r"^```json\n(.*?)^```", path.read_text(), flags=re.MULTILINE | re.DOTALL):
                try:
                    json.loads(block)
                except ValueError as error:
                    wrong.append(f"{path.relative_to(ROOT)}: {error}: {block[:60]}")
        self.assertEqual([], wrong)

    def test_json_files_are_well_formed(self):
        for path in tracked("docs", "config"):
            if path.suffix == ".json":
                with self.subTest(path=str(path.relative_to(ROOT))):
                    json.loads(path.read_text())


if __name__ == "__main__":
    unittest.main()
