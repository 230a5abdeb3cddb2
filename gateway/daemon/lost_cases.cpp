// gateway/daemon/lost_cases.cpp - a case keeps the code under which it was opened; the register has the code of today.
#include "gateway/daemon/lost_cases.hpp"

#include <fmt/format.h>

namespace caseway {
namespace {
constexpr std::size_t kCasesLookedAt = 20;

/// The file that states the code. A system's own may state the same beside its department's.
std::string placeOfCode(const SystemId& system, const std::string& code, bool has_department) {
    if (!has_department)
        return fmt::format("`department_code: \"{}\"` back into systems/{}/system.yaml", code, system.text());
    return fmt::format(
        "`code: \"{}\"` back into systems/{}/department.yaml, and into `department_code` of "
        "systems/{}/system.yaml where that states one",
        code, system.department(), system.text());
}
}  // namespace

std::vector<RunFinding> lostCases(StoreReader& reader, const RegisterContent& content) {
    std::vector<RunFinding> findings;
    for (const auto& [id, entry] : content.systems) {
        const std::string& code = entry.system.department_code;
        for (const CaseKey& key : reader.caseKeys(id, {}, kCasesLookedAt)) {
            const auto row = reader.caseById(key.id);
            if (code.empty() || !row || row->by_window || row->department.empty() || row->department == code) continue;
            findings.push_back(
                {fmt::format("cases of {} stand under the code {}, its department is registered under {}: "
                             "it can neither read nor write them, and who has that code can",
                             id.text(), row->department, code),
                 fmt::format(
                     "put {}, then kill -HUP",
                     placeOfCode(id, row->department, content.departments.contains(std::string(id.department()))))});
            break;
        }
    }
    return findings;
}

}  // namespace caseway
