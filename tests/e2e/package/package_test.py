"""The Debian package, as cpack makes it of this build: what it says of itself, what is in it, that its program and demo run from where it is unpacked."""
import http.server
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import unittest
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[3]
BUILD = pathlib.Path(os.environ.get("CASEWAY_BUILD", ROOT / "build/release"))
MUST_HOLD = """
usr/bin/caseway
usr/lib/caseway/caseway-all
usr/lib/caseway/caseway-quick
usr/lib/systemd/system/caseway.service
usr/lib/sysusers.d/caseway.conf
usr/share/caseway/caseway.properties
usr/share/caseway/plugins.conf
usr/share/caseway/plugin_sdk/connector.thrift
usr/lib/caseway/plugins/csv_python/manifest.yaml
usr/lib/caseway/plugins/csv_python/caseway_connector.py
usr/lib/caseway/plugins/csv_python/caseway_protocol/ttypes.py
usr/share/caseway/demo/run
usr/share/caseway/mappings/fujian_router_xml/mapping.yaml
usr/share/doc/caseway/copyright
usr/share/doc/caseway/docs/operating/installing.md
usr/share/doc/caseway/docs/senders/Send.java
usr/share/man/man1/caseway.1.gz
usr/share/bash-completion/completions/caseway
usr/share/zsh/vendor-completions/_caseway
usr/share/fish/vendor_completions.d/caseway.fish
""".split()


def run(*arguments, ok=True, **more):
    result = subprocess.run([str(a) for a in arguments], capture_output=True, text=True, timeout=1200, check=False, **more)
    if ok and result.returncode != 0:
        raise AssertionError(f"{arguments}: exit {result.returncode}\n{result.stdout[-3000:]}\n{result.stderr[-3000:]}")
    return result


def free_ports(count):
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [str(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


@unittest.skipUnless(shutil.which("dpkg-shlibdeps"), "no dpkg-shlibdeps here: the package is not tried (apt-get install dpkg-dev)")
class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory(prefix="caseway-package-")
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = pathlib.Path(temporary.name)
        run("cpack", "--config", BUILD / "CPackConfig.cmake", "-B", cls.folder, "-D", "CPACK_DEBIAN_COMPRESSION_TYPE=none")
        cls.package, = cls.folder.glob("*.deb")
        cls.tree = cls.folder / "tree"
        run("dpkg-deb", "-R", cls.package, cls.tree)

    def field(self, name):
        return run("dpkg-deb", "-f", self.package, name).stdout.strip()

    def test_fields(self):
        architecture = run("dpkg", "--print-architecture").stdout.strip()
        self.assertEqual(("caseway", architecture), (self.field("Package"), self.field("Architecture")))
        self.assertEqual(f"caseway_{self.field('Version')}_{architecture}.deb", self.package.name)
        needed = {part.split()[0] for part in self.field("Depends").split(",")}
        self.assertLessEqual({"libc6", "libssl3", "libxml2", "libsqlite3-0", "libpocofoundation80", "tzdata", "openssl"}, needed)
        self.assertEqual(set(), {name for name in needed if name.endswith("-dev")})

    def test_files_belong_to_root_and_nobody_else_may_write(self):
        listed = run("dpkg-deb", "-c", self.package).stdout.splitlines()
        self.assertEqual([], [line for line in listed if line.split()[1] != "root/root" or re.match(r"[-d].......w", line) or "s" in line.split()[0]])
        names = {line.split()[5].removeprefix("./") for line in listed}
        self.assertEqual([], [name for name in MUST_HOLD if name not in names])
        strange = [name for name in names if not (name + "/").startswith(("usr/", "/"))]
        self.assertEqual([], strange, "nothing outside of /usr: what a site sets stands in its data folder")

    def test_no_path_of_this_machine_is_in_it(self):
        for path in [*(self.tree / "DEBIAN").iterdir(), *(path for path in (self.tree / "usr/share").rglob("*") if path.is_file())]:
            self.assertFalse(str(ROOT).encode() in path.read_bytes(), path)

    def test_scripts_are_plain_sh_and_end_well_where_there_is_nothing_to_do(self):
        for name, step in (("postinst", "abort-upgrade"), ("prerm", "upgrade"), ("postrm", "upgrade")):
            script = self.tree / "DEBIAN" / name
            self.assertTrue(os.access(script, os.X_OK), name)
            run("sh", "-n", script)
            run(script, step, "0.0.1")

    @unittest.skipUnless(shutil.which("systemd-analyze"), "no systemd-analyze here")
    def test_unit_is_well_formed_and_confined(self):
        unit = self.folder / "caseway.service"
        unit.write_text((self.tree / "usr/lib/systemd/system/caseway.service").read_text().replace("=/usr/bin/caseway", "=/bin/true"))
        drop_in = self.folder / "caseway.service.d" / "plugins.conf"
        for with_plugins in (False, True):
            if with_plugins:
                drop_in.parent.mkdir()
                shutil.copy(self.tree / "usr/share/caseway/plugins.conf", drop_in)
            self.assertEqual("", run("systemd-analyze", "verify", "--man=no", unit).stderr)
        drop_in.unlink()
        run("systemd-analyze", "security", "--offline=true", "--threshold=20", unit)  # of 100; the higher, the more it may

    def test_shipped_plugins_keep_their_promises_from_where_they_are_unpacked(self):
        folder = self.tree / "usr/lib/caseway/plugins"
        caseway = self.tree / "usr/bin/caseway"
        self.assertLessEqual({"python3-thrift", "python3-six"}, set(self.field("Recommends").split(", ")))  # the one imports the other without saying so
        shipped = sorted(path.name for path in folder.iterdir())
        self.assertIn("csv_python", shipped)
        configuration = self.folder / "plugins.properties"
        configuration.write_text(f"connectors.plugins = {folder}\n")
        data = self.folder / "plugin-data"
        run(caseway, "init", "--data", data)
        types = run(caseway, "connector", "types", "--config", configuration, "--data", data, "--json").stdout
        for name in shipped:
            self.assertIn(name, types)
        os.chmod(self.folder, 0o755)  # the plug-in's user comes through
        exchange = self.folder / "exchange"
        exchange.mkdir()
        exchange.chmod(0o777)  # that user moves what it read
        (exchange / "a.csv").write_text("case_no,name\n1,a\n")
        settings = self.folder / "settings.json"
        settings.write_text(json.dumps({"folder": str(exchange)}))
        told = run(caseway, "connector", "verify", folder / "csv_python", "--settings", settings, "--config", configuration, "--data", data)
        self.assertNotIn("FAILED", told.stdout + told.stderr)

    def verified(self, folder, settings=None):
        """A plug-in held to the contract by the installed program: it was started, spoken to and ended."""
        os.chmod(self.folder, 0o755)
        arguments = [self.tree / "usr/bin/caseway", "connector", "verify", folder, "--json"]
        if settings is not None:
            file = self.folder / "verified.json"
            file.write_text(json.dumps(settings))
            arguments += ["--settings", file]
        told = run(*arguments).stdout
        self.assertIn('"kept"', told)
        self.assertNotIn('"broken"', told)

    @unittest.skipUnless(shutil.which("node"), "no node here")
    def test_the_plugin_in_node_starts_from_where_it_is_unpacked(self):
        folder = self.tree / "usr/lib/caseway/plugins/json_lines_node"
        if not folder.exists():
            self.skipTest("this build has no plug-in in Node")
        lines = [json.dumps({"seq": n, "case_no": f"2026-{n}"}) for n in range(1, 5)]

        class Lines(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))
                after = int(asked.get("after") or 0)
                body = "".join(line + "\n" for line in lines[after:after + int(asked.get("limit", 2))]).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/x-ndjson")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Lines) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            self.verified(folder, {"url": f"http://127.0.0.1:{server.server_address[1]}/", "cursor_member": "seq"})
            server.shutdown()

    def test_a_scaffold_of_the_installed_program_works(self):
        has_node = shutil.which("node") and (self.tree / "usr/share/caseway/plugin_sdk/node/node_modules").exists()
        has_cpp = shutil.which("thrift") and shutil.which("cmake")
        for language in ["python", *(["node"] if has_node else []), *(["cpp"] if has_cpp else [])]:
            made = json.loads(run(self.tree / "usr/bin/caseway", "connector", "new", f"made_{language}", "--lang", language, "--json", cwd=self.folder).stdout)
            if made.get("first"):
                run("bash", "-c", made["first"], cwd=self.folder)
            self.verified(self.folder / f"made_{language}")

    @unittest.skipUnless(shutil.which("node"), "no node here")
    def test_an_author_gets_nodes_packages_from_where_they_are_unpacked(self):
        if not (self.tree / "usr/lib/caseway/plugins/json_lines_node").exists():
            self.skipTest("this build has no plug-in in Node")
        self.assertIn("nodejs", self.field("Recommends"))
        run(self.tree / "usr/bin/caseway", "connector", "new", "mine", "--lang", "node", cwd=self.folder)
        self.assertTrue((self.folder / "mine/node_modules/thrift/package.json").is_file())

    def test_completion_and_manual_come_from_the_program(self):
        usr = self.tree / "usr/share"
        self.assertIn("message send", run("zcat", usr / "man/man1/caseway.1.gz").stdout.replace("\\-", "-"))
        self.assertIn("receipt", (usr / "bash-completion/completions/caseway").read_text())
        run("bash", "-n", usr / "bash-completion/completions/caseway")

    def test_demo_runs_from_where_it_is_unpacked(self):
        port, health = free_ports(2)
        environment = {**os.environ, "CASEWAY_BIN": str(self.tree / "usr/bin/caseway"), "CASEWAY_DATA": str(self.folder / "demo"),
                       "CASEWAY_PORT": port, "CASEWAY_HEALTH_PORT": health}
        told = run(self.tree / "usr/share/caseway/demo/run", "--once", env=environment, cwd="/")
        self.assertIn("the log is good: 12 entries", told.stdout + told.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
