# connectors/sql/test/hostile_postgres.py - a PostgreSQL server that lets everybody in and then sends rows without end, or nothing any more, as the
# argument says. Prints its port; ends with its standard input.
import os
import socket
import struct
import sys
import threading

does = sys.argv[1]
NO_TLS_ASKED = (80877103, 80877104)
ONE_COLUMN = struct.pack(">H", 1) + b"a\0" + struct.pack(">IHIHIH", 0, 0, 25, 65535, 0xFFFFFFFF, 0)


def message(kind, body):
    return kind + struct.pack(">I", len(body) + 4) + body


def take(client, size):
    taken = b""
    while len(taken) < size:
        piece = client.recv(size - len(taken))
        if not piece:
            sys.exit()
        taken += piece
    return taken


def serve(client):
    while True:
        body = take(client, struct.unpack(">I", take(client, 4))[0] - 4)
        if struct.unpack(">I", body[:4])[0] not in NO_TLS_ASKED:
            break
        client.sendall(b"N")
    told = {b"server_version": b"15.0", b"client_encoding": b"UTF8", b"standard_conforming_strings": b"on", b"DateStyle": b"ISO, MDY"}
    client.sendall(message(b"R", struct.pack(">I", 0)) + b"".join(message(b"S", name + b"\0" + value + b"\0") for name, value in told.items()) +
                   message(b"K", struct.pack(">II", 1, 2)) + message(b"Z", b"I"))
    take(client, 1)
    if does == "rows":
        client.sendall(message(b"T", ONE_COLUMN))
        row = message(b"D", struct.pack(">HI", 1, 60000) + b"x" * 60000)
        while True:
            client.sendall(row)
    take(client, 1 << 30)


listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(8)
print(listener.getsockname()[1], flush=True)


def accept():
    while True:
        threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()


threading.Thread(target=accept, daemon=True).start()
sys.stdin.read()
os._exit(0)
