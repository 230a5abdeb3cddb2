// tests/unit/jsonpath/query_suite_test.cpp - every rule of RFC 9535 as data: our own cases, and the public suite where
// it is at hand.
#include "tests/unit/jsonpath/query_suite.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

#include "gateway/formats/jsonpath/jsonpath.hpp"

namespace caseway {

namespace {

std::string contentOf(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream content;
    content << in.rdbuf();
    return content.str();
}

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
    const std::string text = contentOf(file);
    JsonTree tree;
    const auto suite = parseJson(text, {}, tree);
    BOOST_REQUIRE_MESSAGE(suite.ok(), file << " is no JSON");
    const JsonValue* tests = (*suite)->find("tests");
    const JsonValue* documents = (*suite)->find("documents");
    BOOST_REQUIRE(tests != nullptr && tests->type == JsonValue::Type::Array);
    for (std::uint32_t i = 0; i < tests->count; ++i) {
        const JsonValue& test = tests->items[i];
        const JsonValue* query = test.find("selector");
        BOOST_REQUIRE(query != nullptr);
        const JsonValue* document = test.find("document");
        if (const JsonValue* on = test.find("on"); on != nullptr && documents != nullptr)
            document = documents->find(on->text);
        const std::string got = answer(query->text, document);
        ++outcome.ran;
        if (!isExpected(test, got)) {
            outcome.failures.push_back(std::string(test.find("name")->text) + ": " + std::string(query->text) +
                                       " gave " + got);
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
    const char* given = std::getenv("CASEWAY_CORPORA");
    const std::filesystem::path base = given != nullptr ? given : CASEWAY_SOURCE_DIR "/../shared";
    const std::filesystem::path folder = base / "corpora" / "jsonpath-cts";
    std::size_t files = 0;
    std::size_t ran = 0;
    if (std::filesystem::is_directory(folder)) {
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
            if (entry.path().filename() != "cts.json") continue;
            const SuiteOutcome outcome = runQuerySuite(entry.path());
            for (const std::string& failure : outcome.failures) BOOST_ERROR(failure);
            ++files;
            ran += outcome.ran;
        }
    }
    if (files == 0) {
        std::cout << "skipped: 1 suite, corpora/jsonpath-cts/cts.json not found\n";
    } else {
        std::cout << "jsonpath-cts: " << ran << " queries\n";
    }
    BOOST_TEST(true);
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace caseway
