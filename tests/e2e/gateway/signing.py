"""Messages made without our code: xmlsec1 for XML-DSig, jwcrypto for JWS, openssl for RFC 9421. After docs/formats/messages.md."""
import datetime
import hashlib
import json
import time
import uuid
from xml.sax.saxutils import escape

from jwcrypto import jwk, jws

from installation import b64, run

XML_FIELDS = {"message_id": "MessageId", "sender": "Sender", "receiver": "Receiver", "sent_at": "SentAt", "mapping": "Mapping",
              "correlation_id": "CorrelationId", "previous_id": "PreviousId"}


def timestamp(hours=0.0):
    """RFC 3339, `hours` from now, in the time of Beijing."""
    zone = datetime.timezone(datetime.timedelta(hours=8))
    return (datetime.datetime.now(zone) + datetime.timedelta(hours=hours)).isoformat(timespec="seconds")


def header(system, mapping, **changes):
    values = {"message_id": str(uuid.uuid4()), "sender": system.name, "receiver": "center/gateway", "sent_at": timestamp(),
              "mapping": mapping, **changes}
    return {key: value for key, value in values.items() if value is not None}


class Message:
    """A request ready to be sent, any number of times."""

    def __init__(self, fields, body, head):
        self.fields, self.body, self.head = fields, body, head

    @property
    def id(self):
        return self.head["message_id"]


def json_message(system, body, head=None, flattened=False, algorithm=None):
    head = head or header(system, "permits.json")
    key = jwk.JWK.from_pem(system.key.read_bytes())
    text = b'{"header":' + json.dumps(head).encode() + b',"body":' + body + b"}"
    token = jws.JWS(text)
    algorithm = algorithm or system.algorithm
    protected = {"alg": algorithm, "kid": system.key_id, "typ": "caseway-message+jws"}
    token.add_signature(key, alg=algorithm, protected=json.dumps(protected))
    data = token.serialize(compact=not flattened).encode()
    return Message({"Content-Type": "application/jose+json" if flattened else "application/jose"}, data, head)


TEMPLATE = """<?xml version="1.0" encoding="UTF-8"?>
<Message xmlns="urn:caseway:exchange:1"><Header>{head}</Header><Body>{body}</Body><ds:Signature \
xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo>\
<ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>\
<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#{kind}-sha256"/><ds:Reference URI=""><ds:Transforms>\
<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>\
<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/></ds:Transforms>\
<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue/></ds:Reference></ds:SignedInfo>\
<ds:SignatureValue/><ds:KeyInfo><ds:KeyName>{key}</ds:KeyName></ds:KeyInfo></ds:Signature></Message>"""


def xml_message(system, body, head=None):
    head = head or header(system, "permits.xml")
    members = "".join(f"<{XML_FIELDS.get(key, key)}>{escape(value)}</{XML_FIELDS.get(key, key)}>" for key, value in head.items())
    text = TEMPLATE.format(head=members, body=body.decode(), key=system.key_id,
                           kind="rsa" if system.algorithm == "RS256" else "ecdsa")
    signed = run("xmlsec1", "--sign", f"--privkey-pem:{system.key_id}", system.key, "/dev/stdin", data=text.encode()).stdout
    return Message({"Content-Type": "application/xml"}, signed, head)


def raw_signature(der):
    """ECDSA as r and s of 32 bytes each, out of the DER that openssl writes."""
    def integer(at):
        length = der[at + 1]
        return int.from_bytes(der[at + 2:at + 2 + length], "big").to_bytes(32, "big"), at + 2 + length
    r, at = integer(2)
    return r + integer(at)[0]


def signed_fields(system, method, path, fields, components, tag, created=None):
    created = int(time.time()) if created is None else created
    values = {"@method": method, "@path": path.partition("?")[0], "@query": "?" + path.partition("?")[2]}
    values.update({name.lower(): value for name, value in fields.items()})
    parameters = "({});created={};keyid=\"{}\";tag=\"{}\"".format(" ".join(f'"{name}"' for name in components), created, system.key_id, tag)
    base = "".join(f'"{name}": {values[name]}\n' for name in components) + f'"@signature-params": {parameters}'
    der = run("openssl", "dgst", "-sha256", "-sign", system.key, data=base.encode()).stdout
    return {**fields, "Signature-Input": f"sig1={parameters}", "Signature": f"sig1=:{b64(raw_signature(der))}:"}


def http_message(system, body, head=None, mapping="permits.json", content_type="application/json", created=None, **fields):
    head = head or header(system, mapping)
    fields = {"Content-Type": content_type, "Content-Digest": f"sha-256=:{b64(hashlib.sha256(body).digest())}:",
              **{name.replace("_", "-"): value for name, value in fields.items()},
              **{"Caseway-" + "-".join(part.capitalize() for part in key.split("_")): value for key, value in head.items()}}
    components = ["@method", "@path"] + [name.lower() for name in fields]
    return Message(signed_fields(system, "POST", "/v1/messages", fields, components, "caseway-message", created), body, head)


def signed_read(system, path, created=None, **fields):
    fields = {name.replace("_", "-"): value for name, value in fields.items()}
    components = ["@method", "@path"] + (["@query"] if "?" in path else []) + [name.lower() for name in fields]
    return signed_fields(system, "GET", path, fields, components, "caseway-read", created)
