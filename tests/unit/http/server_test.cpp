// tests/unit/http/server_test.cpp - what the server promises beside framing: limits, slow peers, large bodies, streams,
// stopping.
#include <boost/test/unit_test.hpp>

#include <sys/stat.h>

#include <filesystem>
#include <future>
#include <thread>

#include "gateway/base/fault.hpp"
#include "tests/unit/http/test_client.hpp"

using namespace caseway;
using namespace caseway::test;
using namespace std::chrono_literals;

namespace {

const std::string kGet = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";

std::string post(const std::string& target, const std::string& body) {
    return "POST " + target + " HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           body;
}

/// What a sink was told; shared between the test and the server.
struct SinkRecord {
    std::mutex mutex;
    std::string bytes;
    std::size_t largest_write = 0;
    bool finished = false;
    std::promise<void> destroyed;
};

class RecordingSink final : public BodySink {
public:
    RecordingSink(std::shared_ptr<SinkRecord> record, std::function<void()> before_write)
        : record_(std::move(record)), before_write_(std::move(before_write)) {}
    ~RecordingSink() override { record_->destroyed.set_value(); }
    void write(std::string_view bytes) override {
        if (before_write_) before_write_();
        const std::lock_guard lock(record_->mutex);
        record_->bytes += bytes;
        record_->largest_write = std::max(record_->largest_write, bytes.size());
    }
    void finish() override {
        const std::lock_guard lock(record_->mutex);
        record_->finished = true;
    }

private:
    std::shared_ptr<SinkRecord> record_;
    std::function<void()> before_write_;
};

auto spoolTo(std::shared_ptr<SinkRecord> record, std::function<void()> before_write = {}) {
    return [=](const RequestHead& head) -> BodyPlan {
        if (head.method != "POST") return InlineBody{1024};
        return SpoolBody{1ULL << 32, [=] { return std::make_unique<RecordingSink>(record, before_write); }};
    };
}

/// Sends what it has, then breaks if it is told to.
class CountingSource final : public ByteSource {
public:
    CountingSource(std::size_t size, bool breaks) : left_(size), breaks_(breaks) {}
    std::size_t read(std::span<char> buffer) override {
        const auto count = std::min(buffer.size(), left_);
        if (count == 0 && breaks_) throw Fault(FaultCode::FileUnavailable, "gone");
        std::fill_n(buffer.begin(), count, 'x');
        left_ -= count;
        return count;
    }
    void rewind() override {}

private:
    std::size_t left_;
    bool breaks_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(HttpServing)

BOOST_AUTO_TEST_CASE(answers_later_and_from_another_thread) {
    EchoHandler handler;
    std::vector<std::thread> threads;
    std::atomic<int> firsts{0};  // Boost.Test speaks on the main thread only
    std::atomic<int> seconds{0};
    std::mutex mutex;
    handler.work = [&](Request request, Responder responder) {
        const std::lock_guard lock(mutex);
        threads.emplace_back(
            [&firsts, &seconds, request = std::make_shared<Request>(std::move(request)), responder]() mutable {
                if (responder.answer(EchoHandler::echo(*request))) firsts.fetch_add(1);
                if (responder.answer(EchoHandler::echo(*request))) seconds.fetch_add(1);
            });
    };
    HttpServer server(plainConfig(), handler);
    Client client(Client::connectTo(server.port()));
    for (int i = 0; i < 20; ++i) {
        client.send(post("/later", std::to_string(i)));
        const auto answer = client.receive();
        BOOST_REQUIRE(answer);
        BOOST_TEST(answer->body == "POST /later " + std::to_string(i));
    }
    server.stop(1s);
    for (auto& thread : threads) thread.join();
    BOOST_TEST(firsts.load() == 20);
    BOOST_TEST(seconds.load() == 0);
}

BOOST_AUTO_TEST_CASE(announces_a_request_when_its_body_is_there_and_keeps_that_until_it_is_handled) {
    EchoHandler handler;
    std::atomic<int> announced{0};
    handler.plan = [&](const RequestHead&) -> BodyPlan {
        return InlineBody{1024, [&] { return std::make_shared<int>(announced.fetch_add(1) + 1); }};
    };
    handler.work = [](const Request& request, Responder responder) {
        responder.answer({200, {}, std::to_string(*std::static_pointer_cast<int>(request.announced)), {}});
    };
    HttpServer server(plainConfig(), handler);
    {
        Client broken(Client::connectTo(server.port()));
        broken.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nbod");
        broken.finish();
        BOOST_TEST(broken.receive().value().status == 400);
    }
    Client client(Client::connectTo(server.port()));
    for (int i = 1; i <= 2; ++i) {
        client.send(post("/", "body"));
        BOOST_TEST(client.receive().value().body == std::to_string(i));
    }
    BOOST_TEST(announced.load() == 2);
}

BOOST_AUTO_TEST_CASE(answers_500_when_the_handler_forgets_or_throws_and_503_for_a_passing_fault) {
    EchoHandler handler;
    handler.work = [](Request request, Responder) {
        if (request.head.target == "/throw") throw std::runtime_error("secret");
        if (request.head.target == "/fault") throw Fault(FaultCode::StoreUnavailable, "secret");
    };
    HttpServer server(plainConfig(), handler);
    Client client(Client::connectTo(server.port()));
    for (const auto& [target, status] : {std::pair{"/forget", 500}, {"/throw", 500}, {"/fault", 503}}) {
        client.send(std::string("GET ") + target + " HTTP/1.1\r\nHost: h\r\n\r\n");
        const auto answer = client.receive();
        BOOST_REQUIRE(answer);
        BOOST_TEST(answer->status == status);
        BOOST_TEST(answer->body.find("secret") == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(gives_head_the_length_without_the_body_and_never_splits_a_header) {
    EchoHandler handler;
    handler.work = [](Request request, Responder responder) {
        auto response = EchoHandler::echo(request);
        if (request.head.target == "/split") response.fields.push_back({"X-Evil", "a\r\nSet-Cookie: b"});
        responder.answer(std::move(response));
    };
    HttpServer server(plainConfig(), handler);
    Client client(Client::connectTo(server.port()));
    client.send("HEAD /a HTTP/1.1\r\nHost: h\r\n\r\n" + kGet + "GET /split HTTP/1.1\r\nHost: h\r\n\r\n");
    const auto head = client.receive(true);
    BOOST_REQUIRE(head);
    BOOST_TEST(head->head.find("Content-Length: 8\r\n") != std::string::npos);
    BOOST_TEST(client.receive()->body == "GET /a ");
    BOOST_TEST(client.receive()->status == 500);
}

BOOST_AUTO_TEST_CASE(cuts_off_a_head_that_does_not_end_and_a_body_that_creeps) {
    EchoHandler handler;
    auto config = plainConfig();
    config.limits.head_time = 50ms;
    config.limits.body_window = 50ms;
    HttpServer server(config, handler);
    for (const auto* bytes : {"GET /a HT", "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 5000\r\n\r\nhell"}) {
        Client client(Client::connectTo(server.port()));
        client.send(bytes);
        const auto answer = client.receive();
        BOOST_REQUIRE(answer);
        BOOST_TEST(answer->status == 408);
        BOOST_TEST(client.isClosedByPeer());
    }
    BOOST_TEST(handler.calls.load() == 0);
    BOOST_TEST(server.counters().refusedFor(HttpRefusal::RequestTimeout) == 2U);
}

BOOST_AUTO_TEST_CASE(closes_idle_connections_after_their_time) {
    EchoHandler handler;
    auto config = plainConfig();
    config.limits.idle_time = 5s;
    HttpServer server(config, handler);
    Client client(Client::connectTo(server.port()));
    client.send(kGet);
    BOOST_TEST(client.receive().value().status == 200);
    BOOST_TEST(client.isClosedByPeer());
}

BOOST_AUTO_TEST_CASE(answers_good_requests_beside_2000_idle_and_half_sent_connections) {
    EchoHandler handler;
    auto config = plainConfig();
    config.limits.head_time = config.limits.body_window = 120s;  // none is late, however slow this machine
    HttpServer server(config, handler);
    std::vector<std::unique_ptr<Client>> others;
    for (int i = 0; i < 2000; ++i) {
        others.push_back(std::make_unique<Client>(Client::connectTo(server.port())));
        BOOST_REQUIRE(others.back()->isOpen());
        if (i % 3 == 1) others.back()->send("POST /half HTTP/1.1\r\nHost: h\r\nContent-Le");
        if (i % 3 == 2) others.back()->send("POST /half HTTP/1.1\r\nHost: h\r\nContent-Length: 50\r\n\r\nhalf");
    }
    Client client(Client::connectTo(server.port()));
    for (int i = 0; i < 200; ++i) {
        client.send(post("/good", "x"));
        const auto answer = client.receive();
        BOOST_REQUIRE(answer);
        BOOST_REQUIRE(answer->status == 200);
    }
    BOOST_TEST(handler.calls.load() == 200);
    BOOST_TEST(server.counters().connectionsOpen() == 2001U);
}

BOOST_AUTO_TEST_CASE(closes_the_longest_waiting_connection_when_places_are_short) {
    EchoHandler handler;
    auto config = plainConfig();
    config.limits.connections = 3;
    HttpServer server(config, handler);
    std::vector<std::unique_ptr<Client>> clients;
    for (int i = 0; i < 3; ++i) {
        clients.push_back(std::make_unique<Client>(Client::connectTo(server.port())));
        clients.back()->send(kGet);
        BOOST_TEST(clients.back()->receive()->status == 200);
    }
    clients[0]->send(kGet);  // now the second has waited longest
    BOOST_TEST(clients[0]->receive()->status == 200);
    Client newcomer(Client::connectTo(server.port()));
    newcomer.send(kGet);
    BOOST_TEST(newcomer.receive()->status == 200);
    BOOST_TEST(clients[1]->isClosedByPeer());
    for (const int kept : {0, 2}) {
        clients[static_cast<std::size_t>(kept)]->send(kGet);
        BOOST_TEST(clients[static_cast<std::size_t>(kept)]->receive()->status == 200);
    }
}

BOOST_AUTO_TEST_CASE(refuses_with_retry_after_what_is_too_much_at_once_or_too_fast) {
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
    config.limits.requests_per_second = 0.001;
    config.limits.request_burst = 3;
    HttpServer server(config, handler);
    Client first(Client::connectTo(server.port()));
    Client second(Client::connectTo(server.port()));
    first.send(kGet);
    arrived.pass();
    second.send(post("/a", "dropped body"));
    const auto crowded = second.receive();
    BOOST_REQUIRE(crowded);
    BOOST_TEST(crowded->status == 503);
    BOOST_TEST(crowded->head.find("Retry-After: ") != std::string::npos);
    gate.open();
    BOOST_TEST(first.receive()->status == 200);
    second.send(kGet + kGet);
    BOOST_TEST(second.receive()->status == 200);
    const auto fast = second.receive();
    BOOST_REQUIRE(fast);
    BOOST_TEST(fast->status == 429);
    BOOST_TEST(fast->head.find("Retry-After: ") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(refuses_inline_bodies_beyond_the_memory_for_all_of_them) {
    EchoHandler handler;
    auto config = plainConfig();
    config.limits.inline_total_bytes = 10'000;
    HttpServer server(config, handler);
    Client client(Client::connectTo(server.port()));
    for (int i = 0; i < 5; ++i) {  // what is answered is given back
        client.send(post("/a", std::string(9'000, 'x')));
        BOOST_TEST(client.receive()->status == 200);
    }
    client.send(post("/a", std::string(11'000, 'x')));
    BOOST_TEST(client.receive()->status == 503);
    BOOST_TEST(client.isClosedByPeer());
}

BOOST_AUTO_TEST_CASE(carries_a_large_body_to_its_sink_and_holds_the_peer_back_while_the_sink_is_slow) {
    EchoHandler handler;
    Gate gate;
    auto record = std::make_shared<SinkRecord>();
    handler.plan = spoolTo(record, [&] { gate.pass(); });
    handler.work = [](Request request, Responder responder) {
        Response response;
        response.body = request.sink != nullptr ? "spooled" : "no sink";
        responder.answer(std::move(response));
    };
    auto config = plainConfig();
    config.limits.unspooled_bytes = 256 * 1024;
    HttpServer server(config, handler);
    Client client(Client::connectTo(server.port()));
    const std::string body(32 * 1024 * 1024, 'b');
    std::thread sender([&] { client.send(post("/large", body)); });
    Client other(Client::connectTo(server.port()));
    other.send(kGet);  // the loop is not blocked by the sink
    BOOST_TEST(other.receive()->body == "no sink");
    BOOST_TEST(server.counters().bytes_read.load() < 16U * 1024 * 1024);
    gate.open();
    sender.join();
    const auto answer = client.receive();
    BOOST_REQUIRE(answer);
    BOOST_TEST(answer->body == "spooled");
    const std::lock_guard lock(record->mutex);
    BOOST_TEST(record->finished);
    BOOST_TEST(record->largest_write <= config.limits.unspooled_bytes + 64U * 1024);
    BOOST_TEST((record->bytes == body));
}

BOOST_AUTO_TEST_CASE(destroys_the_sink_unfinished_when_the_body_breaks_off) {
    EchoHandler handler;
    auto record = std::make_shared<SinkRecord>();
    Gate written;
    handler.plan = spoolTo(record, [&] { written.open(); });
    HttpServer server(plainConfig(), handler);
    {
        Client client(Client::connectTo(server.port()));
        client.send("POST /large HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\nbegin");
        written.pass();
    }
    record->destroyed.get_future().wait();
    BOOST_TEST(!record->finished);
    BOOST_TEST(handler.calls.load() == 0);
}

BOOST_AUTO_TEST_CASE(answers_503_when_the_sink_cannot_write) {
    EchoHandler handler;
    auto record = std::make_shared<SinkRecord>();
    handler.plan = spoolTo(record, [] { throw Fault(FaultCode::StoreUnavailable, "disk full"); });
    HttpServer server(plainConfig(), handler);
    Client client(Client::connectTo(server.port()));
    client.send(post("/large", std::string(100'000, 'x')));
    BOOST_TEST(client.receive()->status == 503);
    BOOST_TEST(handler.calls.load() == 0);
}

BOOST_AUTO_TEST_CASE(streams_an_answer_and_ends_it_visibly_broken_when_the_source_breaks) {
    EchoHandler handler;
    handler.work = [](Request request, Responder responder) {
        Response response;
        response.stream = std::make_unique<CountingSource>(3'000'000, request.head.target == "/broken");
        responder.answer(std::move(response));
    };
    HttpServer server(plainConfig(), handler);
    Client client(Client::connectTo(server.port()));
    for (int i = 0; i < 2; ++i) {
        client.send(kGet);
        const auto whole = client.receive();
        BOOST_REQUIRE(whole);
        BOOST_TEST(whole->body.size() == 3'000'000U);
    }
    client.send("GET /broken HTTP/1.1\r\nHost: h\r\n\r\n");
    BOOST_TEST(!client.receive());
}

BOOST_AUTO_TEST_CASE(finishes_what_is_in_flight_when_it_stops) {
    EchoHandler handler;
    Gate gate;
    Gate arrived;
    handler.work = [&](Request request, Responder responder) {
        arrived.open();
        gate.pass();
        responder.answer(EchoHandler::echo(request));
    };
    HttpServer server(plainConfig(), handler);
    Client idle(Client::connectTo(server.port()));
    Client busy(Client::connectTo(server.port()));
    busy.send(kGet);
    arrived.pass();
    std::thread stopper([&] { server.stop(20s); });
    BOOST_TEST(idle.isClosedByPeer());
    gate.open();
    const auto answer = busy.receive();
    BOOST_REQUIRE(answer);
    BOOST_TEST(answer->status == 200);
    BOOST_TEST(answer->head.find("Connection: close\r\n") != std::string::npos);
    BOOST_TEST(busy.isClosedByPeer());
    busy.finish();
    stopper.join();
    BOOST_TEST(Client::connectTo(server.port()) < 0);
}

BOOST_AUTO_TEST_SUITE_END()
