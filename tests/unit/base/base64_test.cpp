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

BOOST_AUTO_TEST_CASE(takes_no_byte_beside_the_alphabet_wherever_it_stands) {
    const std::string standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (const std::size_t size : {8, 10, 11})
        for (std::size_t at = 0; at < size; ++at)
            for (int byte = 0; byte < 256; ++byte) {
                std::string text(size, 'A');
                text[at] = static_cast<char>(byte);
                if (text[at] == '=') continue;                         // where padding may stand: the case above
                const bool is_last = at + 1 == size && size % 4 != 0;  // what stands there may have no spare bits
                const std::size_t value = standard.find(text[at]);
                const bool good = value != std::string::npos && (!is_last || value % (size % 4 == 2 ? 16 : 4) == 0);
                const std::string padded = text + std::string((4 - size % 4) % 4, '=');
                BOOST_TEST(fromBase64(padded).has_value() == good, padded << " with byte " << byte << " at " << at);
            }
}

BOOST_AUTO_TEST_CASE(gives_back_the_bytes_of_every_length) {
    std::string bytes;
    for (int i = 0; i < 100; ++i) {
        BOOST_TEST(fromBase64(toBase64(bytesOf(bytes))).value() == bytes);
        BOOST_TEST(fromBase64Url(toBase64Url(bytesOf(bytes))).value() == bytes);
        bytes += static_cast<char>(i * 37 + 200);
    }
}

BOOST_AUTO_TEST_SUITE_END()
