// gateway/domain/file_tree.hpp - an installation's own files as a value: what is read, changed, compared and written as
// a whole. Only registered systems, authorities and mappings; never a key, a message or a case.
#pragma once

#include <map>
#include <string>

namespace caseway {

/// Path below the data folder, parts divided by '/', to the file's bytes; a folder is its path with '/' at the end.
using FileTree = std::map<std::string, std::string>;

constexpr std::size_t kTreeFileBytesMax = 256 * 1024;  ///< one file
constexpr std::size_t kTreeFilesMax = 20'000;

}  // namespace caseway
