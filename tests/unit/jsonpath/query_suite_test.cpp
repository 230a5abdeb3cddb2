// tests/unit/jsonpath/query_suite_test.cpp - every rule of RFC 9535 as data: our own cases, and the public suite where
// it is at hand.
#include "tests/unit/jsonpath/query_suite.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "gateway/formats/jsonpath/jsonpath.hpp"
#include "tests/support/corpora.hpp"

namespace caseway {

namespace {

std::string canonical(const JsonValue& value) {
    std::string text;
    appendCanonical(value, text);
    return text;
}

/// The nodelist as a JSON array, or why there is none.
std::string answer(std::string_view query, const JsonValue* document) {
    const auto path = JsonPath::compile(query);
    if (!path) return "invalid";
    if (document == nullptr) return "valid";
    std::vector<const JsonValue*> nodes;
    if (!path->evaluate(*document, nodes)) return "too much work";
    std::string text = "[";
    for (const JsonValue* node : nodes) {
        if (text.size() > 1) text += ',';
        appendCanonical(*node, text);
    }
    return text + "]";
}

bool isExpected(const JsonValue& test, const std::string& got) {
    if (const JsonValue* invalid = test.find("invalid_selector");
        invalid != nullptr && invalid->type == JsonValue::Type::True) {
        return got == "invalid";
    }
    if (const JsonValue* result = test.find("result")) return got == canonical(*result);
    const JsonValue* results = test.find("results");
    for (std::uint32_t i = 0; results != nullptr && i < results->count; ++i) {
        if (got == canonical(results->items[i])) return true;
    }
    return false;
}

}  // namespace

SuiteOutcome runQuerySuite(const std::filesystem::path& file) {
    SuiteOutcome outcome;
    const std::string text = test::Corpus::contentOf(file);
    JsonTree tree;
    const auto suite = parseJson(text, {}, tree);
    if (!suite) return outcome;
    const JsonValue* tests = (*suite)->find("tests");
    const JsonValue* documents = (*suite)->find("documents");
    if (tests == nullptr || tests->type != JsonValue::Type::Array) return outcome;
    for (std::uint32_t i = 0; i < tests->count; ++i) {
        const JsonValue& test = tests->items[i];
        const JsonValue* query = test.find("selector");
        if (query == nullptr) continue;
        const JsonValue* document = test.find("document");
        if (const JsonValue* on = test.find("on"); on != nullptr && documents != nullptr)
            document = documents->find(on->text);
        const std::string got = answer(query->text, document);
        ++outcome.ran;
        if (!isExpected(test, got)) {
            const JsonValue* name = test.find("name");
            outcome.failures.push_back(std::string(name != nullptr ? name->text : "a test without a name") + ": " +
                                       std::string(query->text) + " gave " + got);
        }
    }
    return outcome;
}

BOOST_AUTO_TEST_SUITE(JsonPathStandard)

BOOST_AUTO_TEST_CASE(answers_our_own_cases) {
    const SuiteOutcome outcome =
        runQuerySuite(std::filesystem::path(CASEWAY_SOURCE_DIR) / "tests/unit/jsonpath/cases.json");
    for (const std::string& failure : outcome.failures) BOOST_ERROR(failure);
    BOOST_TEST(outcome.ran > 250U);
}

BOOST_AUTO_TEST_CASE(answers_the_public_compliance_suite) {
    const test::Corpus corpus("jsonpath");
    auto files = corpus.files(".json");
    // The published file is made of the others, which stand beside it.
    const auto not_published = [](const auto& file) { return file.filename() != "cts.json"; };
    if (!std::all_of(files.begin(), files.end(), not_published)) std::erase_if(files, not_published);
    std::size_t ran = 0;
    for (const auto& file : files) {
        const SuiteOutcome outcome = runQuerySuite(file);
        for (const std::string& failure : outcome.failures) BOOST_ERROR(failure);
        ran += outcome.ran;
    }
    corpus.tell(ran, "queries");
    BOOST_TEST(true);
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace caseway
