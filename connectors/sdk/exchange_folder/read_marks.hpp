// connectors/sdk/exchange_folder/read_marks.hpp - the cursor of an exchange folder: which files were read and still lie
// there, and which were put aside. A file is known by name, size, time and inode together, so the same name with a new
// content is a new document. Form: `f1:` marks `:` marks, each mark 12 characters of base64url.
#pragma once

#include <string>
#include <unordered_set>

#include "connectors/sdk/exchange_folder/file_side.hpp"

namespace caseway {

/// The first nine bytes of SHA-256 over what a file is known by, as base64url.
std::string markOf(const FileEntry& entry);

struct ReadMarks {
    /// Both together; a cursor is at most 64 KiB.
    static constexpr std::size_t kMost = 5'000;
    std::unordered_set<std::string> read;
    std::unordered_set<std::string> refused;

    bool knows(const std::string& mark) const { return read.count(mark) != 0 || refused.count(mark) != 0; }
    bool full() const { return read.size() + refused.size() >= kMost; }
    /// Sorted, so that equal marks are equal cursors.
    Cursor cursor() const;
    /// Throws ConnectorFault{System, bad_cursor} for what cursor() did not make.
    static ReadMarks of(const Cursor& cursor);
};

}  // namespace caseway
