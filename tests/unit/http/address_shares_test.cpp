// tests/unit/http/address_shares_test.cpp - one client address cannot take what belongs to the others: places, memory,
// workers.
#include <malloc.h>
#include <sys/socket.h>

#include <array>
#include <boost/test/unit_test.hpp>
#include <thread>

#include "gateway/adapters/http/address_shares.hpp"
#include "tests/unit/http/test_client.hpp"

using namespace caseway;
using namespace caseway::test;

namespace {

const std::string kGet = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";
constexpr const char* kGreedy = "127.0.0.1";
constexpr const char* kOther = "127.0.0.2";

std::string post(std::size_t bytes, std::size_t sent) {
    return "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(bytes) + "\r\n\r\n" +
           std::string(sent, 'x');
}

int statusOf(Client& client, const std::string& request) {
    client.send(request);
    const auto answer = client.receive();
    return answer ? answer->status : 0;
}

/// Ends with a reset, as a client does that does not want to hear the answer.
void reset(Client& client) {
    const linger at_once{1, 0};
    ::setsockopt(client.fd(), SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(HttpAddressShares)

BOOST_AUTO_TEST_CASE(a_crowded_address_loses_its_own_longest_waiting_connection_and_nobody_elses) {
    EchoHandler handler;
    auto config = plainConfig();
    config.limits.connections = 8;
    config.limits.connections_of_address = 2;
    HttpServer server(config, handler);
    Client other(Client::connectTo(server.port(), kOther));
    BOOST_TEST(statusOf(other, kGet) == 200);
    std::vector<std::unique_ptr<Client>> greedy;
    for (int i = 0; i < 5; ++i) {
        greedy.push_back(std::make_unique<Client>(Client::connectTo(server.port(), kGreedy)));
        BOOST_TEST(statusOf(*greedy.back(), kGet) == 200);
    }
    for (const std::size_t gone : {0U, 1U, 2U}) BOOST_TEST(greedy[gone]->isClosedByPeer());
    for (const std::size_t kept : {3U, 4U}) BOOST_TEST(statusOf(*greedy[kept], kGet) == 200);
    BOOST_TEST(statusOf(other, kGet) == 200);
    BOOST_TEST(server.counters().refusedFor(HttpRefusal::Evicted) == 3U);
}

/// Without a head that is whole anybody may go; with one, whose body creeps.
BOOST_AUTO_TEST_CASE(where_nobody_waits_for_a_request_the_slowest_body_gives_its_place) {
    EchoHandler handler;
    auto config = plainConfig();
    config.limits.connections_of_address = 3;
    config.limits.body_grace = {};
    HttpServer server(config, handler);
    Client quick(Client::connectTo(server.port(), kGreedy));
    Client slow(Client::connectTo(server.port(), kGreedy));
    Client idle(Client::connectTo(server.port(), kGreedy));
    quick.send(post(9'000, 8'000));
    slow.send(post(9'000, 1));
    BOOST_TEST(statusOf(idle, kGet) == 200);
    while (server.counters().bytes_read.load() < 8'000 + 3 * kGet.size()) std::this_thread::yield();
    Client next(Client::connectTo(server.port(), kGreedy));
    BOOST_TEST(statusOf(next, kGet) == 200);
    BOOST_TEST(idle.isClosedByPeer());
    next.send(post(9'000, 4'000));
    while (server.counters().bytes_read.load() < 12'000 + 3 * kGet.size()) std::this_thread::yield();
    Client last(Client::connectTo(server.port(), kGreedy));
    BOOST_TEST(statusOf(last, kGet) == 200);
    BOOST_TEST(slow.isClosedByPeer());
    quick.send(std::string(1'000, 'x'));
    BOOST_TEST(quick.receive()->status == 200);
    next.send(std::string(5'000, 'x'));
    BOOST_TEST(next.receive()->status == 200);
}

BOOST_AUTO_TEST_CASE(bodies_of_one_address_leave_memory_for_those_of_others) {
    EchoHandler handler;
    auto config = plainConfig();
    config.limits.inline_total_bytes = 20'000;
    config.limits.inline_bytes_of_address = 10'000;
    HttpServer server(config, handler);
    Client half(Client::connectTo(server.port(), kGreedy));
    Client more(Client::connectTo(server.port(), kGreedy));
    Client other(Client::connectTo(server.port(), kOther));
    half.send(post(9'000, 8'000));  // of which the last bytes never come
    while (server.counters().bytes_read.load() < 8'000) std::this_thread::yield();
    more.send(post(9'000, 9'000));
    const auto answer = more.receive();
    BOOST_REQUIRE(answer);
    BOOST_TEST(answer->status == 429);
    BOOST_TEST(answer->body.find("address_limit") != std::string::npos);
    BOOST_TEST(answer->head.find("Retry-After: ") != std::string::npos);
    BOOST_TEST(statusOf(other, post(9'000, 9'000)) == 200);
    half.send(std::string(1'000, 'x'));
    BOOST_TEST(half.receive()->status == 200);
    BOOST_TEST(statusOf(half, post(9'000, 9'000)) == 200);  // what was answered is given back
}

/// Far beyond what the sockets between take up.
constexpr std::size_t kAnswerBytes = 24 * 1024 * 1024;

void answerAtLength(Request, Responder responder) {
    Response response;
    response.body.assign(kAnswerBytes, 'x');
    responder.answer(std::move(response));
}

BOOST_AUTO_TEST_CASE(an_answer_that_nobody_reads_goes_where_an_address_has_too_many_of_them) {
    EchoHandler handler;
    handler.work = answerAtLength;
    auto config = plainConfig();
    config.limits.answer_total_bytes = 8 * kAnswerBytes;
    config.limits.answer_bytes_of_address = 2 * kAnswerBytes + kAnswerBytes / 2;
    HttpServer server(config, handler);
    Client other(Client::connectTo(server.port(), kOther));
    other.send(kGet);  // reads late, and is of another address
    std::vector<std::unique_ptr<Client>> greedy;
    for (std::uint64_t asked = 1; asked <= 4; ++asked) {
        greedy.push_back(std::make_unique<Client>(Client::connectTo(server.port(), kGreedy)));
        greedy.back()->send(kGet);
        while (server.counters().responses.load() < asked + 1) std::this_thread::yield();
    }
    for (const std::size_t gone : {0U, 1U}) BOOST_TEST(!greedy[gone]->receive());
    for (const std::size_t kept : {2U, 3U}) BOOST_TEST(greedy[kept]->receive()->body.size() == kAnswerBytes);
    BOOST_TEST(other.receive()->body.size() == kAnswerBytes);
    BOOST_TEST(server.counters().refusedFor(HttpRefusal::Evicted) == 2U);
    for (int again = 0; again < 4; ++again) {  // what was read is given back
        greedy.back()->send(kGet);
        BOOST_TEST(greedy.back()->receive()->body.size() == kAnswerBytes);
    }
}

/// As long as a page of cases is.
constexpr std::size_t kPageBytes = 512 * 1024;

void answerWithPage(Request request, Responder responder) {
    Response response;
    if (request.head.target == "/page") response.body.assign(kPageBytes, 'x');
    responder.answer(std::move(response));
}

BOOST_AUTO_TEST_CASE(answers_of_the_size_of_a_page_wait_here_and_not_in_the_kernel_where_nobody_bounds_them) {
    EchoHandler handler;
    handler.work = answerWithPage;
    auto config = plainConfig();
    config.limits.answer_bytes_of_address = 2 * kPageBytes + kPageBytes / 2;
    HttpServer server(config, handler);
    std::vector<std::unique_ptr<Client>> greedy;
    for (std::uint64_t asked = 1; asked <= 4; ++asked) {
        greedy.push_back(std::make_unique<Client>(Client::connectTo(server.port(), kGreedy)));
        greedy.back()->send("GET /page HTTP/1.1\r\nHost: h\r\n\r\n");
        while (server.counters().responses.load() < asked) std::this_thread::yield();
    }
    Client other(Client::connectTo(server.port(), kOther));
    BOOST_TEST(statusOf(other, kGet) == 200);  // the loop is through with the others
    BOOST_TEST(server.counters().refusedFor(HttpRefusal::Evicted) == 2U);
    for (const std::size_t gone : {0U, 1U}) {  // by a reset, so that the kernel keeps nothing either
        std::array<char, 64 * 1024> scratch{};
        ssize_t count = 0;
        do count = ::recv(greedy[gone]->fd(), scratch.data(), scratch.size(), 0);
        while (count > 0);
        BOOST_TEST((count < 0 && errno == ECONNRESET));
    }
    for (const std::size_t kept : {2U, 3U}) BOOST_TEST(greedy[kept]->receive()->body.size() == kPageBytes);
}

/// Reads what was asked for and keeps nothing of it.
void takePage(Client& client) {
    client.send("GET /page HTTP/1.1\r\nHost: h\r\n\r\n");
    std::array<char, 64 * 1024> scratch{};
    for (std::size_t taken = 0; taken < kPageBytes;) {
        const auto count = ::recv(client.fd(), scratch.data(), scratch.size(), 0);
        BOOST_REQUIRE(count > 0);
        taken += static_cast<std::size_t>(count);
    }
}

BOOST_AUTO_TEST_CASE(a_connection_whose_answer_was_read_holds_nothing_of_it) {
    EchoHandler handler;
    handler.work = answerWithPage;
    HttpServer server(plainConfig(), handler);
    Client other(Client::connectTo(server.port(), kOther));
    std::vector<std::unique_ptr<Client>> idle;
    for (int i = 0; i < 32; ++i) idle.push_back(std::make_unique<Client>(Client::connectTo(server.port(), kGreedy)));
    BOOST_TEST(statusOf(other, kGet) == 200);
    const auto before = mallinfo2().uordblks + mallinfo2().hblkhd;
    for (const auto& client : idle) takePage(*client);
    BOOST_TEST(statusOf(other, kGet) == 200);  // the loop is through with what came before
    BOOST_TEST(mallinfo2().uordblks + mallinfo2().hblkhd < before + 8 * kPageBytes);
}

BOOST_AUTO_TEST_CASE(answers_that_nobody_reads_are_bounded_for_all_addresses_together) {
    EchoHandler handler;
    handler.work = answerAtLength;
    auto config = plainConfig();
    config.limits.answer_bytes_of_address = 2 * kAnswerBytes;
    config.limits.answer_total_bytes = kAnswerBytes + kAnswerBytes / 2;
    HttpServer server(config, handler);
    Client first(Client::connectTo(server.port(), kGreedy));
    Client second(Client::connectTo(server.port(), kOther));
    first.send(kGet);
    while (server.counters().responses.load() < 1) std::this_thread::yield();
    second.send(kGet);
    while (server.counters().responses.load() < 2) std::this_thread::yield();
    BOOST_TEST(!first.receive());
    BOOST_TEST(second.receive()->body.size() == kAnswerBytes);
}

BOOST_AUTO_TEST_CASE(requests_of_one_address_leave_workers_for_those_of_others) {
    EchoHandler handler;
    Gate gate;
    Gate arrived;
    handler.work = [&](Request request, Responder responder) {
        if (request.head.peer_address == kGreedy) {
            arrived.open();
            gate.pass();
        }
        responder.answer(EchoHandler::echo(request));
    };
    auto config = plainConfig();
    config.limits.in_flight_of_address = 1;
    HttpServer server(config, handler);
    Client first(Client::connectTo(server.port(), kGreedy));
    Client second(Client::connectTo(server.port(), kGreedy));
    Client other(Client::connectTo(server.port(), kOther));
    first.send(kGet);
    arrived.pass();
    BOOST_TEST(statusOf(second, kGet) == 429);
    BOOST_TEST(statusOf(other, kGet) == 200);
    gate.open();
    BOOST_TEST(first.receive()->status == 200);
    BOOST_TEST(statusOf(second, kGet) == 200);
}

BOOST_AUTO_TEST_CASE(a_request_whose_client_hung_up_counts_until_it_is_answered) {
    EchoHandler handler;
    Gate gate;
    Gate arrived;
    handler.work = [&](Request request, Responder responder) {
        arrived.open();
        gate.pass();
        responder.answer(EchoHandler::echo(request));
    };
    auto config = plainConfig();
    config.limits.in_flight = 1;
    HttpServer server(config, handler);
    {
        Client gone(Client::connectTo(server.port(), kGreedy));
        gone.send(kGet);
        arrived.pass();
        reset(gone);
    }
    Client other(Client::connectTo(server.port(), kOther));
    BOOST_TEST(statusOf(other, kGet) == 503);
    gate.open();
    int status = 503;
    while (status == 503) status = statusOf(other, kGet);
    BOOST_TEST(status == 200);
}

BOOST_AUTO_TEST_CASE(an_ipv6_address_shares_with_its_64) {
    AddressShares shares;
    AddressShare& one = shares.of("2001:db8:1:2::1");
    BOOST_TEST(&one == &shares.of("2001:db8:1:2:ffff::9"));
    BOOST_TEST(&one != &shares.of("2001:db8:1:3::1"));
    shares.leave("2001:db8:1:2::1");
    BOOST_TEST(shares.find("2001:db8:1:2::1") == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
