// gateway/register/planned_change.cpp - comparing trees, and showing the difference.
#include "gateway/register/planned_change.hpp"

#include <algorithm>
#include <string_view>

#include "gateway/formats/crypto/digest.hpp"

namespace caseway {
namespace {

std::vector<std::string_view> linesOf(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

/// The lines between the common beginning and the common end.
void appendLines(const std::string& before, const std::string& after, std::string& out) {
    const auto was = linesOf(before), is = linesOf(after);
    std::size_t same = 0, end = 0;
    while (same < was.size() && same < is.size() && was[same] == is[same]) ++same;
    while (end < was.size() - same && end < is.size() - same && was[was.size() - 1 - end] == is[is.size() - 1 - end])
        ++end;
    const auto append = [&](const std::vector<std::string_view>& lines, const char* mark) {
        for (std::size_t i = same; i < lines.size() - end; ++i) {
            out += mark;
            out += lines[i];
            out += '\n';
        }
    };
    append(was, "    - ");
    append(is, "    + ");
}

bool isFolder(const std::string& path) {
    return path.ends_with('/');
}

}  // namespace

std::string digestOf(const std::vector<FileChange>& changes) {
    std::string all;
    const auto add = [&all](const std::optional<std::string>& text) {
        all += text ? std::to_string(text->size()) + ':' + *text : "-";
    };
    for (const FileChange& change : changes) {
        add(change.path);
        add(change.before);
        add(change.after);
    }
    return toHex(sha256(all));
}

std::vector<FileChange> differences(const FileTree& before, const FileTree& after) {
    std::vector<FileChange> changes;
    for (const auto& [path, bytes] : before) {
        if (isFolder(path)) continue;
        const auto now = after.find(path);
        if (now == after.end())
            changes.push_back({path, bytes, std::nullopt});
        else if (now->second != bytes)
            changes.push_back({path, bytes, now->second});
    }
    for (const auto& [path, bytes] : after)
        if (!isFolder(path) && !before.contains(path)) changes.push_back({path, std::nullopt, bytes});
    std::sort(changes.begin(), changes.end(), [](const FileChange& a, const FileChange& b) { return a.path < b.path; });
    return changes;
}

FileTree changed(FileTree tree, const std::vector<FileChange>& changes) {
    for (const FileChange& change : changes) {
        if (change.after)
            tree[change.path] = *change.after;
        else
            tree.erase(change.path);
    }
    // A folder goes with its last file, and with its last folder: so from the innermost on.
    for (auto at = tree.end(); at != tree.begin();) {
        --at;
        const auto next = std::next(at);
        const bool is_empty = next == tree.end() || !next->first.starts_with(at->first);
        if (isFolder(at->first) && is_empty) at = tree.erase(at);
    }
    return tree;
}

std::string diffText(const std::vector<FileChange>& changes, const std::map<std::string, std::string>& notes) {
    std::string text;
    for (const FileChange& change : changes) {
        text += !change.before ? "  + " : !change.after ? "  - " : "  ~ ";
        text += change.path + "\n";
        if (const auto note = notes.find(change.path); note != notes.end()) text += note->second;
        const bool has_lines = change.path.ends_with(".yaml");
        if (has_lines) appendLines(change.before.value_or(""), change.after.value_or(""), text);
    }
    return text;
}

}  // namespace caseway
