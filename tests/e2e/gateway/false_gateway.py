"""A server under the gateway's own certificate that answers one request with what it is told: a proxy's page, a foreign receipt."""
import contextlib
import socket
import ssl
import threading


@contextlib.contextmanager
def answering(installation, body, status="200 OK", fields="", length=None):
    """Its port. `fields`: more lines of the head, each ended by CRLF; `length`: another than that of `body`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(installation.data / "tls" / "server.pem", installation.data / "tls" / "server.key")
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
