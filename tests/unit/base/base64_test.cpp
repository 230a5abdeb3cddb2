// tests/unit/base/base64_test.cpp - one byte string has one text (RFC 4648 §10 vectors and the ways to bend them).
#include "gateway/base/base64.hpp"

#include <boost/test/unit_test.hpp>

using namespace caseway;

BOOST_AUTO_TEST_SUITE(Base64)

BOOST_AUTO_TEST_CASE(writes_and_reads_the_vectors_of_the_rfc) {
    const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                           {"f", "Zg=="},
                                                           {"fo", "Zm8="},
                                                           {"foo", "Zm9v"},
                                                           {"foob", "Zm9vYg=="},
                                                           {"fooba", "Zm9vYmE="},
                                                           {"foobar", "Zm9vYmFy"}};
    for (const auto& [plain, text] : vectors) {
        BOOST_TEST(toBase64(bytesOf(plain)) == text);
        BOOST_TEST(fromBase64(text).value() == plain);
        std::string url = text;
        url.erase(url.find_last_not_of('=') + 1);
        BOOST_TEST(toBase64Url(bytesOf(plain)) == url);
        BOOST_TEST(fromBase64Url(url).value() == plain);
    }
}

BOOST_AUTO_TEST_CASE(refuses_every_second_spelling) {
    for (const char* text : {"Zg", "Zg=", "Zh==", "Zm9=", "Z", "====", "Zg==\n", " Zg==", "Zm9v=", "Zm-v", "=Zg="})
        BOOST_TEST(!fromBase64(text).has_value(), text);
    for (const char* text : {"Zg==", "Zh", "Zm9", "Z", "Zg\n", "Zm+v", "Zm/v", "Z g"})
        BOOST_TEST(!fromBase64Url(text).has_value(), text);
}

BOOST_AUTO_TEST_SUITE_END()
