// gateway/sync/run_verdict.cpp - counts held against each other, the gravest first.
#include "gateway/sync/run_verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "gateway/base/counted.hpp"
#include "gateway/sync/refusal_verdict.hpp"

namespace caseway {
namespace {

/// A service that was asked for everything and counts more than it gave. Rows that were deleted meanwhile look the
/// same, so nothing but a person can tell. Of a run that was taken up again it may not be known any more what its
/// mapping passed over: a connector that counts files, each with many records, would be held to too little.
std::optional<RunTrouble> tooLittleGiven(const Run& run, const SourceGave& given) {
    if (run.resumed != 0 && !given.mapped) return std::nullopt;
    const std::uint64_t came = std::max({given.records, given.mapped.value_or(0), run.counts.read});
    if (!given.is_whole || !given.is_counted || given.withholds || given.total.value_or(0) <= came) return std::nullopt;
    return setIncomplete("config", fmt::format("it tells {}, and {} came", counted(*given.total, "record"), came));
}

/// A record that the connector sees and the mapping does not is none that was taken or refused: a member was renamed.
std::optional<RunTrouble> tooLittleMapped(const SourceGave& given) {
    if (!given.is_counted || !given.mapped || *given.mapped >= given.records) return std::nullopt;
    const bool is_told = given.is_whole && given.total;
    return RunTrouble{"config",
                      "records_unseen",
                      {},
                      fmt::format("{}the connector counted {}, and the mapping found {}",
                                  is_told ? fmt::format("the source tells {}, ", *given.total) : std::string(),
                                  counted(given.records, "record"), *given.mapped),
                      "hold `records` of connector and mapping against an answer (caseway connector test), mend and "
                      "activate, then caseway sync run --full; what is left out on purpose: `when`, or a kind with "
                      "`pass_over: true`",
                      {}};
}

/// The check that was asked for could not be made: a member was renamed, or says something that is no count.
std::optional<RunTrouble> notCounted(const SourceGave& given) {
    if (given.uncounted.empty()) return std::nullopt;
    return RunTrouble{
        "config",
        "total_unreadable",
        {},
        "whether the source gave all cannot be told: " + given.uncounted,
        "hold `total` against an answer (caseway connector test), mend it and activate, then caseway sync "
        "run --full; where the source has no count any more, leave `total` out",
        {}};
}

std::string refusedPayloads(const RunCounts& counts) {
    return fmt::format("payloads refused as a whole or broken off: {} of {}", counts.payloads_refused, counts.payloads);
}

/// A dry run has no number, and has kept nothing.
RunTrouble payloadsRefused(const Run& run) {
    const std::string ask = "ask the department to give them again, whole";
    const std::string mend = "where the mapping or a certificate stood in the way: mend it";
    const std::string next = run.number == 0
                                 ? fmt::format("{}; {}", ask, mend)
                                 : fmt::format("caseway sync show {} names them; {}; {}, then caseway sync retry {}",
                                               run.number, ask, mend, run.number);
    return {"config", std::string(kPayloadRefusedCode),
            {},       refusedPayloads(run.counts) + ": not all that they had was taken",
            next,     {}};
}

}  // namespace

RunTrouble setIncomplete(std::string kind, std::string found) {
    return {std::move(kind),
            "set_incomplete",
            {},
            "the source did not give all: " + std::move(found),
            "ask the department what is missing (of a service, check `paging` and `total`, too); then caseway sync run "
            "--full",
            {}};
}

std::string ofPasses(const std::vector<std::string>& early) {
    if (early.size() < 2) return fmt::format("{}", fmt::join(early, ""));
    const bool are_equal = std::adjacent_find(early.begin(), early.end(), std::not_equal_to<>()) == early.end();
    if (are_equal) return fmt::format("{}, in each of {} passes", early.back(), early.size());
    std::vector<std::string> last_first(early.rbegin(), early.rend());
    return fmt::format("{}", fmt::join(last_first, "; in the pass before: "));
}

void tellRefusedPayloads(Run& run) {
    if (run.counts.payloads_refused == 0 || !run.trouble) return;
    run.trouble->message += "; " + refusedPayloads(run.counts);
    if (run.number == 0) return;  // a dry run
    run.trouble->next_step += fmt::format("{}caseway sync show {} names the payloads that were refused",
                                          run.trouble->next_step.empty() ? "" : "; ", run.number);
}

std::optional<RunTrouble> troubleAtEnd(const Run& run, const SourceGave& given, const RefusalCodes& codes,
                                       unsigned refused_percent) {
    if (run.counts.parked != 0)
        return RunTrouble{"system",
                          std::string(kParkedCode),
                          {},
                          fmt::format("{} could not be applied and {} parked", counted(run.counts.parked, "payload"),
                                      run.counts.parked == 1 ? "is" : "are"),
                          fmt::format("look at the operating log, then caseway sync retry {}", run.number)};
    if (auto trouble = tooMuchRefused(refused_percent, run, codes, true)) return trouble;
    if (given.too_large != 0)
        return RunTrouble{"config", "payload_too_large", given.first_too_large,
                          fmt::format("{} {} larger than the gateway takes: refused, and not kept here",
                                      counted(given.too_large, "payload"), given.too_large == 1 ? "is" : "are"),
                          "ask the department to give them again in smaller files, or raise limits.http_body_bytes and "
                          "put them back from the archive"};
    if (auto trouble = tooLittleGiven(run, given)) return trouble;  // what never came, before what can be sent again
    if (run.counts.payloads_refused != 0) return payloadsRefused(run);
    if (auto trouble = tooLittleMapped(given)) return trouble;
    if (auto trouble = notCounted(given)) return trouble;
    return nearlyAllStale(run);
}

}  // namespace caseway
