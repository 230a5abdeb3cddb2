// tests/unit/engine/long_text_test.cpp - a JSON text that is longer than the parser keeps is its record's fault alone.
#include <boost/test/unit_test.hpp>

#include "tests/unit/engine/mapping_cases.hpp"

using namespace caseway;
using namespace caseway::cases;

namespace {

/// `before`, then so many bytes of a text, then `behind`; no memory holds them all.
class LongTextSource final : public ByteSource {
public:
    LongTextSource(std::string before, std::size_t bytes, std::string behind)
        : before_(std::move(before)), bytes_(bytes), behind_(std::move(behind)) {}
    std::size_t read(std::span<char> buffer) override {
        std::size_t filled = 0;
        for (; filled < buffer.size() && at_ < before_.size() + bytes_ + behind_.size(); ++filled, ++at_) {
            if (at_ < before_.size())
                buffer[filled] = before_[at_];
            else
                buffer[filled] = at_ < before_.size() + bytes_ ? 'x' : behind_[at_ - before_.size() - bytes_];
        }
        return filled;
    }
    void rewind() override { at_ = 0; }

private:
    const std::string before_;
    const std::size_t bytes_;
    const std::string behind_;
    std::size_t at_ = 0;
};

constexpr std::size_t kTooLong = 64 * 1024 * 1024 + 1;
using Lines_ = std::vector<std::string>;

struct Told {
    Lines_ lines;
    std::string rule;
};

Told run(const KindSpec& kind, const std::string& before, const std::string& behind) {
    LongTextSource source(before, kTooLong, behind);
    Lines lines;
    const auto report = compiled(spec(SourceFormat::Json, {kind}))->run(source, {}, lines);
    if (!report) lines.lines.push_back("!! " + report.error().code + " @ " + report.error().where);
    return {lines.lines, lines.refusals.empty() ? "" : lines.refusals.front().rule};
}

KindSpec numbered(const std::string& expression, const std::string& records) {
    KindSpec kind;
    kind.records = records;
    kind.fields = {field("source_case_no", expression), field("extra.x", "x")};
    return kind;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(LongTexts)

BOOST_AUTO_TEST_CASE(refuse_their_record_and_the_others_go_on) {
    const std::string before = R"({"r":[{"n":"1"},{"n":"2","x":")";
    const std::string behind = R"("},{"n":"3"}]})";
    for (const char* expression : {"n", "@[?@ != 'y']"}) {  // streaming, and on a tree of the record
        const Told told = run(numbered(expression, "$.r[*]"), before, behind);
        BOOST_TEST(told.lines ==
                       (Lines_{R"({"source_case_no":"1"})", "! record_too_large @ /r/1", R"({"source_case_no":"3"})"}),
                   boost::test_tools::per_element());
        BOOST_TEST(told.rule == "at most 64 MiB in one text; no setting changes that");
    }
}

BOOST_AUTO_TEST_CASE(are_passed_over_where_no_record_is) {
    const Told told = run(numbered("n", "$.r[*]"), R"({"file":")", R"(","r":[{"n":"1"}]})");
    BOOST_TEST(told.lines == (Lines_{R"({"source_case_no":"1"})"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(make_no_set_other_than_empty) {
    LongTextSource source(R"({"file":")", kTooLong, R"(","r":[]})");
    Lines lines;
    const auto report =
        compiled(spec(SourceFormat::Json, {numbered("n", "$.r[*]")}))->run(source, {}, lines, {}, EmptySet::Taken);
    BOOST_TEST(report.ok());
}

BOOST_AUTO_TEST_CASE(refuse_the_record_that_they_are) {
    const Told told = run(numbered("n", "$[*]"), R"([{"n":"1"},")", R"(",{"n":"3"}])");
    BOOST_TEST(
        told.lines == (Lines_{R"({"source_case_no":"1"})", "! record_too_large @ /1", R"({"source_case_no":"3"})"}),
        boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
