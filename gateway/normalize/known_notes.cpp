// gateway/normalize/known_notes.cpp - format 2: '2', 16 bytes of the HMAC-SHA256 of what follows; then for each record
// a byte of flags, the numbers that cannot be told from the record before as varints, and 16 bytes of its digest.
#include "gateway/normalize/known_notes.hpp"

#include <algorithm>

#include "gateway/base/varint.hpp"
#include "gateway/formats/crypto/keyed_hash.hpp"

namespace caseway {
namespace {

constexpr char kFormat = '2';
constexpr std::size_t kSumBytes = 16;
enum Flag : std::uint8_t { kHasTime = 1, kSameLeaf = 2, kNextText = 4, kNextCase = 8, kFoundOnce = 16, kAll = 31 };

bool takeRecord(std::string_view& rest, KnownRecord& record) {
    const auto flags = static_cast<std::uint8_t>(rest.front());
    rest.remove_prefix(1);
    if (flags > kAll || !takeVarint(rest, record.mark.bytes)) return false;
    if ((flags & kSameLeaf) == 0 && !takeVarint(rest, record.text_index)) return false;
    ++record.text_record;
    if ((flags & kNextText) == 0 && !takeVarint(rest, record.text_record)) return false;
    std::uint64_t case_id = static_cast<std::uint64_t>(record.case_id) + 1;
    if ((flags & kNextCase) == 0 && !takeVarint(rest, case_id)) return false;
    record.mark.found = 1;
    if ((flags & kFoundOnce) == 0 && !takeVarint(rest, record.mark.found)) return false;
    if (case_id == 0 || case_id > INT64_MAX || rest.size() < record.mark.digest.size()) return false;
    record.case_id = static_cast<std::int64_t>(case_id);
    record.has_time = (flags & kHasTime) != 0;
    std::copy_n(rest.begin(), record.mark.digest.size(), record.mark.digest.begin());
    rest.remove_prefix(record.mark.digest.size());
    return record.mark.bytes != 0;
}

}  // namespace

void KnownNotes::add(const KnownRecord& record) {
    std::uint8_t flags = record.has_time ? kHasTime : 0;
    if (record.text_index == last_.text_index) flags |= kSameLeaf;
    if (record.text_record == last_.text_record + 1) flags |= kNextText;
    if (record.case_id - 1 == last_.case_id) flags |= kNextCase;
    if (record.mark.found == 1) flags |= kFoundOnce;
    entries_ += static_cast<char>(flags);
    putVarint(record.mark.bytes, entries_);
    if ((flags & kSameLeaf) == 0) putVarint(record.text_index, entries_);
    if ((flags & kNextText) == 0) putVarint(record.text_record, entries_);
    if ((flags & kNextCase) == 0) putVarint(static_cast<std::uint64_t>(record.case_id), entries_);
    if ((flags & kFoundOnce) == 0) putVarint(record.mark.found, entries_);
    entries_.append(record.mark.digest.begin(), record.mark.digest.end());
    last_ = record;
}

std::string KnownNotes::take(const Sha256& key) {
    std::string piece(1, kFormat);
    piece += textOf(ByteView(authenticationCode(key, entries_))).substr(0, kSumBytes);
    piece += entries_;
    entries_.clear();
    last_ = {};
    return piece;
}

bool readKnownNotes(std::string_view piece, const Sha256& key, std::vector<KnownRecord>& out) {
    if (piece.size() <= 1 + kSumBytes || piece.front() != kFormat) return false;
    std::string_view rest = piece.substr(1 + kSumBytes);
    const Sha256 sum = authenticationCode(key, rest);
    if (textOf(ByteView(sum)).substr(0, kSumBytes) != piece.substr(1, kSumBytes)) return false;
    const std::size_t before = out.size();
    KnownRecord record;
    while (!rest.empty()) {
        if (!takeRecord(rest, record)) {
            out.resize(before);
            return false;
        }
        out.push_back(record);
    }
    return true;
}

}  // namespace caseway
