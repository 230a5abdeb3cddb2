// gateway/register/near_registered.cpp - all names, and the nearest of them.
#include "gateway/register/near_registered.hpp"

#include <algorithm>
#include <vector>

#include "gateway/formats/text/near_word.hpp"
#include "gateway/register/register_view.hpp"

namespace caseway {
namespace {

using Names = std::vector<std::string>;

bool hasLastPart(std::string_view name, std::string_view part) {
    return name.size() > part.size() && name.ends_with(part) && name[name.size() - part.size() - 1] == '/';
}

std::string hintOf(std::string_view name, const Names& names, std::string_view otherwise) {
    const auto has_part = [name](const std::string& one) { return !name.empty() && hasLastPart(one, name); };
    const auto whole = std::find_if(names.begin(), names.end(), has_part);
    if (whole != names.end() && std::count_if(names.begin(), names.end(), has_part) == 1)
        return "did you mean '" + *whole + "'?";
    return hintOfNearest(name, std::vector<std::string_view>(names.begin(), names.end()), otherwise);
}

}  // namespace

std::string hintOfNearestConnector(const RegisterContent& content, std::string_view name, std::string_view otherwise) {
    Names names;
    for (const auto& [id, entry] : content.systems)
        for (const auto& [short_name, connector] : entry.connectors) names.push_back(connector.name.text());
    return hintOf(name, names, otherwise);
}

std::string hintOfNearestSystem(const RegisterContent& content, std::string_view name, std::string_view otherwise) {
    Names names;
    for (const auto& [id, entry] : content.systems) names.push_back(id.text());
    return hintOf(name, names, otherwise);
}

std::string hintOfNearestDepartment(const RegisterContent& content, std::string_view name, std::string_view otherwise) {
    Names names;
    for (const auto& [department, facts] : departmentsIn(content)) names.push_back(department);
    return hintOf(name, names, otherwise);
}

Refusal unknownConnector(const RegisterContent& content, const std::string& name, const std::string& rule) {
    return {"connector_unknown",
            "connector",
            name,
            rule,
            hintOfNearestConnector(content, name, "caseway connector list"),
            {}};
}

Refusal unknownSystem(const RegisterContent& content, const std::string& name, const std::string& rule) {
    return {"system_unknown", "system", name, rule, hintOfNearestSystem(content, name, "caseway system list"), {}};
}

Refusal unknownDepartment(const RegisterContent& content, const std::string& name, const std::string& rule) {
    return {"department_unknown",
            "department",
            name,
            rule,
            hintOfNearestDepartment(content, name, "caseway department list"),
            {}};
}

}  // namespace caseway
