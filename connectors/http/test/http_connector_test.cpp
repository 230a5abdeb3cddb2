// connectors/http/test/http_connector_test.cpp - a REST service as departments have them: its pages, its faults.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "connectors/http/test/rest_service.hpp"
#include "connectors/sdk/contract_test.hpp"
#include "gateway/formats/json/document.hpp"

using namespace caseway;
using namespace caseway::fixture;

namespace {

struct Style {
    const char* name;
    const char* settings;
    const char* path;
    std::size_t requests;  ///< for seven records, three a page
};
std::ostream& operator<<(std::ostream& out, const Style& style) {
    return out << style.name;
}
const Style kStyles[] = {
    {"none", R"("paging":{"style":"none"})", "/cases", 1},
    {"page", R"("paging":{"style":"page","size":3})", "/cases", 4},
    {"page_with_total", R"("paging":{"style":"page","size":3},"total":"$.data.total")", "/cases", 3},
    {"page_as_json", R"("paging":{"style":"page","size":3},"send_as":"query","parameters":{"a":"b"})", "/cases", 4},
    {"offset", R"("paging":{"style":"offset","parameter":"offset","size":3})", "/cases", 4},
    {"cursor", R"("paging":{"style":"cursor","parameter":"cursor","next":"$.next","size":3})", "/cases", 3},
    {"link", R"("paging":{"style":"link","size":3},"parameters":{"link":"1"})", "/cases", 3},
};

struct Bad {
    const char* fault;
    const char* code;
    ConnectorFaultKind kind;
};
std::ostream& operator<<(std::ostream& out, const Bad& bad) {
    return out << bad.fault;
}
const Bad kFaults[] = {
    {"html", "answer_malformed", ConnectorFaultKind::Transient},
    {"error_member", "source_failed", ConnectorFaultKind::Transient},
    {"truncated", "answer_truncated", ConnectorFaultKind::Transient},
    {"page_ignored", "pages_in_circles", ConnectorFaultKind::Config},
    {"401", "access_refused", ConnectorFaultKind::Config},
    {"404", "address_not_found", ConnectorFaultKind::Config},
    {"410", "address_gone", ConnectorFaultKind::Config},
    {"400", "request_refused", ConnectorFaultKind::Config},
    {"503", "source_unavailable", ConnectorFaultKind::Transient},
    {"304", "request_refused", ConnectorFaultKind::Config},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(HttpConnector)

BOOST_DATA_TEST_CASE(reads_the_whole_set_in_each_style, kStyles, style) {
    const FaultServer server;
    Rest rest(server);
    rest.fill(7);
    server.control(R"({"size_cap":3})");
    if (style.name == std::string("none")) server.control(R"({"size_cap":0})");
    server.log();
    const auto read = readPages(*open(settingsFor(server, kRecords + "," + style.settings, style.path)));
    BOOST_TEST(read.records == 7);
    BOOST_TEST(read.pages == style.requests);
    for (int i = 1; i <= 7; ++i)
        BOOST_TEST(read.bytes.find("C" + std::to_string(1'000'000 + i).substr(1)) != std::string::npos, i);
}

BOOST_AUTO_TEST_CASE(its_clock_is_held_against_ours) {
    const FaultServer server;
    Rest rest(server);
    rest.fill(1);
    const auto connector = open(settingsFor(server, kRecords + R"(,"paging":{"style":"none"})"));
    BOOST_TEST(std::chrono::abs(readPages(*connector).clock_ahead.value()) < std::chrono::minutes(2));
    server.control(R"({"date":"Sat, 04 May 2019 00:00:00 GMT"})");
    BOOST_TEST(readPages(*connector).clock_ahead.value() < std::chrono::hours(-24 * 365));
    server.control(R"({"date":"Wed, 04 May 2190 00:00:00 GMT"})");
    BOOST_TEST(readPages(*connector).clock_ahead.value() > std::chrono::hours(24 * 365));
    server.control(R"({"date":"whenever"})");
    BOOST_TEST(!readPages(*connector).clock_ahead.has_value());
}

BOOST_DATA_TEST_CASE(what_is_no_data_is_a_fault_and_never_data, kFaults, bad) {
    const FaultServer server;
    Rest rest(server);
    rest.fill(7);
    server.fault(bad.fault);
    const auto connector = open(settingsFor(server, kRecords + kByPage));
    const auto read = readPages(*connector);
    BOOST_REQUIRE(read.fault.has_value());
    BOOST_TEST(read.fault->parts().code == bad.code);
    BOOST_TEST((read.fault->kind() == bad.kind));
    BOOST_TEST(read.records == (bad.fault == std::string("page_ignored") ? 3 : 0));
}

BOOST_AUTO_TEST_CASE(the_same_cursor_for_ever_is_found) {
    const FaultServer server;
    Rest rest(server);
    rest.fill(7);
    server.fault("same_cursor");
    const auto read = readPages(*open(settingsFor(
        server, kRecords + R"(,"paging":{"style":"cursor","parameter":"cursor","next":"$.next","size":3})")));
    BOOST_REQUIRE(read.fault.has_value());
    BOOST_TEST(read.fault->parts().code == "pages_in_circles");
}

BOOST_AUTO_TEST_CASE(an_error_member_is_told_without_its_names) {
    const FaultServer server;
    server.fault("error_member");
    const auto read = readPages(
        *open(settingsFor(server, kRecords + R"(,"success":{"at":"$.code","values":["0"],"message":"$.msg"})")));
    BOOST_REQUIRE(read.fault.has_value());
    BOOST_TEST(read.fault->parts().code == "source_failed");
    BOOST_TEST(read.fault->parts().message.find("database") != std::string::npos);
    BOOST_TEST(read.fault->parts().message.find("110101199003070011") == std::string::npos);
}

/// Where a service puts a name or a number of a person in the code's place, no log may keep it.
BOOST_AUTO_TEST_CASE(a_code_of_failure_is_told_where_it_is_no_name) {
    const std::pair<std::string, bool> codes[] = {{"500", true},    {"A0001", true}, {"E-5", true},  {"F1B2", true},
                                                  {"ZHANG", false}, {"LI", false},   {"1LI", false}, {"123456", false}};
    const FaultServer server;
    for (const auto& [code, is_told] : codes) BOOST_TEST_CONTEXT(code) {
            std::string order = R"({"fault":"given","given":)";
            appendJsonString(R"({"code":")" + code + R"(","data":{"items":[]}})", order);
            server.control(order + "}");
            const auto read =
                readPages(*open(settingsFor(server, kRecords + R"(,"success":{"at":"$.code","values":["0"]})")));
            BOOST_TEST_REQUIRE(read.fault.has_value());
            BOOST_TEST(read.fault->parts().code == "source_failed");
            BOOST_TEST((read.fault->parts().message.find(code) != std::string::npos) == is_told);
        }
}

/// Services that answer 200 whatever happened say so beside an empty list. What some say where nothing was found is
/// none.
BOOST_AUTO_TEST_CASE(an_empty_list_beside_a_code_of_failure_is_no_empty_set) {
    const std::pair<std::string, bool> answers[] = {
        {R"({"code":500,"msg":"down","data":{"items":[]}})", false},
        {R"({"code":"503","data":{"items":[]}})", false},
        {R"({"status":401,"message":"token expired","data":{"items":[]}})", false},
        {R"({"success":false,"msg":"x","data":{"items":[]}})", false},
        {R"({"code":500,"msg":"down","data":null})", false},
        {R"({"code":0,"data":{"items":[]}})", true},
        {R"({"code":"200","success":true,"data":{"items":[]}})", true},
        {R"({"code":404,"msg":"nothing found","data":{"items":[]}})", true},
        {R"({"code":"50000","data":{"items":[]}})", true}};
    const FaultServer server;
    for (const auto& [answer, is_set] : answers) BOOST_TEST_CONTEXT(answer) {
            std::string order = R"({"fault":"given","given":)";
            appendJsonString(answer, order);
            server.control(order + "}");
            const auto read = readPages(*open(settingsFor(server, kRecords)));
            BOOST_TEST(read.fault.has_value() == !is_set);
            if (read.fault) BOOST_TEST(read.fault->parts().code == "source_failed");
            if (read.fault) BOOST_TEST(read.fault->parts().message.find("says") != std::string::npos);
        }
}

/// Some put "nothing more" so behind their last page; what no service says there ends the run there too.
BOOST_AUTO_TEST_CASE(an_empty_list_beside_a_code_of_failure_may_be_the_end_behind_the_first_page) {
    const std::pair<std::string, bool> answers[] = {
        {R"({"code":500,"msg":"没有更多数据","data":{"items":[]}})", true},
        {R"({"code":"500","data":{"items":[]}})", true},
        {R"({"success":false,"msg":"no more","data":{"items":[]}})", true},
        {R"({"code":500,"msg":"down","data":null})", false},
        {R"({"code":401,"msg":"token expired","data":{"items":[]}})", false},
        {R"({"code":503,"data":{"items":[]}})", false}};
    const FaultServer server;
    Rest rest(server);
    rest.fill(2);
    for (const auto& [answer, is_end] : answers) BOOST_TEST_CONTEXT(answer) {
            server.control(R"({"fault":""})");
            const auto connector = open(settingsFor(server, kRecords + R"(,"paging":{"style":"page","size":2})"));
            struct Nothing final : PageSink {
                void payload(const PayloadHead&) override {}
                void bytes(std::string_view) override {}
            } sink;
            const PageEnd first = connector->read({}, {}, sink);
            BOOST_TEST(first.records == 2);
            BOOST_TEST(!first.last);
            std::string order = R"({"fault":"given","given":)";
            appendJsonString(answer, order);
            server.control(order + "}");
            const auto behind = readPages(*connector, first.next);
            BOOST_TEST(behind.fault.has_value() == !is_end);
            if (behind.fault) BOOST_TEST(behind.fault->parts().code == "source_failed");
            // It may as well have failed there: nobody is to be marked as gone for it.
            if (is_end) BOOST_TEST(behind.withheld.starts_with("its last answer says "), behind.withheld);
        }
}

/// An end without such words, and one that the source's own count proves.
BOOST_AUTO_TEST_CASE(an_end_that_says_nothing_of_a_failure_or_reaches_the_total_withholds_nothing) {
    const FaultServer server;
    Rest rest(server);
    rest.fill(2);
    const auto withheldBy = [&](const std::string& total, const std::string& answer) {
        server.control(R"({"fault":""})");
        const auto connector = open(settingsFor(server, kRecords + total + R"(,"paging":{"style":"page","size":2})"));
        struct Nothing final : PageSink {
            void payload(const PayloadHead&) override {}
            void bytes(std::string_view) override {}
        } sink;
        const PageEnd first = connector->read({}, {}, sink);
        std::string order = R"({"fault":"given","given":)";
        appendJsonString(answer, order);
        server.control(order + "}");
        return first.last ? first.withheld : readPages(*connector, first.next).withheld;
    };
    BOOST_TEST(withheldBy("", R"({"data":{"items":[]}})") == "");
    BOOST_TEST(withheldBy("", R"({"code":200,"success":true,"data":{"items":[]}})") == "");
    BOOST_TEST(withheldBy("", R"({"code":500,"msg":"down","data":{"items":[]}})") ==
               "its last answer says code 500: down; `total` or `success` would tell an end from a failure");
    BOOST_TEST(withheldBy(R"(,"total":"$.data.total")", R"({"code":500,"data":{"items":[]}})") == "");
}

BOOST_AUTO_TEST_CASE(retry_after_reaches_the_run) {
    const FaultServer server;
    server.control(R"({"fault":"429","retry_after":"17"})");
    const auto read = readPages(*open(settingsFor(server, kRecords)));
    BOOST_REQUIRE(read.fault.has_value());
    BOOST_TEST((read.fault->parts().retry_after == std::chrono::seconds(17)));
}

BOOST_AUTO_TEST_CASE(what_did_not_change_is_not_sent_again) {
    const FaultServer server;
    Rest rest(server);
    rest.fill(3);
    server.control(R"({"etag":true})");
    const auto connector = open(settingsFor(server, kRecords));
    const auto first = readPages(*connector);
    BOOST_TEST(first.records == 3);
    BOOST_TEST(readPages(*connector, first.next).records == 0);
    BOOST_TEST(server.log().find("if-none-match") != std::string::npos);
    rest.add();
    BOOST_TEST(readPages(*connector, first.next).records == 4);
}

BOOST_AUTO_TEST_CASE(xml_in_gbk_is_counted_and_passed_on_as_it_came) {
    const FaultServer server;
    Rest rest(server);
    rest.fill(5);
    const auto read = readPages(*open(settingsFor(
        server,
        R"("format":"xml","records":"/Result/Cases/Case","total":"/Result/Total","paging":{"style":"page","size":2})",
        "/xml")));
    BOOST_TEST(read.records == 5);
    BOOST_TEST(read.pages == 3);
    BOOST_TEST(*read.total == 5);
    BOOST_TEST(read.bytes.find("\xD0\xED\xBF\xC9") != std::string::npos);  // GBK, untouched
}

BOOST_AUTO_TEST_CASE(parameters_go_as_form_or_json_too) {
    const FaultServer server;
    server.control(R"({"records":[]})");
    readPages(*open(settingsFor(
        server, kRecords + R"(,"send_as":"json","parameters":{"dept":"a\"b"},"paging":{"style":"page","size":3})")));
    BOOST_TEST(server.log().find(R"({\"dept\":\"a\\\"b\",\"page\":1,\"size\":3})") != std::string::npos);
    readPages(*open(settingsFor(server, kRecords + R"(,"send_as":"form","parameters":{"dept":"a&b"})")));
    BOOST_TEST(server.log().find("dept=a%26b") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(credentials_are_sent_in_each_way) {
    const FaultServer server;
    const auto asked = [&](const std::string& auth) {
        server.log();
        readPages(*open(settingsFor(server, kRecords + R"(,"auth":)" + auth)));
        return server.log();
    };
    BOOST_TEST(asked(R"({"kind":"basic","user":"u","password":"p"})").find("Basic dTpw") != std::string::npos);
    BOOST_TEST(asked(R"({"kind":"bearer","token":"t0"})").find("Bearer t0") != std::string::npos);
    BOOST_TEST(asked(R"({"kind":"field","token":"t1"})").find("\"x-api-key\": \"t1\"") != std::string::npos);
    BOOST_TEST(asked(R"({"kind":"oauth2","client_id":"client","client_secret":"hush","token_url":")" +
                     server.url("/token") + "\"}")
                   .find("Bearer token-1") != std::string::npos);
    BOOST_TEST(asked(R"({"kind":"parameter","field":"appKey","token":"a&b"})").find("/cases?appKey=a%26b") !=
               std::string::npos);
    BOOST_CHECK_EXCEPTION(open(settingsFor(server, kRecords + R"(,"auth":{"kind":"bearer"})")), ConnectorFault,
                          [](const ConnectorFault& fault) { return fault.parts().where == "/auth/token"; });
    BOOST_CHECK_THROW(open(settingsFor(server, kRecords + R"(,"auth":{"kind":"bearer","token":"a\r\nHost: b"})")),
                      ConnectorFault);
}

BOOST_AUTO_TEST_CASE(a_token_that_is_not_taken_any_more_is_fetched_anew_once) {
    const FaultServer server;
    Rest rest(server);
    rest.fill(2);
    server.fault("first_token_expired");
    const std::string auth = R"(,"auth":{"kind":"oauth2","client_id":"client","client_secret":"hush","token_url":")" +
                             server.url("/token") + "\"}";
    BOOST_TEST(readPages(*open(settingsFor(server, kRecords + auth))).records == 2);
    server.fault("401");
    BOOST_TEST(readPages(*open(settingsFor(server, kRecords + auth))).fault->parts().code == "access_refused");
}

BOOST_AUTO_TEST_CASE(no_content_is_an_empty_page) {
    const FaultServer server;
    server.fault("204");
    const auto read = readPages(*open(settingsFor(server, kRecords + kByPage)));
    BOOST_TEST(!read.fault.has_value());
    BOOST_TEST(read.records == 0);
    BOOST_TEST(read.pages == 1);
}

BOOST_AUTO_TEST_CASE(items_are_answered_one_by_one) {
    const FaultServer server;
    const std::vector<OutgoingItem> items{{"k1", R"({"no":"1"})"}, {"k2", R"({"no":"bad"})"}, {"k 3", R"({"no":"3"})"}};
    const auto single = open(R"({"write":{"url":")" + server.url("/write/{key}") + R"("}})");
    const auto answers = single->write(items);
    BOOST_REQUIRE(answers.size() == 3);
    BOOST_TEST((answers[0].outcome == WriteOutcome::Written));
    BOOST_TEST((answers[1].outcome == WriteOutcome::Refused));
    BOOST_TEST((answers[2].outcome == WriteOutcome::Written));
    const std::string log = server.log();
    BOOST_TEST(log.find("/write/k%203") != std::string::npos);
    BOOST_TEST(log.find("\"idempotency-key\": \"k1\"") != std::string::npos);

    const auto batch = open(R"({"write":{"url":")" + server.url("/write") +
                            R"(","method":"PUT","batch":{"size":2,"written":["ok"]}}})");
    const auto batched = batch->write(items);
    BOOST_REQUIRE(batched.size() == 3);
    BOOST_TEST((batched[0].outcome == WriteOutcome::Written));
    BOOST_TEST((batched[1].outcome == WriteOutcome::Refused));
    BOOST_TEST(batched[1].reason == "refused: no such case");
    BOOST_TEST((batched[2].outcome == WriteOutcome::Written));

    server.fault("503");
    const auto later = single->write(items);
    for (const auto& answer : later) BOOST_TEST((answer.outcome == WriteOutcome::Retry));
    server.log();
    single->write(items);
    BOOST_TEST(server.log().find("k2") == std::string::npos);  // a side in trouble is asked once
    server.fault("401");
    BOOST_CHECK_THROW(single->write(items), ConnectorFault);
}

BOOST_AUTO_TEST_CASE(an_items_key_never_climbs_out_of_the_address) {
    const FaultServer server;
    const std::string kItem = R"({"no":"1"})";
    const auto writer = open(R"({"write":{"url":")" + server.url("/write/{key}/state") + R"("}})");
    const auto answers = writer->write({{".", kItem}, {"..", kItem}, {"", kItem}, {"...", kItem}, {"../x", kItem}});
    BOOST_REQUIRE(answers.size() == 5);
    for (std::size_t i = 0; i < 3; ++i) BOOST_TEST((answers[i].outcome == WriteOutcome::Refused));
    const std::string log = server.log();
    BOOST_TEST(log.find("\"/state\"") == std::string::npos);
    BOOST_TEST(log.find("\"/write/state\"") == std::string::npos);
    BOOST_TEST(log.find("/write/.../state") != std::string::npos);
    BOOST_TEST(log.find("/write/..%2Fx/state") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(check_says_where_it_ends) {
    const FaultServer server;
    Rest rest(server);
    rest.fill(2);
    const auto steps = open(settingsFor(server, kRecords + kTotal))->check();
    BOOST_TEST(steps.back().good);
    BOOST_TEST(steps.back().detail == "2 records of 2");
    const auto uncounted = open(settingsFor(server, kRecords + kByPage))->check();
    BOOST_TEST(uncounted.back().good);
    BOOST_TEST(uncounted.back().detail == "2 records; no `total` is set: that a pass gives all cannot be proved");
    const auto bad = open(settingsFor(server, R"("records":"$.rows[*]")"))->check();
    BOOST_TEST(!bad.back().good);
    BOOST_TEST(bad.back().name == "find the records");
    ConnectorSurroundings closed;
    closed.allow_destination = [](const std::string& host, const std::string&, std::uint16_t) {
        throw ConnectorFault(ConnectorFaultKind::Config,
                             {"destination_not_allowed", host, "not on the list", "ask", {}});
    };
    const auto refused = open(settingsFor(server, kRecords), closed)->check();
    BOOST_TEST(refused.size() == 1);
    BOOST_TEST(refused.back().detail.starts_with("destination_not_allowed"));
}

BOOST_AUTO_TEST_CASE(keeps_the_contract) {
    const FaultServer server;
    Rest rest(server);
    const auto type = makeHttpType();
    ContractSubject subject{.type = *type, .settings = {}};
    subject.other_side = &rest;
    subject.settings = settingsFor(server, kRecords + kTotal + R"(,"paging":{"style":"page","size":2},
        "since":{"member":"$.time","overlap_seconds":0},"write":{"url":")" +
                                               server.url("/write") + R"("})");
    subject.items = {{"a", R"({"no":"a"})"}, {"b", R"({"no":"b"})"}};
    subject.bad_settings = {{"nothing to do", "{}"},
                            {"no records", settingsFor(server, R"("format":"json")")},
                            {"an address that is none", R"({"url":"ftp://h/","records":"$[*]"})"},
                            {"an expression that is none", settingsFor(server, R"("records":"$.a[")")},
                            {"records that prove nothing", settingsFor(server, R"("records":"$..item")")},
                            {"half a TLS pair", settingsFor(server, kRecords + R"(,"tls":{"certificate":"x"})")}};
    checkContract(subject, 18);
}

BOOST_AUTO_TEST_SUITE_END()
