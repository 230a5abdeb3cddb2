"""A department's side of HTTPS: one connection that is kept open, with or without a client certificate."""
import http.client
import json
import ssl


class Answer:
    def __init__(self, status, fields, body):
        self.status, self.fields, self.body = status, fields, body

    @property
    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"{self.status} {self.body[:600]!r}"


class Client:
    def __init__(self, installation, system=None, timeout=120):
        context = ssl.create_default_context(cafile=str(installation.data / "tls" / "server.pem"))
        if system is not None:
            context.load_cert_chain(str(system.certificate), str(system.key))
        self._connection = http.client.HTTPSConnection("127.0.0.1", installation.port, context=context, timeout=timeout)

    def request(self, method, path, body=None, fields=None):
        self._connection.request(method, path, body=body, headers=fields or {})
        response = self._connection.getresponse()
        return Answer(response.status, response.headers, response.read())

    def get(self, path, fields=None):
        return self.request("GET", path, fields=fields)

    def send(self, message):
        return self.request("POST", "/v1/messages", message.body, message.fields)

    def peer_certificate(self):
        self._connection.connect()
        return self._connection.sock.getpeercert(binary_form=True)

    def open(self):
        """The connection itself, for requests that are not sent whole."""
        return self._connection

    def close(self):
        self._connection.close()


def send(installation, message):
    """Sends over a connection of its own."""
    client = Client(installation)
    try:
        return client.send(message)
    finally:
        client.close()
