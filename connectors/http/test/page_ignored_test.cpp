// connectors/http/test/page_ignored_test.cpp - a source that takes no notice of the page that it is asked for.
#include <boost/test/unit_test.hpp>

#include "connectors/http/test/rest_service.hpp"
#include "connectors/sdk/contract_test.hpp"

using namespace caseway;
using namespace caseway::fixture;

BOOST_AUTO_TEST_SUITE(HttpConnector)

/// Where `total` would end it after as many records, and where nothing would.
BOOST_AUTO_TEST_CASE(the_same_page_for_ever_is_found_where_each_record_differs_with_each_answer) {
    const FaultServer server;
    Rest rest(server);
    rest.fill(12);
    for (const std::string& settings : {kByPage, kByPage + kTotal, kByOffset, kByOffset + kTotal}) {
        const auto connector = open(settingsFor(server, kRecords + settings));
        server.fault("page_ignored_served");
        const auto read = readPages(*connector);
        BOOST_REQUIRE(read.fault.has_value());
        BOOST_TEST(read.fault->parts().code == "pages_in_circles");
        BOOST_TEST(read.records == 3);
        server.fault("pages_served");
        const auto good = readPages(*connector);
        BOOST_TEST(!good.fault.has_value());
        BOOST_TEST(good.records == 12);
    }
}

/// The second page for ever, each time under a token of its own; also where each record differs with each answer.
BOOST_AUTO_TEST_CASE(the_same_page_under_ever_new_tokens_is_found) {
    const FaultServer server;
    Rest rest(server);
    rest.fill(12);
    const std::string cursor = R"(,"paging":{"style":"cursor","parameter":"cursor","next":"$.next","size":3})";
    const std::string link = R"(,"paging":{"style":"link","size":3},"parameters":{"link":"1"})";
    for (const std::string& settings : {cursor, link}) {
        for (const char* fault : {"fresh_tokens", "fresh_tokens_served"}) {
            const auto connector = open(settingsFor(server, kRecords + settings));
            server.fault(fault);
            const auto read = readPages(*connector);
            BOOST_TEST_REQUIRE(read.fault.has_value(), fault);
            BOOST_TEST(read.fault->parts().code == "pages_in_circles");
            BOOST_TEST(read.pages < 10);
        }
        for (const char* good : {"", "pages_served"}) {
            server.fault(good);
            const auto connector = open(settingsFor(server, kRecords + settings));
            const auto read = readPages(*connector);
            BOOST_TEST(!read.fault.has_value());
            BOOST_TEST(read.records == 12);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
