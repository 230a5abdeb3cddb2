// gateway/report/report_json.hpp - a morning report for machines: JSON (schema MorningReport of
// docs/formats/admin-openapi.json) and CSV, a line a connector.
#pragma once

#include <string>

#include "gateway/report/morning_report.hpp"

namespace caseway {

std::string jsonOf(const MorningReport& report);

/// With a BOM, so that spreadsheets read it as UTF-8; every cell quoted, and none begins a formula. Source: RFC 4180.
std::string csvOf(const MorningReport& report);

}  // namespace caseway
