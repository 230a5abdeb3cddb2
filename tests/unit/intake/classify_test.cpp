// tests/unit/intake/classify_test.cpp - the head of a request decides binding and place of its body.
#include "gateway/intake/classify.hpp"

#include <boost/test/unit_test.hpp>

using namespace caseway;

BOOST_AUTO_TEST_SUITE(Intake)

BOOST_AUTO_TEST_CASE(media_type_decides_unless_a_signature_field_is_there) {
    struct Case {
        bool signature;
        const char* type;
        const char* expected;  // binding, or the refusal's code
    };
    const Case cases[] = {{false, "application/xml", "xml"},
                          {false, "Text/XML ; charset=GBK", "xml"},
                          {false, "application/jose", "json"},
                          {false, "application/jose+json", "json"},
                          {true, "application/xml", "http"},
                          {true, "", "http"},
                          {false, "application/json", "unknown_type"},
                          {false, "", "unknown_type"},
                          {false, "application/xmlx", "unknown_type"}};
    for (const Case& c : cases) {
        const auto plan = planIntake({c.signature, c.type, 10}, Limits{});
        BOOST_TEST((plan ? std::string(nameOf(plan->binding)) : plan.error().code) == c.expected, c.type);
    }
}

BOOST_AUTO_TEST_CASE(a_coding_is_refused_where_no_signature_covers_it) {
    for (const char* const coding : {"", "identity", "Identity"})
        BOOST_TEST(planIntake({false, "application/jose", 10, coding}, Limits{}).ok(), coding);
    for (const char* const coding : {"gzip", "identity, gzip", "identityx"}) {
        for (const char* const type : {"application/jose", "text/xml"})
            BOOST_TEST(planIntake({false, type, 10, coding}, Limits{}).error().code == "content_encoding_unknown",
                       coding);
        BOOST_TEST(planIntake({true, "", 10, coding}, Limits{}).ok(), coding);  // refused behind its signature
    }
}

BOOST_AUTO_TEST_CASE(large_bodies_are_spooled_and_too_large_ones_refused_before_they_are_read) {
    const Limits limits;
    BOOST_TEST(!planIntake({true, "", 1024 * 1024}, limits)->spool);
    BOOST_TEST(planIntake({true, "", 1024 * 1024 + 1}, limits)->spool);
    BOOST_TEST(planIntake({true, "", std::nullopt}, limits)->spool);
    BOOST_TEST(!planIntake({false, "application/xml", 2 * 1024 * 1024}, limits)->spool);
    BOOST_TEST(planIntake({false, "application/xml", 10 * 1024 * 1024 + 1}, limits).error().code == "too_large");
    BOOST_TEST(planIntake({true, "", 4ULL * 1024 * 1024 * 1024 + 1}, limits).error().code == "too_large");
}

BOOST_AUTO_TEST_SUITE_END()
