# tests/e2e/interop/interop.py - what we sign, xmlsec1, jose, jwcrypto and openssl verify; what they sign, we open.
# Usage: interop.py SIGNING_TOOL. Keys are made anew by openssl. Exit 1 on the first broken promise.
import base64
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile

from jwcrypto import jwk, jws

TOOL = sys.argv[1]
WORK = tempfile.TemporaryDirectory(prefix="caseway-interop-")
DIR = pathlib.Path(WORK.name)
EXAMPLES = pathlib.Path(__file__).parents[3] / "docs/formats/examples"
XML = b'<Package><Case no="A-1"><Name>\xe6\x96\xb0\xe5\xbb\xba &amp; more</Name></Case></Package>'
BODY = b'{"cases": [{"no": "A-1", "amount": 10.10}]}'
HEADER = {"mapping": "housing.permit", "message_id": "0b7b9a52-3c1f-4a55-9a0f-2f6f3f1c8d11", "receiver": "center/gateway",
          "sender": "housing/permits", "sent_at": "2026-05-04T08:30:00+08:00"}
checks = 0


def run(*arguments, ok=True, data=None):
    result = subprocess.run([str(a) for a in arguments], capture_output=True, input=data, timeout=60, check=False)
    if ok is not None and (result.returncode == 0) != ok:
        sys.exit(f"FAILED ({'expected success' if ok else 'expected a refusal'}): {' '.join(str(a) for a in arguments)}\n"
                 f"{result.stdout.decode(errors='replace')}\n{result.stderr.decode(errors='replace')}")
    return result.stdout


def same(got, expected, what):
    global checks
    checks += 1
    if got != expected:
        sys.exit(f"FAILED: {what}: got {got!r}, expected {expected!r}")
    print("ok", what)


def write(name, data):
    path = DIR / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def b64(data):
    return base64.b64encode(data).decode()


def make_keys():
    ids = {}
    for name, options in {"ec": ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"], "rsa": ["RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
                          "ed": ["ED25519"], "sm2": ["SM2"]}.items():
        key, cert = DIR / f"{name}.key", DIR / f"{name}.pem"
        run("openssl", "genpkey", "-algorithm", *options, "-out", key)
        extra = ["-sm3", "-sigopt", "distid:1234567812345678"] if name == "sm2" else []
        run("openssl", "req", "-x509", "-new", "-key", key, "-subj", f"/CN={name}", "-days", "3650", "-out", cert, *extra)
        run("openssl", "pkey", "-in", key, "-pubout", "-out", DIR / f"{name}.pub")
        der = run("openssl", "x509", "-in", cert, "-outform", "DER")
        ids[name] = hashlib.sha256(der).hexdigest()
    return ids


def opened(form, name, file, *more):
    return run(TOOL, "open", form, DIR / f"{name}.pem", file, *more).decode().split()


def xmlsec_both_ways(ids):
    template = (pathlib.Path(__file__).parent / "template.xml").read_text()
    methods = {"ec": "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", "rsa": "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"}
    payload = write("payload.xml", XML)
    for name, method in methods.items():
        ours = write(f"ours-{name}.xml", run(TOOL, "sign", "xml", DIR / f"{name}.key", DIR / f"{name}.pem", payload))
        run("xmlsec1", "--verify", f"--pubkey-pem:{ids[name]}", DIR / f"{name}.pub", ours)
        same(opened("xml", name, ours), [hashlib.sha256(XML).hexdigest(), ids[name]], f"xmlsec1 verifies our {name} message")
        forged = write("forged.xml", ours.read_bytes().replace(b"A-1", b"A-2"))
        run("xmlsec1", "--verify", f"--pubkey-pem:{ids[name]}", DIR / f"{name}.pub", forged, ok=False)
        run(TOOL, "open", "xml", DIR / f"{name}.pem", forged, ok=False)
        filled = write("template.xml", template.replace("METHOD", method).replace("KEYID", ids[name]).encode())
        theirs = DIR / f"theirs-{name}.xml"
        run("xmlsec1", "--sign", f"--privkey-pem:{ids[name]}", DIR / f"{name}.key", "--output", theirs, filled)
        canonical = b'<h:Package xmlns:h="urn:housing"><h:Case no="A-1"></h:Case></h:Package>'
        same(opened("xml", name, theirs), [hashlib.sha256(canonical).hexdigest(), ids[name]], f"we open a {name} message of xmlsec1")
        # Validly signed, yet not of our form: structure alone must refuse.
        for bad, change in {"XPath": ('<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>',
                                      '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><ds:XPath>not(ancestor-or-self::node()[local-name()="Body"])</ds:XPath></ds:Transform>'),
                            "inclusive C14N": ('<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>',
                                               '<ds:Transform Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"/>'),
                            "SHA-1": ("http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2000/09/xmldsig#sha1"),
                            "an Id": ("<ds:Signature ", '<ds:Signature Id="s" ')}.items():
            text = filled.read_text()
            assert change[0] in text
            run("xmlsec1", "--sign", f"--privkey-pem:{ids[name]}", DIR / f"{name}.key", "--output", DIR / "bad.xml",
                write("bad-template.xml", text.replace(*change)))
            run("xmlsec1", "--verify", f"--pubkey-pem:{ids[name]}", DIR / f"{name}.pub", DIR / "bad.xml")
            run(TOOL, "open", "xml", DIR / f"{name}.pem", DIR / "bad.xml", ok=False)
            same(True, True, f"we refuse a valid {name} signature with {bad}")


def protected_of(alg, key_id):
    return {"alg": alg, "kid": key_id, "typ": "caseway-message+jws"}


def jose_both_ways(ids):
    body, payload = write("body.json", BODY), b'{"header":' + json.dumps(HEADER).encode() + b',"body":' + BODY + b"}"
    expected = hashlib.sha256(BODY).hexdigest()
    for name, alg in (("ec", "ES256"), ("rsa", "RS256"), ("rsa", "PS256"), ("ed", "EdDSA")):
        key = jwk.JWK.from_pem((DIR / f"{name}.key").read_bytes())
        private = write("private.jwk", json.dumps({**json.loads(key.export()), "alg": alg}))
        public = write("public.jwk", json.dumps({**json.loads(key.export_public()), "alg": alg}))
        for form in ("compact", "flattened"):
            ours = run(TOOL, "sign", form, DIR / f"{name}.key", DIR / f"{name}.pem", body, alg)
            token = jws.JWS()
            token.deserialize(ours.decode())
            token.allowed_algs = [alg]
            token.verify(key, alg)
            same(json.loads(token.payload), {"header": HEADER, "body": json.loads(BODY)}, f"jwcrypto verifies our {form} {alg}")
            token = jws.JWS(payload)
            token.allowed_algs = [alg]
            token.add_signature(key, alg, json.dumps(protected_of(alg, ids[name])))
            theirs = write("theirs.jws", token.serialize(compact=form == "compact"))
            same(opened(form, name, theirs), [expected, ids[name]], f"we open a {form} {alg} of jwcrypto")
            if alg == "EdDSA":
                continue  # jose 11 has none
            run("jose", "jws", "ver", "-i", write("ours.jws", ours), "-k", public)
            same(True, True, f"jose verifies our {form} {alg}")
            signature = json.dumps({"protected": protected_of(alg, ids[name])})
            compact = ["-c"] if form == "compact" else []
            run("jose", "jws", "sig", "-I", write("payload.json", payload), "-k", private, "-s", signature, *compact, "-o", DIR / "jose.jws")
            same(opened(form, name, DIR / "jose.jws"), [expected, ids[name]], f"we open a {form} {alg} of jose")


def der_of(raw):
    def integer(data):
        data = data.lstrip(b"\0") or b"\0"
        data = (b"\0" if data[0] & 0x80 else b"") + data
        return b"\x02" + bytes([len(data)]) + data
    inner = integer(raw[:32]) + integer(raw[32:])
    return b"\x30" + bytes([len(inner)]) + inner


def raw_of(der):
    size = der[3]
    r, s = der[4:4 + size], der[6 + size:]
    return r.lstrip(b"\0").rjust(32, b"\0") + s.lstrip(b"\0").rjust(32, b"\0")


OPENSSL = {
    "ecdsa-p256-sha256": ("ec", ["-sha256"]),
    "rsa-v1_5-sha256": ("rsa", ["-sha256"]),
    "rsa-pss-sha512": ("rsa", ["-sha512", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:64"]),
    "ed25519": ("ed", None),
    "sm2-sm3": ("sm2", ["-sm3", "-sigopt", "distid:1234567812345678"]),
}


def openssl_verifies(name, options, base, signature):
    files = write("base", base), write("signature", signature)
    if options is None:
        run("openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", DIR / f"{name}.pub", "-in", files[0], "-sigfile", files[1])
    else:
        run("openssl", "dgst", *options, "-verify", DIR / f"{name}.pub", "-signature", files[1], files[0])


def openssl_signs(name, options, base):
    file, out = write("base", base), DIR / "signature"
    if options is None:
        run("openssl", "pkeyutl", "-sign", "-rawin", "-inkey", DIR / f"{name}.key", "-in", file, "-out", out)
    else:
        run("openssl", "dgst", *options, "-sign", DIR / f"{name}.key", "-out", out, file)
    return out.read_bytes()


def http_base_by_hand(fields, alg, key_id):
    components = ["@method", "@path", *fields]
    values = {"@method": "POST", "@path": "/v1/messages", **fields}
    listed = " ".join(f'"{c}"' for c in components)
    parameters = f'({listed});created=1777854600;keyid="{key_id}";alg="{alg}";tag="caseway-message"'
    return "".join(f'"{c}": {values[c]}\n' for c in components) + f'"@signature-params": {parameters}', parameters


def openssl_both_ways(ids):
    payload = write("payload.bin", XML)
    expected = hashlib.sha256(XML).hexdigest()
    for alg, (name, options) in OPENSSL.items():
        lines = run(TOOL, "sign", "http", DIR / f"{name}.key", DIR / f"{name}.pem", payload, alg).decode()
        request = write("request", lines)
        base = run(TOOL, "base", request)
        signature = base64.b64decode(lines.split("Signature: caseway=:")[1].split(":")[0])
        openssl_verifies(name, options, base, der_of(signature) if name == "ec" else signature)
        same(opened("http", name, request, payload), [expected, ids[name]], f"openssl verifies our {alg}")
        fields = {"content-type": "application/xml", "content-digest": f"sha-256=:{b64(hashlib.sha256(XML).digest())}:",
                  **{"caseway-" + k.replace("_", "-"): v for k, v in HEADER.items()}}
        base, parameters = http_base_by_hand(fields, alg, ids[name])
        signature = openssl_signs(name, options, base)
        signature = raw_of(signature) if name == "ec" else signature
        theirs = write("theirs", "POST /v1/messages\n" + "".join(f"{k}: {v}\n" for k, v in fields.items()) +
                       f"signature-input: sig1={parameters}\nsignature: sig1=:{b64(signature)}:\n")
        same(opened("http", name, theirs, payload), [expected, ids[name]], f"we open a {alg} of openssl")
        run(TOOL, "open", "http", DIR / f"{name}.pem", theirs, write("other", XML + b" "), ok=False)
        read = write("read", run(TOOL, "sign", "read", DIR / f"{name}.key", DIR / f"{name}.pem", payload))
        same(opened("read", name, read), [ids[name]], f"we open our own {alg} request for reading") if alg != "rsa-pss-sha512" else None


def examples_by_hand():
    digests = dict(line.rsplit(" ", 1) for line in (EXAMPLES / "digests.txt").read_text().splitlines())
    der = run("openssl", "x509", "-in", EXAMPLES / "certificate.pem", "-outform", "DER")
    same(hashlib.sha256(der).hexdigest(), digests["key id"], "example: key id")
    public = write("example.pub", run("openssl", "x509", "-in", EXAMPLES / "certificate.pem", "-noout", "-pubkey"))
    signature = base64.b64decode((EXAMPLES / "message.http").read_text().split("Signature: caseway=:")[1].split(":")[0])
    files = write("signature", der_of(signature)), EXAMPLES / "signature-base.txt"
    run("openssl", "dgst", "-sha256", "-verify", public, "-signature", files[0], files[1])
    run("xmlsec1", "--verify", f"--pubkey-pem:{digests['key id']}", public, EXAMPLES / "message.xml")
    body = (EXAMPLES / "body.json").read_bytes()
    same(hashlib.sha256(body).hexdigest(), digests["message.http payload"], "example: payload digest")
    content = b'{"header":' + (EXAMPLES / "header.json").read_bytes() + b',"payload":"' + digests["message.http payload"].encode() + b'"}'
    same(hashlib.sha256(content).hexdigest(), digests["message.http content"], "example: content digest")
    for file, name in (("message.xml", "message.xml"), ("message.jose", "message.jose"), ("stored-envelope.http", "message.http")):
        same(hashlib.sha256((EXAMPLES / file).read_bytes()).hexdigest(), digests[name + " envelope"], f"example: envelope digest of {name}")


key_ids = make_keys()
xmlsec_both_ways(key_ids)
jose_both_ways(key_ids)
openssl_both_ways(key_ids)
examples_by_hand()
print(f"{checks} checks")
