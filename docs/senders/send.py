#!/usr/bin/env python3
"""Sends one file of any kind to a Caseway gateway, signed after RFC 9421. Needs python3-cryptography. Key: P-256 or RSA.

stdout: the gateway's answer with the receipt; keep it. stderr: what was refused, and what to do. Exit 0: all of it was taken.
No answer? Run it again with the message id and the time that it told: sent twice, it is taken once.
"""
import base64, datetime, hashlib, http.client, json, ssl, sys, time, urllib.parse, uuid

from cryptography import exceptions, x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils

if len(sys.argv) not in (10, 12):
    print("usage: send.py FILE CONTENT_TYPE URL KEY CERT CA SENDER RECEIVER MAPPING [MESSAGE_ID SENT_AT]", file=sys.stderr)
    sys.exit(2)
file, content_type, url, key_file, cert_file, ca, sender, receiver, mapping = sys.argv[1:10]
message_id, sent_at = sys.argv[10:] or (str(uuid.uuid4()), datetime.datetime.now().astimezone().isoformat(timespec="seconds"))

if url.startswith("http://"):
    sys.exit(f"nothing was sent: {url} would go in clear: the address begins with https://")
try:
    address = urllib.parse.urlsplit(url)
    odd_port = ":" in address.netloc and not address.port
    if url.rstrip("/") != f"https://{address.netloc}" or not address.hostname or set("@ ") & set(address.netloc) or odd_port:
        raise ValueError
except ValueError:  # a port that is none
    sys.exit(f"nothing was sent: {url!r} is no address of a gateway: https://HOST:PORT, and nothing behind it")
try:
    body = open(file, "rb").read()
    trusted = ssl.create_default_context(cafile=ca)
    certificate = x509.load_pem_x509_certificate(open(cert_file, "rb").read())
    key = serialization.load_pem_private_key(open(key_file, "rb").read(), None)
except ssl.SSLError:
    sys.exit(f"nothing was sent: {ca} is no certificate in PEM")
except OSError as error:
    sys.exit(f"nothing was sent: {error.filename or ca}: {error.strerror}")
except (ValueError, TypeError, exceptions.UnsupportedAlgorithm):
    sys.exit(f"nothing was sent: {cert_file} is no certificate in PEM, or {key_file} no key without a password: "
             f"openssl pkcs8 -topk8 -nocrypt -in {key_file} -out new.key")
form = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
if key.public_key().public_bytes(*form) != certificate.public_key().public_bytes(*form):
    sys.exit(f"nothing was sent: {key_file} is not the key of the certificate {cert_file}: name the two that belong together")
if not isinstance(key, rsa.RSAPrivateKey) and not isinstance(getattr(key, "curve", None), ec.SECP256R1):
    sys.exit(f"nothing was sent: {key_file} is neither of P-256 nor of RSA: caseway cert request makes such a key")
key_id = certificate.fingerprint(hashes.SHA256()).hex()
fields = {"Content-Type": content_type,
          "Content-Digest": "sha-256=:" + base64.b64encode(hashlib.sha256(body).digest()).decode() + ":",
          "Caseway-Message-Id": message_id, "Caseway-Sender": sender, "Caseway-Receiver": receiver,
          "Caseway-Sent-At": sent_at, "Caseway-Mapping": mapping}
if odd := [value for value in fields.values() if not (value.isascii() and value.isprintable())]:
    sys.exit(f"nothing was sent: {odd[0]!r} is not plain ASCII: ask the center for the names as they are registered")

# What is signed: a line for each part of the request, then their list.
parts = {"@method": "POST", "@path": "/v1/messages", **{name.lower(): value for name, value in fields.items()}}
names = " ".join(f'"{name}"' for name in parts)
signature_input = f'({names});created={int(time.time())};keyid="{key_id}";tag="caseway-message"'
base = "".join(f'"{name}": {value}\n' for name, value in parts.items()) + f'"@signature-params": {signature_input}'
if isinstance(key, ec.EllipticCurvePrivateKey):  # cryptography gives r and s as DER; RFC 9421 wants 32 bytes of each
    r, s = utils.decode_dss_signature(key.sign(base.encode(), ec.ECDSA(hashes.SHA256())))
    signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
else:
    signature = key.sign(base.encode(), padding.PKCS1v15(), hashes.SHA256())
fields["Signature-Input"] = "sig1=" + signature_input
fields["Signature"] = "sig1=:" + base64.b64encode(signature).decode() + ":"

try:
    connection = http.client.HTTPSConnection(address.netloc, timeout=60, context=trusted)
    try:
        connection.connect()
    except (ssl.SSLCertVerificationError, ssl.SSLEOFError, ssl.SSLZeroReturnError):  # the last two: it may be busy
        raise
    except ssl.SSLError:
        sys.exit(f"nothing was sent: {url} does not speak TLS: name the port of the gateway's https address, not its health port")
    connection.request("POST", "/v1/messages", body, fields)
    response = connection.getresponse()
    answer = response.read().decode(errors="replace")
except ssl.SSLCertVerificationError as error:
    if error.verify_code in (62, 64):  # X509_V_ERR_HOSTNAME_MISMATCH, _IP_ADDRESS_MISMATCH
        sys.exit(f"nothing was sent: the name in {url} does not stand in the gateway's certificate: ask the center for the name to call it by")
    sys.exit(f"nothing was sent: no answer that can be trusted: {ca} does not vouch for the gateway ({error.verify_message}); "
             "ask the center for the certificate to trust")
except (OSError, http.client.HTTPException, ValueError) as error:
    sys.exit(f"no answer ({error}); send the same again, it is taken once: … {message_id} {sent_at}")
print(answer)
print(f"message {message_id}, sent at {sent_at}: {response.status}", file=sys.stderr)
try:
    told = dict(json.loads(answer))
except (ValueError, TypeError):
    told = {}
for refusal in ([told] if "code" in told else []) + told.get("refusals", []) + told.get("notes", []):
    for name in ("record", "code", "where", "value", "detail", "rule", "hint"):
        if name in refusal:
            print(f"{name}: {refusal[name]}", file=sys.stderr)
if "code" not in told and "outcome" not in told:
    print(f"that is no answer of the gateway; send the same again, it is taken once: … {message_id} {sent_at}", file=sys.stderr)
sys.exit(0 if response.status in (200, 202) and told.get("outcome") in ("accepted", "received") else 1)
