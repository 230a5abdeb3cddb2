// gateway/daemon/secret_change.cpp - plans for the store of secrets, and their way through the pending file.
#include "gateway/daemon/secret_change.hpp"

#include <algorithm>

#include "gateway/base/base64.hpp"
#include "gateway/daemon/opened_entries.hpp"
#include "gateway/register/near_registered.hpp"

namespace caseway {

bool isSecretOperation(const Operation& operation) {
    return operation.kind->name.starts_with("secret.");
}

Result<SealedFiles> planSecretChange(const Operation& operation, const RegisterContent& content, SecretFolder& secrets,
                                     bool dry) {
    const std::string named = operation.text("secret");
    const auto id = SecretId::parse(named);
    const bool is_removed = operation.kind->name == "secret.remove";
    if (!id || (id->department.empty() && !is_removed)) return *whyNotSecret({{}, named}, "x");
    const bool is_known = id->department.empty() || id->department == kAllDepartments ||
                          content.departments.contains(id->department) ||
                          std::any_of(content.systems.begin(), content.systems.end(),
                                      [&](const auto& entry) { return entry.first.department() == id->department; });
    if (!is_known && !is_removed)
        return Refusal{"department_unknown",
                       "secret",
                       id->department,
                       "a registered department, or all",
                       hintOfNearestDepartment(content, id->department,
                                               "caseway department list; caseway department add " + id->department),
                       {}};
    if (is_removed) return secrets.planRemove(*id);
    const bool is_set = operation.kind->name == "secret.set";
    if (const auto why = whyNotSecret(*id, is_set ? operation.text("value") : "x")) return *why;
    if (dry && is_set) return SealedFiles{};
    return operation.kind->name == "secret.bind" ? secrets.planBind(*id)
                                                 : secrets.planPut(*id, operation.text("value"));
}

std::string stagedWith(const std::string& document, const SealedFiles& files) {
    std::string staged = document;  // canonical JSON: without an end of line
    for (const auto& [id, sealed] : files)
        staged += "\n" + id.text() + (sealed ? " " + toBase64(bytesOf(*sealed)) : "");
    return staged;
}

StagedChange stagedIn(std::string_view pending) {
    std::size_t end = std::min(pending.find('\n'), pending.size());
    StagedChange staged{pending.substr(0, end), {}};
    while (end < pending.size()) {
        pending.remove_prefix(end + 1);
        end = std::min(pending.find('\n'), pending.size());
        const std::string_view line = pending.substr(0, end);
        const std::size_t space = std::min(line.find(' '), line.size());
        const auto id = SecretId::parse(line.substr(0, space));
        if (!id) continue;  // none of ours
        staged.files.push_back({*id, std::nullopt});
        if (space < line.size()) staged.files.back().sealed = fromBase64(line.substr(space + 1));
    }
    return staged;
}

}  // namespace caseway
