// gateway/sync/jitter.cpp - FNV-1a over name and date, mixed once more (std::hash may differ between two builds).
#include "gateway/sync/jitter.hpp"

#include <cstdint>

namespace caseway {
namespace {

constexpr std::uint64_t kFnvBasis = 0xcbf29ce484222325;
constexpr std::uint64_t kFnvPrime = 0x100000001b3;

/// The finalizer of SplitMix64: spreads a difference in any bit over all of them.
std::uint64_t mixed(std::uint64_t bits) {
    bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9;
    bits = (bits ^ (bits >> 27)) * 0x94d049bb133111eb;
    return bits ^ (bits >> 31);
}

}  // namespace

std::chrono::seconds jitter(std::string_view connector, std::chrono::local_days date, std::chrono::seconds longest) {
    std::uint64_t hash = kFnvBasis;
    for (const char c : connector) hash = (hash ^ static_cast<unsigned char>(c)) * kFnvPrime;
    hash ^= static_cast<std::uint64_t>(date.time_since_epoch().count()) * kFnvPrime;
    return std::chrono::seconds(mixed(hash) % (static_cast<std::uint64_t>(longest.count()) + 1));
}

}  // namespace caseway
