// tests/unit/sync/marked_cases_test.cpp - the cases that a reconciliation marked, as text and back; texts that are
// none.
#include "gateway/formats/run/marked_cases.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>

#include "gateway/base/base64.hpp"

using namespace caseway;
using Ids = std::vector<std::int64_t>;

namespace {

std::string textOf(std::vector<std::uint8_t> bytes) {
    return toBase64Url(bytes);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(MarkedCases)

BOOST_AUTO_TEST_CASE(come_back_as_they_were_written) {
    const Ids lists[] = {{}, {1}, {3}, {1, 2, 3}, {127, 128, 129, 255, 256}, {16383, 16384, 32769}, {1, INT64_MAX}};
    for (const Ids& ids : lists) {
        const auto read = readMarkedCases(markedCasesText(ids));
        BOOST_TEST_REQUIRE(read.has_value());
        BOOST_TEST(*read == ids, boost::test_tools::per_element());
    }
    BOOST_TEST(markedCasesText({3}) == "Aw");
    Ids many;
    for (std::int64_t id = 1; id < 200'000; id += 20) many.push_back(id);
    BOOST_TEST(markedCasesText(many).size() < many.size() * 2);
}

BOOST_AUTO_TEST_CASE(are_read_from_their_one_text_alone) {
    const std::vector<std::uint8_t> full(9, 0xff);
    for (const std::string& text :
         {std::string("A"), std::string("Aw=="), textOf({0}), textOf({1, 0}), textOf({0x80}), textOf({0x81, 0x00}),
          textOf({3, 0x80}), textOf(full), textOf({0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01}),
          textOf({1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f})})
        BOOST_TEST(!readMarkedCases(text), text);
}

BOOST_AUTO_TEST_CASE(are_found_in_a_report) {
    const ReportedMarks marks =
        reportedMarksOf(R"({"compared_at":"2026-05-04T00:32:00Z","counts":{},"marked":"AwE","run":2})");
    BOOST_TEST(marks.cases == (Ids{3, 4}), boost::test_tools::per_element());
    BOOST_TEST(toRfc3339(marks.compared_at.value()) == "2026-05-04T00:32:00Z");
    for (const char* none : {"", "[]", "{}", "{\"marked\":1}", "{\"marked\":\"?\"}", "{\"marked\":\"Aw\"",
                             "{\"compared_at\":1}", "{\"compared_at\":\"today\"}"}) {
        BOOST_TEST(reportedMarksOf(none).cases.empty(), none);
        BOOST_TEST(!reportedMarksOf(none).compared_at, none);
    }
}

BOOST_AUTO_TEST_SUITE_END()
