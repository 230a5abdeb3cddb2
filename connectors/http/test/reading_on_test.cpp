// connectors/http/test/reading_on_test.cpp - whether a pass came to its end and where the next one begins; and over
// TLS, whom it believes.
#include <fmt/format.h>
#include <openssl/pem.h>

#include <boost/test/unit_test.hpp>
#include <ctime>

#include "connectors/http/test/rest_service.hpp"
#include "gateway/formats/crypto/openssl_handles.hpp"

using namespace caseway;
using namespace caseway::fixture;

namespace {

std::string underPassword(const std::string& pem, const std::string& password) {
    const OpensslPtr<BIO> in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))), out(BIO_new(BIO_s_mem()));
    const OpensslPtr<EVP_PKEY> key(PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr));
    BOOST_REQUIRE(PEM_write_bio_PKCS8PrivateKey(out.get(), key.get(), EVP_aes_256_cbc(), password.data(),
                                                static_cast<int>(password.size()), nullptr, nullptr) == 1);
    const char* text = nullptr;
    const auto size = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(HttpReadingOn)

BOOST_AUTO_TEST_CASE(a_source_that_gives_less_than_it_tells_has_not_ended) {
    const FaultServer server;
    Rest rest(server);
    rest.fill(7);
    server.control(R"({"total":1000})");
    const auto connector = open(settingsFor(server, kRecords + kTotal + kByPage));
    const auto read = readPages(*connector);
    BOOST_TEST(read.records == 7);
    BOOST_TEST(read.ended_early == "it tells 1000 records, and 7 came");
    server.control(R"({"total":0})");
    BOOST_TEST(readPages(*connector, read.next).records == 7);  // the pass begins anew
    server.control(R"({"total":9223372036854775808})");
    const auto uncounted = readPages(*connector, read.next);  // no leaf can hold it
    BOOST_TEST(uncounted.records == 7);
    BOOST_TEST(uncounted.ended_early == "");
    BOOST_TEST(!uncounted.total.has_value());
    BOOST_TEST(uncounted.uncounted == "its `total` cannot be read: it says 9***8 (19)");
    server.control(R"({"total":1000})");
    const auto steps = open(settingsFor(server, kRecords + kTotal))->check();  // who forgot `paging` is told
    BOOST_TEST(steps.back().detail.starts_with("set_incomplete"), steps.back().detail);
}

/// What was asked for with `total` is not checked any more: without a word that looks like a whole set.
BOOST_AUTO_TEST_CASE(a_total_that_cannot_be_read_is_told) {
    const FaultServer server;
    Rest rest(server);
    rest.fill(7);
    struct Case {
        const char *total, *control, *told;
    };
    const Case cases[] = {
        {"$.data.count", R"({"total":7})", "nothing stands there"},
        {"$.data.total", R"({"total":"seven"})", "it says s***n (5)"},
        {"$.data.total", R"({"total":"7,000"})", "it says 7***0 (5)"},
        {"$.data.total", R"({"total":-7})", "it says *** (2)"},
        {"$.data.total", R"({"total":7})", ""},
    };
    for (const Case& one : cases) {
        server.control(one.control);
        const std::string total = fmt::format(R"(,"total":"{}")", one.total);
        for (const std::string& paging : {kByPage, std::string(R"(,"paging":{"style":"page","size":50})")}) {
            const auto connector = open(settingsFor(server, kRecords + total + paging));
            const auto read = readPages(*connector);
            const std::string told = *one.told == 0 ? "" : std::string("its `total` cannot be read: ") + one.told;
            BOOST_TEST(read.records == 7);
            BOOST_TEST(read.uncounted == told);
            BOOST_TEST(read.withheld == told);  // a reconciliation marks nothing beside it
            BOOST_TEST(read.ended_early == "");
            const auto steps = connector->check();
            BOOST_TEST(steps.back().good == told.empty());
            if (!told.empty()) BOOST_TEST(steps.back().detail.starts_with("total_unreadable"), steps.back().detail);
        }
    }
}

/// One page of a connector of its own, as the first of another run.
PageEnd pageOf(Connector& connector, const Cursor& from) {
    struct Sink final : PageSink {
        void payload(const PayloadHead&) override {}
        void bytes(std::string_view) override {}
    } sink;
    return connector.read(from, {}, sink);
}

BOOST_AUTO_TEST_CASE(a_pass_that_another_run_began_begins_anew_where_rows_moved) {
    const FaultServer server;
    const std::string settings = settingsFor(server, kRecords + kByPage);
    const auto give = [&](int first) {
        std::string records;
        for (int no = first; no <= 7; ++no)
            records += (records.empty() ? "" : ",") + fmt::format(R"({{"no":"{}"}})", no);
        server.control(R"({"records":[)" + records + "]}");
    };
    for (const int first : {1, 2, 4}) {  // 2: a bit, so that page 1 tells what came to it
        give(1);
        const PageEnd end = pageOf(*open(settings), "");
        give(first);
        const auto again = open(settings);
        const auto read = readPages(*again, end.next);
        BOOST_TEST(read.records == (first == 1 ? 4 : first == 2 ? 6 : 1));
        BOOST_TEST(read.ended_early == (first == 4 ? "rows moved from page to page while they were read" : ""));
        if (first == 4) BOOST_TEST(readPages(*again, read.next).records == 4);
    }
}

BOOST_AUTO_TEST_CASE(a_cursor_that_the_source_forgot_begins_the_pass_anew) {
    const FaultServer server;
    Rest rest(server);
    rest.fill(7);
    const std::string settings =
        settingsFor(server, kRecords + R"(,"paging":{"style":"cursor","parameter":"cursor","next":"$.next","size":3})");
    Cursor cursor = pageOf(*open(settings), "").next;
    for (int night = 0; night < 2; ++night) {
        server.fault("cursor_expired");
        const auto connector = open(settings);
        const PageEnd end = pageOf(*connector, cursor);
        BOOST_TEST(end.ended_early ==
                   "it does not take the cursor of its next page: HTTP status 410: given up for good");
        const auto read = readPages(*connector, end.next);  // it takes none at all
        BOOST_TEST(read.records == 3);
        BOOST_REQUIRE(read.fault.has_value());
        BOOST_TEST(read.fault->parts().code == "address_gone");
        BOOST_TEST(read.fault->parts().next_step.find("--full") != std::string::npos);
        cursor = read.next;
    }
    server.fault("");
    BOOST_TEST(readPages(*open(settings), cursor).records == 4);
}

BOOST_AUTO_TEST_CASE(where_each_link_is_given_once_all_are_read_and_it_is_told) {
    const FaultServer server;
    Rest rest(server);
    rest.fill(9);
    const std::string link = R"(,"paging":{"style":"link","size":3},"parameters":{"link":"1"})";
    const auto connector = open(settingsFor(server, kRecords + link + R"(,"since":{"member":"$.time"})"));
    for (const int status : {400, 404, 410}) {
        server.control(fmt::format(R"({{"fault":"links_once","refuses_with":{}}})", status));
        const auto read = readPages(*connector);
        BOOST_TEST(!read.fault.has_value(), (read.fault ? read.fault->what() : ""));
        BOOST_TEST(read.records == 9);
        BOOST_TEST(read.ended_early ==
                   "it takes the link of each page only once, so whether rows moved from page to page cannot be told");
        BOOST_TEST(read.next.find("\"since\"") == std::string::npos);
    }
    server.control(R"({"fault":"links_once","refuses_with":403})");
    const auto refused = readPages(*connector);
    BOOST_REQUIRE(refused.fault.has_value());
    BOOST_TEST(refused.fault->parts().code == "access_refused");
}

BOOST_AUTO_TEST_CASE(a_page_that_cannot_be_read_is_given_as_it_is_and_those_behind_it_are_read) {
    const FaultServer server;
    Rest rest(server);
    rest.fill(9);
    const std::string link = R"(,"paging":{"style":"link","size":3},"parameters":{"link":"1"})";
    for (const std::string& style : {kByPage, kByPage + kTotal, kByOffset, kByOffset + kTotal, link}) {
        for (const int at : {0, 3, 6}) {
            server.control(fmt::format(R"({{"fault":"poisoned","poisoned_at":{}}})", at));
            const std::string since = R"(,"since":{"member":"$.time"})";
            const auto connector = open(settingsFor(server, kRecords + style + since));
            auto read = readPages(*connector);
            BOOST_TEST(!read.fault.has_value(), (read.fault ? read.fault->what() : ""));
            BOOST_TEST(read.records == 6);
            BOOST_TEST(read.bytes.find(R"([{"no":")"
                                       "\x01") != std::string::npos);
            BOOST_TEST(read.withheld != "");
            BOOST_TEST(read.ended_early == "");
            server.fault("");
            read = readPages(*connector, read.next);  // once it is mended its page comes: the time stood still
            BOOST_TEST(read.records == 9);
            BOOST_TEST(read.next.find("\"since\"") != std::string::npos);
        }
    }
    server.control(R"({"fault":"poisoned","poisoned_at":0})");
    const std::string cursor = R"(,"paging":{"style":"cursor","parameter":"cursor","next":"$.next","size":3})";
    const auto stuck = readPages(*open(settingsFor(server, kRecords + cursor)));
    BOOST_REQUIRE(stuck.fault.has_value());
    BOOST_TEST(stuck.fault->parts().code == "answer_malformed");
    BOOST_TEST(stuck.fault->parts().next_step.find("nothing behind it can be asked for") != std::string::npos);
    const auto single = readPages(*open(settingsFor(server, kRecords)));
    BOOST_REQUIRE(single.fault.has_value());
    BOOST_TEST(single.fault->parts().code == "answer_malformed");
}

BOOST_AUTO_TEST_CASE(since_overlaps_and_never_passes_the_begin_of_an_unsorted_pass) {
    const FaultServer server;
    Rest rest(server);
    rest.fill(3);
    const std::string since = R"(,"since":{"member":"$.time","overlap_seconds":60})";
    const auto connector = open(settingsFor(server, kRecords + since));
    const auto first = readPages(*connector);
    server.log();
    readPages(*connector, first.next);
    BOOST_TEST(server.log().find("since=2025-12-31%2023%3a59%3a03") != std::string::npos);

    server.control(R"({"records":[{"no":"1","time":"2999-01-01 00:00:00"},{"no":"2","time":"2999-01-01 00:00:00"}]})");
    const std::string paged = R"(,"paging":{"style":"page","size":1})";
    const auto future = readPages(*open(settingsFor(server, kRecords + since + paged)));
    BOOST_TEST(future.next.find("\"since\":32472") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_record_that_is_dated_in_the_future_hides_none_that_comes_before) {
    const FaultServer server;
    const std::string mark = R"({"no":"1","time":"2999-01-01 00:00:00"})";
    for (const char* more : {R"(,"paging":{"style":"page","size":1})", ""}) {
        for (const char* sorted : {"true", "false"}) {
            server.control(R"({"records":[)" + mark + "]}");
            const std::string since = R"(,"since":{"member":"$.time","sorted":)" + std::string(sorted) + "}";
            const auto connector = open(settingsFor(server, kRecords + since + more));
            const auto first = readPages(*connector);
            BOOST_TEST(first.records == 1);
            BOOST_TEST(first.next.find("\"since\":32472") == std::string::npos, first.next);
            server.control(R"({"records":[{"no":"2","time":"2998-01-01 00:00:00"},)" + mark + "]}");
            BOOST_TEST(readPages(*connector, first.next).records == 2);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_time_that_was_kept_beyond_the_sources_clock_is_told) {
    const FaultServer server;
    server.control(R"({"records":[{"no":"1","time":"2026-01-01 00:00:00"}],"etag":true})");
    const std::string since = R"(,"since":{"member":"$.time"})";
    const auto read = readPages(*open(settingsFor(server, kRecords + since)), R"({"v":1,"since":32472115200000})");
    BOOST_REQUIRE(read.fault.has_value());
    BOOST_TEST(read.fault->parts().code == "watermark_ahead");
    BOOST_TEST((read.fault->kind() == ConnectorFaultKind::Config));
    BOOST_TEST(read.fault->parts().message.find("2999-01-01 00:00:00") != std::string::npos);
    BOOST_TEST(read.fault->parts().next_step.find("--full") != std::string::npos);
    server.control(R"({"records":[]})");
    const auto tagged = readPages(*open(settingsFor(server, kRecords))).next;  // 304 says nothing of the time either
    BOOST_REQUIRE(tagged.find("tag") != std::string::npos);
    const std::string with_tag = R"({"v":1,"since":32472115200000)" + tagged.substr(std::string(R"({"v":1)").size());
    BOOST_TEST(readPages(*open(settingsFor(server, kRecords + since)), with_tag).fault->parts().code ==
               "watermark_ahead");
}

/// Former versions kept the tag of an answer whose total they could not read: a 304 to it is no whole set.
BOOST_AUTO_TEST_CASE(a_tag_that_was_kept_without_a_look_at_the_total_is_not_asked_with) {
    const FaultServer server;
    Rest rest(server);
    rest.fill(7);
    server.control(R"({"etag":true})");
    const auto counted = open(settingsFor(server, kRecords + kTotal));
    const Cursor now = readPages(*counted).next;
    BOOST_TEST(readPages(*counted, now).records == 0);  // 304
    const std::string mark = R"(,"tag_counted":1)";
    Cursor former = now;
    BOOST_REQUIRE(former.find(mark) != std::string::npos);
    former.erase(former.find(mark), mark.size());
    server.control(R"({"total":"seven"})");
    const auto read = readPages(*counted, former);
    BOOST_TEST(read.records == 7);
    BOOST_TEST(read.uncounted.starts_with("its `total` cannot be read"), read.uncounted);
    server.control(R"({"total":7})");
    const auto good = readPages(*counted, former);
    BOOST_TEST(good.records == 7);
    BOOST_TEST(readPages(*counted, good.next).records == 0);                           // from then on it is
    BOOST_TEST(readPages(*open(settingsFor(server, kRecords)), former).records == 0);  // nothing was to be counted
}

/// A certificate may expire between two pages.
BOOST_AUTO_TEST_CASE(each_connection_shows_its_certificate_anew) {
    const FaultServer server(FaultServer::Tls::Yes);
    Rest rest(server);
    rest.fill(7);
    server.control(R"({"closes":true})");
    server.log();
    const std::string tls =
        R"(,"paging":{"style":"page","size":2},"tls":{"authorities":)" + quoted(server.file("ca.pem")) + "}";
    BOOST_TEST(readPages(*open(settingsFor(server, kRecords + tls))).records == 7);
    const std::string log = server.log();
    BOOST_TEST(log.find("page=4") != std::string::npos, log);
    BOOST_TEST(log.find(R"("resumed": true)") == std::string::npos, log);
}

BOOST_AUTO_TEST_CASE(a_page_goes_over_tls_with_the_sites_own_authority) {
    const FaultServer server(FaultServer::Tls::AsksForClient);
    Rest rest(server);
    rest.fill(2);
    const std::string tls = R"(,"tls":{"authorities":)" + quoted(server.file("ca.pem")) + R"(,"certificate":)" +
                            quoted(server.file("client.pem")) + R"(,"key":)" + quoted(server.file("client.key")) + "}";
    const auto steps = open(settingsFor(server, kRecords + tls))->check();
    BOOST_TEST(steps.back().good, steps.back().detail);
    BOOST_TEST(readPages(*open(settingsFor(server, kRecords + tls))).records == 2);
    BOOST_TEST(readPages(*open(settingsFor(server, kRecords))).fault->parts().code == "certificate_not_trusted");
}

BOOST_AUTO_TEST_CASE(a_key_under_a_password_is_a_fault_without_it_and_good_with_it) {
    const FaultServer server(FaultServer::Tls::AsksForClient);
    Rest rest(server);
    rest.fill(2);
    const auto settings = [&](const std::string& more) {
        return settingsFor(server, kRecords + std::string(R"(,"tls":{"authorities":)") + quoted(server.file("ca.pem")) +
                                       R"(,"certificate":)" + quoted(server.file("client.pem")) + R"(,"key":)" +
                                       quoted(underPassword(server.file("client.key"), "right")) + more + "}");
    };
    for (const char* wrong : {"", R"(,"key_password":"wrong")"}) {
        const auto read = readPages(*open(settings(wrong)));
        BOOST_REQUIRE(read.fault.has_value());
        BOOST_TEST((read.fault->kind() == ConnectorFaultKind::Config), read.fault->what());
    }
    BOOST_TEST(readPages(*open(settings(R"(,"key_password":"right")"))).records == 2);
}

BOOST_AUTO_TEST_CASE(a_certificate_that_has_expired_is_told_with_its_date_and_what_to_do) {
    const FaultServer server(FaultServer::Tls::Expired);
    const std::string tls = R"(,"tls":{"authorities":)" + quoted(server.file("ca.pem")) + "}";
    const auto read = readPages(*open(settingsFor(server, kRecords + tls)));
    BOOST_REQUIRE(read.fault.has_value());
    BOOST_TEST(read.fault->parts().code == "certificate_not_trusted");
    BOOST_TEST((read.fault->kind() == ConnectorFaultKind::Config));
    const std::time_t yesterday = std::time(nullptr) - 24 * 3600;
    const std::string year = std::to_string(1900 + std::gmtime(&yesterday)->tm_year);
    BOOST_TEST(read.fault->parts().message.starts_with("the certificate of the server was valid until " + year + "-"),
               read.fault->parts().message);
    BOOST_TEST(read.fault->parts().next_step.find("ask the department for a new certificate") != std::string::npos);
    const auto steps = open(settingsFor(server, kRecords + tls))->check();
    BOOST_TEST(!steps.back().good);
    BOOST_TEST(steps.back().detail.find("valid until " + year) != std::string::npos, steps.back().detail);
    BOOST_TEST(readPages(*open(settingsFor(server, kRecords))).fault->parts().message.find("valid until") ==
               std::string::npos);  // of an authority that is not known no date is told
}

BOOST_AUTO_TEST_SUITE_END()
