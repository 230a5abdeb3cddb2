"""connectors/sdk/plugin/python/caseway_connector.py - makes a plug-in of a class in Python: the contract of connector.thrift, served
on the two descriptors that the gateway gives. Copied into each plug-in, with the generated package caseway_protocol beside it."""
import json
import os
import pathlib
import re
import socket
import stat
import sys
import time
import traceback

from caseway_protocol import ConnectorPlugin, Gateway, constants, ttypes
from thrift.protocol.TBinaryProtocol import TBinaryProtocol, TBinaryProtocolAccelerated
from thrift.transport.TTransport import CReadableTransport, TFramedTransport, TTransportException

CALLS, QUESTIONS = 3, 4  # descriptors
PART_BYTES = 8 * 1024 * 1024  # of payload in one answer


class Fault(Exception):
    """Raise it with config(), transient() or system(). Texts bear no secret and no personal data."""

    def __init__(self, kind, code, message, where="", next_step="", retry_after=None):
        super().__init__(f"{code}: {message}")
        self.wire = ttypes.Fault(kind, code, where[:300], message[:300], next_step[:300], retry_after)

    @classmethod
    def config(cls, code, message, where="", next_step=""):
        """The settings, the credentials or the rights: somebody must act."""
        return cls(ttypes.FaultKind.CONFIG, code, message, where, next_step)

    @classmethod
    def transient(cls, code, message, where="", next_step="", retry_after=None):
        """The other side or the network: the same call may succeed later."""
        return cls(ttypes.FaultKind.TRANSIENT, code, message, where, next_step, retry_after)

    @classmethod
    def system(cls, code, message, where="", next_step=""):
        """This plug-in is at fault."""
        return cls(ttypes.FaultKind.SYSTEM, code, message, where, next_step)


class Payload:
    """A document as the department wrote it. `records`: how many are in it, 0 where nobody counted."""

    def __init__(self, name, media_type, data, records=0):
        self.name, self.media_type, self.data, self.records = name, media_type, data, records


class Page:
    """`next_cursor`: where the next read begins once this page is durable; `last`: there is no more for now.
    `source_total`: how many the whole set has, where the source tells; `withheld`: what it has and does not give, in a
    line, so that a reconciliation marks nothing beside it. `ended_early`: the source ended before the total that it had
    told, both numbers in a line; then `last`, and `next_cursor` is where this pass began: it is read again."""

    def __init__(self, payloads, next_cursor, last, source_total=None, withheld=None, ended_early=None):
        self.payloads, self.next_cursor, self.last, self.source_total = payloads, next_cursor, last, source_total
        self.withheld, self.ended_early = withheld, ended_early


class Step:
    """One step of a check."""

    def __init__(self, name, good, detail="", next_step=""):
        self.name, self.good, self.detail, self.next_step = name, good, detail, next_step


class Connector:
    """What a plug-in fills in. `settings`: a dict that fits settings.schema.json, secrets as texts. `gateway`: see GatewaySide."""

    def __init__(self, settings, gateway):
        self.settings, self.gateway = settings, gateway

    def check(self):
        """Reaches the other side as read() and write() would, changes nothing there: a list of Step; the first bad one ends it."""
        return []

    def discover(self):
        """What can be read: a list of (name, media_type)."""
        return []

    def read(self, cursor, records, size):
        """One Page from `cursor` (bytes; empty: the beginning) of about so many records and bytes. Reading twice from one cursor gives the
        same records, or newer states of them."""
        raise Fault.config("not_a_source", "this connector does not read")

    def acknowledge(self, cursor):
        """What was read before `cursor` is committed: it may be archived. Called again after a crash: twice does no harm."""

    def write(self, items):
        """`items`: a list of (key, bytes). One answer each, in order: ("written" | "same" | "refused" | "retry", reason)."""
        raise Fault.config("not_a_sink", "this connector does not write")


class GatewaySide:
    """What a plug-in may ask while it answers a call."""

    def __init__(self, client):
        self._client, self.deadline = client, None

    def allow_destination(self, host, address, port):
        """Before each connection, with the numeric address. Raises the gateway's refusal: let it through."""
        self._client.allow_destination(host, address, port)

    def allow_folder(self, folder):
        """Before a folder of the settings is opened."""
        self._client.allow_folder(folder)

    def stopping(self):
        """True: end the call soon."""
        return self._client.stopping()

    def seconds_left(self):
        """Of the call that is being answered."""
        return max(0.0, self.deadline - time.monotonic())

    def connect(self, host, port):
        """A connected socket, to an address that the gateway allows, within the call's deadline."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError:
            raise Fault.transient("name_not_found", "no address for the host", host, "check the name, and the machine's name servers") from None
        for _, _, _, _, address in found:
            self.allow_destination(host, address[0], port)
        try:
            return socket.create_connection((found[0][4][0], port), timeout=self.seconds_left())
        except OSError as error:
            raise Fault.transient("not_reached", os.strerror(error.errno or 0), f"{host}:{port}", "is it up, does a firewall stand between") from None


class Service:
    """The generated service, on a Connector; one for each gateway that is connected."""

    OUTCOMES = {"written": 1, "same": 2, "refused": 3, "retry": 4}

    def __init__(self, make, spec, gateway):
        self._make, self._spec, self._gateway = make, spec, gateway
        self._connector, self._parts, self._end = None, [], None

    def hello(self, protocol):
        return ttypes.Hello(constants.PROTOCOL, self._spec["connector"], self._spec["version"])

    def open(self, settings, deadline_ms):
        self._connector = self._run(deadline_ms, lambda: self._make(self._object(settings), self._gateway))

    def check(self, deadline_ms):
        steps = self._run(deadline_ms, self._connector.check)
        return [ttypes.CheckStep(one.name, one.good, one.detail, one.next_step) for one in steps]

    def discover(self, deadline_ms):
        return [ttypes.SourceObject(name, media_type) for name, media_type in self._run(deadline_ms, self._connector.discover)]

    def read(self, cursor, limits, deadline_ms):
        page = self._run(deadline_ms, lambda: self._connector.read(cursor, limits.records, limits.bytes))
        self._parts = [part for payload in page.payloads for part in self._pieces(payload)]
        self._end = ttypes.PageEnd(page.next_cursor, page.last, sum(one.records for one in page.payloads), page.source_total, page.withheld,
                                    page.ended_early)
        return self.more(deadline_ms)

    def more(self, deadline_ms):
        taken, size = 0, 0
        while taken < len(self._parts) and (taken == 0 or size + len(self._parts[taken].bytes) <= PART_BYTES):
            size += len(self._parts[taken].bytes)
            taken += 1
        part, self._parts = self._parts[:taken], self._parts[taken:]
        return ttypes.PagePart(part, None if self._parts else self._end)

    def acknowledge(self, durable, deadline_ms):
        self._run(deadline_ms, lambda: self._connector.acknowledge(durable))

    def write(self, items, deadline_ms):
        answers = self._run(deadline_ms, lambda: self._connector.write([(one.key, one.bytes) for one in items]))
        return [ttypes.WriteAnswer(self.OUTCOMES[outcome], reason) for outcome, reason in answers]

    @staticmethod
    def _object(settings):
        try:
            given = json.loads(settings)
        except ValueError:
            given = None
        if not isinstance(given, dict):
            raise Fault.config("bad_setting", "the settings are no JSON object", "", "a JSON object that fits settings.schema.json")
        return given

    @staticmethod
    def _pieces(payload):
        yield ttypes.Payload(payload.name, payload.media_type, payload.records, payload.data[:PART_BYTES])
        for at in range(PART_BYTES, len(payload.data), PART_BYTES):
            yield ttypes.Payload(bytes=payload.data[at:at + PART_BYTES])

    def _run(self, deadline_ms, call):
        self._gateway.deadline = time.monotonic() + deadline_ms / 1000
        try:
            return call()
        except Fault as fault:
            raise fault.wire from None
        except ttypes.Fault:
            raise
        except Exception as error:  # only where it happened: its text may hold data
            at = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{os.path.basename(at.filename)} line {at.lineno}"
            raise ttypes.Fault(ttypes.FaultKind.SYSTEM, "unexpected_error", place, type(error).__name__, "tell its author") from None


class Stream(CReadableTransport):
    """A connected socket as Thrift's transport."""

    def __init__(self, connected):
        self._socket = connected

    def isOpen(self):
        return True

    def read(self, size):
        data = self._socket.recv(size)
        if not data:
            raise TTransportException(TTransportException.END_OF_FILE)
        return data

    def readAll(self, size):
        parts = []
        while size:
            parts.append(self.read(min(size, 1 << 20)))
            size -= len(parts[-1])
        return b"".join(parts)

    def write(self, data):
        self._socket.sendall(data)

    def flush(self):
        pass


def protocol_over(connected):
    """The contract's wire over a connected socket."""
    framed = TFramedTransport(Stream(connected))
    try:
        return TBinaryProtocolAccelerated(framed, fallback=False)
    except AssertionError:  # python3-thrift without its extension in C
        return TBinaryProtocol(framed, strictRead=True)


def manifest(folder):
    """The plain keys of its manifest.yaml."""
    text = (pathlib.Path(folder) / "manifest.yaml").read_text(encoding="utf-8")
    return dict(re.findall(r"^(\w+):[ ]*([^\n#]*?)[ ]*(?:#.*)?$", text, re.MULTILINE))


def serve(make):
    """Answers the gateway until it closes the socket. `make(settings, gateway)` gives the Connector: usually its class."""
    try:
        is_given = stat.S_ISSOCK(os.fstat(CALLS).st_mode)
    except OSError:
        is_given = False
    if not is_given:
        sys.exit("this is a plug-in of Caseway: the gateway starts it; try `caseway connector verify DIR`")
    calls = protocol_over(socket.socket(fileno=CALLS))
    gateway = GatewaySide(Gateway.Client(protocol_over(socket.socket(fileno=QUESTIONS))))
    spec = manifest(pathlib.Path(sys.argv[0]).resolve().parent)
    processor = ConnectorPlugin.Processor(Service(make, spec, gateway))
    try:
        while True:
            processor.process(calls, calls)
    except TTransportException:
        pass  # the gateway closed the socket
