"""tests/unit/plugin/faulty/main.py - misbehaves in check() as its settings' `do` asks for; the other calls are good."""
import base64
import ctypes
import errno
import fcntl
import os
import select
import socket
import struct
import sys
import threading
import urllib.parse

import caseway_connector
from caseway_connector import Connector, Fault, Page, Payload, Step, serve

CALLS = 3


def call_never_ends():
    select.select([], [], [])


def raw(data):
    os.write(CALLS, data)


def flood():
    while True:
        os.write(2, b"x" * 65536)


def spin():
    while True:
        pass


def hog():
    kept = []
    while True:
        kept.append(bytearray(16 << 20))


def hog_sealed():
    """Filled, then made read-only, no limit of the kernel counts it."""
    import mmap
    size, kept = 16 << 20, []
    for _ in range(32):
        one = mmap.mmap(-1, size, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        for page in range(0, size, 4096):
            one[page] = 1
        kept.append((one, ctypes.c_char.from_buffer(one)))
        ctypes.CDLL(None).mprotect(ctypes.c_void_p(ctypes.addressof(kept[-1][1])), ctypes.c_size_t(size), mmap.PROT_READ)
    call_never_ends()


def many_threads():
    threading.stack_size(65536)
    for _ in range(300):
        threading.Thread(target=call_never_ends, daemon=True).start()
    call_never_ends()


def attempt(what, call):
    """`what: no` where it was refused, which is what is hoped for."""
    try:
        call()
        return f"{what}: YES"
    except (OSError, RuntimeError, MemoryError) as error:
        return f"{what}: no"


def denied(what, call):
    """As attempt(); refused for another reason than the filter's counts as let through."""
    try:
        call()
        return f"{what}: YES"
    except OSError as error:
        return f"{what}: {'no' if error.errno == errno.EPERM else f'YES, {error}'}"


def shared_memory():
    import mmap
    mmap.mmap(-1, 1 << 20)


def child():
    if os.fork() == 0:
        os._exit(0)


def call(number, *arguments):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(*[one if isinstance(one, bytes) else ctypes.c_long(one) for one in (number, *arguments)]) == -1:
        raise OSError(ctypes.get_errno(), "refused")


def prctl(option):
    call({"x86_64": 157, "aarch64": 167}[os.uname().machine], option, 0, 0, 0, 0)


class Faulty(Connector):
    def check(self):
        do = self.settings.get("do", "")
        if do == "hang":
            call_never_ends()
        elif do == "exit":
            os._exit(7)
        elif do == "crash":
            ctypes.string_at(0)
        elif do == "last words":
            print("table 张三 13800001111 is locked\x07", file=sys.stderr, flush=True)
            os._exit(3)
        elif do == "close":
            os.close(CALLS)
            call_never_ends()
        elif do == "half an answer":
            raw(struct.pack(">I", 1000) + b"half")
            os._exit(0)
        elif do == "rubbish":
            raw(struct.pack(">I", 40) + os.urandom(40))
            call_never_ends()
        elif do == "huge frame":
            raw(struct.pack(">I", 0x7FFFFFFF))
            call_never_ends()
        elif do == "flood":
            flood()
        elif do == "spin":
            spin()
        elif do == "memory":
            hog()
        elif do == "sealed memory":
            hog_sealed()
        elif do == "sealed memory later":
            threading.Thread(target=hog_sealed, daemon=True).start()
        elif do == "many threads":
            many_threads()
        elif do == "early answer":
            threading.Timer(0, lambda: raw(b"\0\0\0\1x")).start()
            raw(b"")
        elif do == "bad text":
            return [Step("a", True, "line one\nline two")]
        elif do == "long text":
            return [Step("a" * 2000, True)]
        elif do == "many steps":
            return [Step("a", True)] * 1000
        elif do == "own fault":
            raise Fault.transient("other_side_busy", "come back later", "somewhere", "wait", 17)
        elif do == "bad fault":
            raise Fault.system("No Such Code!", "x")
        elif do == "tell":
            raise Fault.config("bad_password", *self.secret_words())
        elif do == "tell in a step":
            secret = self.settings["secret"]
            return [Step(secret, True, "by " + secret, secret)]
        elif do == "print it and end":
            print(self.settings["secret"], base64.b64encode(("user:" + self.settings["secret"]).encode()).decode(), file=sys.stderr, flush=True)
            os._exit(3)
        elif do == "bug":
            raise ValueError("the secret of 张三")
        elif do == "look around":
            return [Step(line, True) for line in self.look_around()]
        elif do == "forbidden calls":
            return [Step(line, True) for line in self.forbidden_calls()]
        elif do == "ask":
            self.gateway.allow_destination("permits.example", "10.0.0.7", 443)
        elif do == "ask for ever":
            while True:
                self.gateway.stopping()
        elif do == "rubbish question":
            os.write(4, struct.pack(">I", 12) + b"\xff" * 12)
            call_never_ends()
        elif do == "heed stopping":
            while not self.gateway.stopping():
                pass
            raise Fault.transient("stopped", "as asked")
        return [Step("pid", True, str(os.getpid()))]

    def secret_words(self):
        secret = self.settings["secret"]
        return (f"login {secret} {urllib.parse.quote(secret)} {urllib.parse.quote_plus(secret)} {secret.encode().hex()}",
                base64.b64encode(secret.encode()).decode(), "Basic " + base64.b64encode(("caseway:" + secret).encode()).decode())

    def look_around(self):
        data = self.settings["data"]
        yield attempt("read a key", lambda: open(data + "/keys/log.key").read())
        yield attempt("list the data folder", lambda: os.listdir(data))
        yield attempt("read /etc/passwd", lambda: open("/etc/passwd").read())
        yield attempt("write in its own folder", lambda: open(__file__ + ".new", "w"))
        yield attempt("write in /tmp", lambda: open("/tmp/caseway-faulty", "w"))
        yield attempt("open a Unix socket", lambda: socket.socket(socket.AF_UNIX))
        yield attempt("open a TCP socket", lambda: socket.socket(socket.AF_INET))
        yield attempt("start a process", child)
        yield attempt("signal its parent", lambda: os.kill(os.getppid(), 0))
        yield attempt("shared memory", shared_memory)
        yield attempt("become root", lambda: os.setuid(0) if os.getuid() else os.open("/proc/1/environ", 0))
        yield f"environment: {sorted(os.environ)}"
        yield f"descriptors: {[one for one in range(64) if is_open(one)]}"
        yield f"own session: {os.getsid(0) == os.getpid()}"

    def forbidden_calls(self):
        """Each would be let through by owner, mode and Landlock: the file is its own."""
        name = os.path.join(self.settings["folder"], "own")
        file = open(name, "w")
        other = os.getppid()
        yield attempt("chmod", lambda: os.chmod(name, 0o666))
        yield attempt("fchmod", lambda: os.fchmod(file.fileno(), 0o666))
        yield attempt("chown", lambda: os.chown(name, -1, -1))
        yield attempt("fchown", lambda: os.fchown(file.fileno(), -1, -1))
        yield attempt("utime", lambda: os.utime(name))
        yield attempt("setxattr", lambda: os.setxattr(name, "user.x", b"x"))
        yield attempt("truncate", lambda: os.truncate(name, 0))
        yield attempt("mkfifo", lambda: os.mkfifo(name + ".pipe"))
        yield attempt("fchmodat2", lambda: call(452, -100, name.encode(), 0o666, 0))
        yield attempt("setpriority", lambda: os.setpriority(os.PRIO_PROCESS, 0, 19))
        yield attempt("ioprio_set", lambda: call(251 if os.uname().machine == "x86_64" else 30, 1, 0, 3 << 13))
        yield attempt("affinity of another", lambda: os.sched_setaffinity(other, [0]))
        yield attempt("scheduler of another", lambda: os.sched_setscheduler(other, os.SCHED_OTHER, os.sched_param(0)))
        yield attempt("outlive its parent", lambda: prctl(1))
        yield attempt("outlive its parent, high bits", lambda: prctl(1 | 1 << 32))
        yield attempt("datagrams", lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM))
        yield attempt("raw ones", lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_RAW))
        yield attempt("memory that grows", lambda: call(9 if os.uname().machine == "x86_64" else 222, 0, 1 << 20, 3, 0x122, -1, 0))
        own, peer = socket.socketpair()
        yield denied("owner of a descriptor", lambda: fcntl.fcntl(own, fcntl.F_SETOWN, other))
        yield denied("signal of a descriptor", lambda: fcntl.fcntl(own, fcntl.F_SETSIG, 9))
        yield denied("owner of a descriptor, whole", lambda: fcntl.fcntl(own, 15, struct.pack("ii", 1, other)))
        yield denied("owner, high bits", lambda: call(72 if os.uname().machine == "x86_64" else 25, own.fileno(), 8 | 1 << 32, other))
        for name, number in (("FIOSETOWN", 0x8901), ("SIOCSPGRP", 0x8902)):
            yield denied(name, lambda: fcntl.ioctl(own, number, struct.pack("i", other)))
        yield f"allowed: {attempt('', lambda: (socket.socketpair(), fcntl.fcntl(own, fcntl.F_GETFL), fcntl.ioctl(own, 0x541B, bytes(4)), os.sched_setaffinity(0, os.sched_getaffinity(0))))}"

    def read(self, cursor, records, size):
        do = self.settings.get("do", "")
        if do == "page too large":
            return Page([Payload("p", "text/plain", b"x" * (20 << 20), 1)], b"1", True)
        if do == "secret in a name":
            return Page([Payload(self.settings["secret"], "text/plain", b"x", 1)], b"1", True)
        if do == "secret in a cursor":
            return Page([], b"at " + self.settings["secret"].encode(), True)
        if do == "ends early":
            return Page([], cursor, True, 30, "2 wait", "0 of 30 records")
        if do == "ends early and goes on":
            return Page([], b"1", False, 30, None, "0 of 30 records")
        if do == "secret in what is missing":
            return Page([], b"1", True, 30, "without " + self.settings["secret"], "before " + self.settings["secret"])
        if do == "long cursor":
            return Page([], b"c" * 100_000, True)
        if do == "wrong count":
            page = Page([Payload("p", "text/plain", b"x", 1)], b"1", True)
            caseway_connector.ttypes.PageEnd = lambda *given, real=caseway_connector.ttypes.PageEnd: real(given[0], given[1], 5, None)
            return page
        if do == "no end":
            caseway_connector.Service.more = lambda self, deadline_ms: caseway_connector.ttypes.PagePart([], None)
        if do == "folder":
            name = os.path.join(self.settings["folder"], "written")
            open(name, "w").write("by the plug-in")
            return Page([Payload("p", "text/plain", open(name, "rb").read(), 1)], b"1", True)
        return Page([Payload("p", "text/plain", b"record " + cursor, 1)], cursor + b"1", True)

    def write(self, items):
        if self.settings.get("do") == "too few answers":
            return []
        if self.settings.get("do") == "secret in an answer":
            return [("refused", self.settings["secret"])] * len(items)
        return [("written" if key != "bad" else "refused", "" if key != "bad" else "not this one") for key, _ in items]


def is_open(descriptor):
    try:
        os.fstat(descriptor)
        return True
    except OSError:
        return False


if os.path.exists("speak-protocol-2"):
    caseway_connector.constants.PROTOCOL = 2
serve(Faulty)
