// gateway/report/volume.hpp - whether a night brought much more or much less than the nights before: against their
// median and the median distance from it, so that one odd night neither hides the next nor makes it odd.
// Source: Iglewicz and Hoaglin, How to Detect and Handle Outliers (1993), modified z-score.
#pragma once

#include <cstdint>
#include <vector>

#include "gateway/report/morning_report.hpp"

namespace caseway {

inline constexpr std::size_t kNightsCompared = 14;  ///< at most
inline constexpr std::size_t kNightsNeeded = 5;     ///< fewer say nothing

/// 0 where it is empty.
double medianOf(std::vector<double> values);
/// `before`: the nights compared, the oldest first. A jump: more than 3.5 modified z-scores, and half of the median,
/// and 20 records away from it.
NightVolume compareVolume(std::uint64_t read, std::vector<std::uint64_t> before);

}  // namespace caseway
