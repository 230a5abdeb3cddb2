// gateway/register/connector_standing.cpp - candidates and states.
#include "gateway/register/connector_standing.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/formats/text/near_word.hpp"

namespace caseway {
namespace {

std::string nearestOf(const std::string& word, const std::map<std::string, std::string>& known, const char* otherwise) {
    std::vector<std::string_view> names;
    for (const auto& [name, text] : known) names.push_back(name);
    return hintOfNearest(word, names, otherwise);
}

}  // namespace

const ConnectorHead& headOf(const RegisteredConnector& connector) {
    const ConnectorVersion* const live = connector.liveVersion();
    return connector.draft || live == nullptr ? connector.draft_head : live->head;
}

Result<ConnectorCandidate> candidateOf(const RegisteredConnector& connector, const ConnectorWorld& world) {
    const ConnectorVersion* const live = connector.liveVersion();
    const std::string folder = connector.name.folder();
    ConnectorCandidate candidate;
    candidate.file =
        folder + (connector.draft ? "draft.yaml" : "versions/" + versionFileName(connector.live) + ".yaml");
    candidate.text = connector.draft ? *connector.draft : live != nullptr ? live->document : std::string();
    auto document = readConnectorDocument(candidate.file, candidate.text);
    if (!document) return joined(std::move(document).error());
    candidate.document = std::move(*document);
    const ConnectorHead& head = candidate.document.head;
    const auto type = world.types.find(head.type);
    if (type == world.types.end())
        return Refusal{"connector_type_unknown",
                       fmt::format("{}:{}", candidate.file, head.lineOf("type")),
                       head.type,
                       "no connector of this type is installed",
                       nearestOf(head.type, world.types, "caseway connector types lists them"),
                       {}};
    candidate.type_version = type->second;
    if (!head.mapping.empty()) {
        const auto mapping = world.mappings.find(head.mapping);
        if (mapping == world.mappings.end())
            return Refusal{"mapping_not_installed",
                           fmt::format("{}:{} /mapping", candidate.file, head.lineOf("mapping")),
                           head.mapping,
                           "no good mapping has this name",
                           nearestOf(head.mapping, world.mappings, "caseway mapping add DIR; caseway mapping list"),
                           {}};
        candidate.mapping = mapping->second;
    }
    candidate.digest = connectorDigest(candidate.document, candidate.mapping, candidate.type_version);
    return candidate;
}

bool isTested(const RegisteredConnector& connector, const std::string& digest) {
    return connector.tested == digest ||
           std::any_of(connector.versions.begin(), connector.versions.end(),
                       [&](const auto& version) { return version.second.digest == digest; });
}

bool isSameTypeVersion(std::string_view tested, std::string_view installed) {
    // A version may bear the mark itself: what stands behind the last one is of the files.
    return tested == installed || tested == installed.substr(0, installed.rfind(kFilesMark));
}

std::optional<Refusal> whyOtherPlugin(const std::string& name, const ConnectorVersion& version,
                                      std::string_view installed) {
    const std::size_t mark = installed.rfind(kFilesMark);
    const bool is_plugin = mark != std::string_view::npos;
    if (!is_plugin || installed.substr(mark + 1) == kFilesUnknown) return std::nullopt;
    if (isSameTypeVersion(version.type_version, installed)) return std::nullopt;
    return Refusal{"connector_type_changed",
                   name,
                   {},
                   fmt::format("it was seen to work with the plug-in {} {}, and {} is here now", version.head.type,
                               version.type_version, installed),
                   fmt::format("caseway connector test {0}, then caseway connector activate {0} (for all at once: "
                               "caseway connector renew); or put the former files of the plug-in back",
                               name),
                   {}};
}

ConnectorStanding standingOf(const RegisteredConnector& connector, const ConnectorWorld& world) {
    const ConnectorVersion* const live = connector.liveVersion();
    const auto candidate = candidateOf(connector, world);
    const std::string tested = candidate && isTested(connector, candidate->digest) ? "tested" : "draft";
    if (live == nullptr) return {tested};
    ConnectorStanding standing{connector.suspended ? "suspended" : "active"};
    if (connector.draft && documentOfVersion(*connector.draft) != live->document)
        standing.differs.emplace_back("document");
    if (candidate && candidate->mapping != live->mapping && !connector.draft) standing.differs.emplace_back("mapping");
    if (candidate && !isSameTypeVersion(live->type_version, candidate->type_version))
        standing.differs.emplace_back("type");
    if (!candidate && !connector.draft) standing.differs.emplace_back(kTypeGone);
    if (!standing.differs.empty()) standing.draft = tested;
    return standing;
}

}  // namespace caseway
