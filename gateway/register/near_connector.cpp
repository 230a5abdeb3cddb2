// gateway/register/near_connector.cpp - all names, and the nearest of them.
#include "gateway/register/near_connector.hpp"

#include <vector>

#include "gateway/formats/text/near_word.hpp"

namespace caseway {

std::string hintOfNearestConnector(const RegisterContent& content, std::string_view name, std::string_view otherwise) {
    std::vector<std::string> names;
    for (const auto& [id, entry] : content.systems)
        for (const auto& [short_name, connector] : entry.connectors) names.push_back(connector.name.text());
    return hintOfNearest(name, std::vector<std::string_view>(names.begin(), names.end()), otherwise);
}

Refusal unknownConnector(const RegisterContent& content, const std::string& name, const std::string& rule) {
    return {"connector_unknown",
            "connector",
            name,
            rule,
            hintOfNearestConnector(content, name, "caseway connector list"),
            {}};
}

}  // namespace caseway
