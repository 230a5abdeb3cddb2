// gateway/daemon/live_connectors.cpp - from the register's files to what runs.
#include "gateway/daemon/live_connectors.hpp"

#include <algorithm>
#include <sstream>

#include "gateway/base/fault.hpp"
#include "gateway/daemon/open_connector.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/register/connector_document.hpp"
#include "gateway/normalize/mapping_loader.hpp"
#include "gateway/register/connector_hold.hpp"
#include "gateway/register/connector_standing.hpp"
#include "gateway/sync/schedule_of.hpp"

namespace caseway {
namespace {

constexpr std::string_view kLocalType = "folder";  ///< whose other side is this machine

/// The lines of `settings:`, without comments.
std::string settingsLinesOf(const std::string& document) {
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

/// What its settings say. Their lines, as they ever were, where these say all of it: a cursor stands under them. Else
/// what was read of them: a key in quotes, brackets over several lines or an indented file have no such lines.
std::string settingsTextOf(const std::string& document) {
    const auto settingsIn = [](std::string_view yaml) {
        std::vector<YamlMistake> mistakes;
        const YamlFile file = readYaml(yaml, mistakes);
        const YamlNode* const settings = file.root.find("settings");
        return textForDigest(settings != nullptr ? *settings : YamlNode{});
    };
    std::string lines = settingsLinesOf(document);
    const std::string read = settingsIn(document);
    return settingsIn(lines) == read ? lines : "settings as read: " + read + "\n";
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

static Result<std::unique_ptr<Connector>> openLive(const LiveConnector& live, const ConnectorTypes& types,
                                                   const Settings& settings, std::function<bool()> stopping,
                                                   bool dials) {
    const InstalledType* const type = types.find(live.file.head.type);
    if (type == nullptr)
        return Refusal{"connector_type_unknown",  fileOf(live),
                       live.file.head.type,       "a type that this gateway has",
                       "caseway connector types", {}};
    if (auto changed = whyOtherPlugin(live.name.text(), live.file, versionOf(*type->type))) return std::move(*changed);
    auto document = readConnectorDocument(fileOf(live), live.file.document);
    if (!document) return joined(std::move(document).error());
    auto opened = openConnector(*type, document->settings,
                                {settings, std::string(live.name.system.department()), live.file.head.limits.deadline,
                                 std::move(stopping), dials});
    if (!opened) return opened.error();
    return std::move(opened->connector);
}

Result<std::unique_ptr<Connector>> openLive(const LiveConnector& live, const ConnectorTypes& types,
                                            const Settings& settings, std::function<bool()> stopping) {
    return openLive(live, types, settings, std::move(stopping), true);
}

/// As far as it goes without dialing anybody: what this machine lacks, or what the configuration does not open.
static std::optional<Refusal> whyNotHere(Connector& connector, bool is_local) {
    for (const CheckStep& step : connector.check()) {
        if (step.good) continue;
        const std::size_t end = std::min(step.detail.find_first_of(",:"), step.detail.size());
        const std::size_t rest = std::min(step.detail.find_first_not_of(",: ", end), step.detail.size());
        const std::string code = step.detail.substr(0, end);
        if (!is_local && code != "destination_not_allowed" && code != "driver_missing") return std::nullopt;
        return Refusal{code, {}, {}, step.detail.substr(rest), step.next_step, {}};
    }
    return std::nullopt;
}

static std::optional<Refusal> whyNotOpened(LiveConnector live, const ConnectorTypes& types, const Settings& settings) {
    constexpr std::chrono::seconds kMost{5};  // of a mount whose server is gone
    live.file.head.limits.deadline = std::min(live.file.head.limits.deadline, kMost);
    try {
        if (const auto mapping = mappingOf(live); !mapping) return mapping.error();
        const auto opened = openLive(
            live, types, settings, [] { return false; }, false);
        if (!opened) return opened.error();
        const std::string& type = live.file.head.type;
        return isCompiledIn(type) ? whyNotHere(**opened, type == kLocalType) : std::nullopt;
    } catch (const ConnectorFault& fault) {
        const ConnectorFault::Parts& parts = fault.parts();
        return Refusal{parts.code, {}, {}, parts.message, parts.next_step, {}};
    } catch (const Fault& fault) {
        return Refusal{std::string(nameOf(fault.code())), {}, {}, std::string(fault.detail()), fault.hint(), {}};
    }
}

std::vector<Refusal> whyNotOpened(const LiveConnectors& all, const ConnectorTypes& types, const Settings& settings) {
    std::vector<Refusal> found;
    for (const auto& [name, live] : all)
        if (auto why = whyNotOpened(*live, types, settings)) {
            why->where = name;
            found.push_back(std::move(*why));
        }
    return found;
}

}  // namespace caseway
