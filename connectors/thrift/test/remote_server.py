#!/usr/bin/python3
"""connectors/thrift/test/remote_server.py - departments' servers in a test: the example as it is shipped, and one port for each fault that a
server can have. usage: remote_server.py FOLDER BUILD. Makes certificates in FOLDER (openssl), writes FOLDER/connections (one line for each
that was taken: its port's name, what CONNECT asked for), prints {"name": port} and ends when its standard input does."""
import json
import pathlib
import select
import shutil
import socket
import struct
import subprocess
import sys
import threading

HERE = pathlib.Path(__file__).resolve().parent
FOLDER, BUILD = pathlib.Path(sys.argv[1]), sys.argv[2]
EXAMPLE, SDK = HERE.parent / "example", HERE.parents[1] / "sdk/plugin/python"
sys.path[:0] = [str(EXAMPLE), str(SDK), f"{BUILD}/generated/plugin_sdk/python"]

import tls_server  # noqa: E402
from caseway_connector import Connector, Fault, Page, Payload, Service, Step  # noqa: E402
from caseway_protocol import Gateway, ttypes  # noqa: E402

LOCK = threading.Lock()
MIB = 1024 * 1024


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True, cwd=FOLDER)


def make_certificates():
    def key(name):
        return ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}", "-keyout", f"{name}.key")

    for name in ("ca", "stranger_ca"):
        openssl("req", "-x509", *key(name), "-days", "2", "-out", f"{name}.pem")
    for name, names, days, authority in (("server", "DNS:localhost,IP:127.0.0.1", "2", "ca"), ("expired", "DNS:localhost,IP:127.0.0.1", "-1", "ca"),
                                         ("other_name", "DNS:exchange.example", "2", "ca"),
                                         ("unknown", "DNS:localhost,IP:127.0.0.1", "2", "stranger_ca"),
                                         ("client", "DNS:gateway", "2", "ca"), ("stranger", "DNS:gateway", "2", "stranger_ca")):
        openssl("req", *key(name), "-out", f"{name}.csr")
        (FOLDER / f"{name}.ext").write_text(f"subjectAltName={names}\n")
        openssl("x509", "-req", "-in", f"{name}.csr", "-CA", f"{authority}.pem", "-CAkey", f"{authority}.key", "-CAcreateserial",
                "-days", days, "-extfile", f"{name}.ext", "-out", f"{name}.pem")
    subprocess.run("openssl x509 -in server.pem -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64 "
                   "> server.pin", shell=True, check=True, cwd=FOLDER)


def note(line):
    with LOCK, open(FOLDER / "connections", "a") as out:
        out.write(line + "\n")


class Odd(Connector):
    """Faults of a connector that speaks the contract."""

    def check(self):
        raise Fault.transient("busy", f"password {self.settings.get('password')} of the database", retry_after=7)

    def discover(self):
        return [("settings " + json.dumps(self.settings, sort_keys=True), "text/plain")]

    def read(self, cursor, records, size):
        return Page([Payload("a", "text/plain", b"a" * 20 * MIB, 1)], b"1", True)

    def write(self, items):
        return [("written", "")]


def changed(**methods):
    """A Service with other methods."""
    return lambda: type("Changed", (Service,), methods)(Odd, {"connector": "odd", "version": "1.0.0"}, tls_server.NoQuestions())


def raises(error):
    def method(self, *_):
        raise error
    return method


def endless(self, *_):
    return ttypes.PagePart([ttypes.Payload("a", "text/plain", 1, b"a" * MIB)], None)


SERVICES = {
    "odd": changed(),
    "newer": changed(hello=lambda self, protocol: ttypes.Hello(2, "odd", "1.0.0")),
    "older": changed(hello=lambda self, protocol: ttypes.Hello(0, "odd", "1.0.0")),
    "hello_with_control_characters": changed(hello=lambda self, protocol: ttypes.Hello(1, "\x1b[31m", "1.0.0")),
    "endless_page": changed(read=endless, more=endless),
    "part_of_nothing": changed(read=lambda self, *_: ttypes.PagePart([], None)),
    "wrong_count": changed(read=lambda self, *_: ttypes.PagePart([ttypes.Payload("a", "text/plain", 1, b"a")], ttypes.PageEnd(b"1", True, 2))),
    "long_cursor": changed(read=lambda self, *_: ttypes.PagePart([], ttypes.PageEnd(b"1" * 70000, True, 0))),
    "cursor_with_a_secret": changed(read=lambda self, *_: ttypes.PagePart([], ttypes.PageEnd(b"hush-hush-hush", True, 0))),
    "bad_code": changed(discover=raises(ttypes.Fault(1, "Bad Code!", "", "x"))),
    "no_kind": changed(discover=raises(ttypes.Fault(9, "code", "", "x"))),
    "program_error": changed(discover=raises(RuntimeError("110101199003070011"))),
    "dies_in_mid_page": changed(more=raises(tls_server.TTransportException())),
}


def received(stream):
    """One frame of the gateway."""
    size = struct.unpack(">i", stream.recv(4))[0]
    while size > 0:
        size -= len(stream.recv(size))


def silent(stream):
    while stream.recv(65536):
        pass


def rubbish(stream):
    received(stream)
    stream.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n" * 100)
    silent(stream)


def half_a_frame(stream):
    received(stream)
    stream.sendall(struct.pack(">i", 100) + b"\x80\x01\x00\x02")


def frame_of(size):
    def run(stream):
        received(stream)
        stream.sendall(struct.pack(">i", size))
        silent(stream)
    return run


def frame_of_zeros(stream):
    received(stream)
    stream.sendall(struct.pack(">i", 1000) + bytes(1000))
    silent(stream)


def trickle(stream):
    """A byte now and then, for ever: never silent for long."""
    received(stream)
    stream.sendall(struct.pack(">i", 1_000_000))
    while not select.select([stream], [], [], 0.05)[0]:
        stream.sendall(b"x")


def another_service(stream):
    protocol = tls_server.protocol_over(stream)
    Gateway.Processor(None).process(protocol, protocol)
    silent(stream)


def one_call_each(stream):
    """hello, open and one call; then it hangs up, as servers do that keep no idle connection."""
    protocol = tls_server.protocol_over(stream)
    processor = tls_server.ConnectorPlugin.Processor(changed()())
    for _ in range(3):
        processor.process(protocol, protocol)


def hangs_up(stream):
    received(stream)


STREAMS = {"silent": silent, "rubbish": rubbish, "half_a_frame": half_a_frame, "huge_frame": frame_of(2**31 - 1), "large_frame": frame_of(16_384_001),
           "negative_frame": frame_of(-1), "frame_of_zeros": frame_of_zeros, "trickle": trickle, "another_service": another_service,
           "one_call_each": one_call_each, "hangs_up": hangs_up}


def listen(name, run):
    """`run(connection)` in a thread of its own for each; gives the port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def accept():
        while True:
            connection = listener.accept()[0]
            note(name)
            threading.Thread(target=run, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return listener.getsockname()[1]


def over_tls(context, run):
    def secured(connection):
        try:
            with context.wrap_socket(connection, server_side=True) as stream:
                run(stream)
        except (OSError, struct.error):
            pass
        note(f"closed by {run.__name__}")
    return secured


def proxy(status):
    def run(connection):
        with connection:
            head = b""
            while b"\r\n\r\n" not in head:
                head += connection.recv(65536)
            note(head.split(b"\r\n")[0].decode() + (" as caseway" if b"Proxy-Authorization: Basic Y2FzZXdheTpodXNo" in head else ""))
            if status != 200:
                return connection.sendall(b"HTTP/1.1 %d no\r\nContent-Length: 0\r\n\r\n" % status)
            host, port = head.split()[1].decode().rsplit(":", 1)
            connection.sendall(b"HTTP/1.1 200 ok\r\n\r\n")
            with socket.create_connection((host, int(port))) as other:
                ways = {connection: other, other: connection}
                while True:
                    for one in select.select(list(ways), [], [])[0]:
                        data = one.recv(65536)
                        if not data:
                            return None
                        ways[one].sendall(data)
    return run


def start_example():
    """As its README.md says: a folder with all that it needs, and its command line."""
    folder = FOLDER / "permits"
    shutil.copytree(f"{BUILD}/generated/plugin_sdk/python", folder)
    for file in (EXAMPLE / "tls_server.py", EXAMPLE / "permits.py", SDK / "caseway_connector.py"):
        shutil.copy(file, folder)
    return subprocess.Popen([sys.executable, "-B", str(folder / "permits.py"), str(FOLDER / "permits.db"), "--listen", "127.0.0.1:0", "--certificate",
                             FOLDER / "server.pem", "--key", FOLDER / "server.key", "--clients", FOLDER / "client.pem"],
                            stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)


def main():
    make_certificates()
    ports = {}

    def context(certificate):
        return tls_server.tls_context(FOLDER / f"{certificate}.pem", FOLDER / f"{certificate}.key", FOLDER / "client.pem")

    good = context("server")
    for name, make_service in SERVICES.items():
        ports[name] = listen(name, lambda connection, make_service=make_service: tls_server.answer(connection, good, make_service))
    for name, run in STREAMS.items():
        ports[name] = listen(name, over_tls(good, run))
    for name in ("expired", "other_name", "unknown"):
        ports[name] = listen(name, lambda connection, own=context(name): tls_server.answer(connection, own, SERVICES["odd"]))
    ports["no_tls"] = listen("no_tls", silent)
    ports["talks_first"] = listen("talks_first", lambda connection: connection.sendall(b"220 mail.example ready\r\n" * 100))
    for status in (200, 403, 407):
        ports[f"proxy_{status}"] = listen(f"proxy_{status}", proxy(status))
    shipped = start_example()
    ports["permits"] = int(shipped.stdout.readline())
    print(json.dumps(ports), flush=True)
    sys.stdin.read()
    shipped.kill()


if __name__ == "__main__":
    main()
