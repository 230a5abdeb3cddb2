// gateway/report/volume.cpp - medians.
#include "gateway/report/volume.hpp"

#include <algorithm>
#include <cmath>

namespace caseway {
namespace {

constexpr double kMostScore = 3.5;
constexpr double kScoreOfDeviation = 0.6745;  ///< makes the median distance a standard deviation where all is normal
constexpr double kLeastPart = 0.5;
constexpr double kLeastRecords = 20;

}  // namespace

double medianOf(std::vector<double> values) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    const std::size_t half = values.size() / 2;
    return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

NightVolume compareVolume(std::uint64_t read, std::vector<std::uint64_t> before) {
    NightVolume volume;
    volume.read = read;
    volume.before = std::move(before);
    if (volume.before.size() < kNightsNeeded) return volume;
    std::vector<double> values(volume.before.begin(), volume.before.end());
    const double median = medianOf(values);
    for (double& value : values) value = std::abs(value - median);
    const double distance = std::abs(static_cast<double>(read) - median);
    volume.median = median;
    volume.jumped = kScoreOfDeviation * distance > kMostScore * medianOf(values) && distance > kLeastPart * median &&
                    distance > kLeastRecords;
    return volume;
}

}  // namespace caseway
