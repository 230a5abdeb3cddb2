// gateway/daemon/mapping_view.cpp - from the files of the register.
#include "gateway/daemon/mapping_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "gateway/daemon/mapping_folder.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/formats/text/encoding.hpp"
#include "gateway/normalize/mapping_loader.hpp"

namespace caseway {
namespace {

void member(std::string_view name, std::string_view value, std::string& out) {
    if (out.back() != '{') out += ',';
    appendJsonString(name, out);
    out += ':';
    appendJsonString(value, out);
}

void list(std::string_view name, const std::vector<std::string>& values, std::string& out) {
    out += ',';
    appendJsonString(name, out);
    out += ":[";
    for (const std::string& value : values) {
        if (out.back() != '[') out += ',';
        appendJsonString(value, out);
    }
    out += ']';
}

bool isMapping(const std::string& path) {
    return path.starts_with("mappings/") && path.ends_with("/mapping.yaml");
}

std::string versionOf(const std::string& yaml) {
    const auto spec = loadMappingSpec(yaml, "");
    return spec ? toHex(spec->version) : std::string();
}

/// Without the closing brace.
std::string headOf(const MappingSpec& spec, const RegisterContent& content) {
    std::vector<std::string> systems, connectors;
    for (const auto& [id, entry] : content.systems) {
        const auto& granted = entry.system.mappings;
        if (std::count(granted.begin(), granted.end(), spec.name) != 0) systems.push_back(id.text());
        for (const auto& [name, connector] : entry.connectors)
            if (const ConnectorVersion* const live = connector.liveVersion();
                (live != nullptr && live->head.mapping == spec.name) ||
                (connector.draft && connector.draft_head.mapping == spec.name))
                connectors.push_back(connector.name.text());
    }
    std::string out = "{";
    member("mapping", spec.name, out);
    member("version", toHex(spec.version), out);
    member("format", spec.format == SourceFormat::Xml ? "xml" : "json", out);
    member("file", spec.file, out);
    list("systems", systems, out);
    list("connectors", connectors, out);
    return out;
}

/// Versions of connectors, "housing/permits/nightly 3", by the version of the mapping that each was tested with.
std::map<std::string, std::vector<std::string>> testedWith(const RegisterContent& content, const std::string& name) {
    std::map<std::string, std::vector<std::string>> versions;
    for (const auto& [id, entry] : content.systems)
        for (const auto& [short_name, connector] : entry.connectors)
            for (const auto& [number, version] : connector.versions)
                if (version.head.mapping == name)
                    versions[versionOf(version.mapping)].push_back(fmt::format("{} {}", connector.name.text(), number));
    return versions;
}

}  // namespace

std::string mappingsJson(const FileTree& tree, const RegisterContent& content) {
    std::string out = "[";
    for (const auto& [path, bytes] : tree) {
        if (!isMapping(path)) continue;
        if (out.back() != '[') out += ',';
        const auto good = nameOfMapping(bytes, path);
        if (good) {
            out += headOf(*loadMappingSpec(bytes, path), content) + "}";
            continue;
        }
        std::vector<std::string> mistakes;
        for (const MappingMistake& mistake : good.error()) mistakes.push_back(textOf(mistake));
        out += '{';
        member("file", path, out);
        list("mistakes", mistakes, out);
        out += '}';
    }
    return out + "]";
}

std::optional<std::string> mappingJson(const FileTree& tree, const RegisterContent& content, const std::string& name) {
    for (const auto& [path, bytes] : tree) {
        if (!isMapping(path)) continue;
        const auto good = nameOfMapping(bytes, path);
        if (!good || *good != name) continue;
        const MappingSpec spec = *loadMappingSpec(bytes, path);
        std::string out = headOf(spec, content);
        auto versions = testedWith(content, name);
        versions.try_emplace(toHex(spec.version));
        out += ",\"versions\":[";
        for (const auto& [version, connectors] : versions) {
            if (out.back() != '[') out += ',';
            out += '{';
            member("version", version, out);
            out += fmt::format(",\"installed\":{}", version == toHex(spec.version));
            list("connectors", connectors, out);
            out += '}';
        }
        out += ']';
        member("document", bytes, out);
        return out + "}";
    }
    return std::nullopt;
}

}  // namespace caseway
