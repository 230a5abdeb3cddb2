// connectors/soap/test/soap_codec_test.cpp - envelopes made and taken apart, without any network.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "connectors/soap/element_cut.hpp"
#include "connectors/soap/soap_answer.hpp"
#include "connectors/soap/soap_request.hpp"
#include "gateway/formats/xml/document.hpp"

using namespace caseway;

namespace {

std::string envelope(const std::string& body, const std::string& more = "") {
    return R"(<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" )" + more +
           "><s:Header/><s:Body>" + body + "</s:Body></s:Envelope>";
}
std::string documentOf(const std::string& xml, const SoapPayloadRule& rule) {
    const auto answer = readSoapAnswer(xml, SoapVersion::V11, rule);
    return answer.ok() ? answer->document : "refused: " + answer.error().code;
}

struct Cut {
    const char* what;
    std::string body, more;
    SoapPayloadRule rule;
    std::string document;
};
std::ostream& operator<<(std::ostream& out, const Cut& cut) {
    return out << cut.what;
}
const std::vector<Cut> kCuts = {
    {"as it was written",
     "<r:R xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:r='urn:r' a = \"1>2\" ><![CDATA[<x/>]]><!-- "
     "</r:R> --><?p </r:R>?>&#x5F20;</r:R>",
     "",
     {},
     "<r:R xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:r='urn:r' a = \"1>2\" ><![CDATA[<x/>]]><!-- "
     "</r:R> --><?p </r:R>?>&#x5F20;</r:R>"},
    {"namespaces from around",
     "<m:R xmlns:m='urn:m'><d:D t='d:T'><d:D/></d:D></m:R>",
     "xmlns:d='urn:d'",
     {"D", "urn:d", false},
     "<d:D xmlns:m=\"urn:m\" xmlns:d=\"urn:d\" xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" "
     "t='d:T'><d:D/></d:D>"},
    {"the default namespace",
     "<R xmlns='urn:m'><D/></R>",
     "xmlns='urn:out'",
     {"D", "urn:m", false},
     "<D xmlns=\"urn:m\" xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"/>"},
    {"no namespace inside one",
     "<R xmlns='urn:m'><D xmlns=''><E/></D></R>",
     "",
     {"D", "", false},
     "<D xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns=''><E/></D>"},
    {"CDATA unwrapped",
     "<R><return><![CDATA[<?xml version=\"1.0\"?><a>&lt;</a>]]></return></R>",
     "",
     {"return", "", true},
     "<?xml version=\"1.0\"?><a>&lt;</a>"},
    {"escaped text unwrapped",
     "<R><return>\n {\"a\":\"&lt;b&gt;&amp;\"}</return></R>",
     "",
     {"return", "", true},
     "{\"a\":\"<b>&\"}"},
    {"several of them",
     "<R><return><![CDATA[<a/>]]></return><return><![CDATA[<a/>]]></return></R>",
     "",
     {"return", "", true},
     "refused: payload_not_single"},
    {"one inside itself",
     "<R><D><D/></D></R>",
     "",
     {"D", "", false},
     "<D xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><D/></D>"},
    {"several children of the body where none is named", "<D/><E/>", "", {}, "refused: payload_not_single"},
    {"not there", "<R/>", "", {"D", "", false}, "refused: payload_missing"},
    {"elements where a text should be",
     "<R><return><a/></return></R>",
     "",
     {"return", "", true},
     "refused: payload_has_elements"},
    {"a DOCTYPE is none", "<R", "", {}, "refused: malformed_xml"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(SoapCodec)

BOOST_DATA_TEST_CASE(takes_the_payload_out, kCuts, cut) {
    const std::string document = documentOf(envelope(cut.body, cut.more), cut.rule);
    BOOST_TEST(document == cut.document);
    if (document.starts_with("<")) BOOST_TEST(parseXml(bytesOf(document), {}).ok());
}

BOOST_AUTO_TEST_CASE(a_signature_in_the_head_is_seen_and_no_other_is_taken_for_one) {
    constexpr const char* kSignature = "<d:Signature xmlns:d='http://www.w3.org/2000/09/xmldsig#'/>";
    const auto is_signed = [](const std::string& head, const std::string& body) {
        std::string xml = envelope("<R>" + body + "</R>");
        xml.replace(xml.find("<s:Header/>"), 11, "<s:Header>" + head + "</s:Header>");
        const auto answer = readSoapAnswer(xml, SoapVersion::V11, {});
        BOOST_REQUIRE(answer.ok());
        return answer->is_signed;
    };
    const std::string security = "<w:Security xmlns:w='http://docs.oasis-open.org/wss/2004/01/wsse'>";
    BOOST_TEST(is_signed(security + kSignature + "</w:Security>", ""));
    BOOST_TEST(!is_signed(security + "</w:Security>", ""));
    BOOST_TEST(!is_signed("", kSignature));  // the document's own: that one is verified
    const auto many =
        readSoapAnswer(envelope("<R><return>a</return><return>b</return></R>"), SoapVersion::V11, {"return", "", true});
    BOOST_TEST(many.error().hint.find("one text that holds the whole list") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(other_documents_are_no_envelopes) {
    BOOST_TEST(documentOf("<html/>", {}) == "refused: not_soap");
    BOOST_TEST(documentOf("<Envelope><Body><a/></Body></Envelope>", {}) == "refused: not_soap");
    BOOST_TEST(documentOf("<!DOCTYPE a [<!ENTITY b 'c'>]>" + envelope("<R/>").substr(21), {}) ==
               "refused: doctype_forbidden");
    BOOST_TEST(!readSoapAnswer(envelope("<R/>"), SoapVersion::V12, {}).ok());
}

BOOST_AUTO_TEST_CASE(faults_say_who_is_blamed) {
    const auto fault = [](const std::string& code) {
        const auto answer = readSoapAnswer(
            envelope("<s:Fault><faultcode>" + code +
                     "</faultcode><faultstring>why</faultstring><detail><faultcode>x</faultcode></detail></s:Fault>"),
            SoapVersion::V11, {});
        BOOST_TEST(answer->fault->reason == "why");
        return *answer->fault;
    };
    BOOST_TEST(fault("s:Client").blamesSender());
    BOOST_TEST(fault("s:Client.Authentication").blamesSender());
    BOOST_TEST(fault("wsse:FailedAuthentication").blamesSender());
    BOOST_TEST(!fault("s:Server").blamesSender());
    BOOST_TEST(!fault("whatever").blamesSender());
    const auto newer = readSoapAnswer(
        R"(<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body><e:Fault><e:Code><e:Value>e:Sender</e:Value>)"
        R"(<e:Subcode><e:Value>x:y</e:Value></e:Subcode></e:Code><e:Reason><e:Text xml:lang="zh">no</e:Text>)"
        R"(</e:Reason></e:Fault></e:Body></e:Envelope>)",
        SoapVersion::V12, {});
    BOOST_TEST(newer->fault->code == "Sender");
    BOOST_TEST(newer->fault->reason == "no");
}

BOOST_AUTO_TEST_CASE(no_value_becomes_markup) {
    const std::string text = filled("<a b='{{x}}'>{{x}}</a>", {{"x", "</a><b c=\"'&\x01\r"}});
    BOOST_TEST(text == "<a b='&lt;/a&gt;&lt;b c=&quot;&#39;&amp;&#13;'>&lt;/a&gt;&lt;b c=&quot;&#39;&amp;&#13;</a>");
    BOOST_TEST(parseXml(bytesOf(text), {}).ok());
    BOOST_TEST(filled("{{x}}", {{"x", "{{y}}"}}) == "{{y}}");  // values are no templates
    BOOST_TEST(!marksOf("{{x"));
    BOOST_TEST(marksOf("{{x}} {{y}}")->size() == 2);
}

BOOST_AUTO_TEST_CASE(username_tokens_are_those_of_the_profile) {
    // Digest of nonce 0x00…0x0f, created and password, computed with openssl dgst.
    std::string nonce(16, '\0');
    for (int i = 0; i < 16; ++i) nonce[i] = static_cast<char>(i);
    const UsernameToken token{"us<er", "hush", true, nonce, "2026-05-04T08:30:00Z"};
    const std::string header = securityHeader(token, SoapVersion::V12);
    BOOST_TEST(header.find("us&lt;er") != std::string::npos);
    BOOST_TEST(header.find("hush") == std::string::npos);
    BOOST_TEST(header.find(">U3vI4rUz6kcSTzvy+Wg7q8kCpwQ=<") != std::string::npos);
    BOOST_TEST(parseXml(bytesOf(soapEnvelope(SoapVersion::V12, header, "")), {}).ok());
}

BOOST_AUTO_TEST_CASE(elements_are_counted_in_document_order) {
    const std::string xml = "<a><!-- <x> --><b c='<'/><d><e>1</e></d></a>";
    BOOST_TEST(cutElement("<a><b/><d><e>1</e></d></a>", 2, {}) == "<d><e>1</e></d>");
    BOOST_TEST(cutElement("<a><!-- <x> --><b c='>'/><d/></a>", 2, {{"", "urn:q"}}) == "<d xmlns=\"urn:q\"/>");
    BOOST_TEST(cutElement("<a/>", 1, {}).empty());
    for (const char* rubbish : {"", "<", "<a", "<!--", "<![CDATA[", "<?", "</a>", "<a b='", "</", "<a>"})
        BOOST_TEST(cutElement(rubbish, 0, {}).size() < 10, rubbish);
}

BOOST_AUTO_TEST_SUITE_END()
