// connectors/sql/seen_rows.cpp - rows held against what the cursor keeps of them.
#include "connectors/sql/seen_rows.hpp"

#include <algorithm>
#include <cstring>

#include "gateway/base/base64.hpp"

namespace caseway {
namespace {

constexpr std::size_t kRowsOfBlock = 500;
constexpr std::size_t kBlocksWeight = 500;  ///< in digests; more of one mark are merged, two and two

/// Sums of it do not depend on an order, and two blocks can be merged.
std::uint64_t numberOf(const std::string& digest) {
    std::uint64_t number = 0;
    const auto bytes = fromBase64Url(digest);
    if (bytes && bytes->size() >= sizeof number) std::memcpy(&number, bytes->data(), sizeof number);
    return number;
}

std::size_t endOfBlock(const SqlCursor::SeenMark& seen, std::size_t from, const std::vector<std::string>& key) {
    while (from < seen.blocks.size() && seen.blocks[from].upto != key) ++from;
    return from;
}

template <class List>
auto at(List& list, std::size_t index) {
    return list.begin() + static_cast<std::ptrdiff_t>(index);
}

}  // namespace

SeenRows::Row SeenRows::look(const std::vector<std::string>& order, const std::string& digest,
                             const std::vector<std::string>& before) {
    ++looked_;
    if (next_.place.mark != order.front()) {
        if (leave()) return Row::Changed;
        next_.place = {order.front(), 0, 0};
    }
    SqlCursor::SeenMark& seen = next_.seenOf(order.front());
    const std::vector<std::string> key(order.begin() + 1, order.end());
    const std::size_t block = next_.place.block;
    if (block >= seen.blocks.size() || seen.blocks[block].count == 0) return single(seen, key, digest);
    if (!isHolding()) begin_ = before;
    return hold(seen, key, digest);
}

/// A block whose last row went runs on to the end of another.
SeenRows::Row SeenRows::hold(SqlCursor::SeenMark& seen, const std::vector<std::string>& key,
                             const std::string& digest) {
    ++held_.count;
    held_.sum += numberOf(digest);
    std::size_t& block = next_.place.block;
    const std::size_t end = endOfBlock(seen, block, key);
    if (end == seen.blocks.size()) return Row::Held;
    const bool is_same = end == block && seen.blocks[end].count == held_.count && seen.blocks[end].sum == held_.sum;
    held_ = {};
    if (is_same) {
        ++block;
        return Row::Held;
    }
    seen.blocks.erase(at(seen.blocks, block), at(seen.blocks, end));
    seen.blocks[block].count = seen.blocks[block].sum = 0;
    return Row::Changed;
}

SeenRows::Row SeenRows::single(SqlCursor::SeenMark& seen, const std::vector<std::string>& key,
                               const std::string& digest) {
    const auto looked_for = seen.digests.end() - static_cast<std::ptrdiff_t>(next_.place.open);
    const auto known = std::find(seen.digests.begin(), looked_for, digest);
    const bool is_known = known != looked_for;
    if (is_known) seen.digests.erase(known);
    seen.digests.push_back(digest);  // those of this pass stand behind those that are still looked for
    ++next_.place.open;
    const std::size_t end = endOfBlock(seen, next_.place.block, key);
    const bool ends_block = end < seen.blocks.size();
    if (ends_block) seen.blocks.erase(at(seen.blocks, next_.place.block), at(seen.blocks, end + 1));
    if (ends_block || next_.place.open >= kRowsOfBlock) closeBlock(seen, key);
    return is_known ? Row::Seen : Row::New;
}

void SeenRows::closeBlock(SqlCursor::SeenMark& seen, const std::vector<std::string>& key) {
    SqlCursor::Block block{key, next_.place.open, 0};
    const auto first = seen.digests.end() - static_cast<std::ptrdiff_t>(next_.place.open);
    for (auto one = first; one != seen.digests.end(); ++one) block.sum += numberOf(*one);
    seen.digests.erase(first, seen.digests.end());
    seen.blocks.insert(at(seen.blocks, next_.place.block), std::move(block));
    ++next_.place.block;
    next_.place.open = 0;
    std::size_t weight = 0;
    for (const auto& one : seen.blocks) weight += one.weight();
    if (weight <= kBlocksWeight) return;
    for (std::size_t two = 1; two < next_.place.block; ++two, --next_.place.block) {  // those that were passed
        seen.blocks[two].count += seen.blocks[two - 1].count;
        seen.blocks[two].sum += seen.blocks[two - 1].sum;
        seen.blocks.erase(at(seen.blocks, two - 1));
    }
}

bool SeenRows::leave() {
    auto& seen = next_.seen;
    const auto mark =
        std::find_if(seen.begin(), seen.end(), [&](const auto& one) { return one.mark == next_.place.mark; });
    if (mark == seen.end()) return false;
    if (next_.place.block < mark->blocks.size())
        mark->blocks.erase(at(mark->blocks, next_.place.block), mark->blocks.end());
    if (isHolding()) {
        held_ = {};
        return true;
    }
    // The others are of rows that went, or changed.
    mark->digests.erase(mark->digests.begin(), mark->digests.end() - static_cast<std::ptrdiff_t>(next_.place.open));
    return false;
}

}  // namespace caseway
