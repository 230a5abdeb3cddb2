"""A server under the gateway's own certificate that answers one request with what it is told (a proxy's page, a foreign receipt), or never whole."""
import contextlib
import socket
import ssl
import threading


def tls_context(installation):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(installation.data / "tls" / "server.pem", installation.data / "tls" / "server.key")
    return context


@contextlib.contextmanager
def answering(installation, body, status="200 OK", fields="", length=None):
    """Its port. `fields`: more lines of the head, each ended by CRLF; `length`: another than that of `body`."""
    context = tls_context(installation)
    head = f"HTTP/1.1 {status}\r\n{fields}Content-Length: {len(body) if length is None else length}\r\n\r\n"

    def answer():
        with context.wrap_socket(listener.accept()[0], server_side=True) as peer:
            request = peer.makefile("rb")
            lines = dict(line.decode().lower().rstrip().split(": ", 1) for line in iter(request.readline, b"\r\n") if b": " in line)
            request.read(int(lines["content-length"]))
            with contextlib.suppress(OSError):  # the other side had enough
                peer.sendall(head.encode() + body)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=answer)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


@contextlib.contextmanager
def never_done(installation, handshakes=True, begins=b"", goes_on=b"", clear=False):
    """Its port. It takes what comes until the other side hangs up, and gives `begins`, then `goes_on` again and again; in clear text where told to."""
    context = tls_context(installation)

    def serve():
        peer = listener.accept()[0]
        with contextlib.suppress(OSError), peer:
            if not handshakes:
                while peer.recv(65536):
                    pass
                return
            with peer if clear else context.wrap_socket(peer, server_side=True) as talking:
                talking.recv(65536)
                talking.sendall(begins)
                while goes_on:
                    talking.sendall(goes_on)
                while talking.recv(65536):
                    pass
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()
