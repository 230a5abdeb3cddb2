// tests/unit/register/connector_life_test.cpp - the life of a connector as planned changes of files: what is refused on
// the way, what goes on unchanged, what comes back.
#include <boost/test/unit_test.hpp>

#include "gateway/register/connector_hold.hpp"
#include "gateway/register/connector_view.hpp"
#include "gateway/register/near_registered.hpp"
#include "tests/unit/register/connector_desk.hpp"

using namespace caseway;
using namespace caseway::fixture;

BOOST_AUTO_TEST_SUITE(ConnectorLife)

BOOST_AUTO_TEST_CASE(goes_from_draft_over_tested_to_active) {
    Desk desk;
    BOOST_TEST(desk.does("connector.add", {{"document", kDocument}}) == "done");
    BOOST_TEST(desk.stands() == "draft");
    BOOST_TEST(desk.does("connector.activate") == "connector_not_tested");
    BOOST_TEST(desk.does("connector.suspend") == "connector_never_live");
    BOOST_TEST(desk.passes() == "done");
    BOOST_TEST(desk.stands() == "tested");
    BOOST_TEST(desk.does("connector.activate") == "done");
    BOOST_TEST(desk.stands() == "active 1");
    BOOST_TEST(!desk.tree.contains(std::string(kFolder) + "draft.yaml"));
    BOOST_TEST(desk.tree.at(std::string(kFolder) + "versions/0001.yaml").starts_with(kDocument));
    BOOST_TEST(desk.does("connector.activate") == "nothing");
    BOOST_TEST(desk.does("connector.add", {{"document", kDocument}}) == "connector_known");
}

BOOST_AUTO_TEST_CASE(its_system_goes_behind_it) {
    Desk desk;
    desk.goesLive();
    const std::map<std::string, std::string> system{{"system", "housing/permits"}};
    BOOST_TEST(desk.does("system.suspend", system) == "done");
    BOOST_TEST(desk.does("system.remove", system) == "system_has_connectors");
    BOOST_TEST(desk.does("connector.suspend") == "done");
    BOOST_TEST(desk.does("system.remove", system) == "system_has_connectors");
    BOOST_TEST(desk.does("connector.remove") == "done");
    BOOST_TEST(desk.does("system.remove", system) == "done");
}

BOOST_AUTO_TEST_CASE(takes_no_test_that_was_only_claimed) {
    Desk desk;
    desk.does("connector.add", {{"document", kDocument}});
    BOOST_TEST(desk.does("connector.test") == "connector_not_tested");
    desk.tested = SeenToWork{std::string(64, '0')};
    BOOST_TEST(desk.does("connector.test") == "connector_changed_meanwhile");
    BOOST_TEST(desk.stands() == "draft");
}

BOOST_AUTO_TEST_CASE(is_draft_again_when_settings_mapping_or_type_change_while_the_old_version_stays) {
    Desk desk;
    desk.goesLive();
    const std::string version = desk.tree.at(std::string(kFolder) + "versions/0001.yaml");
    BOOST_TEST(desk.sets("type: memory\nmapping: permits\nsettings: {table: b}\n") == "done");
    BOOST_TEST(desk.stands() == "active draft 1");
    BOOST_TEST(desk.does("connector.activate") == "connector_not_tested");
    BOOST_TEST(desk.sets(kDocument) == "done");  // as it is live: nothing waits
    BOOST_TEST(desk.stands() == "active 1");
    desk.world.mappings["permits"] += "# changed\n";
    BOOST_TEST(desk.stands() == "active draft 1");
    BOOST_TEST(desk.does("connector.activate") == "connector_not_tested");
    BOOST_TEST(desk.tree.at(std::string(kFolder) + "versions/0001.mapping.yaml") == "mapping: permits\n");
    BOOST_TEST(desk.passes() == "done");
    BOOST_TEST(desk.stands() == "active tested 1");
    BOOST_TEST(desk.does("connector.activate") == "done");
    BOOST_TEST(desk.stands() == "active 2");
    desk.world.types["memory"] = "1.1.0";
    BOOST_TEST(desk.stands() == "active draft 2");
    BOOST_TEST(desk.tree.at(std::string(kFolder) + "versions/0001.yaml") == version);
}

BOOST_AUTO_TEST_CASE(is_draft_again_when_a_file_of_its_plugin_changes) {
    Desk desk;
    desk.world.types["memory"] = "1.0.0+aaaaaaaaaaaaaaaa";
    desk.goesLive();
    BOOST_TEST(desk.stands() == "active 1");
    const auto why = [&] {
        const RegisterContent now = desk.content();
        return whyOtherPlugin(kName, *connectorNamed(now, kName)->liveVersion(), desk.world.types["memory"]);
    };
    BOOST_TEST(!why());
    desk.world.types["memory"] = "1.0.0+bbbbbbbbbbbbbbbb";
    BOOST_TEST(desk.stands() == "active draft 1");
    BOOST_TEST(desk.does("connector.activate") == "connector_not_tested");
    BOOST_TEST_REQUIRE(why().has_value());
    BOOST_TEST(why()->code == "connector_type_changed");
    BOOST_TEST(desk.passes() == "done");
    BOOST_TEST(desk.does("connector.activate") == "done");
    BOOST_TEST(desk.stands() == "active 2");
    BOOST_TEST(!why());
    BOOST_TEST(desk.does("connector.rollback") == "done");
    BOOST_TEST(desk.warnings.front().find("it was tested with version 1.0.0+aaaaaaaaaaaaaaaa") == 0U);

    Desk former;  // of a release that kept no digest: nobody can tell, and it goes on
    former.goesLive();
    former.world.types["memory"] = "1.0.0+aaaaaaaaaaaaaaaa";
    BOOST_TEST(former.stands() == "active 1");
    Desk fresh;
    fresh.world = former.world;
    BOOST_TEST(fresh.apply(former.tree) == "done");
    BOOST_TEST(fresh.stands() == "active 1");
}

BOOST_AUTO_TEST_CASE(needs_no_new_test_for_when_it_runs) {
    Desk desk;
    desk.goesLive();
    BOOST_TEST(desk.sets(std::string(kDocument) + "schedule: {cron: \"30 1 * * *\"}\nlimits: {page_records: 10}\n"
                                                  "reconcile: {repair: missing, vanished_at_most: 0.5%}\n") == "done");
    BOOST_TEST(desk.stands() == "active tested 1");
    BOOST_TEST(desk.does("connector.activate") == "done");
    BOOST_TEST(desk.stands() == "active 2");
}

BOOST_AUTO_TEST_CASE(is_suspended_resumed_rolled_back_and_removed) {
    Desk desk;
    desk.goesLive();
    BOOST_TEST(desk.does("connector.rollback") == "connector_version_unknown");
    desk.sets("type: memory\nmapping: permits\nsettings: {table: b}\n");
    desk.passes();
    desk.does("connector.activate");
    BOOST_TEST(desk.does("connector.rollback") == "done");
    BOOST_TEST(desk.stands() == "active 1");
    BOOST_TEST(desk.does("connector.rollback", {{"version", "2"}}) == "done");
    BOOST_TEST(desk.does("connector.rollback", {{"version", "7"}}) == "connector_version_unknown");
    BOOST_TEST(desk.does("connector.remove") == "connector_active");
    BOOST_TEST(desk.does("connector.suspend") == "done");
    BOOST_TEST(desk.stands() == "suspended 2");
    BOOST_TEST(desk.does("connector.suspend") == "nothing");
    BOOST_TEST(desk.does("connector.activate") == "connector_waits");
    BOOST_TEST(desk.does("connector.resume") == "done");
    BOOST_TEST(desk.stands() == "active 2");
    desk.does("connector.suspend");
    BOOST_TEST(desk.does("connector.remove") == "done");
    BOOST_TEST(desk.content().systems.begin()->second.connectors.empty());
    BOOST_TEST(desk.does("connector.resume") == "connector_unknown");
}

BOOST_AUTO_TEST_CASE(that_is_mistyped_is_named_as_it_may_be_meant) {
    RegisterContent content;
    const auto id = SystemId::parse("housing/permits").value();
    content.systems[id].connectors["nightly"].name = ConnectorName::parse("housing/permits/nightly").value();
    BOOST_TEST(unknownConnector(content, "housing/permits/nigthly").hint == "did you mean 'housing/permits/nightly'?");
    BOOST_TEST(unknownConnector(content, "water/meters/x").hint == "caseway connector list");
    BOOST_TEST(unknownConnector(content, "nightly").hint == "did you mean 'housing/permits/nightly'?");
    BOOST_TEST(unknownConnector({}, "housing/permits/nightly").code == "connector_unknown");
    BOOST_TEST(unknownSystem(content, "huosing/permits").hint == "did you mean 'housing/permits'?");
    BOOST_TEST(unknownSystem(content, "permits").hint == "did you mean 'housing/permits'?");
    BOOST_TEST(unknownSystem(content, "water/meters").hint == "caseway system list");
    BOOST_TEST(unknownDepartment(content, "huosing").hint == "did you mean 'housing'?");
    BOOST_TEST(unknownDepartment(content, "").hint == "caseway department list");
    content.systems[SystemId::parse("health/permits").value()];  // two have that last part
    BOOST_TEST(unknownSystem(content, "permits").hint == "caseway system list");
}

BOOST_AUTO_TEST_CASE(keeps_its_schedule_from_when_it_went_live) {
    Desk desk;
    const auto since = [&] { return connectorNamed(desk.content(), kName)->liveSince(); };
    desk.does("connector.add", {{"document", kDocument}});
    desk.passes();
    desk.now = "2026-05-20T08:00:00Z";  // weeks behind its test
    desk.does("connector.activate");
    BOOST_TEST(since() == "2026-05-20T08:00:00Z");
    desk.now = "2026-05-21T08:00:00Z";
    desk.does("connector.activate");
    desk.does("connector.suspend");
    BOOST_TEST(since() == "2026-05-20T08:00:00Z");
    desk.now = "2026-06-30T08:00:00Z";
    desk.does("connector.resume");
    BOOST_TEST(since() == "2026-06-30T08:00:00Z");
    std::string& state = desk.tree.at(std::string(kFolder) + "state.yaml");
    const std::string line = "live_since: \"2026-06-30T08:00:00Z\"\n";
    BOOST_TEST_REQUIRE(state.find(line) != std::string::npos, state);
    state.erase(state.find(line), line.size());  // as a former version wrote it: behind its test
    BOOST_TEST(since() == "2026-05-04T00:00:00Z");
}

BOOST_AUTO_TEST_CASE(goes_live_with_a_granted_mapping_alone) {
    Desk desk;
    desk.tree["systems/housing/permits/system.yaml"] = "mappings: []\n";
    BOOST_TEST(desk.does("connector.add", {{"document", kDocument}}) == "done");
    BOOST_TEST(desk.warnings.size() == 1U);
    desk.passes();
    BOOST_TEST(desk.does("connector.activate") == "connector_mapping_not_granted");
}

/// What is done to a live connector from outside, and what it is told: where the reason is, and its next step.
struct HoldCase {
    const char* operation;
    std::map<std::string, std::string> texts;
    std::map<std::string, std::vector<std::string>> lists;
    const char *where, *hint;  ///< null: it runs on
};
const HoldCase kHolds[] = {
    {"system.revoke_grant",
     {},
     {{"mappings", {"permits"}}},
     "mapping",
     "caseway system grant housing/permits --mapping permits, or caseway connector suspend housing/permits/nightly"},
    {"system.suspend", {}, {}, "system", "caseway system activate housing/permits"},
    {"connector.suspend", {{"connector", kName}}, {}, "connector", "caseway connector resume housing/permits/nightly"},
    {"system.grant", {}, {{"mappings", {"more"}}}, nullptr, nullptr},
};

BOOST_AUTO_TEST_CASE(runs_nothing_while_something_holds_it_and_that_is_told) {
    for (const HoldCase& one : kHolds) {
        for (const bool applied : {false, true}) {
            Desk desk;
            desk.does("connector.add", {{"document", kDocument}});
            desk.passes();
            BOOST_TEST(desk.does("connector.activate") == "done");
            BOOST_TEST(heldConnectorsOf(desk.content()).empty());
            std::map<std::string, std::string> texts = one.texts;
            if (texts.empty()) texts = {{"system", "housing/permits"}};
            const auto change = planChange(desk.tree, {operationNamed(one.operation), texts, one.lists, {}}, {});
            BOOST_REQUIRE(change.ok());
            desk.warnings = change->warnings;
            const FileTree after = changed(desk.tree, change->files);
            if (applied)
                BOOST_TEST(desk.apply(after) == "done");
            else
                desk.tree = after;
            const HeldConnectors held = heldConnectorsOf(desk.content());
            BOOST_TEST(held.size() == (one.where == nullptr ? 0U : 1U), one.operation);
            std::string told;
            for (const std::string& warning : desk.warnings) told += warning + "\n";
            const bool is_told = told.find("runs no more") != std::string::npos;
            BOOST_TEST(is_told == (!held.empty() && isHeldFromOutside(held.begin()->second)), one.operation << told);
            if (held.empty()) continue;
            BOOST_TEST(held.at(kName).where == one.where);
            BOOST_TEST(held.at(kName).hint == one.hint);
        }
    }
}

BOOST_AUTO_TEST_CASE(tells_a_mistyped_mapping_before_it_is_granted) {
    Desk desk;
    BOOST_TEST(desk.does("connector.add", {{"document", "type: memory\nmapping: permitz\nsettings: {table: a}\n"}}) ==
               "done");
    BOOST_REQUIRE(!desk.warnings.empty());
    BOOST_TEST(desk.warnings.front().find("did you mean 'permits'?") != std::string::npos, desk.warnings.front());
}

BOOST_AUTO_TEST_CASE(refuses_names_and_files_that_are_none) {
    Desk desk;
    for (const char* name : {"nightly", "housing/permits/", "housing/permits/Night", "housing/permits/../x"})
        BOOST_TEST(desk.does("connector.add", {{"connector", name}, {"document", kDocument}}) == "connector_name_bad",
                   name);
    BOOST_TEST(desk.does("connector.add", {{"connector", "other/permits/x"}, {"document", kDocument}}) ==
               "system_unknown");
    for (const char* document :
         {"", "[]", "type: memory\n", "type: memory\nmapping: permits\nsettngs: {}\n",
          "type: memory\ntype: x\nmapping: p\n", "type: memory\nmapping: permits\ndirection: both\n",
          "type: memory\nmapping: permits\nschedule: {}\n",
          "type: memory\nmapping: permits\nlimits: {page_records: 0}\n", "a: *x\n",
          "type: memory\nmapping: p\n--- {}\n"})
        BOOST_TEST(desk.sets(document) == "connector_unknown", document);
    for (const char* document : {"[]", "type: memory\n", "type: memory\nmapping: permits\nsettngs: {}\n",
                                 "type: memory\nmapping: permits\nreconcile: {repair: all}\n",
                                 "type: memory\nmapping: permits\nreconcile: {vanished_at_most: 5}\n"})
        BOOST_TEST(desk.does("connector.add", {{"document", document}}) == "connector_not_good", document);
    BOOST_TEST(desk.does("connector.add", {{"document", std::string(kDocument) + "tested: {digest: x}\n"}}) ==
               "register_not_good");
}

BOOST_AUTO_TEST_CASE(takes_no_file_that_could_not_be_read_again) {
    Desk desk;
    const std::string large = std::string(kDocument) + "#" + std::string(kTreeFileBytesMax, 'x') + "\n";
    BOOST_TEST(desk.does("connector.add", {{"document", large}}) == "register_not_good");
    BOOST_TEST(desk.content().systems.begin()->second.connectors.empty());
}

/// As tools write it; the file of a version has a line behind it.
BOOST_AUTO_TEST_CASE(a_document_that_takes_no_line_behind_it_goes_live_in_lines) {
    const char* const documents[] = {
        R"({"type": "memory", "mapping": "permits", "settings": {"table": "a", "size": 10, "list": ["x", {"y": null}, [1, "1"], {}, []]}})",
        "---\n{type: memory, mapping: permits, settings: {table: \"a\\n\\\"b\", size: 10}}\n",
        "  type: memory\n  mapping: permits\n  settings:\n    table: a, [b]\n",
        "type: memory\nmapping: permits\nsettings:\n  table: |\n    # a\n    b\n...\n",
    };
    for (const std::string document : documents) {
        Desk desk;
        BOOST_TEST(desk.does("connector.add", {{"document", document}}) == "done");
        BOOST_TEST(desk.passes() == "done");
        BOOST_TEST(desk.does("connector.activate") == "done", document);
        BOOST_TEST(desk.stands() == "active 1");
        const std::string version = desk.tree.at(std::string(kFolder) + "versions/0001.yaml");
        BOOST_TEST(version.starts_with("\"type\": memory\n") != version.starts_with("\"type\": \"memory\"\n"), version);
        BOOST_TEST(desk.does("connector.activate") == "nothing");
        BOOST_TEST(desk.sets(document) == "nothing");  // it is what is live
        BOOST_TEST(desk.stands() == "active 1");
    }
}

BOOST_AUTO_TEST_CASE(a_last_line_that_has_no_end_makes_no_other_document) {
    Desk desk;
    const std::string document = "type: memory\nmapping: permits\nsettings: {table: a}";
    BOOST_TEST(desk.does("connector.add", {{"document", document}}) == "done");
    BOOST_TEST(desk.passes() == "done");
    BOOST_TEST(desk.does("connector.activate") == "done");
    BOOST_TEST(desk.tree.at(std::string(kFolder) + "versions/0001.yaml").starts_with(document + "\ntested:"));
    BOOST_TEST(desk.sets(document) == "nothing");
}

BOOST_AUTO_TEST_SUITE_END()
