// connectors/thrift/test/faults_test.cpp - servers that are another, or another than they should be: what each is
// called, and that none of them holds a call.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <iterator>
#include <sstream>
#include <thread>

#include "connectors/sdk/faults.hpp"
#include "connectors/sdk/test/read_pages.hpp"
#include "connectors/thrift/test/remote_server.hpp"
#include "connectors/thrift/thrift_type.hpp"

using namespace caseway;
using fixture::RemoteServer;

namespace {

constexpr auto kConfig = ConnectorFaultKind::Config;
constexpr auto kTransient = ConnectorFaultKind::Transient;
constexpr auto kSystem = ConnectorFaultKind::System;

struct Fixture {
    Fixture() { std::signal(SIGPIPE, SIG_IGN); }  // as the gateway does
    RemoteServer& server = RemoteServer::shared();
    std::unique_ptr<ConnectorType> type = makeThriftType();

    std::unique_ptr<Connector> open(const std::string& settings, ConnectorSurroundings surroundings = {}) const {
        return type->open(settings, surroundings);
    }
    /// Of none, a fault without a code.
    template <class Call>
    ConnectorFault faultOf(Call call) const {
        try {
            call();
        } catch (const ConnectorFault& fault) {
            BOOST_TEST_MESSAGE(fault.parts().code << " " << fault.parts().where << ": " << fault.parts().message
                                                  << " / " << fault.parts().next_step);
            return fault;
        }
        return {kSystem, {.code = ""}};
    }
    ConnectorFault faultOfDiscovering(const std::string& settings, ConnectorSurroundings surroundings = {}) const {
        return faultOf([&] { open(settings, surroundings)->discover(); });
    }
    ConnectorFault faultOfReading(const std::string& settings, ConnectorSurroundings surroundings = {}) const {
        return faultOf([&] {
            const auto pass = fixture::readPages(*open(settings, surroundings));
            if (pass.fault) throw *pass.fault;
        });
    }
    std::size_t connections(const std::string& name) const {
        std::istringstream lines(server.file("connections"));
        std::size_t count = 0;
        for (std::string line; std::getline(lines, line);) count += line == name ? 1 : 0;
        return count;
    }
};

struct Rule {
    const char* server;
    const char* code;
    ConnectorFaultKind kind;
};
std::ostream& operator<<(std::ostream& out, const Rule& rule) {
    return out << rule.server;
}
const Rule kOfDiscovering[] = {
    {"rubbish", "remote_not_the_service", kConfig},
    {"huge_frame", "remote_not_the_service", kConfig},
    {"large_frame", "remote_not_the_service", kConfig},
    {"negative_frame", "remote_not_the_service", kConfig},
    {"frame_of_zeros", "remote_not_the_service", kConfig},
    {"another_service", "remote_not_the_service", kConfig},
    {"hello_with_control_characters", "remote_not_the_service", kConfig},
    {"newer", "remote_version_differs", kConfig},
    {"older", "remote_version_differs", kConfig},
    {"half_a_frame", "connection_lost", kTransient},
    {"hangs_up", "connection_lost", kTransient},
    {"talks_first", "tls_failed", kTransient},
    {"expired", "certificate_not_trusted", kConfig},
    {"other_name", "certificate_not_trusted", kConfig},
    {"unknown", "certificate_not_trusted", kConfig},
    {"bad_code", "remote_broke_contract", kSystem},
    {"no_kind", "remote_broke_contract", kSystem},
    {"program_error", "remote_failed", kTransient},
};
const Rule kOfReading[] = {
    {"endless_page", "remote_broke_contract", kSystem},         {"part_of_nothing", "remote_broke_contract", kSystem},
    {"wrong_count", "remote_broke_contract", kSystem},          {"long_cursor", "remote_broke_contract", kSystem},
    {"cursor_with_a_secret", "remote_broke_contract", kSystem}, {"dies_in_mid_page", "connection_lost", kTransient},
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(ThriftFaults, Fixture)

BOOST_DATA_TEST_CASE_F(Fixture, says_what_a_server_is_that_is_not_the_service, kOfDiscovering, rule) {
    const ConnectorFault fault = faultOfDiscovering(server.settings(rule.server));
    BOOST_TEST(fault.parts().code == rule.code);
    BOOST_TEST((fault.kind() == rule.kind));
    BOOST_TEST(!fault.parts().next_step.empty());
    BOOST_TEST(fault.parts().message.size() < 400U);
    BOOST_TEST(fault.parts().message.find("110101199003070011") == std::string::npos);
    BOOST_TEST(fault.parts().message.find('\x1b') == std::string::npos);
}

BOOST_DATA_TEST_CASE_F(Fixture, takes_no_page_that_breaks_the_contract, kOfReading, rule) {
    ConnectorSurroundings surroundings;
    surroundings.secrets = {"hush-hush-hush"};
    const ConnectorFault fault = faultOfReading(server.settings(rule.server, R"(,"page_mib":64)"), surroundings);
    BOOST_TEST(fault.parts().code == rule.code);
    BOOST_TEST((fault.kind() == rule.kind));
}

BOOST_AUTO_TEST_CASE(a_page_comes_in_parts_of_any_number) {
    const auto pass = fixture::readPages(*open(server.settings("odd")));
    BOOST_TEST(!pass.fault);
    BOOST_TEST(pass.bytes.size() == 20U << 20);
    BOOST_TEST(faultOfReading(server.settings("odd", R"(,"page_mib":19)")).parts().code == "remote_broke_contract");
}

BOOST_AUTO_TEST_CASE(a_silent_server_ends_with_the_time_out_or_with_the_call) {
    for (const char* name : {"silent", "no_tls"}) {
        BOOST_TEST(faultOfDiscovering(server.settings(name, R"(,"timeout_seconds":1)")).parts().code == "timed_out",
                   name);
        ConnectorSurroundings surroundings;
        surroundings.deadline = std::chrono::milliseconds(300);
        BOOST_TEST(faultOfDiscovering(server.settings(name), surroundings).parts().code == "deadline_passed", name);
    }
}

BOOST_AUTO_TEST_CASE(a_server_that_is_never_silent_ends_with_the_call) {
    ConnectorSurroundings surroundings;
    surroundings.deadline = std::chrono::milliseconds(500);
    BOOST_TEST(faultOfDiscovering(server.settings("trickle"), surroundings).parts().code == "deadline_passed");
}

BOOST_AUTO_TEST_CASE(the_word_to_stop_ends_a_call_that_waits) {
    for (const char* name : {"silent", "no_tls"}) {
        int asked = 0;
        ConnectorSurroundings surroundings;
        surroundings.stopping = [&] { return ++asked > 5; };
        const ConnectorFault fault = faultOfDiscovering(server.settings(name), surroundings);
        BOOST_TEST(fault.parts().code == "stopping", name);
        BOOST_TEST((fault.kind() == kTransient));
    }
}

BOOST_AUTO_TEST_CASE(calls_come_no_faster_than_the_rate) {
    ConnectorSurroundings surroundings;
    surroundings.deadline = std::chrono::milliseconds(2000);
    // hello goes at once; open's turn is in 1,000 seconds
    BOOST_TEST(faultOfDiscovering(server.settings("odd", R"(,"rate":0.001)"), surroundings).parts().code ==
               "deadline_passed");
}

BOOST_AUTO_TEST_CASE(nobody_at_the_port_and_no_such_name_are_transient) {
    const std::string pem = server.quoted("ca.pem");
    const ConnectorFault nobody = faultOfDiscovering(R"({"host":"127.0.0.1","port":1})");
    BOOST_TEST(nobody.parts().code == "not_reachable");
    BOOST_TEST((nobody.kind() == kTransient));
    BOOST_TEST(faultOfDiscovering(R"({"host":"no-such-host.invalid","port":1})").parts().code == "host_not_found");
}

BOOST_AUTO_TEST_CASE(a_connection_is_kept_and_made_again_where_it_was_closed) {
    const std::size_t before = connections("odd"), closed_before = connections("one_call_each"),
                      ends_before = connections("closed by one_call_each");
    const auto kept = open(server.settings("odd"));
    for (int i = 0; i < 3; ++i) BOOST_TEST(kept->discover().size() == 1U);
    BOOST_TEST(connections("odd") == before + 1);

    const auto closed = open(server.settings("one_call_each"));
    for (std::size_t i = 1; i <= 3; ++i) {
        BOOST_TEST(faultOf([&] { closed->discover(); }).parts().code == "");
        BOOST_TEST(connections("one_call_each") == closed_before + i);
        while (connections("closed by one_call_each") < ends_before + i) std::this_thread::yield();
    }
}

BOOST_AUTO_TEST_CASE(a_connection_that_broke_the_contract_is_used_no_more) {
    const std::size_t before = connections("bad_code");
    const auto connector = open(server.settings("bad_code"));
    for (int i = 0; i < 2; ++i)
        BOOST_TEST(faultOf([&] { connector->discover(); }).parts().code == "remote_broke_contract");
    BOOST_TEST(connections("bad_code") == before + 2);
}

BOOST_AUTO_TEST_CASE(its_own_faults_go_through_with_their_code_and_without_secrets) {
    ConnectorSurroundings surroundings;
    surroundings.secrets = {"hush-hush-hush"};
    const auto connector = open(
        server.settings("odd", R"(,"remote":{"b":1.50,"a":[true]},"remote_secrets":{"password":"hush-hush-hush"})"),
        surroundings);
    const std::vector<CheckStep> steps = connector->check();
    BOOST_TEST(!steps.back().good);
    BOOST_TEST(steps.front().good);
    BOOST_TEST(steps.front().detail.find("odd 1.0.0") != std::string::npos);
    BOOST_TEST(steps.back().detail.find("remote_busy") != std::string::npos);
    BOOST_TEST(steps.back().detail.find("password *** of the database") != std::string::npos);
    // What open() got: its settings with the secret.
    BOOST_TEST(connector->discover().front().name == R"(settings {"a": [true], "b": 1.5, "password": "***"})");
    const std::size_t before = connections("odd");
    BOOST_TEST(!connector->check().back().good);
    BOOST_TEST(connections("odd") == before);  // its own fault ends no connection
}

BOOST_AUTO_TEST_CASE(an_address_that_is_not_allowed_is_not_dialled) {
    const std::size_t before = connections("odd");
    std::string asked;
    ConnectorSurroundings surroundings;
    surroundings.allow_destination = [&](const std::string& host, const std::string& address, std::uint16_t port) {
        asked += host + " " + address + " " + std::to_string(port) + ";";
        throw configFault("destination_not_allowed", host, "not in the list", "add it");
    };
    std::string settings = server.settings("odd");
    settings.replace(settings.find("127.0.0.1"), 9, "localhost");
    const ConnectorFault fault = faultOfDiscovering(settings, surroundings);
    BOOST_TEST(fault.parts().code == "destination_not_allowed");
    BOOST_TEST((fault.kind() == kConfig));
    BOOST_TEST(asked.find("localhost ") == 0U);
    BOOST_TEST(connections("odd") == before);
}

BOOST_AUTO_TEST_CASE(through_a_proxy_the_judged_address_is_told_and_no_name) {
    std::string asked;
    ConnectorSurroundings surroundings;
    surroundings.allow_destination = [&](const std::string& host, const std::string&, std::uint16_t port) {
        asked += host + " " + std::to_string(port) + ";";
    };
    const auto through = [&](const std::string& proxy) {
        std::string settings = server.settings("odd", R"(,"proxy":{"url":"http://127.0.0.1:)" + server.port(proxy) +
                                                          R"(","user":"caseway","password":"hush"})");
        return settings.replace(settings.find("127.0.0.1"), 9, "localhost");
    };
    BOOST_TEST(open(through("proxy_200"), surroundings)->discover().size() == 1U);
    BOOST_TEST(asked.find("localhost " + server.port("odd") + ";") == 0U);
    BOOST_TEST(asked.find("127.0.0.1 " + server.port("proxy_200") + ";") != std::string::npos);
    const std::string log = server.file("connections");
    const bool is_by_address =
        log.find("CONNECT 127.0.0.1:" + server.port("odd") + " HTTP/1.1 as caseway") != std::string::npos ||
        log.find("CONNECT [::1]:" + server.port("odd")) != std::string::npos;
    BOOST_TEST(is_by_address);
    BOOST_TEST(log.find("CONNECT localhost") == std::string::npos);
    for (const char* refusing : {"proxy_403", "proxy_407"}) {
        const ConnectorFault fault = faultOfDiscovering(through(refusing));
        BOOST_TEST(fault.parts().code == "proxy_refused", refusing);
        BOOST_TEST((fault.kind() == kConfig));
    }
}

BOOST_AUTO_TEST_CASE(the_server_is_who_it_should_be) {
    const std::string pin = server.file("server.pin").substr(0, 44);
    const auto with = [&](const std::string& name, const std::string& tls) {
        return faultOfDiscovering(server.settings(name, "", tls)).parts().code;
    };
    BOOST_TEST(with("odd", R"(,"public_keys":["sha256//)" + pin + R"("])") == "");
    const std::string other = "sha256//AAAA" + pin.substr(4);
    BOOST_TEST(with("odd", R"(,"public_keys":[")" + other + R"("])") == "certificate_not_trusted");
    BOOST_TEST(with("odd", R"(,"public_keys":[")" + other + R"(","sha256//)" + pin + R"("])") == "");
    BOOST_TEST(with("other_name", R"(,"server_name":"exchange.example")") == "");
    BOOST_TEST(with("odd", R"(,"server_name":"exchange.example")") == "certificate_not_trusted");
    // The server's own certificate, in place of an authority.
    const std::string settings = server.settings("unknown");
    const std::string ca = server.quoted("ca.pem");
    std::string own = settings;
    own.replace(own.find(ca), ca.size(), server.quoted("unknown.pem"));
    BOOST_TEST(faultOfDiscovering(own).parts().code == "");
}

BOOST_AUTO_TEST_CASE(a_server_that_does_not_know_us_says_so) {
    const std::string known = server.settings("odd");
    std::string stranger = known, nobody = known;
    const auto swap = [&](std::string& in, const std::string& what, const std::string& with) {
        in.replace(in.find(what), what.size(), with);
    };
    swap(stranger, server.quoted("client.pem"), server.quoted("stranger.pem"));
    swap(stranger, server.quoted("client.key"), server.quoted("stranger.key"));
    swap(nobody, R"(,"certificate":)" + server.quoted("client.pem"), "");
    swap(nobody, R"(,"key":)" + server.quoted("client.key"), "");
    for (const std::string& settings : {stranger, nobody}) {
        const ConnectorFault fault = faultOfDiscovering(settings);
        BOOST_TEST(fault.parts().code == "client_certificate_refused");
        BOOST_TEST((fault.kind() == kConfig));
    }
    std::string mixed = known;
    swap(mixed, server.quoted("client.key"), server.quoted("stranger.key"));
    BOOST_TEST(faultOfDiscovering(mixed).parts().code == "client_certificate_bad");
}

BOOST_AUTO_TEST_SUITE_END()
