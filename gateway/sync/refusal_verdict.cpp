// gateway/sync/refusal_verdict.cpp - how many, and for what.
#include "gateway/sync/refusal_verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "gateway/base/counted.hpp"
#include "gateway/base/peoples_time.hpp"
#include "gateway/sync/run_trouble.hpp"

namespace caseway {
namespace {

constexpr std::uint64_t kEnoughToJudge = 100;  ///< for a share
constexpr std::uint64_t kSeveral = 10;         ///< nothing but refusals, whatever they are for
constexpr std::uint64_t kNearlyAll = 90;       ///< of a hundred
constexpr std::uint64_t kFew = 3;              ///< the same, where all say that the form does not fit
constexpr std::string_view kTime = "time_out_of_bounds", kOwner = "case_not_owned";

/// Said of a form that changed, rather than of one bad record.
constexpr std::array<std::string_view, 13> kOfForm{
    "required_missing",   "list_found",      "value_not_scalar", "value_not_single",   "code_unknown",
    "boolean_unreadable", "date_unreadable", "money_unreadable", "integer_unreadable", "list_unreadable",
    "pattern_broken",     "no_kind_takes",   "value_not_object"};

/// Whether nothing but refusals is a sign, beside nothing that could be taken.
bool isSign(const RunCounts& counts, const RefusalCodes& codes) {
    if (counts.payloads_refused != 0 || counts.records.refused >= kSeveral) return true;
    return counts.records.refused >= kFew && !codes.empty() && std::all_of(codes.begin(), codes.end(), [](auto& code) {
               return std::find(kOfForm.begin(), kOfForm.end(), code.first) != kOfForm.end();
           });
}

/// By what most of the records were refused for.
std::string nextStepOf(const Run& run, const RefusalCodes& codes) {
    const bool is_dry = run.number == 0;  // nothing of it is kept
    const std::string look = is_dry ? "caseway connector test shows what is refused"
                                    : fmt::format("caseway sync show {} names what was refused", run.number);
    const std::string again = is_dry ? "caseway sync run" : fmt::format("caseway sync retry {}", run.number);
    const auto most =
        std::max_element(codes.begin(), codes.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    const std::string_view code = most == codes.end() ? std::string_view() : std::string_view(most->first);
    if (code == kTime)
        return fmt::format(
            "{}; let the department correct its times, or the mapping read them as no_date; where the "
            "gateway's clock was wrong, set it, then {}",
            look, again);
    if (code == kOwner) return look + "; the register says whose cases a system may write (caseway system show)";
    return look + "; mend the mapping, test and activate the connector, then " + again;
}

}  // namespace

std::optional<RunTrouble> tooMuchRefused(unsigned percent, const Run& run, const RefusalCodes& codes, bool is_end) {
    const RunCounts& counts = run.counts;
    const std::uint64_t refused = counts.records.refused + counts.payloads_refused;
    const std::uint64_t all = counts.read + counts.payloads_refused;
    const bool nothing_good = is_end && refused == all && isSign(counts, codes);
    const bool too_much = all >= kEnoughToJudge && refused * 100 > all * percent;
    if (refused == 0 || percent >= 100 || !(nothing_good || too_much)) return std::nullopt;
    return RunTrouble{"config",
                      std::string(nothing_good ? "all_refused" : kTooManyRefused),
                      {},
                      fmt::format("{} of {} refused: the source changed, or the mapping does not fit it", refused, all),
                      nextStepOf(run, codes),
                      {}};
}

std::optional<RunTrouble> clockSetBack(const Run& run, const RefusalCodes& codes, Instant now,
                                       std::optional<Instant> newest) {
    constexpr std::chrono::hours kFarBehind{1};
    const auto times = codes.find(kTime);
    const bool is_refused = times != codes.end();
    const std::uint64_t stale = run.counts.records.stale;
    if (!(is_refused || stale != 0) || !newest || now + kFarBehind >= *newest) return std::nullopt;
    std::string found = is_refused ? fmt::format("{} {} refused for {} time", counted(times->second, "record"),
                                                 wasOrWere(times->second), times->second == 1 ? "its" : "their")
                                   : "";
    if (stale != 0)
        found += fmt::format("{}{} {} not taken, as what we have counts as newer", is_refused ? ", " : "",
                             counted(stale, "record"), wasOrWere(stale));
    const std::string retry = is_refused && run.number != 0 ? fmt::format(", then caseway sync retry {}", run.number)
                                                            : std::string(", then caseway sync run");
    const std::string ahead =
        stale == 0 ? std::string("and the records are to blame")
                   : fmt::format(
                         "and what was read then counts as newer until {}: a mapping that states data_version "
                         "or a time of change is not held up by it",
                         peoplesTime(*newest));
    return RunTrouble{"config",
                      "clock_set_back",
                      {},
                      fmt::format("{}, and the gateway's clock ({}) is {} behind what its log has already ({})", found,
                                  peoplesTime(now), timeText(std::chrono::floor<std::chrono::seconds>(*newest - now)),
                                  peoplesTime(*newest)),
                      fmt::format("set the gateway's clock (timedatectl){}; where it is right now, it ran ahead "
                                  "before, {}",
                                  retry, ahead),
                      {}};
}

std::optional<RunTrouble> nearlyAllStale(const Run& run) {
    const RunCounts& counts = run.counts;
    const bool asks_on = run.kind == RunKind::Next || run.kind == RunKind::Full;
    if (!asks_on || counts.records.stale < kSeveral || counts.records.stale * 100 < counts.read * kNearlyAll)
        return std::nullopt;
    return RunTrouble{"config",
                      "nearly_all_stale",
                      {},
                      fmt::format("{} of {} records were not taken, as what we have counts as newer",
                                  counts.records.stale, counts.read),
                      "look at one of them (caseway case show): if what we have is not newer, the source's versions or "
                      "times went back, or the gateway's clock was ahead when it was read (timedatectl); a mapping "
                      "that states data_version or a time of change tells which is newer",
                      {}};
}

}  // namespace caseway
