// gateway/daemon/live_connectors.cpp - from the register's files to what runs.
#include "gateway/daemon/live_connectors.hpp"

#include <sstream>

#include "gateway/daemon/open_connector.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/register/connector_document.hpp"
#include "gateway/normalize/mapping_loader.hpp"
#include "gateway/register/connector_hold.hpp"
#include "gateway/register/connector_standing.hpp"
#include "gateway/sync/schedule_of.hpp"

namespace caseway {
namespace {

/// The lines of `settings:`, without comments.
std::string settingsTextOf(const std::string& document) {
    std::istringstream lines(document);
    std::string text;
    bool is_inside = false;
    for (std::string line; std::getline(lines, line);) {
        const std::size_t first = line.find_first_not_of(" \t");
        if (first == std::string::npos || line[first] == '#') continue;
        if (first == 0) is_inside = line.starts_with("settings:");
        if (is_inside) text += line + "\n";
    }
    return text;
}

std::string fileOf(const LiveConnector& live) {
    return live.name.folder() + "versions/" + versionFileName(live.version) + ".yaml";
}

}  // namespace

std::string LiveConnector::cursorName() const {
    return name.text() + "#" + toHex(sha256(file.head.type + "\n" + settingsTextOf(file.document))).substr(0, 16);
}

std::string LiveConnector::terms() const {
    const std::string rule = file.head.signature == SignatureRule::Required ? "signature: required\n" : "";
    return toHex(sha256(file.head.type + "\n" + settingsTextOf(file.document) + "\n" + rule + file.mapping))
        .substr(0, 16);
}

LiveConnectors liveConnectorsOf(const RegisterContent& content,
                                const std::function<void(const std::string& connector, const Refusal&)>& mistake) {
    LiveConnectors all;
    for (const auto& [id, entry] : content.systems) {
        for (const auto& [name, connector] : entry.connectors) {
            if (whyNotLive(entry.system, connector)) continue;
            const ConnectorVersion* const version = connector.liveVersion();
            auto live = std::make_shared<LiveConnector>();
            live->name = connector.name;
            live->version = connector.live;
            live->file = *version;
            live->since = connector.liveSince();
            if (version->head.schedule) {
                auto schedule = scheduleOf(*version->head.schedule, connector.name.text());
                if (schedule)
                    live->schedule = std::move(*schedule);
                else
                    mistake(connector.name.text(), schedule.error().front());
            }
            all.emplace(connector.name.text(), std::move(live));
        }
    }
    return all;
}

Result<ShelvedMapping> mappingOf(const LiveConnector& live) {
    auto spec = loadMappingSpec(live.file.mapping, live.file.head.mapping);
    auto mapping = spec ? Mapping::compile(std::move(*spec))
                        : Result<std::shared_ptr<const Mapping>, std::vector<MappingMistake>>(spec.error());
    if (mapping) return ShelvedMapping{std::move(*mapping), std::make_shared<const std::string>(live.file.mapping)};
    return Refusal{"mapping_not_good",
                   fileOf(live),
                   {},
                   "the mapping that this version was tested with: " + mapping.error().front().rule,
                   "test and activate the connector again: caseway connector test " + live.name.text(),
                   {}};
}

Result<std::unique_ptr<Connector>> openLive(const LiveConnector& live, const ConnectorTypes& types,
                                            const Settings& settings, std::function<bool()> stopping) {
    const InstalledType* const type = types.find(live.file.head.type);
    if (type == nullptr)
        return Refusal{"connector_type_unknown",  fileOf(live),
                       live.file.head.type,       "a type that this gateway has",
                       "caseway connector types", {}};
    if (auto changed = whyOtherPlugin(live.name.text(), live.file, versionOf(*type->type))) return std::move(*changed);
    auto document = readConnectorDocument(fileOf(live), live.file.document);
    if (!document) return joined(std::move(document).error());
    auto opened = openConnector(
        *type, document->settings,
        {settings, std::string(live.name.system.department()), live.file.head.limits.deadline, std::move(stopping)});
    if (!opened) return opened.error();
    return std::move(opened->connector);
}

std::vector<Refusal> whyNotOpened(const LiveConnectors& all, const ConnectorTypes& types, const Settings& settings) {
    std::vector<Refusal> found;
    for (const auto& [name, live] : all) {
        try {
            const auto opened = openLive(*live, types, settings, [] { return false; });
            if (opened) continue;
            found.push_back(opened.error());
        } catch (const ConnectorFault& fault) {
            found.push_back(
                {fault.parts().code, fault.parts().where, {}, fault.parts().message, fault.parts().next_step, {}});
        }
        found.back().where = name;
    }
    return found;
}

}  // namespace caseway
