// gateway/formats/register/connector_state.cpp - a connector's state.yaml, which the commands write.
#include <fmt/format.h>

#include <charconv>

#include "gateway/formats/register/connector_document.hpp"
#include "gateway/formats/register/register_document.hpp"

namespace caseway {

Result<ConnectorStateDocument> readConnectorState(const std::string& file, std::string_view yaml) {
    ConnectorStateDocument state;
    std::vector<YamlMistake> broken;
    const YamlFile read = readYaml(yaml, broken);
    const auto bad = [&](int line, std::string rule) {
        return Refusal{"connector_not_good",
                       fmt::format("{}:{}", file, line),
                       {},
                       std::move(rule),
                       "leave state.yaml to the commands: caseway connector activate, suspend, rollback",
                       {}};
    };
    if (!broken.empty()) return bad(broken.front().line, broken.front().rule);
    for (const YamlMember& member : read.root.members) {
        const std::string& text = member.value.text;
        if (member.key == "live") {
            const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), state.live);
            if (error != std::errc() || end != text.data() + text.size() || state.live < 1)
                return bad(member.line, "live is the number of a version");
        } else if (member.key == "state") {
            if (text != "active" && text != "suspended") return bad(member.line, "state is active or suspended");
            state.suspended = text == "suspended";
        } else if (member.key == "live_since") {
            if (!parseRfc3339(text))
                return bad(member.line, "live_since is an instant such as 2026-03-01T08:00:00+08:00");
            state.live_since = text;
        } else if (member.key == "tested") {
            state.tested = text;
        } else if (member.key == "tested_refused") {
            std::from_chars(text.data(), text.data() + text.size(), state.tested_refused);
        } else if (member.key == "tested_at") {
            state.tested_at = text;
        } else {
            return bad(member.line, "unknown key \"" + member.key + "\"");
        }
    }
    return state;
}

std::string connectorStateYaml(const ConnectorStateDocument& state) {
    std::string yaml;
    if (state.live > 0)
        yaml += fmt::format("live: {}\n", state.live) + yamlLine("state", state.suspended ? "suspended" : "active");
    if (state.live > 0 && !state.live_since.empty()) yaml += yamlLine("live_since", state.live_since);
    if (!state.tested.empty()) yaml += yamlLine("tested", state.tested) + yamlLine("tested_at", state.tested_at);
    if (state.tested_refused != 0) yaml += fmt::format("tested_refused: {}\n", state.tested_refused);
    return yaml;
}

std::optional<std::string> withTestOf(const std::optional<std::string>& of, const std::optional<std::string>& state) {
    const auto there = readConnectorState("", of.value_or(""));
    auto merged = readConnectorState("", state.value_or(""));
    if (!merged) return state;
    const ConnectorStateDocument test = there ? *there : ConnectorStateDocument();
    if (merged->tested == test.tested && merged->tested_at == test.tested_at &&
        merged->tested_refused == test.tested_refused)
        return state;
    merged->tested = test.tested;
    merged->tested_at = test.tested_at;
    merged->tested_refused = test.tested_refused;
    std::string yaml = connectorStateYaml(*merged);
    return yaml.empty() ? std::nullopt : std::optional(std::move(yaml));
}

}  // namespace caseway
