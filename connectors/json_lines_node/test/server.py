"""connectors/json_lines_node/test/server.py - the other side: serves the lines of a file that the test writes. Prints its port; ends
with its standard input. Options in the file's first line: status=N retry=N."""
import http.server
import json
import sys
import threading
import urllib.parse

LINES = sys.argv[1]


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        with open(LINES, encoding="utf-8") as file:
            options, *lines = file.read().splitlines()
        options = dict(one.split("=", 1) for one in options.split())
        asked = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        if "token" in options and self.headers.get("authorization") != "Bearer " + options["token"]:
            options["status"] = "401"
        after, limit = int(asked.get("after", ["0"])[0]), int(asked["limit"][0])
        later = [line for line in lines if not line.startswith("{") or json.loads(line).get("seq", 1 << 60) > after]
        body = "".join(line + "\n" for line in later[:limit]).encode()
        self.send_response(int(options.get("status", 200)))
        if "retry" in options:
            self.send_header("Retry-After", options["retry"])
        if "location" in options:
            self.send_header("Location", options["location"])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_address[1], flush=True)
sys.stdin.read()
