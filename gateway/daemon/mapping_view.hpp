// gateway/daemon/mapping_view.hpp - the installation's mappings as JSON, for the admin socket. Forms:
// docs/formats/admin-openapi.json, `Mapping`.
#pragma once

#include <optional>
#include <string>

#include "gateway/adapters/files/register_tree.hpp"
#include "gateway/domain/register.hpp"

namespace caseway {

/// Every mapping of `tree`, with who may use it; of one that is not good, its file and its mistakes.
std::string mappingsJson(const FileTree& tree, const RegisterContent& content);

/// The one of this name, with its text and its versions: the installed one, and those that versions of connectors were
/// tested with. Nothing: no good mapping has this name.
std::optional<std::string> mappingJson(const FileTree& tree, const RegisterContent& content, const std::string& name);

}  // namespace caseway
