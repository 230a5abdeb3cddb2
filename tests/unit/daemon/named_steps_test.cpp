// tests/unit/daemon/named_steps_test.cpp - what a connector advises, as who looks at a run reads it.
#include <thread>

#include "tests/unit/daemon/office_fixture.hpp"

using namespace caseway;
using namespace caseway::test;

BOOST_AUTO_TEST_SUITE(NamedSteps)

/// A connector knows neither its name nor the run's number.
BOOST_AUTO_TEST_CASE(commands_in_what_a_connector_says_can_be_copied) {
    Office office;
    office.opens({office.live(kName)});
    const std::string bare = "read it again (caseway sync run --full); caseway sync retry";
    const std::string named =
        std::string("read it again (caseway sync run ") + kName + " --full); caseway sync retry 1";
    office.source->fault = ConnectorFault(ConnectorFaultKind::Transient, {"source_down", "host", "no", bare});
    BOOST_TEST(office.runner->start(kName, {}).ok());
    while (!office.line(kName).wait) std::this_thread::yield();
    BOOST_TEST(office.line(kName).wait->trouble.next_step == named);
    BOOST_TEST(office.runner->cancel(kName).ok());
    office.next();
    office.source->fault = ConnectorFault(ConnectorFaultKind::Config, {"watermark_ahead", "host", "no", bare});
    BOOST_TEST(office.runner->start(kName, {}).ok());
    const Run run = office.next();
    BOOST_TEST(run.trouble.value().next_step == named.substr(0, named.size() - 1) + "2");
    BOOST_TEST(lastRunsOf(office.memory.reader(), kName, 1).at(0).trouble->next_step == run.trouble->next_step);
}

BOOST_AUTO_TEST_SUITE_END()
