// gateway/report/report_html.hpp - a morning report as one page: tables and pictures (inline SVG), nothing from
// elsewhere, no script; reads well printed. Every text is escaped, whoever chose it.
#pragma once

#include <string>

#include "gateway/report/morning_report.hpp"
#include "gateway/report/report_words.hpp"

namespace caseway {

std::string htmlOf(const MorningReport& report, ReportLanguage language);

}  // namespace caseway
