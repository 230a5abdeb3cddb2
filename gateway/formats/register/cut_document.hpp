// gateway/formats/register/cut_document.hpp - a document of the register that lost its end, as a copy that was
// interrupted or a full disk leaves it: told by what the last logged change wrote there.
#pragma once

#include <string>

#include "gateway/domain/file_tree.hpp"

namespace caseway {

/// The YAML document that a mistake is of: "systems/housing/permits/system.yaml:3 /schedule/zone".
FileTree::const_iterator documentIn(const FileTree& tree, const std::string& where);

/// What is told of it beside the mistake at `where`; empty where it is no beginning of its text in `remembered`.
std::string toldOfCut(const FileTree& tree, const std::string& where, const FileTree& remembered);

inline constexpr const char* kPutCutBack =
    "where it is just being copied: try again; else put the whole file back, from an export (caseway export DIR), a "
    "backup, or the last leaf that changed it (caseway log show)";

}  // namespace caseway
