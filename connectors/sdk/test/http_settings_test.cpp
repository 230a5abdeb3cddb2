// connectors/sdk/test/http_settings_test.cpp - what connectors over HTTP share: secrets stand in `auth` alone, answers
// are bounded.
#include "connectors/sdk/http_settings.hpp"

#include <boost/test/unit_test.hpp>

#include "gateway/ports/connector.hpp"

using namespace caseway;

namespace {

SettingsTree treeOf(const std::string& json) {
    return SettingsTree::read(
        json, R"({"type":"object","additionalProperties":false,"properties":{)" + kHttpSettingsMembers + "}}");
}
std::string whereRefused(const std::string& json) {
    try {
        readFields(treeOf(json));
    } catch (const ConnectorFault& fault) {
        BOOST_TEST(fault.parts().code == "bad_setting");
        BOOST_TEST(std::string(fault.what()).find("hush") == std::string::npos);
        return fault.parts().where;
    }
    return "taken";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(HttpSettings)

BOOST_AUTO_TEST_CASE(names_of_secrets_are_refused_with_the_way_to_give_them) {
    for (const std::string name :
         {"Authorization", "proxy-authorization", "Cookie", "X-Api-Key", "apikey", "APP_KEY", "X-Access-Token",
          "client_secret", "pass-word", "Password", "passwd_md5", "keyword_key"}) {
        BOOST_TEST(whereRefused(R"({"fields":{")" + name + R"(":"hush"}})") == "/fields/" + name);
    }
    for (const std::string name : {"X-Dept", "Accept-Language", "X-Keywords", "author"})
        BOOST_TEST(whereRefused(R"({"fields":{")" + name + R"(":"a"}})") == "taken", name);
    try {
        readFields(treeOf(R"({"fields":{"X-Api-Key":"hush"}})"));
    } catch (const ConnectorFault& fault) {
        BOOST_TEST(fault.parts().next_step.find("`auth`") != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(an_answer_has_a_bound_that_memory_has_room_for) {
    BOOST_TEST(whereRefused(R"({"limits":{"answer_bytes":67108864}})") == "taken");
    BOOST_TEST(whereRefused(R"({"limits":{"answer_bytes":67108865}})") == "/limits/answer_bytes");
}

BOOST_AUTO_TEST_SUITE_END()
