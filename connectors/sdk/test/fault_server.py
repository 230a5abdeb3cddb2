#!/usr/bin/python3
"""A department's web service in a test: its records, and the faults that it shall make. Prints its port; ends when its standard input does.

--tls DIR makes a development authority and certificates in DIR (openssl) and speaks TLS; --client-ca asks for a client certificate,
--expired shows a server's certificate that was valid until yesterday.
The test steers it by POST /_control with a JSON object, merged into STATE, and reads what was asked by GET /_log."""
import argparse
import base64
import gzip
import hashlib
import http.server
import json
import os
import ssl
import subprocess
import sys
import threading
import urllib.parse
import warnings

STATE = {"records": [], "size_cap": 0, "fault": "", "etag": False, "written": {}, "keys_seen": [], "redirect_to": "", "retry_after": "",
         "poisoned_at": 0}
LOG = []
LOCK = threading.Lock()
SOAP = {"1.1": "http://schemas.xmlsoap.org/soap/envelope/", "1.2": "http://www.w3.org/2003/05/soap-envelope"}


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


def make_certificates(folder, server_days):
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=test authority",
            "-keyout", f"{folder}/ca.key", "-out", f"{folder}/ca.pem")
    for name in ("server", "client"):
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}",
                "-keyout", f"{folder}/{name}.key", "-out", f"{folder}/{name}.csr")
        with open(f"{folder}/{name}.ext", "w") as out:
            out.write("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
        openssl("x509", "-req", "-in", f"{folder}/{name}.csr", "-CA", f"{folder}/ca.pem", "-CAkey", f"{folder}/ca.key", "-CAcreateserial",
                "-days", server_days if name == "server" else "2", "-extfile", f"{folder}/{name}.ext", "-out", f"{folder}/{name}.pem")


def signed(content):
    made = subprocess.run(["openssl", "dgst", "-sha256", "-sign", STATE["signing_key"]], input=content, check=True, capture_output=True)
    return made.stdout


def base64url(content):
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def date_time_string(self, timestamp=None):
        return STATE.get("date") or super().date_time_string(timestamp)

    def answer(self, status, body=b"", fields=(), media_type="application/json"):
        if isinstance(body, str):
            body = body.encode()
        self.send_response(status)
        names = {name.lower() for name, _ in fields}
        if media_type:
            self.send_header("Content-Type", media_type)
        for name, value in fields:
            self.send_header(name, value)
        if STATE.get("closes"):
            self.send_header("Connection", "close")
        if "content-length" not in names and "transfer-encoding" not in names and status not in (204, 304):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_GET(self):
        self.handle_any(b"")

    do_HEAD = do_GET

    def do_POST(self):
        self.handle_any(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    do_PUT = do_POST

    def do_CONNECT(self):
        """As a proxy: what comes through the tunnel is asked of this server itself."""
        with LOCK:
            LOG.append({"method": "CONNECT", "path": self.path, "fields": {k.lower(): v for k, v in self.headers.items()}})
            refused = STATE.get("tunnel_refused")
        if refused:
            return self.answer(int(refused))
        self.send_response_only(200)
        return self.end_headers()

    def handle_any(self, body):
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        with LOCK:
            if url.path == "/_control":
                STATE.update(json.loads(body))
                return self.answer(200, "{}")
            if url.path == "/_log":
                self.answer(200, json.dumps(LOG))
                return LOG.clear()
            if url.path == "/_state":
                return self.answer(200, json.dumps([STATE["records"], STATE["written"]], sort_keys=True))
            LOG.append({"method": self.command, "path": self.path, "fields": {k.lower(): v for k, v in self.headers.items()},
                        "body": body.decode("utf-8", "replace"), "client": bool(getattr(self.connection, "getpeercert", lambda: None)()),
                        "resumed": bool(getattr(self.connection, "session_reused", False))})
            if STATE["fault"] and self.make_fault(STATE["fault"]):
                return None
            handler = getattr(self, "path_" + url.path.strip("/").split("/")[0], None)
            return handler(query, body) if handler else self.answer(404, "no such page", media_type="text/plain")

    def make_fault(self, fault):
        if fault == "html":
            self.answer(200, "<!DOCTYPE html><html><body>maintenance</body></html>", media_type="text/html")
        elif fault == "error_member":
            self.answer(200, '{"code":"500","msg":"database of Zhang San 110101199003070011","data":null}')
        elif fault == "given":
            self.answer(200, STATE["given"])
        elif fault == "truncated":
            self.answer(200, b'{"data":{"items":[', (("Content-Length", "500"),))
            self.close_connection = True
        elif fault == "truncated_chunked":
            self.answer(200, b'20\r\n{"data":{"items":', (("Transfer-Encoding", "chunked"),))
            self.close_connection = True
        elif fault == "bomb":
            self.answer(200, gzip.compress(b" " * 64 * 1024 * 1024), (("Content-Encoding", "gzip"),))
        elif fault == "flood":
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b"10000\r\n" + b"x" * 65536 + b"\r\n")
            except OSError:
                self.close_connection = True
        elif fault == "fields":
            self.answer(200, b"{}", tuple((f"X-{n}", "x" * 4000) for n in range(90)))
        elif fault == "hang":
            self.close_connection = True
            self.connection.settimeout(20)
            try:
                self.connection.recv(1)
            except OSError:
                pass
        elif fault == "drop":
            self.close_connection = True
        elif fault == "first_token_expired":
            if self.headers.get("Authorization") != "Bearer token-1":
                return False
            self.answer(401, "{}")
        elif fault == "204":
            self.answer(204)
        elif fault.isdigit():
            fields = (("Retry-After", STATE["retry_after"]),) if STATE["retry_after"] else ()
            self.answer(int(fault), '{"error":"no"}', fields)
        else:
            return False
        return True

    # --- pages of records -------------------------------------------------------------------------------------------

    def chosen(self, query):
        records = STATE["records"]
        if query.get("since"):
            records = [record for record in records if record["time"] > query["since"]]
        return records

    def path_cases(self, query, _):
        records = self.chosen(query)
        size = int(query.get("size") or 1000000)
        if STATE["size_cap"]:
            size = min(size, STATE["size_cap"])
        begin = 0
        if "page" in query:
            begin = (int(query["page"]) - 1) * size
        elif "offset" in query:
            begin = int(query["offset"])
        elif "cursor" in query:
            begin = int(query["cursor"][1:])
        if STATE["fault"] == "poisoned" and begin == STATE["poisoned_at"]:
            fields = self.next_link(query, begin + size, records, size)
            return self.answer(200, b'{"data":{"items":[{"no":"\x01"}],"total":%d}}' % len(records), fields)
        if STATE["fault"] == "cursor_expired" and "cursor" in query:
            return self.answer(410, '{"error":"expired"}')
        if STATE["fault"] == "links_once":
            if begin and begin <= STATE.get("furthest", 0):
                return self.answer(int(STATE["refuses_with"]), '{"error":"it was given"}')
            STATE["furthest"] = begin
        if STATE["fault"].startswith("page_ignored"):
            begin = 0
        fresh = 0
        if STATE["fault"].startswith("fresh_tokens"):  # the second page for ever, each time under a token of its own
            STATE["fresh"] = fresh = STATE.get("fresh", 1000) + 1
            begin = min(begin, size)
        if STATE["fault"].endswith("_served"):  # each answer has a word of its own in each record
            STATE["served"] = served = STATE.get("served", 0) + 1
            records = [{**record, "served": f"{served}-{i}"} for i, record in enumerate(records)]
        end = fresh or begin + size
        items = records[begin:begin + size]
        answer = {"code": "0", "data": {"items": items, "total": STATE.get("total") or len(records)}}
        if fresh or end < len(records):
            answer["next"] = f"c{end}"
        fields = []
        if STATE["fault"] == "same_cursor":
            answer["next"] = "c0"
        if STATE["fault"] == "no_total":
            del answer["data"]["total"]
        fields.extend(self.next_link(query, end, records, size, fresh))
        body = json.dumps(answer, ensure_ascii=False).encode(STATE.get("encoding", "utf-8"))
        if STATE["etag"]:
            tag = '"' + hashlib.sha256(body).hexdigest()[:16] + '"'
            if self.headers.get("If-None-Match") == tag:
                return self.answer(304, b"", (("ETag", tag),))
            fields.append(("ETag", tag))
        return self.answer(200, body, fields)

    def next_link(self, query, end, records, size, fresh=0):
        if (end >= len(records) and not fresh) or "link" not in query:
            return []
        return [("Link", f'</cases?link=1&size={size}&offset={end}>; rel="next", </cases>; rel="first"')]

    def path_xml(self, query, _):
        records = self.chosen(query)
        size = int(query.get("size") or 1000000)
        begin = (int(query.get("page") or 1) - 1) * size
        body = "".join(f"<Case><No>{record['no']}</No><Name>{record['name']}</Name></Case>" for record in records[begin:begin + size])
        text = f'<?xml version="1.0" encoding="GBK"?><Result><Total>{len(records)}</Total><Cases>{body}</Cases></Result>'
        return self.answer(200, text.encode("gbk"), media_type="text/xml")

    # --- writing ----------------------------------------------------------------------------------------------------

    def path_write(self, query, body):
        if self.command == "HEAD":
            return self.answer(405)
        items = json.loads(body)
        results = []
        for item in items if isinstance(items, list) else [items]:
            if item.get("no") == "bad":
                results.append({"status": "refused", "message": "no such case"})
            else:
                STATE["written"][item["no"]] = item
                results.append({"status": "ok"})
        if isinstance(items, list):
            return self.answer(200, json.dumps({"results": results}))
        return self.answer(422 if results[0]["status"] == "refused" else 201, json.dumps(results[0]))

    # --- redirects, credentials -------------------------------------------------------------------------------------

    def path_moved(self, query, _):
        status = int(query.get("status") or 302)
        return self.answer(status, b"", (("Location", STATE["redirect_to"]),))

    def path_loop(self, *_):
        return self.answer(302, b"", (("Location", "/loop"),))

    def path_signed(self, query, body):
        """/cases, its answer signed with the key that openssl made; compressed for who takes that, as servers do."""
        content = json.dumps({"data": {"items": self.chosen(query)}}).encode()
        fields = []
        if "gzip" in self.headers.get("Accept-Encoding", ""):
            content = gzip.compress(content)
            fields.append(("Content-Encoding", "gzip"))
        if STATE.get("signing_form") == "jws":
            header = base64url(b'{"alg":"RS256","b64":false,"crit":["b64"]}')
            return self.answer(200, content, fields + [("X-JWS-Signature", header + ".." + base64url(signed(header.encode() + b"." + content)))])
        digest = "sha-256=:" + base64.b64encode(hashlib.sha256(content).digest()).decode() + ":"
        covered = '("@status" "content-digest" "@path";req "@authority";req);created=1777854605;keyid="server"'
        text = (f'"@status": 200\n"content-digest": {digest}\n"@path";req: /signed\n"@authority";req: {self.headers["Host"]}\n'
                f'"@signature-params": {covered}')
        fields += [("Content-Digest", digest), ("Signature-Input", "dept=" + covered),
                   ("Signature", "dept=:" + base64.b64encode(signed(text.encode())).decode() + ":")]
        return self.answer(200, content, fields)

    def path_token(self, query, body):
        form = dict(urllib.parse.parse_qsl(body.decode()))
        expected = "Basic " + base64.b64encode(b"client:hush").decode()
        if self.headers.get("Authorization") != expected or form.get("grant_type") != "client_credentials":
            return self.answer(401, '{"error":"invalid_client"}')
        STATE["tokens"] = STATE.get("tokens", 0) + 1
        return self.answer(200, json.dumps({"access_token": f"token-{STATE['tokens']}", "token_type": "bearer", "expires_in": 3600}))

    def path_zipped(self, *_):
        return self.answer(200, gzip.compress(b'{"zipped":true}'), (("Content-Encoding", "gzip"),))

    # --- SOAP -------------------------------------------------------------------------------------------------------

    def path_soap(self, query, body):
        version = "1.2" if "soap+xml" in self.headers.get("Content-Type", "") else "1.1"
        import xml.etree.ElementTree as tree
        asked = {element.tag.split("}")[-1]: element.text or "" for element in tree.fromstring(body).iter()}
        begin = (int(asked.get("page") or 1) - 1) * int(asked.get("size") or 1000)
        records = STATE["records"]
        if asked.get("since"):
            records = [record for record in records if record["time"] > asked["since"]]
        chosen = records[begin:begin + int(asked.get("size") or 1000)]
        cases = "".join(f"<d:Case><d:No>{record['no']}</d:No><d:Time>{record['time']}</d:Time></d:Case>" for record in chosen)
        document = f"<d:Cases><d:Total>{len(records)}</d:Total>{cases}</d:Cases>"
        if STATE["fault"] == "soap_client":
            inner = self.soap_fault(version, "Client" if version == "1.1" else "Sender", "no such operation")
        elif STATE["fault"] == "soap_server":
            inner = self.soap_fault(version, "Server" if version == "1.1" else "Receiver", "database is down")
        elif STATE["fault"] == "empty_payload":
            inner = '<m:getCasesResponse xmlns:m="urn:service"><m:return> </m:return></m:getCasesResponse>'
        elif "text" in query:
            text = f'<?xml version="1.0" encoding="GBK"?><d:Cases xmlns:d="urn:department"><d:Total>{len(records)}</d:Total>{cases}</d:Cases>'
            if query["text"] == "cdata":
                inner = f'<m:getCasesResponse xmlns:m="urn:service"><m:return><![CDATA[{text}]]></m:return></m:getCasesResponse>'
            else:
                text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
                inner = f'<m:getCasesResponse xmlns:m="urn:service"><m:return>{text}</m:return></m:getCasesResponse>'
        else:
            inner = f'<m:getCasesResponse xmlns:m="urn:service">{document}</m:getCasesResponse>'
        head = ""
        if STATE["fault"] == "wsse_signed":
            head = '<s:Header><w:Security xmlns:w="urn:wsse"><Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/></w:Security></s:Header>'
        envelope = f'<s:Envelope xmlns:s="{SOAP[version]}" xmlns:d="urn:department">{head}<s:Body>{inner}</s:Body></s:Envelope>'
        media_type = "application/soap+xml" if version == "1.2" else "text/xml"
        if STATE["fault"] == "mtom":
            part = "--b\r\nContent-Type: application/xop+xml; type=\"text/xml\"\r\n\r\n" + envelope + "\r\n--b--\r\n"
            return self.answer(200, part, media_type='Multipart/Related; type="application/xop+xml"; boundary="b"')
        return self.answer(500 if STATE["fault"].startswith("soap_") else 200, envelope, media_type=media_type + "; charset=utf-8")

    @staticmethod
    def soap_fault(version, code, text):
        if version == "1.1":
            return f"<s:Fault><faultcode>s:{code}</faultcode><faultstring>{text}</faultstring></s:Fault>"
        return f'<s:Fault><s:Code><s:Value>s:{code}</s:Value></s:Code><s:Reason><s:Text xml:lang="en">{text}</s:Text></s:Reason></s:Fault>'


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tls")
    parser.add_argument("--client-ca", action="store_true")
    parser.add_argument("--tls-most", default="")
    parser.add_argument("--expired", action="store_true")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")  # old versions of TLS are meant to be old
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # clients that go away are part of the tests
    server.daemon_threads = True
    if arguments.tls:
        make_certificates(arguments.tls, "-1" if arguments.expired else "2")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{arguments.tls}/server.pem", f"{arguments.tls}/server.key")
        if arguments.tls_most == "1.1":
            context.set_ciphers("DEFAULT@SECLEVEL=0")
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = ssl.TLSVersion.TLSv1_1
        if arguments.client_ca:
            context.load_verify_locations(f"{arguments.tls}/ca.pem")
            context.verify_mode = ssl.CERT_REQUIRED
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
