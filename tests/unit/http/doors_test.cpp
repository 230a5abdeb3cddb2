// tests/unit/http/doors_test.cpp - several listeners of one server, each with its own name and kind.
#include <boost/test/unit_test.hpp>

#include <sys/stat.h>

#include <filesystem>

#include "gateway/base/fault.hpp"
#include "tests/unit/http/test_client.hpp"

using namespace caseway;
using namespace caseway::test;

namespace {

const std::string kGet = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(HttpDoors)

BOOST_AUTO_TEST_CASE(serves_several_doors_and_keeps_its_unix_socket_to_its_owner) {
    const auto path =
        (std::filesystem::temp_directory_path() / ("caseway_http_" + std::to_string(::getpid()))).string();
    EchoHandler handler;
    handler.work = [](Request request, Responder responder) {
        Response response;
        response.body = std::string(request.head.listener);
        if (request.head.peer_uid) response.body += " of " + std::to_string(*request.head.peer_uid);
        responder.answer(std::move(response));
    };
    for (int round = 0; round < 2; ++round) {
        auto config = plainConfig();
        ListenerConfig admin;
        admin.name = "admin";
        admin.unix_path = path;
        config.listeners.push_back(admin);
        HttpServer server(config, handler);
        struct stat info {};
        BOOST_REQUIRE(::stat(path.c_str(), &info) == 0);
        BOOST_TEST((info.st_mode & 0777) == 0600U);
        Client local(Client::connectTo(path));
        local.send(kGet);
        BOOST_TEST(local.receive()->body == "admin of " + std::to_string(::getuid()));
        Client remote(Client::connectTo(server.port()));
        remote.send(kGet);
        BOOST_TEST(remote.receive()->body == "public");
        BOOST_CHECK_THROW(HttpServer(config, handler), Fault);
    }
    BOOST_TEST(!std::filesystem::exists(path));
}

BOOST_AUTO_TEST_SUITE_END()
