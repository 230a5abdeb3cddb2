// connectors/sftp/test/connection_test.cpp - who the server is, who we are, and where we may go.
#include <boost/test/unit_test.hpp>

#include "connectors/sdk/faults.hpp"
#include "connectors/sftp/sftp.hpp"
#include "connectors/sftp/test/fault_proxy.hpp"
#include "connectors/sftp/test/ssh_server.hpp"

using namespace caseway;

namespace {

struct Server {
    fixture::SshServer& server = fixture::SshServer::shared();
    fixture::ExchangeDepartment department;
    SftpType type;

    std::string with(const std::string& key, const std::string& host_keys, const std::string& more = "") const {
        return R"({"host":"127.0.0.1","port":)" + std::to_string(server.port()) + R"(,"user":")" +
               fixture::SshServer::user() + R"(",)" + key + R"(,"host_keys":[)" + host_keys + "]," +
               department.members(more) + "}";
    }
    std::string userKey(const std::string& name) const { return R"("key":")" + server.key(name) + R"(")"; }
    std::string hostKey(const std::string& kind = "ed25519") const { return "\"" + server.hostKeyLine(kind) + "\""; }
    /// The fault of a reading; of none, a fault without a code.
    ConnectorFault faultOf(const std::string& settings, ConnectorSurroundings surroundings = {}) const {
        try {
            fixture::TextSink sink;
            type.open(settings, surroundings)->read("", {}, sink);
        } catch (const ConnectorFault& fault) {
            BOOST_TEST_MESSAGE(fault.parts().message << " / " << fault.parts().next_step);
            return fault;
        }
        return {ConnectorFaultKind::System, {.code = ""}};
    }
    std::string codeOf(const std::string& settings) const { return faultOf(settings).parts().code; }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(SftpConnection, Server)

BOOST_AUTO_TEST_CASE(an_unknown_server_is_named_and_gets_neither_user_nor_key) {
    const ConnectorFault fault = faultOf(with(userKey("user_ed25519"), ""));
    BOOST_TEST((fault.kind() == ConnectorFaultKind::Config));
    BOOST_TEST(fault.parts().code == "host_key_unknown");
    const std::size_t at = fault.parts().message.find("SHA256:");
    BOOST_TEST_REQUIRE(at != std::string::npos);
    // What the fault names is what can be pinned.
    const std::string fingerprint = fault.parts().message.substr(at, 50);
    BOOST_TEST(codeOf(with(userKey("user_ed25519"), "\"" + fingerprint + "\"")) == "");
    BOOST_TEST(codeOf(with(userKey("user_ed25519"), "\"" + fingerprint + "=\"")) == "");
    const std::string other = "SHA256:" + std::string(43, 'A');
    BOOST_TEST(codeOf(with(userKey("user_ed25519"), "\"" + other + "\"")) == "host_key_unknown");

    const std::vector<CheckStep> steps = type.open(with(userKey("user_ed25519"), ""), {})->check();
    BOOST_TEST(!steps.back().good);
    BOOST_TEST(steps.back().next_step.find("SHA256:") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_pinned_line_asks_the_server_for_that_type_of_key) {
    BOOST_TEST(codeOf(with(userKey("user_ed25519"), hostKey("rsa"))) == "");
    BOOST_TEST(codeOf(with(userKey("user_ed25519"), hostKey("ed25519"))) == "");
    std::string other = server.hostKeyLine();
    other[40] = other[40] == 'A' ? 'B' : 'A';
    BOOST_TEST(codeOf(with(userKey("user_ed25519"), "\"" + other + "\"")) == "host_key_unknown");
    BOOST_TEST(codeOf(with(userKey("user_ed25519"), "\"no-such-type AAAA\"")) == "bad_setting");
}

BOOST_AUTO_TEST_CASE(a_server_is_pinned_by_the_lines_that_people_paste) {
    const std::string line = server.hostKeyLine();
    const std::string print = faultOf(with(userKey("user_ed25519"), ""))
                                  .parts()
                                  .message.substr(std::string("the server shows the key ").size());
    const std::string fingerprint = print.substr(print.find("SHA256:"), 50);
    const std::string good[] = {line + " root@front",
                                "10.1.2.3 " + line,
                                "[10.1.2.3]:2222 " + line,
                                "front.housing.example,10.1.2.3 " + line,
                                " " + line + "\\n",
                                fingerprint + "=",
                                "256 " + fingerprint + " root@front (ED25519)"};
    for (const std::string& pin : good) BOOST_TEST(codeOf(with(userKey("user_ed25519"), "\"" + pin + "\"")) == "", pin);
    const std::string bad[] = {"@revoked " + line,
                               "@revoked * " + line,
                               "@cert-authority *.example " + line,
                               "# " + line,
                               "ssh-ed25519",
                               "no-such-type AAAA",
                               "ssh-ed25519 AAAA",
                               "SHA256:AAAA",
                               "256 MD5:00:11:22:33 root@front (ED25519)",
                               "a b " + line,
                               " "};
    for (const std::string& pin : bad)
        BOOST_TEST(codeOf(with(userKey("user_ed25519"), "\"" + pin + "\"")) == "bad_setting", pin);
}

BOOST_AUTO_TEST_CASE(a_key_in_another_form_is_named_as_what_it_is) {
    const auto said = [&](const std::string& key) {
        return faultOf(with(R"("key":")" + key + R"(")", hostKey())).parts().message;
    };
    BOOST_TEST(said("PuTTY-User-Key-File-3: ssh-ed25519\\nEncryption: none\\n") == "is a key in the form of PuTTY");
    BOOST_TEST(said(server.key("user_ed25519.pub")) == "is the public key");
}

BOOST_AUTO_TEST_CASE(keys_of_each_kind_log_in_and_others_do_not) {
    BOOST_TEST(codeOf(with(userKey("user_rsa"), hostKey())) == "");
    BOOST_TEST(codeOf(with(userKey("user_locked") + R"(,"key_passphrase":"a passphrase")", hostKey())) == "");
    BOOST_TEST(codeOf(with(userKey("user_locked"), hostKey())) == "key_unreadable");
    BOOST_TEST(codeOf(with(userKey("user_locked") + R"(,"key_passphrase":"wrong")", hostKey())) == "key_unreadable");
    BOOST_TEST(codeOf(with(R"("key":"no key")", hostKey())) == "key_unreadable");
    BOOST_TEST(codeOf(with(userKey("user_stranger"), hostKey())) == "access_refused");
    const ConnectorFault refused = faultOf(with(R"("password":"not the password")", hostKey()));
    BOOST_TEST(refused.parts().code == "access_refused");
    BOOST_TEST((refused.kind() == ConnectorFaultKind::Config));
    BOOST_TEST(refused.parts().message.find("not the password") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_address_that_is_not_allowed_is_not_dialled) {
    fixture::FaultProxy proxy(server.port(), fixture::FaultProxy::After::Cut);
    std::string asked;
    ConnectorSurroundings surroundings;
    surroundings.allow_destination = [&](const std::string& host, const std::string& address, std::uint16_t port) {
        asked += host + " " + address + " " + std::to_string(port) + ";";
        throw configFault("destination_not_allowed", host, "not in the list", "add it");
    };
    std::string settings = server.settings(department, proxy.port());
    settings.replace(settings.find("127.0.0.1"), 9, "localhost");
    BOOST_TEST(faultOf(settings, surroundings).parts().code == "destination_not_allowed");
    BOOST_TEST(asked.find("localhost ") == 0U);
    BOOST_TEST(proxy.connections() == 0);
}

BOOST_AUTO_TEST_CASE(nobody_at_the_port_and_no_such_name_are_transient) {
    std::uint16_t free_port = 0;
    fixture::listenOnLoopback(free_port);  // closed at once
    BOOST_TEST((faultOf(server.settings(department, free_port)).kind() == ConnectorFaultKind::Transient));
    std::string settings = server.settings(department);
    settings.replace(settings.find("127.0.0.1"), 9, "no-such-host.invalid");
    BOOST_TEST(faultOf(settings).parts().code == "host_not_found");
}

BOOST_AUTO_TEST_CASE(a_server_that_is_none_of_ssh_is_transient_and_short) {
    struct Talker {  // says rubbish to whoever connects
        std::uint16_t port = 0;
        Descriptor listener = fixture::listenOnLoopback(port);
        std::thread thread{[this] {
            const Descriptor client(::accept(listener.get(), nullptr, nullptr));
            const std::string rubbish = "HTTP/1.1 400 \x1b[31mBad\r\n" + std::string(100'000, 'x');
            ::send(client.get(), rubbish.data(), rubbish.size(), MSG_NOSIGNAL);
        }};
        ~Talker() { thread.join(); }
    } talker;
    const ConnectorFault fault = faultOf(server.settings(department, talker.port));
    BOOST_TEST(fault.parts().code == "ssh_failed");
    BOOST_TEST(fault.parts().message.size() < 400U);
    BOOST_TEST(fault.parts().message.find('\x1b') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_silent_server_ends_with_the_time_out_or_with_the_call) {
    fixture::FaultProxy proxy(server.port(), fixture::FaultProxy::After::Silence);
    department.put("a.xml", std::string(1'000'000, 'a'));
    const std::string settings =
        server.settings(department, proxy.port(), R"(,"min_age_seconds":0,"timeout_seconds":1)");
    for (const std::uint64_t bytes : {0ULL, 2'000ULL, 500'000ULL}) {  // in the greeting, the log-in, the file
        proxy.passes(bytes);
        BOOST_TEST(faultOf(settings).parts().code == "timed_out", "after " << bytes << " bytes");
    }
    ConnectorSurroundings surroundings;
    surroundings.deadline = std::chrono::milliseconds(800);
    BOOST_TEST(faultOf(server.settings(department, proxy.port()), surroundings).parts().code == "deadline_passed");
}

BOOST_AUTO_TEST_CASE(a_connection_that_the_server_closed_between_two_calls_is_made_again) {
    fixture::FaultProxy proxy(server.port(), fixture::FaultProxy::After::Cut);
    const auto connector = type.open(server.settings(department, proxy.port()), {});
    fixture::TextSink sink;
    connector->read("", {}, sink);
    connector->read("", {}, sink);
    BOOST_TEST(proxy.connections() == 1);  // it is kept
    proxy.drop();
    connector->read("", {}, sink);
    BOOST_TEST(proxy.connections() == 2);
}

BOOST_AUTO_TEST_SUITE_END()
