// gateway/adapters/files/pending_change.hpp - the one change of the register that is under way, safe on disk before its
// leaf is, so that a crash between leaf and files is finished, and one before the leaf never happened.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace caseway {

/// stage → (the leaf commits) → files are written → done. A file left behind is read at the next start.
class PendingChange {
public:
    explicit PendingChange(std::filesystem::path file) : file_(std::move(file)) {}
    /// Durable on return. Throws Fault{FileUnavailable}.
    void stage(const std::string& document) const;
    /// What a former run left; nothing where all was finished. Throws Fault{FileUnavailable}.
    std::optional<std::string> left() const;
    /// Removes it; durable on return. Throws Fault{FileUnavailable}.
    void done() const;

private:
    std::filesystem::path file_;
};

}  // namespace caseway
