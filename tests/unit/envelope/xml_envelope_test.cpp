// tests/unit/envelope/xml_envelope_test.cpp - what the XML binding takes, and what it hands on. What it must refuse:
// xml_attacks_test.cpp.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/envelope/header_fields.hpp"
#include "gateway/formats/envelope/recheck.hpp"
#include "gateway/formats/envelope/xml_envelope.hpp"
#include "tests/support/signing_fixture.hpp"

using namespace caseway;
using namespace caseway::test;
namespace data = boost::unit_test::data;

namespace {

constexpr std::string_view kBody =
    "<Package xmlns=\"urn:housing\"><ApasInfo no='1'><ProjectName>\xE6\x96\xB0\xE5\xBB\xBA&amp;</ProjectName><!-- note "
    "--></ApasInfo>"
    "</Package>";

XmlMessage messageOf(std::string_view payload) {
    return XmlMessage{sampleHeader(), std::string(payload), false, {}, {}, "UTF-8"};
}

Result<SignedContent, OpenRefusal> open(std::string_view envelope) {
    return openXml(bytesOf(envelope), XmlParseLimits{}, everybody());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(XmlEnvelope)

BOOST_DATA_TEST_CASE(opens_what_it_signed, data::make({0, 1}), kind) {
    const Party& sender = housing(static_cast<KeyKind>(kind));
    const auto envelope = signXml(messageOf(kBody), sender.key, sender.keyId());
    BOOST_REQUIRE(envelope);
    const auto content = open(*envelope);
    BOOST_REQUIRE_MESSAGE(content, whyOf(content));
    BOOST_TEST((content->header == sampleHeader()));
    BOOST_TEST((content->certificate->id() == sender.keyId()));
    BOOST_TEST((content->payload.form == SignedPayload::Form::XmlElement));
    BOOST_TEST((content->envelope_digest == sha256(*envelope)));
    const std::string canonical =
        "<Package xmlns=\"urn:housing\"><ApasInfo "
        "no=\"1\"><ProjectName>\xE6\x96\xB0\xE5\xBB\xBA&amp;</ProjectName></ApasInfo></Package>";
    BOOST_TEST((content->payload_digest == sha256(canonical)));
    BOOST_TEST((content->content_digest == contentDigest(content->header, content->payload_digest)));
}

BOOST_AUTO_TEST_CASE(gives_one_content_digest_to_two_signatures_over_one_content) {
    const Party& sender = housing();
    const auto first = signXml(messageOf(kBody), sender.key, sender.keyId());
    const auto second = signXml(messageOf(kBody), sender.key, sender.keyId());
    BOOST_REQUIRE(first && second);
    BOOST_TEST(*first != *second);
    BOOST_TEST((open(*first)->content_digest == open(*second)->content_digest));
    BOOST_TEST((open(*first)->envelope_digest != open(*second)->envelope_digest));
}

BOOST_AUTO_TEST_CASE(keeps_the_namespace_of_the_payload_whatever_it_is) {
    const Party& sender = housing();
    for (const auto& [payload, canonical] :
         {std::pair{"<a><b/></a>", "<a><b></b></a>"}, std::pair{"<a xmlns=\"\"/>", "<a></a>"},
          std::pair{"<p:a xmlns:p=\"urn:p\" xmlns:q=\"urn:q\"><b q:c=\"\"/></p:a>",
                    "<p:a xmlns:p=\"urn:p\"><b xmlns:q=\"urn:q\" q:c=\"\"></b></p:a>"},
          std::pair{"<a xmlns=\"urn:a\"><b xmlns=\"\"/></a>", "<a xmlns=\"urn:a\"><b xmlns=\"\"></b></a>"},
          std::pair{"<p:a xmlns:p=\"urn:p\"><b/></p:a>", "<p:a xmlns:p=\"urn:p\"><b></b></p:a>"}}) {
        const auto content = open(*signXml(messageOf(payload), sender.key, sender.keyId()));
        BOOST_REQUIRE_MESSAGE(content, whyOf(content));
        BOOST_TEST((content->payload_digest == sha256(canonical)), payload);
    }
}

BOOST_AUTO_TEST_CASE(signs_no_payload_that_an_envelope_may_not_hold) {
    const Party& sender = housing();
    for (const char* payload :
         {"<a><s:Signature xmlns:s=\"http://www.w3.org/2000/09/xmldsig#\"/></a>", "<a><?page 1?></a>"}) {
        XmlMessage message = messageOf(payload);
        const auto refused = signXml(message, sender.key, sender.keyId());
        BOOST_REQUIRE(!refused);
        BOOST_TEST(refused.error().code == "malformed_envelope", payload);
        message.as_base64 = true;
        message.media_type = "application/xml";
        BOOST_TEST(open(*signXml(message, sender.key, sender.keyId())).ok(), payload);
    }
}

BOOST_AUTO_TEST_CASE(takes_any_bytes_as_base64) {
    const Party& sender = housing();
    XmlMessage message = messageOf(std::string("\x00\x01\xFF<not xml", 11));
    message.as_base64 = true;
    message.media_type = "application/octet-stream";
    message.charset = "GBK";
    const auto envelope = signXml(message, sender.key, sender.keyId());
    BOOST_REQUIRE(envelope);
    const auto content = open(*envelope);
    BOOST_REQUIRE(content);
    BOOST_TEST(content->payload.bytes == message.payload);
    BOOST_TEST(content->payload.media_type == "application/octet-stream");
    BOOST_TEST(content->payload.charset == "GBK");
    BOOST_TEST((content->payload_digest == sha256(message.payload)));
}

BOOST_AUTO_TEST_CASE(is_the_same_message_in_gb18030) {
    const Party& sender = housing();
    XmlMessage message = messageOf(kBody);
    const auto utf8 = open(*signXml(message, sender.key, sender.keyId()));
    message.output_encoding = "GB18030";
    const auto envelope = signXml(message, sender.key, sender.keyId());
    BOOST_TEST(envelope->find("encoding=\"GB18030\"") != std::string::npos);
    const auto gb = open(*envelope);
    BOOST_REQUIRE_MESSAGE(gb, whyOf(gb));
    BOOST_TEST((gb->content_digest == utf8->content_digest));
}

BOOST_AUTO_TEST_CASE(takes_white_space_and_comments_between_elements) {
    const Party& sender = housing();
    const auto envelope = signXml(messageOf(kBody), sender.key, sender.keyId());
    const std::string commented =
        replaced(replaced(*envelope, "<Header>", "<Header><!-- a -->"), "<Body>", "<Body><!-- b -->");
    const auto content = open(commented);
    BOOST_REQUIRE_MESSAGE(content, whyOf(content));
    BOOST_TEST((content->header == sampleHeader()));
}

BOOST_AUTO_TEST_CASE(reads_a_header_text_whole_whatever_comment_stands_in_it) {
    const Party& sender = housing();
    const auto envelope = signXml(messageOf(kBody), sender.key, sender.keyId());
    for (const auto& [from, to] : {std::pair{"housing/permits<", "housing/<!-- x -->permits<"},
                                   std::pair{"0b7b9a52-3c1f", "0b7b9a52<!--\n-->-3c1f"},
                                   std::pair{"center/gateway", "<!-- x -->center/gateway<!-- y -->"}}) {
        const auto content = open(replaced(*envelope, from, to));
        BOOST_REQUIRE_MESSAGE(content, whyOf(content));
        BOOST_TEST((content->header == sampleHeader()));
    }
}

BOOST_AUTO_TEST_CASE(tries_the_keys_of_the_sender_where_none_is_named) {
    const Party other = makeParty("housing/permits", KeyKind::EcP256);
    const Party& sender = housing();
    const auto envelope = signXml(messageOf(kBody), sender.key, sender.keyId());
    const std::string unnamed = replaced(*envelope, between(*envelope, "<ds:KeyInfo>", "</ds:KeyInfo>"), "");
    const auto content = openXml(bytesOf(unnamed), XmlParseLimits{}, lookupOf({&other, &sender}));
    BOOST_REQUIRE(content);
    BOOST_TEST((content->certificate->id() == sender.keyId()));
    const auto refused = openXml(bytesOf(unnamed), XmlParseLimits{}, lookupOf({&other}));
    BOOST_REQUIRE(!refused);
    BOOST_TEST(refused.error().refusal.code == "bad_signature");
}

BOOST_AUTO_TEST_CASE(names_the_signer_of_a_malformed_header) {
    const Party& sender = housing();
    XmlMessage message = messageOf(kBody);
    message.header.sent_at_text = "yesterday";
    const auto refused = open(*signXml(message, sender.key, sender.keyId()));
    BOOST_REQUIRE(!refused);
    BOOST_TEST(refused.error().refusal.code == "malformed_header");
    BOOST_TEST((refused.error().signer == sender.id));
}

BOOST_AUTO_TEST_CASE(refuses_to_sign_with_a_key_that_the_binding_does_not_have) {
    const Party& sender = housing(KeyKind::Ed25519);
    BOOST_TEST(!signXml(messageOf(kBody), sender.key, sender.keyId()));
}

BOOST_AUTO_TEST_CASE(verifies_again_from_what_is_stored) {
    const Party& sender = housing();
    const auto envelope = signXml(messageOf(kBody), sender.key, sender.keyId());
    const auto again = recheck(Binding::Xml, *envelope, sender.certificate->der());
    BOOST_REQUIRE(again);
    BOOST_TEST((again->content_digest == open(*envelope)->content_digest));
    BOOST_TEST(!recheck(Binding::Xml, *envelope, police().certificate->der()));
    BOOST_TEST(!recheck(Binding::Xml, replaced(*envelope, "&amp;", "&lt;"), sender.certificate->der()));
}

BOOST_AUTO_TEST_SUITE_END()
