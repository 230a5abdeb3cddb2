"""What a center has to receive the morning report: a mail server with TLS (aiosmtpd) and an HTTPS receiver, both on this machine."""
import http.server
import socket
import ssl
import subprocess
import threading

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

USER, PASSWORD = "reporter", "a-password-for-tests"


def certificate(folder):
    """A certificate for localhost that is its own authority: (certificate, key)."""
    cert, key = folder / "receiver.pem", folder / "receiver.key"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", cert,
                    "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True)
    return cert, key


def server_context(cert, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context


class Mailbox:
    """A mail server; `mails` are (envelope, bytes). `context` none: it knows no TLS. It takes nothing for those of `refuses`."""

    def __init__(self, context=None, refuses=()):
        self.mails = []
        self.refuses = refuses
        options = {"tls_context": context, "require_starttls": True, "auth_required": True, "authenticator": self._authenticate} if context else {}
        self.controller = Controller(self, hostname="127.0.0.1", port=0, ready_timeout=20, **options)
        self.controller._trigger_server = self._knock  # aiosmtpd would knock at port 0 itself
        self.controller.start()
        self.port = self._address()[1]

    def _address(self):
        return self.controller.server.sockets[0].getsockname()

    def _knock(self):
        with socket.create_connection(self._address(), 10) as knocking:
            knocking.recv(1024)

    @staticmethod
    def _authenticate(server, session, envelope, mechanism, data):
        good = data.login == USER.encode() and data.password == PASSWORD.encode()
        return AuthResult(success=good)

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refuses:
            return "550-5.1.1 asked about it\r\n550 5.1.1 no such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.mails.append((envelope, session.ssl is not None))
        return "250 taken"

    def close(self):
        self.controller.stop()


class Receiver:
    """An HTTPS receiver; `posts` are (path, fields, body). The first `failures` are answered 503."""

    def __init__(self, context, failures=0):
        self.posts = []
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.posts.append((self.path, dict(self.headers.items()), body))
                self.send_response(503 if len(receiver.posts) <= failures else 204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
