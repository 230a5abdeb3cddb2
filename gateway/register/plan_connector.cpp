// gateway/register/plan_connector.cpp - the life of a connector: drafted, tested, activated, suspended, rolled back.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "gateway/formats/text/near_word.hpp"
#include "gateway/register/connector_standing.hpp"
#include "gateway/register/near_registered.hpp"
#include "gateway/register/planner.hpp"

namespace caseway {
namespace {

constexpr int kVersionsMax = 9999;

Refusal refused(std::string code, std::string where, std::string value, std::string rule, std::string hint) {
    return Refusal{std::move(code), std::move(where), std::move(value), std::move(rule), std::move(hint), {}};
}

/// One connector's files on their way.
class LifePlanner {
public:
    LifePlanner(Planner& planner, const RegisteredConnector& connector)
        : planner_(planner), connector_(connector), folder_(connector.name.folder()), name_(connector.name.text()) {}

    Planned draft();
    Planned test();
    Planned activate();
    Planned suspend(bool suspended);
    Planned rollBack();
    Planned remove();

private:
    ConnectorStateDocument state() const {
        return {connector_.live,      connector_.suspended,      connector_.tested,
                connector_.tested_at, connector_.tested_refused, connector_.live_since};
    }
    /// From now on its schedule is expected to be kept.
    void goLive(ConnectorStateDocument state) {
        state.live_since = toRfc3339(planner_.context.now);
        put(state);
    }
    void put(const ConnectorStateDocument& state) {
        planner_.after[folder_ + "state.yaml"] = connectorStateYaml(state);
    }
    Result<ConnectorCandidate> candidate() const {
        return candidateOf(connector_, planner_.context.connectors ? planner_.context.connectors() : ConnectorWorld{});
    }
    Refusal neverLive() const {
        return refused("connector_never_live", "connector", name_, "no version of it was ever active",
                       "caseway connector test " + name_ + ", then caseway connector activate " + name_);
    }
    Planned judgeGrant(const std::string& mapping);
    void tellMapping(const std::string& mapping);

    Planner& planner_;
    const RegisteredConnector& connector_;
    std::string folder_, name_;
};

Planned LifePlanner::draft() {
    const std::string document = planner_.operation.text("document");
    const std::string file = folder_ + "draft.yaml";
    std::vector<Refusal> mistakes;
    const ConnectorDocument read = readConnectorParts(file, document, mistakes);
    if (mistakes.empty() && !read.head.mapping.empty()) tellMapping(read.head.mapping);
    const ConnectorVersion* const live = connector_.liveVersion();
    if (live != nullptr && live->document == documentOfVersion(document))
        planner_.after.erase(file);  // as it is live: nothing waits any more
    else
        planner_.after[file] = document;
    return std::nullopt;
}

/// Neither stops a draft: mapping and grant may come after it.
void LifePlanner::tellMapping(const std::string& mapping) {
    const RegisteredSystem& system = planner_.content.systems.at(connector_.name.system).system;
    std::vector<std::string_view> known(system.mappings.begin(), system.mappings.end());
    const ConnectorWorld world = planner_.context.connectors ? planner_.context.connectors() : ConnectorWorld();
    for (const auto& [name, text] : world.mappings) known.push_back(name);
    const bool is_known = std::count(known.begin(), known.end(), mapping) != 0;
    const std::string meant = is_known ? std::string() : hintOfNearest(mapping, known, "");
    if (!meant.empty()) planner_.warn("no mapping " + mapping + " is known: " + meant);
    if (std::count(system.mappings.begin(), system.mappings.end(), mapping) == 0)
        planner_.warn(fmt::format("{} may not use the mapping {} yet: caseway system grant {} --mapping {}",
                                  system.id.text(), mapping, system.id.text(), mapping));
    if (planner_.context.connectors && !world.mappings.contains(mapping))
        planner_.warn("no mapping " + mapping + " is installed yet: caseway mapping add DIR");
}

Planned LifePlanner::test() {
    if (!planner_.context.tested)
        return refused("connector_not_tested", "connector", name_, "a test is done, not claimed",
                       "caseway connector test " + name_);
    const auto tested = candidate();
    if (!tested) return tested.error();
    if (tested->digest != planner_.context.tested->digest)
        return refused("connector_changed_meanwhile", "connector", name_,
                       "settings, mapping or type changed while the test ran", "test it again");
    ConnectorStateDocument wanted = state();
    wanted.tested = tested->digest;
    wanted.tested_at = toRfc3339(planner_.context.now);
    wanted.tested_refused = planner_.context.tested->refused;
    put(wanted);
    return std::nullopt;
}

Planned LifePlanner::judgeGrant(const std::string& mapping) {
    const RegisteredSystem& system = planner_.content.systems.at(connector_.name.system).system;
    if (system.suspended) planner_.warn("the system " + system.id.text() + " is suspended: nothing is taken from it");
    if (mapping.empty() || std::count(system.mappings.begin(), system.mappings.end(), mapping) != 0)
        return std::nullopt;
    return refused("connector_mapping_not_granted", "mapping", mapping, "the system may not use this mapping",
                   fmt::format("caseway system grant {} --mapping {}", system.id.text(), mapping));
}

Planned LifePlanner::activate() {
    const auto wanted = candidate();
    if (!wanted) return wanted.error();
    const ConnectorVersion* const live = connector_.liveVersion();
    if (live != nullptr && live->digest == wanted->digest && live->document == documentOfVersion(wanted->text)) {
        if (connector_.suspended)
            return refused("connector_waits", "connector", name_,
                           "it is suspended, and nothing new is there to activate",
                           "caseway connector resume " + name_);
        return std::nullopt;  // it is so already
    }
    if (!isTested(connector_, wanted->digest))
        return refused("connector_not_tested", "connector", name_,
                       connector_.tested.empty() ? "it was not seen to work yet"
                                                 : "settings, mapping or type changed since it was tested",
                       "caseway connector test " + name_);
    if (auto refusal = judgeGrant(wanted->document.head.mapping)) return refusal;
    const int version = connector_.versions.empty() ? 1 : connector_.versions.rbegin()->first + 1;
    if (version > kVersionsMax)
        return refused("connector_versions_full", "connector", name_, "9999 versions are kept",
                       "add it anew under another name");
    const bool is_of_last_test = connector_.tested == wanted->digest;
    const TestedMark mark{wanted->type_version, wanted->digest,
                          is_of_last_test ? connector_.tested_at : toRfc3339(planner_.context.now)};
    const std::string file = folder_ + "versions/" + versionFileName(version);
    planner_.after[file + ".yaml"] = versionYaml(wanted->text, mark);
    if (!wanted->mapping.empty()) planner_.after[file + ".mapping.yaml"] = wanted->mapping;
    planner_.after.erase(folder_ + "draft.yaml");
    ConnectorStateDocument next = state();
    next.live = version;
    next.suspended = false;
    goLive(std::move(next));
    planner_.change.made["version"] = std::to_string(version);
    if (!wanted->document.head.schedule) planner_.warn("it has no schedule: nothing runs it by itself");
    return std::nullopt;
}

Planned LifePlanner::suspend(bool suspended) {
    if (connector_.live == 0) return neverLive();
    if (connector_.suspended == suspended) return std::nullopt;
    ConnectorStateDocument next = state();
    next.suspended = suspended;
    if (suspended)
        put(next);
    else
        goLive(std::move(next));
    return std::nullopt;
}

Planned LifePlanner::rollBack() {
    if (connector_.live == 0) return neverLive();
    const std::string given = planner_.operation.text("version");
    int version = 0;
    if (given.empty()) {
        const auto at = connector_.versions.find(connector_.live);
        if (at != connector_.versions.begin()) version = std::prev(at)->first;
    } else {
        std::from_chars(given.data(), given.data() + given.size(), version);
    }
    const auto found = connector_.versions.find(version);
    if (found == connector_.versions.end())
        return refused("connector_version_unknown", "version", given, "a version that was live before",
                       "caseway connector versions " + name_);
    const ConnectorHead& head = found->second.head;
    if (auto refusal = judgeGrant(head.mapping)) return refusal;
    const ConnectorWorld world = planner_.context.connectors ? planner_.context.connectors() : ConnectorWorld{};
    const auto type = world.types.find(head.type);
    if (type == world.types.end())
        return refused("connector_type_unknown", "type", head.type, "no connector of this type is installed",
                       "caseway connector types lists them");
    if (!isSameTypeVersion(found->second.type_version, type->second))
        planner_.warn(fmt::format("it was tested with version {} of {}; {} is installed now: caseway connector test {}",
                                  found->second.type_version, head.type, type->second, name_));
    ConnectorStateDocument next = state();
    next.live = version;
    goLive(std::move(next));
    planner_.change.made["version"] = std::to_string(version);
    if (connector_.draft) planner_.warn("its draft stays as it is");
    return std::nullopt;
}

Planned LifePlanner::remove() {
    if (connector_.live != 0 && !connector_.suspended)
        return refused("connector_active", "connector", name_, "only a suspended connector is removed",
                       "caseway connector suspend " + name_ + ", and see that nobody misses it");
    std::erase_if(planner_.after, [&](const auto& file) { return file.first.starts_with(folder_); });
    return std::nullopt;
}

}  // namespace

Planned planConnector(Planner& planner) {
    const std::string text = planner.operation.text("connector");
    const std::string_view operation = planner.operation.kind->name;
    planner.change.subject = text;
    const auto name = ConnectorName::parse(text);
    if (!name)
        return refused("connector_name_bad", "connector", text, "DEPARTMENT/SYSTEM/NAME, each of a-z, 0-9, _ and -",
                       "such as housing/permits/nightly");
    const auto system = planner.content.systems.find(name->system);
    if (system == planner.content.systems.end())
        return refused("system_unknown", "connector", text, "the connector of a registered system",
                       hintOfNearestSystem(planner.content, name->system.text(),
                                           "caseway system list; caseway system add " + name->system.text()));
    const auto& connectors = system->second.connectors;
    const auto found = connectors.find(name->name);
    const bool is_new = operation == "connector.add";
    if (is_new && found != connectors.end())
        return refused("connector_known", "connector", text, "it is registered already",
                       "caseway connector set " + text + " FILE changes it");
    if (!is_new && found == connectors.end())
        return refused("connector_unknown", "connector", text, "a registered connector",
                       hintOfNearestConnector(planner.content, text,
                                              "caseway connector list; caseway connector add " + text + " FILE"));
    RegisteredConnector fresh;
    fresh.name = *name;
    LifePlanner life(planner, is_new ? fresh : found->second);
    if (is_new || operation == "connector.set") return life.draft();
    if (operation == "connector.test") return life.test();
    if (operation == "connector.activate") return life.activate();
    if (operation == "connector.rollback") return life.rollBack();
    if (operation == "connector.remove") return life.remove();
    return life.suspend(operation == "connector.suspend");
}

}  // namespace caseway
