// tests/unit/daemon/secret_users_test.cpp - who is told to stand on a secret that goes.
#include <boost/test/unit_test.hpp>

#include "tests/unit/daemon/bureau.hpp"

using namespace caseway;
using fixture::Bureau;

BOOST_AUTO_TEST_SUITE(SecretUsers)

BOOST_AUTO_TEST_CASE(tells_who_stands_on_a_secret_that_goes) {
    Bureau bureau;
    const auto removes = [&](const char* secret) {
        const auto report = bureau.does("secret.remove", {{"secret", secret}});
        return report ? *report : report.error().code;
    };
    for (const char* secret : {"housing/sftp", "all/sftp", "housing/other"})
        BOOST_REQUIRE(bureau.does("secret.set", {{"secret", secret}, {"value", "hidden"}}).ok());
    BOOST_TEST(bureau.drafts("type: memory\nmapping: open311.requests_xml\n"
                             "settings: {table: a, password: {secret: \"store:sftp\"}}\n") == "done");
    bureau.offers(fixture::kGood);
    BOOST_REQUIRE(bureau.does("connector.test").ok());
    BOOST_REQUIRE(bureau.does("connector.activate").ok());
    BOOST_TEST(removes("housing/other").find(fixture::kName) == std::string::npos);
    BOOST_TEST(removes("housing/sftp").find("housing/permits/nightly uses it, and uses all/sftp from now on") !=
               std::string::npos);
    BOOST_TEST(removes("all/sftp").find("housing/permits/nightly uses it, and cannot run without it") !=
               std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
