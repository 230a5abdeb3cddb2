// connectors/json_lines_node/test/json_lines_test.cpp - the plug-in in Node against a real HTTP server, run by the host
// as the gateway runs it.
#include <fcntl.h>
#include <sys/wait.h>

#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <cstring>

#include "connectors/sdk/contract_test.hpp"
#include "tests/support/plugin_fixture.hpp"

using namespace caseway;
using namespace caseway::fixture;

namespace {

/// The Python server of this folder; ends with its standard input, so with this test.
class Server {
public:
    explicit Server(const fs::path& lines) : lines_(lines) {
        int to[2], from[2];
        BOOST_REQUIRE(::pipe2(to, O_CLOEXEC) == 0 && ::pipe2(from, O_CLOEXEC) == 0);
        serve({});
        pid_ = ::fork();
        if (pid_ == 0) {
            ::dup2(to[0], 0);
            ::dup2(from[1], 1);
            ::execl("/usr/bin/python3", "python3", "-B",
                    CASEWAY_SOURCE_DIR "/connectors/json_lines_node/test/server.py", lines_.c_str(), nullptr);
            ::_exit(127);
        }
        ::close(to[0]);
        ::close(from[1]);
        input_ = to[1];
        char text[16] = {};
        // The whole line: a server that writes it in two pieces would find nobody to read the second.
        std::size_t length = 0;
        while (length < sizeof text - 1 && std::strchr(text, '\n') == nullptr) {
            const ssize_t count = ::read(from[0], text + length, sizeof text - 1 - length);
            BOOST_REQUIRE(count > 0);
            length += static_cast<std::size_t>(count);
        }
        ::close(from[0]);
        port = std::atoi(text);
    }
    ~Server() {
        ::close(input_);
        ::waitpid(pid_, nullptr, 0);
    }
    void serve(const std::vector<std::string>& lines, const std::string& options = "") {
        std::string all = options + "\n";
        for (const std::string& line : lines) all += line + "\n";
        PluginInstallation::write(lines_.string() + ".new", all);
        fs::rename(lines_.string() + ".new", lines_);
    }
    int port = 0;

private:
    fs::path lines_;
    pid_t pid_ = -1;
    int input_ = -1;
};

class LinesSide final : public OtherSide {
public:
    explicit LinesSide(Server& server) : server_(server) {}
    void fill(std::size_t records) override {
        lines_.clear();
        for (std::size_t i = 0; i < records; ++i) lines_.push_back(line());
        server_.serve(lines_);
    }
    void add() override {
        lines_.push_back(line());
        server_.serve(lines_);
    }
    std::string state() override { return std::to_string(lines_.size()); }

private:
    std::string line() {
        ++number_;
        return "{\"seq\":" + std::to_string(number_) + ",\"case_no\":\"FJ-" + std::to_string(number_) + "\"}";
    }
    Server& server_;
    std::vector<std::string> lines_;
    int number_ = 0;
};

struct Fixture {
    Fixture() {
        installation.install(PluginInstallation::built("json_lines_node"));
        host = std::make_unique<PluginHost>(installation.settings);
        BOOST_REQUIRE_EQUAL(host->types().size(), 1U);
        surroundings.allow_destination = [this](const std::string& name, const std::string& address,
                                                std::uint16_t port) {
            if (address != "127.0.0.1" || port != server.port)
                throw ConnectorFault(ConnectorFaultKind::Config,
                                     {"destination_not_allowed", name, "not on the list", "add it"});
        };
    }
    std::string settings(const std::string& more = "") const {
        return "{\"url\":\"http://127.0.0.1:" + std::to_string(server.port) + "/export\",\"cursor_member\":\"seq\"" +
               more + "}";
    }
    ConnectorFault faultOf(const std::string& given) {
        KeptPage page;
        try {
            host->types().front()->open(given, surroundings)->read("", {}, page);
        } catch (const ConnectorFault& fault) {
            return fault;
        }
        throw std::runtime_error("no fault");
    }
    PluginInstallation installation;
    Server server{installation.root() / "lines"};
    ConnectorSurroundings surroundings;
    std::unique_ptr<PluginHost> host;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(JsonLinesNode, Fixture)

BOOST_AUTO_TEST_CASE(keeps_the_contract) {
    LinesSide side(server);
    ContractSubject subject{*host->types().front(), settings()};
    subject.bad_settings = {{"no address", R"({"cursor_member":"seq"})"},
                            {"an address of another kind", R"({"url":"file:///etc/passwd","cursor_member":"seq"})"},
                            {"a place that is not allowed", R"({"url":"http://127.0.0.1:1/","cursor_member":"seq"})"}};
    subject.surroundings = surroundings;
    subject.other_side = &side;
    checkContract(subject, 8);
}

BOOST_AUTO_TEST_CASE(sends_its_token_and_says_when_it_is_wrong) {
    server.serve({R"({"seq":1})"}, "token=right");
    KeptPage page;
    const auto connector = host->types().front()->open(settings(R"(,"token":"right")"), surroundings);
    BOOST_TEST(connector->read("", {}, page).records == 1U);
    const ConnectorFault fault = faultOf(settings(R"(,"token":"wrong-token")"));
    BOOST_TEST(fault.parts().code == "plugin_not_authorized");
    BOOST_TEST(std::string(fault.what()).find("wrong-token") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(heeds_retry_after_and_follows_no_redirect) {
    server.serve({}, "status=503 retry=7");
    const ConnectorFault busy = faultOf(settings());
    BOOST_TEST((busy.kind() == ConnectorFaultKind::Transient));
    BOOST_REQUIRE(busy.parts().retry_after);
    BOOST_TEST(busy.parts().retry_after->count() == 7);
    server.serve({}, "status=302 location=http://127.0.0.1:1/");
    BOOST_TEST(faultOf(settings()).parts().code == "plugin_unexpected_status");
}

BOOST_AUTO_TEST_CASE(says_which_line_is_wrong) {
    server.serve({R"({"seq":1})", "not json"});
    BOOST_TEST(faultOf(settings()).parts().code == "plugin_not_json_lines");
    server.serve({R"({"seq":1})", R"({"other":2})"});
    const ConnectorFault fault = faultOf(settings());
    BOOST_TEST(fault.parts().code == "plugin_cursor_member_missing");
    BOOST_TEST(fault.parts().where == "/cursor_member");
}

BOOST_AUTO_TEST_CASE(gives_one_document_that_a_mapping_reads_and_broken_lines_beside_it) {
    server.serve({R"({"seq":1,"name":"\u4e00张"})", "seq 2", "", R"({"seq":3})"});
    KeptPage page;
    BOOST_TEST(host->types().front()->open(settings(), surroundings)->read("", {}, page).records == 3U);
    BOOST_REQUIRE(page.payloads.size() == 2U);
    BOOST_TEST(page.payloads[0].second == "[{\"seq\":1,\"name\":\"\\u4e00张\"},\n{\"seq\":3}]");
    BOOST_TEST(page.payloads[1].second == "seq 2");
}

BOOST_AUTO_TEST_CASE(goes_nowhere_that_is_not_allowed) {
    surroundings.allow_destination = [](const std::string& name, const std::string&, std::uint16_t) {
        throw ConnectorFault(ConnectorFaultKind::Config,
                             {"destination_not_allowed", name, "not on the list", "add it"});
    };
    BOOST_TEST(faultOf(settings()).parts().code == "destination_not_allowed");
}

BOOST_AUTO_TEST_SUITE_END()
