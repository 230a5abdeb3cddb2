// gateway/register/plan_unproven.cpp - what an apply brings and nobody saw to work lands as a draft: the mark of a test
// travels with a version's file, for exactly its content and its type's version. A draft's travels with nothing.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "gateway/register/connector_standing.hpp"
#include "gateway/register/planner.hpp"

namespace caseway {
namespace {

constexpr std::string_view kState = "state.yaml";

class Landing {
public:
    Landing(Planner& planner, const ConnectorWorld& world, std::string folder)
        : planner_(planner), world_(world), folder_(std::move(folder)) {}
    void land();

private:
    const RegisteredConnector* known() const;
    bool isProven(const ConnectorDocument& document) const;
    std::string fileOf(int version) const { return folder_ + "versions/" + versionFileName(version); }

    Planner& planner_;
    const ConnectorWorld& world_;
    std::string folder_;
};

/// The connector as it stands here, before the apply.
const RegisteredConnector* Landing::known() const {
    for (const auto& [id, entry] : planner_.content.systems)
        for (const auto& [name, connector] : entry.connectors)
            if (connector.name.folder() == folder_) return &connector;
    return nullptr;
}

/// Of a type that is not here, the version that was tested is all that is known: what is missing tells the run.
bool Landing::isProven(const ConnectorDocument& document) const {
    if (!document.tested) return false;
    const RegisteredConnector* const here = known();
    if (here != nullptr && isTested(*here, document.tested->digest)) return true;
    const auto type = world_.types.find(document.head.type);
    return type == world_.types.end() || isSameTypeVersion(document.tested->type_version, type->second);
}

void Landing::land() {
    FileTree& after = planner_.after;
    auto state = readConnectorState(folder_ + std::string(kState), after.at(folder_ + std::string(kState)));
    const auto file = state && state->live != 0 ? after.find(fileOf(state->live) + ".yaml") : after.end();
    if (file == after.end()) return;  // what does not fit together is told by the reading
    const auto document = readConnectorDocument(file->first, file->second);
    if (!document || isProven(*document)) return;
    const std::string live = fileOf(state->live);
    after.try_emplace(folder_ + "draft.yaml", file->second.substr(0, document->mark_at));
    if (!document->tested) {
        after.erase(live + ".yaml");
        after.erase(live + ".mapping.yaml");
    }
    const RegisteredConnector* const here = known();
    const bool goes_on = here != nullptr && here->live != 0 && here->live != state->live &&
                         after.contains(fileOf(here->live) + ".yaml") &&
                         after.at(fileOf(here->live) + ".yaml") == planner_.tree.at(fileOf(here->live) + ".yaml");
    const std::string why = !document->tested
                                ? "bears no mark of a test"
                                : fmt::format("was tested with version {} of its type, here is {}",
                                              document->tested->type_version, world_.types.at(document->head.type));
    const std::vector<std::string> parts = [this] {  // systems/DEPARTMENT/SYSTEM/connectors/NAME/
        std::vector<std::string> found;
        for (std::size_t at = 0, end = 0; (end = folder_.find('/', at)) != std::string::npos; at = end + 1)
            found.push_back(folder_.substr(at, end - at));
        return found;
    }();
    const std::string name = parts.at(1) + "/" + parts.at(2) + "/" + parts.at(4);
    planner_.warn(fmt::format(
        "{}: version {} {}, so it comes as a draft{}: caseway connector test {}, then caseway "
        "connector activate {}",
        name, state->live, why, goes_on ? fmt::format(" and version {} goes on", here->live) : "", name, name));
    state->live = goes_on ? here->live : 0;
    state->suspended = goes_on && here->suspended;
    after[folder_ + std::string(kState)] = connectorStateYaml(*state);
}

}  // namespace

void keepOwnTests(Planner& planner) {
    std::set<std::string> folders;  // of connectors that will be there
    for (const auto& [path, bytes] : planner.after) {
        const std::size_t at = path.find("/connectors/");
        const std::size_t end =
            at == std::string::npos ? at : path.find('/', at + std::string_view("/connectors/").size());
        if (path.starts_with("systems/") && end != std::string::npos) folders.insert(path.substr(0, end + 1));
    }
    const auto textIn = [](const FileTree& tree, const std::string& file) {
        const auto found = tree.find(file);
        return found == tree.end() ? std::nullopt : std::optional(found->second);
    };
    for (const std::string& folder : folders) {
        const std::string file = folder + std::string(kState);
        if (auto state = withTestOf(textIn(planner.tree, file), textIn(planner.after, file)))
            planner.after[file] = std::move(*state);
        else
            planner.after.erase(file);
    }
}

void landUnproven(Planner& planner) {
    std::vector<std::string> folders;
    for (const auto& [path, bytes] : planner.after)
        if (path.starts_with("systems/") && path.find("/connectors/") != std::string::npos &&
            path.ends_with("/state.yaml") && std::count(path.begin(), path.end(), '/') == 5)
            folders.push_back(path.substr(0, path.size() - kState.size()));
    if (folders.empty()) return;
    const ConnectorWorld world = planner.context.connectors ? planner.context.connectors() : ConnectorWorld{};
    for (std::string& folder : folders) Landing(planner, world, std::move(folder)).land();
}

}  // namespace caseway
