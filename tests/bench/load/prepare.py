#!/usr/bin/env python3
"""Writes a request file for caseway_load: COUNT POSTs of SIZE bytes to /v1/messages. Usage: prepare.py FILE [COUNT] [SIZE]"""
import struct
import sys

path = sys.argv[1]
count = int(sys.argv[2]) if len(sys.argv) > 2 else 100
size = int(sys.argv[3]) if len(sys.argv) > 3 else 2048
with open(path, "wb") as out:
    for number in range(count):
        body = (b"%08d" % number).ljust(size, b"x")
        head = ("POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/xml\r\n"
                f"Content-Length: {size}\r\n\r\n").encode()
        out.write(struct.pack(">I", len(head) + size) + head + body)
