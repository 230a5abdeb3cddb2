// tests/unit/http/framing_test.cpp - every form of bad framing, as bytes on a raw socket: framing_cases.txt.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "tests/unit/http/test_client.hpp"

using namespace caseway;
using namespace caseway::test;

namespace {

struct Case {
    std::string name;
    std::string bytes;
    std::vector<std::string> statuses;  // several with '/' would be alternatives; here: in order
    std::string fate;
    int calls = 0;
};

std::string trimmed(std::string text) {
    text.erase(0, text.find_first_not_of(' '));
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
}

std::string unescaped(const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\') {
            out += text[i];
            continue;
        }
        switch (text.at(++i)) {
            case 'r':
                out += '\r';
                break;
            case 'n':
                out += '\n';
                break;
            case 't':
                out += '\t';
                break;
            case '0':
                out += '\0';
                break;
            case 'p':
                out += '|';
                break;
            case 'x':
                out += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
                i += 2;
                break;
            default:
                out += text[i];
        }
    }
    return out;
}

/// {text*count} becomes text, count times.
std::string expanded(const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        const auto end = text.find('}', i);
        if (text[i] != '{' || end == std::string::npos) {
            out += text[i++];
            continue;
        }
        const auto star = text.rfind('*', end);
        const auto count = std::stoul(text.substr(star + 1, end - star - 1));
        for (std::size_t n = 0; n < count; ++n) out += text.substr(i + 1, star - i - 1);
        i = end + 1;
    }
    return out;
}

std::vector<Case> readCases() {
    std::ifstream file(CASEWAY_SOURCE_DIR "/tests/unit/http/framing_cases.txt");
    std::vector<Case> cases;
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line[0] == '#') continue;
        std::vector<std::string> parts;
        std::istringstream in(line);
        for (std::string part; std::getline(in, part, '|');) parts.push_back(trimmed(part));
        BOOST_REQUIRE_MESSAGE(parts.size() == 5, line);
        Case one{parts[0], unescaped(expanded(parts[1])), {}, parts[3], std::stoi(parts[4])};
        std::istringstream statuses(parts[2]);
        for (std::string status; std::getline(statuses, status, ',');) {
            if (status != "-") one.statuses.push_back(status);
        }
        cases.push_back(std::move(one));
    }
    return cases;
}

void run(const Case& one, std::size_t piece) {
    BOOST_TEST_CONTEXT(one.name << (piece == 0 ? ", whole" : ", in pieces")) {
        EchoHandler handler;
        handler.plan = [](const RequestHead& head) -> BodyPlan {
            if (head.path() == "/refused") return RefuseBody{problem(404, "not_found", "nothing here")};
            return InlineBody{1024 * 1024};
        };
        HttpServer server(plainConfig(), handler);
        Client client(Client::connectTo(server.port()));
        client.send(one.bytes, piece);
        if (one.fate == "fin") client.finish();
        for (const auto& status : one.statuses) {
            const auto answer = client.receive();
            BOOST_REQUIRE_MESSAGE(answer, "closed instead of " << status);
            BOOST_TEST(answer->status == std::stoi(status));
            if (answer->status < 400) continue;
            BOOST_TEST(answer->head.find("application/problem+json") != std::string::npos);
            // What the server refuses itself says what to do; 404 is this handler's.
            BOOST_TEST((answer->status == 404 || answer->body.find("\"hint\":\"") != std::string::npos), answer->body);
        }
        if (one.fate == "keep") {
            client.send("GET /last HTTP/1.1\r\nHost: h\r\n\r\n");
            const auto last = client.receive();
            BOOST_REQUIRE(last);
            BOOST_TEST(last->body == "GET /last ");
        } else {
            BOOST_TEST(client.isClosedByPeer());
        }
        BOOST_TEST(handler.calls.load() == one.calls + (one.fate == "keep" ? 1 : 0));
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(HttpFraming)

BOOST_AUTO_TEST_CASE(answers_each_form_of_request_as_the_table_says) {
    const auto cases = readCases();
    BOOST_TEST(cases.size() > 100);
    for (const auto& one : cases) run(one, 0);
}

BOOST_AUTO_TEST_CASE(answers_the_same_when_the_bytes_come_one_by_one) {
    for (const auto& one : readCases()) run(one, one.bytes.size() > 5000 ? 97 : 1);
}

BOOST_AUTO_TEST_CASE(the_handler_sees_a_path_whatever_the_form_of_the_target) {
    EchoHandler handler;
    HttpServer server(plainConfig(), handler);
    Client client(Client::connectTo(server.port()));
    for (const auto& [target, path] :
         {std::pair{"http://h/a?b=1", "/a?b=1"}, {"https://H", "/"}, {"http://h?b", "/?b"}}) {
        client.send("GET " + std::string(target) + " HTTP/1.1\r\nHost: h\r\n\r\n");
        const auto answer = client.receive();
        BOOST_REQUIRE(answer);
        BOOST_TEST(answer->body == "GET " + std::string(path) + " ");
    }
}

BOOST_AUTO_TEST_CASE(content_codings_in_several_lines_are_one_list) {
    EchoHandler handler;
    std::vector<std::string> codings;
    handler.work = [&](Request request, Responder responder) {
        for (const HttpField& field : request.head.fields) {
            if (equalsIgnoringCase(field.name, "Content-Encoding")) codings.push_back(field.value);
            if (field.name == "X-Last") codings.push_back(field.name);
        }
        responder.answer(EchoHandler::echo(request));
    };
    HttpServer server(plainConfig(), handler);
    Client client(Client::connectTo(server.port()));
    client.send(
        "POST /a HTTP/1.1\r\nHost: h\r\nContent-Encoding: identity\r\nX: y\r\ncontent-encoding: gzip\r\n"
        "CONTENT-ENCODING:\r\nContent-Length: 2\r\nX-Last: z\r\n\r\nhi");
    BOOST_REQUIRE(client.receive());
    BOOST_TEST(codings == (std::vector<std::string>{"identity, gzip, ", "X-Last"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(body_that_is_left_is_answered_by_the_handler_and_never_read_as_a_request) {
    for (const char* field : {"Content-Length: 100000000\r\n", "Transfer-Encoding: chunked\r\n",
                              "Content-Length: 100000000\r\nExpect: 100-continue\r\n"}) {
        EchoHandler handler;
        handler.plan = [](const RequestHead&) -> BodyPlan { return LeaveBody{}; };
        bool left = false;
        handler.work = [&](Request request, Responder responder) {
            left = request.body_left && request.body.empty() && request.sink == nullptr;
            responder.answer(EchoHandler::echo(request));
        };
        HttpServer server(plainConfig(), handler);
        Client client(Client::connectTo(server.port()));
        client.send("POST /left HTTP/1.1\r\nHost: h\r\n" + std::string(field) +
                    "\r\nGET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n");
        const auto answer = client.receive();
        BOOST_REQUIRE(answer);
        BOOST_TEST(answer->body == "POST /left ");
        BOOST_TEST(left);
        BOOST_TEST(client.isClosedByPeer());
        BOOST_TEST(handler.calls.load() == 1);
    }
}

BOOST_AUTO_TEST_CASE(never_mixes_a_pipelined_request_with_the_body_before_it) {
    EchoHandler handler;
    HttpServer server(plainConfig(), handler);
    Client client(Client::connectTo(server.port()));
    std::string all;
    for (int i = 0; i < 500; ++i) {
        const auto body = "body " + std::to_string(i);
        all += "POST /" + std::to_string(i) + " HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) +
               "\r\n\r\n" + body;
    }
    client.send(all);
    for (int i = 0; i < 500; ++i) {
        const auto answer = client.receive();
        BOOST_REQUIRE(answer);
        BOOST_REQUIRE_EQUAL(answer->body, "POST /" + std::to_string(i) + " body " + std::to_string(i));
    }
}

BOOST_AUTO_TEST_SUITE_END()
