// gateway/report/attention.hpp - the few lines of a report that somebody has to act upon, with the next step of each.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/report/morning_report.hpp"
#include "gateway/report/report_words.hpp"

namespace caseway {

struct AttentionLine {
    std::string connector, what, next_step;
    bool is_bad = false;  ///< something is missing; else late, or odd
};
/// The bad ones first. None: everybody came or was not expected, nothing was refused, nothing is new.
std::vector<AttentionLine> attentionOf(const MorningReport& report, const ReportWords& words);
/// In place of lines, where there are none: that all is well, or that there was nobody of whom to say it.
std::string_view nothingOf(const MorningReport& report, const ReportWords& words);

/// "both sides agree, put right: source 500, ours 499; missing here 1, put right 1"
std::string textOf(const BothSides& sides, const ReportWords& words);

/// "reconciliation 13: partial; 03:00-03:10; 500 read, 3 refused; the two sides differ: source …"
std::string textOf(const RunBeside& run, const MorningReport& report, const ReportWords& words);

/// "3 files wait to be ready, the oldest since 11-24 01:30"
std::string textOf(const WaitingFiles& waiting, const MorningReport& report, const ReportWords& words);
/// "2 files lie in the error folder, the oldest since 01:30".
std::string textOfAside(const WaitingFiles& aside, const MorningReport& report, const ReportWords& words);

/// "3 d 2 h", "1 h 5 min", "7 min"
std::string textOf(std::chrono::seconds time, const ReportWords& words);

/// "waits since 01:42, tries again at 07:31"
std::string textOf(const RunWait& wait, const MorningReport& report, const ReportWords& words);

/// "01:30"; "11-27 01:30" where it is not in the night, with the year where that is another.
std::string shortTime(const std::optional<Instant>& at, const MorningReport& report, const ReportWords& words);

/// "01:30-01:40"; "01:30, not ended".
std::string spanText(const std::optional<Instant>& began, const std::optional<Instant>& ended,
                     const MorningReport& report, const ReportWords& words);

/// What to do about a code of its refusals, in a language that has words for it, with its name in the commands.
std::string ruleAdvice(const ConnectorNight& one, std::string_view code, const ReportWords& words);

/// "Ran × 3: 01:30-05:10": what the counts of several runs cover.
std::string timesOf(const ConnectorNight& one, const MorningReport& report, const ReportWords& words);
/// The source's own count of its set, or that it gave none in the night's runs.
std::string sourceSays(const ConnectorNight& one, const ReportWords& words);

}  // namespace caseway
