// tests/unit/mappings/reference_test.cpp - every YAML example of docs/mapping-reference.md makes of the payload below
// it what the page says; every code that a value can be refused with stands in its table.
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <set>
#include <sstream>

#include "gateway/normalize/mapping.hpp"
#include "gateway/normalize/mapping_loader.hpp"
#include "gateway/record/patch_json.hpp"

using namespace caseway;

namespace {

std::string contentOf(const std::string& file) {
    std::ifstream stream(CASEWAY_SOURCE_DIR "/" + file);
    std::stringstream text;
    text << stream.rdbuf();
    return text.str();
}

struct Block {
    std::string language, text;
};

std::vector<Block> blocksOf(const std::string& page) {
    std::vector<Block> blocks;
    for (std::size_t at = page.find("\n```"); at != std::string::npos; at = page.find("\n```", at)) {
        const std::size_t begin = page.find('\n', at + 1) + 1, end = page.find("```\n", begin);
        BOOST_REQUIRE(end != std::string::npos);
        blocks.push_back({page.substr(at + 4, begin - at - 5), page.substr(begin, end - begin)});
        at = end + 3;
    }
    return blocks;
}

/// An example is a whole mapping, or fields of one.
bool isWhole(const std::string& yaml) {
    return yaml.starts_with("mapping:");
}

std::string wholeMapping(const std::string& block) {
    if (isWhole(block)) return block;
    std::string yaml = "mapping: example\nsource: {format: xml, records: /L/R}\nfields:\n  source_case_no: No\n";
    std::istringstream lines(block);
    for (std::string line; std::getline(lines, line);) yaml += "  " + line + "\n";
    return yaml;
}

/// As the page shows it: the records, then the mistakes of each that was refused.
class ShownResult final : public RecordSink {
public:
    bool record(const CasePatch& patch) override {
        appendHistoryJson(patch, records_);
        records_ += '\n';
        return true;
    }
    bool refused(const Refusal& refusal) override {
        forEachMistake(refusal, [this](const Refusal& one) { refusals_ += one.code + ' ' + one.where + '\n'; });
        return true;
    }
    std::string text() const { return records_ + refusals_; }

private:
    std::string records_, refusals_;
};

std::string resultOf(const std::string& yaml, const std::string& payload) {
    auto spec = loadMappingSpec(wholeMapping(yaml), "example");
    std::vector<MappingMistake> mistakes;
    if (spec) {
        auto mapping = Mapping::compile(std::move(spec).value());
        if (mapping) {
            const std::string whole = isWhole(yaml) ? payload : "<L>\n" + payload + "</L>\n";
            MemorySource source(whole);
            ShownResult result;
            const auto report = (*mapping)->run(source, {}, result);
            return report ? result.text() : report.error().code + ' ' + report.error().where;
        }
        mistakes = mapping.error();
    } else {
        mistakes = spec.error();
    }
    std::string told;
    for (const auto& mistake : mistakes)
        told += std::to_string(mistake.line) + ' ' + mistake.where + ": " + mistake.rule + '\n';
    return told;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(MappingReference)

BOOST_AUTO_TEST_CASE(shows_what_each_example_makes_of_its_payload) {
    const auto blocks = blocksOf(contentOf("docs/mapping-reference.md"));
    std::size_t examples = 0;
    for (std::size_t at = 0; at < blocks.size(); ++at) {
        if (blocks[at].language != "yaml") continue;
        ++examples;
        BOOST_TEST_CONTEXT(blocks[at].text) {
            BOOST_TEST_REQUIRE(at + 2 < blocks.size());
            BOOST_TEST_REQUIRE((blocks[at + 1].language == "xml" || blocks[at + 1].language == "json"));
            BOOST_TEST_REQUIRE(blocks[at + 2].language == "text");
            BOOST_TEST(resultOf(blocks[at].text, blocks[at + 1].text) == blocks[at + 2].text);
        }
    }
    BOOST_TEST(examples >= 14U);
}

BOOST_AUTO_TEST_CASE(lists_every_code_of_a_refused_value) {
    const std::string page = contentOf("docs/mapping-reference.md");
    std::set<std::string> codes;
    for (const char* file : {"gateway/normalize/typed_reader.cpp", "gateway/normalize/value_rule.cpp"}) {
        const std::string source = contentOf(file);
        for (std::size_t at = source.find('"'); at != std::string::npos;) {
            const std::size_t end = source.find('"', at + 1);
            const std::string word = source.substr(at + 1, end - at - 1);
            const bool is_code = word.find('_') != std::string::npos &&
                                 word.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string::npos;
            for (const char* tail : {"_missing", "_unknown", "_unreadable", "_impossible", "_range", "_broken",
                                     "_wrong", "_long", "_character", "_single"})
                if (is_code && word.ends_with(tail)) codes.insert(word);
            at = source.find('"', end + 1);
        }
    }
    BOOST_TEST(codes.size() == 16U);
    for (const std::string& code : codes) BOOST_TEST(page.find("| `" + code + "` |") != std::string::npos, code);
}

BOOST_AUTO_TEST_SUITE_END()
