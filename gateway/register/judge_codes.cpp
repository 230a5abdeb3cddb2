// gateway/register/judge_codes.cpp - a department's code is whose its cases are.
#include <fmt/format.h>

#include <map>

#include "gateway/register/planner.hpp"

namespace caseway {
namespace {

/// Each department's code, by its own document or by a system's.
std::map<std::string, std::string> codesOf(const RegisterContent& content) {
    std::map<std::string, std::string> codes;
    for (const auto& [id, entry] : content.systems) codes[std::string(id.department())] = entry.system.department_code;
    for (const auto& [name, department] : content.departments) codes[name] = department.code;
    return codes;
}

}  // namespace

Planned judgeCodes(const RegisterContent& before, const RegisterContent& after, const PlanContext& context,
                   PlannedChange& change) {
    if (!context.has_cases) return std::nullopt;
    const auto was = codesOf(before), is = codesOf(after);
    for (const auto& [name, code] : is) {
        const auto former = was.find(name);
        if (former != was.end() && former->second == code) continue;
        if (former != was.end() && context.has_cases(former->second))
            return Refusal{"department_code_has_cases",
                           "systems/" + name + "/department.yaml",
                           former->second,
                           fmt::format("cases of {} stand under it, and would be lost to it under {}", name, code),
                           "keep the code; a department of another code, after a reform too, is a new one beside it "
                           "with systems of its own: caseway department add, and suspend the former one",
                           {}};
        if (context.has_cases(code))
            change.warnings.push_back(
                fmt::format("cases stand under the code {} already: {} reads and writes them from now on", code, name));
    }
    return std::nullopt;
}

}  // namespace caseway
