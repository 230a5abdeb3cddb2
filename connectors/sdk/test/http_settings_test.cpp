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

BOOST_AUTO_TEST_CASE(a_name_of_a_secret_is_no_matter_of_what_runs) {
    // Drafts are refused for it before a connector is opened; what was activated under former rules goes on.
    BOOST_TEST(whereRefused(R"({"fields":{"sid":"hush","X-Api-Key":"hush"}})") == "taken");
    BOOST_TEST(whereRefused(R"({"fields":{"Host":"h"}})") == "/fields/Host");
}

BOOST_AUTO_TEST_CASE(an_answer_has_a_bound_that_memory_has_room_for) {
    BOOST_TEST(whereRefused(R"({"limits":{"answer_bytes":67108864}})") == "taken");
    BOOST_TEST(whereRefused(R"({"limits":{"answer_bytes":67108865}})") == "/limits/answer_bytes");
}

BOOST_AUTO_TEST_SUITE_END()
