// gateway/pipeline/newest_time.cpp - a leaf and some rows: what a clock that was set back writes comes behind them, so
// more than one of them is looked at.
#include "gateway/pipeline/newest_time.hpp"

#include <algorithm>

#include "gateway/formats/run/run_document.hpp"
#include "gateway/log/leaf.hpp"

namespace caseway {
namespace {

constexpr std::size_t kRunsLookedAt = 200;

}  // namespace

std::optional<Instant> newestTime(StoreReader& reader) {
    std::optional<Instant> newest;
    const auto note = [&newest](Instant at) { newest = newest ? std::max(*newest, at) : at; };
    if (const auto head = reader.lastCheckpoint(); head && head->tree_size != 0)
        if (const auto text = reader.leaf(head->tree_size - 1))
            if (const auto leaf = parseLeaf(*text)) note(leaf->received_at);
    for (const RunRow& row : reader.runs({}, 0, kRunsLookedAt))
        if (const auto run = readRun(row.body)) note(run->ended_at.value_or(run->started_at));
    return newest;
}

}  // namespace caseway
