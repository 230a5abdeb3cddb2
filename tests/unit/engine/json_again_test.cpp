// tests/unit/engine/json_again_test.cpp - records that repeat the names of the one before, which are read in fewer
// steps: a record is the same whatever came before it.
#include <boost/test/unit_test.hpp>

#include "tests/unit/engine/mapping_cases.hpp"

namespace caseway {
namespace {

using namespace cases;

/// What may stand behind a name.
constexpr const char* kValues[] = {
    R"("a")",      R"("")",     R"(" a ")",    R"("０１")",    R"("中文")",
    R"("a\"\\b")", R"("a\nb")", R"("\u0001")", R"("\u4e2d")",  R"("0123456789abcdefghijklmnopqrstuvwxyz")",
    "1.50",        "true",      "null",        R"(["a","b"])", R"({"v":"a"})"};

std::string record(const std::string& value) {
    return R"({"n":"1","t":)" + value + R"(,"unknown":)" + value + R"(,"in":{"v":)" + value + R"(},"m":)" + value +
           R"(,"x":)" + value + "}";
}

/// What becomes of the last record, its place left out.
std::string lastOf(const Mapping& mapping, const std::string& records) {
    std::string line = runStream(mapping, "[" + records + "]").back();
    return line.substr(0, line.find(" @ "));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(JsonAgain)

BOOST_AUTO_TEST_CASE(a_record_is_the_same_whatever_came_before_it) {
    KindSpec kind;
    kind.records = "$[*]";
    for (const char* of_extra : {"x", "@..x"}) {  // as a stream, and by full evaluation
        kind.fields = {field("source_case_no", "n"), field("case_title", "t"), field("address", "in.v"),
                       field("extra.m", "m"), field("extra.x", of_extra)};
        const auto mapping = compiled(spec(SourceFormat::Json, {kind}));
        for (const std::string value : kValues) {
            const std::string alone = lastOf(*mapping, record(value));
            for (const std::string before : kValues) {
                BOOST_TEST(lastOf(*mapping, record(before) + "," + record(value)) == alone);
                BOOST_TEST(lastOf(*mapping, record(before) + "," + record(before) + "," + record(value)) == alone);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_reason_why_a_record_is_unreadable_says_so_again) {
    KindSpec kind;
    kind.records = "$[*]";
    kind.fields = {field("source_case_no", "n"), field("case_title", "t")};
    const auto mapping = compiled(spec(SourceFormat::Json, {kind}));
    const std::string unreadable = R"({"n":"1","caseway_unreadable":"column","t":"a"})";
    const auto lines = runStream(*mapping, "[" + unreadable + "," + unreadable + "," + unreadable + R"(,{"n":"2"}])");
    const std::vector<std::string> expected = {"! record_unreadable @ /0", "! record_unreadable @ /1",
                                               "! record_unreadable @ /2", R"({"source_case_no":"2"})"};
    BOOST_TEST(lines == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_reason_that_is_no_text_is_that_of_no_other_text) {
    KindSpec kind;
    kind.records = "$[*]";
    kind.fields = {field("source_case_no", "n")};
    const auto mapping = compiled(spec(SourceFormat::Json, {kind}));
    const std::vector<std::string> expected = {R"({"source_case_no":"1"})", R"({"source_case_no":"2"})"};
    for (const char* reason : {"null", "1", "true", "{}", "[]", R"(["a"])", R"({"b":"a"})"}) {
        for (const char* beside : {"", R"(,"v":"1")"}) {
            const std::string item = std::string(R"({"caseway_unreadable":)") + reason + beside + "},";
            const auto lines = runStream(*mapping, R"([{"n":"1","l":[)" + item + item + item + R"("x"]},{"n":"2"}])");
            BOOST_TEST_CONTEXT(item) BOOST_TEST(lines == expected, boost::test_tools::per_element());
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace caseway
