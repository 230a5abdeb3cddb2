// gateway/formats/register/register_document.hpp - system.yaml and department.yaml: read with the line of every
// mistake, changed key by key, so that a person's comments stay. Keys: docs/operating/register.md.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.hpp"
#include "gateway/domain/register.hpp"

namespace caseway {

/// Refusal: register_not_good; `where` is "file:line".
Result<RegisteredSystem> readSystemDocument(const std::string& file, std::string_view yaml);
Result<RegisteredDepartment> readDepartmentDocument(const std::string& file, std::string_view yaml);

/// The line, from 1, at which a key at the top of a register's document has this value, alone or in its list; 0: it has
/// not, or the document cannot be read.
int lineOfValue(std::string_view yaml, std::string_view key, std::string_view value);

/// One key with its value as YAML: `state: suspended`, `mappings: ["a", "b"]`.
std::string yamlLine(std::string_view key, std::string_view value);
std::string yamlLine(std::string_view key, const std::vector<std::string>& values);

/// `yaml` saying what `wanted` says, changed only in the keys that differ: mappings, on_behalf_of, may_read, auditor,
/// state. Read again before it is returned. Refusal: register_not_good, also for a form that resists (flow style).
Result<std::string> changedSystemDocument(const std::string& file, std::string_view yaml,
                                          const RegisteredSystem& wanted);

/// The same of a department's document and its state.
Result<std::string> changedDepartmentDocument(const std::string& file, std::string_view yaml, bool suspended);

/// `yaml` with the line of `key` replaced, or added at the end; everything else stays as it was written.
/// `yaml` must be a document that was read before.
std::string withLine(std::string_view yaml, std::string_view key, std::string_view line);

}  // namespace caseway
