// tests/unit/verify/verifier_test.cpp - who may send what, and when: the rules besides the signature, in all three
// bindings.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <map>

#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/envelope/xml_envelope.hpp"
#include "gateway/verify/verifier.hpp"
#include "tests/support/forgeable_keys.hpp"
#include "tests/support/register_fixture.hpp"

using namespace caseway;
using namespace caseway::test;
namespace data = boost::unit_test::data;

namespace {

struct Sent {
    HttpRequest request;
    std::string body;
};

Sent sent(Binding binding, const MessageHeader& header, const Party& party = housing()) {
    Sent message{{"POST", "/v1/messages", {{"Host", "gw"}}}, "{\"a\":1}"};
    if (binding == Binding::Xml) {
        message.body = *signXml({header, "<Package/>", false, {}, {}, "UTF-8"}, party.key, party.keyId());
        message.request.fields.push_back({"Content-Type", "application/xml"});
    } else if (binding == Binding::Json) {
        message.body = *signJson(header, "{\"a\":1}", party.key, party.keyId());
        message.request.fields.push_back({"Content-Type", "application/jose"});
    } else {
        message.request.fields.push_back({"Content-Type", "application/json"});
        signHttp(message.request, header, sha256(message.body), header.sent_at, party.key, party.keyId(),
                 usualAlgorithm(party.key.kind()));
    }
    return message;
}

MessageHeader headerAt(std::string_view sent_at) {
    MessageHeader header = sampleHeader();
    header.sent_at_text = sent_at;
    header.sent_at = parseRfc3339(sent_at).value();
    return header;
}

struct World {
    FixedRegister known;
    FixedClock clock;
    Verifier verifier{known, clock, "center/gateway", Limits{}};
    World() {
        known.ring->add(housing(), {"housing.permit"});
        known.ring->add(police(), {"police.a", "police.b"});
    }
    Result<VerifiedMessage, RejectedMessage> verify(const Sent& message) {
        return verifier.verify(message.request, message.body);
    }
};

constexpr Binding kBindings[] = {Binding::Xml, Binding::Json, Binding::Http};

void checkRejected(const Result<VerifiedMessage, RejectedMessage>& result, std::string_view code, int status,
                   bool authenticated) {
    BOOST_REQUIRE(!result);
    BOOST_TEST(result.error().refusal.code == code, whyOf(result));
    BOOST_TEST(result.error().http_status == status);
    BOOST_TEST(result.error().authenticated() == authenticated);
    BOOST_TEST(!result.error().refusal.hint.empty());
    if (authenticated && result.error().content) BOOST_TEST((result.error().header == result.error().content->header));
}

}  // namespace

namespace caseway {
std::ostream& operator<<(std::ostream& out, Binding binding) {
    return out << nameOf(binding);
}
}  // namespace caseway

BOOST_AUTO_TEST_SUITE(Verifying)

BOOST_DATA_TEST_CASE(takes_a_good_message, data::make(kBindings), binding) {
    World world;
    const auto verified = world.verify(sent(binding, sampleHeader()));
    BOOST_REQUIRE_MESSAGE(verified.ok(), whyOf(verified));
    BOOST_TEST((verified->content.header == sampleHeader()));
    BOOST_TEST((verified->content.binding == binding));
    BOOST_TEST(verified->mapping == "housing.permit");
    BOOST_TEST((verified->system->id == housing().id));
}

BOOST_DATA_TEST_CASE(holds_the_time_window, data::make(kBindings), binding) {
    World world;
    const struct {
        const char* sent_at;
        const char* code;
    } kTimes[] = {{"2026-05-04T00:36:00Z", "taken"},      {"2026-05-04T00:36:01Z", "sent_at_ahead"},
                  {"2026-05-04T08:36:00+08:00", "taken"}, {"2026-05-04T01:31:00Z", "sent_at_ahead"},
                  {"2026-04-27T00:31:00Z", "taken"},      {"2026-04-27T00:30:59Z", "sent_at_too_old"}};
    for (const auto& time : kTimes) {
        const auto result = world.verify(sent(binding, headerAt(time.sent_at)));
        if (std::string_view(time.code) == "taken")
            BOOST_TEST(result.ok(), whyOf(result));
        else
            checkRejected(result, time.code, 401, true);
    }
}

BOOST_AUTO_TEST_CASE(tells_local_time_that_was_written_as_utc) {
    World world;
    const auto hint = [&](const char* sent_at) {
        const auto result = world.verify(sent(kBindings[0], headerAt(sent_at)));
        BOOST_REQUIRE(!result.ok());
        return result.error().refusal.hint;
    };
    BOOST_TEST(hint("2026-05-04T08:31:00Z").find("It is 8 hours ahead") == 0U);
    BOOST_TEST(hint("2026-05-04T08:30:10Z").find("It is 8 hours ahead") == 0U);
    BOOST_TEST(hint("2026-05-04T06:01:00Z").find("It is 5.5 hours ahead") == 0U);
    BOOST_TEST(hint("2026-05-04T08:44:00Z") == "Set the sender's clock (NTP)");
    BOOST_TEST(hint("2026-05-04T01:00:00Z") == "Set the sender's clock (NTP)");
    BOOST_TEST(hint("2026-05-05T00:31:00Z") == "Set the sender's clock (NTP)");
}

BOOST_AUTO_TEST_CASE(holds_the_time_of_the_signature_too) {
    World world;
    Sent message{{"POST", "/v1/messages", {{"Content-Type", "text/plain"}}}, "x"};
    signHttp(message.request, sampleHeader(), sha256("x"), instantOf("2026-05-04T00:36:01Z"), housing().key,
             housing().keyId(), SignatureAlgorithm::EcdsaP256Sha256);
    checkRejected(world.verify(message), "sent_at_ahead", 401, true);
}

BOOST_AUTO_TEST_CASE(hands_on_the_certificate_of_what_it_refuses) {
    World world;
    MessageHeader header = sampleHeader();
    header.sender = *SystemId::parse("housing/unknown");
    const auto result = world.verify(sent(Binding::Json, header));
    BOOST_REQUIRE((!result.ok() && result.error().key));
    BOOST_TEST(result.error().certificate_der == world.known.ring->certificates.at(housing().keyId()).der);
}

BOOST_DATA_TEST_CASE(refuses_another_receiver, data::make(kBindings), binding) {
    World world;
    MessageHeader header = sampleHeader();
    header.receiver = "other/gateway";
    checkRejected(world.verify(sent(binding, header)), "wrong_receiver", 403, true);
    header.receiver = "center/350203199003070049";
    const auto result = world.verify(sent(binding, header));
    checkRejected(result, "wrong_receiver", 403, true);
    BOOST_TEST(result.error().refusal.value == "center/3***9 (18)");
}

BOOST_DATA_TEST_CASE(refuses_unknown_senders_and_keys_of_others, data::make(kBindings), binding) {
    World world;
    MessageHeader header = sampleHeader();
    header.sender = *SystemId::parse("housing/unknown");
    const auto result = world.verify(sent(binding, header));
    checkRejected(result, "unknown_sender", 401, true);
    BOOST_TEST((result.error().signer == housing().id));
    const auto of_others = world.verify(sent(binding, sampleHeader(), police()));
    checkRejected(of_others, "unknown_key", 401, true);
    BOOST_TEST((of_others.error().signer == police().id));  // evidence of who signed, not of whom it names
    const Party stranger = makeParty("housing/permits", KeyKind::EcP256);
    checkRejected(world.verify(sent(binding, sampleHeader(), stranger)), "unknown_key", 401, false);
}

BOOST_DATA_TEST_CASE(refuses_certificates_that_are_not_good_now, data::make(kBindings), binding) {
    World world;
    const Party expired = makeParty("housing/permits", KeyKind::EcP256, "2020-01-01T00:00:00Z", "2026-05-04T00:30:59Z");
    const Party early = makeParty("housing/permits", KeyKind::EcP256, "2026-05-04T00:31:01Z");
    world.known.ring->add(expired, {"housing.permit"});
    world.known.ring->add(early, {"housing.permit"});
    checkRejected(world.verify(sent(binding, sampleHeader(), expired)), "certificate_expired", 401, false);
    checkRejected(world.verify(sent(binding, sampleHeader(), early)), "certificate_not_yet_valid", 401, false);
    BOOST_TEST(world.verify(sent(binding, sampleHeader())).ok());
}

BOOST_AUTO_TEST_CASE(allows_only_mappings_that_the_register_grants) {
    World world;
    MessageHeader header = sampleHeader();
    header.mapping = "police.a";
    checkRejected(world.verify(sent(Binding::Json, header)), "mapping_not_allowed", 403, true);
    header.mapping.clear();
    const auto only = world.verify(sent(Binding::Json, header));
    BOOST_REQUIRE(only);
    BOOST_TEST(only->mapping == "housing.permit");
    header.sender = police().id;
    checkRejected(world.verify(sent(Binding::Json, header, police())), "mapping_required", 400, true);
    world.known.ring->systems[police().id].mappings.clear();
    for (const char* named : {"", "police.a"}) {  // that none is granted is what is to be mended, whatever was named
        header.mapping = named;
        const auto none = world.verify(sent(Binding::Json, header, police()));
        checkRejected(none, "mapping_not_allowed", 403, true);
        BOOST_TEST(none.error().refusal.hint ==
                   "Ask the center to grant one: caseway system grant " + police().id.text() + " --mapping NAME");
    }
}

BOOST_AUTO_TEST_CASE(chooses_the_binding_by_signature_field_then_content_type) {
    const auto formOf = [](std::vector<HttpField> fields) {
        return Verifier::formOf({"POST", "/v1/messages", std::move(fields)});
    };
    BOOST_TEST((formOf({{"content-type", "text/xml;charset=gbk"}})->binding == Binding::Xml));
    BOOST_TEST((formOf({{"Content-Type", "Application/JOSE"}})->jws == JwsForm::Compact));
    BOOST_TEST((formOf({{"Content-Type", "application/jose+json"}})->jws == JwsForm::Flattened));
    BOOST_TEST((formOf({{"Content-Type", "application/xml"}, {"signature", "x"}})->binding == Binding::Http));
    BOOST_TEST((formOf({{"Content-Type", "application/jose"}, {"signature-input", "x"}})->binding == Binding::Json));
    BOOST_TEST(formOf({{"Content-Type", "text/plain"}}).error().http_status == 415);
    BOOST_TEST(formOf({}).error().http_status == 415);
    BOOST_TEST(formOf({{"Content-Type", "text/xml"}, {"Content-Type", "application/jose"}}).error().http_status == 415);
}

/// What is wrong with a header that is signed well. An empty value is left out.
struct BadHeader {
    const char* name;
    void (*change)(MessageHeader&);
};
std::ostream& operator<<(std::ostream& out, const BadHeader& bad) {
    return out << bad.name;
}
const BadHeader kBadHeaders[] = {
    {"no sender", [](MessageHeader& header) { header.sender = SystemId(); }},
    {"no receiver", [](MessageHeader& header) { header.receiver.clear(); }},
    {"no sent at", [](MessageHeader& header) { header.sent_at_text.clear(); }},
    {"sent at another form of time", [](MessageHeader& header) { header.sent_at_text = "yesterday"; }},
    {"a field that is too long", [](MessageHeader& header) { header.mapping = std::string(201, 'm'); }},
};

BOOST_DATA_TEST_CASE(a_bad_header_that_was_signed_well_is_evidence_of_its_signer,
                     data::make(kBindings) * data::make(kBadHeaders), binding, bad) {
    World world;
    MessageHeader header = sampleHeader();
    bad.change(header);
    const Sent message = sent(binding, header);
    const auto result = world.verify(message);
    checkRejected(result, "malformed_header", 400, true);
    BOOST_TEST((result.error().signer == housing().id));
    BOOST_TEST((result.error().key == housing().keyId()));
    BOOST_TEST(result.error().signed_digest.has_value());
    BOOST_TEST(result.error().payload_digest.has_value());
    BOOST_TEST(result.error().stored_envelope.ends_with("\n" + message.body) == (binding == Binding::Http));
    Sent forged = message;
    if (binding == Binding::Http)
        forged.body += ' ';
    else
        forged.body = binding == Binding::Xml ? replaced(message.body, "Package", "Forgery") : message.body + "AAAA";
    const auto nobody = world.verify(forged);
    BOOST_REQUIRE(!nobody);
    BOOST_TEST(!nobody.error().authenticated());
    BOOST_TEST(nobody.error().stored_envelope.empty());
}

BOOST_AUTO_TEST_CASE(answers_malformed_large_and_forged_with_their_status) {
    World world;
    Sent message = sent(Binding::Xml, sampleHeader());
    message.body = "<a>";
    checkRejected(world.verify(message), "malformed_xml", 400, false);
    message.body = std::string(10 * 1024 * 1024 + 1, ' ');
    checkRejected(world.verify(message), "too_large", 413, false);
    message = sent(Binding::Http, sampleHeader());
    message.body += ' ';
    checkRejected(world.verify(message), "digest_mismatch", 401, false);
    message = sent(Binding::Xml, sampleHeader());
    message.body = replaced(message.body, "Package", "Forgery");
    checkRejected(world.verify(message), "bad_signature", 401, false);
}

BOOST_AUTO_TEST_CASE(verifies_a_head_before_its_body) {
    World world;
    const Sent message = sent(Binding::Http, sampleHeader());
    auto head = world.verifier.verifyHead(message.request);
    BOOST_REQUIRE_MESSAGE(head.ok(), whyOf(head));
    const auto verified = world.verifier.finish(std::move(*head), sha256(message.body), {}, false);
    BOOST_REQUIRE(verified.ok());
    BOOST_TEST(verified->mapping == "housing.permit");
    MessageHeader header = sampleHeader();
    header.receiver = "other/gateway";
    const auto refused = world.verifier.verifyHead(sent(Binding::Http, header).request);
    BOOST_REQUIRE(!refused);
    BOOST_TEST(refused.error().http_status == 403);
    BOOST_TEST(refused.error().authenticated());  // the head was signed: it is evidence, whatever the body is
    BOOST_TEST(refused.error().head.has_value());
}

BOOST_AUTO_TEST_CASE(admits_fresh_signed_readers) {
    World world;
    const auto readAt = [&](std::string_view created, std::string_view receiver = "") {
        HttpRequest request{"GET", "/v1/cases", {}};
        signHttpRead(request, instantOf(created), housing().key, housing().keyId());
        if (!receiver.empty()) request.fields.push_back({"Caseway-Receiver", std::string(receiver)});
        return world.verifier.verifyRead(request);
    };
    BOOST_TEST((readAt("2026-05-04T00:31:00Z")->id == housing().id));
    BOOST_TEST(readAt("2026-05-04T00:26:00Z").ok());
    BOOST_TEST(readAt("2026-05-04T00:25:59Z").error().refusal.code == "sent_at_too_old");
    BOOST_TEST(readAt("2026-05-04T00:36:01Z").error().refusal.code == "sent_at_ahead");
    BOOST_TEST(readAt("2026-05-04T00:31:00Z", "center/gateway").error().refusal.code == "malformed_envelope");
    world.known.ring->certificates.clear();
    BOOST_TEST(readAt("2026-05-04T00:31:00Z").error().refusal.code == "unknown_key");
}

BOOST_DATA_TEST_CASE(refuses_suspended_systems_with_evidence, data::make(kBindings), binding) {
    World world;
    world.known.ring->systems.at(housing().id).suspended = true;
    checkRejected(world.verify(sent(binding, headerAt("2026-05-04T00:30:00Z"))), "system_suspended", 403, true);
    world.known.ring->systems.at(housing().id).suspended = false;
    world.known.ring->systems.at(housing().id).department_suspended = true;
    checkRejected(world.verify(sent(binding, headerAt("2026-05-04T00:30:00Z"))), "department_suspended", 403, true);
    world.known.ring->systems.at(housing().id).department_suspended = false;
    BOOST_TEST(world.verify(sent(binding, headerAt("2026-05-04T00:30:00Z"))).ok());
}

BOOST_DATA_TEST_CASE(takes_nothing_under_a_revoked_certificate, data::make(kBindings), binding) {
    World world;
    world.known.ring->certificates.at(housing().keyId()).revoked_at = world.clock.now();
    checkRejected(world.verify(sent(binding, headerAt("2026-05-04T00:30:00Z"))), "certificate_revoked", 401, false);
}

BOOST_AUTO_TEST_CASE(takes_nothing_that_anybody_could_have_signed) {
    World world;
    const Instant now = world.clock.now();
    // Registered before such keys were known; its signature is good for every message, and nobody has a key.
    const std::string der = fixture::certificateOverIdentity(now - std::chrono::hours(1), now + std::chrono::hours(1));
    const KeyId key(sha256(der));
    world.known.ring->certificates.insert({key, {key, housing().id, der, std::nullopt, {}}});
    Sent message{{"POST", "/v1/messages", {{"Host", "gw"}, {"Content-Type", "application/json"}}}, "{\"a\":1}"};
    const MessageHeader header = headerAt("2026-05-04T00:30:00Z");
    signHttp(message.request, header, sha256(message.body), header.sent_at, PrivateKey::generate(KeyKind::Ed25519), key,
             SignatureAlgorithm::Ed25519);
    for (auto& field : message.request.fields)
        if (field.name == "Signature")
            field.value.replace(field.value.find(':'), std::string::npos, ":AQ" + std::string(84, 'A') + "==:");
    checkRejected(world.verify(message), "key_forgeable", 401, false);
    BOOST_TEST(world.verifier.verifyClient(der).error().refusal.code == "key_forgeable");
}

BOOST_DATA_TEST_CASE(takes_nothing_under_a_revoked_authority, data::make(kBindings), binding) {
    World world;
    const Instant now = world.clock.now();
    world.known.ring->certificates.at(housing().keyId()).issuer = {"province", now + std::chrono::hours(24), now};
    checkRejected(world.verify(sent(binding, headerAt("2026-05-04T00:30:00Z"))), "issuer_revoked", 401, false);
}

BOOST_DATA_TEST_CASE(the_setting_says_what_an_expired_authority_means, data::make(kBindings), binding) {
    World world;
    const Verifier strict(world.known, world.clock, "center/gateway", Limits{}, ExpiredAuthorities::Refuse);
    auto& certificate = world.known.ring->certificates.at(housing().keyId());
    const Sent message = sent(binding, headerAt("2026-05-04T00:30:00Z"));
    certificate.issuer = {"province", world.clock.now(), {}};
    BOOST_TEST(strict.verify(message.request, message.body).ok());  // its last second
    certificate.issuer->until -= std::chrono::seconds(1);
    BOOST_TEST(world.verify(message).ok());
    checkRejected(strict.verify(message.request, message.body), "issuer_expired", 401, false);
    const auto client = strict.verifyClient(certificate.der);
    BOOST_REQUIRE(!client);
    BOOST_TEST(client.error().refusal.code == "issuer_expired");
}

BOOST_AUTO_TEST_CASE(xml_without_a_key_name_is_tried_with_the_keys_that_sign_xml) {
    World world;
    Sent message = sent(Binding::Xml, headerAt("2026-05-04T08:30:00+08:00"));
    message.body = replaced(message.body, between(message.body, "<ds:KeyInfo>", "</ds:KeyInfo>"), "");
    for (int others = 0; others < 12; ++others) {
        BOOST_TEST(whyOf(world.verify(message)) == "taken", others << " others");
        world.known.ring->add(makeParty("housing/permits", KeyKind::Ed25519), {"housing.permit"});
    }
}

BOOST_AUTO_TEST_SUITE_END()
