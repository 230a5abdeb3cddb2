// tests/unit/envelope/signed_document_test.cpp - documents that a department signed itself: the common forms are taken,
// everything else ends in a refusal, and what is handed on is what was signed.
#include "gateway/formats/envelope/signed_document.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <functional>

#include "gateway/formats/envelope/signature_look.hpp"
#include "tests/support/document_signing.hpp"

using namespace caseway;
using namespace caseway::test;
namespace data = boost::unit_test::data;

namespace {

const std::string kCase = "<Case id=\"1\"><Name>good</Name></Case>";

std::string document(const SignatureTemplate& form, std::string_view attributes = "", const std::string& body = kCase) {
    return "<Package" + std::string(attributes) + ">" + body + form.text() + "</Package>";
}

Result<SignedContent, OpenRefusal> open(std::string_view bytes) {
    return openSignedDocument(bytesOf(bytes), XmlParseLimits{}, housing().id, everybody());
}

SignatureForm formOf(std::string_view bytes, std::string_view charset = {}) {
    MemorySource source(bytes);
    SignatureGlance glance;
    for (std::size_t at = 0; at < bytes.size(); at += 7) glance.see(bytes.substr(at, 7));
    const SignatureForm form = signatureFormOf(source, charset, 200);
    BOOST_TEST((form == SignatureForm::None || glance.maybe()), "the glance passed over it: " << bytes.substr(0, 80));
    return form;
}

struct Way {
    const char* name;
    SignatureTemplate form;
    std::string_view attributes = "";
    const Party& by = housing();
};
std::ostream& operator<<(std::ostream& out, const Way& way) {
    return out << way.name;
}
const Way kWays[] = {
    {"inclusive throughout", {}},
    {"exclusive throughout", {kExclusive, kEcdsaMethod, "", std::string(kExclusive)}},
    {"inclusive named as transform", {kInclusive, kEcdsaMethod, "", std::string(kInclusive)}},
    {"RSA", {kInclusive, kRsaMethod}, "", housing(KeyKind::Rsa)},
    {"the root's Id", {kExclusive, kEcdsaMethod, "#a1", std::string(kExclusive)}, " Id=\"a1\""},
    {"its certificate beside", {kInclusive, kEcdsaMethod, "", "", x509Of(housing())}},
    {"its key's name beside",
     {kInclusive, kEcdsaMethod, "", "", "<ds:KeyName>" + housing().keyId().text() + "</ds:KeyName>"}},
    {"namespaces of its own", {kInclusive}, " xmlns=\"urn:permits\" xmlns:x=\"urn:x\""},
};

std::string good() {
    static const std::string kGood = signedBy(housing(), document({}));
    return kGood;
}
std::string goodById() {
    static const std::string kGood = signedBy(housing(), document({kInclusive, kEcdsaMethod, "#a1"}, " Id=\"a1\""));
    return kGood;
}
std::string signatureIn(const std::string& text) {
    return between(text, "<ds:Signature", "</ds:Signature>");
}

struct Attack {
    const char* name;
    std::function<std::string()> bytes;
    const char* code;
};
std::ostream& operator<<(std::ostream& out, const Attack& attack) {
    return out << attack.name;
}
const char* const kTransform = "<ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/>";
std::string changed(std::string_view from, std::string_view to) {
    return replaced(good(), from, to);
}
std::string inside(const std::string& root, const std::string& body) {
    return "<" + root + ">" + body + "</Package>";
}

const Attack kAttacks[] = {
    {"a changed value", [] { return changed("good", "evil"); }, "bad_signature"},
    {"a case added", [] { return changed("<Case", "<Case id=\"2\"/><Case"); }, "bad_signature"},
    {"a changed attribute", [] { return changed("id=\"1\"", "id=\"2\""); }, "bad_signature"},
    {"another root", [] { return replaced(changed("<Package>", "<Other>"), "</Package>", "</Other>"); },
     "bad_signature"},
    {"a processing instruction before the root", [] { return changed("<Package>", "<?x y?><Package>"); },
     "bad_signature"},
    {"XSW: the original inside a forgery that bears its signature",
     [] {
         return inside("Package", replaced(kCase, "good", "evil") + signatureIn(good()) +
                                      changed(signatureIn(good()), "").substr(22));
     },
     "bad_signature"},
    {"XSW: the signed original below, a second signature",
     [] { return inside("Package", replaced(kCase, "good", "evil") + good().substr(22) + signatureIn(good())); },
     "signature_form_unknown"},
    {"XSW by Id: the signed element moved below a new root",
     [] {
         return inside("Package", replaced(kCase, "good", "evil") +
                                      replaced(goodById(), signatureIn(goodById()), "").substr(22) +
                                      signatureIn(goodById()));
     },
     "signature_form_unknown"},
    {"XSW by Id: a second bearer of the Id",
     [] {
         return inside("Package Id=\"a1\"", replaced(kCase, "good", "evil") +
                                                replaced(goodById(), signatureIn(goodById()), "").substr(22) +
                                                signatureIn(goodById()));
     },
     "signature_form_unknown"},
    {"by Id: the same Id under another name", [] { return replaced(goodById(), "<Case id=\"1\"", "<Case id=\"a1\""); },
     "signature_form_unknown"},
    {"by Id: an instruction outside", [] { return replaced(goodById(), "<Package", "<?x y?><Package"); },
     "signature_form_unknown"},
    {"two signatures", [] { return changed("</Package>", signatureIn(good()) + "</Package>"); },
     "signature_form_unknown"},
    {"a signature in the body too", [] { return changed("<Name>", signatureIn(good()) + "<Name>"); },
     "signature_form_unknown"},
    {"an Object", [] { return changed("</ds:Signature>", "<ds:Object><x/></ds:Object></ds:Signature>"); },
     "signature_form_unknown"},
    {"two references",
     [] { return changed("<ds:Reference", between(good(), "<ds:Reference", "</ds:Reference>") + "<ds:Reference"); },
     "signature_form_unknown"},
    {"URI elsewhere", [] { return changed("URI=\"\"", "URI=\"http://127.0.0.1:1/\""); }, "signature_form_unknown"},
    {"URI of nothing", [] { return changed("URI=\"\"", "URI=\"#\""); }, "signature_form_unknown"},
    {"an XPointer", [] { return changed("URI=\"\"", "URI=\"#xpointer(/)\""); }, "signature_form_unknown"},
    {"an XPath transform",
     [] {
         return changed(kTransform, std::string(kTransform) +
                                        "<ds:Transform "
                                        "Algorithm=\"http://www.w3.org/TR/1999/"
                                        "REC-xpath-19991116\"><ds:XPath>not(self::Name)</ds:XPath></ds:Transform>");
     },
     "signature_form_unknown"},
    {"an XSLT transform",
     [] {
         return changed(kTransform, std::string(kTransform) +
                                        "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\"/>");
     },
     "signature_form_unknown"},
    {"no enveloped-signature",
     [] { return changed(kTransform, "<ds:Transform Algorithm=\"" + std::string(kInclusive) + "\"/>"); },
     "signature_form_unknown"},
    {"C14N with comments", [] { return changed(kInclusive, std::string(kInclusive) + "#WithComments"); },
     "signature_form_unknown"},
    {"a digest of SHA-1",
     [] { return changed("http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2000/09/xmldsig#sha1"); },
     "signature_form_unknown"},
    {"RSA with SHA-1", [] { return changed(kEcdsaMethod, "http://www.w3.org/2000/09/xmldsig#rsa-sha1"); },
     "signature_form_unknown"},
    {"HMAC", [] { return changed(kEcdsaMethod, "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"); },
     "signature_form_unknown"},
    {"RSA for a P-256 key", [] { return changed(kEcdsaMethod, kRsaMethod); }, "bad_signature"},
    {"a key to be fetched",
     [] {
         return changed(
             "</ds:SignatureValue>",
             "</ds:SignatureValue><ds:KeyInfo><ds:RetrievalMethod URI=\"http://127.0.0.1:1/\"/></ds:KeyInfo>");
     },
     "signature_form_unknown"},
    {"another system's key", [] { return signedBy(police(), document({})); }, "bad_signature"},
    {"another system's key, named",
     [] {
         return signedBy(police(), document({kInclusive, kEcdsaMethod, "", "", x509Of(police())}));
     },
     "unknown_key"},
    {"another certificate beside",
     [] {
         return changed("</ds:SignatureValue>",
                        "</ds:SignatureValue><ds:KeyInfo>" + x509Of(police()) + "</ds:KeyInfo>");
     },
     "unknown_key"},
    {"a document type", [] { return "<!DOCTYPE Package>" + good().substr(22); }, "doctype_forbidden"},
    {"an unsigned one", [] { return "<Package>" + kCase + "</Package>"; }, "signature_form_unknown"},
    {"cut off", [] { return good().substr(0, good().size() - 5); }, "malformed_xml"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(SignedDocuments)

BOOST_DATA_TEST_CASE(the_common_ways_of_signing_are_taken, data::make(kWays), way) {
    const std::string bytes = signedBy(way.by, document(way.form, way.attributes));
    BOOST_TEST(nameOf(formOf(bytes)) == "xml_document");
    const auto opened = open(bytes);
    BOOST_REQUIRE_MESSAGE(opened, whyOf(opened) << " " << bytes);
    BOOST_TEST(opened->certificate->id().text() == way.by.keyId().text());
    BOOST_TEST(libxmlNode(opened->payload.element)->children->next == nullptr);  // Case alone: its signature is gone
}

BOOST_DATA_TEST_CASE(whatever_else_is_refused, data::make(kAttacks), attack) {
    const auto refused = open(attack.bytes());
    BOOST_REQUIRE_MESSAGE(!refused, "taken: " << attack.bytes());
    BOOST_TEST(refused.error().refusal.code == attack.code, whyOf(refused));
}

BOOST_AUTO_TEST_CASE(every_changed_character_of_the_content_is_noticed) {
    for (std::size_t at = good().find("<Case"); at < good().find("<ds:Signature"); ++at) {
        std::string other = good();
        other[at] = other[at] == 'x' ? 'y' : 'x';
        BOOST_TEST(!open(other), other);
    }
}

BOOST_AUTO_TEST_CASE(a_look_tells_what_bears_a_signature_and_what_does_not) {
    const std::string jws = "eyJhbGciOiJFUzI1NiJ9.e30.c2ln";
    BOOST_TEST(nameOf(formOf(jws)) == "jws");
    BOOST_TEST(nameOf(formOf(jws + "\r\n")) == "jws");
    BOOST_TEST(nameOf(formOf(R"( {"payload":"e30","protected":"e30","signature":"c2ln"})")) == "jws");
    BOOST_TEST(nameOf(formOf(R"({"payload":"e30","signatures":[{"protected":"e30","signature":"c2ln"}]})")) == "jws");
    BOOST_TEST(nameOf(formOf(std::string(R"({"payload":")") + std::string(100'000, 'A') +
                             R"(","protected":"e30","signature":"c2ln"})")) == "jws");
    const std::string dsig = "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"/>";
    BOOST_TEST(nameOf(formOf("<Message xmlns=\"urn:caseway:exchange:1\">" + dsig + "</Message>")) == "xml_message");
    BOOST_TEST(nameOf(formOf("<a>" + dsig + "</a>")) == "xml_document");
    for (const std::string& other :
         {std::string(), std::string("abc"), std::string("a.b"), "{\"a\":" + std::string("1}"), jws + "x y",
          std::string(R"({"payload":"e30","signature":"hmac"})"),
          std::string(R"([{"payload":"","protected":"","signature":""}])"),
          std::string(R"({"a":{"payload":"","protected":"","signature":""}})"), "<a><b>" + dsig + "</b></a>",
          std::string("<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"/>"),
          std::string("<a><Signature/>xmldsig#</a>"), std::string("<Message xmlns=\"urn:x\">xmldsig#</Message>")})
        BOOST_TEST(nameOf(formOf(other)) == "none", other);
    std::string wide = "\xFF\xFE";
    for (const char c : "<?xml version=\"1.0\" encoding=\"UTF-16\"?><a>" + dsig + "</a>") wide.append({c, '\0'});
    BOOST_TEST(nameOf(formOf(wide)) == "xml_document");
}

BOOST_AUTO_TEST_CASE(many_namespaces_in_scope_of_many_elements_are_refused_before_they_are_looked_up) {
    std::string attributes, body;
    for (int i = 0; i < 500; ++i) attributes += " xmlns:n" + std::to_string(i) + "=\"urn:" + std::to_string(i) + "\"";
    for (int i = 0; i < 5000; ++i) body += "<a/>";
    const auto signed_over = [&](std::string_view form, const std::string& more) {
        return signedBy(housing(), document({form, kEcdsaMethod, "", std::string(form)}, attributes, kCase + more));
    };
    const auto looked_up = open(replaced(signed_over(kInclusive, ""), kCase, kCase + body));
    BOOST_REQUIRE(!looked_up);
    BOOST_TEST(looked_up.error().refusal.code == "too_large");
    BOOST_TEST(open(signed_over(kInclusive, "<a/>")).ok());
    BOOST_TEST(open(signed_over(kExclusive, body)).ok());  // walks over them, once an element
    body.clear();
    for (int i = 0; i < 900'000; ++i) body += "<a/>";
    const auto walked_over = open(replaced(signed_over(kExclusive, ""), kCase, kCase + body));
    BOOST_REQUIRE(!walked_over);
    BOOST_TEST(walked_over.error().refusal.code == "too_large");
}

BOOST_AUTO_TEST_CASE(namespaces_of_all_levels_in_scope_together_are_bounded) {
    std::string begin, body, end;
    for (int level = 0; level < 30; ++level) {
        begin += "<l";
        for (int i = 0; i < 400; ++i) begin += " xmlns:n" + std::to_string(i) + "=\"u:u\"";
        begin += ">";
        end += "</l>";
    }
    const auto opened = [&](int elements) {
        const std::string form(kExclusive);
        const std::string whole = signedBy(housing(), document({form, kEcdsaMethod, "", form}, "", kCase));
        body.clear();
        for (int i = 0; i < elements; ++i) body += "<b/>";
        return open(replaced(whole, kCase, kCase + begin + body + end)).error().refusal.code;
    };
    BOOST_TEST(opened(60'000) == "too_wide");  // each element would walk over all of them
    BOOST_TEST(opened(10) == "too_wide");
}

/// Longer than any reader keeps: the payload is that of a message all the same.
BOOST_AUTO_TEST_CASE(a_flattened_jws_is_found_whatever_the_length_of_its_payload) {
    const std::string long_text(64 * 1024 * 1024 + 4, 'A');
    BOOST_TEST(
        (formOf(R"({"payload":")" + long_text + R"(","protected":"e30","signature":"AA"})") == SignatureForm::Jws));
}

BOOST_AUTO_TEST_SUITE_END()
