// gateway/adapters/plugin/linkless_open.hpp - opens a place that was checked by its path, so that what stands there by
// then is the same: where a part of the path became a link meanwhile, nothing is opened.
#pragma once

#include <filesystem>

namespace caseway {

/// A descriptor for referring to `path` (O_PATH), which is absolute; -1 with errno: ELOOP or ENOTDIR for a link in it.
/// By openat2 with RESOLVE_NO_SYMLINKS; part by part where the kernel, or who confines us, has none.
int openWithoutLinks(const std::filesystem::path& path) noexcept;

/// The second way alone.
int openByParts(const std::filesystem::path& path) noexcept;

}  // namespace caseway
