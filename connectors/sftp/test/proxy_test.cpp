// connectors/sftp/test/proxy_test.cpp - through a proxy, and no faster than the settings say.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "connectors/sdk/faults.hpp"
#include "connectors/sftp/sftp.hpp"
#include "connectors/sftp/test/tunnel_proxy.hpp"

using namespace caseway;
namespace data = boost::unit_test::data;

namespace {

const std::string kSchemes[] = {"http", "socks5"};

struct Server {
    fixture::SshServer& server = fixture::SshServer::shared();
    fixture::ExchangeDepartment department;
    SftpType type;

    std::string settings(const std::string& more, std::uint16_t port = 0) const {
        return server.settings(department, port, R"(,"min_age_seconds":0)" + more);
    }
    /// The code of a reading's fault; of none, empty.
    std::string codeOf(const std::string& settings, ConnectorSurroundings surroundings = {}) const {
        try {
            fixture::TextSink sink;
            const auto connector = type.open(settings, surroundings);
            PageEnd end;
            for (Cursor from; !end.last; from = end.next) end = connector->read(from, {}, sink);
        } catch (const ConnectorFault& fault) {
            BOOST_TEST_MESSAGE(fault.parts().message << " / " << fault.parts().next_step);
            BOOST_TEST(fault.parts().message.find("hush") == std::string::npos);
            return fault.parts().code;
        }
        return "";
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(SftpProxy, Server)

BOOST_DATA_TEST_CASE(the_proxy_is_told_an_address_and_lets_us_through, data::make(kSchemes), scheme) {
    const fixture::TunnelProxy proxy;
    std::string through = settings(R"(,"proxy":")" + proxy.url(scheme) + "\"");
    through.replace(through.find("127.0.0.1"), 9, "localhost");
    std::string asked;
    ConnectorSurroundings surroundings;
    surroundings.allow_destination = [&](const std::string& host, const std::string& address, std::uint16_t port) {
        if (address.find(':') != std::string::npos) return;  // localhost may have ::1 too
        asked += host + " " + address + " " + std::to_string(port) + ";";
    };
    BOOST_TEST(codeOf(through, surroundings) == "");
    const std::string port = std::to_string(server.port());
    BOOST_TEST(proxy.asked().ends_with((scheme == "http" ? "CONNECT 127.0.0.1:" : "SOCKS5 127.0.0.1:") + port + ";"));
    BOOST_TEST(asked.find("localhost 127.0.0.1 " + port + ";") != std::string::npos, asked);
    BOOST_TEST(asked.find("127.0.0.1 127.0.0.1 " + std::to_string(proxy.port()) + ";") != std::string::npos, asked);
}

BOOST_DATA_TEST_CASE(neither_a_proxy_nor_a_server_that_is_not_allowed_is_asked, data::make(kSchemes), scheme) {
    const fixture::TunnelProxy proxy;
    for (const std::uint16_t never : {proxy.port(), server.port()}) {
        ConnectorSurroundings surroundings;
        surroundings.allow_destination = [&](const std::string& host, const std::string&, std::uint16_t port) {
            if (port == never) throw configFault("destination_not_allowed", host, "not in the list", "add it");
        };
        BOOST_TEST(codeOf(settings(R"(,"proxy":")" + proxy.url(scheme) + "\""), surroundings) ==
                   "destination_not_allowed");
        BOOST_TEST(proxy.asked() == "");
    }
}

BOOST_DATA_TEST_CASE(a_proxy_asks_who_we_are_and_may_refuse, data::make(kSchemes), scheme) {
    const fixture::TunnelProxy proxy("center", "hush"), closed("", "", true);
    const std::string by = R"(,"proxy":")" + proxy.url(scheme) + "\"";
    BOOST_TEST(codeOf(settings(by + R"(,"proxy_user":"center","proxy_password":"hush")")) == "");
    BOOST_TEST(codeOf(settings(by)) == "proxy_refused");
    BOOST_TEST(codeOf(settings(R"(,"proxy":")" + closed.url(scheme) + "\"")) == "proxy_refused");
    std::uint16_t free_port = 0;
    fixture::listenOnLoopback(free_port);  // closed at once
    const fixture::TunnelProxy open;
    BOOST_TEST(codeOf(settings(R"(,"proxy":")" + open.url(scheme) + "\"", free_port)) == "not_reachable");
    BOOST_TEST(codeOf(settings(R"(,"proxy":")" + scheme + "://127.0.0.1:" + std::to_string(free_port) + "\"")) ==
               "not_reachable");
}

BOOST_AUTO_TEST_CASE(what_is_no_proxy_is_refused_as_a_setting) {
    for (const char* const proxy : {"https://proxy.example:3128", "socks4://proxy.example:1080", "proxy.example:3128",
                                    "http://user:hush@proxy.example:3128", "http://proxy.example:3128/x",
                                    "http://proxy.example", "socks5://", "http://"})
        BOOST_TEST(codeOf(settings(R"(,"proxy":")" + std::string(proxy) + "\"")) == "bad_setting", proxy);
    BOOST_TEST(codeOf(settings(R"(,"proxy_user":"center")")) == "bad_setting");
}

BOOST_AUTO_TEST_CASE(nothing_is_read_faster_than_the_settings_say) {
    for (const char* const name : {"a.xml", "b.xml"}) department.put(name, std::string(96 * 1024, 'x'));
    ConnectorSurroundings surroundings;
    surroundings.deadline = std::chrono::milliseconds(600);
    BOOST_TEST(codeOf(settings(R"(,"kib_per_second":1)"), surroundings) == "deadline_passed");
    BOOST_TEST(codeOf(settings(R"(,"files_per_second":1)"), surroundings) == "deadline_passed");
    BOOST_TEST(codeOf(settings(R"(,"kib_per_second":1048576,"files_per_second":1000)")) == "");
}

BOOST_AUTO_TEST_CASE(files_that_take_longer_together_than_a_call_may_are_several_pages) {
    for (int i = 0; i < 40; ++i) department.put(std::to_string(i) + ".xml", "<a/>");
    ConnectorSurroundings surroundings;
    surroundings.deadline = std::chrono::milliseconds(6000);  // a log-in may take seconds beside other tests
    BOOST_TEST(codeOf(settings(R"(,"files_per_second":5)"), surroundings) == "");
}

BOOST_AUTO_TEST_SUITE_END()
