// gateway/adapters/http/rate_limiter.hpp - token buckets by key: a client's address in the server, a system in a
// handler.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace caseway {

class RateLimiter {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    /// `per_second` 0: everything passes. `burst` 0: two seconds' worth, at least one. At most `keys` are remembered;
    /// when all are busy, new keys share one bucket.
    RateLimiter(double per_second, double burst, std::size_t keys = 65'536);

    /// Takes one token of `key`; if there is none, the whole seconds to wait, at least 1. Callable concurrently.
    std::optional<std::chrono::seconds> take(std::string_view key, TimePoint now);

private:
    struct Bucket {
        double tokens;
        TimePoint filled_at;
    };
    void forgetFull(TimePoint now);

    const double per_second_;
    const double burst_;
    const std::size_t keys_;
    std::mutex mutex_;
    std::unordered_map<std::string, Bucket> buckets_;
    TimePoint forgot_at_{};
};

/// The key under which an address is counted: itself for IPv4, its /64 for IPv6.
std::string rateKey(std::string_view address);

}  // namespace caseway
