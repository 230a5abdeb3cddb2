// tests/unit/register/connector_desk.hpp - one connector of an installation without disk, log or gateway: what is done
// to it, and where it stands.
#pragma once

#include <boost/test/unit_test.hpp>

#include <map>
#include <string>
#include <vector>

#include "gateway/formats/register/read_register.hpp"
#include "gateway/register/connector_view.hpp"
#include "gateway/register/plan.hpp"

namespace caseway::fixture {

inline constexpr const char* kName = "housing/permits/nightly";
inline constexpr const char* kFolder = "systems/housing/permits/connectors/nightly/";
inline constexpr const char* kDocument = "type: memory\nmapping: permits\nsettings: {table: a}  # ours\n";

struct Desk {
    const char* now = "2026-05-04T00:00:00Z";
    FileTree tree{{"systems/housing/department.yaml", "code: \"11350200004135017C\"\nname: x\n"},
                  {"systems/housing/permits/system.yaml", "mappings: [permits]\n"}};
    ConnectorWorld world{{{"permits", "mapping: permits\n"}}, {{"memory", "1.0.0"}}};
    std::optional<SeenToWork> tested;
    std::vector<std::string> warnings;

    std::string does(std::string_view operation, std::map<std::string, std::string> texts = {}) {
        texts.emplace("connector", kName);
        PlanContext context;
        context.now = *parseRfc3339(now);
        context.connectors = [this] { return world; };
        context.tested = tested;
        const auto change = planChange(tree, {operationNamed(operation), std::move(texts), {}, {}}, context);
        if (!change) {
            BOOST_TEST(!change.error().hint.empty());
            return change.error().code;
        }
        warnings = change->warnings;
        tree = changed(std::move(tree), change->files);
        return change->isNothing() ? "nothing" : "done";
    }
    std::string sets(const std::string& document) { return does("connector.set", {{"document", document}}); }
    std::string apply(FileTree files) {
        PlanContext context;
        context.connectors = [this] { return world; };
        const auto change = planChange(tree, {operationNamed("apply"), {}, {}, std::move(files)}, context);
        if (!change) return change.error().code;
        warnings = change->warnings;
        if (change->isNothing()) return "nothing";
        tree = changed(std::move(tree), change->files);
        return "done";
    }
    RegisterContent content() const {
        auto read = readRegister(tree);
        BOOST_REQUIRE(read.ok());
        return std::move(*read);
    }
    /// A test that succeeds with what is there now.
    std::string passes() {
        const RegisterContent now = content();
        tested = SeenToWork{candidateOf(*connectorNamed(now, kName), world)->digest};
        return does("connector.test");
    }
    /// "active draft 2": state, what waits, live version.
    std::string stands() const {
        const RegisterContent now = content();
        const RegisteredConnector* const connector = connectorNamed(now, kName);
        const ConnectorStanding standing = standingOf(*connector, world);
        return standing.state + (standing.draft.empty() ? "" : " " + standing.draft) +
               (connector->live != 0 ? " " + std::to_string(connector->live) : "");
    }
    void goesLive() {
        BOOST_TEST(does("connector.add", {{"document", kDocument}}) == "done");
        BOOST_TEST(passes() == "done");
        BOOST_TEST(does("connector.activate") == "done");
    }
};

}  // namespace caseway::fixture
