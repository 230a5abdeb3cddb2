// gateway/pipeline/message_counts.hpp - what one message adds to the counts of its run.
#pragma once

#include <functional>
#include <optional>

#include "gateway/domain/run.hpp"
#include "gateway/ports/store.hpp"

namespace caseway {

/// It could not be applied, as a whole or from some record on.
bool isParked(const MessageRow& row);
/// What a message adds to its run. Reads the leaf of its outcome where it may have broken off; throws Fault as that.
RunCounts countsOf(StoreReader& reader, const MessageRow& row);
/// What one adds that was taken before, whoever brought it then.
RunCounts countsOfKnown(StoreReader& reader, const MessageRow& row);
/// Of all pages of a run, as their messages stand. `applied`: the row of one, nothing where it is not applied yet: then
/// it is left out, or nothing is counted at all where `needs_all`.
std::optional<RunCounts> countsOfRun(StoreReader& reader, RunNo run, bool needs_all,
                                     const std::function<std::optional<MessageRow>(LogIndex)>& applied,
                                     const std::function<void(const RunPage&)>& each_page = {});

}  // namespace caseway
