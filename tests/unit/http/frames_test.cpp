// tests/unit/http/frames_test.cpp - a listener whose requests are frames: where each ends, what is never answered, the
// same limits as over HTTP.
#include <boost/test/unit_test.hpp>

#include "gateway/adapters/http/frame_parser.hpp"
#include "tests/unit/http/test_client.hpp"

using namespace caseway;
using namespace caseway::test;

namespace {

std::string frame(std::string_view content) {
    std::string out;
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(content.size() >> shift & 0xFF);
    return out += content;
}

Response framed(std::string body) {
    Response response;
    response.fields.push_back({"Content-Type", std::string(kFrameType)});
    response.body = std::move(body);
    return response;
}

/// Answers a frame with "<" content ">" in one.
struct FrameEcho : EchoHandler {
    FrameEcho() {
        work = [](Request request, Responder responder) { responder.answer(framed("<" + request.body + ">")); };
    }
};

HttpServerConfig framesConfig() {
    auto config = plainConfig();
    config.listeners[0].framing = Framing::Frames;
    return config;
}

/// Reads exactly `size` bytes, or as many as come before the end.
std::string receive(const Client& client, std::size_t size) {
    std::string bytes(size, '\0');
    std::size_t have = 0;
    for (long count = 1; have < size && count > 0; have += static_cast<std::size_t>(std::max(count, 0L)))
        count = ::recv(client.fd(), bytes.data() + have, size - have, 0);
    bytes.resize(have);
    return bytes;
}

struct Pieces final : BodyReceiver {
    void bodyPiece(std::string_view bytes) override { text += bytes; }
    std::string text;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(HttpFrames)

BOOST_AUTO_TEST_CASE(a_frame_ends_where_its_length_says_however_it_arrives) {
    for (const std::size_t piece : {1U, 2U, 3U, 5U, 100U}) {
        const std::string bytes = frame("hello") + frame("x");
        FrameParser parser;
        Pieces body;
        std::string pending;
        std::size_t given = 0;
        auto step = parser.parse(pending, body);
        while (step.state != StreamParser::State::Complete) {
            if (step.state == StreamParser::State::NeedsMore) {
                pending += bytes.substr(given, piece);
                given += piece;
            }
            step = parser.parse(pending, body);
            pending.erase(0, step.consumed);
        }
        BOOST_TEST(body.text == "hello");
        BOOST_TEST(*parser.head().content_length == 5U);
        BOOST_TEST(frame("x").starts_with(pending));
    }
}

BOOST_AUTO_TEST_CASE(frames_are_answered_with_frames_one_after_the_other) {
    FrameEcho handler;
    HttpServer server(framesConfig(), handler);
    Client client(Client::connectTo(server.port()));
    client.send(frame("a") + frame("bc"), 3);
    BOOST_TEST(receive(client, 13) == frame("<a>") + frame("<bc>").substr(0, 6));
}

BOOST_AUTO_TEST_CASE(what_is_no_frame_or_too_large_ends_the_connection_without_a_word) {
    FrameEcho handler;
    HttpServer server(framesConfig(), handler);
    for (const std::string& bytes :
         {std::string(4, '\0'), std::string("\xff\xff\xff\xff"), std::string("GET / HTTP/1.1\r\n\r\n"),
          std::string("\x00\x10\x00\x01", 4), std::string("\x16\x03\x01\x02\x00\x01\x00", 7)}) {
        Client client(Client::connectTo(server.port()));
        client.send(bytes);
        BOOST_TEST(client.isClosedByPeer());
    }
    BOOST_TEST(handler.calls == 0);
}

BOOST_AUTO_TEST_CASE(a_frame_that_breaks_off_is_never_handled) {
    FrameEcho handler;
    HttpServer server(framesConfig(), handler);
    Client client(Client::connectTo(server.port()));
    client.send(frame("hello").substr(0, 7));
    client.finish();
    BOOST_TEST(client.isClosedByPeer());
    BOOST_TEST(handler.calls == 0);
}

BOOST_AUTO_TEST_CASE(slow_frames_and_idle_connections_end_in_their_time) {
    FrameEcho handler;
    auto config = framesConfig();
    config.limits.head_time = config.limits.body_window = config.limits.idle_time = std::chrono::milliseconds(50);
    HttpServer server(config, handler);
    for (const std::string& bytes : {std::string(), std::string("\x00\x00", 2), frame("hello").substr(0, 6)}) {
        Client client(Client::connectTo(server.port()));
        client.send(bytes);
        BOOST_TEST(client.isClosedByPeer());
    }
    BOOST_TEST(handler.calls == 0);
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_no_frame_ends_the_connection) {
    FrameEcho handler;
    handler.work = [](Request, Responder responder) { responder.answer(problem(503, "overloaded", "not now")); };
    HttpServer server(framesConfig(), handler);
    Client client(Client::connectTo(server.port()));
    client.send(frame("a"));
    BOOST_TEST(client.isClosedByPeer());
}

BOOST_AUTO_TEST_CASE(more_requests_than_an_address_may_have_end_their_connections) {
    FrameEcho handler;
    Gate gate, arrived;
    handler.work = [&](Request, Responder responder) {
        arrived.open();
        gate.pass();
        responder.answer(framed("done"));
    };
    auto config = framesConfig();
    config.limits.in_flight_of_address = 1;
    HttpServer server(config, handler);
    Client first(Client::connectTo(server.port()));
    first.send(frame("a"));
    arrived.pass();
    Client second(Client::connectTo(server.port()));
    second.send(frame("b"));
    BOOST_TEST(second.isClosedByPeer());
    gate.open();
    BOOST_TEST(receive(first, 8) == frame("done"));
}

BOOST_AUTO_TEST_SUITE_END()
