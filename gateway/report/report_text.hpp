// gateway/report/report_text.hpp - a morning report as plain text: for a terminal, and for the part of a mail that
// every reader can show.
#pragma once

#include <string>

#include "gateway/report/morning_report.hpp"
#include "gateway/report/report_words.hpp"

namespace caseway {

/// Lines end in "\n". Control characters in names are replaced.
std::string textOf(const MorningReport& report, ReportLanguage language);
/// "Caseway center/gateway 2026-11-26: 2 absent, 28 on time"
std::string subjectOf(const MorningReport& report, ReportLanguage language);

}  // namespace caseway
