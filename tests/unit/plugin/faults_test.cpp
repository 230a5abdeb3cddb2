// tests/unit/plugin/faults_test.cpp - the host survives whatever a plug-in does, and says who has to act.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/unit/plugin/faulty_fixture.hpp"

using namespace caseway;
using namespace caseway::fixture;

namespace {

struct Misdeed {
    std::string does;
    std::string code;
    std::string message;  ///< a part of it
};
std::ostream& operator<<(std::ostream& out, const Misdeed& misdeed) {
    return out << misdeed.does;
}

const std::vector<Misdeed> kInCheck = {
    {"hang", "connector_timed_out", "no answer"},
    {"exit", "connector_crashed", "exit code 7"},
    {"crash", "connector_crashed", "signal 11"},
    {"close", "connector_crashed", "still running"},
    {"half an answer", "connector_crashed", "exit code 0"},
    {"rubbish", "connector_broke_contract", "cannot be read"},
    {"huge frame", "connector_broke_contract", "cannot be read"},
    {"flood", "connector_limit_reached", "printed"},
    {"spin", "connector_limit_reached", "processor time"},
    {"memory", "plugin_unexpected_error", "MemoryError"},
    {"sealed memory", "connector_limit_reached", "MiB of memory; its manifest says 128"},
    {"many threads", "connector_limit_reached", "threads, of 128"},
    {"bad text", "connector_broke_contract", "control character"},
    {"long text", "connector_broke_contract", "2000 bytes"},
    {"many steps", "connector_broke_contract", "1000 steps"},
    {"bad fault", "connector_broke_contract", "code of a fault"},
    {"bug", "plugin_unexpected_error", "ValueError"},
    {"rubbish question", "connector_broke_contract", "cannot be read"},
};
const std::vector<Misdeed> kInRead = {
    {"page too large", "connector_broke_contract", "page_mib"},
    {"long cursor", "connector_broke_contract", "100000 bytes of a cursor"},
    {"wrong count", "connector_broke_contract", "has 5 records"},
    {"no end", "connector_broke_contract", "neither payload nor end"},
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(PluginFaults, FaultyFixture)

BOOST_AUTO_TEST_CASE(no_secret_stands_in_what_it_says) {
    const std::string secret = "hunter2 hunter/2";
    surroundings.secrets = {secret};
    std::vector<std::string> told;
    installation.settings.event = [&](const PluginEvent& event) {
        told.insert(told.end(), {event.detail, event.next_step, event.printed});
    };
    start();
    const auto opened = [&](const char* does) { return open(does, R"(,"secret":"hunter2 hunter/2")"); };
    const auto note = [&](const ConnectorFault& fault) {
        told.insert(told.end(), {fault.what(), fault.parts().where, fault.parts().message, fault.parts().next_step});
        return fault.parts().code;
    };
    BOOST_TEST(note(faultOf([&] { opened("tell")->check(); })) == "plugin_bad_password");
    BOOST_TEST(note(faultOf([&] { opened("print it and end")->check(); })) == "connector_crashed");
    for (const CheckStep& step : opened("tell in a step")->check())
        told.insert(told.end(), {step.name, step.detail, step.next_step});
    struct Names final : PageSink {
        void payload(const PayloadHead& head) override { names.push_back(head.name); }
        void bytes(std::string_view) override {}
        std::vector<std::string> names;
    } names;
    opened("secret in a name")->read({}, {}, names);
    told.insert(told.end(), names.names.begin(), names.names.end());
    const PageEnd missing = opened("secret in what is missing")->read({}, {}, names);
    BOOST_TEST((!missing.withheld.empty() && !missing.ended_early.empty()));
    told.insert(told.end(), {missing.withheld, missing.ended_early});
    BOOST_TEST(note(faultOf([&] { opened("secret in a cursor")->read({}, {}, names); })) == "connector_broke_contract");
    told.push_back(opened("secret in an answer")->write({{"a", "b"}}).front().reason);
    std::string all;
    for (const std::string& one : told) all += one + "\n";
    for (const char* part : {"hunter", "aHVudGVy", "68756e746572", "bnRlcjI", "dW50ZXI"})
        BOOST_TEST(all.find(part) == std::string::npos, part << " in " << all);
    BOOST_TEST(all.find("login *** *** *** ***") != std::string::npos, all);
}

BOOST_AUTO_TEST_CASE(a_source_that_ended_early_says_so_on_its_last_page) {
    start();
    struct Nothing final : PageSink {
        void payload(const PayloadHead&) override {}
        void bytes(std::string_view) override {}
    } nothing;
    const PageEnd end = open("ends early")->read("7", {}, nothing);
    BOOST_TEST(end.ended_early == "0 of 30 records");
    BOOST_TEST(end.withheld == "2 wait");
    BOOST_TEST((end.last && end.next == "7"));
    const ConnectorFault fault = faultOf([&] { open("ends early and goes on")->read({}, {}, nothing); });
    BOOST_TEST(fault.parts().code == "connector_broke_contract");
}

BOOST_DATA_TEST_CASE(a_bad_check_is_a_system_fault, boost::unit_test::data::make(kInCheck), misdeed) {
    if (misdeed.does == "hang") surroundings.deadline = std::chrono::milliseconds(300);
    const ConnectorFault fault = faultOf([&] { open(misdeed.does)->check(); });
    BOOST_TEST(fault.parts().code == misdeed.code);
    BOOST_TEST((fault.kind() == ConnectorFaultKind::System));
    BOOST_TEST(fault.parts().message.find(misdeed.message) != std::string::npos, fault.parts().message);
    BOOST_TEST(!fault.parts().next_step.empty());
}

BOOST_DATA_TEST_CASE(a_bad_page_is_a_system_fault, boost::unit_test::data::make(kInRead), misdeed) {
    const auto connector = open(misdeed.does);
    KeptPage page;
    const ConnectorFault fault = faultOf([&] { connector->read("", {}, page); });
    BOOST_TEST(fault.parts().code == misdeed.code);
    BOOST_TEST(fault.parts().message.find(misdeed.message) != std::string::npos, fault.parts().message);
}

BOOST_AUTO_TEST_CASE(answers_must_be_as_many_as_items) {
    const ConnectorFault fault = faultOf([&] { open("too few answers")->write({{"a", "1"}, {"b", "2"}}); });
    BOOST_TEST(fault.parts().code == "connector_broke_contract");
}

BOOST_AUTO_TEST_CASE(an_answer_before_the_question_is_none) {
    const auto connector = open("early answer");
    const ConnectorFault fault = faultOf([&] {
        for (;;) connector->check();
    });
    BOOST_TEST(fault.parts().code == "connector_broke_contract");
}

BOOST_AUTO_TEST_CASE(its_own_fault_passes_and_the_process_stays) {
    const auto connector = open("own fault");
    const ConnectorFault fault = faultOf([&] { connector->check(); });
    BOOST_TEST((fault.kind() == ConnectorFaultKind::Transient));
    BOOST_TEST(fault.parts().code == "plugin_other_side_busy");
    BOOST_TEST(fault.parts().where == "somewhere");
    BOOST_REQUIRE(fault.parts().retry_after);
    BOOST_TEST(fault.parts().retry_after->count() == 17);
    BOOST_TEST(host->running() == 1U);
    BOOST_TEST(installation.events.empty());
}

BOOST_AUTO_TEST_CASE(another_protocol_is_refused) {
    PluginInstallation::write(installation.plugins() / "faulty" / "speak-protocol-2", "");
    const ConnectorFault fault = faultOf([&] { open("")->check(); });
    BOOST_TEST(fault.parts().code == "connector_broke_contract");
    BOOST_TEST(fault.parts().message == "it speaks protocol 2, the gateway speaks 1");
}

BOOST_AUTO_TEST_CASE(last_words_are_kept_without_names) {
    faultOf([&] { open("last words")->check(); });
    BOOST_REQUIRE_EQUAL(installation.events.size(), 1U);
    const std::string printed = installation.events[0].printed;
    BOOST_TEST(printed.find("is locked") != std::string::npos);
    BOOST_TEST(printed.find("张三") == std::string::npos);
    BOOST_TEST(printed.find("13800001111") == std::string::npos);
    BOOST_TEST(printed.find('\x07') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_bug_tells_where_and_not_what) {
    const ConnectorFault fault = faultOf([&] { open("bug")->check(); });
    BOOST_TEST(fault.parts().message.find("secret") == std::string::npos);
    BOOST_TEST(fault.parts().where.find("main.py line") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_refused_destination_keeps_its_code) {
    surroundings.allow_destination = [](const std::string& name, const std::string&, std::uint16_t) {
        throw ConnectorFault(ConnectorFaultKind::Config,
                             {"destination_not_allowed", name, "not on the list", "add it"});
    };
    const ConnectorFault fault = faultOf([&] { open("ask")->check(); });
    BOOST_TEST(fault.parts().code == "destination_not_allowed");
    BOOST_TEST((fault.kind() == ConnectorFaultKind::Config));
}

BOOST_AUTO_TEST_CASE(questions_end_with_the_deadline) {
    surroundings.deadline = std::chrono::milliseconds(500);
    const std::string code = faultOf([&] { open("ask for ever")->check(); }).parts().code;
    BOOST_TEST(
        (code == "connector_timed_out" || code == "connector_broke_contract" || code == "connector_limit_reached"));
}

BOOST_AUTO_TEST_CASE(a_cancelled_call_ends_soon) {
    bool stops = false;
    surroundings.stopping = [&stops] { return stops; };
    installation.settings.stop_grace = std::chrono::seconds(5);
    start();
    const auto heeding = open("heed stopping");
    heeding->discover();  // its start takes as long as it takes
    stops = true;
    BOOST_TEST(faultOf([&] { heeding->check(); }).parts().code == "plugin_stopped");
    const ConnectorFault fault = faultOf([&] { open("hang")->check(); });
    BOOST_TEST(fault.parts().code == "connector_stopped");
    BOOST_TEST((fault.kind() == ConnectorFaultKind::Transient));
    BOOST_TEST(installation.events.empty());
}

BOOST_AUTO_TEST_SUITE_END()
