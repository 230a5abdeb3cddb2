"""The senders of the kill rounds: messages signed beforehand, one connection a thread, and what was acknowledged to whom."""
import http.client
import json
import pathlib
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "gateway"))
import payloads  # noqa: E402
import signing  # noqa: E402
from client import Client  # noqa: E402
from installation import index_of  # noqa: E402


class Acknowledged:
    """What the gateway promised: per message the index and the very leaf. Two promises about one message must agree."""

    def __init__(self):
        self._lock = threading.Lock()
        self.leaves, self.received, self.broken, self.last = {}, {}, [], None

    def note(self, message, answer):
        receipt = answer.json["receipt"]
        promise = (index_of(receipt), receipt["leaf"])
        is_received = json.loads(receipt["leaf"])["type"] == "received"
        with self._lock:
            kept = (self.received if is_received else self.leaves).setdefault(message.id, promise)
            if kept != promise:
                self.broken.append(f"{message.id}: leaf {kept[0]} was promised, then {promise[0]}")
            if self.last is None or promise[0] >= self.last[0]:
                self.last = (promise[0], receipt)

    def count(self):
        with self._lock:
            return len(self.leaves) + len(self.received)


def make_messages(system, random, cases, number, prefix):
    """JWS messages of one to three records: new cases, changes of known ones, the same again, now and then a refusal."""
    made = []
    for n in range(number):
        rows = []
        for part in range(random.randint(1, 3)):
            if cases and random.random() < 0.4:
                no, version = random.choice(cases), str(random.randint(1, 9))
            else:
                no, version = f"{prefix}-{n}-{part}", "1"
                cases.append(no)
            more = {"state": "paused"} if random.random() < 0.05 else {}
            rows.append(payloads.case(no, version=version, title=f"{no} v{version}", **more))
        made.append(signing.json_message(system, payloads.as_json(*rows)))
    return made


def make_large(system, prefix, records=1500):
    rows = (payloads.case(f"{prefix}-L{n}", title="z" * 800) for n in range(records))
    return signing.http_message(system, payloads.as_json(*rows))


class Sender(threading.Thread):
    """Sends its messages in order until they or the gateway end; what has no answer stays in `unanswered`."""

    def __init__(self, gateway, messages, acknowledged):
        super().__init__()
        self._gateway, self._messages, self._acknowledged = gateway, messages, acknowledged
        self.unanswered, self.unexpected = [], []

    def run(self):
        client = Client(self._gateway, timeout=30)
        try:
            for at, message in enumerate(self._messages):
                self.unanswered = self._messages[at:]
                answer = client.send(message)
                if answer.status in (200, 202, 422):
                    self._acknowledged.note(message, answer)
                elif answer.status != 503:
                    self.unexpected.append(repr(answer))
            self.unanswered = []
        except (OSError, http.client.HTTPException):
            pass  # killed: nothing was acknowledged, so it is sent again in the next round
        finally:
            client.close()
