// tests/unit/mappings/shipped_mappings_test.cpp - every folder of mappings/: it loads, it is complete, and its cases
// come out as written: expected.json holds a record a line, refusal.txt a refusal a line ("code where…").
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "gateway/normalize/mapping.hpp"
#include "gateway/normalize/mapping_loader.hpp"
#include "gateway/record/patch_json.hpp"

using namespace caseway;
namespace fs = std::filesystem;

namespace {

std::string contentOf(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    std::stringstream text;
    text << stream.rdbuf();
    return text.str();
}

std::vector<std::string> linesOf(const fs::path& file) {
    std::vector<std::string> lines;
    std::istringstream text(contentOf(file));
    for (std::string line; std::getline(text, line);)
        if (!line.empty() && line[0] != '#') lines.push_back(line);
    return lines;
}

std::vector<fs::path> foldersOf(const fs::path& parent) {
    std::vector<fs::path> folders;
    for (const auto& entry : fs::directory_iterator(parent))
        if (entry.is_directory()) folders.push_back(entry.path());
    std::sort(folders.begin(), folders.end());
    return folders;
}

void show(const std::vector<MappingMistake>& mistakes) {
    for (const auto& mistake : mistakes)
        BOOST_ERROR(mistake.file << ":" << mistake.line << " " << mistake.where << ": " << mistake.rule << "; "
                                 << mistake.hint);
}

std::shared_ptr<const Mapping> mappingIn(const fs::path& folder) {
    const fs::path file = folder / "mapping.yaml";
    auto spec = loadMappingSpec(contentOf(file), file.string());
    if (!spec) {
        show(spec.error());
        return nullptr;
    }
    auto mapping = Mapping::compile(std::move(spec).value());
    if (!mapping) show(mapping.error());
    return mapping ? mapping.value() : nullptr;
}

class Lines final : public RecordSink {
public:
    bool record(const CasePatch& patch) override {
        appendHistoryJson(patch, records.emplace_back());
        return true;
    }
    bool refused(const Refusal& refusal) override {
        refusals.push_back(refusal.code + " " + refusal.where);
        return true;
    }
    std::vector<std::string> records, refusals;
};

void runCase(const Mapping& mapping, const fs::path& folder) {
    fs::path input;
    for (const auto& entry : fs::directory_iterator(folder))
        if (entry.path().stem() == "input") input = entry.path();
    BOOST_REQUIRE_MESSAGE(!input.empty(), "no input.* in " << folder);
    const std::string payload = contentOf(input);
    MemorySource source(payload);
    Lines found;
    if (const auto report = mapping.run(source, Limits{}, found); !report)
        found.refusals.push_back(report.error().code + " " + report.error().where);
    BOOST_TEST(found.records == linesOf(folder / "expected.json"), boost::test_tools::per_element());
    const auto refusals = linesOf(folder / "refusal.txt");
    BOOST_TEST(found.refusals.size() == refusals.size());
    for (std::size_t i = 0; i < found.refusals.size(); ++i)
        BOOST_TEST((i < refusals.size() && found.refusals[i].starts_with(refusals[i])),
                   "refusal " << found.refusals[i]);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ShippedMappings)

BOOST_AUTO_TEST_CASE(load_without_mistakes_and_pass_their_cases) {
    for (const fs::path& folder : foldersOf(CASEWAY_SOURCE_DIR "/mappings")) {
        BOOST_TEST_CONTEXT(folder.filename().string()) {
            const auto mapping = mappingIn(folder);
            BOOST_TEST(mapping != nullptr);
            if (mapping == nullptr) continue;
            for (const fs::path& one : foldersOf(folder / "cases")) BOOST_TEST_CONTEXT(one.filename().string()) {
                    runCase(*mapping, one);
                }
        }
    }
}

BOOST_AUTO_TEST_CASE(are_complete_folders) {
    std::size_t count = 0;
    for (const fs::path& folder : foldersOf(CASEWAY_SOURCE_DIR "/mappings")) {
        BOOST_TEST_CONTEXT(folder.filename().string()) {
            BOOST_TEST(fs::exists(folder / "README.md"));
            const auto cases = foldersOf(folder / "cases");
            BOOST_TEST(cases.size() >= 3U);
            BOOST_TEST(std::any_of(cases.begin(), cases.end(),
                                   [](const auto& one) { return fs::exists(one / "refusal.txt"); }));
            ++count;
        }
    }
    BOOST_TEST(count >= 7U);
}

BOOST_AUTO_TEST_SUITE_END()
