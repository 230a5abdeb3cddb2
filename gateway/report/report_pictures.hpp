// gateway/report/report_pictures.hpp - the report's pictures as inline SVG: how much came of each outcome, and the
// nights before. Numbers alone decide their shapes; a text in each says the same for who cannot see it.
#pragma once

#include <string>

#include "gateway/report/morning_report.hpp"
#include "gateway/report/report_words.hpp"

namespace caseway {

/// One bar a connector, in parts by outcome, all to one scale.
std::string countsPicture(const MorningReport& report, const ReportWords& words);
/// The nights before, their median as a line, and this one.
std::string volumePicture(const NightVolume& volume, const ReportWords& words);

}  // namespace caseway
