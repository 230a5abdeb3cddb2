// tests/unit/envelope/http_attacks.hpp - signed requests bent in every way that we know, and what must be said of each.
// Data of http_envelope_test.cpp only.
#pragma once

#include <fmt/format.h>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <functional>
#include "gateway/base/base64.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/envelope/http_envelope.hpp"
#include "gateway/formats/envelope/media_type.hpp"
#include "gateway/formats/envelope/recheck.hpp"
#include "gateway/formats/text/lower_case.hpp"
#include "tests/support/signing_fixture.hpp"

using namespace caseway;
using namespace caseway::test;
namespace data = boost::unit_test::data;

namespace {

constexpr std::string_view kBody = "<Package>any bytes</Package>";
const Instant kCreated = instantOf("2026-05-04T00:30:05Z");

HttpRequest unsignedRequest() {
    return {"POST", "/v1/messages", {{"Host", "gw"}, {"Content-Type", "application/xml; charset=GBK"}}};
}

HttpRequest signedRequest(const Party& party = housing(), HttpRequest request = unsignedRequest()) {
    signHttp(request, sampleHeader(), sha256(kBody), kCreated, party.key, party.keyId(),
             usualAlgorithm(party.key.kind()));
    return request;
}

std::string& valueOf(HttpRequest& request, std::string_view name) {
    for (HttpField& field : request.fields)
        if (field.name == name) return field.value;
    throw std::logic_error("no such field");
}

void removeField(HttpRequest& request, std::string_view name) {
    valueOf(request, name);
    std::erase_if(request.fields, [&](const HttpField& field) { return field.name == name; });
}

/// Signs whatever Signature-Input says, so that only the rule in question stands in the way.
HttpRequest resigned(HttpRequest request, const std::string& inner, std::string_view parameters = "",
                     const Party& party = housing()) {
    const std::string usual = fmt::format(
        ";created=1777854605;keyid=\"{}\";alg=\"ecdsa-p256-sha256\";tag=\"caseway-message\"", party.keyId().text());
    const std::string params = "(" + inner + ")" + (parameters.empty() ? usual : std::string(parameters));
    std::string base;
    for (std::size_t at = 0; at < inner.size();) {
        const std::size_t end = inner.find('"', at + 1);
        const std::string name = inner.substr(at + 1, end - at - 1);
        std::string value = name == "@method" ? request.method
                            : name == "@path" ? request.target.substr(0, request.target.find('?'))
                                              : "";
        for (const HttpField& field : request.fields)
            if (lowerCase(field.name) == name) value = field.value;
        base += "\"" + name + "\": " + value + "\n";
        at = inner.find('"', end + 1);
        if (at == std::string::npos) break;
    }
    base += "\"@signature-params\": " + params;
    valueOf(request, "Signature-Input") = "caseway=" + params;
    valueOf(request, "Signature") =
        "caseway=:" + toBase64(bytesOf(party.key.sign(usualAlgorithm(party.key.kind()), bytesOf(base)))) + ":";
    return request;
}

const std::string kAll = R"("@method" "@path" "content-type" "content-digest" "caseway-message-id" "caseway-sender")"
                         R"( "caseway-receiver" "caseway-sent-at" "caseway-mapping")";

std::string codeOf(const HttpRequest& request) {
    const auto head = openHttpHead(request, everybody());
    return head ? "taken" : head.error().refusal.code;
}

struct Attack {
    const char* name;
    std::function<HttpRequest()> request;
    const char* code;
};
std::ostream& operator<<(std::ostream& out, const Attack& attack) {
    return out << attack.name;
}

HttpRequest with(const std::function<void(HttpRequest&)>& change) {
    HttpRequest request = signedRequest();
    change(request);
    return request;
}

std::string without(std::string_view component) {
    return replaced(
        kAll, "\"" + std::string(component) + "\"" + (kAll.ends_with("\"" + std::string(component) + "\"") ? "" : " "),
        "");
}

const Attack kAttacks[] = {
    {"another method", [] { return with([](HttpRequest& r) { r.method = "PUT"; }); }, "malformed_envelope"},
    {"another path", [] { return with([](HttpRequest& r) { r.target = "/v1/message"; }); }, "bad_signature"},
    {"a query that is not signed", [] { return with([](HttpRequest& r) { r.target += "?x=1"; }); },
     "malformed_envelope"},
    {"an absolute target", [] { return with([](HttpRequest& r) { r.target = "http://gw/v1/messages"; }); },
     "malformed_envelope"},
    {"another content type", [] { return with([](HttpRequest& r) { valueOf(r, "Content-Type") = "text/plain"; }); },
     "bad_signature"},
    {"another digest",
     [] {
         return with(
             [](HttpRequest& r) { valueOf(r, "Content-Digest") = "sha-256=:" + toBase64(sha256("x").bytes) + ":"; });
     },
     "bad_signature"},
    {"another message id",
     [] {
         return with([](HttpRequest& r) { valueOf(r, "Caseway-Message-Id") = "0b7b9a52-3c1f-4a55-9a0f-2f6f3f1c8d12"; });
     },
     "bad_signature"},
    {"another sender", [] { return with([](HttpRequest& r) { valueOf(r, "Caseway-Sender") = "police/residence"; }); },
     "unknown_key"},
    {"an unknown sender", [] { return with([](HttpRequest& r) { valueOf(r, "Caseway-Sender") = "police/unknown"; }); },
     "unknown_sender"},
    {"a content encoding that is not covered",
     [] { return with([](HttpRequest& r) {
              r.fields.push_back({"Content-Encoding", "gzip"});
          }); },
     "malformed_envelope"},
    {"a Caseway field that is not covered",
     [] {
         return with([](HttpRequest& r) {
             r.fields.push_back({"Caseway-Correlation-Id", "0b7b9a52-3c1f-4a55-9a0f-2f6f3f1c8d12"});
         });
     },
     "malformed_envelope"},
    {"an unknown Caseway field, covered",
     [] {
         HttpRequest r = signedRequest();
         r.fields.push_back({"Caseway-Priority", "1"});
         return resigned(r, kAll + R"( "caseway-priority")");
     },
     "malformed_header"},
    {"the sender twice",
     [] { return with([](HttpRequest& r) {
              r.fields.push_back({"Caseway-Sender", "housing/permits"});
          }); },
     "malformed_envelope"},
    {"the sender twice, once in capitals",
     [] {
         return with([](HttpRequest& r) { r.fields.insert(r.fields.begin(), {"CASEWAY-SENDER", "police/residence"}); });
     },
     "malformed_envelope"},
    {"the content type twice",
     [] { return with([](HttpRequest& r) {
              r.fields.push_back({"content-type", "text/xml"});
          }); },
     "malformed_envelope"},
    {"the digest twice",
     [] { return with([](HttpRequest& r) {
              r.fields.push_back({"content-digest", "sha-256=:AAAA:"});
          }); },
     "malformed_envelope"},
    {"the signature twice",
     [] { return with([](HttpRequest& r) {
              r.fields.push_back({"signature", valueOf(r, "Signature")});
          }); },
     "malformed_envelope"},
    {"two signatures in one field",
     [] { return with([](HttpRequest& r) { valueOf(r, "Signature") += ", other=:AAAA:"; }); }, "malformed_envelope"},
    {"two inputs in one field",
     [] { return with([](HttpRequest& r) { valueOf(r, "Signature-Input") += ", other=(\"@method\");created=1"; }); },
     "malformed_envelope"},
    {"another label",
     [] { return with([](HttpRequest& r) { valueOf(r, "Signature") = "x" + valueOf(r, "Signature"); }); },
     "malformed_envelope"},
    {"a label in capitals",
     [] {
         return with([](HttpRequest& r) { valueOf(r, "Signature") = "Caseway" + valueOf(r, "Signature").substr(7); });
     },
     "malformed_envelope"},
    {"no signature", [] { return with([](HttpRequest& r) { removeField(r, "Signature"); }); }, "malformed_envelope"},
    {"no input", [] { return with([](HttpRequest& r) { removeField(r, "Signature-Input"); }); }, "malformed_envelope"},
    {"no digest", [] { return with([](HttpRequest& r) { removeField(r, "Content-Digest"); }); }, "malformed_envelope"},
    {"no content type", [] { return with([](HttpRequest& r) { removeField(r, "Content-Type"); }); },
     "malformed_envelope"},
    {"no sender",
     [] {
         HttpRequest r = signedRequest();
         removeField(r, "Caseway-Sender");
         return resigned(r, without("caseway-sender"));
     },
     "malformed_header"},
    {"method not covered", [] { return resigned(signedRequest(), without("@method")); }, "malformed_envelope"},
    {"path not covered", [] { return resigned(signedRequest(), without("@path")); }, "malformed_envelope"},
    {"content type not covered", [] { return resigned(signedRequest(), without("content-type")); },
     "malformed_envelope"},
    {"digest not covered", [] { return resigned(signedRequest(), without("content-digest")); }, "malformed_envelope"},
    {"sender not covered", [] { return resigned(signedRequest(), without("caseway-sender")); }, "malformed_envelope"},
    {"a component twice", [] { return resigned(signedRequest(), kAll + R"( "@path")"); }, "malformed_envelope"},
    {"a component of no request", [] { return resigned(signedRequest(), kAll + R"( "date")"); }, "malformed_envelope"},
    {"a component with a parameter",
     [] {
         return with([](HttpRequest& r) {
             valueOf(r, "Signature-Input") =
                 replaced(valueOf(r, "Signature-Input"), "\"content-digest\"", "\"content-digest\";key=\"sha-256\"");
         });
     },
     "malformed_envelope"},
    {"a component in capitals",
     [] {
         return with([](HttpRequest& r) {
             valueOf(r, "Signature-Input") = replaced(valueOf(r, "Signature-Input"), "content-type", "Content-Type");
         });
     },
     "malformed_envelope"},
    {"another tag",
     [] {
         return with([](HttpRequest& r) {
             valueOf(r, "Signature-Input") = replaced(valueOf(r, "Signature-Input"), "caseway-message", "caseway-read");
         });
     },
     "malformed_envelope"},
    {"no tag",
     [] {
         return with([](HttpRequest& r) {
             valueOf(r, "Signature-Input") = replaced(valueOf(r, "Signature-Input"), ";tag=\"caseway-message\"", "");
         });
     },
     "malformed_envelope"},
    {"no created",
     [] {
         return with([](HttpRequest& r) {
             valueOf(r, "Signature-Input") = replaced(valueOf(r, "Signature-Input"), ";created=1777854605", "");
         });
     },
     "malformed_envelope"},
    {"another created",
     [] {
         return with([](HttpRequest& r) {
             valueOf(r, "Signature-Input") =
                 replaced(valueOf(r, "Signature-Input"), "created=1777854605", "created=1777854606");
         });
     },
     "bad_signature"},
    {"created as a text",
     [] {
         return with([](HttpRequest& r) {
             valueOf(r, "Signature-Input") =
                 replaced(valueOf(r, "Signature-Input"), "created=1777854605", "created=\"1777854605\"");
         });
     },
     "malformed_envelope"},
    {"created beyond all numbers",
     [] {
         return with([](HttpRequest& r) {
             valueOf(r, "Signature-Input") =
                 replaced(valueOf(r, "Signature-Input"), "created=1777854605", "created=9999999999999999999");
         });
     },
     "malformed_envelope"},
    {"created twice", [] { return with([](HttpRequest& r) { valueOf(r, "Signature-Input") += ";created=1"; }); },
     "malformed_envelope"},
    {"no keyid",
     [] {
         return with([](HttpRequest& r) {
             valueOf(r, "Signature-Input") = replaced(valueOf(r, "Signature-Input"), "keyid", "nonce");
         });
     },
     "malformed_envelope"},
    {"keyid of another system",
     [] {
         return with([](HttpRequest& r) {
             valueOf(r, "Signature-Input") =
                 replaced(valueOf(r, "Signature-Input"), housing().keyId().text(), police().keyId().text());
         });
     },
     "unknown_key"},
    {"keyid of another key",
     [] {
         return with([](HttpRequest& r) {
             valueOf(r, "Signature-Input") = replaced(valueOf(r, "Signature-Input"), housing().keyId().text(),
                                                      housing(KeyKind::Rsa).keyId().text());
         });
     },
     "bad_signature"},
    {"an algorithm of another key",
     [] {
         return resigned(signedRequest(), kAll,
                         fmt::format(";created=1777854605;keyid=\"{}\";alg=\"ed25519\";tag=\"caseway-message\"",
                                     housing().keyId().text()));
     },
     "bad_signature"},
    {"hmac",
     [] {
         return resigned(signedRequest(), kAll,
                         fmt::format(";created=1777854605;keyid=\"{}\";alg=\"hmac-sha256\";tag=\"caseway-message\"",
                                     housing().keyId().text()));
     },
     "bad_signature"},
    {"expires",
     [] {
         return resigned(signedRequest(), kAll,
                         fmt::format(";created=1777854605;expires=1;keyid=\"{}\";tag=\"caseway-message\"",
                                     housing().keyId().text()));
     },
     "malformed_envelope"},
    {"two digests",
     [] {
         HttpRequest r = signedRequest();
         valueOf(r, "Content-Digest") += ", sha-512=:AAAA:";
         return resigned(r, kAll);
     },
     "malformed_envelope"},
    {"one digest twice",
     [] {
         HttpRequest r = signedRequest();
         valueOf(r, "Content-Digest") += ", " + valueOf(r, "Content-Digest");
         return resigned(r, kAll);
     },
     "malformed_envelope"},
    {"a digest of md5",
     [] {
         HttpRequest r = signedRequest();
         valueOf(r, "Content-Digest") = "md5=:AAAA:";
         return resigned(r, kAll);
     },
     "malformed_envelope"},
    {"a digest that is short",
     [] {
         HttpRequest r = signedRequest();
         valueOf(r, "Content-Digest") = "sha-256=:AAAA:";
         return resigned(r, kAll);
     },
     "malformed_envelope"},
    {"a digest in loose base64",
     [] {
         HttpRequest r = signedRequest();
         std::string& v = valueOf(r, "Content-Digest");
         v = replaced(v, "=:", "=: ");
         return resigned(r, kAll);
     },
     "malformed_envelope"},
    {"a signature in DER", [] { return with([](HttpRequest& r) { valueOf(r, "Signature") = "caseway=:MEQCIA==:"; }); },
     "bad_signature"},
    {"a control character in a field",
     [] {
         HttpRequest r = signedRequest();
         valueOf(r, "Caseway-Mapping") = "a\nb";
         return resigned(r, kAll);
     },
     "malformed_envelope"},
    {"a header value with a space",
     [] {
         HttpRequest r = signedRequest();
         valueOf(r, "Caseway-Mapping") = "a b";
         return resigned(r, kAll);
     },
     "malformed_header"},
};

}  // namespace
