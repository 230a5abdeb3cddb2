"""The base of the suites: one gateway for all cases of a class, two departments, and what is asked again and again."""
import unittest

from client import Client, send
from installation import Installation

HOUSING = "11350200004135017C"
HEALTH = "11520103009423114G"


class GatewayCase(unittest.TestCase):
    SETTINGS = {}
    STARTED = True

    @classmethod
    def setUpClass(cls):
        cls.gateway = cls.make(**cls.SETTINGS)
        cls.housing = cls.gateway.systems["housing/permits"]
        cls.health = cls.gateway.systems["health/licences"]
        if cls.STARTED:
            cls.gateway.start()

    @classmethod
    def make(cls, **settings):
        gateway = Installation(**settings)
        cls.addClassCleanup(gateway.close)
        gateway.register("housing/permits", HOUSING)
        gateway.register("health/licences", HEALTH)
        return gateway

    def send(self, message):
        return send(self.gateway, message)

    def reader(self, system):
        client = Client(self.gateway, system)
        self.addCleanup(client.close)
        return client

    def taken(self, message, outcome="accepted"):
        """Sends what must be taken; the answer's JSON."""
        answer = self.send(message)
        self.assertEqual((200, outcome), (answer.status, answer.json.get("outcome")), answer)
        return answer.json

    def refused(self, message, status, code):
        """Sends what must be refused with this status and code; the problem details."""
        answer = self.send(message)
        self.assertEqual((status, code), (answer.status, answer.json.get("code")), answer)
        self.assertEqual("application/problem+json", answer.fields["Content-Type"])
        self.assertTrue(answer.json.get("hint"), answer)
        return answer.json

    def log_is_good(self, gateway=None):
        good, summary, findings = (gateway or self.gateway).verify_log()
        self.assertTrue(good, findings)
        return summary


def counts(**given):
    return {"new": 0, "changed": 0, "same": 0, "stale": 0, "refused": 0, **given}
