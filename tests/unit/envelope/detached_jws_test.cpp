// tests/unit/envelope/detached_jws_test.cpp - answers with a detached JWS in a field: both forms of RFC 7515 and 7797,
// what its header may say, what is kept, and the log's second look.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "gateway/formats/envelope/recheck.hpp"
#include "gateway/formats/envelope/stored_pull.hpp"
#include "tests/support/answer_signing.hpp"

using namespace caseway;
using namespace caseway::test;
namespace data = boost::unit_test::data;

namespace {

constexpr std::string_view kBody = R"([{"id":"a","name":"张三"}])";
const std::string kPlain = R"({"alg":"ES256"})";
const std::string kAsItIs = R"({"alg":"ES256","b64":false,"crit":["b64"]})";

std::string verdictOf(const AnswerHead& whole, std::string_view body = kBody) {
    const auto head = signedHeadOf(whole);
    return head ? whyOf(opened(*head, body, everybody())) : "unsigned";
}

struct Header {
    const char* name;
    std::string json;
    bool as_it_is;
    const char* verdict;
};
std::ostream& operator<<(std::ostream& out, const Header& header) {
    return out << header.name;
}
const Header kHeaders[] = {
    {"alg alone", kPlain, false, "taken"},
    {"content as it is", kAsItIs, true, "taken"},
    {"b64 false, and encoded all the same", kAsItIs, false, "bad_signature"},
    {"no b64, and not encoded", kPlain, true, "bad_signature"},
    {"b64 true", R"({"alg":"ES256","b64":true,"crit":["b64"]})", false, "taken"},
    {"b64 that is not critical", R"({"alg":"ES256","b64":false})", true, "malformed_envelope"},
    {"b64 that is a text", R"({"alg":"ES256","b64":"false","crit":["b64"]})", true, "malformed_envelope"},
    {"b64 critical and not there", R"({"alg":"ES256","crit":["b64"]})", false, "malformed_envelope"},
    {"nothing critical", R"({"alg":"ES256","crit":[]})", false, "malformed_envelope"},
    {"an extension that must be understood", R"({"alg":"ES256","sigD":{},"crit":["sigD"]})", false,
     "malformed_envelope"},
    {"an extension beside b64", R"({"alg":"ES256","b64":false,"exp":1,"crit":["b64","exp"]})", true,
     "malformed_envelope"},
    {"an extension that need not be", R"({"alg":"ES256","sigT":"2026-05-04T00:00:00Z","x5c":["AAAA"]})", false,
     "taken"},
    {"no algorithm", R"({"kid":"a"})", false, "malformed_envelope"},
    {"signed by nobody", R"({"alg":"none"})", false, "malformed_envelope"},
    {"a key that both know", R"({"alg":"HS256"})", false, "malformed_envelope"},
    {"the algorithm of another key", R"({"alg":"EdDSA"})", false, "bad_signature"},
    {"an algorithm twice", R"({"alg":"ES256","alg":"ES256"})", false, "malformed_envelope"},
    {"no object", R"(["ES256"])", false, "malformed_envelope"},
    {"a name of the department's for its key", R"({"alg":"ES256","kid":"key-1"})", false, "taken"},
    {"the key id of another certificate", "kid", false, "bad_signature"},
    {"the thumbprint of another certificate", "x5t#S256", false, "bad_signature"},
    {"the key id of no certificate", R"({"alg":"ES256","kid":")" + std::string(64, 'a') + "\"}", false, "unknown_key"},
    {"when it was made, with a fraction", R"({"alg":"ES256","iat":1.5})", false, "malformed_envelope"},
};

/// The same with a certificate that is another one's in the place of a bare name.
std::string filled(const Header& header) {
    const std::string name = header.json;
    if (name != "kid" && name != "x5t#S256") return name;
    const Sha256 digest = sha256(police().certificate->der());
    const std::string value = name == "kid" ? toHex(digest) : toBase64Url(digest);
    return R"({"alg":"ES256",")" + name + "\":\"" + value + "\"}";
}

std::string& jwsOf(AnswerHead& head) {
    return head.fields.back().value;
}
const Bent kBent[] = {
    {"another name for the field", [](AnswerHead& head) { head.fields.back().name = "jws-signature"; }, "taken"},
    {"a field of no such name", [](AnswerHead& head) { head.fields.back().name = "x-signature"; }, "unsigned"},
    {"twice", [](AnswerHead& head) { head.fields.push_back(head.fields.back()); }, "malformed_envelope"},
    {"empty", [](AnswerHead& head) { jwsOf(head).clear(); }, "malformed_envelope"},
    {"its content inside", [](AnswerHead& head) { jwsOf(head) = replaced(jwsOf(head), "..", ".e30."); },
     "malformed_envelope"},
    {"a part more", [](AnswerHead& head) { jwsOf(head) += ".e30"; }, "malformed_envelope"},
    {"no signature", [](AnswerHead& head) { jwsOf(head).resize(jwsOf(head).find("..") + 2); }, "malformed_envelope"},
    {"compressed",
     [](AnswerHead& head) {
         head.fields.push_back({"content-encoding", "gzip"});
     },
     "malformed_envelope"},
    {"an RFC 9421 signature that says nothing of the content",
     [](AnswerHead& head) {
         head.fields.push_back({"signature-input", R"(a=("@status"))"});
         std::rotate(head.fields.begin(), head.fields.end() - 1, head.fields.end());
     },
     "taken"},
    {"an RFC 9421 signature over the content, which goes first",
     [](AnswerHead& head) {
         head.fields.push_back({"signature-input", R"(a=("content-digest"))"});
     },
     "malformed_envelope"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(DetachedJws)

BOOST_DATA_TEST_CASE(its_header_says_what_was_signed, data::make(kHeaders), header) {
    const std::string verdict = verdictOf(jwsAnswer(kBody, filled(header), header.as_it_is));
    BOOST_TEST(verdict.starts_with(header.verdict), verdict);
}

BOOST_DATA_TEST_CASE(its_field_is_read_strictly, data::make(kBent), bent) {
    AnswerHead head = jwsAnswer(kBody, kPlain);
    bent.bend(head);
    const std::string verdict = verdictOf(head);
    BOOST_TEST(verdict.starts_with(bent.verdict), verdict);
}

BOOST_AUTO_TEST_CASE(each_kind_of_key_signs_but_sm2) {
    BOOST_TEST(verdictOf(jwsAnswer(kBody, R"({"alg":"RS256"})", false, housing(KeyKind::Rsa))) == "taken");
    BOOST_TEST(verdictOf(jwsAnswer(kBody, R"({"alg":"EdDSA"})", false, housing(KeyKind::Ed25519))) == "taken");
}

BOOST_AUTO_TEST_CASE(it_covers_the_content_and_no_field) {
    BOOST_TEST(verdictOf(jwsAnswer(kBody, kPlain), "other").starts_with("bad_signature"));
    AnswerHead head = jwsAnswer(kBody, kPlain);
    const auto kept = signedHeadOf(head);
    BOOST_REQUIRE(kept.has_value());
    BOOST_TEST(kept->fields.size() == 1);
    BOOST_TEST(!kept->query.has_value());
}

BOOST_AUTO_TEST_CASE(it_says_when_it_was_made_and_how_long_it_holds) {
    const auto head = signedHeadOf(jwsAnswer(kBody, R"({"alg":"ES256","iat":1777854605,"exp":1777854700})"));
    const auto answer = opened(head.value(), kBody, everybody());
    BOOST_REQUIRE(answer.ok());
    BOOST_TEST((answer->created == Instant{std::chrono::seconds(1777854605)}));
    BOOST_TEST((answer->expires == Instant{std::chrono::seconds(1777854700)}));
}

BOOST_AUTO_TEST_CASE(what_is_stored_verifies_again_and_no_change_of_it_does) {
    PulledHead head{sampleHeader(), "housing/permits/outbox", 1, 1, 1, "/cases", "application/json"};
    head.signature = SignatureForm::HttpAnswer;
    head.answer = signedHeadOf(jwsAnswer(kBody, kAsItIs, true));
    const std::string line = storedPull(head), stored = line + std::string(kBody);
    const std::string der = housing().certificate->der();
    MemorySource body(kBody), other("other");
    BOOST_TEST(whyOf(recheckPulled(stored, nullptr, der)) == "taken");
    BOOST_TEST(recheckPulled(line, &body, der).ok());
    BOOST_TEST(!recheckPulled(line, &other, der).ok());
    BOOST_TEST(!recheckPulled(stored + "x", nullptr, der).ok());
    BOOST_TEST(!recheckPulled(stored, nullptr, police().certificate->der()).ok());
    head.answer->fields.clear();
    BOOST_TEST(!recheckPulled(storedPull(head) + std::string(kBody), nullptr, der).ok());
}

BOOST_AUTO_TEST_SUITE_END()
