// gateway/log/key_walk.cpp - pages of keys.
#include "gateway/log/key_walk.hpp"

#include <tuple>

namespace caseway {
namespace {

constexpr std::size_t kPage = 1000;

/// Negative keys, which no row of ours has, come first in a table and look huge here.
bool isBefore(const StoredKey& a, const StoredKey& b) {
    return static_cast<std::int64_t>(a.first) < 0 || std::tie(a.first, a.second) < std::tie(b.first, b.second);
}

}  // namespace

const StoredKey* KeyWalk::next() {
    if (at_ == page_.size() && !at_end_) {
        page_ = store_.keys(table_, last_, kPage);
        at_ = 0;
        at_end_ = page_.size() < kPage;
        if (!page_.empty()) last_ = page_.back();
    }
    return at_ == page_.size() ? nullptr : &page_[at_];
}

void KeyWalk::added(const StoredKey& key) {
    const bool two = table_ == StoreTable::Tile || table_ == StoreTable::OutcomePart || table_ == StoreTable::Patch ||
                     table_ == StoreTable::Repeat;
    findings_.add("row_added",
                  std::string(name_) + ' ' + std::to_string(static_cast<std::int64_t>(key.first)) +
                      (two ? "/" + std::to_string(key.second) : std::string()),
                  "no such row", "a row", "no leaf of the log stands for it: somebody wrote it into the database");
}

bool KeyWalk::takes(StoredKey key) {
    for (const StoredKey* found = next(); found != nullptr; found = next()) {
        if (*found == key) return ++at_, true;
        if (!isBefore(*found, key)) return false;
        added(*found);
        ++at_;
    }
    return false;
}

void KeyWalk::takesAll(std::uint64_t first, bool expected) {
    std::uint64_t part = 0;
    for (const StoredKey* found = next(); found != nullptr; found = next()) {
        if (found->first != first && !isBefore(*found, {first, 0})) return;
        if (found->first != first || !expected || found->second != part++) added(*found);
        ++at_;
    }
}

/// No further than anybody is told of: a row of the feed may claim that it stands for two thousand million numbers.
void KeyWalk::finish() {
    for (const StoredKey* found = next(); found != nullptr && !findings_.areFull(); found = next()) {
        added(*found);
        ++at_;
    }
}

}  // namespace caseway
