// gateway/adapters/plugin/back_off.cpp - exponential, bounded.
#include "gateway/adapters/plugin/back_off.hpp"

#include <algorithm>

namespace caseway {

void BackOff::failed(Time now, double jitter, const BackOffSettings& settings) {
    constexpr std::uint32_t kDoublingsMax = 20;
    if (started_ != Time{} && now - started_ >= settings.settled) failures_ = 0;
    const auto doubled = settings.first * (std::int64_t{1} << std::min(failures_, kDoublingsMax));
    const auto pause = std::min<std::chrono::milliseconds>(doubled, settings.most);
    until_ = now + std::chrono::duration_cast<std::chrono::milliseconds>(pause * (0.75 + jitter / 2));
    ++failures_;
}

}  // namespace caseway
