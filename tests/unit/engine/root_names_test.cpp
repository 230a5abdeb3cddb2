// tests/unit/engine/root_names_test.cpp - paths from the root whose first name is not ASCII: libxml2 takes the slash
// before it for the whole path.
#include "tests/unit/engine/mapping_cases.hpp"

namespace caseway {
namespace {

using namespace cases;

constexpr std::string_view kPayload = "<业><批 号='7'>6</批><办 k='6'/></业>";

struct RootCase {
    const char *records, *expression, *found;
};
const RootCase kCases[] = {
    {"/业/办", "/业/批/@号", "7"},
    {"/业/办", "/child::业/批/text()", "6"},
    {"/业/办[@k = /业/批]", "@k", "6"},
    {"/业/办[/业/批/@号 = 7]", "@k", "6"},
    {"//办", "concat(/业/批, /业[1]/批/@号)", "67"},
    {"//办", "(/业/批 | /业/无)/@号", "7"},
    {"//办", "count(/业/批/@号 | /业/办/@k)", "2"},
    {"//办", "concat('/业', /业/批/@号)", "/业7"},
    {"//办", "10 div /业/批/@号 > 1", "true"},
    {"//办", "../批[/业]/@号", "7"},
};

KindSpec kindOf(const RootCase& one) {
    KindSpec kind;
    kind.records = one.records;
    kind.fields = {constant("source_case_no", "N"), field("extra.x", one.expression)};
    return kind;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(RootNames)

BOOST_AUTO_TEST_CASE(that_are_not_ascii_are_found) {
    for (const RootCase& one : kCases) {
        const std::vector<std::string> expected = {R"({"extra":{"x":")" + std::string(one.found) +
                                                   R"("},"source_case_no":"N"})"};
        for (const bool evaluate_all : {false, true}) {
            const auto mapping = compiled(spec(SourceFormat::Xml, {kindOf(one)}), evaluate_all);
            BOOST_TEST(runStream(*mapping, kPayload) == expected, one.expression);
            BOOST_TEST(runTree(*mapping, kPayload) == expected, one.expression);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace caseway
