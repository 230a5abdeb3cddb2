// tests/unit/daemon/not_opened_test.cpp - live connectors that cannot run here are all named, and nobody is dialed for
// it.
#include <boost/test/unit_test.hpp>

#include "gateway/daemon/live_connectors.hpp"
#include "gateway/formats/register/connector_document.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/pipeline/pulling_fixture.hpp"

using namespace caseway;

namespace {

struct OpenCase {
    const char* name;
    const char* document;
    const char* code;  ///< empty: it can
};

std::shared_ptr<const LiveConnector> live(const OpenCase& one) {
    auto connector = std::make_shared<LiveConnector>();
    connector->name = ConnectorName::parse(one.name).value();
    connector->version = 1;
    connector->file.document = one.document;
    std::vector<Refusal> mistakes;
    connector->file.head = readConnectorParts("draft.yaml", one.document, mistakes).head;
    BOOST_REQUIRE(mistakes.empty());
    connector->file.mapping =
        connector->file.head.mapping == "housing.permit" ? std::string(test::kPermitMapping) : "x";
    return connector;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ConnectorsThatCannotRun)

BOOST_AUTO_TEST_CASE(are_all_named) {
    const fixture::TemporaryFolder folder;
    const std::filesystem::path root = folder.path();
    std::filesystem::create_directories(root / "exchange/out");
    const std::string place = (root / "exchange").string();
    Settings settings;
    settings.data = root / "data";
    settings.connectors.folders = "a=" + place;
    settings.connectors.destinations = "a=127.0.0.1:1";
    const std::string head = "mapping: housing.permit\ntype: ";
    const std::string http = head + "http\nsettings: {records: \"$[*]\", url: \"http://127.0.0.1:";
    const std::string open = head + "folder\nsettings: {folder: " + place + "/";
    const std::string texts[] = {http + "1/\"}",
                                 http + "2/\"}",
                                 open + "out}",
                                 open + "none}",
                                 head + "folder\nsettings: {folder: /srv/elsewhere}",
                                 head + "none\nsettings: {}",
                                 "mapping: other\ntype: folder\nsettings: {folder: " + place + "/out}",
                                 http + "1/\", auth: {kind: bearer, token: {secret: \"store:t\"}}}"};
    const OpenCase cases[] = {{"a/b/c1", texts[0].c_str(), ""},
                              {"a/b/c2", texts[1].c_str(), "destination_not_allowed"},
                              {"a/b/c3", texts[2].c_str(), ""},
                              {"a/b/c4", texts[3].c_str(), "folder_not_usable"},
                              {"a/b/c5", texts[4].c_str(), "folder_not_allowed"},
                              {"a/b/c6", texts[5].c_str(), "connector_type_unknown"},
                              {"a/b/c7", texts[6].c_str(), "mapping_not_good"},
                              {"a/b/c8", texts[7].c_str(), "secret_unknown"}};
    LiveConnectors all;
    std::vector<std::string> expected, told;
    for (const OpenCase& one : cases) {
        all.emplace(one.name, live(one));
        if (*one.code != '\0') expected.push_back(std::string(one.name) + " " + one.code);
    }
    for (const Refusal& why : whyNotOpened(all, installedConnectorTypes(settings), settings)) {
        told.push_back(why.where + " " + why.code);
        BOOST_TEST(!why.hint.empty(), why.code);
        BOOST_TEST(!why.rule.empty(), why.code);
    }
    BOOST_TEST(told == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
