// gateway/daemon/register_snapshot.hpp - the register's files as the log and the store keep them: texts without
// secrets, and the snapshot that the last logged change left, with which changes by hand are found
// (audit_document.hpp).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/daemon/connector_types.hpp"
#include "gateway/domain/file_tree.hpp"
#include "gateway/log/audit_document.hpp"
#include "gateway/register/plan.hpp"
#include "gateway/register/planned_change.hpp"

namespace caseway {

/// Files as texts that JSON can hold; a digest stands for what is no text, for a connector's draft that may bear a
/// secret (edited by hand: no command takes it), or for all where they are very many. Of texts: the same.
FileTree asTexts(FileTree tree, const ConnectorTypes* types);

/// Adds whose each key in `tree` is.
void addOwners(const FileTree& tree, KeyOwners& owners);

/// The files, for the next look; beside them, as what was before, whose each key was.
std::string snapshotOf(const FileTree& tree, KeyOwners owners, const ConnectorTypes* types);

/// The files of a snapshot; none where there is none, or it cannot be read.
FileTree treeIn(const std::optional<std::string>& snapshot);

/// The changes as people and the log may see them.
std::vector<FileChange> shown(std::vector<FileChange> changes, const ConnectorTypes* types);

/// The files before and after, for a leaf.
void addFiles(const std::vector<FileChange>& changes, AuditDocument& document);

}  // namespace caseway
