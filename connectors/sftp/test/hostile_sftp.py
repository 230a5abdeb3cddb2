# connectors/sftp/test/hostile_sftp.py - an SFTP server as no department should run one: it lists without end, answers what nobody asked, gives less
# than it told. Started by sshd as its subsystem `sftp`; the argument says what it does.
import itertools
import struct
import sys

VERSION, STATUS, HANDLE, DATA, NAME, ATTRS = 2, 101, 102, 103, 104, 105
INIT, OPEN, READ, LSTAT, FSTAT, OPENDIR, READDIR, STAT = 1, 3, 5, 7, 8, 11, 12, 17
OK, END, NO_SUCH_FILE, DENIED, UNSUPPORTED = 0, 1, 2, 3, 8
FOLDER, PLAIN_FILE = 0o040755, 0o100644
does = sys.argv[1]
given, taken = sys.stdout.buffer, sys.stdin.buffer


def text(value):
    return struct.pack(">I", len(value)) + value


def attributes(mode, size):
    return struct.pack(">IQIII", 1 | 4 | 8, size, mode, 1_700_000_000, 1_700_000_000)


def send(kind, number, rest):
    body = struct.pack(">BI", kind, number) + rest
    given.write(struct.pack(">I", len(body)) + body)
    given.flush()


def status(number, code):
    send(STATUS, number, struct.pack(">I", code) + text(b"so it is") + text(b""))


def receive():
    length = taken.read(4)
    if len(length) < 4:
        sys.exit()
    body = taken.read(struct.unpack(">I", length)[0])
    return body[0], struct.unpack(">I", body[1:5])[0], body[5:]


def long_name(name):
    return {"plain": name, "empty": b"", "dos": b"2023-11-14  22:13    10 " + name, "blank": b" "}.get(does, b"-rw-r--r-- 1 one one 10 Jan  1 00:00 " + name)


def names(number, entries):
    parts = b"".join(text(name) + text(long_name(name)) + attrs for name, attrs in entries)
    if does == "broken":  # fewer names than it tells
        parts = parts[:-1]
    send(NAME, number, struct.pack(">I", len(entries)) + parts)


SIZES = {b"a.xml": 100, b"b.xml": 1000, b"c.xml": 100}
listed = itertools.count()


def list_folder(number):
    turn = next(listed)
    if does == "dots":
        names(number, [(b".", attributes(FOLDER, 0))] * 100)
    elif does == "bare":
        names(number, [(b"%d.xml" % (100 * turn + i), struct.pack(">I", 0)) for i in range(100)])
    elif does == "files":
        names(number, [(b"%d.xml" % (100 * turn + i), attributes(PLAIN_FILE, 10)) for i in range(100)])
    elif does == "other":  # an answer to nobody
        names(number + 1, [(b"a.xml", attributes(PLAIN_FILE, 10))])
    elif does == "breaks":  # SFTP ends behind a status, SSH does not
        if turn != 0:
            sys.exit()
        names(number, [(b"gone.xml", struct.pack(">I", 0))])
    elif does == "torn":  # within an answer
        given.write(struct.pack(">IBI", 1000, NAME, number))
        given.flush()
        sys.exit()
    elif does == "denied":
        status(number, DENIED)
    elif turn == 0:
        sizes = {b"a.xml": 1 << 63} if does == "huge" else SIZES
        names(number, [(name, attributes(PLAIN_FILE, size)) for name, size in sizes.items()])
    else:
        status(number, END)


def read(number, body):
    size = struct.unpack(">I", body[:4])[0]
    handle = body[4 : 4 + size]
    offset, length = struct.unpack(">QI", body[4 + size : 16 + size])
    if does == "flood":
        while True:
            send(DATA, number + 1_000_000, text(b"x" * 32768))
    most = 500 if does == "short" and handle == b"b.xml" else SIZES.get(handle, 0)
    piece = b"x" * max(0, min(length, most - offset))
    send(DATA, number, text(piece)) if piece else status(number, END)


while True:
    kind, number, body = receive()
    path = body[4 : 4 + struct.unpack(">I", body[:4])[0]] if len(body) >= 4 else b""
    name = path.rsplit(b"/", 1)[-1]
    if kind == INIT:
        given.write(struct.pack(">IBI", 5, VERSION, 3))
        given.flush()
    elif kind == OPENDIR:
        listed = itertools.count()
        send(HANDLE, number, text(b"folder"))
    elif kind == READDIR:
        list_folder(number)
    elif kind in (LSTAT, FSTAT, STAT) and name in SIZES:
        send(ATTRS, number, attributes(PLAIN_FILE, (1 << 63) if does == "huge" else SIZES[name]))
    elif kind == STAT:
        send(ATTRS, number, attributes(FOLDER, 0))
    elif kind == LSTAT:
        status(number, NO_SUCH_FILE)
    elif kind == OPEN:
        send(HANDLE, number, text(name))
    elif kind == READ:
        read(number, body)
    else:
        status(number, OK)
