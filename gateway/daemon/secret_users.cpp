// gateway/daemon/secret_users.cpp - names of secrets in what runs, names of departments in what is opened.
#include "gateway/daemon/secret_users.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/daemon/opened_entries.hpp"
#include "gateway/formats/register/connector_document.hpp"
#include "gateway/formats/settings/secret_reference.hpp"

namespace caseway {
namespace {

bool names(const YamlNode& node, const std::string& secret) {
    if (node.kind == YamlNode::Kind::Text) {
        const auto reference = SecretReference::parse(node.text);
        return reference && reference->place == SecretReference::Place::Store && reference->name == secret;
    }
    return std::any_of(node.items.begin(), node.items.end(),
                       [&](const YamlNode& item) { return names(item, secret); }) ||
           std::any_of(node.members.begin(), node.members.end(),
                       [&](const YamlMember& member) { return names(member.value, secret); });
}

bool usesSecret(const ConnectorVersion& version, const std::string& secret) {
    std::vector<Refusal> unread;
    return names(readConnectorParts("live", version.document, unread).settings, secret);
}

}  // namespace

OpenedByName openedByName(const Settings& settings, const std::string& department) {
    OpenedByName opened;
    for (const SecretId& id : SecretFolder(settings.data).ids())
        if (id.department == department) opened.secrets.push_back(id.text());
    const auto look = [&](const char* key, const std::string& list) {
        const OpenedEntries entries = openedEntries(key, list);
        const bool is_named = std::any_of(entries.all.begin(), entries.all.end(),
                                          [&](const OpenedEntry& entry) { return entry.department == department; });
        if (is_named) opened.settings.emplace_back(key);
    };
    look("connectors.destinations", settings.connectors.destinations);
    look("connectors.folders", settings.connectors.folders);
    look("connectors.secret_variables", settings.connectors.secret_variables);
    return opened;
}

std::vector<std::string> tellUsersOf(const SecretId& removed, const RegisterContent& content,
                                     const SecretFolder& secrets) {
    std::vector<std::string> told;
    if (removed.department.empty()) return told;  // open to nobody
    const bool is_shared = removed.department == kAllDepartments;
    const SecretId shared{std::string(kAllDepartments), removed.name};
    for (const auto& [id, entry] : content.systems) {
        const std::string department(id.department());
        const bool is_meant = is_shared ? !secrets.has({department, removed.name}) : department == removed.department;
        if (!is_meant) continue;
        for (const auto& [name, connector] : entry.connectors) {
            const ConnectorVersion* const live = connector.liveVersion();
            if (live == nullptr || connector.suspended || !usesSecret(*live, removed.name)) continue;
            told.push_back(
                !is_shared && secrets.has(shared)
                    ? fmt::format("{} uses it, and uses {} from now on", connector.name.text(), shared.text())
                    : fmt::format("{0} uses it, and cannot run without it: caseway secret set {1}, or caseway "
                                  "connector suspend {0}",
                                  connector.name.text(), removed.text()));
        }
    }
    return told;
}

}  // namespace caseway
