// tests/unit/record/document_test.cpp - docs/formats/case-record.md says of every field what the code does: its table
// is exactly the one below, and its worked example ends as it says. After a change, take the table from the file that a
// failure names.
#include <fstream>
#include <sstream>

#include "exchange.hpp"
#include "gateway/record/state_field_codes.hpp"

using namespace caseway;

namespace {

std::string typeOf(const FieldInfo& info) {
    switch (info.type) {
        case FieldType::Text:
            return info.max_length == 0 ? "text" : "text, at most " + std::to_string(info.max_length);
        case FieldType::Code: {
            std::string codes = "one of";
            for (const std::string_view code : info.codes) codes.append(" `").append(code) += '`';
            return codes;
        }
        case FieldType::Digits:
            return "digits (pattern in the schema)";
        case FieldType::DateTime:
            return "date-time";
        case FieldType::Date:
            return "date";
        case FieldType::Money:
            return "money in yuan";
        case FieldType::Integer:
            return "integer from " + std::to_string(info.minimum) +
                   (info.maximum == 0 ? "" : " to " + std::to_string(info.maximum));
        case FieldType::Boolean:
            return "true or false";
        case FieldType::TextList:
            return "array of texts";
        case FieldType::Any:
            break;
    }
    return "anything but an object";
}

std::string table() {
    std::string rows = "| field | 中文 | type | personal | no. |\n|---|---|---|---|---|\n";
    std::size_t number = 0;
    for (const std::string_view name : stateFieldNames()) {
        ++number;
        const auto field = fieldNamed(name);
        if (!field) continue;
        const FieldInfo& info = infoOf(*field);
        rows.append("| `").append(name).append("` | ").append(info.title) += " | " + typeOf(info) + " | ";
        rows += std::string(info.personal ? "yes" : "") + " | " + std::to_string(number) + " |\n";
    }
    return rows;
}

std::string document() {
    std::ostringstream text;
    text << std::ifstream(CASEWAY_SOURCE_DIR "/docs/formats/case-record.md", std::ios::binary).rdbuf();
    return text.str();
}

/// The n-th block of JSON lines of the worked example.
std::vector<std::string> exampleLines(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text.substr(std::min(text.size(), text.find("## A worked example"))));
    for (std::string line; std::getline(in, line);)
        if (line.rfind("    {", 0) == 0) lines.push_back(line.substr(4));
    return lines;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(CaseRecordDocument)

BOOST_AUTO_TEST_CASE(has_the_table_of_the_code) {
    const std::string expected = table();
    if (document().find(expected) == std::string::npos) {
        const std::string file = CASEWAY_BINARY_DIR "/case-record-fields.md";
        std::ofstream(file) << expected;
        BOOST_ERROR("the table of docs/formats/case-record.md is not that of the code; take it from " << file);
    }
}

BOOST_AUTO_TEST_CASE(has_a_worked_example_that_works) {
    const auto lines = exampleLines(document());
    BOOST_TEST_REQUIRE(lines.size() == 4U);
    Exchange exchange;
    exchange.send({.message = 1, .sent_at = "2026-05-03T09:00:00+08:00", .patch = lines[0]});
    BOOST_TEST((exchange.send({.message = 2, .sent_at = "2026-05-04T09:00:00+08:00", .patch = lines[1]}).outcome ==
                RecordOutcome::Changed));
    const auto third = exchange.send(
        {.from = "housing/archive", .message = 3, .sent_at = "2026-05-05T09:00:00+08:00", .patch = lines[2]});
    BOOST_TEST((third.outcome == RecordOutcome::Changed));
    BOOST_TEST((third.changed == std::vector<std::string>{"window_no"}));
    BOOST_TEST(exchange.recordOf("GH-2026-17") == lines[3]);
}

BOOST_AUTO_TEST_SUITE_END()
