// tests/unit/envelope/corpus_test.cpp - signed documents of others with their verdicts, where the corpora are at hand:
// what is said to be invalid is never taken; what is valid and of our form is taken. Verdicts: JSON lists, files beside
// the document, or names.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>

#include "gateway/formats/envelope/xml_envelope.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/formats/text/lower_case.hpp"
#include "tests/support/corpora.hpp"
#include "tests/support/signing_fixture.hpp"

using namespace caseway;
using namespace caseway::test;
namespace fs = std::filesystem;

namespace {

std::optional<bool> verdictIn(std::string_view text) {
    const std::string lower = lowerCase(text.substr(0, 400));
    for (const char* bad :
         {"invalid", "refus", "reject", "forged", "bad", "fail", "false", "tamper", "attack", "xsw", "malformed"})
        if (lower.find(bad) != std::string::npos) return false;
    for (const char* good : {"valid", "accept", "taken", "good", "true", "pass", "ok"})
        if (lower.find(good) != std::string::npos) return true;
    return std::nullopt;
}

/// Verdicts by file name from any object that bears a file and a verdict.
void collect(const JsonValue& value, std::map<std::string, bool>& verdicts) {
    for (std::uint32_t i = 0; value.type == JsonValue::Type::Array && i < value.count; ++i)
        collect(value.items[i], verdicts);
    if (value.type != JsonValue::Type::Object) return;
    std::string file;
    std::optional<bool> verdict;
    for (std::uint32_t i = 0; i < value.count; ++i) {
        const JsonValue::Member& member = value.members[i];
        collect(member.value, verdicts);
        if (member.value.type == JsonValue::Type::String && member.value.text.ends_with(".xml"))
            file = fs::path(member.value.text).filename().string();
        for (const char* name : {"verdict", "expected", "expect", "result", "valid", "accept", "outcome"})
            if (member.name == name) {
                if (member.value.type == JsonValue::Type::True) verdict = true;
                if (member.value.type == JsonValue::Type::False) verdict = false;
                if (member.value.type == JsonValue::Type::String) verdict = verdictIn(member.value.text);
            }
        if (member.name.ends_with(".xml") && member.value.type == JsonValue::Type::String)
            if (const auto named = verdictIn(member.value.text)) verdicts[std::string(member.name)] = *named;
    }
    if (!file.empty() && verdict) verdicts[file] = *verdict;
}

std::optional<bool> verdictOf(const fs::path& document, const std::map<std::string, bool>& listed) {
    if (const auto found = listed.find(document.filename().string()); found != listed.end()) return found->second;
    for (const char* extension : {".verdict", ".expected", ".txt", ".result"}) {
        fs::path beside = document;
        if (fs::exists(beside.replace_extension(extension))) return verdictIn(Corpus::contentOf(beside));
    }
    if (const auto by_name = verdictIn(document.stem().string())) return by_name;
    return verdictIn(document.parent_path().filename().string());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(XmlDsigCorpus)

BOOST_AUTO_TEST_CASE(gets_its_verdicts) {
    const Corpus corpus("dsig");
    std::vector<SigningKey> keys;
    for (const char* extension : {".pem", ".crt", ".cer", ".der"})
        for (const fs::path& file : corpus.files(extension)) {
            auto certificate = Certificate::fromPem(Corpus::contentOf(file));
            if (!certificate) certificate = Certificate::fromDer(Corpus::contentOf(file));
            if (certificate) keys.push_back({*certificate, std::nullopt});
        }
    std::map<std::string, bool> listed;
    for (const fs::path& file : corpus.files(".json")) {
        const std::string text = Corpus::contentOf(file);
        JsonTree tree;
        if (const auto json = parseJson(text, JsonLimits{}, tree)) collect(**json, listed);
    }
    const KeyLookup lookup = [&](const std::optional<SystemId>&,
                                 const std::optional<KeyId>&) -> Result<std::vector<SigningKey>> {
        if (keys.empty()) return Refusal{"unknown_key", "", "", "", ""};
        return keys;
    };
    std::size_t good = 0, bad = 0, foreign = 0;
    for (const fs::path& document : corpus.files(".xml")) {
        const std::string bytes = Corpus::contentOf(document);
        if (bytes.find("http://www.w3.org/2000/09/xmldsig#") == std::string::npos) continue;
        const auto verdict = verdictOf(document, listed);
        const auto content = openXml(bytesOf(bytes), XmlParseLimits{}, lookup);
        const bool ours = bytes.find("urn:caseway:exchange:1") != std::string::npos;
        if (!ours) {  // good or not, it is no message
            ++foreign;
            BOOST_TEST(!content.ok(), document.string());
        } else if (verdict && !*verdict) {
            ++bad;
            BOOST_TEST(!content.ok(), document.string());
        } else if (verdict) {
            ++good;
            BOOST_TEST(content.ok(), document.string() + ": " + whyOf(content));
        } else {
            BOOST_TEST_MESSAGE(document.string() + " has no verdict");
        }
    }
    corpus.tell(good + bad + foreign, "documents: " + std::to_string(good) + " valid, " + std::to_string(bad) +
                                          " invalid, " + std::to_string(foreign) + " not of our form");
}

BOOST_AUTO_TEST_SUITE_END()
