// tests/unit/case_schema/codes_page_test.cpp - docs/formats/codes.md explains exactly the codes that the record knows.
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>

#include "gateway/domain/case_schema.hpp"

using namespace caseway;

namespace {

/// The first cells of the table below a heading.
std::vector<std::string> tableBelow(const std::string& page, const std::string& heading) {
    std::vector<std::string> codes;
    std::size_t at = page.find("## " + heading);
    BOOST_REQUIRE(at != std::string::npos);
    const std::size_t end = page.find("\n## ", at + 1);
    for (at = page.find("\n| ", at); at < end; at = page.find("\n| ", at + 1)) {
        const std::string cell = page.substr(at + 3, page.find(" |", at + 3) - at - 3);
        if (cell != "code") codes.push_back(cell);
    }
    return codes;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(CodesPage)

BOOST_AUTO_TEST_CASE(explains_every_code_and_no_other) {
    std::ifstream file(CASEWAY_SOURCE_DIR "/docs/formats/codes.md");
    const std::string page((std::istreambuf_iterator<char>(file)), {});
    for (const char* name : {"status", "result.result_code", "suspensions.kind"}) {
        const auto codes = infoOf(fieldNamed(name).value()).codes;
        const std::vector<std::string> known(codes.begin(), codes.end());
        const std::vector<std::string> explained = tableBelow(page, name);
        BOOST_TEST(explained == known, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_SUITE_END()
