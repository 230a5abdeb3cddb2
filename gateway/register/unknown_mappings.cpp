// gateway/register/unknown_mappings.cpp - grants of the command line, and files of an apply.
#include "gateway/register/unknown_mappings.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/formats/register/connector_document.hpp"
#include "gateway/formats/register/register_document.hpp"
#include "gateway/formats/text/near_word.hpp"

namespace caseway {
namespace {

constexpr std::size_t kMostNamed = 20;

class Telling {
public:
    explicit Telling(const std::set<std::string>& known) : known_(known), words_(known.begin(), known.end()) {}

    void tell(const std::string& where, const std::string& name) {
        if (known_.contains(name)) return;
        const std::string near = hintOfNearest(name, words_, "");
        told.push_back(fmt::format("{}{}no mapping {} is installed yet: {}caseway mapping add DIR; {}", where,
                                   where.empty() ? "" : ": ", name, near.empty() ? "" : near + " else: ", installed()));
    }

    std::vector<std::string> told;

private:
    std::string installed() const {
        if (words_.empty()) return "none is installed";
        const std::size_t named = std::min(words_.size(), kMostNamed);
        return fmt::format("installed: {}{}", fmt::join(words_.begin(), words_.begin() + named, ", "),
                           named < words_.size() ? fmt::format(" and {} more", words_.size() - named) : "");
    }

    const std::set<std::string>& known_;
    std::vector<std::string_view> words_;
};

std::string placeOf(const FileChange& file, std::string_view key, const std::string& value) {
    const int line = lineOfValue(*file.after, key, value);
    return line == 0 ? file.path : fmt::format("{}:{}", file.path, line);
}

std::vector<std::string> grantedIn(const std::string& path, const std::optional<std::string>& yaml) {
    const auto system = yaml ? readSystemDocument(path, *yaml) : Result<RegisteredSystem>(Refusal{});
    return system ? system->mappings : std::vector<std::string>();
}

/// What stood there before is told by doctor.
void tellApplied(const FileChange& file, Telling& telling) {
    if (!file.after || !file.path.starts_with("systems/")) return;
    if (file.path.ends_with("/system.yaml")) {
        const auto former = grantedIn(file.path, file.before);
        for (const std::string& name : grantedIn(file.path, file.after))
            if (std::count(former.begin(), former.end(), name) == 0)
                telling.tell(placeOf(file, "mappings", name), name);
    } else if (file.path.ends_with("/draft.yaml")) {
        const auto document = readConnectorDocument(file.path, *file.after);
        if (document && !document->head.mapping.empty())
            telling.tell(placeOf(file, "mapping", document->head.mapping), document->head.mapping);
    }
}

}  // namespace

std::vector<std::string> unknownMappings(const Operation& operation, const std::vector<FileChange>& files,
                                         const std::set<std::string>& known) {
    Telling telling(known);
    const std::string_view name = operation.kind->name;
    if (name == "system.add" || name == "system.grant")
        for (const std::string& granted : operation.list("mappings")) telling.tell("", granted);
    if (name == "apply")
        for (const FileChange& file : files) tellApplied(file, telling);
    return std::move(telling.told);
}

}  // namespace caseway
