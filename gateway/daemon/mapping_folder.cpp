// gateway/daemon/mapping_folder.cpp - mappings from their folders.
#include "gateway/daemon/mapping_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <optional>

#include "gateway/formats/text/encoding.hpp"
#include "gateway/normalize/mapping_loader.hpp"

namespace caseway {
namespace {

constexpr std::size_t kMappingBytesMax = 1024 * 1024;  ///< a longer one is refused by the loader

/// Of a mapping.yaml what is needed to judge it: no more than one byte too many. Nothing where it is no file, such as a
/// pipe, at which a reader waits for ever, or cannot be read.
std::optional<std::string> begunFile(const std::filesystem::path& file) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(file, error)) return std::nullopt;
    std::ifstream stream(file, std::ios::binary);
    std::string text(kMappingBytesMax + 1, '\0');
    if (stream) stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!stream && !stream.eof()) return std::nullopt;
    text.resize(static_cast<std::size_t>(stream.gcount()));
    return text;
}

}  // namespace

Result<ShelvedMapping, std::vector<MappingMistake>> loadMapping(const std::filesystem::path& dir) {
    const std::filesystem::path file = dir / "mapping.yaml";
    auto read = begunFile(file);
    if (!read)
        return std::vector<MappingMistake>{
            {file.string(), 0, {}, "cannot be read", "a mapping is a folder with a mapping.yaml"}};
    std::string yaml = *std::move(read);
    if (yaml.size() <= kMappingBytesMax && !isUtf8(yaml))
        return std::vector<MappingMistake>{
            {file.string(), 0, {}, "is not UTF-8", "save it as UTF-8, not as ANSI or GBK"}};
    auto spec = loadMappingSpec(yaml, file.string());
    if (!spec) return std::move(spec).error();
    auto mapping = Mapping::compile(std::move(spec).value());
    if (!mapping) return std::move(mapping).error();
    return ShelvedMapping{std::move(mapping).value(), std::make_shared<const std::string>(std::move(yaml))};
}

Result<std::string, std::vector<MappingMistake>> nameOfMapping(const std::string& yaml, const std::string& file) {
    if (!isUtf8(yaml))
        return std::vector<MappingMistake>{{file, 0, {}, "is not UTF-8", "save it as UTF-8, not as ANSI or GBK"}};
    auto spec = loadMappingSpec(yaml, file);
    if (!spec) return std::move(spec).error();
    auto mapping = Mapping::compile(std::move(spec).value());
    if (!mapping) return std::move(mapping).error();
    return (*mapping)->spec().name;
}

MappingsByName loadMappings(const std::filesystem::path& dir, std::vector<MappingMistake>& mistakes) {
    MappingsByName mappings;
    std::map<std::string, std::filesystem::path> folders_by_name;
    std::error_code error;
    std::vector<std::filesystem::path> folders;
    for (const auto& entry : std::filesystem::directory_iterator(dir, error))
        if (std::error_code ignored; std::filesystem::exists(entry.path() / "mapping.yaml", ignored))
            folders.push_back(entry.path());
    if (error)
        mistakes.push_back(
            {dir.string(), 0, {}, "cannot be listed: " + error.message(), "check the folder and its rights"});
    std::sort(folders.begin(), folders.end());
    for (const auto& folder : folders) {
        auto loaded = loadMapping(folder);
        if (!loaded) {
            mistakes.insert(mistakes.end(), loaded.error().begin(), loaded.error().end());
            continue;
        }
        const std::string name = loaded->mapping->spec().name;
        if (const auto [first, added] = folders_by_name.emplace(name, folder); !added) {
            mistakes.push_back(
                {(folder / "mapping.yaml").string(), 1, "mapping",
                 "the name " + name + " is also that of " + first->second.string() + "; neither is loaded",
                 "give each mapping a name of its own"});
            mappings.erase(name);
            continue;
        }
        mappings.emplace(name, std::move(loaded).value());
    }
    return mappings;
}

Refusal refusalOf(const std::vector<MappingMistake>& mistakes) {
    std::vector<Refusal> all;
    for (const MappingMistake& mistake : mistakes) {
        std::string where = mistake.file;
        if (mistake.line > 0) where += fmt::format(":{}", mistake.line);
        if (!mistake.where.empty()) where += " " + mistake.where;
        all.push_back({"mapping_not_good", std::move(where), {}, mistake.rule, mistake.hint, {}});
    }
    Refusal first = std::move(all.front());
    first.also.assign(std::make_move_iterator(all.begin() + 1), std::make_move_iterator(all.end()));
    return first;
}

std::string textOf(const MappingMistake& mistake) {
    std::string text = mistake.file;
    if (mistake.line > 0) text += fmt::format(":{}", mistake.line);
    if (!mistake.where.empty()) text += ": " + mistake.where;
    text += ": " + mistake.rule;
    if (!mistake.hint.empty()) text += " (" + mistake.hint + ")";
    return text;
}

}  // namespace caseway
