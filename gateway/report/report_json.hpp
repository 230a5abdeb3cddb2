// gateway/report/report_json.hpp - a morning report for machines: JSON (schema MorningReport of
// docs/formats/admin-openapi.json), with every figure of the page. As a table: report_csv.hpp.
#pragma once

#include <string>

#include "gateway/report/morning_report.hpp"

namespace caseway {

std::string jsonOf(const MorningReport& report);

}  // namespace caseway
