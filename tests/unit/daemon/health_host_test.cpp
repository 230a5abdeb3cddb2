// tests/unit/daemon/health_host_test.cpp - the names under which the health listener may be asked.
#include "gateway/daemon/health_host.hpp"

#include <boost/test/unit_test.hpp>

using namespace caseway;

namespace {

bool takes(std::string host, std::string_view configured = "127.0.0.1") {
    RequestHead head;
    head.fields.push_back({"Host", std::move(host)});
    return isHealthHost(head, configured);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(HealthHost)

BOOST_AUTO_TEST_CASE(takes_loopback_and_the_configured_address) {
    for (const char* host : {"localhost", "LocalHost:8444", "127.0.0.1", "127.0.0.1:8444", "127.0.0.53", "[::1]:8444"})
        BOOST_TEST(takes(host), host);
    BOOST_TEST(takes("10.1.2.3:8444", "10.1.2.3"));
    BOOST_TEST(takes("10.1.2.3:8444", "0.0.0.0"));
    BOOST_TEST(takes("[2001:db8::1]", "::"));
    BOOST_TEST(isHealthHost(RequestHead{}, "127.0.0.1"));
}

BOOST_AUTO_TEST_CASE(takes_no_name_that_somebody_else_may_point_here) {
    for (const char* host : {"evil.example", "evil.example:8444", "localhost.evil.example", "127.0.0.1.evil.example",
                             "10.1.2.3", "[", "[]"})
        BOOST_TEST(!takes(host), host);
    BOOST_TEST(!takes("evil.example", "0.0.0.0"));
}

BOOST_AUTO_TEST_SUITE_END()
