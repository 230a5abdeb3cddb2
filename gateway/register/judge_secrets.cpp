// gateway/register/judge_secrets.cpp - what is open to a department by its short name, and would be to the next one.
#include <fmt/format.h>

#include "gateway/register/planner.hpp"
#include "gateway/register/register_view.hpp"

namespace caseway {
namespace {

Refusal hasSecrets(const std::string& department, const std::vector<std::string>& secrets) {
    return {"department_has_secrets",
            "department",
            department,
            fmt::format("secrets of it are kept: {}; the next department of that name could use them",
                        fmt::join(secrets, ", ")),
            fmt::format("caseway secret remove {}, then remove the department",
                        fmt::join(secrets, "; caseway secret remove ")),
            {}};
}

}  // namespace

Planned judgeSecrets(const RegisterContent& before, const RegisterContent& after, const PlanContext& context,
                     PlannedChange& change) {
    if (!context.opened_by_name) return std::nullopt;
    const auto was = departmentsIn(before), is = departmentsIn(after);
    std::vector<Refusal> kept;
    for (const auto& [name, department] : was) {
        if (is.contains(name)) continue;
        const OpenedByName opened = context.opened_by_name(name);
        if (!opened.secrets.empty()) kept.push_back(hasSecrets(name, opened.secrets));
        if (!opened.settings.empty())
            change.warnings.push_back(
                fmt::format("{} of the configuration opens something by the name {}, to the next department of that "
                            "name too: take the entry out",
                            fmt::join(opened.settings, ", "), name));
    }
    for (const auto& [name, department] : is)
        if (const auto opened = was.contains(name) ? OpenedByName() : context.opened_by_name(name);
            !opened.secrets.empty())
            change.warnings.push_back(fmt::format(
                "secrets of the name {0} are kept already: {1}; connectors of {0} can use them from now "
                "on; where they were another department's: caseway secret remove {2}",
                name, fmt::join(opened.secrets, ", "), fmt::join(opened.secrets, "; caseway secret remove ")));
    if (kept.empty()) return std::nullopt;
    return joined(std::move(kept));
}

}  // namespace caseway
