// connectors/sdk/test/time_text_test.cpp - times as sources write them.
#include <boost/test/unit_test.hpp>

#include "connectors/sdk/page_walk.hpp"

using namespace caseway;

BOOST_AUTO_TEST_SUITE(TimeTexts)

BOOST_AUTO_TEST_CASE(times_are_read_and_written) {
    const auto plain = TimeText::make("%Y-%m-%d %H:%M:%S", "+08:00");
    BOOST_TEST(*plain->parse("1970-01-01 08:00:01.25") == 1250);
    BOOST_TEST(plain->write(1250) == "1970-01-01 08:00:01");
    BOOST_TEST(plain->write(-1) == "1970-01-01 07:59:59");
    BOOST_TEST(!plain->parse("1970-01-01"));
    BOOST_TEST(*plain->parse("1970-1-1 8:00:01") == 1000);  // some do not pad
    BOOST_TEST(!plain->parse("70-01-01 08:00:01"));
    BOOST_TEST(!TimeText::make("%Y%m%d", "+00:00")->parse("2\n\n88"));
    BOOST_TEST(!plain->parse("1970-01-01 08:00:01 x"));
    const auto zoned = TimeText::make("%Y-%m-%dT%H:%M:%S%z", "+08:00");
    BOOST_TEST(*zoned->parse("1970-01-01T00:00:01.5Z") == 1500);
    BOOST_TEST(*zoned->parse("1970-01-01T08:00:01+0800") == 1000);
    BOOST_TEST(zoned->write(1000) == "1970-01-01T08:00:01+0800");
    BOOST_TEST(*TimeText::make("epoch_ms", "+00:00")->parse("1250") == 1250);
    BOOST_TEST(TimeText::make("epoch_s", "+00:00")->write(1250) == "1");
    BOOST_TEST(!TimeText::make("%H:%M", "+08:00"));
    BOOST_TEST(!TimeText::make("%Y-%m-%d %H:%M:%S", "east"));
}

BOOST_AUTO_TEST_SUITE_END()
