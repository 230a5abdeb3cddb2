// gateway/register/replaced_mappings.cpp - systems take it up at once, connectors after a test.
#include "gateway/register/replaced_mappings.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/register/connector_standing.hpp"

namespace caseway {

std::string systemsWith(const std::string& mapping, const RegisterContent& content) {
    std::string systems;
    for (const auto& [id, entry] : content.systems) {
        const auto& granted = entry.system.mappings;
        if (std::count(granted.begin(), granted.end(), mapping) != 0)
            systems += (systems.empty() ? "" : ", ") + id.text();
    }
    return systems;
}

std::vector<std::string> tellReplaced(const std::string& name, const std::string& file,
                                      const RegisterContent& content) {
    const std::string systems = systemsWith(name, content);
    std::vector<std::string> told{fmt::format("it replaces the mapping {} that was installed in {}{}", name, file,
                                              systems.empty()
                                                  ? std::string(", which no system uses")
                                                  : "; messages are mapped with this one from now on: " + systems)};
    for (const auto& [id, entry] : content.systems) {
        for (const auto& [short_name, connector] : entry.connectors) {
            if (headOf(connector).mapping != name) continue;
            const std::string text = connector.name.text();
            told.push_back(fmt::format(
                "{0}: {1}: caseway connector test {0}, then caseway connector activate {0}", text,
                connector.live != 0 ? fmt::format("its version {} goes on with the former mapping; with this one it is "
                                                  "a draft",
                                                  connector.live)
                                    : std::string("a draft that has to be tested with this mapping")));
        }
    }
    return told;
}

}  // namespace caseway
