// tests/unit/envelope/xml_attacks.hpp - signature wrapping and every other bent form of the XML binding, as a table.
// Data of xml_attacks_test.cpp only.
#pragma once

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <functional>
#include "gateway/base/base64.hpp"
#include "gateway/formats/envelope/xml_envelope.hpp"
#include "tests/support/signing_fixture.hpp"

using namespace caseway;
using namespace caseway::test;
namespace data = boost::unit_test::data;

namespace {

constexpr std::string_view kBody = "<Package xmlns=\"\"><Case id=\"1\"><Name>good</Name></Case></Package>";

/// A good envelope and its parts, to build bad ones from.
struct Parts {
    std::string whole;
    std::string header, body, signature;
    std::string forged_body, forged_header;
};

const Parts& parts() {
    static const Parts kParts = [] {
        Parts p;
        XmlMessage message{sampleHeader(), std::string(kBody), false, {}, {}, "UTF-8"};
        p.whole = *signXml(message, housing().key, housing().keyId());
        p.header = between(p.whole, "<Header>", "</Header>");
        p.body = between(p.whole, "<Body>", "</Body>");
        p.signature = between(p.whole, "<ds:Signature", "</ds:Signature>");
        p.forged_body = replaced(p.body, "good", "evil");
        p.forged_header = replaced(p.header, "housing/permits", "police/residence");
        return p;
    }();
    return kParts;
}

std::string message(const std::string& inside, std::string_view attributes = "") {
    return "<Message xmlns=\"urn:caseway:exchange:1\"" + std::string(attributes) + ">" + inside + "</Message>";
}

std::string insideSignature(const std::string& extra) {
    return replaced(parts().signature, "</ds:Signature>", extra + "</ds:Signature>");
}

struct Attack {
    const char* name;
    std::function<std::string()> envelope;
    const char* code;
};
std::ostream& operator<<(std::ostream& out, const Attack& attack) {
    return out << attack.name;
}

std::string changed(std::string_view from, std::string_view to) {
    return replaced(parts().whole, from, to);
}

constexpr const char* kEnvelopedTransform =
    R"(<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>)";
constexpr const char* kC14nTransform = R"(<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>)";

const Attack kWrapping[] = {
    {"XSW1: the original inside the signature, a forgery as root",
     [] {
         return message(parts().header + parts().forged_body +
                        insideSignature(parts().whole.substr(parts().whole.find("<Message"))));
     },
     "malformed_envelope"},
    {"XSW2: the original before a detached signature",
     [] {
         return message(parts().header + parts().forged_body + message(parts().header + parts().body) +
                        parts().signature);
     },
     "malformed_envelope"},
    {"XSW3: the original as first sibling",
     [] {
         return message(message(parts().header + parts().body + parts().signature) + parts().header +
                        parts().forged_body);
     },
     "malformed_envelope"},
    {"XSW4: the original inside the forgery's body",
     [] {
         return message(parts().header + "<Body><x>" + message(parts().header + parts().body + parts().signature) +
                        "</x></Body>" + parts().signature);
     },
     "malformed_envelope"},
    {"XSW5: a changed body, the signed one behind the signature",
     [] { return message(parts().header + parts().forged_body + parts().signature + parts().body); },
     "malformed_envelope"},
    {"XSW6: the signed message inside the signature inside the forgery",
     [] {
         return message(parts().forged_header + parts().forged_body +
                        insideSignature(message(parts().header + parts().body)));
     },
     "malformed_envelope"},
    {"XSW7: an extension element that holds the original",
     [] {
         return message("<Extensions>" + parts().header + parts().body + "</Extensions>" + parts().header +
                        parts().forged_body + parts().signature);
     },
     "malformed_envelope"},
    {"XSW8: the original inside an Object of the signature",
     [] {
         return message(parts().header + parts().forged_body +
                        insideSignature("<ds:Object>" + message(parts().header + parts().body) + "</ds:Object>"));
     },
     "malformed_envelope"},
    {"a changed body", [] { return changed("good", "evil"); }, "bad_signature"},
    {"a changed header", [] { return changed("2026-05-04T08:30:00", "2026-05-04T08:30:01"); }, "bad_signature"},
    {"the header of another sender", [] { return changed("housing/permits", "police/residence"); }, "unknown_key"},
    {"a body taken from another message",
     [] { return message(parts().header + parts().forged_body + parts().signature); }, "bad_signature"},
    {"two bodies, the forged one first", [] { return changed("<Body>", parts().forged_body + "<Body>"); },
     "malformed_envelope"},
    {"two bodies, the forged one last", [] { return changed("</Body>", "</Body>" + parts().forged_body); },
     "malformed_envelope"},
    {"two headers", [] { return changed("<Header>", parts().forged_header + "<Header>"); }, "malformed_envelope"},
    {"two signatures", [] { return changed("<ds:Signature", parts().signature + "<ds:Signature"); },
     "malformed_envelope"},
    {"a second signature deep in the body", [] { return changed("<Name>", parts().signature + "<Name>"); },
     "malformed_envelope"},
    {"a second signature in the header", [] { return changed("<Header>", "<Header>" + parts().signature); },
     "malformed_envelope"},
    {"a second signature in another prefix",
     [] { return changed("<Name>", "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"/><Name>"); },
     "malformed_envelope"},
    {"the signature before the body", [] { return message(parts().header + parts().signature + parts().body); },
     "malformed_envelope"},
    {"the signature inside the body",
     [] { return message(parts().header + replaced(parts().body, "</Body>", parts().signature + "</Body>")); },
     "malformed_envelope"},
    {"no signature", [] { return message(parts().header + parts().body); }, "malformed_envelope"},
    {"another root", [] { return "<Wrap>" + parts().whole.substr(parts().whole.find("<Message")) + "</Wrap>"; },
     "malformed_envelope"},
    {"a nested message", [] { return changed("<Name>", message("") + "<Name>"); }, "malformed_envelope"},
    {"text between the parts", [] { return changed("<Body>", "x<Body>"); }, "malformed_envelope"},
    {"text in the body", [] { return changed("<Body>", "<Body>x"); }, "malformed_envelope"},
    {"CDATA between the parts", [] { return changed("<Body>", "<![CDATA[ ]]><Body>"); }, "malformed_envelope"},
    {"two elements in the body", [] { return changed("<Body>", "<Body><a/>"); }, "malformed_envelope"},
};

const Attack kSignatureForms[] = {
    {"Id on the root", [] { return changed("<Message ", "<Message Id=\"x\" "); }, "malformed_envelope"},
    {"xml:id on the root", [] { return changed("<Message ", "<Message xml:id=\"x\" "); }, "malformed_envelope"},
    {"Id on the header", [] { return changed("<Header>", "<Header Id=\"x\">"); }, "malformed_envelope"},
    {"Id on the body", [] { return changed("<Body>", "<Body ID=\"x\">"); }, "malformed_envelope"},
    {"Id on the sender", [] { return changed("<Sender>", "<Sender id=\"x\">"); }, "malformed_envelope"},
    {"Id on the signature", [] { return changed("<ds:Signature ", "<ds:Signature Id=\"x\" "); }, "malformed_envelope"},
    {"Id on SignedInfo", [] { return changed("<ds:SignedInfo>", "<ds:SignedInfo Id=\"x\">"); }, "malformed_envelope"},
    {"URI to an Id", [] { return changed("URI=\"\"", "URI=\"#body\""); }, "malformed_envelope"},
    {"URI by XPointer", [] { return changed("URI=\"\"", "URI=\"#xpointer(/)\""); }, "malformed_envelope"},
    {"URI to a file", [] { return changed("URI=\"\"", "URI=\"file:///etc/hostname\""); }, "malformed_envelope"},
    {"URI to a server", [] { return changed("URI=\"\"", "URI=\"http://127.0.0.1:1/\""); }, "malformed_envelope"},
    {"no URI", [] { return changed(" URI=\"\"", ""); }, "malformed_envelope"},
    {"a Type on the reference",
     [] { return changed("URI=\"\"", "URI=\"\" Type=\"http://www.w3.org/2000/09/xmldsig#Manifest\""); },
     "malformed_envelope"},
    {"two references",
     [] {
         return changed("<ds:Reference", between(parts().whole, "<ds:Reference", "</ds:Reference>") + "<ds:Reference");
     },
     "malformed_envelope"},
    {"no reference", [] { return changed(between(parts().whole, "<ds:Reference", "</ds:Reference>"), ""); },
     "malformed_envelope"},
    {"no transforms", [] { return changed(between(parts().whole, "<ds:Transforms", "</ds:Transforms>"), ""); },
     "malformed_envelope"},
    {"transforms in the other order",
     [] {
         return changed(std::string(kEnvelopedTransform) + kC14nTransform,
                        std::string(kC14nTransform) + kEnvelopedTransform);
     },
     "malformed_envelope"},
    {"one transform only", [] { return changed(kC14nTransform, ""); }, "malformed_envelope"},
    {"enveloped twice", [] { return changed(kC14nTransform, std::string(kEnvelopedTransform) + kC14nTransform); },
     "malformed_envelope"},
    {"inclusive C14N",
     [] {
         return changed(kC14nTransform,
                        R"(<ds:Transform Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"/>)");
     },
     "malformed_envelope"},
    {"C14N with comments",
     [] {
         return changed(kC14nTransform,
                        R"(<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#WithComments"/>)");
     },
     "malformed_envelope"},
    {"InclusiveNamespaces",
     [] {
         return changed(
             kC14nTransform,
             R"(<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"><InclusiveNamespaces)"
             R"( xmlns="http://www.w3.org/2001/10/xml-exc-c14n#" PrefixList="a"/></ds:Transform>)");
     },
     "malformed_envelope"},
    {"an XPath transform",
     [] {
         return changed(
             kC14nTransform,
             R"(<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><ds:XPath>not(self::Name)</ds:XPath></ds:Transform)"
             R"(>)");
     },
     "malformed_envelope"},
    {"an XPath filter 2",
     [] {
         return changed(
             kC14nTransform,
             R"(<ds:Transform Algorithm="http://www.w3.org/2002/06/xmldsig-filter2"><XPath)"
             R"( xmlns="http://www.w3.org/2002/06/xmldsig-filter2")"
             R"( Filter="subtract">//Name</XPath></ds:Transform>)");
     },
     "malformed_envelope"},
    {"an XSLT transform",
     [] {
         return changed(
             kC14nTransform,
             R"(<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"><xsl:stylesheet version="1.0")"
             R"( xmlns:xsl="http://www.w3.org/1999/XSL/Transform"/></ds:Transform>)");
     },
     "malformed_envelope"},
    {"a base64 transform",
     [] { return changed(kC14nTransform, R"(<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#base64"/>)"); },
     "malformed_envelope"},
    {"a digest of SHA-1",
     [] { return changed("http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2000/09/xmldsig#sha1"); },
     "malformed_envelope"},
    {"HMAC with the public key",
     [] {
         return changed("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
                        "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256");
     },
     "malformed_envelope"},
    {"HMAC cut to nothing",
     [] {
         return changed(
             R"(<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"/>)",
             R"(<ds:SignatureMethod Algorithm="http://www.w3.org/2000/09/xmldsig#hmac-sha1">)"
             R"(<ds:HMACOutputLength>0</ds:HMACOutputLength></ds:SignatureMethod)"
             R"(>)");
     },
     "malformed_envelope"},
    {"ECDSA with SHA-1",
     [] {
         return changed("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
                        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1");
     },
     "malformed_envelope"},
    {"RSA for a P-256 key",
     [] {
         return changed("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
                        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256");
     },
     "bad_signature"},
    {"inclusive C14N of SignedInfo",
     [] {
         return changed(R"(<ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#")",
                        R"(<ds:CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315")");
     },
     "malformed_envelope"},
    {"an Object", [] { return changed("</ds:Signature>", "<ds:Object/></ds:Signature>"); }, "malformed_envelope"},
    {"a Manifest", [] { return changed("</ds:Signature>", "<ds:Object><ds:Manifest/></ds:Object></ds:Signature>"); },
     "malformed_envelope"},
    {"a key of its own",
     [] { return changed("<ds:KeyName>", "<ds:KeyValue><ds:RSAKeyValue/></ds:KeyValue><ds:KeyName>"); },
     "malformed_envelope"},
    {"a certificate of its own",
     [] {
         return changed(between(parts().whole, "<ds:KeyName>", "</ds:KeyName>"),
                        "<ds:X509Data><ds:X509Certificate>AA==</ds:X509Certificate></ds:X509Data>");
     },
     "malformed_envelope"},
    {"a key to be fetched",
     [] {
         return changed(between(parts().whole, "<ds:KeyName>", "</ds:KeyName>"),
                        "<ds:RetrievalMethod URI=\"http://127.0.0.1:1/\"/>");
     },
     "malformed_envelope"},
    {"two KeyInfo",
     [] { return changed("<ds:KeyInfo>", between(parts().whole, "<ds:KeyInfo>", "</ds:KeyInfo>") + "<ds:KeyInfo>"); },
     "malformed_envelope"},
    {"an empty KeyInfo", [] { return changed(between(parts().whole, "<ds:KeyName>", "</ds:KeyName>"), ""); },
     "malformed_envelope"},
    {"the name of another system's key",
     [] { return changed("<ds:KeyName>" + housing().keyId().text(), "<ds:KeyName>" + police().keyId().text()); },
     "unknown_key"},
    {"the name of another key of the sender",
     [] {
         return changed("<ds:KeyName>" + housing().keyId().text(),
                        "<ds:KeyName>" + housing(KeyKind::Rsa).keyId().text());
     },
     "bad_signature"},
    {"a comment in the signature value", [] { return changed("<ds:SignatureValue>", "<ds:SignatureValue><!-- -->"); },
     "malformed_envelope"},
    {"a comment in the digest value", [] { return changed("<ds:DigestValue>", "<ds:DigestValue><!-- -->"); },
     "malformed_envelope"},
    {"a comment in SignedInfo", [] { return changed("<ds:SignedInfo>", "<ds:SignedInfo><!-- -->"); },
     "malformed_envelope"},
    {"an attribute on SignatureValue", [] { return changed("<ds:SignatureValue>", "<ds:SignatureValue x=\"\">"); },
     "malformed_envelope"},
    {"an empty signature value",
     [] {
         return changed(between(parts().whole, "<ds:SignatureValue>", "</ds:SignatureValue>"), "<ds:SignatureValue/>");
     },
     "malformed_envelope"},
    {"SignedInfo in no namespace",
     [] {
         std::string s = changed("<ds:SignedInfo>", "<SignedInfo xmlns=\"\">");
         return replaced(s, "</ds:SignedInfo>", "</SignedInfo>");
     },
     "malformed_envelope"},
};

const Attack kOther[] = {
    {"a document type", [] { return "<!DOCTYPE Message>" + parts().whole.substr(parts().whole.find("<Message")); },
     "doctype_forbidden"},
    {"an entity in the sender",
     [] {
         return "<!DOCTYPE Message [<!ENTITY e \"housing\">]>" +
                replaced(parts().whole.substr(parts().whole.find("<Message")), "housing/", "&e;/");
     },
     "doctype_forbidden"},
    {"an external entity",
     [] {
         return "<!DOCTYPE m SYSTEM \"file:///etc/hostname\">" + parts().whole.substr(parts().whole.find("<Message"));
     },
     "doctype_forbidden"},
    {"an entity that nobody declared", [] { return changed("good", "&good;"); }, "malformed_xml"},
    {"a processing instruction before the root", [] { return changed("<Message ", "<?x y?><Message "); },
     "malformed_envelope"},
    {"a processing instruction behind the root", [] { return parts().whole + "<?x y?>"; }, "malformed_envelope"},
    {"a processing instruction in the sender", [] { return changed("housing/permits", "housing/<?x?>permits"); },
     "malformed_envelope"},
    {"a processing instruction deep in the body", [] { return changed("good", "go<?x?>od"); }, "malformed_envelope"},
    {"an element in the sender", [] { return changed("housing/permits", "housing/<b/>permits"); },
     "malformed_envelope"},
    {"the sender twice", [] { return changed("<Sender>", "<Sender>police/residence</Sender><Sender>"); },
     "malformed_header"},
    {"an unknown header element", [] { return changed("<Sender>", "<Priority>1</Priority><Sender>"); },
     "malformed_header"},
    {"a header element of another namespace",
     [] { return changed("<Sender>", "<Sender xmlns=\"urn:x\">police/residence</Sender><Sender>"); },
     "malformed_envelope"},
    {"a header in no namespace", [] { return changed("<Header>", "<Header xmlns=\"\">"); }, "malformed_envelope"},
    {"another version of the namespace", [] { return changed("urn:caseway:exchange:1", "urn:caseway:exchange:2"); },
     "malformed_envelope"},
    {"no sender", [] { return changed("<Sender>housing/permits</Sender>", ""); }, "malformed_header"},
    {"spaces around the sender", [] { return changed("housing/permits", " housing/permits "); }, "malformed_header"},
    {"an unknown sender", [] { return changed("housing/permits", "housing/unknown"); }, "unknown_sender"},
    {"Payload without encoding",
     [] {
         return message(parts().header + "<Body><Payload mediaType=\"a/b\">AA==</Payload></Body>" + parts().signature);
     },
     "malformed_envelope"},
    {"Payload in hexadecimal",
     [] {
         return message(parts().header + "<Body><Payload encoding=\"hex\" mediaType=\"a/b\">00</Payload></Body>" +
                        parts().signature);
     },
     "malformed_envelope"},
    {"Payload with an element",
     [] {
         return message(parts().header + "<Body><Payload encoding=\"base64\" mediaType=\"a/b\"><x/></Payload></Body>" +
                        parts().signature);
     },
     "malformed_envelope"},
    {"truncated", [] { return parts().whole.substr(0, parts().whole.size() / 2); }, "malformed_xml"},
    {"empty", [] { return std::string(); }, "malformed_xml"},
    {"two documents", [] { return parts().whole + parts().whole.substr(parts().whole.find("<Message")); },
     "malformed_xml"},
};

Result<SignedContent, OpenRefusal> open(std::string_view envelope) {
    return openXml(bytesOf(envelope), XmlParseLimits{}, everybody());
}

void check(const Attack& attack) {
    const std::string envelope = attack.envelope();
    BOOST_REQUIRE(envelope != parts().whole);
    const auto refused = open(envelope);
    BOOST_REQUIRE_MESSAGE(!refused, "taken: " << envelope);
    BOOST_TEST(refused.error().refusal.code == attack.code, whyOf(refused));
    BOOST_TEST(!refused.error().signer.has_value());
}

}  // namespace
