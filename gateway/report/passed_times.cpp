// gateway/report/passed_times.cpp - a line a span: "missed_policy 2 2026-12-02T17:30:00Z 2026-12-03T17:30:00Z".
#include "gateway/report/passed_times.hpp"

#include <fmt/format.h>

#include <charconv>

namespace caseway {
namespace {

constexpr std::chrono::hours kJoined{1};  ///< a schedule by the minute would fill the note in an hour else

std::string_view takeWord(std::string_view& line) {
    const std::string_view word = line.substr(0, line.find(' '));
    line.remove_prefix(std::min(line.size(), word.size() + 1));
    return word;
}

std::optional<PassedSpan> readSpan(std::string_view line) {
    PassedSpan span;
    span.reason = takeWord(line);
    const std::string_view count = takeWord(line);
    const auto first = parseRfc3339(takeWord(line)), last = parseRfc3339(takeWord(line));
    const auto read = std::from_chars(count.data(), count.data() + count.size(), span.count);
    if (read.ec != std::errc{} || !first || !last) return std::nullopt;
    span.first = *first, span.last = *last;
    return span;
}

struct Reason {
    std::string_view name, message, next_step;
};
constexpr std::string_view kReadsOn = "the next run reads what is there; caseway sync run {} reads it now";
constexpr Reason kReasons[] = {
    {"run_under_way", "its former run went on for too long",
     "caseway sync history {}; give it more time, or let it begin less often"},
    {"no_free_slot", "others held all slots until its window closed",
     "raise sync.runs_at_once, or let them begin at other times; caseway sync run {} reads it now"},
    {"missed_policy", "nothing could run at its time, and by `schedule.missed` it is not made up by a run of its own",
     kReadsOn},
    {"window_closed", "nothing could run before its window closed: was the gateway at work?", kReadsOn},
    {"circuit_open", "its former runs failed too often", "caseway sync status; caseway sync run {} tries it now"},
    {"settings_changed", "another version of it was activated before it began", kReadsOn}};

}  // namespace

std::string passedNoteOf(std::string_view connector) {
    return "passed/" + std::string(connector);
}

PassedTimes PassedTimes::read(std::string_view text) {
    PassedTimes times;
    for (std::size_t end; (end = text.find('\n')) != std::string_view::npos; text.remove_prefix(end + 1))
        if (auto span = readSpan(text.substr(0, end))) times.add(std::move(*span));
    return times;
}

std::string PassedTimes::text() const {
    std::string text;
    for (const PassedSpan& span : spans_)
        text += fmt::format("{} {} {} {}\n", span.reason, span.count, toRfc3339(span.first), toRfc3339(span.last));
    return text;
}

void PassedTimes::add(PassedSpan span) {
    if (!spans_.empty() && spans_.back().reason == span.reason && span.first >= spans_.back().last &&
        span.first - spans_.back().last <= kJoined) {
        spans_.back().last = span.last;
        spans_.back().count += span.count;
        return;
    }
    spans_.push_back(std::move(span));
    if (spans_.size() > kMostSpans) spans_.erase(spans_.begin());
}

std::optional<RunTrouble> PassedTimes::troubleAt(Instant due, std::string_view connector) const {
    for (auto span = spans_.rbegin(); span != spans_.rend(); ++span) {
        if (due < span->first || due > span->last) continue;
        for (const Reason& reason : kReasons)
            if (reason.name == span->reason)
                return RunTrouble{"transient",
                                  "run_passed_over",
                                  span->reason,
                                  std::string(reason.message),
                                  fmt::format(fmt::runtime(reason.next_step), connector),
                                  {}};
    }
    return std::nullopt;
}

}  // namespace caseway
