// tests/unit/http/tls_test.cpp - client certificates of every kind reach the handler, sessions resume with them,
// certificates change while serving.
#include <boost/test/unit_test.hpp>

#include <fstream>
#include <thread>

#include "gateway/base/fault.hpp"
#include "tests/unit/http/test_tls.hpp"

using namespace caseway;
using namespace caseway::test;

namespace {

const std::string kGet = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";

/// Answers with the DER of the certificate that the peer showed.
struct CertificateHandler final : RequestHandler {
    BodyPlan onHead(const RequestHead&) override { return InlineBody{64 * 1024 * 1024}; }
    void handle(Request request, Responder responder) override {
        Response response;
        if (request.head.peer_certificate != nullptr) response.body = *request.head.peer_certificate;
        if (request.head.target == "/size") response.body = std::to_string(request.body.size());
        if (request.head.target == "/mirror") response.body = std::move(request.body);
        responder.answer(std::move(response));
    }
};

HttpServerConfig tlsConfig(const TestCertificate& certificate) {
    auto config = plainConfig();
    config.listeners[0].certificate_file = certificate.certificateFile();
    config.listeners[0].key_file = certificate.keyFile();
    return config;
}

std::string certificateSeenBy(TlsClient& client) {
    client.send(kGet);
    const auto answer = client.receive();
    return answer ? answer->body : "closed";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(HttpTls)

BOOST_AUTO_TEST_CASE(hands_over_whatever_certificate_the_peer_shows_and_serves_those_who_show_none) {
    const TestCertificate gateway("gateway");
    const TestCertificate unknown("unknown system");
    const TestCertificate expired("expired system", -1);
    CertificateHandler handler;
    HttpServer server(tlsConfig(gateway), handler);
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        for (const auto* certificate : {&unknown, &expired}) {
            TlsClient client(server.port(), {certificate, version});
            BOOST_REQUIRE(client.isConnected());
            BOOST_TEST((certificateSeenBy(client) == certificate->der()));
        }
        TlsClient anonymous(server.port(), {nullptr, version});
        BOOST_TEST(certificateSeenBy(anonymous).empty());
    }
    TlsClient old(server.port(), {nullptr, TLS1_1_VERSION});
    BOOST_TEST(!old.isConnected());
}

BOOST_AUTO_TEST_CASE(resumes_sessions_with_their_client_certificate) {
    const TestCertificate gateway("gateway");
    const TestCertificate system("housing/permits");
    CertificateHandler handler;
    HttpServer server(tlsConfig(gateway), handler);
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        SessionPtr session(nullptr, &SSL_SESSION_free);
        {
            TlsClient first(server.port(), {&system, version});
            BOOST_TEST((certificateSeenBy(first) == system.der()));
            session = first.session();
        }
        TlsClient second(server.port(), {nullptr, version, session.get()});
        BOOST_REQUIRE(second.isConnected());
        BOOST_TEST(second.isResumed());
        BOOST_TEST((certificateSeenBy(second) == system.der()));
    }
    BOOST_TEST(server.counters().handshakes.load() == 4U);
    BOOST_TEST(server.counters().handshakes_resumed.load() == 2U);
}

BOOST_AUTO_TEST_CASE(takes_a_new_certificate_while_it_serves_and_keeps_the_old_one_when_the_new_is_no_good) {
    const TestCertificate gateway("gateway");
    const TestCertificate next("gateway, next year");
    const TestCertificate system("housing/permits");
    CertificateHandler handler;
    HttpServer server(tlsConfig(gateway), handler);
    TlsClient before(server.port(), {&system});
    BOOST_TEST((before.serverCertificate() == gateway.der()));
    BOOST_TEST((certificateSeenBy(before) == system.der()));
    const auto session = before.session();

    gateway.replaceFilesBy(next);
    server.reloadCertificate();
    TlsClient after(server.port(), {&system});
    BOOST_TEST((after.serverCertificate() == next.der()));
    BOOST_TEST((certificateSeenBy(before) == system.der()));  // an open connection goes on
    TlsClient resumed(server.port(), {nullptr, TLS1_3_VERSION, session.get()});
    BOOST_TEST(resumed.isResumed());
    BOOST_TEST((certificateSeenBy(resumed) == system.der()));

    std::ofstream(gateway.certificateFile()) << "not a certificate";
    BOOST_CHECK_THROW(server.reloadCertificate(), Fault);
    TlsClient still(server.port(), {&system});
    BOOST_TEST((still.serverCertificate() == next.der()));
}

BOOST_AUTO_TEST_CASE(reloads_while_connections_come_and_go) {
    const TestCertificate gateway("gateway");
    CertificateHandler handler;
    HttpServer server(tlsConfig(gateway), handler);
    std::atomic<bool> done{false};
    std::thread reloader([&] {
        while (!done.load()) server.reloadCertificate();
    });
    for (int i = 0; i < 30; ++i) {
        TlsClient client(server.port(), {&gateway});
        BOOST_TEST((certificateSeenBy(client) == gateway.der()));
    }
    done = true;
    reloader.join();
}

BOOST_AUTO_TEST_CASE(speaks_http_1_1_only) {
    const TestCertificate gateway("gateway");
    CertificateHandler handler;
    HttpServer server(tlsConfig(gateway), handler);
    TlsOptions options;
    options.alpn = "h2";
    TlsClient h2(server.port(), options);
    BOOST_TEST(!h2.isConnected());
    options.alpn = "";
    TlsClient silent(server.port(), options);
    BOOST_TEST(silent.isConnected());
}

BOOST_AUTO_TEST_CASE(tells_who_speaks_plain_http_to_it) {
    const TestCertificate gateway("gateway");
    CertificateHandler handler;
    HttpServer server(tlsConfig(gateway), handler);
    for (const std::string& request :
         {kGet, "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n" + std::string(100'000, 'x')}) {
        Client plain(Client::connectTo(server.port()));
        plain.send(request);
        const auto answer = plain.receive();
        BOOST_REQUIRE(answer);
        BOOST_TEST(answer->status == 400);
        BOOST_TEST(answer->body.find("tls_required") != std::string::npos);
        BOOST_TEST(plain.isClosedByPeer());
    }
    TlsClient good(server.port(), {&gateway});
    BOOST_TEST((certificateSeenBy(good) == gateway.der()));
    BOOST_TEST(server.counters().refusedFor(HttpRefusal::HandshakeFailed) == 2U);
}

BOOST_AUTO_TEST_CASE(carries_bodies_of_many_records_both_ways) {
    const TestCertificate gateway("gateway");
    CertificateHandler handler;
    HttpServer server(tlsConfig(gateway), handler);
    TlsClient client(server.port(), {&gateway});
    std::string body(5'000'000, '\0');
    for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>(i * 31 >> 3);
    const std::string head = " HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n";
    for (int i = 0; i < 3; ++i) {
        client.send("POST /mirror" + head + body);
        const auto answer = client.receive();
        BOOST_REQUIRE(answer);
        BOOST_TEST((answer->body == body));
    }
    for (const std::size_t piece : {1UL, 1000UL, 16384UL, 16385UL}) {  // record borders fall anywhere
        client.send("POST /size HTTP/1.1\r\nHost: h\r\nContent-Length: 3000\r\n\r\n" + std::string(3000, 'x') + kGet,
                    piece);
        BOOST_TEST(client.receive()->body == "3000");
        BOOST_TEST((client.receive()->body == gateway.der()));
    }
}

BOOST_AUTO_TEST_CASE(lives_with_peers_that_stop_in_the_middle_of_a_handshake) {
    const TestCertificate gateway("gateway");
    CertificateHandler handler;
    auto config = tlsConfig(gateway);
    config.limits.handshake_time = std::chrono::seconds(5);
    HttpServer server(config, handler);
    Client half(Client::connectTo(server.port()));
    half.send(std::string("\x16\x03\x01\x02\x00\x01\x00", 7));
    Client noise(Client::connectTo(server.port()));
    noise.send(kGet);
    TlsClient good(server.port(), {&gateway});
    BOOST_TEST((certificateSeenBy(good) == gateway.der()));
    BOOST_TEST(half.isClosedByPeer());
    noise.receive();  // an alert, or nothing
    BOOST_TEST(server.counters().refusedFor(HttpRefusal::HandshakeFailed) == 2U);
}

BOOST_AUTO_TEST_CASE(takes_a_key_update_between_requests_and_ends_with_a_peer_that_sends_nothing_else) {
    const TestCertificate gateway("gateway");
    CertificateHandler handler;
    HttpServer server(tlsConfig(gateway), handler);
    TlsClient polite(server.port(), {});
    for (int i = 0; i < 5; ++i) {
        BOOST_TEST(polite.updateKey());
        BOOST_TEST(certificateSeenBy(polite).empty());
    }
    TlsClient endless(server.port(), {});
    std::size_t updates = 0;
    while (updates < 100'000 && endless.updateKey()) ++updates;
    BOOST_TEST(updates < 100'000U);
    BOOST_TEST(certificateSeenBy(polite).empty());
}

BOOST_AUTO_TEST_CASE(asks_for_certificates_of_our_own_where_told_to) {
    const TestCertificate gateway("gateway");
    const TestCertificate ours("operator");
    const TestCertificate stranger("stranger");
    CertificateHandler handler;
    auto config = tlsConfig(gateway);
    config.listeners[0].client_certificates = ClientCertificates::RequireOurs;
    config.listeners[0].client_ca_file = ours.certificateFile();
    HttpServer server(config, handler);
    TlsClient known(server.port(), {&ours});
    BOOST_TEST((certificateSeenBy(known) == ours.der()));
    TlsClient unknown(server.port(), {&stranger});
    BOOST_TEST((certificateSeenBy(unknown) == "closed"));
    TlsClient none(server.port(), {});
    BOOST_TEST((certificateSeenBy(none) == "closed"));
}

BOOST_AUTO_TEST_CASE(refuses_to_start_with_files_that_do_not_fit) {
    const TestCertificate gateway("gateway");
    const TestCertificate other("other");
    CertificateHandler handler;
    auto config = tlsConfig(gateway);
    config.listeners[0].key_file = other.keyFile();
    const auto isOf = [](FaultCode code) { return [code](const Fault& fault) { return fault.code() == code; }; };
    BOOST_CHECK_EXCEPTION(HttpServer(config, handler), Fault, isOf(FaultCode::FileUnavailable));  // until it is renewed
    config.listeners[0].key_file = gateway.keyFile() + ".missing";
    BOOST_CHECK_EXCEPTION(HttpServer(config, handler), Fault, isOf(FaultCode::FileUnavailable));
    std::ofstream(other.keyFile()) << "not a key";
    config.listeners[0].key_file = other.keyFile();
    BOOST_CHECK_EXCEPTION(HttpServer(config, handler), Fault, isOf(FaultCode::ConfigurationBad));
}

BOOST_AUTO_TEST_CASE(a_file_that_is_just_being_copied_may_be_whole_at_the_next_start) {
    const TestCertificate gateway("gateway");
    CertificateHandler handler;
    const auto config = tlsConfig(gateway);
    for (const std::string& file : {gateway.certificateFile(), gateway.keyFile()}) {
        std::ifstream stream(file, std::ios::binary);
        const std::string pem((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
        for (const std::size_t size : {std::size_t(0), std::size_t(8), pem.size() / 2, pem.size() - 4}) {
            std::ofstream(file, std::ios::binary) << pem.substr(0, size);
            BOOST_CHECK_EXCEPTION(HttpServer(config, handler), Fault, [&](const Fault& fault) {
                const std::string what = fault.what();
                return fault.code() == FaultCode::FileUnavailable &&
                       what.find(file + (size == 0 ? " is empty" : " breaks off")) != what.npos;
            });
        }
        std::ofstream(file, std::ios::binary) << pem;
        BOOST_CHECK_NO_THROW(HttpServer(config, handler));
    }
}

BOOST_AUTO_TEST_SUITE_END()
