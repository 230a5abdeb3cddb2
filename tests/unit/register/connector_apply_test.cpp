// tests/unit/register/connector_apply_test.cpp - connectors that an apply brings, changes or takes away: what lands as
// a draft, what travels with an export, and what the plan tells.
#include <boost/test/unit_test.hpp>

#include <functional>

#include "gateway/formats/crypto/certificate.hpp"
#include "tests/unit/register/connector_desk.hpp"

using namespace caseway;
using namespace caseway::fixture;

BOOST_AUTO_TEST_SUITE(ConnectorApply)

BOOST_AUTO_TEST_CASE(that_a_draft_was_tested_is_claimed_by_no_apply) {
    const std::string state = std::string(kFolder) + "state.yaml";
    Desk desk, other;
    desk.does("connector.add", {{"document", kDocument}});
    BOOST_TEST(desk.passes() == "done");
    BOOST_TEST(other.apply(desk.tree) == "done");
    BOOST_TEST(other.stands() == "draft");
    BOOST_TEST(!other.tree.contains(state));
    BOOST_TEST(other.does("connector.activate") == "connector_not_tested");
    BOOST_TEST(other.apply(desk.tree) == "nothing");
    // What was tested here stays, whatever the folder says of it.
    FileTree without = desk.tree;
    without.erase(state);
    BOOST_TEST(desk.apply(without) == "nothing");
    BOOST_TEST(desk.stands() == "tested");
    BOOST_TEST(desk.does("connector.activate") == "done");
    const std::string tested_here = desk.tree.at(state);
    without = desk.tree;
    without[state] = withTestOf(std::nullopt, tested_here).value();
    BOOST_TEST(without.at(state).find("tested") == std::string::npos);
    BOOST_TEST(desk.apply(without) == "nothing");
    BOOST_TEST(desk.tree.at(state) == tested_here);
}

BOOST_AUTO_TEST_CASE(that_runs_and_would_stop_by_an_apply_is_told_in_its_plan) {
    const std::string state = std::string(kFolder) + "state.yaml";
    const auto told = [](const std::function<void(FileTree&)>& edit) {
        Desk desk;
        desk.goesLive();
        FileTree next = desk.tree;
        edit(next);
        BOOST_TEST(desk.apply(next) == "done");
        std::string all;
        for (const std::string& one : desk.warnings) all += one + "\n";
        return all;
    };
    const auto without = [](const std::string& start) {
        return [start](FileTree& tree) {
            std::erase_if(tree, [&](const auto& file) { return file.first.starts_with(start); });
        };
    };
    const std::string stops = "housing/permits/nightly is active and would stop: ";
    BOOST_TEST(told(without(kFolder)) == stops + "the folder has it no more\n");
    BOOST_TEST(told(without("systems/housing/permits/")) ==
               "the system housing/permits is active and would go: nothing that it sends would be taken\n" + stops +
                   "the folder has it no more\n");
    BOOST_TEST(told([&](FileTree& tree) { tree[state] = "live: 1\nstate: suspended\n"; }) ==
               stops + "it is suspended there\n");
    BOOST_TEST(told([&](FileTree& tree) {
                   without(kFolder)(tree);
                   tree[std::string(kFolder) + "draft.yaml"] = kDocument;
               }) == stops + "no version of it is active there\n");
    const std::string system = "systems/housing/permits/system.yaml", department = "systems/housing/department.yaml";
    const std::string nothing = "the system housing/permits is active and nothing that it sends would be taken: ";
    const auto tells = [&](const std::string& file, const std::string& why) {
        const std::string all = told([&](FileTree& tree) { tree[file] += "state: suspended\n"; });
        BOOST_TEST(all.find(nothing + why) != std::string::npos, all);
        BOOST_TEST(all.find("runs no more") != std::string::npos, all);
    };
    tells(system, "it is suspended there\n");
    tells(department, "its department is suspended there\n");
    Desk certified;
    const Instant from = *parseRfc3339("2020-01-01T00:00:00Z");
    const std::string der = Certificate::selfSigned(PrivateKey::generate(KeyKind::EcP256), "x", from,
                                                    from + std::chrono::hours(24 * 3650));
    certified.tree["systems/housing/permits/2026.pem"] = (*Certificate::fromDer(der))->pem();
    FileTree bare = certified.tree;
    bare.erase("systems/housing/permits/2026.pem");
    BOOST_TEST(certified.apply(bare) == "done");
    BOOST_TEST_REQUIRE(certified.warnings.size() == 1U);
    BOOST_TEST(certified.warnings.front() == nothing + "no certificate of it is good there");
    // What is suspended already stops by nothing.
    Desk suspended;
    suspended.goesLive();
    suspended.tree[system] += "state: suspended\n";
    FileTree less = suspended.tree;
    without(kFolder)(less);
    BOOST_TEST(suspended.apply(less) == "done");
    BOOST_TEST(suspended.warnings.empty());
    BOOST_TEST(told([](FileTree& tree) { tree["systems/housing/department.yaml"] += "# x\n"; }).find("would") ==
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(comes_as_a_draft_where_nobody_saw_it_work) {
    const std::string version = std::string(kFolder) + "versions/0001.yaml";
    const std::string draft = std::string(kFolder) + "draft.yaml";
    Desk desk;
    desk.goesLive();
    FileTree by_hand = desk.tree;  // as somebody writes an installation who knows what an export looks like
    by_hand[version] = kDocument;
    by_hand[std::string(kFolder) + "state.yaml"] = "live: 1\n";
    Desk other;
    BOOST_TEST(other.apply(by_hand) == "done");
    BOOST_TEST(other.stands() == "draft");
    BOOST_TEST(other.tree.at(draft) == kDocument);
    BOOST_TEST(!other.tree.contains(version));
    BOOST_TEST_REQUIRE(!other.warnings.empty());
    BOOST_TEST(other.warnings.front() ==
               "housing/permits/nightly: version 1 bears no mark of a test, so it comes as a draft: caseway connector "
               "test housing/permits/nightly, then caseway connector activate housing/permits/nightly");
    BOOST_TEST(other.apply(by_hand) == "nothing");
    BOOST_TEST(other.does("connector.activate") == "connector_not_tested");

    // tested, but with another version of its type than is here; where it was tested, it stays
    Desk newer;
    newer.world.types["memory"] = "2.0.0";
    BOOST_TEST(newer.apply(desk.tree) == "done");
    BOOST_TEST(newer.stands() == "draft");
    BOOST_TEST(newer.warnings.front().find("was tested with version 1.0.0 of its type, here is 2.0.0") !=
               std::string::npos);
    desk.world.types["memory"] = "2.0.0";
    BOOST_TEST(desk.apply(desk.tree) == "nothing");
    BOOST_TEST(desk.stands() == "active draft 1");
}

BOOST_AUTO_TEST_CASE(goes_on_where_an_apply_brings_a_version_that_nobody_saw_work) {
    Desk desk;
    desk.goesLive();
    FileTree next = desk.tree;
    next[std::string(kFolder) + "versions/0002.yaml"] = "type: memory\nmapping: permits\nsettings: {table: b}\n";
    next[std::string(kFolder) + "state.yaml"] = "live: 2\n";
    BOOST_TEST(desk.apply(next) == "done");
    BOOST_TEST(desk.stands() == "active draft 1");
    BOOST_TEST(desk.warnings.front().find("comes as a draft and version 1 goes on") != std::string::npos,
               desk.warnings.front());
}

BOOST_AUTO_TEST_CASE(travels_with_an_export_but_no_byte_of_a_version_may_change) {
    Desk desk, other;
    desk.goesLive();
    BOOST_TEST(other.apply(desk.tree) == "done");
    BOOST_TEST(other.warnings.size() == 1U);  // active, and never tested here
    BOOST_TEST(other.stands() == "active 1");
    BOOST_TEST(other.apply(desk.tree) == "nothing");
    const auto tampered = [&](const char* file, const std::string& from, const std::string& to) {
        FileTree tree = desk.tree;
        std::string& text = tree.at(std::string(kFolder) + file);
        text.replace(text.find(from), from.size(), to);
        return other.apply(tree);
    };
    BOOST_TEST(tampered("versions/0001.yaml", "table: a", "table: c") == "connector_version_differs");
    BOOST_TEST(tampered("versions/0001.mapping.yaml", "permits", "permitz") == "connector_version_differs");
    BOOST_TEST(tampered("versions/0001.yaml", "1.0.0", "1.0.1") == "connector_version_differs");
    BOOST_TEST(tampered("versions/0001.yaml", "tested:", "testd:") == "connector_not_good");
    BOOST_TEST(tampered("state.yaml", "live: 1", "live: 2") == "register_not_good");
    BOOST_TEST(tampered("state.yaml", "active", "running") == "connector_not_good");
    FileTree without = desk.tree;
    without.erase(std::string(kFolder) + "versions/0001.mapping.yaml");
    BOOST_TEST(other.apply(without) == "connector_version_differs");
    FileTree stranger = desk.tree;
    stranger[std::string(kFolder) + "versions/notes.txt"] = "x";
    BOOST_TEST(other.apply(stranger) == "register_not_good");
    BOOST_TEST(other.stands() == "active 1");
}

BOOST_AUTO_TEST_CASE(that_may_be_read_by_a_department_nobody_knows_is_told) {
    Desk desk;
    FileTree next = desk.tree;
    std::string& system = next.at("systems/housing/permits/system.yaml");
    system += "may_read: [huosing, housing, '*']\n";
    BOOST_TEST(desk.apply(next) == "done");
    BOOST_TEST_REQUIRE(desk.warnings.size() == 1U);
    BOOST_TEST(desk.warnings.front() ==
               "systems/housing/permits/system.yaml may_read: no department huosing is registered: did you mean "
               "'housing'?");
    system += "# again\n";
    BOOST_TEST(desk.apply(next) == "done");
    BOOST_TEST(desk.warnings.empty());
}

BOOST_AUTO_TEST_SUITE_END()
