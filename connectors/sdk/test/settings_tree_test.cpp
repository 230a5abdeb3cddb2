// connectors/sdk/test/settings_tree_test.cpp - settings that do not fit are refused with their place; absent ones have
// defaults.
#include "connectors/sdk/settings_tree.hpp"

#include <boost/test/unit_test.hpp>

#include "gateway/ports/connector.hpp"

using namespace caseway;

namespace {

const std::string kSchema = R"({"type":"object","additionalProperties":false,"required":["url"],"properties":{
    "url":{"type":"string"}, "size":{"type":"integer","minimum":1,"default":200}, "fast":{"type":"boolean"},
    "secret":{"format":"secret"}, "names":{"type":"array","items":{"type":"string"}},
    "tls":{"type":"object","additionalProperties":false,"properties":{"least":{"enum":["1.2","1.3"],"default":"1.2"}}}}})";

std::string whereRefused(const std::string& json) {
    try {
        SettingsTree::read(json, kSchema);
    } catch (const ConnectorFault& fault) {
        BOOST_TEST(fault.parts().code == "bad_setting");
        BOOST_TEST(!fault.parts().next_step.empty());
        return fault.parts().where;
    }
    return "taken";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(SettingsTreeSuite)

BOOST_AUTO_TEST_CASE(refuses_what_does_not_fit_and_says_where) {
    BOOST_TEST(whereRefused(R"({"url":"x"})") == "taken");
    BOOST_TEST(whereRefused(R"({"url":"x","size":0})") == "/size");
    BOOST_TEST(whereRefused(R"({"url":"x","tls":{"least":"1.0"}})") == "/tls/least");
    BOOST_TEST(whereRefused(R"({"url":"x","no":1})") != "taken");
    for (const char* rubbish : {"", "{", "[]", "null", "{}", "{\"url\":1}", "{\"url\":\"x\",\"url\":\"y\"}"})
        BOOST_TEST(whereRefused(rubbish) != "taken", rubbish);
}

BOOST_AUTO_TEST_CASE(absent_ones_have_the_schemas_default) {
    const SettingsTree settings = SettingsTree::read(R"({"url":"x","names":["a","b"]})", kSchema);
    BOOST_TEST(settings.text("url") == "x");
    BOOST_TEST(settings.number("size") == 200);
    BOOST_TEST(settings.in("tls").text("least") == "1.2");
    BOOST_TEST(settings.in("tls").pointer("least") == "/tls/least");
    BOOST_TEST(!settings.flag("fast"));
    BOOST_TEST(!settings.has("secret"));
    BOOST_TEST(settings.texts("names").size() == 2);
    const SettingsTree unresolved = SettingsTree::read(R"({"url":"x","secret":{"secret":"env:A"}})", kSchema);
    BOOST_CHECK_THROW(unresolved.text("secret"), ConnectorFault);
}

BOOST_AUTO_TEST_SUITE_END()
