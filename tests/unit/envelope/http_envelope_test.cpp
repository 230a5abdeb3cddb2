// tests/unit/envelope/http_envelope_test.cpp - the HTTP binding: signed heads, digests of bodies, requests for reading,
// and misuse.
#include "tests/unit/envelope/http_attacks.hpp"

using namespace caseway;
using namespace caseway::test;
namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_SUITE(HttpEnvelope)

BOOST_DATA_TEST_CASE(opens_what_it_signed, data::make({0, 1, 2, 3}), kind) {
    const Party& sender = housing(static_cast<KeyKind>(kind));
    auto head = openHttpHead(signedRequest(sender), everybody());
    BOOST_REQUIRE_MESSAGE(head, whyOf(head));
    BOOST_TEST((head->header == sampleHeader()));
    BOOST_TEST((head->created == kCreated));
    BOOST_TEST((head->body_digest == sha256(kBody)));
    BOOST_TEST(head->media_type == "application/xml");
    BOOST_TEST(head->charset == "GBK");
    const auto content = finishHttp(std::move(*head), sha256(kBody), std::string(kBody), true);
    BOOST_REQUIRE(content);
    BOOST_TEST(content->payload.bytes == kBody);
    BOOST_TEST((content->envelope_digest == sha256(content->stored_envelope)));
    const auto again = recheck(Binding::Http, content->stored_envelope, sender.certificate->der());
    BOOST_REQUIRE_MESSAGE(again.ok(), whyOf(again));
    BOOST_TEST((again->content_digest == content->content_digest));
    BOOST_TEST((again->envelope_digest == content->envelope_digest));
    BOOST_TEST(!recheck(Binding::Http, content->stored_envelope + "x", sender.certificate->der()));
    BOOST_TEST(!recheck(Binding::Http, replaced(content->stored_envelope, "center/gateway", "center/gatewaz"),
                        sender.certificate->der()));
}

BOOST_AUTO_TEST_CASE(keeps_a_spooled_body_outside) {
    auto head = openHttpHead(signedRequest(), everybody());
    const auto content = finishHttp(std::move(*head), sha256(kBody), {}, false);
    BOOST_REQUIRE(content);
    BOOST_TEST(content->stored_envelope.back() == '\n');
    MemorySource body(kBody);
    const auto again = recheck(Binding::Http, content->stored_envelope, housing().certificate->der(), &body);
    BOOST_REQUIRE(again);
    BOOST_TEST((again->envelope_digest == content->envelope_digest));
    MemorySource other("another body");
    BOOST_TEST(!recheck(Binding::Http, content->stored_envelope, housing().certificate->der(), &other));
}

BOOST_AUTO_TEST_CASE(takes_both_algorithms_of_rsa_named_or_not) {
    const Party& sender = housing(KeyKind::Rsa);
    for (const SignatureAlgorithm algorithm : {SignatureAlgorithm::RsaPkcs1Sha256, SignatureAlgorithm::RsaPssSha512}) {
        HttpRequest request = unsignedRequest();
        signHttp(request, sampleHeader(), sha256(kBody), kCreated, sender.key, sender.keyId(), algorithm);
        BOOST_TEST(codeOf(request) == "taken");
    }
    const std::string unnamed =
        fmt::format(";created=1777854605;keyid=\"{}\";tag=\"caseway-message\"", sender.keyId().text());
    BOOST_TEST(codeOf(resigned(signedRequest(sender), kAll, unnamed, sender)) == "taken");
}

BOOST_AUTO_TEST_CASE(covers_the_content_encoding_where_there_is_one) {
    HttpRequest request = unsignedRequest();
    request.fields.push_back({"Content-Encoding", "GZIP"});
    const auto head = openHttpHead(signedRequest(housing(), request), everybody());
    BOOST_REQUIRE_MESSAGE(head, whyOf(head));
    BOOST_TEST(head->content_encoding == "gzip");
}

BOOST_AUTO_TEST_CASE(takes_components_and_fields_in_any_order_and_case) {
    HttpRequest request = signedRequest();
    std::reverse(request.fields.begin(), request.fields.end());
    for (HttpField& field : request.fields) field.name = lowerCase(field.name);
    BOOST_TEST(codeOf(request) == "taken");
    const std::string shuffled = replaced(kAll, "\"@method\" \"@path\"", "\"@path\" \"@method\"");
    BOOST_TEST(codeOf(resigned(signedRequest(), shuffled)) == "taken");
}

BOOST_AUTO_TEST_CASE(refuses_another_body_and_authenticates_nobody_by_it) {
    auto head = openHttpHead(signedRequest(), everybody());
    const auto refused = finishHttp(std::move(*head), sha256("another"), "another", true);
    BOOST_REQUIRE(!refused);
    BOOST_TEST(refused.error().refusal.code == "digest_mismatch");
    BOOST_TEST(!refused.error().signer.has_value());
}

BOOST_AUTO_TEST_CASE(a_covered_field_that_is_no_good_is_evidence_of_its_signer) {
    const std::pair<std::string, std::string> kFields[] = {{"caseway-foo", "1"}, {"caseway-correlation-id", "1"}};
    for (const auto& [name, value] : kFields) {
        HttpRequest request = signedRequest();
        request.fields.push_back({name, value});
        const auto uncovered = openHttpHead(request, everybody());
        BOOST_REQUIRE(!uncovered);
        BOOST_TEST(!uncovered.error().signer.has_value());  // whoever carried it may have put it there
        request = resigned(request, kAll + " \"" + name + "\"");
        const auto refused = openHttpHead(request, everybody());
        BOOST_REQUIRE(!refused);
        BOOST_TEST(refused.error().refusal.code == "malformed_header");
        BOOST_TEST((refused.error().signer == housing().id));
        BOOST_TEST((refused.error().payload_digest == sha256(kBody)));
        const std::string stored = refused.error().stored_envelope + std::string(kBody);
        BOOST_TEST(recheck(Binding::Http, stored, housing().certificate->der()).error().code == "malformed_header");
        HttpRequest renamed = request;  // nobody signs the label
        valueOf(renamed, "Signature-Input").replace(0, 7, "another");
        valueOf(renamed, "Signature").replace(0, 7, "another");
        const auto again = openHttpHead(renamed, everybody());
        BOOST_TEST((again.error().signed_digest == refused.error().signed_digest));
    }
}

BOOST_AUTO_TEST_CASE(a_covered_content_digest_that_is_none_is_evidence_without_a_body) {
    HttpRequest request = signedRequest();
    valueOf(request, "Content-Digest") = "sha-256=:AAAA:";
    const auto refused = openHttpHead(resigned(request, kAll), everybody());
    BOOST_REQUIRE(!refused);
    BOOST_TEST(refused.error().refusal.code == "malformed_envelope");
    BOOST_TEST((refused.error().signer == housing().id));
    BOOST_TEST(!refused.error().payload_digest.has_value());
}

BOOST_DATA_TEST_CASE(refuses_misuse, data::make(kAttacks), attack) {
    BOOST_TEST(codeOf(attack.request()) == attack.code);
}

BOOST_AUTO_TEST_CASE(opens_signed_requests_for_reading) {
    for (const std::string target : {"/v1/cases?status=open&page=%20", "/v1/changes"}) {
        HttpRequest request{"GET", target, {{"Host", "gw"}}};
        signHttpRead(request, kCreated, housing().key, housing().keyId());
        const auto reader = openHttpRead(request, everybody());
        BOOST_REQUIRE_MESSAGE(reader, whyOf(reader));
        BOOST_TEST((reader->system == housing().id));
        BOOST_TEST((reader->created == kCreated));
        HttpRequest other = request;
        other.target += other.target.find('?') == std::string::npos ? "?all=1" : "&all=1";
        BOOST_TEST(whyOf(openHttpRead(other, everybody())).starts_with("bad_signature"));
        other = request;
        other.method = "DELETE";
        BOOST_TEST(whyOf(openHttpRead(other, everybody())).starts_with("bad_signature"));
        BOOST_TEST(whyOf(openHttpHead(request, everybody())).starts_with("malformed_envelope"));
    }
    BOOST_TEST(whyOf(openHttpRead(signedRequest(), everybody())).starts_with("malformed_envelope"));
}

/// A request for reading that covers "@authority": what its signer took for it, and the Host that came.
struct Authority {
    const char* host;
    const char* is_signed;
    const char* opens;
};
const Authority kAuthorities[] = {
    {"gw.example", "gw.example", ""},
    {"GW.Example", "gw.example", ""},
    {"gw.example:8443", "gw.example:8443", ""},
    {"gw.example:443", "gw.example", ""},  // RFC 9421 §2.2.3: the default port of https is left out
    {"[::1]:443", "[::1]", ""},
    {"gw.example:443", "gw.example:443", "bad_signature"},
    {"gw.example:8443", "gw.example", "bad_signature"},
    {"gw.example:1443", "gw.example:1", "bad_signature"},
    {"other.example", "gw.example", "bad_signature"},
};
std::ostream& operator<<(std::ostream& out, const Authority& one) {
    return out << one.host << " signed as " << one.is_signed;
}

BOOST_DATA_TEST_CASE(normalizes_the_authority_of_a_reading, data::make(kAuthorities), one) {
    const std::string input =
        fmt::format(R"(s=("@method" "@path" "@authority");created=1777854600;keyid="{}";tag="caseway-read")",
                    housing().keyId().text());
    const std::string base =
        fmt::format("\"@method\": GET\n\"@path\": /v1/cases\n\"@authority\": {}\n\"@signature-params\": {}",
                    one.is_signed, input.substr(2));
    const std::string signature = housing().key.sign(SignatureAlgorithm::EcdsaP256Sha256, bytesOf(base));
    const HttpRequest request{"GET",
                              "/v1/cases",
                              {{"Host", one.host},
                               {"Signature-Input", input},
                               {"Signature", fmt::format("s=:{}:", toBase64(bytesOf(signature)))}}};
    const auto reader = openHttpRead(request, everybody());
    BOOST_TEST((reader ? std::string() : reader.error().refusal.code) == one.opens);
}

BOOST_AUTO_TEST_CASE(reads_media_types_strictly) {
    BOOST_TEST(parseMediaType("Application/XML")->type == "application/xml");
    BOOST_TEST(parseMediaType("text/xml ; charset=\"gb2312\"")->charset == "gb2312");
    for (const std::string_view bad :
         {"", "xml", "a/b/c", "a/b;", "a/b; charset", "a/b; charset=a; charset=b", "a b/c", "a/b; charset=\"a b\""})
        BOOST_TEST(!parseMediaType(bad), bad);
}

BOOST_AUTO_TEST_SUITE_END()
