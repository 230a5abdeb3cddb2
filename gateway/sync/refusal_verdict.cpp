// gateway/sync/refusal_verdict.cpp - how many, and for what.
#include "gateway/sync/refusal_verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace caseway {
namespace {

constexpr std::uint64_t kEnoughToJudge = 100;  ///< for a share
constexpr std::uint64_t kSeveral = 10;         ///< nothing but refusals, whatever they are for
constexpr std::uint64_t kFew = 3;              ///< the same, where all say that the form does not fit
constexpr std::string_view kTime = "time_out_of_bounds", kOwner = "case_not_owned";

/// Said of a form that changed, rather than of one bad record.
constexpr std::array<std::string_view, 12> kOfForm{"required_missing", "list_found",       "value_not_scalar",
                                                   "value_not_single", "code_unknown",     "boolean_unreadable",
                                                   "date_unreadable",  "money_unreadable", "integer_unreadable",
                                                   "list_unreadable",  "pattern_broken",   "no_kind_takes"};

/// Whether nothing but refusals is a sign, beside nothing that could be taken.
bool isSign(const RunCounts& counts, const RefusalCodes& codes) {
    if (counts.payloads_refused != 0 || counts.records.refused >= kSeveral) return true;
    return counts.records.refused >= kFew && !codes.empty() && std::all_of(codes.begin(), codes.end(), [](auto& code) {
               return std::find(kOfForm.begin(), kOfForm.end(), code.first) != kOfForm.end();
           });
}

/// By what most of the records were refused for.
std::string nextStepOf(const Run& run, const RefusalCodes& codes) {
    const std::string look = "look at what was refused (caseway message list --outcome refused)";
    const auto most =
        std::max_element(codes.begin(), codes.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    const std::string_view code = most == codes.end() ? std::string_view() : std::string_view(most->first);
    if (code == kTime)
        return fmt::format(
            "{}: let the department correct its times, or the mapping read them as no_date; where the "
            "gateway's clock was wrong, set it, then caseway sync retry {}",
            look, run.number);
    if (code == kOwner) return look + ": the register says whose cases a system may write (caseway system show)";
    return look + ", mend the mapping, test and activate the connector, then caseway sync retry";
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
    if (times == codes.end() || !newest || now + kFarBehind >= *newest) return std::nullopt;
    return RunTrouble{"config",
                      "clock_set_back",
                      {},
                      fmt::format("{} records were refused for their time, and the gateway's clock ({}) is behind what "
                                  "its log has already ({})",
                                  times->second, toRfc3339(now), toRfc3339(*newest)),
                      fmt::format("set the gateway's clock (timedatectl), then caseway sync retry {}; where it is "
                                  "right now, it ran ahead before, and the records are to blame",
                                  run.number),
                      {}};
}

}  // namespace caseway
