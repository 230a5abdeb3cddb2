// connectors/sql/test/driver_line_test.cpp - each line knows its own socket, however many dial one server at once.
#include "connectors/sql/driver_line.hpp"

#include <sys/un.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "connectors/sdk/descriptor.hpp"
#include "connectors/sql/test/silent_server.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace caseway;

namespace {

Descriptor dialled(std::uint16_t port) {
    Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    if (::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
        throw std::runtime_error("connect");
    return socket;
}

/// Nobody says a word in these tests: what can be read is the end.
bool isCut(const Descriptor& socket) {
    char byte = 0;
    return ::recv(socket.get(), &byte, 1, MSG_DONTWAIT) == 0;
}

DriverLine::Peer peerOf(const fixture::SilentServer& server) {
    return {"127.0.0.1", server.port()};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(SqlDriverLines)

BOOST_AUTO_TEST_CASE(two_lines_that_dial_one_server_at_once_cut_each_its_own) {
    const fixture::SilentServer server;
    for (int round = 0; round < 20; ++round) {
        DriverLine first(std::chrono::minutes(1)), second(std::chrono::minutes(1));
        Descriptor of_first, of_second;
        const auto dial = [&](DriverLine& line, Descriptor& socket) {
            line.dial(peerOf(server));
            socket = dialled(server.port());
            line.connected();
        };
        std::thread other([&] { dial(second, of_second); });
        dial(first, of_first);
        other.join();
        first.cut();
        BOOST_TEST(isCut(of_first));
        BOOST_TEST(!isCut(of_second));
        second.cut();
        BOOST_TEST(isCut(of_second));
    }
}

BOOST_AUTO_TEST_CASE(where_two_cannot_be_told_apart_neither_is_cut) {
    const fixture::SilentServer server;
    const std::chrono::milliseconds none{0};
    DriverLine first(none), second(none), third(none);
    first.dial(peerOf(server));
    second.dial(peerOf(server));
    const Descriptor of_second = dialled(server.port());
    first.cut(), second.cut();
    const Descriptor of_first = dialled(server.port());
    first.connected(), second.connected();
    first.cut(), second.cut();
    BOOST_TEST(!isCut(of_first));
    BOOST_TEST(!isCut(of_second));
    third.dial(peerOf(server));  // those that were before it are none of its
    const Descriptor of_third = dialled(server.port());
    third.cut();
    BOOST_TEST(isCut(of_third));
    BOOST_TEST(!isCut(of_first));
}

BOOST_AUTO_TEST_CASE(a_line_that_waits_for_an_answer_holds_no_other_back) {
    const fixture::SilentServer server;
    DriverLine first(std::chrono::minutes(1)), second(std::chrono::minutes(1));
    first.dial(peerOf(server));
    const Descriptor of_first = dialled(server.port());
    second.dial(peerOf(server));
    const Descriptor of_second = dialled(server.port());
    second.cut();
    BOOST_TEST(isCut(of_second));
    BOOST_TEST(!isCut(of_first));
}

BOOST_AUTO_TEST_CASE(a_driver_that_dials_again_is_followed) {
    const fixture::SilentServer server;
    DriverLine line;
    line.dial(peerOf(server));
    {
        const Descriptor refused = dialled(server.port());
        line.look();
    }
    const Descriptor socket = dialled(server.port());
    line.connected();
    line.cut();
    BOOST_TEST(isCut(socket));
}

BOOST_AUTO_TEST_CASE(a_server_in_a_folder_with_two_names_is_known_by_either) {
    const fixture::TemporaryFolder folder;
    std::filesystem::create_directory(folder / "run");
    std::filesystem::create_directory_symlink(folder / "run", folder / "link");
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string bound = folder / "link/.s.PGSQL.5432";
    BOOST_REQUIRE(bound.size() < sizeof address.sun_path);
    bound.copy(address.sun_path, bound.size());
    const Descriptor listening(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    auto* const plain = reinterpret_cast<sockaddr*>(&address);
    BOOST_REQUIRE(::bind(listening.get(), plain, sizeof address) == 0);
    BOOST_REQUIRE(::listen(listening.get(), 1) == 0);
    DriverLine line;
    line.dial({folder / "run/.s.PGSQL.5432", 0});
    BOOST_REQUIRE(::connect(socket.get(), plain, sizeof address) == 0);
    line.connected();
    line.cut();
    BOOST_TEST(isCut(socket));
}

BOOST_AUTO_TEST_SUITE_END()
