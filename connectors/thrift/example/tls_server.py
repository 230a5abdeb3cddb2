"""connectors/thrift/example/tls_server.py - offers a connector to gateways over TLS: the contract of connector.thrift, as a plug-in speaks it,
on a port. Beside it lie caseway_connector.py (what a connector is written with) and the package caseway_protocol (thrift --gen py)."""
import socket
import ssl
import sys
import threading

from caseway_connector import GatewaySide, Service, protocol_over
from caseway_protocol import ConnectorPlugin
from thrift.transport.TTransport import TTransportException

HANDSHAKE_SECONDS, IDLE_SECONDS, CONNECTIONS_MOST = 30, 600, 20


class NoQuestions(GatewaySide):
    """There is no second channel over TCP: where this program connects and what it opens is this side's own affair."""

    def __init__(self):
        super().__init__(None)

    def allow_destination(self, host, address, port):
        pass

    def allow_folder(self, folder):
        pass

    def stopping(self):
        return False


def tls_context(certificate, key, clients):
    """`clients`: PEM, the gateway's certificate or its authority; nobody else is talked to."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    context.load_verify_locations(clients)
    context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN  # so that the gateway's own certificate is enough
    context.verify_mode = ssl.CERT_REQUIRED
    return context


def let_go(secured):
    """Closes after the other side did: a reset would overtake the alert that tells it why."""
    with socket.socket(fileno=secured.detach()) as plain:
        plain.settimeout(5)
        plain.shutdown(socket.SHUT_WR)
        while plain.recv(65536):
            pass


def answer(connection, context, make_service):
    """One gateway, until it goes. Each connection has a service of its own: hello, open and the parts of a page belong to it alone."""
    try:
        connection.settimeout(HANDSHAKE_SECONDS)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else each answer may wait 40 ms for an acknowledgement
        with context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False) as secured:
            try:
                secured.do_handshake()
            except ssl.SSLError:
                return let_go(secured)
            secured.settimeout(IDLE_SECONDS)
            protocol = protocol_over(secured)
            processor = ConnectorPlugin.Processor(make_service())
            while True:
                processor.process(protocol, protocol)
    except (OSError, TTransportException):
        pass  # it went, was silent, or has no certificate that we know
    except Exception as error:  # rubbish: what it said is not printed
        print(f"a connection ended: {type(error).__name__}", file=sys.stderr)
    finally:
        connection.close()


def serve_tls(make, spec, listener, context):
    """Answers as long as the process lives. `make(settings, gateway)` gives the Connector, usually its class; `spec`: what hello() tells,
    {"connector": …, "version": …}; `listener`: socket.create_server((host, port))."""
    slots = threading.BoundedSemaphore(CONNECTIONS_MOST)

    def run(connection):
        with slots:
            answer(connection, context, lambda: Service(make, spec, NoQuestions()))

    while True:
        threading.Thread(target=run, args=(listener.accept()[0],), daemon=True).start()
