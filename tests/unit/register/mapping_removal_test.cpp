// tests/unit/register/mapping_removal_test.cpp - a mapping goes only where nobody uses it; who does is told, all at
// once.
#include <boost/test/unit_test.hpp>

#include "gateway/register/plan.hpp"

using namespace caseway;

namespace {

const std::string kConnector = "systems/housing/permits/connectors/nightly/";

struct RemovalCase {
    const char* named;
    const char* granted;  ///< to the system
    const char* draft;    ///< the mapping of a connector's draft; null: there is none
    const char* outcome;  ///< files that go, or the code and the number of reasons
};
const RemovalCase kCases[] = {
    {"permits", "", nullptr, "mappings/one/mapping.yaml"},
    {"permits", "other", "other", "mappings/one/mapping.yaml"},
    {"permits", "permits", nullptr, "mapping_in_use 1"},
    {"permits", "", "permits", "mapping_in_use 1"},
    {"permits", "permits", "permits", "mapping_in_use 2"},
    {"broken", "", nullptr, "mappings/broken/mapping.yaml"},  // it has no name that could be read
    {"one", "", nullptr, "mappings/one/mapping.yaml"},
    {"one", "permits", nullptr, "mapping_in_use 1"},  // by its folder too
    {"nobody", "", nullptr, "mapping_not_installed 1"},
    {"../x", "", nullptr, "mapping_not_installed 1"},
};

std::string outcomeOf(const RemovalCase& one) {
    FileTree tree{{"systems/housing/department.yaml", "code: \"11350200004135017C\"\nname: x\n"},
                  {"systems/housing/permits/system.yaml", "mappings: [" + std::string(one.granted) + "]\n"},
                  {"mappings/one/mapping.yaml", "mapping: permits\n"},
                  {"mappings/broken/mapping.yaml", "]"}};
    if (one.draft != nullptr)
        tree[kConnector + "draft.yaml"] = "type: memory\nmapping: " + std::string(one.draft) + "\n";
    PlanContext context;
    context.connectors = [] { return ConnectorWorld{{{"permits", "mapping: permits\n"}}, {}}; };
    const auto change = planChange(tree, {operationNamed("mapping.remove"), {{"mapping", one.named}}, {}, {}}, context);
    if (!change) {
        BOOST_TEST(!change.error().hint.empty());
        return change.error().code + " " + std::to_string(1 + change.error().also.size());
    }
    BOOST_TEST(change->event == "mapping_removed");
    std::string gone;
    for (const FileChange& file : change->files) gone += file.after ? "?" : file.path;
    return gone;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(MappingRemoval)

BOOST_AUTO_TEST_CASE(takes_out_what_nobody_uses) {
    for (const RemovalCase& one : kCases) BOOST_TEST(outcomeOf(one) == one.outcome, one.named << " " << one.granted);
}

BOOST_AUTO_TEST_CASE(says_of_a_draft_that_it_is_removed_and_not_suspended_first) {
    const FileTree tree{{"systems/housing/department.yaml", "code: \"11350200004135017C\"\nname: x\n"},
                        {"systems/housing/permits/system.yaml", "mappings: []\n"},
                        {kConnector + "draft.yaml", "type: memory\nmapping: permits\n"},
                        {"mappings/one/mapping.yaml", "mapping: permits\n"}};
    PlanContext context;
    context.connectors = [] { return ConnectorWorld{{{"permits", "mapping: permits\n"}}, {}}; };
    const auto change = planChange(tree, {operationNamed("mapping.remove"), {{"mapping", "permits"}}, {}, {}}, context);
    BOOST_TEST_REQUIRE(!change);
    BOOST_TEST(change.error().hint == "caseway connector remove housing/permits/nightly");
}

/// Two whose names are each other's folders; and one that this release cannot load, which a system may use.
BOOST_AUTO_TEST_CASE(a_name_goes_before_a_folder_and_stands_in_a_file_that_cannot_be_loaded) {
    const FileTree tree{{"systems/housing/department.yaml", "code: \"11350200004135017C\"\nname: x\n"},
                        {"systems/housing/permits/system.yaml", "mappings: [old.xml]\n"},
                        {"mappings/alpha/mapping.yaml", "mapping: beta\n"},
                        {"mappings/beta/mapping.yaml", "mapping: alpha\n"},
                        {"mappings/old/mapping.yaml", "# of a former release\nmapping: \"old.xml\"  # its name\n]"},
                        {"mappings/spelled/mapping.yaml", "mapping : old.xml\nsource: 1\n"},
                        {"mappings/quoted/mapping.yaml", "\"mapping\": old.xml\n]"},
                        {"mappings/bracket/mapping.yaml", "{\"mapping\": \"old.xml\", \"source\": 1}"}};
    PlanContext context;
    context.connectors = [] {
        return ConnectorWorld{{{"alpha", "mapping: alpha\n"}, {"beta", "mapping: beta\n"}}, {}};
    };
    const auto removed = [&](const char* named) {
        return planChange(tree, {operationNamed("mapping.remove"), {{"mapping", named}}, {}, {}}, context);
    };
    for (const auto& [named, file] :
         {std::pair{"beta", "mappings/alpha/mapping.yaml"}, {"alpha", "mappings/beta/mapping.yaml"}}) {
        const auto change = removed(named);
        BOOST_REQUIRE(change.ok());
        BOOST_REQUIRE(change->files.size() == 1U);
        BOOST_TEST(change->files.front().path == file);
        BOOST_TEST(change->subject == named);
    }
    for (const char* folder : {"old", "spelled", "quoted", "bracket"}) {
        const auto used = removed(folder);
        BOOST_TEST_REQUIRE(!used.ok(), folder);
        BOOST_TEST(used.error().code == "mapping_in_use");
        BOOST_TEST(used.error().value == "old.xml");
    }
}

BOOST_AUTO_TEST_SUITE_END()
