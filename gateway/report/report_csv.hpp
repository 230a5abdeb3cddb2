// gateway/report/report_csv.hpp - the report as a table: a row a connector, every figure of the page in a column of its
// own, for spreadsheets.
#pragma once

#include <string>

#include "gateway/report/morning_report.hpp"

namespace caseway {

/// UTF-8 with its mark, lines with CRLF (RFC 4180). A cell that a spreadsheet would take for a formula begins with an
/// apostrophe. New columns stand at the end.
std::string csvOf(const MorningReport& report);

}  // namespace caseway
