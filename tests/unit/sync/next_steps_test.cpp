// tests/unit/sync/next_steps_test.cpp - what stands in a next step can be copied as it stands.
#include "gateway/domain/next_steps.hpp"

#include <boost/test/unit_test.hpp>

using namespace caseway;

namespace {

constexpr const char* kName = "housing/permits/outbox";

}  // namespace

BOOST_AUTO_TEST_SUITE(NextSteps)

BOOST_AUTO_TEST_CASE(a_command_gets_the_name_or_the_number_that_it_takes) {
    const std::string run = std::string("caseway sync run ") + kName,
                      test = std::string("caseway connector test ") + kName;
    const std::pair<std::string, std::string> cases[] = {
        {"", ""},
        {"ask the department", "ask the department"},
        {"read it again (caseway sync run --full); check `since`", "read it again (" + run + " --full); check `since`"},
        {"caseway sync run --full reads everything", run + " --full reads everything"},
        {"nothing: caseway sync run begins it now", "nothing: " + run + " begins it now"},
        {"look at what the source answers: caseway connector test", "look at what the source answers: " + test},
        {"hold it against an answer (caseway connector test), mend it, then caseway sync run --full; else",
         "hold it against an answer (" + test + "), mend it, then " + run + " --full; else"},
        {"caseway sync retry tries it again", "caseway sync retry 12 tries it again"},
        {"mend it, then caseway sync retry", "mend it, then caseway sync retry 12"},
        {"caseway sync retry RUN, caseway sync show RUN", "caseway sync retry 12, caseway sync show 12"},
        {"caseway sync cancel ends it", std::string("caseway sync cancel ") + kName + " ends it"},
        {"caseway connector test NAME --run RUN", test + " --run RUN"},
        // what has one stays what it is
        {"caseway sync run health/licences/a --full", "caseway sync run health/licences/a --full"},
        {"caseway sync retry 7 tries it again", "caseway sync retry 7 tries it again"},
        {"caseway sync status; caseway sync history", "caseway sync status; caseway sync history"},
        {"caseway sync runs", "caseway sync runs"},
        // Chinese
        {"改映射，测试、激活，再 caseway sync retry", "改映射，测试、激活，再 caseway sync retry 12"},
        {"用 caseway connector test 连接器 对照；再 caseway sync run 连接器 --full；",
         "用 " + test + " 对照；再 " + run + " --full；"},
        {"caseway sync run，再看", run + "，再看"}};
    for (const auto& [bare, named] : cases) BOOST_TEST(namedStep(bare, kName, 12) == named);
    for (const auto& [bare, named] : cases) BOOST_TEST(namedStep(named, kName, 12) == named, named);  // nothing twice
    BOOST_TEST(namedStep("caseway sync retry", kName, 0) == "caseway sync retry");                    // of no run
    BOOST_TEST(namedStep("caseway sync run --full", "", 12) == "caseway sync run --full");
}

BOOST_AUTO_TEST_CASE(a_runs_trouble_gets_those_of_the_run) {
    Run run;
    nameStepOf(run);
    run.number = 7;
    run.connector = kName;
    run.trouble = RunTrouble{"config", "watermark_ahead", {}, {}, "caseway sync run --full; caseway sync retry", {}};
    nameStepOf(run);
    BOOST_TEST(run.trouble->next_step == "caseway sync run housing/permits/outbox --full; caseway sync retry 7");
}

BOOST_AUTO_TEST_CASE(commands_are_found_without_the_words_behind_them) {
    const std::pair<std::string, std::vector<std::string>> cases[] = {
        {"ask the department", {}},
        {"caseway sync run a/b/c --full reads everything; caseway sync show 12 names them",
         {"caseway sync run a/b/c --full", "caseway sync show 12"}},
        {"where they are gone: caseway sync run a/b/c --reconcile --vanished-at-most 7%",
         {"caseway sync run a/b/c --reconcile --vanished-at-most 7%"}},
        {"look (caseway case show), then go on", {"caseway case show"}}};
    for (const auto& [step, commands] : cases)
        BOOST_TEST(commandsIn(step) == commands, boost::test_tools::per_element());
    BOOST_TEST(connectorIn("ask; caseway sync show 1; caseway sync run a/b/c") == "a/b/c");
    BOOST_TEST(connectorIn("caseway sync status") == "");
}

BOOST_AUTO_TEST_CASE(what_stands_there_is_not_repeated) {
    BOOST_TEST(withCommandsOf("再 caseway sync retry 7", "mend it, then caseway sync retry 7") ==
               "再 caseway sync retry 7");
    BOOST_TEST(withCommandsOf("再 caseway sync retry 7", "caseway sync show 7 names them; caseway sync retry 7") ==
               "再 caseway sync retry 7 · caseway sync show 7");
    BOOST_TEST(withCommandsOf("", "caseway sync status; caseway sync show 7") ==
               "caseway sync status; caseway sync show 7");
}

BOOST_AUTO_TEST_SUITE_END()
