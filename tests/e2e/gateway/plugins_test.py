"""Plug-ins from outside: the scaffold in each language keeps the contract, verify tells what is broken, doctor and the gateway say which
protections are in force, and a gateway lists the plug-ins of its owner among the types of connectors."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from installation import BINARY, ROOT

BUILT = pathlib.Path(BINARY).parent.parent / "plugins"


class Plugins(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="caseway-plugins-")
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        os.chmod(self.folder, 0o755)

    def caseway(self, *arguments, ok=True):
        result = subprocess.run([BINARY, *map(str, arguments)], cwd=self.folder, capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(ok, result.returncode == 0, result.stderr + result.stdout)
        return result

    def verify(self, name, ok=True):
        lines = self.caseway("connector", "verify", name, "--json", ok=ok).stdout.splitlines()
        return {one["promise"]: one for one in map(json.loads, lines)}

    def scaffold(self, language):
        name = f"housing_{language}"
        made = json.loads(self.caseway("connector", "new", name, "--lang", language, "--json").stdout)
        if made.get("first"):
            subprocess.run(["bash", "-c", made["first"]], cwd=self.folder, check=True, stdout=subprocess.DEVNULL)
        promises = self.verify(name)
        self.assertGreaterEqual(sum(one["state"] == "kept" for one in promises.values()), 15)
        return self.folder / name

    def test_scaffold_in_python_keeps_the_contract(self):
        folder = self.scaffold("python")
        # a broken promise is found, with the next step
        main = folder / "main.py"
        main.write_text(main.read_text().replace('"case_no": f"', '"case_no": f"{__import__(\'time\').time_ns()}'))
        again = self.verify(folder, ok=False)["reading again from the same cursor gives the same"]
        self.assertEqual("broken", again["state"])
        self.assertTrue(again["next_step"])

    def test_scaffold_in_node_keeps_the_contract(self):
        if not (shutil.which("node") and shutil.which("npm")):
            self.skipTest("no node or no npm here")
        if not (BUILT.parent / "generated/plugin_sdk/node/node_modules/thrift/package.json").exists():
            self.skipTest("npm's registry did not answer when this was built")
        self.scaffold("node")

    def test_scaffold_in_cpp_keeps_the_contract(self):
        self.scaffold("cpp")

    def test_verify_says_what_to_do(self):
        self.caseway("connector", "new", "housing_export")
        os.chmod(self.folder / "housing_export" / "main.py", 0o666)
        result = self.caseway("connector", "verify", "housing_export", ok=False)
        self.assertIn("connector_folder_unsafe", result.stderr)
        self.assertIn(f"chmod go-w {self.folder}/housing_export/main.py", result.stderr)
        os.chmod(self.folder / "housing_export" / "main.py", 0o644)
        (self.folder / "housing_export" / "main.py").write_text("import no_such_module\n")
        result = self.caseway("connector", "verify", "housing_export", ok=False)
        self.assertIn("connector_crashed", result.stderr)
        self.assertIn("ModuleNotFoundError", result.stderr)

    def test_new_does_not_write_over_anything(self):
        self.caseway("connector", "new", "housing_export")
        self.assertIn("is there already", self.caseway("connector", "new", "housing_export", ok=False).stderr)
        self.caseway("connector", "new", "../outside", ok=False)

    def test_no_plugin_has_the_name_of_a_connector_of_the_gateway(self):
        self.assertIn("no connector of the gateway itself has", self.caseway("connector", "new", "http", ok=False).stderr)
        plugins = self.folder / "plugins"
        plugins.mkdir()
        self.caseway("connector", "new", "housing_export", "--in", "plugins")
        (plugins / "housing_export").rename(plugins / "http")
        manifest = plugins / "http" / "manifest.yaml"
        manifest.write_text(manifest.read_text().replace("housing_export", "http"))
        subprocess.run(["chmod", "-R", "go-w", plugins], check=True)
        self.assertIn("connector_type_twice", self.caseway("connector", "verify", plugins / "http", ok=False).stderr)
        self.caseway("init", "--data", "data", "--quiet")
        with open(self.folder / "data" / "caseway.properties", "a") as file:
            file.write(f"connectors.plugins = {plugins}\n")
        doctor = self.caseway("doctor", "--data", "data", ok=False).stderr
        self.assertIn("bad      plug-in http: connector_type_twice", doctor)
        self.assertNotIn("good     plug-in http", doctor)

    def test_an_installation_has_its_owners_plugins(self):
        self.caseway("init", "--data", "data", "--quiet")
        plugins = self.folder / "plugins"
        shutil.copytree(BUILT / "csv_python", plugins / "csv_python")
        subprocess.run(["chmod", "-R", "go-w", plugins], check=True)
        configuration = self.folder / "data" / "caseway.properties"
        with open(configuration, "a") as file:
            file.write(f"connectors.plugins = {plugins}\n")
        types = self.caseway("connector", "types", "--data", "data", "--json").stdout
        self.assertIn("csv_python", types)
        # neither a user of their own nor leave to go without
        doctor = self.caseway("doctor", "--data", "data", ok=False).stderr
        self.assertIn("good     plug-in csv_python 1.0.0", doctor)
        self.assertIn("bad      plug-ins are not started here", doctor)
        with open(configuration, "a") as file:
            file.write("connectors.same_user = allow\n")
        doctor = self.caseway("doctor", "--data", "data", ok=False).stderr  # for no gateway has run here yet
        self.assertNotIn("not started here", doctor)
        self.assertIn("good     plug-ins: Landlock", doctor)
        self.assertIn("warning  plug-ins: no user of their own", doctor)
        # of a user of their own the gateway's process tells, and none runs
        with open(configuration, "a") as file:
            file.write("connectors.run_as = nobody\n")
        doctor = self.caseway("doctor", "--data", "data", ok=False).stderr
        self.assertIn("whether the gateway may start processes as nobody is told where it runs", doctor)
        self.assertNotIn("good     plug-ins: own user nobody", doctor)
        # what others can write is not taken
        os.chmod(plugins / "csv_python" / "main.py", 0o666)
        doctor = self.caseway("doctor", "--data", "data", ok=False).stderr
        self.assertIn("connector_folder_unsafe", doctor)


if __name__ == "__main__":
    unittest.main()
