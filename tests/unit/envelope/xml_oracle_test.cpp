// tests/unit/envelope/xml_oracle_test.cpp - our verdict on an XML signature is xmlsec's, over documents of many shapes
// and over each of them with one byte changed.
#include <boost/test/unit_test.hpp>
#include <random>

#include "gateway/formats/envelope/xml_envelope.hpp"
#include "gateway/formats/envelope/xml_structure.hpp"
#include "gateway/formats/xml/libxml_handles.hpp"
#include "tests/support/signing_fixture.hpp"
#include "tests/support/xmlsec_oracle.hpp"

using namespace caseway;
using namespace caseway::test;

namespace {

constexpr int kDocuments = 60;
constexpr int kChanges = 40;

/// An element with what canonicalization treats specially: namespaces used, unused, undone and declared again,
/// attributes out of order, CDATA, comments, references, white space.
class Shapes {
public:
    explicit Shapes(unsigned seed) : random_(seed) {}

    std::string element(int depth) {
        static constexpr std::array<const char*, 4> kNames{"a", "p:b", "q:c", "d"};
        static constexpr std::array<const char*, 6> kAttributes{
            " z=\"1\"", " a='&lt;&#9;&quot;'", " p:k=\"v\"", " xml:lang=\"zh\"", " xml:space='preserve'", ""};
        const std::string name = kNames.at(upTo(3));
        std::string text = "<" + name + " xmlns:p=\"urn:p" + std::to_string(upTo(2)) + "\" xmlns:q='urn:q'";
        if (upTo(2) == 0) text += upTo(1) == 0 ? " xmlns=\"\"" : " xmlns=\"urn:d\"";
        const unsigned first = upTo(5);
        const unsigned second = upTo(5);
        text += kAttributes.at(first);
        if (second != first) text += kAttributes.at(second);
        text += ">";
        for (unsigned i = upTo(3); i != 0; --i)
            text += depth == 0 ? piece() : upTo(1) == 0 ? piece() : element(depth - 1);
        return text + "</" + name + ">";
    }

    unsigned upTo(unsigned most) { return std::uniform_int_distribution<unsigned>(0, most)(random_); }

private:
    std::string piece() {
        static constexpr std::array<const char*, 8> kPieces{"\xE5\xBC\xA0\xE4\xB8\x89",
                                                            "<!-- c -->",
                                                            "<![CDATA[a<b&c]]>",
                                                            "&amp;&#13;",
                                                            "\r\n ",
                                                            "\xF0\xA0\xAE\xB7",
                                                            "<e/>",
                                                            "x"};
        return kPieces.at(upTo(7));
    }
    std::mt19937 random_;
};

/// Both verdicts over what parses and has the form of an envelope; false where it has not.
bool compare(std::string_view envelope, const Party& sender, int& good) {
    auto document = parseXml(bytesOf(envelope), XmlParseLimits{});
    if (!document) return false;
    const auto parts = checkXmlStructure(docOf(*document));
    if (!parts) return false;
    const auto opened = openXml(bytesOf(envelope), XmlParseLimits{}, everybody());
    if (!opened && opened.error().refusal.code != "bad_signature") return false;  // no verdict on the signature
    const bool theirs = xmlsecVerifies(parts->signature, sender.certificate->key());
    BOOST_TEST(opened.ok() == theirs, envelope);
    good += theirs ? 1 : 0;
    return true;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(XmlOracle)

BOOST_AUTO_TEST_CASE(our_verdict_is_that_of_xmlsec) {
    const unsigned seed = std::random_device{}();
    BOOST_TEST_MESSAGE("seed " << seed);
    Shapes shapes(seed);
    int compared = 0;
    int good = 0;
    for (int i = 0; i < kDocuments; ++i) {
        const Party& sender = housing(i % 4 == 0 ? KeyKind::Rsa : KeyKind::EcP256);
        const XmlMessage message{sampleHeader(), shapes.element(3), false, {}, {}, i % 3 == 0 ? "GB18030" : "UTF-8"};
        const auto envelope = signXml(message, sender.key, sender.keyId());
        BOOST_REQUIRE_MESSAGE(envelope, message.payload);
        const int before = good;
        BOOST_TEST(compare(*envelope, sender, good));
        BOOST_TEST(good == before + 1, *envelope);
        for (int change = 0; change < kChanges; ++change) {
            std::string changed = *envelope;
            changed[shapes.upTo(static_cast<unsigned>(changed.size()) - 1)] =
                static_cast<char>(" ax\"<>&1"[shapes.upTo(7)]);
            compared += compare(changed, sender, good) ? 1 : 0;
        }
    }
    BOOST_TEST(compared > kDocuments);
    BOOST_TEST(good >= kDocuments);
}

BOOST_AUTO_TEST_SUITE_END()
