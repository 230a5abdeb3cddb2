// tests/unit/record/data_case_test.cpp - every file of cases/: records that systems send in turn, what becomes of each,
// and the cases that stand in the end.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "exchange.hpp"
#include "gateway/formats/json/document.hpp"

namespace fs = std::filesystem;
using namespace caseway;

namespace {

std::string contentOf(const fs::path& file) {
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    return text.str();
}

std::string textOr(const JsonValue& object, std::string_view name, std::string_view fallback) {
    const JsonValue* value = object.find(name);
    return std::string(value == nullptr ? fallback : value->text);
}

std::string canonical(const JsonValue& value) {
    std::string text;
    appendCanonical(value, text);
    return text;
}

std::string arrayOf(const std::vector<std::string>& names) {
    std::string text = "[";
    for (const std::string& name : names) {
        if (text.size() > 1) text += ',';
        appendJsonString(name, text);
    }
    return text + ']';
}

/// Conflicts without their sources: [where, standing value, other value, other system].
std::string conflictsOf(const CaseView& view) {
    std::string text = "[";
    for (const CaseConflict& conflict : view.conflicts) {
        if (text.size() > 1) text += ',';
        text += '[';
        appendJsonString(conflict.pointer, text);
        text += ',' + conflict.standing_value + ',' + conflict.other_value + ',';
        appendJsonString(conflict.other.system, text);
        text += ']';
    }
    return text + ']';
}

void checkSending(Exchange& exchange, const JsonValue& sent, std::uint64_t number) {
    Sending sending;
    sending.from = textOr(sent, "from", sending.from);
    sending.message = number;
    sending.sent_at = textOr(sent, "sent_at", "2026-05-04T09:00:0" + std::to_string(number) + "+08:00");
    sending.patch = canonical(*sent.find("patch"));
    const std::size_t feed = exchange.store.feed.size();
    const RecordResult result = exchange.send(sending);
    BOOST_TEST_CONTEXT("record " << number) {
        BOOST_TEST(nameOf(result.outcome) == sent.find("outcome")->text);
        BOOST_TEST((result.refusal ? result.refusal->code : "") == textOr(sent, "refusal", ""));
        if (result.refusal) BOOST_TEST(result.refusal->where == textOr(sent, "where", ""));
        const JsonValue* changed = sent.find("changed");
        BOOST_TEST(arrayOf(result.changed) == (changed == nullptr ? "[]" : canonical(*changed)));
        const bool announced = result.outcome == RecordOutcome::New || result.outcome == RecordOutcome::Changed;
        BOOST_TEST((exchange.store.feed.size() > feed) == announced);
        if (!result.repeats) BOOST_TEST((exchange.store.patches.back().outcome == result.outcome));
    }
}

void checkCase(Exchange& exchange, const JsonValue& expected) {
    const std::string case_no(expected.find("case_no")->text);
    BOOST_TEST_CONTEXT("case " << case_no) {
        const CaseRow row = exchange.rowOf(case_no);
        const CaseView view = viewOf(exchange.store, row, exchange.recorder.numbers(), Show::Unmasked);
        BOOST_TEST(view.record == canonical(*expected.find("record")));
        const JsonValue* conflicts = expected.find("conflicts");
        BOOST_TEST(conflictsOf(view) == (conflicts == nullptr ? "[]" : canonical(*conflicts)));
        const JsonValue* deleted = expected.find("deleted");
        BOOST_TEST(view.deleted == (deleted != nullptr && deleted->type == JsonValue::Type::True));
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(CaseRecord)

BOOST_AUTO_TEST_CASE(becomes_what_each_data_case_says) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(fs::path(CASEWAY_SOURCE_DIR) / "tests/unit/record/cases"))
        files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    BOOST_TEST_REQUIRE(files.size() >= 15U);
    for (const fs::path& file : files) {
        BOOST_TEST_CONTEXT(file.filename().string()) {
            JsonTree tree;
            const std::string text = contentOf(file);
            const auto root = parseJson(text, {}, tree);
            BOOST_TEST_REQUIRE(root.ok(), (root ? "" : root.error().where + ' ' + root.error().rule));
            Exchange exchange;
            const JsonValue* sent = (*root)->find("sent");
            for (std::uint32_t i = 0; i < sent->count; ++i) checkSending(exchange, sent->items[i], i + 1);
            const JsonValue* cases = (*root)->find("cases");
            for (std::uint32_t i = 0; i < cases->count; ++i) checkCase(exchange, cases->items[i]);
            const auto shown = std::count_if(exchange.store.rows.begin(), exchange.store.rows.end(),
                                             [](const CaseRow& row) { return !isAlias(row); });
            BOOST_TEST(static_cast<std::size_t>(shown) == cases->count);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
