// tests/unit/settings/secret_mask_test.cpp - secrets in every form that a library gives them, taken out of a text.
#include "gateway/formats/settings/secret_mask.hpp"

#include <boost/test/unit_test.hpp>

#include "gateway/base/base64.hpp"

using namespace caseway;

namespace {

constexpr const char* kSecret = "p\xC3\xA4ss w/rd+\"1";

std::string base64Of(const std::string& text) {
    return toBase64(bytesOf(text));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(SecretMasks)

BOOST_AUTO_TEST_CASE(hide_a_secret_in_another_case_of_letters) {
    const SecretMask mask({"Token-Of-Housing-42", "Zq"});
    BOOST_TEST(mask.masked("token-of-housing-42.example.invalid: No such host") == "***.example.invalid: No such host");
    BOOST_TEST(mask.masked("HOST TOKEN-OF-HOUSING-42") == "HOST ***");
    BOOST_TEST(mask.masked("Begins with token-of-h") == "Begins with ***");
    BOOST_TEST(mask.holds("x.token-of-housing-42"));
    BOOST_TEST(mask.masked("zQ stood here") == "***");
}

BOOST_AUTO_TEST_CASE(hide_a_secret_in_each_of_its_forms) {
    const SecretMask mask({kSecret, "other-secret"});
    const std::string forms[] = {
        kSecret,
        base64Of(kSecret),
        toBase64Url(bytesOf(kSecret)),
        "p%C3%A4ss%20w%2Frd%2B%221",
        "p%c3%a4ss%20w%2frd%2b%221",
        "p%C3%A4ss%20w/rd%2B%221",
        "p%C3%A4ss+w%2Frd%2B%221",
        "70c3a4737320772f72642b2231",
        "70C3A4737320772F72642B2231",
        "p\xC3\xA4ss w/rd+\\\"1",
    };
    for (const std::string& form : forms) {
        const std::string told = mask.masked("login with " + form + " failed, other-secret too");
        BOOST_TEST(told == "login with *** failed, *** too", form);
        BOOST_TEST(mask.holds("x" + form + "x"), form);
    }
    BOOST_TEST(mask.masked("login failed") == "login failed");
    BOOST_TEST(!mask.holds("login failed"));
}

BOOST_AUTO_TEST_CASE(hide_it_in_base64_amid_other_bytes) {
    const std::string secret = "hunter2-hunter2";
    const SecretMask mask({secret});
    for (const char* before : {"", "u", "us", "use", "user", "user:"})
        for (const char* behind : {"", "x", "xy", "xyz"}) {
            const std::string told = mask.masked(base64Of(before + secret + behind));
            BOOST_TEST(told.find("***") != std::string::npos, before << " " << behind);
            // what is left tells no whole byte of the secret but perhaps the outermost
            BOOST_TEST(told.size() <= 3 + base64Of(before).size() + base64Of(behind).size() + 2, told);
        }
}

BOOST_AUTO_TEST_CASE(hide_what_overlaps_what_is_cut_and_the_lines_of_a_key) {
    BOOST_TEST(SecretMask({"abcdef", "defghi"}).masked("x abcdefghi y") == "x *** y");
    const SecretMask mask({"hunter2-hunter2", "-----BEGIN-----\r\nMIIEvAIBADAN\nxy\n"});
    BOOST_TEST(mask.masked("ter2-hunter2 was the end") == "*** was the end");
    BOOST_TEST(mask.masked("the end: hunter2-hu") == "the end: ***");
    BOOST_TEST(mask.masked("the end: hun") == "the end: hun");
    BOOST_TEST(mask.masked("line MIIEvAIBADAN") == "line ***");
    BOOST_TEST(mask.masked("xy") == "xy");
}

BOOST_AUTO_TEST_CASE(let_no_text_through_that_holds_a_very_short_one) {
    const SecretMask mask({"", "xy1"});
    BOOST_TEST(mask.masked("pin xy1 refused") == "***");
    BOOST_TEST(mask.masked("pin refused") == "pin refused");
    BOOST_TEST(SecretMask().masked("anything") == "anything");
}

BOOST_AUTO_TEST_SUITE_END()
