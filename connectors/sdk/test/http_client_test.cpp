// connectors/sdk/test/http_client_test.cpp - the client against a real server that behaves badly, and a real TLS one.
#include "connectors/sdk/http_client.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdlib>

#include "connectors/sdk/http_faults.hpp"
#include "connectors/sdk/request_pace.hpp"
#include "connectors/sdk/test/fault_server.hpp"

using namespace caseway;
using fixture::FaultServer;
using std::chrono::seconds;

namespace {

struct Seen {
    std::string code;
    ConnectorFaultKind kind;
    std::optional<seconds> retry_after;
    bool operator==(const Seen&) const = default;
};

/// What the exchange ended with; the code `none` where it gave an answer.
Seen faultOf(HttpClient& client, const WebRequest& request) {
    try {
        client.exchange(request);
    } catch (const ConnectorFault& fault) {
        BOOST_TEST(!fault.parts().next_step.empty(), fault.what());
        return {fault.parts().code, fault.kind(), fault.parts().retry_after};
    }
    return {"none", ConnectorFaultKind::System, {}};
}

WebRequest get(const std::string& url) {
    const auto address = parseWebAddress(url);
    BOOST_REQUIRE(address);
    return {.address = *address};
}

HttpDialing trusting(const FaultServer& server) {
    HttpDialing dialing;
    dialing.authorities = server.file("ca.pem");
    return dialing;
}

struct Rule {
    const char* fault;
    const char* code;
    ConnectorFaultKind kind;
};
std::ostream& operator<<(std::ostream& out, const Rule& rule) {
    return out << rule.fault;
}
const Rule kRules[] = {
    {"truncated", "answer_truncated", ConnectorFaultKind::Transient},
    {"truncated_chunked", "answer_truncated", ConnectorFaultKind::Transient},
    {"bomb", "answer_too_large", ConnectorFaultKind::Config},
    {"flood", "answer_too_large", ConnectorFaultKind::Config},
    {"fields", "answer_too_large", ConnectorFaultKind::Config},
    {"drop", "connection_lost", ConnectorFaultKind::Transient},
    {"hang", "timed_out", ConnectorFaultKind::Transient},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(HttpClientSuite)

BOOST_AUTO_TEST_CASE(the_clock_of_an_answer_counts_from_its_first_line_and_with_the_time_in_a_cache) {
    struct Case {
        HttpFields fields;
        std::optional<seconds> ahead;
    };
    const Case cases[] = {
        {{{"date", "Mon, 04 May 2026 00:10:00 GMT"}}, seconds(0)},
        {{{"date", "Mon, 04 May 2026 00:13:05 GMT"}}, seconds(185)},
        {{{"date", "Mon, 04 May 2026 00:00:00 GMT"}}, seconds(-600)},
        {{{"date", "Mon, 04 May 2026 00:00:00 GMT"}, {"age", "600"}}, seconds(0)},
        {{{"date", "Mon, 04 May 2026 00:00:00 GMT"}, {"age", "-5"}}, seconds(-600)},
        {{{"date", "Mon, 04 May 2026 00:00:00 GMT"}, {"age", "some"}}, seconds(-600)},
        {{{"date", "yesterday"}}, std::nullopt},
        {{}, std::nullopt},
    };
    for (const Case& one : cases) {
        HttpAnswer answer;
        answer.fields = one.fields;
        answer.began = 1777853400;  // 2026-05-04T00:10:00Z
        BOOST_TEST((answer.clockAhead() == one.ahead), (one.fields.empty() ? "no field" : one.fields.front().second));
    }
}

BOOST_DATA_TEST_CASE(names_what_went_wrong_and_who_acts, kRules, rule) {
    const FaultServer server;
    server.fault(rule.fault);
    HttpDialing dialing;
    dialing.answer_bytes = 1 << 20;
    if (rule.fault == std::string("hang")) dialing.total_time = std::chrono::milliseconds(200);
    HttpClient client(dialing, {});
    const Seen seen = faultOf(client, get(server.url("/cases")));
    BOOST_TEST(seen.code == rule.code);
    BOOST_TEST((seen.kind == rule.kind));
}

BOOST_AUTO_TEST_CASE(the_limit_that_an_answer_met_is_told) {
    const FaultServer server;
    HttpDialing dialing;
    dialing.answer_bytes = 1 << 20;
    HttpClient client(dialing, {});
    for (const auto& [fault, told] :
         {std::pair("fields", "a head of more than 262144 bytes"), std::pair("flood", "more than 1048576 bytes")}) {
        server.fault(fault);
        BOOST_CHECK_EXCEPTION(client.exchange(get(server.url("/cases"))), ConnectorFault,
                              [&text = told](const ConnectorFault& seen) { return seen.parts().message == text; });
    }
}

BOOST_AUTO_TEST_CASE(a_look_up_tells_what_goes_in_clear) {
    const auto told = [](const char* url, const char* found) { return shownLookUp(*parseWebAddress(url), {found}); };
    BOOST_TEST(told("https://a.example/", "192.0.2.1") == "192.0.2.1");
    BOOST_TEST(told("http://a.example/", "192.0.2.1").starts_with("192.0.2.1; WITHOUT TLS: "));
    BOOST_TEST(told("http://localhost/", "127.0.0.1") == "127.0.0.1");
    BOOST_TEST(told("http://localhost/", "::1") == "::1");
}

BOOST_AUTO_TEST_CASE(asks_for_each_address_before_it_dials) {
    const FaultServer server;
    std::vector<std::string> asked;
    ConnectorSurroundings surroundings;
    surroundings.allow_destination = [&](const std::string& host, const std::string& address, std::uint16_t port) {
        asked.push_back(host + " " + address + " " + std::to_string(port));
        if (host == "localhost")
            throw ConnectorFault(ConnectorFaultKind::Config, {"destination_not_allowed", host, "no", "ask", {}});
    };
    HttpClient client({}, surroundings);
    BOOST_TEST(client.exchange(get(server.url("/cases"))).status == 200);
    const std::string port = std::to_string(server.port());
    BOOST_TEST(asked == std::vector<std::string>{"127.0.0.1 127.0.0.1 " + port}, boost::test_tools::per_element());

    server.log();
    BOOST_TEST(faultOf(client, get("http://localhost:" + port + "/cases")).code == "destination_not_allowed");
    BOOST_TEST(server.log() == "[]");
    asked.clear();
    server.control(R"({"redirect_to":"http://localhost:)" + port + R"(/cases"})");
    BOOST_TEST(faultOf(client, get(server.url("/moved"))).code == "destination_not_allowed");
    BOOST_TEST(asked.back().starts_with("localhost "));
    BOOST_TEST(server.log().find("/cases") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_proxy_of_the_environment_is_not_used_and_a_configured_one_is_asked_for) {
    const FaultServer server;
    ::setenv("http_proxy", "http://127.0.0.1:9", 1);
    HttpClient plain({}, {});
    BOOST_TEST(plain.exchange(get(server.url("/cases"))).status == 200);
    ::unsetenv("http_proxy");

    std::vector<std::string> asked;
    ConnectorSurroundings surroundings;
    surroundings.allow_destination = [&](const std::string& host, const std::string& address, std::uint16_t) {
        asked.push_back(host + " " + address);
    };
    HttpDialing dialing;
    dialing.proxy = server.url("/");
    HttpClient client(dialing, surroundings);
    BOOST_TEST(client.lookUp(*parseWebAddress("http://no.such.host.invalid/")).front() == "127.0.0.1");
    BOOST_TEST(asked == (std::vector<std::string>{"no.such.host.invalid ", "127.0.0.1 127.0.0.1"}),
               boost::test_tools::per_element());
    asked.clear();
    client.exchange(get("http://127.0.0.2:81/cases"));
    BOOST_TEST(asked == (std::vector<std::string>{"127.0.0.2 127.0.0.2", "127.0.0.1 127.0.0.1"}),
               boost::test_tools::per_element());
    BOOST_TEST(server.log().find("CONNECT\", \"path\": \"127.0.0.2:81") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_proxy_is_told_the_address_that_was_judged_and_no_name) {
    const FaultServer server;
    std::vector<std::string> judged;
    ConnectorSurroundings surroundings;
    surroundings.allow_destination = [&](const std::string& host, const std::string& address, std::uint16_t) {
        if (host == "localhost") judged.push_back(address);
    };
    HttpDialing dialing;
    dialing.proxy = server.url("/");
    HttpClient client(dialing, surroundings);
    BOOST_TEST(client.exchange(get("http://localhost:81/cases")).status == 200);
    BOOST_REQUIRE(!judged.empty());
    const std::string dialled =
        judged.front().find(':') == std::string::npos ? judged.front() : "[" + judged.front() + "]";
    const std::string log = server.log();
    BOOST_TEST(log.find("CONNECT\", \"path\": \"" + dialled + ":81") != std::string::npos, log);
    BOOST_TEST(log.find("\"host\": \"localhost:81\"") != std::string::npos, log);  // the other side knows who is meant
    BOOST_TEST(log.find("CONNECT\", \"path\": \"localhost") == std::string::npos, log);
    for (const char* status : {"403", "407"}) {
        server.control(std::string(R"({"tunnel_refused":)") + status + "}");
        BOOST_TEST(faultOf(client, get("http://localhost:82/cases")).code == "proxy_refused", status);
    }
}

BOOST_AUTO_TEST_CASE(credentials_never_follow_to_another_host) {
    const FaultServer server;
    const FaultServer other;
    server.control(R"({"redirect_to":")" + other.url("/cases") + R"("})");
    HttpClient client({}, {});
    WebRequest request = get(server.url("/moved"));
    request.credentials = {{"Authorization", "Bearer hush"}};
    BOOST_TEST(client.exchange(request).status == 200);
    BOOST_TEST(server.log().find("hush") != std::string::npos);
    const std::string there = other.log();
    BOOST_TEST(there.find("/cases") != std::string::npos);
    BOOST_TEST(there.find("hush") == std::string::npos);

    request.method = "POST";
    request.body = "{}";
    request.address = *parseWebAddress(server.url("/moved?status=307"));
    BOOST_TEST(faultOf(client, request).code == "redirect_refused");
    request.address = *parseWebAddress(server.url("/moved?status=302"));
    BOOST_TEST(faultOf(client, request).code == "redirect_refused");
    BOOST_TEST(other.log() == "[]");
}

BOOST_AUTO_TEST_CASE(redirects_are_counted_and_stay_on_http_or_https) {
    const FaultServer server;
    HttpClient client({}, {});
    BOOST_TEST(faultOf(client, get(server.url("/loop"))).code == "redirect_refused");
    for (const char* target :
         {"file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/x", "http://u:p@127.0.0.1/", ""}) {
        server.control(std::string(R"({"redirect_to":")") + target + R"("})");
        BOOST_TEST(faultOf(client, get(server.url("/moved"))).code == "redirect_refused", target);
    }
    const FaultServer safe(FaultServer::Tls::Yes);
    safe.control(R"({"redirect_to":")" + server.url("/cases") + R"("})");
    HttpClient trusting_client(trusting(safe), {});
    server.log();
    BOOST_TEST(faultOf(trusting_client, get(safe.url("/moved"))).code == "redirect_refused");
    BOOST_TEST(server.log() == "[]");
}

BOOST_AUTO_TEST_CASE(tls_is_checked) {
    const FaultServer server(FaultServer::Tls::Yes);
    HttpClient system_trust({}, {});
    const Seen untrusted = faultOf(system_trust, get(server.url("/cases")));
    BOOST_TEST(untrusted.code == "certificate_not_trusted");
    BOOST_TEST((untrusted.kind == ConnectorFaultKind::Config));
    HttpClient client(trusting(server), {});
    BOOST_TEST(client.exchange(get(server.url("/cases"))).status == 200);
    const std::string other_name = "https://127.0.0.2:" + std::to_string(server.port()) + "/cases";
    BOOST_TEST(faultOf(client, get(other_name)).code != "none");
    HttpDialing rubbish;
    rubbish.authorities = "no certificate";
    HttpClient no_authorities(rubbish, {});
    BOOST_TEST(faultOf(no_authorities, get(server.url("/cases"))).code != "none");
}

BOOST_AUTO_TEST_CASE(a_client_certificate_is_shown_where_it_is_asked_for) {
    const FaultServer server(FaultServer::Tls::AsksForClient);
    HttpClient without(trusting(server), {});
    BOOST_TEST(faultOf(without, get(server.url("/cases"))).code != "none");
    HttpDialing dialing = trusting(server);
    dialing.certificate = server.file("client.pem");
    dialing.key = server.file("client.key");
    HttpClient with(dialing, {});
    BOOST_TEST(with.exchange(get(server.url("/cases"))).status == 200);
    BOOST_TEST(server.log().find("\"client\": true") != std::string::npos);
    dialing.key = server.file("server.key");
    HttpClient wrong_key(dialing, {});
    BOOST_TEST(faultOf(wrong_key, get(server.url("/cases"))).code == "client_certificate_bad");
}

BOOST_AUTO_TEST_CASE(tls_older_than_1_2_is_not_spoken) {
    const FaultServer server(FaultServer::Tls::TooOld);
    HttpDialing dialing;
    HttpClient client(dialing, {});
    BOOST_TEST(faultOf(client, get("https://localhost:" + std::to_string(server.port()) + "/cases")).code ==
               "tls_failed");
}

BOOST_AUTO_TEST_CASE(statuses_say_who_acts) {
    const auto kind = [](int status) { return faultOfStatus({.status = status}).kind(); };
    for (const int status : {400, 401, 403, 404, 407, 410, 422})
        BOOST_TEST((kind(status) == ConnectorFaultKind::Config), status);
    for (const int status : {408, 425, 429, 500, 502, 503})
        BOOST_TEST((kind(status) == ConnectorFaultKind::Transient), status);
    const ConnectorFault gone = faultOfStatus({.status = 410});
    BOOST_TEST(gone.parts().code == "address_gone");
    BOOST_TEST(gone.parts().message == "HTTP status 410: given up for good");
    BOOST_TEST(gone.parts().next_step.find("new address") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(retry_after_is_read_as_seconds_or_date) {
    const auto now = std::chrono::system_clock::from_time_t(1'000'000'000);  // 2001-09-09 01:46:40
    const auto read = [&](const std::string& text) { return retryAfter({.fields = {{"retry-after", text}}}, now); };
    BOOST_TEST((read("120") == seconds(120)));
    BOOST_TEST((read("Sun, 09 Sep 2001 01:47:40 GMT") == seconds(60)));
    BOOST_TEST((read("Sun, 09 Sep 2001 01:40:00 GMT") == seconds(0)));
    BOOST_TEST((read("999999999") == seconds(86'400)));
    BOOST_TEST(!read("soon"));
}

BOOST_AUTO_TEST_CASE(compressed_answers_are_read) {
    const FaultServer server;
    HttpClient client({}, {});
    BOOST_TEST(client.exchange(get(server.url("/zipped"))).body == R"({"zipped":true})");
}

BOOST_AUTO_TEST_CASE(stopping_ends_an_exchange) {
    const FaultServer server;
    server.fault("hang");
    int asked = 0;
    ConnectorSurroundings surroundings;
    surroundings.stopping = [&] { return ++asked > 3; };
    HttpClient client({}, surroundings);
    BOOST_TEST(faultOf(client, get(server.url("/cases"))).code == "stopping");
}

BOOST_AUTO_TEST_CASE(the_pace_is_kept) {
    using std::chrono::milliseconds;
    const RequestPace::Time now{seconds(100)};
    RequestPace pace(4);
    BOOST_TEST((pace.take(now) == now));
    BOOST_TEST((pace.take(now) == now + milliseconds(250)));
    BOOST_TEST((pace.take(now) == now + milliseconds(500)));
    BOOST_TEST((pace.take(now + seconds(2)) == now + seconds(2)));
    RequestPace bytes(1000);
    BOOST_TEST((bytes.take(now, 2000) == now));
    BOOST_TEST((bytes.take(now, 1) == now + seconds(2)));
    RequestPace unlimited(0);
    BOOST_TEST((unlimited.take(now) == unlimited.take(now)));
}

BOOST_AUTO_TEST_CASE(addresses_are_taken_apart_once) {
    BOOST_TEST(!parseWebAddress("ftp://host/"));
    BOOST_TEST(!parseWebAddress("http://user:hush@host/"));
    BOOST_TEST(!parseWebAddress("http://host/a b"));
    BOOST_TEST(!parseWebAddress("/relative"));
    BOOST_TEST(parseWebAddress("https://HOST.example/x")->host == "host.example");
    BOOST_TEST(parseWebAddress("https://host/x")->port == 443);
    BOOST_TEST(parseWebAddress("http://[::1]:8080/x")->host == "::1");
    const WebAddress address = *parseWebAddress("http://h/list?page=7&k=v");
    BOOST_TEST(withParameters(address, {{"page", "8"}, {"q", "a&b=\xE5\xBC\xA0"}}).url ==
               "http://h/list?k=v&page=8&q=a%26b%3d%e5%bc%a0");
    BOOST_TEST(resolveWebAddress(address, "?page=9")->url == "http://h/list?page=9");
}

BOOST_AUTO_TEST_SUITE_END()
