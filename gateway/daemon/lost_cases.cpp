// gateway/daemon/lost_cases.cpp - a case keeps the code under which it was opened; the register has the code of today.
#include "gateway/daemon/lost_cases.hpp"

#include <fmt/format.h>

namespace caseway {
namespace {
constexpr std::size_t kCasesLookedAt = 20;
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
                 fmt::format("put `code: \"{}\"` back into systems/{}/department.yaml, then kill -HUP", row->department,
                             id.department())});
            break;
        }
    }
    return findings;
}

}  // namespace caseway
