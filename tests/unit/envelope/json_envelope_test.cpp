// tests/unit/envelope/json_envelope_test.cpp - the JSON binding: what it takes and hands on, and every known way to
// misuse a JWS.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "gateway/base/base64.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/envelope/header_fields.hpp"
#include "gateway/formats/envelope/json_envelope.hpp"
#include "gateway/formats/envelope/recheck.hpp"
#include "tests/support/signing_fixture.hpp"

using namespace caseway;
using namespace caseway::test;
namespace data = boost::unit_test::data;

namespace {

constexpr std::string_view kBody = R"({"cases": [ {"no":"A-1","amount":10.10,"title":"\u65b0\"}{"} ] })";
const std::string kPayload =
    R"({"header":)" + canonicalHeader(sampleHeader()) + R"(,"body":)" + std::string(kBody) + "}";

std::string protectedOf(const Party& party, std::string_view alg) {
    return R"({"alg":")" + std::string(alg) + R"(","kid":")" + party.keyId().text() +
           R"(","typ":"caseway-message+jws"})";
}

/// A compact JWS over any header and payload: what an attacker with a registered key, or a careless client, can make.
std::string jws(std::string_view header, std::string_view payload, const Party& party = housing()) {
    const std::string input = toBase64Url(bytesOf(header)) + '.' + toBase64Url(bytesOf(payload));
    return input + '.' + toBase64Url(bytesOf(party.key.sign(usualAlgorithm(party.key.kind()), bytesOf(input))));
}

Result<SignedContent, OpenRefusal> open(std::string_view envelope, JwsForm form = JwsForm::Compact) {
    return openJson(envelope, form, JsonLimits{}, everybody());
}

std::string codeOf(const Result<SignedContent, OpenRefusal>& result) {
    return result ? "taken" : result.error().refusal.code;
}

std::string flattened(std::string_view compact, std::string_view extra = "") {
    const std::size_t first = compact.find('.');
    const std::size_t second = compact.find('.', first + 1);
    return R"({"protected":")" + std::string(compact.substr(0, first)) + R"(","payload":")" +
           std::string(compact.substr(first + 1, second - first - 1)) + R"(","signature":")" +
           std::string(compact.substr(second + 1)) + '"' + std::string(extra) + '}';
}

}  // namespace

BOOST_AUTO_TEST_SUITE(JsonEnvelope)

BOOST_DATA_TEST_CASE(opens_what_it_signed, data::make({0, 1, 2}) * data::make({0, 1}), kind, form_number) {
    const Party& sender = housing(static_cast<KeyKind>(kind));
    const JwsForm form = static_cast<JwsForm>(form_number);
    const auto envelope = signJson(sampleHeader(), kBody, sender.key, sender.keyId(), form);
    BOOST_REQUIRE(envelope);
    const auto content = open(*envelope, form);
    BOOST_REQUIRE_MESSAGE(content, whyOf(content));
    BOOST_TEST((content->header == sampleHeader()));
    BOOST_TEST(content->payload.jsonText() == kBody);
    BOOST_TEST((content->payload_digest == sha256(kBody)));
    BOOST_TEST((content->envelope_digest == sha256(*envelope)));
    BOOST_TEST((content->certificate->id() == sender.keyId()));
    const auto again = recheck(Binding::Json, *envelope, sender.certificate->der());
    BOOST_REQUIRE(again);
    BOOST_TEST((again->content_digest == content->content_digest));
}

BOOST_AUTO_TEST_CASE(takes_rsa_pss_too) {
    const Party& sender = housing(KeyKind::Rsa);
    const auto envelope =
        signJson(sampleHeader(), kBody, sender.key, sender.keyId(), JwsForm::Compact, SignatureAlgorithm::RsaPssSha256);
    BOOST_REQUIRE(envelope);
    BOOST_TEST(codeOf(open(*envelope)) == "taken");
    BOOST_TEST(!signJson(sampleHeader(), kBody, sender.key, sender.keyId(), JwsForm::Compact,
                         SignatureAlgorithm::RsaPssSha512));
}

BOOST_AUTO_TEST_CASE(hands_on_the_very_bytes_of_the_body) {
    const auto header = canonicalHeader(sampleHeader());
    for (const std::string_view body : {"null", "[ ]", " \t{\"a\" : [1,2,{\"b\":\"]}\\\\\"}]}", "\"x\\\"}\"",
                                        R"({"\\":"{[","[":["}\\\"]",[{}]]})", "-1.0e5", "{}", "true"}) {
        const std::string payloads[] = {R"({"header":)" + header + R"(,"body":)" + std::string(body) + "}",
                                        R"({ "body" : )" + std::string(body) + " , \n\"header\" : " + header + " }\n"};
        for (const std::string& payload : payloads) {
            const auto content = open(jws(protectedOf(housing(), "ES256"), payload));
            BOOST_REQUIRE_MESSAGE(content, whyOf(content));
            BOOST_TEST(content->payload.jsonText() == body.substr(body.find_first_not_of(" \t")));
        }
    }
}

/// It is looked at by blocks: what ends a text or a bracket, at each place of one.
BOOST_AUTO_TEST_CASE(hands_on_the_very_bytes_of_a_body_wherever_its_marks_stand) {
    const auto header = canonicalHeader(sampleHeader());
    for (std::size_t before = 0; before <= 35; ++before) {
        const std::string text(before, 'k');
        for (const std::string& body :
             {'"' + text + R"(\\")", '"' + text + R"(\"]}")", "[\"" + text + "\",{\"" + text + "]\":[]}]",
              "[" + std::string(before, ' ') + R"({"}":"[\\"}])"}) {
            const auto content =
                open(jws(protectedOf(housing(), "ES256"), R"({"body":)" + body + R"(,"header":)" + header + "}"));
            BOOST_REQUIRE_MESSAGE(content, whyOf(content));
            BOOST_TEST(content->payload.jsonText() == body);
        }
    }
}

const std::string kKid = R"("kid":")" + housing().keyId().text() + '"';
const std::string kTyp = R"("typ":"caseway-message+jws")";
struct HeaderAttack {
    const char* name;
    std::string header;
    const char* code;
};
std::ostream& operator<<(std::ostream& out, const HeaderAttack& attack) {
    return out << attack.name;
}
const HeaderAttack kHeaderAttacks[] = {
    {"none", R"({"alg":"none",)" + kKid + "," + kTyp + "}", "malformed_envelope"},
    {"None", R"({"alg":"None",)" + kKid + "," + kTyp + "}", "malformed_envelope"},
    {"HS256 with the public key", R"({"alg":"HS256",)" + kKid + "," + kTyp + "}", "malformed_envelope"},
    {"ES384", R"({"alg":"ES384",)" + kKid + "," + kTyp + "}", "malformed_envelope"},
    {"an algorithm of another kind of key", R"({"alg":"RS256",)" + kKid + "," + kTyp + "}", "bad_signature"},
    {"EdDSA for a P-256 key", R"({"alg":"EdDSA",)" + kKid + "," + kTyp + "}", "bad_signature"},
    {"alg missing", "{" + kKid + "," + kTyp + "}", "malformed_envelope"},
    {"alg not a text", R"({"alg":["ES256"],)" + kKid + "," + kTyp + "}", "malformed_envelope"},
    {"kid missing", R"({"alg":"ES256",)" + kTyp + "}", "malformed_envelope"},
    {"kid upper case", R"({"alg":"ES256","kid":")" + std::string(64, 'A') + "\"," + kTyp + "}", "malformed_envelope"},
    {"kid a path", R"({"alg":"ES256","kid":"../../dev/null",)" + kTyp + "}", "malformed_envelope"},
    {"kid unknown", R"({"alg":"ES256","kid":")" + std::string(64, '0') + "\"," + kTyp + "}", "unknown_key"},
    {"kid of another system", R"({"alg":"ES256","kid":")" + police().keyId().text() + "\"," + kTyp + "}",
     "bad_signature"},
    {"typ missing", R"({"alg":"ES256",)" + kKid + "}", "malformed_envelope"},
    {"typ JWT", R"({"alg":"ES256",)" + kKid + R"(,"typ":"JWT"})", "malformed_envelope"},
    {"crit", R"({"alg":"ES256",)" + kKid + "," + kTyp + R"(,"crit":["b64"]})", "malformed_envelope"},
    {"b64", R"({"alg":"ES256",)" + kKid + "," + kTyp + R"(,"b64":false})", "malformed_envelope"},
    {"jwk", R"({"alg":"ES256",)" + kKid + "," + kTyp + R"(,"jwk":{"kty":"EC"}})", "malformed_envelope"},
    {"jku", R"({"alg":"ES256",)" + kKid + "," + kTyp + R"(,"jku":"https://x/"})", "malformed_envelope"},
    {"x5u", R"({"alg":"ES256",)" + kKid + "," + kTyp + R"(,"x5u":"https://x/"})", "malformed_envelope"},
    {"x5c", R"({"alg":"ES256",)" + kKid + "," + kTyp + R"(,"x5c":["AA=="]})", "malformed_envelope"},
    {"cty", R"({"alg":"ES256",)" + kKid + "," + kTyp + R"(,"cty":"json"})", "malformed_envelope"},
    {"alg twice", R"({"alg":"ES256","alg":"ES256",)" + kKid + "," + kTyp + "}", "malformed_envelope"},
    {"kid twice", R"({"alg":"ES256",)" + kKid + "," + kKid + "," + kTyp + "}", "malformed_envelope"},
    {"kid twice, once escaped", R"({"alg":"ES256",)" + kKid + R"(,"\u006bid":"x",)" + kTyp + "}", "malformed_envelope"},
    {"not an object", R"(["ES256"])", "malformed_envelope"},
    {"empty", "", "malformed_envelope"},
    {"too long", R"({"alg":"ES256",)" + kKid + "," + kTyp + std::string(2000, ' ') + "}", "malformed_envelope"},
};
BOOST_DATA_TEST_CASE(refuses_every_other_protected_header, data::make(kHeaderAttacks), attack) {
    const auto refused = open(jws(attack.header, kPayload));
    BOOST_TEST(codeOf(refused) == attack.code);
    BOOST_TEST(codeOf(open(flattened(jws(attack.header, kPayload)), JwsForm::Flattened)) == attack.code);
    BOOST_TEST((!refused && !refused.error().signer));
}

struct PayloadAttack {
    const char* name;
    std::string payload;
    const char* code;
};
std::ostream& operator<<(std::ostream& out, const PayloadAttack& attack) {
    return out << attack.name;
}
const std::string kHeaderJson = canonicalHeader(sampleHeader());
const PayloadAttack kPayloadAttacks[] = {
    {"two bodies", R"({"header":)" + kHeaderJson + R"(,"body":1,"body":2})", "duplicate_name"},
    {"two headers", R"({"header":)" + kHeaderJson + R"(,"header":)" + kHeaderJson + R"(,"body":2})", "duplicate_name"},
    {"two headers, one escaped", R"({"header":)" + kHeaderJson + R"(,"\u0068eader":)" + kHeaderJson + "}",
     "duplicate_name"},
    {"names escaped", R"({"\u0068eader":)" + kHeaderJson + R"(,"body":1})", "malformed_payload"},
    {"a duplicate deep in the body", R"({"header":)" + kHeaderJson + R"(,"body":[{"a":{"b":1,"\u0062":2}}]})",
     "duplicate_name"},
    {"a third member", R"({"header":)" + kHeaderJson + R"(,"body":1,"x":1})", "malformed_payload"},
    {"no body", R"({"header":)" + kHeaderJson + "}", "malformed_payload"},
    {"no header", R"({"body":1})", "malformed_payload"},
    {"an array", "[" + kHeaderJson + ",1]", "malformed_payload"},
    {"text behind it", R"({"header":)" + kHeaderJson + R"(,"body":1} x)", "malformed_json"},
    {"not JSON", "hello", "malformed_json"},
    {"empty", "", "malformed_json"},
    {"bad UTF-8", R"({"header":)" + kHeaderJson + ",\"body\":\"\xC3\x28\"}", "wrong_encoding"},
    {"header not an object", R"({"header":"x","body":1})", "malformed_payload"},
    {"a header value that is no text", R"({"header":{"message_id":1},"body":1})", "malformed_payload"},
    {"an unknown header member", R"({"header":{"x":"1",)" + kHeaderJson.substr(1) + R"(,"body":1})",
     "malformed_header"},
    {"a sender that is no system",
     R"({"header":)" + replaced(kHeaderJson, "housing/permits", "housing") + R"(,"body":1})", "malformed_header"},
    {"a time without offset", R"({"header":)" + replaced(kHeaderJson, "+08:00", "") + R"(,"body":1})",
     "malformed_header"},
    {"a receiver with spaces", R"({"header":)" + replaced(kHeaderJson, "center/gateway", "a b") + R"(,"body":1})",
     "malformed_header"},
    {"the sender of another key",
     R"({"header":)" + replaced(kHeaderJson, "housing/permits", "police/residence") + R"(,"body":1})", "unknown_key"},
};
BOOST_DATA_TEST_CASE(refuses_every_other_payload_and_names_its_signer, data::make(kPayloadAttacks), attack) {
    const auto refused = open(jws(protectedOf(housing(), "ES256"), attack.payload));
    BOOST_TEST(codeOf(refused) == attack.code);
    BOOST_TEST((!refused && refused.error().signer == housing().id));
}

BOOST_AUTO_TEST_CASE(refuses_every_other_writing_of_one_envelope) {
    const std::string good = jws(protectedOf(housing(), "ES256"), kPayload);
    BOOST_TEST(codeOf(open(good)) == "taken");
    const std::size_t first = good.find('.');
    const std::size_t second = good.find('.', first + 1);
    const std::string detached = good.substr(0, first + 1) + good.substr(second);
    std::string spare = good;  // 64 bytes leave four spare bits in the last character
    spare.back() = spare.back() == 'A' ? 'B' : static_cast<char>(spare.back() + 1);
    for (const std::string& other :
         {good + "=", good + "==", good + "\n", " " + good, good + ".", good + "." + good.substr(second + 1), detached,
          replaced(good, ".", ".."), good.substr(0, second + 1), good.substr(0, second),
          good.substr(0, good.size() - 2), spare, replaced(good, ".", "=."),
          good.substr(0, 20) + "\n" + good.substr(20), std::string(), std::string("..")}) {
        BOOST_TEST(codeOf(open(other)) != "taken");
        BOOST_TEST(codeOf(open(other, JwsForm::Flattened)) != "taken");
    }
    BOOST_TEST(codeOf(open(good, JwsForm::Flattened)) == "malformed_envelope");
}

/// Nobody signed it yet: of what a stranger writes nothing is kept but the three texts.
BOOST_AUTO_TEST_CASE(reads_no_further_than_the_first_thing_that_does_not_belong_there) {
    for (const std::string_view begins : {R"({"a")", R"({"payload":[)", R"({"payload":{)", R"({"payload":1,)", R"([)",
                                          R"({"payload":"x","payload2")", R"({"signature":null,)", R"("payload")"}) {
        const auto opened = open(std::string(begins) + "\1 no JSON", JwsForm::Flattened);
        BOOST_REQUIRE(!opened);
        BOOST_TEST(opened.error().refusal.rule.starts_with("exactly"), begins);
    }
}

BOOST_AUTO_TEST_CASE(refuses_every_other_flattened_form) {
    const std::string good = jws(protectedOf(housing(), "ES256"), kPayload);
    BOOST_TEST(codeOf(open(flattened(good), JwsForm::Flattened)) == "taken");
    BOOST_TEST(codeOf(open(flattened(good))) == "malformed_envelope");
    for (const std::string_view extra : {R"(,"header":{"alg":"none"})", R"(,"header":{})", R"(,"x":1)",
                                         R"(,"signatures":[])", R"(,"signature":"AAAA")", R"(,"\u0070ayload":"e30")"})
        BOOST_TEST(codeOf(open(flattened(good, extra), JwsForm::Flattened)) == "malformed_envelope");
    const std::string general = R"({"payload":"e30","signatures":[{"protected":"e30","signature":"AAAA"}]})";
    BOOST_TEST(codeOf(open(general, JwsForm::Flattened)) == "malformed_envelope");
    BOOST_TEST(codeOf(open(flattened(good) + flattened(good), JwsForm::Flattened)) == "malformed_envelope");
}

BOOST_AUTO_TEST_CASE(refuses_a_signature_in_another_writing) {
    const std::string good = jws(protectedOf(housing(), "ES256"), kPayload);
    const std::size_t second = good.rfind('.');
    const std::string raw = *fromBase64Url(good.substr(second + 1));
    const std::string der = std::string("\x30\x44\x02\x20") + raw.substr(0, 32) + "\x02\x20" + raw.substr(32);
    for (const std::string& other : {der, raw + std::string(1, '\0'), std::string(1, '\0') + raw, raw.substr(0, 63),
                                     std::string(64, '\0'), std::string(64, '\xFF')})
        BOOST_TEST(codeOf(open(good.substr(0, second + 1) + toBase64Url(bytesOf(other)))) == "bad_signature");
}

BOOST_AUTO_TEST_CASE(tells_a_signature_in_der) {
    const std::string good = jws(protectedOf(housing(), "ES256"), kPayload);
    const std::size_t second = good.rfind('.');
    std::string raw = *fromBase64Url(good.substr(second + 1));
    raw[0] = raw[32] = '\x01';  // numbers of DER bear no sign
    const std::string der = std::string("\x30\x44\x02\x20") + raw.substr(0, 32) + "\x02\x20" + raw.substr(32);
    const auto hint = [&](const std::string& signature) {
        return open(good.substr(0, second + 1) + toBase64Url(bytesOf(signature))).error().refusal.hint;
    };
    BOOST_TEST(hint(der).find("in DER") != std::string::npos, hint(der));
    BOOST_TEST(hint(raw).find("in DER") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(notices_every_changed_character) {
    const std::string good = jws(protectedOf(housing(), "ES256"), kPayload);
    for (std::size_t at = 0; at < good.size(); at += 7) {
        std::string changed = good;
        changed[at] = changed[at] == 'A' ? 'B' : 'A';
        if (changed != good) BOOST_TEST(codeOf(open(changed)) != "taken");
    }
}

BOOST_AUTO_TEST_SUITE_END()
