// gateway/formats/register/department_rules.hpp - what a department may be called and by which code it goes, whoever
// brings it: a command, an apply or a hand in the folder.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "gateway/base/refusal.hpp"
#include "gateway/domain/register.hpp"

namespace caseway {

/// A department, authority or mapping folder: `[a-z0-9_-]+`, at most 60 characters.
bool isShortName(std::string_view name);

/// 统一社会信用代码 by its form: 18 characters, 0-9 and A-Z.
bool isDepartmentCode(std::string_view code);

/// department_name_bad or department_code_bad.
std::optional<Refusal> judgeDepartment(const RegisteredDepartment& department);

/// grant_name_bad each: grants to read or to write for what is no department's name or code, nor the code by which the
/// register knows one. They allow nothing. A command or an apply brings no new ones; those that stand since a former
/// release are told, since an upgrade must not stop a gateway. `where`: file and list.
std::vector<Refusal> emptyGrants(const RegisterContent& content, const RegisteredSystem& system);
std::vector<Refusal> emptyGrants(const RegisterContent& content);

/// department_known where two departments, by their own document or by their systems', go by one code: who may write
/// and read a case is asked by it.
std::optional<Refusal> judgeDepartmentCodes(const RegisterContent& content);

}  // namespace caseway
