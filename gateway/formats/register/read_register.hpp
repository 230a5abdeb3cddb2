// gateway/formats/register/read_register.hpp - the register's files as one value that fits together, or the first
// mistake with its place. Layout: docs/operating/register.md.
#pragma once

#include "gateway/base/result.hpp"
#include "gateway/domain/file_tree.hpp"
#include "gateway/domain/register.hpp"

namespace caseway {

/// What `systems/` and `authorities/` say. Other paths, and files without meaning there (notes), are passed over.
/// Refusal: register_not_good: a document, certificate or revocation list that cannot be read, a private key, one
/// certificate or one key at two systems, two department codes in one department; connector_not_good,
/// connector_version_differs. `where`: file, line.
Result<RegisterContent> readRegister(const FileTree& files);

/// Our own authority's name.
constexpr std::string_view kOwnAuthority = "own";

}  // namespace caseway
