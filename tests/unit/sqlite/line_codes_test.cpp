// tests/unit/sqlite/line_codes_test.cpp - lines come back byte for byte, whatever they are; foretold ones are short.
#include "gateway/adapters/sqlite/line_codes.hpp"

#include <functional>

using namespace caseway;

namespace {

std::string digest(int seed) {
    std::string hex;
    auto state = static_cast<std::uint32_t>(seed);
    for (int i = 0; i < 64; ++i) hex += "0123456789abcdef"[(state = state * 1664525 + 1013904223) >> 28];
    return hex;
}

std::string linesOf(int first, int count, const std::function<std::string(int)>& line) {
    std::string lines;
    for (int number = first; number < first + count; ++number) lines += line(number);
    return lines;
}

std::string taken(int number) {
    const std::string place = std::to_string(number);
    return "{\"case\":" + place + ",\"case_no\":\"CW-" + std::to_string(100'000'000 + number) +
           "\",\"outcome\":\"new\",\"patch\":\"" + digest(number) + "\",\"record\":" + place + "}\n";
}

/// Its leaf stays, its record goes on.
std::string repeated(int number) {
    return "{\"case\":" + std::to_string(number) + ",\"patch\":\"" + digest(number) + "\",\"repeats\":\"3/" +
           std::to_string(number) + "\"}\n";
}

std::string refused(int number) {
    return "{\"code\":\"rule_broken\",\"record\":" + std::to_string(number) + "}\n";
}

/// The bytes that are kept; 0: no such form.
std::size_t keptAs(const std::string& lines) {
    std::string packed;
    if (!packLines(lines, 2 * lines.size() + 100, packed)) return 0;
    BOOST_TEST(!packLines(lines, packed.size() - 1, packed));
    BOOST_TEST(packLines(lines, 2 * lines.size() + 100, packed));
    BOOST_TEST((unpackLines(packed, lines.size()) == lines));
    BOOST_TEST(!unpackLines(packed, lines.size() - 1));
    for (std::size_t cut = packed.size() - 1; cut > packed.size() / 2; cut /= 2) {
        const auto rest = unpackLines(std::string_view(packed).substr(0, cut), lines.size());
        BOOST_TEST((!rest || *rest != lines));
    }
    return packed.size();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(LineCodes)

BOOST_AUTO_TEST_CASE(a_line_that_was_foretold_costs_its_digest) {
    BOOST_TEST(keptAs(linesOf(2, 7, taken)) == 3 + taken(2).size() + 6 * 33);
    BOOST_TEST(keptAs(linesOf(1000, 1000, taken)) < 36'000U);
    BOOST_TEST(keptAs(linesOf(1000, 1000, repeated)) < 36'000U);  // from the third line on
}

BOOST_AUTO_TEST_CASE(gives_back_lines_that_nobody_foretold) {
    const auto mixed = [](int number) {
        return number % 17 == 0 ? refused(number) : number % 40 < 20 ? taken(number) : repeated(number);
    };
    BOOST_TEST(keptAs(linesOf(90, 1000, mixed)) != 0U);
    BOOST_TEST(keptAs(linesOf(5, 3000, [](int number) { return taken(number / 8); })) != 0U);
    for (const char* odd : {"9\n", "99\n", "a\n", "00000000000000000000000009\n", "{}\n"}) {
        std::string lines;
        for (int i = 0; i < 300; ++i) lines += odd;
        BOOST_TEST(keptAs(lines) != 0U, odd);
    }
    const std::string upper = linesOf(2, 20, [](int number) {
        std::string line = taken(number);
        if (number == 9) line[line.find("patch") + 12] = 'F';
        return line;
    });
    BOOST_TEST(keptAs(upper) != 0U);
}

BOOST_AUTO_TEST_CASE(leaves_to_others_what_are_no_lines) {
    BOOST_TEST(keptAs("") == 0U);
    BOOST_TEST(keptAs(linesOf(1, 100, taken) + "no end") == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
