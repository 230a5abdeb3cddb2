// gateway/adapters/files/register_tree.hpp - the installation's own files on disk, read into a value and written back,
// each file whole or not at all. Which files: docs/operating/register.md.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "gateway/domain/file_tree.hpp"

namespace caseway {

/// Where the three folders of an installation stand; empty: not read.
struct TreeFolders {
    std::filesystem::path systems;
    std::filesystem::path authorities;
    std::filesystem::path mappings;

    /// The place on disk of "systems/housing/…".
    std::filesystem::path place(const std::string& path) const;
};

/// Reads system.yaml, department.yaml, *.pem and connectors/ below systems/, *.pem below authorities/, mapping.yaml
/// below mappings/. Throws Fault{FileUnavailable} where the systems folder or a file cannot be read,
/// Fault{ConfigurationBad} where one is too large; the other two folders may be missing.
FileTree readTree(const TreeFolders& folders);
/// The same names below one folder that holds systems/, authorities/, mappings/: an export. Any other file, but for a
/// README.md, is a mistake that is told by its name. Throws Fault{ConfigurationBad, FileUnavailable}.
FileTree readExport(const std::filesystem::path& folder);

/// Writes one file; nothing: removes it. A reader sees the former bytes or the new ones. `folders`: how many folders
/// above it are the file's own: made with it, gone when it was the last in them. Durable on return.
/// Throws Fault{FileUnavailable}.
void writeTreeFile(const std::filesystem::path& file, const std::optional<std::string>& bytes, int folders = 0);

}  // namespace caseway
