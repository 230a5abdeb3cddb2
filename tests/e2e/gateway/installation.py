"""A gateway of its own for a test: a data folder made by `caseway init`, systems with keys made by openssl, and the process.

Nothing here waits for a fixed time: what has to come is polled until a deadline.
"""
import base64
import hashlib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request

import payloads

ROOT = pathlib.Path(__file__).resolve().parents[3]
BINARY = os.environ.get("CASEWAY_BIN", str(ROOT / "build/dev/bin/caseway"))
DEADLINE = 60


def until(condition, what, seconds=DEADLINE):
    """The first true value of `condition()`; fails the test when `seconds` have passed."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds} s: {what}")


def run(*arguments, ok=True, data=None, timeout=120):
    result = subprocess.run([str(a) for a in arguments], input=data, capture_output=True, timeout=timeout, check=False)
    if ok and result.returncode != 0:
        raise AssertionError(f"{arguments}: exit {result.returncode}\n{result.stdout.decode()[-2000:]}\n{result.stderr.decode()[-2000:]}")
    return result


class System:
    """One registered system: its id, its key and its certificate."""

    KEYS = {"ES256": ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"], "RS256": ["RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
            "EdDSA": ["ED25519"]}

    def __init__(self, name, folder, expired=False, algorithm="ES256"):
        self.name, self.algorithm = name, algorithm
        stem = name.replace("/", "-")
        self.key, self.certificate = folder / f"{stem}.key", folder / f"{stem}.pem"
        subject = f"/O={name.split('/')[0]}/CN={name.split('/')[1]}"
        run("openssl", "genpkey", "-algorithm", *self.KEYS[algorithm], "-out", self.key)
        if expired:
            self._certificate_of_2020(folder, stem, subject)
        else:
            run("openssl", "req", "-x509", "-new", "-key", self.key, "-days", "30", "-subj", subject, "-out", self.certificate)
        self.key_id = hashlib.sha256(run("openssl", "x509", "-in", self.certificate, "-outform", "DER").stdout).hexdigest()

    def _certificate_of_2020(self, folder, stem, subject):
        request, config, index = folder / f"{stem}.csr", folder / "ca.cnf", folder / "ca.index"
        index.write_text("")
        config.write_text(f"[ca]\ndefault_ca=c\n[c]\ndatabase={index}\nnew_certs_dir={folder}\ndefault_md=sha256\nrand_serial=yes\n"
                          "policy=p\n[p]\nO=supplied\nCN=supplied\n")
        run("openssl", "req", "-new", "-key", self.key, "-subj", subject, "-out", request)
        run("openssl", "ca", "-batch", "-selfsign", "-config", config, "-keyfile", self.key, "-in", request, "-out", self.certificate,
            "-startdate", "20200101000000Z", "-enddate", "20200201000000Z", "-notext")


class Installation:
    def __init__(self, folder=None, **settings):
        self._temporary = None
        if folder is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="caseway-e2e-")
            folder = self._temporary.name
        self.folder = pathlib.Path(folder)
        self.data = self.folder / "data"
        self.keys = self.folder / "keys"
        self.keys.mkdir(exist_ok=True)
        self.systems = {}
        self.process = None
        self.starts = 0
        self.configure(**settings)
        self.caseway("init", "--quiet")
        payloads.write_mappings(self.data / "mappings")

    def configure(self, **settings):
        values = {"listen.port": 0, "listen.health_port": 0, **{key.replace("__", "."): value for key, value in settings.items()}}
        self.config = self.folder / "caseway.properties"
        self.config.write_text("".join(f"{key} = {value}\n" for key, value in values.items()))

    def caseway(self, *arguments, ok=True, data=None, timeout=120):
        """Runs a command of the program on this installation's data folder."""
        return run(BINARY, *arguments, "--data", self.data, ok=ok, data=data, timeout=timeout)

    def register(self, name, department_code, expired=False, algorithm="ES256", **more):
        system = System(name, self.keys, expired, algorithm)
        self.systems[name] = system
        self.write_registration(system, department_code, **more)
        return system

    def write_registration(self, system, department_code, mappings=("permits.json", "permits.xml"), **more):
        folder = self.data / "systems" / system.name
        folder.mkdir(parents=True, exist_ok=True)
        lines = [f'department_code: "{department_code}"', f"department_name: {system.name.split('/')[0]}",
                 f"mappings: [{', '.join(mappings)}]"]
        for key, value in more.items():
            lines.append(f"{key}: {'true' if value is True else json.dumps(value)}")
        (folder / "system.yaml").write_text("\n".join(lines) + "\n")
        shutil.copy(system.certificate, folder)

    def start(self, expect_ready=True):
        self.starts += 1
        self.log_file = self.folder / f"stderr.{self.starts}"
        with open(self.log_file, "wb") as stderr:
            self.process = subprocess.Popen([BINARY, "serve", "--data", str(self.data), "--config", str(self.config)], stderr=stderr,
                                            stdout=subprocess.DEVNULL)
        if not expect_ready:
            return self
        found = until(self._announced, "the gateway announces its ports")
        self.port, self.health_port = int(found[1]), int(found[2])
        until(lambda: self.health("/readyz")[0] == 200, "/readyz")
        return self

    def _announced(self):
        if self.process.poll() is not None:
            raise AssertionError(f"the gateway ended with {self.process.returncode}: {self.stderr()[-2000:]}")
        return re.search(r"serves on https://[0-9.]+:(\d+), health on http://[0-9.]+:(\d+)", self.stderr())

    def stderr(self):
        return self.log_file.read_text(errors="replace")

    def log_lines(self):
        """The JSON lines of the operating log of the present process."""
        return [json.loads(line) for line in self.stderr().splitlines() if line.startswith("{")]

    def health(self, path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.health_port}{path}", timeout=DEADLINE) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def metric(self, series):
        for line in self.health("/metrics")[1].splitlines():
            if line.startswith(series + " "):
                return float(line.split()[-1])
        return 0.0

    def tell(self, number):
        os.kill(self.process.pid, number)

    def stop(self, number=signal.SIGTERM):
        """Ends the process by its id; its exit code. SIGKILL: as a power cut ends it."""
        if self.process is None:
            return None
        process, self.process = self.process, None
        if process.poll() is None:
            os.kill(process.pid, number)
        return process.wait(timeout=DEADLINE)

    def kill(self):
        return self.stop(signal.SIGKILL)

    def close(self):
        self.kill()
        if self._temporary:
            self._temporary.cleanup()

    @property
    def log_key(self):
        return self.data / "keys" / "log.pub"

    def verify_log(self, *arguments, data=None):
        """(good, the last line of the report, all findings)."""
        result = run(BINARY, "log", "verify", "--data", data or self.data, "--json", *arguments, ok=False)
        lines = [json.loads(line) for line in result.stdout.splitlines()]
        summary = lines[-1] if lines and "good" in lines[-1] else {}
        assert summary or result.returncode != 0, result
        return result.returncode == 0, summary, lines[:-1] if summary else [result.stderr.decode()]

    def verify_receipt(self, receipt):
        """The verdict of `caseway receipt verify` with nothing but the public key; None where it is not good."""
        file = self.folder / "receipt.json"
        file.write_text(receipt if isinstance(receipt, str) else json.dumps(receipt))
        result = run(BINARY, "receipt", "verify", file, "--log-key", self.log_key, "--json", ok=False)
        return json.loads(result.stdout) if result.returncode == 0 else None


def leaf_of(receipt):
    return json.loads(receipt["leaf"])


def index_of(receipt):
    """The leaf's index as the proof says it: C2SP tlog-proof, line `index N`."""
    return int(re.search(r"^index (\d+)$", receipt["proof"], re.M)[1])


def b64(data):
    return base64.b64encode(data).decode()
