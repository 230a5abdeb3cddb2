// tests/unit/envelope/xml_attacks_test.cpp - signature wrapping and its kin against the XML binding: each ends in a
// refusal. The names XSW1 to XSW8 are those of Somorovsky et al., "On Breaking SAML" (2012), fitted to a signature over
// the whole document.
#include "tests/unit/envelope/xml_attacks.hpp"

using namespace caseway;
using namespace caseway::test;
namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_SUITE(XmlAttacks)

BOOST_AUTO_TEST_CASE(begin_from_a_good_message) {
    BOOST_TEST(whyOf(open(parts().whole)) == "taken");
}

BOOST_DATA_TEST_CASE(wrapping_ends_in_a_refusal, data::make(kWrapping), attack) {
    check(attack);
}
BOOST_DATA_TEST_CASE(another_form_of_signature_is_refused, data::make(kSignatureForms), attack) {
    check(attack);
}
BOOST_DATA_TEST_CASE(another_form_of_message_is_refused, data::make(kOther), attack) {
    check(attack);
}

BOOST_AUTO_TEST_CASE(a_signature_value_has_one_writing) {
    const std::string element = between(parts().whole, "<ds:SignatureValue>", "</ds:SignatureValue>");
    const std::string text = element.substr(19, element.size() - 19 - 20);
    std::string packed;
    for (const char c : text)
        if (c != '\n') packed += c;
    const std::string raw = *fromBase64(packed);
    BOOST_REQUIRE(raw.size() == 64U);
    const std::string der = std::string("\x30\x44\x02\x20") + raw.substr(0, 32) + "\x02\x20" + raw.substr(32);
    std::string spare = packed;  // 64 bytes: two characters before "==" with four spare bits
    spare[85] = static_cast<char>(spare[85] == 'A' ? 'B' : spare[85] + 1);
    for (const std::string& other : {packed.substr(0, 86), packed + "=", spare, toBase64(bytesOf(der)),
                                     toBase64(bytesOf(raw + '\0')), toBase64(bytesOf(raw.substr(1))),
                                     toBase64(bytesOf('\0' + raw)), packed.substr(0, 40) + "*" + packed.substr(40)})
        BOOST_TEST(whyOf(open(changed(text, other))).starts_with("malformed_envelope"));
    BOOST_TEST(whyOf(open(changed(text, " \n" + packed.substr(0, 10) + "\r\n\t" + packed.substr(10)))) == "taken");
}

BOOST_AUTO_TEST_CASE(every_changed_character_of_the_content_is_noticed) {
    const std::size_t start = parts().whole.find("<MessageId>");
    const std::size_t end = parts().whole.find("</Body>");
    for (std::size_t at = start; at < end; at += 3) {
        std::string other = parts().whole;
        other[at] = other[at] == 'x' ? 'y' : 'x';
        BOOST_TEST(!open(other), other);
    }
}

BOOST_AUTO_TEST_CASE(deep_and_wide_trees_are_bounded) {
    std::string deep;
    for (int i = 0; i < 1000; ++i) deep += "<a>";
    BOOST_TEST(whyOf(open(changed("<Name>", deep + "<Name>"))).starts_with("too_deep"));
    std::string wide;
    for (int i = 0; i < 100000; ++i) wide += "<a/>";
    BOOST_TEST(whyOf(open(changed("<Name>", wide + "<Name>"))).starts_with("bad_signature"));
    std::string both = deep.substr(0, 3 * 190);
    for (int i = 0; i < 100'000; ++i) both += "<a/>";
    for (int i = 0; i < 190; ++i) both += "</a>";
    BOOST_TEST(whyOf(open(changed("<Name>", both + "<Name>"))).starts_with("too_large"));
    std::string bomb;
    for (int i = 0; i < 1'000'000; ++i) bomb += "<a/>";
    BOOST_TEST(whyOf(open(changed("<Name>", bomb + "<Name>"))).starts_with("too_large"));
    BOOST_TEST(whyOf(openXml(bytesOf(parts().whole), XmlParseLimits{100, 200}, everybody())).starts_with("too_large"));
}

BOOST_AUTO_TEST_CASE(what_would_take_long_to_canonicalize_is_refused_before) {
    const auto elements = [](std::size_t name_bytes, int attributes, int count) {
        std::string text = "<x", one = "<b";
        for (int i = 0; i < attributes; ++i) {
            const std::string prefix = "a" + std::to_string(i);
            if (name_bytes != 0) text += " xmlns:" + prefix + "='" + std::string(name_bytes, 'n') + prefix + "'";
            one += " " + prefix + (name_bytes != 0 ? ":c=''" : "=''");
        }
        text += ">";
        for (int i = 0; i < count; ++i) text += one + "/>";
        return text + "</x>";
    };
    const auto judged = [](const std::string& text) { return whyOf(open(changed("<Name>", text + "<Name>"))); };
    BOOST_TEST(judged(elements(600, 400, 100)).starts_with("too_large"));  // compared and written again and again
    BOOST_TEST(judged(elements(1000, 1, 20)).starts_with("bad_signature"));
    BOOST_TEST(judged(elements(60, 20, 5000)).starts_with("bad_signature"));
    BOOST_TEST(judged(elements(0, 50, 5000)).starts_with("bad_signature"));
    BOOST_TEST(judged(elements(1023, 1, 1)).starts_with("too_wide"));  // with its prefix: 1025 bytes
    BOOST_TEST(judged(elements(1022, 1, 1)).starts_with("bad_signature"));
    std::string repeated = "<x xmlns:p='" + std::string(1000, 'n') + "'>";
    for (int i = 0; i < 700'000; ++i) repeated += "<p:b/>";
    BOOST_TEST(judged(repeated + "</x>").starts_with("too_large"));  // 700 MB would be written
}

BOOST_AUTO_TEST_SUITE_END()
