"""Pressure from outside: thousands of idle and half-sent connections beside good messages, slow bodies, endless heads."""
import resource
import socket
import ssl
import unittest

import payloads
import signing
from client import Client, send
from gateway_case import GatewayCase
from installation import until

CONNECTIONS = 2000


class Pressure(GatewayCase):
    SETTINGS = {"limits__head_seconds": 5, "limits__connections": 3000}

    @classmethod
    def setUpClass(cls):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 8192)), hard))
        super().setUpClass()

    def good_message(self, no):
        return signing.json_message(self.housing, payloads.as_json(payloads.case(no)))

    def connect(self, tls=True):
        plain = socket.create_connection(("127.0.0.1", self.gateway.port), timeout=30)
        if not tls:
            return plain
        return self.context.wrap_socket(plain, server_hostname="localhost")

    def test_good_messages_pass_beside_two_thousand_hanging_connections(self):
        if resource.getrlimit(resource.RLIMIT_NOFILE)[0] < 2 * CONNECTIONS:
            self.skipTest(f"skipped: {CONNECTIONS} connections need more open files than this user may have")
        self.context = ssl.create_default_context(cafile=str(self.gateway.data / "tls" / "server.pem"))
        hanging = []
        self.addCleanup(lambda: [connection.close() for connection in hanging])
        for n in range(CONNECTIONS):
            hanging.append(self.connect(tls=n % 4 != 3))
            if n % 4 == 1:
                hanging[-1].sendall(b"POST /v1/messages HTTP/1.1\r\nHost: localh")
            if n % 4 == 2:
                hanging[-1].sendall(b"POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/jose\r\n"
                                    b"Content-Length: 1000\r\n\r\nabc")
            if n % 250 == 0:
                self.taken(self.good_message(f"beside-{n}"))
        for n in range(20):
            self.taken(self.good_message(f"pressed-{n}"))
        until(lambda: self.gateway.metric("caseway_http_connections") < CONNECTIONS / 2, "half-sent heads are given up", 60)
        self.taken(self.good_message("afterwards"))
        self.log_is_good()

    def test_connections_over_the_limit_do_not_keep_good_ones_out(self):
        gateway = self.make(limits__connections=16, limits__head_seconds=3600)
        gateway.start()
        hanging = []
        self.addCleanup(lambda: [connection.close() for connection in hanging])
        for n in range(100):
            hanging.append(socket.create_connection(("127.0.0.1", gateway.port), timeout=30))
            if n % 20 == 19:
                message = signing.json_message(gateway.systems["housing/permits"], payloads.as_json(payloads.case(f"over-{n}")))
                until(lambda: self.answers_200(gateway, message), "a good message passes", 30)

    @staticmethod
    def answers_200(gateway, message):
        try:
            return send(gateway, message).status == 200
        except OSError:
            return False

    def test_endless_head_is_cut(self):
        self.context = ssl.create_default_context(cafile=str(self.gateway.data / "tls" / "server.pem"))
        connection = self.connect()
        self.addCleanup(connection.close)
        cut, answer = False, b""
        try:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
            for n in range(20000):
                connection.sendall(f"X-{n}: {'y' * 1000}\r\n".encode())
        except OSError:
            cut = True
        try:
            answer = connection.recv(4096)
        except OSError:
            cut = True
        self.assertTrue(cut or b" 431 " in answer, answer)
        self.assertEqual((200, "ready\n"), self.gateway.health("/readyz"))

    def test_rate_limit_tells_when_to_come_back(self):
        gateway = self.make(limits__requests_per_second_and_address=5)
        gateway.start()
        client = Client(gateway)
        self.addCleanup(client.close)
        statuses = [client.get("/v1/log/checkpoint") for _ in range(60)]
        limited = [answer for answer in statuses if answer.status == 429]
        self.assertTrue(limited)
        self.assertTrue(all(int(answer.fields["Retry-After"]) > 0 for answer in limited))


if __name__ == "__main__":
    unittest.main(verbosity=2)
