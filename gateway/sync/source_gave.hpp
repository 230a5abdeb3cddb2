// gateway/sync/source_gave.hpp - what a source gave in a run beside what it says that it has, as the connector counts
// both; and what the mapping found of it.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

#include "gateway/domain/run_gave.hpp"
#include "gateway/formats/text/said_text.hpp"
#include "gateway/ports/run_ledger.hpp"

namespace caseway {

/// What a page says of its source, without a count that is none.
inline PageEnd countable(PageEnd end) {
    if (end.source_total > kCountMost) end.source_total.reset();
    return end;
}

struct SourceGave : RunGave {
    /// Those that the mapping found, passed over on purpose among them, once all are mapped; nothing where not known.
    std::optional<std::uint64_t> mapped{};

    /// Of a run that begins, or is taken up again. `from_begin`: it reads from its source's beginning.
    static SourceGave soFar(const Run& run, bool from_begin) {
        SourceGave given;
        const bool goes_on = run.gave && run.kind != RunKind::Reconcile;  // that one looks anew
        if (goes_on)
            static_cast<RunGave&>(given) = *run.gave;
        else
            given.is_whole = run.pages == 0 && from_begin && (run.kind == RunKind::Full || run.kind == RunKind::Next);
        return given;
    }
    void note(const PageEnd& end, const PulledPage& page) {
        const bool has_payloads = !page.payloads.empty();
        for (const PulledPayload& payload : page.payloads) {
            if (!payload.too_large_for) continue;
            if (too_large++ == 0) first_too_large = payload.head.name;
        }
        if (end.source_total) total = end.source_total;
        most_told = std::max(most_told, end.source_total.value_or(0));
        waiting = end.waiting;
        aside = end.aside;
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
        run.aside = aside;
        if (!worth_knowing.empty()) run.note = worth_knowing;
    }
};

}  // namespace caseway
