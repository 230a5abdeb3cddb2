// gateway/register/planned_change.hpp - what an operation would change, before anything is written: files before and
// after, worth a person's look and the log's leaf alike.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gateway/domain/file_tree.hpp"

namespace caseway {

struct FileChange {
    std::string path;
    std::optional<std::string> before;  ///< nothing: the file is new
    std::optional<std::string> after;   ///< nothing: the file goes
};

struct PlannedChange {
    std::string event;
    std::string subject;  ///< system, department, authority or serial; of an apply: how many files
    std::vector<FileChange> files;
    std::vector<std::string> warnings;
    std::map<std::string, std::string> made;     ///< what the operation produced: a certificate, its serial
    std::map<std::string, std::string> notes{};  ///< by path: lines about a file that people cannot read: diffText()

    bool isNothing() const { return files.empty(); }
};

/// `before` to `after` as changed files, by path. Folders do not count.
std::vector<FileChange> differences(const FileTree& before, const FileTree& after);
/// The tree with the changes made.
FileTree changed(FileTree tree, const std::vector<FileChange>& changes);
/// Of the files before and after, hexadecimal: who looked at a plan says by it which one is meant.
std::string digestOf(const std::vector<FileChange>& changes);
/// For people: "+ systems/…" and, for each changed file, its lines that go (-) and come (+). Not a patch.
std::string diffText(const std::vector<FileChange>& changes, const std::map<std::string, std::string>& notes = {});

}  // namespace caseway
