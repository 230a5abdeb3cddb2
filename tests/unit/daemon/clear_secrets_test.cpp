// tests/unit/daemon/clear_secrets_test.cpp - versions that were activated before their settings counted as secrets:
// they open, and are told.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "gateway/daemon/clear_secrets.hpp"
#include "gateway/daemon/connector_judge.hpp"
#include "gateway/daemon/live_connectors.hpp"
#include "gateway/formats/register/connector_document.hpp"

using namespace caseway;
namespace data = boost::unit_test::data;

namespace {

struct Former {
    const char* name;
    std::string settings;
    std::vector<std::string> in_clear;
};
std::ostream& operator<<(std::ostream& out, const Former& former) {
    return out << former.name;
}
const Former kFormer[] = {
    {"a session in the query",
     "type: http\nsettings:\n  url: https://h.example/\n  records: $[*]\n  parameters: {sid: hush, kind: a}\n",
     {"/settings/parameters/sid"}},
    {"fields of HTTP",
     "type: http\nsettings:\n  url: https://h.example/\n  records: $[*]\n  fields: {Auth: hush, X-Api-Key: hush}\n",
     {"/settings/fields/Auth", "/settings/fields/X-Api-Key"}},
    {"a mark of SOAP",
     "type: soap\nsettings:\n  url: https://h.example/\n  request: <a>{{pin}}</a>\n  records: /a/b\n  values: {pin: hush}\n",
     {"/settings/values/pin"}},
    {"what the other side opens with",
     "type: thrift\nsettings:\n  host: h.example\n  port: 1\n  remote: {login: {pin: hush}}\n",
     {"/settings/remote/login/pin"}},
    {"none", "type: http\nsettings:\n  url: https://h.example/\n  records: $[*]\n  parameters: {kind: a}\n", {}},
};

const std::string kHead = "direction: pull\nmapping: a.b\n";

LiveConnector live(const Former& former) {
    LiveConnector made;
    made.name = ConnectorName::parse("housing/permits/nightly").value();
    made.version = 1;
    made.file.document = kHead + former.settings;
    made.file.head = readConnectorDocument("f.yaml", made.file.document).value().head;
    return made;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(SecretsInClear)

BOOST_DATA_TEST_CASE(what_was_activated_before_goes_on_and_is_told, data::make(kFormer), former) {
    Settings settings;
    settings.connectors.destinations = "*: h.example:443";
    const ConnectorTypes types = installedConnectorTypes(settings);
    const LiveConnector version = live(former);
    BOOST_TEST(secretsInClear(types, version.file) == former.in_clear, boost::test_tools::per_element());
    const auto opened = openLive(version, types, settings, [] { return false; });
    BOOST_TEST(opened.ok());
    const bool is_shown = shownVersion(types, version.file) == version.file.document;
    BOOST_TEST(is_shown == former.in_clear.empty());
    // As a draft nobody takes it.
    BOOST_TEST(judgeConnectorFile(types, "f.yaml", version.file.document, "n").size() == former.in_clear.size());
}

BOOST_AUTO_TEST_SUITE_END()
