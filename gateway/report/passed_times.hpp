// gateway/report/passed_times.hpp - times of a connector's schedule at which no run began and none will, and why: kept
// by the store as a note, so that the report of their night says it, whoever looks at it when.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/time.hpp"
#include "gateway/domain/run.hpp"

namespace caseway {

/// So many times behind each other, all for one reason (gateway/daemon/passed_over.hpp).
struct PassedSpan {
    std::string reason;
    std::uint64_t count = 0;
    Instant first{}, last{};  ///< when they were due
    bool operator==(const PassedSpan&) const = default;
};

class PassedTimes {
public:
    static constexpr std::size_t kMostSpans = 60;  ///< of a connector; the oldest go first

    /// Lines that are none are left out.
    static PassedTimes read(std::string_view text);
    std::string text() const;
    void add(PassedSpan span);
    /// Why nothing began at this time, with the next step; nothing where it is not known.
    std::optional<RunTrouble> troubleAt(Instant due, std::string_view connector) const;
    const std::vector<PassedSpan>& spans() const { return spans_; }

private:
    std::vector<PassedSpan> spans_;  ///< the newest last
};

/// Under which name the store keeps them.
std::string passedNoteOf(std::string_view connector);

}  // namespace caseway
