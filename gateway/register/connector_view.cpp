// gateway/register/connector_view.cpp - JSON of connectors.
#include "gateway/register/connector_view.hpp"

#include <fmt/format.h>

#include "gateway/formats/json/document.hpp"

namespace caseway {
namespace {

void member(std::string_view name, std::string_view value, std::string& out) {
    if (value.empty()) return;
    if (out.back() != '{') out += ',';
    appendJsonString(name, out);
    out += ':';
    appendJsonString(value, out);
}

void list(std::string_view name, const std::vector<std::string>& texts, std::string& out) {
    if (texts.empty()) return;
    out += ',';
    appendJsonString(name, out);
    out += ":[";
    for (const std::string& text : texts) {
        if (out.back() != '[') out += ',';
        appendJsonString(text, out);
    }
    out += ']';
}

std::string versionsOf(const RegisteredConnector& connector) {
    std::string out = "[";
    for (const auto& [number, version] : connector.versions) {
        if (out.back() != '[') out += ',';
        out += fmt::format("{{\"version\":{},\"live\":{}", number, number == connector.live);
        member("type", version.head.type, out);
        member("type_version", version.type_version, out);
        member("mapping", version.head.mapping, out);
        member("tested_at", version.tested_at, out);
        member("digest", version.digest, out);
        out += '}';
    }
    return out + "]";
}

}  // namespace

std::string connectorJson(const RegisteredConnector& connector, const ConnectorWorld& world, const ShownDocument& shown,
                          const std::vector<std::string>& in_clear) {
    const ConnectorStanding standing = standingOf(connector, world);
    const ConnectorHead& head = headOf(connector);
    std::string out = "{";
    member("connector", connector.name.text(), out);
    member("state", standing.state, out);
    member("draft", standing.draft, out);
    list("differs", standing.differs, out);
    member("type", head.type, out);
    member("direction", nameOf(head.direction), out);
    member("mapping", head.mapping, out);
    if (head.direction == ExchangeDirection::Pull) member("signature", nameOf(head.signature), out);
    if (head.schedule) member("schedule", head.schedule->cron, out);
    if (connector.live != 0) out += fmt::format(",\"live_version\":{}", connector.live);
    member("tested_at", connector.tested_at, out);
    out += ",\"versions\":" + versionsOf(connector);
    const ConnectorVersion* const live = connector.liveVersion();
    list("secrets_in_clear", in_clear, out);
    if (shown && connector.draft) member("draft_document", shown(*connector.draft), out);
    if (shown && live != nullptr && in_clear.empty()) member("live_document", live->document, out);
    return out + "}";
}

std::string connectorsJson(const RegisterContent& content, const ConnectorWorld& world) {
    std::string out = "[";
    for (const auto& [id, entry] : content.systems)
        for (const auto& [name, connector] : entry.connectors) {
            if (out.back() != '[') out += ',';
            out += connectorJson(connector, world);
        }
    return out + "]";
}

const RegisteredConnector* connectorNamed(const RegisterContent& content, std::string_view name) {
    const auto parsed = ConnectorName::parse(name);
    const auto system = parsed ? content.systems.find(parsed->system) : content.systems.end();
    if (system == content.systems.end()) return nullptr;
    const auto found = system->second.connectors.find(parsed->name);
    return found == system->second.connectors.end() ? nullptr : &found->second;
}

}  // namespace caseway
