// tests/unit/envelope/answer_signature_test.cpp - signed HTTP answers: what counts as one, what is kept of it, what is
// refused.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "gateway/formats/envelope/recheck.hpp"
#include "gateway/formats/envelope/stored_pull.hpp"
#include "tests/support/answer_signing.hpp"

using namespace caseway;
using namespace caseway::test;
namespace data = boost::unit_test::data;

namespace {

constexpr std::string_view kBody = R"([{"id":"a"}])";

std::string verdictOf(const AnswerHead& whole, std::string_view body = kBody) {
    const auto head = signedHeadOf(whole);
    return head ? whyOf(opened(*head, body, everybody())) : "unsigned";
}

std::string& fieldOf(AnswerHead& head, std::string_view name) {
    for (HttpField& field : head.fields)
        if (field.name == name) return field.value;
    throw std::logic_error("no such field");
}

const Bent kBent[] = {
    {"nothing", [](AnswerHead&) {}, "taken"},
    {"another status", [](AnswerHead& head) { head.status = 203; }, "bad_signature Signature"},
    {"another method", [](AnswerHead& head) { head.method = "POST"; }, "bad_signature Signature"},
    {"another host", [](AnswerHead& head) { head.authority = "other.example"; }, "bad_signature Signature"},
    {"another query", [](AnswerHead& head) { head.query = "?page=2"; }, "bad_signature Signature"},
    {"another media type", [](AnswerHead& head) { fieldOf(head, "content-type") = "text/plain"; },
     "bad_signature Signature"},
    {"a field that is not covered", [](AnswerHead& head) { fieldOf(head, "server") = "t"; }, "taken"},
    {"another digest", [](AnswerHead& head) { fieldOf(head, "content-digest") = digestField("other"); },
     "bad_signature Signature"},
    {"a digest twice",
     [](AnswerHead& head) {
         head.fields.push_back({"content-digest", fieldOf(head, "content-digest")});
     },
     "bad_signature Signature"},
    {"parameters in another order",
     [](AnswerHead& head) {
         auto& text = fieldOf(head, "signature-input");
         text = replaced(text, R"(;nonce="n";tag="of-the-department")", R"(;tag="of-the-department";nonce="n")");
     },
     "bad_signature Signature"},
    {"blanks that say nothing",
     [](AnswerHead& head) {
         auto& text = fieldOf(head, "signature-input");
         text = replaced(text, R"("@status" )", R"( "@status"   )");
     },
     "taken"},
    {"an algorithm of another key", [](AnswerHead& head) { fieldOf(head, "signature-input") += ";alg=\"ed25519\""; },
     "bad_signature Signature"},
    {"no signature",
     [](AnswerHead& head) { std::erase_if(head.fields, [](auto& one) { return one.name == "signature"; }); },
     "malformed_envelope Signature:"},
    {"another label", [](AnswerHead& head) { fieldOf(head, "signature").replace(0, 4, "sig2"); },
     "malformed_envelope Signature:"},
    {"no Signature-Input, as other schemes have it",
     [](AnswerHead& head) { std::erase_if(head.fields, [](auto& one) { return one.name == "signature-input"; }); },
     "unsigned"},
    {"a Signature-Input that nobody reads", [](AnswerHead& head) { fieldOf(head, "signature-input") = "sig1=("; },
     "malformed_envelope Signature-Input"},
    {"a label twice",
     [](AnswerHead& head) {
         head.fields.push_back({"signature-input", fieldOf(head, "signature-input")});
     },
     "malformed_envelope Signature-Input"},
    {"compressed",
     [](AnswerHead& head) {
         head.fields.push_back({"content-encoding", "gzip"});
     },
     "malformed_envelope Content-Encoding"},
    {"a query with a secret, which was left out", [](AnswerHead& head) { head.query.reset(); },
     "malformed_envelope Signature-Input"},
};

struct Covered {
    const char* name;
    AnswerForm form;
    const char* verdict;
};
std::ostream& operator<<(std::ostream& out, const Covered& covered) {
    return out << covered.name;
}
const std::string kTime = ";created=1777854605";
const Covered kCovered[] = {
    {"the digest alone", {R"("content-digest")", "\"content-digest\": D\n\"@signature-params\": P", kTime}, "taken"},
    {"without any parameter", {R"("content-digest")", "\"content-digest\": D\n\"@signature-params\": P", ""}, "taken"},
    {"all of the request",
     {R"("@authority";req "@scheme";req "@path";req "@query";req "@request-target";req "content-digest")",
      "\"@authority\";req: permits.example\n\"@scheme\";req: https\n\"@path\";req: /cases\n\"@query\";req: ?page=1\n"
      "\"@request-target\";req: /cases?page=1\n\"content-digest\": D\n\"@signature-params\": P",
      kTime},
     "taken"},
    {"no digest: it says nothing of the content",
     {R"("@status")", "\"@status\": 200\n\"@signature-params\": P", kTime},
     "unsigned"},
    {"the digest of the request",
     {R"("content-digest";req)", "\"content-digest\";req: D\n\"@signature-params\": P", kTime},
     "unsigned"},
    {"what only a request has",
     {R"("@authority" "content-digest")",
      "\"@authority\": permits.example\n\"content-digest\": D\n\"@signature-params\": P", kTime},
     "malformed_envelope Signature-Input"},
    {"a field that is not there", {R"("date" "content-digest")", "", kTime}, "malformed_envelope Signature-Input"},
    {"a component with a parameter that nobody knows",
     {R"("content-digest";sf)", "", kTime},
     "malformed_envelope Signature-Input"},
    {"a component twice", {R"("content-digest" "content-digest")", "", kTime}, "malformed_envelope Signature-Input"},
};

struct Stated {
    const char* name;
    std::string field;
    const char* verdict;
};
std::ostream& operator<<(std::ostream& out, const Stated& stated) {
    return out << stated.name;
}
/// Of kBody: printf '[{"id":"a"}]' | openssl dgst -sha512 -binary | base64 -w 0
const std::string kWide =
    "sha-512=:7dH278DiKj+DYB5jJ783/p+uqB8Y/NvPAqJ20CfLm4bkPJEhhO6KWOoqtKo3PbAXClBRdETM6o5n0N60sC9tTA==:";
const Stated kDigests[] = {
    {"SHA-512 alone", kWide, "taken"},
    {"both", kWide + ", " + digestField(kBody), "taken"},
    {"one that is not known here beside one that is", "md5=:AAAA:, " + kWide, "taken"},
    {"none that is known here", "md5=:AAAA:", "malformed_envelope Content-Digest"},
    {"a wrong SHA-512 before a good SHA-256", "sha-512=:AAAA:, " + digestField(kBody),
     "digest_mismatch Content-Digest"},
    {"a wrong SHA-256 before a good SHA-512", digestField("other") + ", " + kWide, "digest_mismatch Content-Digest"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(AnswerSignature)

BOOST_DATA_TEST_CASE(what_is_covered_stays_as_it_was_signed, data::make(kBent), bent) {
    AnswerHead head = signedAnswer(kBody);
    bent.bend(head);
    const std::string verdict = verdictOf(head);
    BOOST_TEST(verdict.starts_with(bent.verdict), verdict);
}

BOOST_DATA_TEST_CASE(it_counts_where_it_covers_the_content, data::make(kCovered), covered) {
    const std::string verdict = verdictOf(signedAnswer(kBody, housing(), covered.form));
    BOOST_TEST(verdict.starts_with(covered.verdict), verdict);
}

BOOST_DATA_TEST_CASE(each_kind_of_key_signs, data::make({0, 1, 2, 3}), kind) {
    BOOST_TEST(verdictOf(signedAnswer(kBody, housing(static_cast<KeyKind>(kind)))) == "taken");
}

BOOST_AUTO_TEST_CASE(other_content_is_told_by_its_digest) {
    BOOST_TEST(verdictOf(signedAnswer(kBody), "other").starts_with("digest_mismatch Content-Digest"));
}

BOOST_DATA_TEST_CASE(each_digest_that_is_known_must_hold, data::make(kDigests), stated) {
    AnswerForm form;
    form.components = R"("content-digest")";
    form.base = "\"content-digest\": " + stated.field + "\n\"@signature-params\": P";
    AnswerHead signed_one = signedAnswer(kBody, housing(), form);
    fieldOf(signed_one, "content-digest") = stated.field;
    const std::string verdict = verdictOf(signed_one);
    BOOST_TEST(verdict.starts_with(stated.verdict), verdict);
}

BOOST_AUTO_TEST_CASE(one_good_signature_of_several_is_enough) {
    AnswerHead head = signedAnswer(kBody);
    const AnswerHead proxies = signedAnswer(kBody, makeParty("proxy/x", KeyKind::EcP256), {.label = "edge"});
    head.fields.insert(head.fields.begin(), proxies.fields.end() - 2, proxies.fields.end());
    BOOST_TEST(verdictOf(head) == "taken");
    BOOST_TEST(verdictOf(proxies).starts_with("bad_signature"));
}

BOOST_AUTO_TEST_CASE(a_key_id_that_names_a_certificate_chooses_it) {
    AnswerForm form;
    form.parameters = ";keyid=\"" + police().keyId().text() + "\"";
    BOOST_TEST(verdictOf(signedAnswer(kBody, police(), form)) == "taken");
    BOOST_TEST(verdictOf(signedAnswer(kBody, housing(), form)).starts_with("bad_signature"));
    form.parameters = ";keyid=\"" + std::string(64, 'a') + "\"";
    BOOST_TEST(verdictOf(signedAnswer(kBody, housing(), form)).starts_with("unknown_key"));
}

BOOST_AUTO_TEST_CASE(no_field_is_kept_but_what_is_covered) {
    const auto head = signedHeadOf(signedAnswer(kBody));
    BOOST_REQUIRE(head.has_value());
    for (const HttpField& field : head->fields) BOOST_TEST(field.name != "server");
    AnswerForm form;
    form.components = R"("content-digest")";
    BOOST_TEST(!signedHeadOf(signedAnswer(kBody, housing(), form))->query.has_value());
}

BOOST_AUTO_TEST_CASE(what_is_stored_verifies_again_and_no_change_of_it_does) {
    PulledHead head{sampleHeader(), "housing/permits/outbox", 1, 1, 1, "/cases", "application/json"};
    head.signature = SignatureForm::HttpAnswer;
    head.answer = signedHeadOf(signedAnswer(kBody));
    const std::string stored = storedPull(head) + std::string(kBody);
    const std::string der = housing().certificate->der();
    const auto again = recheckPulled(stored, nullptr, der);
    BOOST_REQUIRE_MESSAGE(again.ok(), whyOf(again));
    BOOST_TEST(again->payload.bytes == kBody);
    BOOST_TEST((again->payload_digest == sha256(kBody)));
    const std::string line = storedPull(head);
    MemorySource body(kBody), other("other");
    BOOST_TEST(recheckPulled(line, &body, der).ok());
    BOOST_TEST(!recheckPulled(line, &other, der).ok());
    BOOST_TEST(!recheckPulled(stored + "x", nullptr, der).ok());
    BOOST_TEST(!recheckPulled(replaced(stored, "\"status\":200", "\"status\":201"), nullptr, der).ok());
    BOOST_TEST(!recheckPulled(replaced(stored, "?page=1", "?page=2"), nullptr, der).ok());
    BOOST_TEST(!recheckPulled(stored, nullptr, police().certificate->der()).ok());
    head.answer.reset();
    BOOST_TEST(!recheckPulled(storedPull(head) + std::string(kBody), nullptr, der).ok());
}

BOOST_AUTO_TEST_SUITE_END()
