// gateway/sync/source_gave.hpp - what a source gave in a run beside what it says that it has, as the connector counts
// both; and what the mapping found of it.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "gateway/formats/text/said_text.hpp"
#include "gateway/ports/run_ledger.hpp"

namespace caseway {

/// What a page says of its source, without a count that is none.
inline PageEnd countable(PageEnd end) {
    if (end.source_total > kCountMost) end.source_total.reset();
    return end;
}

struct SourceGave {
    bool is_whole = false;                 ///< it was asked for everything, from the beginning, in one go
    std::optional<std::uint64_t> total{};  ///< of the whole set, the source's last word
    std::uint64_t most_told = 0;           ///< the most that it ever said in this run
    std::uint64_t records = 0;
    /// Those that the mapping found, passed over on purpose among them, once all are mapped; nothing where not known.
    std::optional<std::uint64_t> mapped{};
    bool is_counted = true;         ///< false: a page came whose records the connector does not count
    bool withholds = false;         ///< it says itself that it does not give everything
    std::string uncounted{};        ///< why its own count, which was asked for, is not known; its last word
    std::uint64_t too_large = 0;    ///< payloads that were dropped for their size
    std::string first_too_large{};  ///< its name
    /// Its clock against ours, as its answers tell it: the least, since whatever held one answer up looks like more.
    std::optional<std::chrono::seconds> clock_ahead{};
    std::optional<WaitingFiles> waiting{};  ///< the source's last word
    std::string worth_knowing{};            ///< PageEnd::note, the last one

    void note(const PageEnd& end, const PulledPage& page) {
        const bool has_payloads = !page.payloads.empty();
        for (const PulledPayload& payload : page.payloads) {
            if (!payload.too_large_for) continue;
            if (too_large++ == 0) first_too_large = payload.head.name;
        }
        if (end.source_total) total = end.source_total;
        most_told = std::max(most_told, end.source_total.value_or(0));
        waiting = end.waiting;
        if (!end.note.empty()) worth_knowing = saidText(end.note);
        records += end.records;
        is_counted = is_counted && (!has_payloads || end.records != 0);
        withholds = withholds || !end.withheld.empty();
        uncounted = saidText(end.uncounted);
        if (end.clock_ahead && (!clock_ahead || std::chrono::abs(*end.clock_ahead) < std::chrono::abs(*clock_ahead)))
            clock_ahead = end.clock_ahead;
    }
    /// A pass that gives ten times what its source says it has, and more, never ends by itself.
    std::optional<RunTrouble> withoutEnd() const {
        constexpr std::uint64_t kTimes = 10, kBeyond = 10'000;
        if (most_told == 0 || records <= kTimes * most_told + kBeyond) return std::nullopt;
        return RunTrouble{"system",
                          "pages_without_end",
                          {},
                          fmt::format("{} records read, where the source says that it has {}", records, most_told),
                          "look at what the source answers: caseway connector test"};
    }
    /// What of it a run says of its source at its end.
    void tell(Run& run) const {
        if (clock_ahead && std::chrono::abs(*clock_ahead) > kSourceClockApart) run.clock_ahead = clock_ahead;
        run.waiting = waiting;
        if (!worth_knowing.empty()) run.note = worth_knowing;
    }
};

}  // namespace caseway
