// gateway/daemon/passed_over.cpp - counts and lines.
#include "gateway/daemon/passed_over.hpp"

#include <algorithm>
#include <utility>

#include "gateway/daemon/operating_log.hpp"

namespace caseway {

void tellPassedOver(const PassedOverLine& line) {
    const std::string count = std::to_string(line.count), due = toRfc3339(Instant(line.due));
    logWarning("run_passed_over",
               {{"connector", line.connector}, {"reason", nameOf(line.why)}, {"due", due}, {"count", count}});
}

void PassedOverBook::note(const std::string& connector, PassedOver why, std::size_t count,
                          std::chrono::sys_seconds first, std::chrono::sys_seconds due) {
    if (count == 0) return;
    counts_[connector][static_cast<std::size_t>(why)] += count;
    const auto line = std::find_if(lines_.begin(), lines_.end(), [&](const PassedOverLine& one) {
        return one.connector == connector && one.why == why;
    });
    if (line == lines_.end()) return lines_.push_back({connector, why, count, due, first});
    line->count += count;
    line->due = std::max(line->due, due);
    line->first = std::min(line->first, first);
}

PassedOverCounts PassedOverBook::of(std::string_view connector) const {
    const auto found = counts_.find(connector);
    return found == counts_.end() ? PassedOverCounts{} : found->second;
}

std::vector<PassedOverLine> PassedOverBook::takeLines() {
    return std::exchange(lines_, {});
}

}  // namespace caseway
