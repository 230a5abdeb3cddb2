// connectors/sdk/exchange_folder/read_marks.cpp - marks to a text and back.
#include "connectors/sdk/exchange_folder/read_marks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "connectors/sdk/faults.hpp"
#include "gateway/base/base64.hpp"
#include "gateway/formats/crypto/digest.hpp"

namespace caseway {
namespace {

constexpr std::string_view kForm = "f1:";
constexpr std::size_t kMarkBytes = 9;
constexpr std::size_t kMarkLength = 12;

void append(const std::unordered_set<std::string>& marks, std::string& out) {
    std::vector<std::string_view> sorted(marks.begin(), marks.end());
    std::sort(sorted.begin(), sorted.end());
    for (const std::string_view mark : sorted) out += mark;
}

std::unordered_set<std::string> take(std::string_view text) {
    if (text.size() % kMarkLength != 0) throw badCursor("a mark is cut off");
    if (!fromBase64Url(text)) throw badCursor("a mark is no base64url");
    std::unordered_set<std::string> marks;
    for (std::size_t at = 0; at < text.size(); at += kMarkLength) marks.emplace(text.substr(at, kMarkLength));
    return marks;
}

}  // namespace

std::string markOf(const FileEntry& entry) {
    // The name is last: it is the only part without a fixed form.
    const Sha256 digest = sha256(fmt::format("{} {} {} {}", entry.bytes, entry.modified_ns, entry.inode, entry.name));
    return toBase64Url(ByteView(digest).first(kMarkBytes));
}

Cursor ReadMarks::cursor() const {
    Cursor text(kForm);
    append(read, text);
    text += ':';
    append(refused, text);
    return text;
}

ReadMarks ReadMarks::of(const Cursor& cursor) {
    if (cursor.empty()) return {};
    if (!cursor.starts_with(kForm)) throw badCursor("it does not begin with f1:");
    const std::string_view text = std::string_view(cursor).substr(kForm.size());
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) throw badCursor("its second list is missing");
    ReadMarks marks;
    marks.read = take(text.substr(0, colon));
    marks.refused = take(text.substr(colon + 1));
    if (marks.read.size() + marks.refused.size() > kMost) throw badCursor("it has too many marks");
    return marks;
}

}  // namespace caseway
