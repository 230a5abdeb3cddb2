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

BOOST_AUTO_TEST_SUITE_END()
