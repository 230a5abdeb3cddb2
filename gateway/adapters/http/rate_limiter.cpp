// gateway/adapters/http/rate_limiter.cpp - see rate_limiter.hpp.
#include "gateway/adapters/http/rate_limiter.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace caseway {
namespace {

double secondsBetween(RateLimiter::TimePoint from, RateLimiter::TimePoint to) {
    return std::max(0.0, std::chrono::duration<double>(to - from).count());
}

}  // namespace

RateLimiter::RateLimiter(double per_second, double burst, std::size_t keys)
    : per_second_(per_second), burst_(burst > 0 ? burst : std::max(1.0, 2 * per_second)), keys_(keys) {}

void RateLimiter::forgetFull(TimePoint now) {
    if (now - forgot_at_ < std::chrono::seconds(1)) return;
    forgot_at_ = now;
    std::erase_if(buckets_, [&](const auto& entry) {
        return entry.second.tokens + secondsBetween(entry.second.filled_at, now) * per_second_ >= burst_;
    });
}

std::optional<std::chrono::seconds> RateLimiter::take(std::string_view key, TimePoint now) {
    if (per_second_ <= 0) return std::nullopt;
    const std::lock_guard lock(mutex_);
    auto found = buckets_.find(std::string(key));
    if (found == buckets_.end()) {
        if (buckets_.size() >= keys_) forgetFull(now);
        const bool crowded = buckets_.size() >= keys_;
        found = buckets_.try_emplace(crowded ? std::string() : std::string(key), Bucket{burst_, now}).first;
    }
    auto& bucket = found->second;
    bucket.tokens = std::min(burst_, bucket.tokens + secondsBetween(bucket.filled_at, now) * per_second_);
    bucket.filled_at = std::max(bucket.filled_at, now);
    if (bucket.tokens >= 1) {
        bucket.tokens -= 1;
        return std::nullopt;
    }
    return std::chrono::seconds(std::max(1L, static_cast<long>(std::ceil((1 - bucket.tokens) / per_second_))));
}

std::string rateKey(std::string_view address) {
    std::array<unsigned char, 16> bytes{};
    const std::string text(address.substr(0, address.find('%')));
    if (::inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return std::string(address);
    constexpr std::array<unsigned char, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    const bool mapped = std::equal(kMapped.begin(), kMapped.end(), bytes.begin());
    return std::string(reinterpret_cast<const char*>(bytes.data()), mapped ? 16 : 8);
}

}  // namespace caseway
