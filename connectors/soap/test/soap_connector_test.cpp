// connectors/soap/test/soap_connector_test.cpp - an operation of a real service, called page by page.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "connectors/sdk/contract_test.hpp"
#include "connectors/sdk/test/fault_server.hpp"
#include "connectors/sdk/test/read_pages.hpp"
#include "connectors/soap/soap_type.hpp"

using namespace caseway;
using fixture::FaultServer;
using fixture::readPages;

namespace {

const std::string kRequest =
    R"("request":"<q:getCases xmlns:q='urn:service'><since>{{since}}</since><page>{{page}}</page><size>{{size}}</size></q:getCases>")";
const std::string kRecords =
    R"("namespaces":{"d":"urn:department"},"records":"/d:Cases/d:Case","total":"/d:Cases/d:Total","paging":{"style":"page","size":3})";
const std::string kElement = R"("payload":{"name":"Cases","namespace":"urn:department"})";
const std::string kText = R"("payload":{"name":"return","namespace":"urn:service","content":"text"})";

std::string settingsFor(const FaultServer& server, const std::string& more, const std::string& path = "/soap") {
    return R"({"url":")" + server.url(path) + R"(",)" + kRequest + "," + kRecords + "," + more + "}";
}
std::unique_ptr<Connector> open(const std::string& settings) {
    return makeSoapType()->open(settings, {});
}
void fill(const FaultServer& server, std::size_t records) {
    std::string json;
    for (std::size_t i = 1; i <= records; ++i)
        json += (i == 1 ? "" : ",") + (R"({"no":"C)" + std::to_string(i) +
                                       R"(","name":"x","time":"2026-01-01 00:00:0)" + std::to_string(i) + R"("})");
    server.control(R"({"records":[)" + json + "]}");
}

struct Form {
    const char* path;
    std::string settings;
};
std::ostream& operator<<(std::ostream& out, const Form& form) {
    return out << form.path << " " << form.settings;
}
const std::vector<Form> kForms = {
    {"/soap", kElement},
    {"/soap", kElement + R"(,"version":"1.2","action":"urn:getCases")"},
    {"/soap?text=cdata", kText},
    {"/soap?text=escaped", kText + R"(,"version":"1.2")"},
};

class Service final : public OtherSide {
public:
    explicit Service(const FaultServer& server) : server_(server) {}
    void fill(std::size_t records) override { ::fill(server_, size_ = records); }
    void add() override { ::fill(server_, ++size_); }
    bool removeUnread() override { return ::fill(server_, --size_), true; }
    std::string state() override { return server_.state(); }

private:
    const FaultServer& server_;
    std::size_t size_ = 0;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(SoapConnectorSuite)

BOOST_DATA_TEST_CASE(reads_pages_in_each_form, kForms, form) {
    const FaultServer server;
    fill(server, 7);
    const auto read = readPages(*open(settingsFor(server, form.settings, form.path)));
    BOOST_TEST(!read.fault.has_value());
    BOOST_TEST(read.records == 7);
    BOOST_TEST(read.pages == 3);
    BOOST_TEST(*read.total == 7);
    BOOST_TEST(read.bytes.find("<d:No>C7</d:No>") != std::string::npos);
    BOOST_TEST(read.bytes.find("xmlns:d=\"urn:department\"") != std::string::npos);
    BOOST_TEST(read.bytes.find("Envelope") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(faults_are_told_by_who_acts) {
    const FaultServer server;
    for (const std::string version : {"1.1", "1.2"}) {
        const auto connector = open(settingsFor(server, kElement + R"(,"version":")" + version + "\""));
        server.fault("soap_client");
        const auto client = readPages(*connector);
        BOOST_TEST(client.fault->parts().code == "soap_request_refused");
        BOOST_TEST((client.fault->kind() == ConnectorFaultKind::Config));
        BOOST_TEST(client.fault->parts().message.find("no such operation") != std::string::npos);
        server.fault("soap_server");
        const auto other = readPages(*connector);
        BOOST_TEST(other.fault->parts().code == "soap_server_failed");
        BOOST_TEST((other.fault->kind() == ConnectorFaultKind::Transient));
    }
    server.fault("html");
    BOOST_TEST(readPages(*open(settingsFor(server, kElement))).fault->parts().code == "answer_malformed");
    server.fault("mtom");
    BOOST_TEST(readPages(*open(settingsFor(server, kElement))).fault->parts().code == "answer_in_parts");
    server.fault("empty_payload");
    const auto empty = readPages(*open(settingsFor(server, kText)));
    BOOST_TEST(empty.fault->parts().code == "answer_malformed");
    BOOST_TEST(empty.fault->parts().message.starts_with("the payload is empty"));
    server.fault("503");
    BOOST_TEST(readPages(*open(settingsFor(server, kElement))).fault->parts().code == "source_unavailable");
    server.fault("");
    BOOST_TEST(readPages(*open(settingsFor(server, R"("payload":{"name":"Nothing"})"))).fault->parts().code ==
               "payload_missing");
}

BOOST_AUTO_TEST_CASE(a_signature_in_the_head_is_told_in_each_page_and_in_the_test) {
    struct Nowhere final : PageSink {
        void payload(const PayloadHead&) override {}
        void bytes(std::string_view) override {}
    };
    const FaultServer server;
    fill(server, 1);
    const auto connector = open(settingsFor(server, kElement));
    Nowhere sink;
    BOOST_TEST(connector->read("", {}, sink).note == "");
    server.fault("wsse_signed");
    const std::string told = "the WS-Security signature in the envelope's head is neither verified nor kept";
    BOOST_TEST(connector->read("", {}, sink).note.find(told) == 0U);
    bool in_test = false;
    for (const CheckStep& step : connector->check()) in_test = in_test || step.detail.find(told) != std::string::npos;
    BOOST_TEST(in_test);
}

BOOST_AUTO_TEST_CASE(the_request_is_what_the_service_wants) {
    const FaultServer server;
    fill(server, 1);
    readPages(
        *open(settingsFor(server, kElement + R"(,"action":"urn:getCases","security":{"user":"u&1","password":"hush"},
        "header":"<h xmlns='urn:h'>{{dept}}</h>","values":{"dept":"a<b"})")));
    const std::string log = server.log();
    BOOST_TEST(log.find(R"("soapaction": "\"urn:getCases\"")") != std::string::npos);
    BOOST_TEST(log.find("<wsse:Username>u&amp;1</wsse:Username>") != std::string::npos);
    BOOST_TEST(log.find("<h xmlns='urn:h'>a&lt;b</h>") != std::string::npos);
    BOOST_TEST(log.find("<page>1</page><size>3</size>") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(keeps_the_contract) {
    const FaultServer server;
    Service service(server);
    const auto type = makeSoapType();
    ContractSubject subject{
        .type = *type,
        .settings = settingsFor(server, kElement + R"(,"since":{"member":"d:Time","overlap_seconds":0})")};
    subject.other_side = &service;
    subject.bad_settings = {
        {"no request", R"({"url":")" + server.url("/soap") + R"(","records":"/a/b"})"},
        {"a request that is no XML", R"({"url":")" + server.url("/soap") + R"(","request":"<a>","records":"/a/b"})"},
        {"a page without paging",
         R"({"url":")" + server.url("/soap") + R"(","request":"<a>{{page}}</a>","records":"/a/b"})"},
        {"an unknown mark", R"({"url":")" + server.url("/soap") + R"(","request":"<a>{{who}}</a>","records":"/a/b"})"},
        {"a prefix that is not declared",
         R"({"url":")" + server.url("/soap") + R"(","request":"<a/>","records":"/q:a/b"})"},
        {"a payload that is not there", settingsFor(server, R"("payload":{"name":"Nothing"})")}};
    checkContract(subject, 16);
}

BOOST_AUTO_TEST_SUITE_END()
