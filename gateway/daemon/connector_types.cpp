// gateway/daemon/connector_types.cpp - the catalogue.
#include "gateway/daemon/connector_types.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "connectors/registry.hpp"
#include "gateway/adapters/plugin/plugin_host.hpp"
#include "gateway/daemon/plugin_access.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/formats/register/connector_document.hpp"
#include "gateway/formats/settings/settings_text.hpp"
#include "gateway/register/connector_standing.hpp"

namespace caseway {

void ConnectorTypes::add(std::unique_ptr<ConnectorType> type) {
    const ConnectorSpec& spec = type->spec();
    auto schema = readSettingsSchema(spec.settings_schema);
    if (!schema) {
        Refusal mistake = schema.error();
        mistake.where = spec.type + " " + mistake.where;
        return mistakes_.push_back(std::move(mistake));
    }
    const std::string name = spec.type;
    if (types_.contains(name))
        return mistakes_.push_back({"connector_type_twice",
                                    name,
                                    {},
                                    "two types of connectors have this name",
                                    "give the plug-in another one",
                                    {}});
    types_.emplace(name, InstalledType{std::move(type), std::move(*schema)});
}

const InstalledType* ConnectorTypes::find(std::string_view type) const {
    const auto found = types_.find(type);
    return found == types_.end() ? nullptr : &found->second;
}

std::map<std::string, std::string> ConnectorTypes::versions() const {
    std::map<std::string, std::string> versions;
    for (const auto& [name, installed] : types_) versions.emplace(name, versionOf(*installed.type));
    return versions;
}

std::string versionOf(const ConnectorType& type) {
    constexpr std::size_t kDigits = 16;
    std::string files;
    try {
        files = type.contentDigest().substr(0, kDigits);
    } catch (const ConnectorFault&) {
        files = kFilesUnknown;  // nothing is started from it either, and that is told with its reason
    }
    return type.spec().version + (files.empty() ? "" : kFilesMark + files);
}

bool isCompiledIn(std::string_view type) {
    const auto all = compiledInConnectors();
    return std::any_of(all.begin(), all.end(), [&](const auto& one) { return one->spec().type == type; });
}

ConnectorTypes installedConnectorTypes(const Settings& settings) {
    ConnectorTypes types;
    for (auto& type : compiledInConnectors()) types.add(std::move(type));
    PluginHost plugins(pluginSettingsOf(settings));
    for (auto& type : plugins.takeTypes()) types.add(std::move(type));
    return types;
}

std::string sampleOf(const InstalledType& installed) {
    const ConnectorSpec& spec = installed.type->spec();
    return connectorSample(spec.type, spec.title, spec.reads, settingsSample(installed.schema, 2));
}

std::string typeJson(const InstalledType& installed) {
    const ConnectorSpec& spec = installed.type->spec();
    std::string out = "{";
    const auto text = [&out](std::string_view name, std::string_view value) {
        if (out.size() > 1) out += ',';
        appendJsonString(name, out);
        out += ':';
        appendJsonString(value, out);
    };
    text("type", spec.type);
    text("version", spec.version);
    text("title", spec.title);
    out += fmt::format(",\"reads\":{},\"writes\":{},\"settings_schema\":{}", spec.reads, spec.writes,
                       spec.settings_schema);
    text("sample", sampleOf(installed));
    text("documentation", settingsTable(installed.schema));
    return out + "}";
}

}  // namespace caseway
