// gateway/report/report_words.hpp - the words of the report in the two languages in which it is written.
#pragma once

#include <optional>
#include <string_view>

#include "gateway/report/morning_report.hpp"

namespace caseway {

enum class ReportLanguage { Chinese, English };
/// "zh", "en"
std::optional<ReportLanguage> reportLanguageNamed(std::string_view name);

struct ReportWords {
    std::string_view tag, title, night, made, so_far, department, connector, state, planned, ran, read, fresh, changed,
        same, stale, refused, source_says, no_count, last_good, newest, next, volume, counts, attention, nothing,
        nobody, refusals, rule, examples, not_read, drift, field, code, trouble, next_step, payloads_refused, never,
        jumped, median, record, payload, message, none, began, records_refused, blackout, sums, first_seen, legend,
        beside, never_whole, never_whole_advice, clock_ahead, clock_behind, clock_advice, both_sides, source, ours,
        different, missing_here, newer_here, deleted_here, repeated, missing_there, not_compared, put_right, marked,
        marked_before, left, waits_since, tries_again, tries_now, failed_since, files_wait, files_wait_advice,
        files_aside, files_aside_advice, not_sent, days, hours, minutes, doubled, such_as, records_doubled,
        records_doubled_advice, store_advice, circuit_open, not_ended, file_waits, file_aside;
    std::array<std::string_view, kNightStateNames.size()> states;
    std::array<std::string_view, kRunKindNames.size()> kinds;
    std::array<std::string_view, kRunStateNames.size()> run_states;
    std::array<std::string_view, kAgreementNames.size()> agreements;

    /// What to do about a code, where it can be said in this language besides the refusal's own English words.
    std::string_view (*advice_on)(std::string_view code);

    std::string_view of(NightState which) const { return states[static_cast<std::size_t>(which)]; }
    std::string_view of(RunKind which) const { return kinds[static_cast<std::size_t>(which)]; }
    std::string_view of(RunState which) const { return run_states[static_cast<std::size_t>(which)]; }
    std::string_view of(Agreement which) const { return agreements[static_cast<std::size_t>(which)]; }
};
const ReportWords& wordsOf(ReportLanguage language);

}  // namespace caseway
