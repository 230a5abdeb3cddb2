// tests/unit/mappings/reference_test.cpp - every YAML example of docs/mapping-reference.md loads; every code that a
// value can be refused with stands in its table.
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <set>
#include <sstream>

#include "gateway/normalize/mapping.hpp"
#include "gateway/normalize/mapping_loader.hpp"

using namespace caseway;

namespace {

std::string contentOf(const std::string& file) {
    std::ifstream stream(CASEWAY_SOURCE_DIR "/" + file);
    std::stringstream text;
    text << stream.rdbuf();
    return text.str();
}

std::vector<std::string> yamlBlocks(const std::string& page) {
    const std::string open = "```yaml\n", close = "```\n";
    std::vector<std::string> blocks;
    for (std::size_t at = page.find(open); at != std::string::npos; at = page.find(open, at)) {
        at += open.size();
        blocks.push_back(page.substr(at, page.find(close, at) - at));
    }
    return blocks;
}

/// An example is a whole mapping, or fields of one.
std::string wholeMapping(const std::string& block) {
    if (block.starts_with("mapping:")) return block;
    std::string yaml = "mapping: example\nsource: {format: xml, records: /R}\nfields:\n  source_case_no: No\n";
    std::istringstream lines(block);
    for (std::string line; std::getline(lines, line);) yaml += "  " + line + "\n";
    return yaml;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(MappingReference)

BOOST_AUTO_TEST_CASE(has_only_examples_that_load) {
    const auto blocks = yamlBlocks(contentOf("docs/mapping-reference.md"));
    BOOST_TEST(blocks.size() >= 14U);
    for (const std::string& block : blocks) {
        BOOST_TEST_CONTEXT(block) {
            auto spec = loadMappingSpec(wholeMapping(block), "example");
            std::vector<MappingMistake> mistakes;
            if (!spec)
                mistakes = spec.error();
            else if (auto mapping = Mapping::compile(std::move(spec).value()); !mapping)
                mistakes = mapping.error();
            for (const auto& mistake : mistakes)
                BOOST_ERROR(mistake.line << " " << mistake.where << ": " << mistake.rule);
        }
    }
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
    BOOST_TEST(codes.size() == 15U);
    for (const std::string& code : codes) BOOST_TEST(page.find("| `" + code + "` |") != std::string::npos, code);
}

BOOST_AUTO_TEST_SUITE_END()
