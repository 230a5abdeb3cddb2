// tests/unit/sync/reconciliation_test.cpp - the words of an order, and the threshold that they mean.
#include "gateway/domain/reconciliation.hpp"

#include <boost/test/unit_test.hpp>

using namespace caseway;

BOOST_AUTO_TEST_SUITE(Shares)

BOOST_AUTO_TEST_CASE(are_read_and_written_alike) {
    for (const char* text : {"0%", "5%", "0.5%", "12.3%", "100%"})
        BOOST_TEST(Share::parse(text).value().text() == text);
    BOOST_TEST(Share::parse("5 %").value().permille == 50);
    for (const char* text : {"", "5", "%", "100.1%", "101%", "-1%", "5.%", "5.25%", ".5%", "1e1%", "9999%", "x%"})
        BOOST_TEST(!Share::parse(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(hold_what_is_more_and_let_pass_what_is_as_much) {
    const Share five{50};
    BOOST_TEST(!five.isExceededBy(5, 100));
    BOOST_TEST(five.isExceededBy(6, 100));
    BOOST_TEST(five.isExceededBy(1, 10));
    BOOST_TEST(!Share{1000}.isExceededBy(10, 10));
    BOOST_TEST(Share{0}.isExceededBy(1, 1'000'000));
}

BOOST_AUTO_TEST_CASE(of_repairs_each_word_is_known_and_no_other) {
    for (const std::string_view word : kRepairNames) BOOST_TEST(nameOf(parseRepair(word).value()) == word);
    BOOST_TEST(!parseRepair("all").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
