// gateway/adapters/plugin/folder_check.hpp - may what lies in this folder be run? Only where nobody but the
// installation's owner can have put or changed it. As sshd does with keys.
#pragma once

#include <sys/types.h>

#include <filesystem>

namespace caseway {

/// Everything from `/` down to `folder`, and everything in it, belongs to root or to `owner` and can be written by its
/// owner only (a folder above with the sticky bit may be open to all); links stay inside. Throws ConnectorFault{Config,
/// connector_folder_unsafe} with the path and the command that mends it.
void requireOwnedFolder(const std::filesystem::path& folder, uid_t owner);

}  // namespace caseway
