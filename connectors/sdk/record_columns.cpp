// connectors/sdk/record_columns.cpp - a hash that is no secret's: a source that wants two of its pages to look the same
// may as well give them.
#include "connectors/sdk/record_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "gateway/base/fnv.hpp"

namespace caseway {
namespace {

constexpr std::size_t kColumnsMost = 64;  ///< a cursor bears them
constexpr std::size_t kNameDigits = 8, kDigits = 24;

/// Values by name.
std::map<std::string_view, std::string_view> read(std::string_view columns) {
    std::map<std::string_view, std::string_view> read;
    for (; columns.size() >= kDigits; columns.remove_prefix(kDigits))
        read.emplace(columns.substr(0, kNameDigits), columns.substr(kNameDigits, kDigits - kNameDigits));
    return read;
}

bool areEqual(const std::map<std::string_view, std::string_view>& one,
              const std::map<std::string_view, std::string_view>& other, std::string_view name) {
    const auto found = one.find(name), other_found = other.find(name);
    return found != one.end() && other_found != other.end() && found->second == other_found->second;
}

}  // namespace

void RecordColumns::add(std::string_view member, std::string_view value) {
    const std::uint64_t hash = fnv1a(value);
    auto column = std::find_if(columns_.begin(), columns_.end(), [&](const Column& c) { return c.member == member; });
    if (column == columns_.end()) {
        if (columns_.size() == kColumnsMost) return;
        column = columns_.insert(columns_.end(), {std::string(member), hash, kFnvBasis, false});
    }
    column->is_varied = column->is_varied || hash != column->first;
    column->values = fnv1a(fmt::format("{} {};", records_, hash), column->values);
}

std::string RecordColumns::digests() const {
    std::vector<std::string> digests;
    for (const Column& one : columns_)
        if (one.is_varied) digests.push_back(fmt::format("{:08x}{:016x}", fnv1a(one.member) & 0xffffffff, one.values));
    std::sort(digests.begin(), digests.end());
    std::string joined;
    for (const std::string& one : digests) joined += one;
    return joined;
}

bool mayBeSamePage(std::string_view columns, std::string_view kept) {
    const auto now = read(columns), before = read(kept);
    const auto equal = static_cast<std::size_t>(
        std::count_if(now.begin(), now.end(), [&](const auto& column) { return areEqual(now, before, column.first); }));
    return 2 * equal > std::max(now.size(), before.size());
}

/// Where rows moved between both answers, what tells them apart moved with them, and nearly nothing is the same.
bool isSamePage(std::string_view columns, std::string_view again, std::string_view kept) {
    if (!mayBeSamePage(columns, kept) || !mayBeSamePage(again, kept)) return false;
    const auto now = read(columns), second = read(again), before = read(kept);
    return std::all_of(now.begin(), now.end(), [&](const auto& column) {
        return areEqual(now, before, column.first) == areEqual(now, second, column.first);
    });
}

}  // namespace caseway
