// gateway/register/connector_hold.cpp - reasons, the nearest first.
#include "gateway/register/connector_hold.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace caseway {

std::optional<Refusal> whyNotLive(const RegisteredSystem& system, const RegisteredConnector& connector) {
    const std::string name = connector.name.text(), id = system.id.text();
    const auto not_active = [&name](const char* where, std::string rule, std::string hint) {
        return Refusal{"connector_not_active", where, name, std::move(rule), std::move(hint), {}};
    };
    const ConnectorVersion* const live = connector.liveVersion();
    if (live == nullptr)
        return not_active("connector", "no version of it was activated yet",
                          fmt::format("caseway connector test {0}, then caseway connector activate {0}", name));
    if (live->head.direction != ExchangeDirection::Pull)
        return not_active("connector", "it pushes, and only what pulls is run", "caseway connector show " + name);
    if (connector.suspended) return not_active("connector", "it is suspended", "caseway connector resume " + name);
    if (system.suspended)
        return not_active("system", fmt::format("the system {} is suspended: nothing is taken from it", id),
                          "caseway system activate " + id);
    if (system.department_suspended)
        return not_active("department", fmt::format("the department of {} is suspended: nothing is taken from it", id),
                          fmt::format("caseway department resume {}", system.id.department()));
    const std::string& mapping = live->head.mapping;
    if (std::count(system.mappings.begin(), system.mappings.end(), mapping) == 0)
        return Refusal{
            "connector_mapping_not_granted",
            "mapping",
            name,
            fmt::format("the system {} may not use the mapping {}: nothing is taken from it", id, mapping),
            fmt::format("caseway system grant {} --mapping {}, or caseway connector suspend {}", id, mapping, name),
            {}};
    return std::nullopt;
}

HeldConnectors heldConnectorsOf(const RegisterContent& content) {
    HeldConnectors held;
    for (const auto& [id, entry] : content.systems)
        for (const auto& [name, connector] : entry.connectors)
            if (auto why = whyNotLive(entry.system, connector)) held.emplace(connector.name.text(), std::move(*why));
    return held;
}

}  // namespace caseway
