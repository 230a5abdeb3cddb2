// gateway/cli/mapping_cases.cpp - runs the cases of a mapping.
#include "gateway/cli/mapping_cases.hpp"

#include <algorithm>
#include <sstream>

#include "gateway/adapters/files/file_source.hpp"
#include "gateway/cli/command.hpp"
#include "gateway/cli/refusal_text.hpp"
#include "gateway/record/patch_json.hpp"

namespace caseway {
namespace {

namespace fs = std::filesystem;

/// A mapping comes from elsewhere, too: its cases neither wait at a pipe nor show what stands outside of its folder.
/// What is wrong with the file; empty where nothing is, also where it is not there.
std::string whyNotOfCase(const fs::path& file, const fs::path& dir) {
    if (!fs::exists(fs::symlink_status(file))) return {};
    std::error_code error;
    const fs::path place = fs::canonical(file, error), home = fs::canonical(dir);
    if (error) return "cannot be read: " + error.message();
    if (std::mismatch(home.begin(), home.end(), place.begin(), place.end()).first != home.end())
        return "is a link that leads out of the mapping's folder";
    if (!fs::is_regular_file(place)) return "is no regular file";
    return fs::file_size(place) > Limits{}.http_body_bytes ? "is larger than the body of a message may be" : "";
}

/// As an editor of Windows leaves them, too: with a byte order mark, and a carriage return at the end of each line.
std::vector<std::string> linesOf(const fs::path& file) {
    constexpr std::string_view kMark = "\xEF\xBB\xBF";
    std::vector<std::string> lines;
    if (!fs::exists(file)) return lines;
    const std::string bytes = readFile(file, kAnswerFileBytesMax);
    std::istringstream text(bytes.starts_with(kMark) ? bytes.substr(kMark.size()) : bytes);
    for (std::string line; std::getline(text, line);) {
        if (line.ends_with('\r')) line.pop_back();
        if (!line.empty() && line[0] != '#') lines.push_back(line);
    }
    return lines;
}

class CaseSink final : public RecordSink {
public:
    bool showsCodes() const override { return true; }
    bool record(const CasePatch& patch) override {
        appendHistoryJson(patch, records_.emplace_back());
        return true;
    }
    bool refused(const Refusal& refusal) override {
        refusals_.push_back(refusal);
        return true;
    }
    std::vector<std::string> records_;
    std::vector<Refusal> refusals_;
};

/// A line "code where…" agrees with a refusal of that code whose place begins with `where`.
bool agrees(const std::string& line, const Refusal& refusal) {
    const std::size_t space = line.find(' ');
    if (line.substr(0, space) != refusal.code) return false;
    return space == std::string::npos || refusal.where.starts_with(line.substr(space + 1));
}

/// Each refused record's first mistake has its line; the further ones may have theirs behind it, in their order.
std::string differenceOf(const std::vector<std::string>& expected, const std::vector<Refusal>& found) {
    std::size_t line = 0;
    for (const Refusal& refusal : found) {
        if (line == expected.size()) return "  unexpected " + lineOf(refusal);
        if (!agrees(expected[line], refusal))
            return "  expected refusal " + expected[line] + "\n  found    " + lineOf(refusal);
        ++line;
        for (const Refusal& further : refusal.also)
            if (line < expected.size() && agrees(expected[line], further)) ++line;
    }
    return line == expected.size() ? std::string()
                                   : "  expected refusal " + expected[line] + "\n  found    (no refusal)";
}

std::string differenceOf(const std::vector<std::string>& expected, const CaseSink& found,
                         const std::vector<std::string>& refusals) {
    for (std::size_t i = 0; i < std::max(expected.size(), found.records_.size()); ++i) {
        const std::string want = i < expected.size() ? expected[i] : "(no record)";
        const std::string have = i < found.records_.size() ? found.records_[i] : "(no record)";
        if (want != have) return "  expected " + want + "\n  found    " + have;
    }
    return differenceOf(refusals, found.refusals_);
}

CaseVerdict runCase(const Mapping& mapping, const fs::path& folder, const fs::path& dir) {
    CaseVerdict verdict{folder.filename().string(), false, {}, 0};
    const auto entries = fs::directory_iterator(folder);
    const auto input =
        std::find_if(begin(entries), end(entries), [](const auto& entry) { return entry.path().stem() == "input"; });
    if (input == end(entries)) {
        verdict.difference = "  no input.* in " + folder.string();
        return verdict;
    }
    for (const fs::path& file : {input->path(), folder / "expected.json", folder / "refusal.txt"})
        if (const std::string why = whyNotOfCase(file, dir); !why.empty()) {
            verdict.difference = "  " + file.string() + " " + why;
            return verdict;
        }
    FileSource source(input->path());
    CaseSink sink;
    const auto report = mapping.run(source, Limits{}, sink);
    if (report)
        verdict.passed_over = report->passed_over;
    else
        sink.refused(report.error());
    verdict.difference = differenceOf(linesOf(folder / "expected.json"), sink, linesOf(folder / "refusal.txt"));
    verdict.passed = verdict.difference.empty();
    const fs::path expected = folder / "expected.json";
    if (!verdict.passed && !fs::exists(expected) && !sink.records_.empty())
        verdict.difference += "\n  no expected.json: where the records are right, caseway mapping run " +
                              folder.parent_path().parent_path().string() + " " + input->path().string() + " > " +
                              expected.string();
    return verdict;
}

}  // namespace

std::vector<CaseVerdict> runMappingCases(const Mapping& mapping, const fs::path& dir) {
    std::vector<fs::path> folders;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(dir / "cases", error))
        if (entry.is_directory()) folders.push_back(entry.path());
    std::sort(folders.begin(), folders.end());
    std::vector<CaseVerdict> verdicts;
    for (const auto& folder : folders) verdicts.push_back(runCase(mapping, folder, dir));
    return verdicts;
}

}  // namespace caseway
