// tests/unit/http/rate_limiter_test.cpp - token buckets under a clock of the test's.
#include <boost/test/unit_test.hpp>

#include "gateway/adapters/http/rate_limiter.hpp"

using namespace caseway;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(HttpRateLimiter)

BOOST_AUTO_TEST_CASE(lets_the_burst_pass_then_says_how_long_to_wait) {
    RateLimiter limiter(0.5, 2);
    const RateLimiter::TimePoint start{};
    BOOST_TEST(!limiter.take("a", start));
    BOOST_TEST(!limiter.take("a", start));
    BOOST_TEST(limiter.take("a", start).value().count() == 2);
    BOOST_TEST(!limiter.take("b", start));
    BOOST_TEST(limiter.take("a", start + 1s).value().count() == 1);
    BOOST_TEST(!limiter.take("a", start + 2s));
    BOOST_TEST(limiter.take("a", start + 2s).has_value());
}

BOOST_AUTO_TEST_CASE(keeps_its_memory_bounded_and_forgets_nobody_who_is_over) {
    RateLimiter limiter(1, 1, 2);
    const RateLimiter::TimePoint start{};
    BOOST_TEST(!limiter.take("a", start));
    BOOST_TEST(!limiter.take("b", start));
    BOOST_TEST(!limiter.take("c", start));             // the shared bucket
    BOOST_TEST(limiter.take("d", start).has_value());  // is empty now
    BOOST_TEST(limiter.take("a", start).has_value());
    BOOST_TEST(!limiter.take("d", start + 10s));
}

BOOST_AUTO_TEST_CASE(counts_an_ipv6_client_by_its_network) {
    BOOST_TEST((rateKey("2001:db8::1") == rateKey("2001:db8::ffff")));
    BOOST_TEST((rateKey("2001:db8::1") != rateKey("2001:db8:0:1::1")));
    BOOST_TEST((rateKey("10.0.0.1") != rateKey("10.0.0.2")));
    BOOST_TEST((rateKey("::ffff:10.0.0.1") != rateKey("::ffff:10.0.0.2")));
}

BOOST_AUTO_TEST_SUITE_END()
