// gateway/register/plan_mapping.cpp - mappings put into their folders and taken out. What stands in them is judged
// where mappings are loaded: gateway/daemon/registrar.cpp.
#include <fmt/format.h>

#include <algorithm>

#include "gateway/formats/register/department_rules.hpp"
#include "gateway/formats/yaml/yaml_tree.hpp"
#include "gateway/register/planner.hpp"

namespace caseway {
namespace {

Refusal refused(std::string code, std::string where, std::string value, std::string rule, std::string hint) {
    return Refusal{std::move(code), std::move(where), std::move(value), std::move(rule), std::move(hint), {}};
}

std::string fileIn(const std::string& folder) {
    return "mappings/" + folder + "/mapping.yaml";
}

Planned add(Planner& planner) {
    const std::string folder = planner.operation.text("folder");
    planner.change.subject = folder;
    if (!isShortName(folder))
        return refused("mapping_folder_bad", "folder", folder, "a-z, 0-9, _ and -, at most 60 characters",
                       "rename the mapping's folder, such as housing_permit");
    planner.after[fileIn(folder)] = planner.operation.text("mapping");
    return std::nullopt;
}

struct Found {
    std::string file, name;
};

/// What a mapping's file says for its name, where the rest of it cannot be read; empty where nothing.
std::string nameWritten(std::string_view yaml) {
    std::vector<YamlMistake> mistakes;
    const YamlFile file = readYaml(yaml, mistakes);
    const YamlNode* const named = file.root.find("mapping");
    if (named != nullptr && !named->text.empty()) return named->text;
    constexpr std::string_view kKey = "mapping:";
    while (!yaml.empty()) {
        std::string_view line = yaml.substr(0, yaml.find('\n'));
        yaml.remove_prefix(std::min(yaml.size(), line.size() + 1));
        if (!line.starts_with(kKey)) continue;
        line = line.substr(0, line.find(" #")).substr(kKey.size());
        const std::size_t first = line.find_first_not_of(" \"'"), last = line.find_last_not_of(" \"'\r");
        return first == std::string_view::npos ? std::string() : std::string(line.substr(first, last + 1 - first));
    }
    return {};
}

/// By its name, else by its folder, which is all that is sure of one that cannot be read. No file: no such mapping.
Found mappingNamed(const Planner& planner, const std::string& given) {
    const ConnectorWorld world = planner.context.connectors ? planner.context.connectors() : ConnectorWorld{};
    const auto found = [&](const auto& is_meant) {
        for (const auto& [name, text] : world.mappings)
            for (const auto& [path, bytes] : planner.after)
                if (path.starts_with("mappings/") && bytes == text && is_meant(name, path)) return Found{path, name};
        return Found{};
    };
    if (auto named = found([&](const auto& name, const auto&) { return name == given; }); !named.file.empty())
        return named;
    if (auto kept = found([&](const auto&, const auto& path) { return path == fileIn(given); }); !kept.file.empty())
        return kept;
    const auto unread = planner.after.find(fileIn(given));
    if (unread == planner.after.end()) return Found{};
    const std::string name = nameWritten(unread->second);
    return Found{unread->first, name.empty() ? given : name};
}

bool isUsedBy(const RegisteredConnector& connector, const std::string& mapping) {
    return (connector.draft && connector.draft_head.mapping == mapping) ||
           std::any_of(connector.versions.begin(), connector.versions.end(),
                       [&](const auto& version) { return version.second.head.mapping == mapping; });
}

Planned remove(Planner& planner) {
    const std::string given = planner.operation.text("mapping");
    const auto [file, name] = mappingNamed(planner, given);
    planner.change.subject = file.empty() ? given : name;
    if (file.empty())
        return refused("mapping_not_installed", "mapping", given, "a mapping of this installation",
                       "caseway mapping list");
    std::vector<Refusal> users;
    for (const auto& [id, entry] : planner.content.systems) {
        const auto& granted = entry.system.mappings;
        if (std::count(granted.begin(), granted.end(), name) != 0)
            users.push_back(refused("mapping_in_use", "mapping", name,
                                    fmt::format("the system {} may use it", id.text()),
                                    fmt::format("caseway system revoke-grant {} --mapping {}", id.text(), name)));
        for (const auto& [short_name, connector] : entry.connectors)
            if (isUsedBy(connector, name))
                users.push_back(refused(
                    "mapping_in_use", "mapping", name,
                    fmt::format("a draft or a version of the connector {} reads with it", connector.name.text()),
                    // A draft that was never live is not suspended first.
                    (connector.live != 0 ? fmt::format("caseway connector suspend {}, then ", connector.name.text())
                                         : std::string()) +
                        fmt::format("caseway connector remove {}", connector.name.text())));
    }
    if (!users.empty()) return joined(std::move(users));
    planner.after.erase(file);
    return std::nullopt;
}

}  // namespace

Planned planMapping(Planner& planner) {
    return planner.operation.kind->name == "mapping.add" ? add(planner) : remove(planner);
}

}  // namespace caseway
