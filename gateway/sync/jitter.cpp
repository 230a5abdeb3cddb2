// gateway/sync/jitter.cpp - FNV-1a over name and date, mixed once more.
#include "gateway/sync/jitter.hpp"

#include <cstdint>

#include "gateway/base/fnv.hpp"

namespace caseway {
namespace {

/// The finalizer of SplitMix64: spreads a difference in any bit over all of them.
std::uint64_t mixed(std::uint64_t bits) {
    bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9;
    bits = (bits ^ (bits >> 27)) * 0x94d049bb133111eb;
    return bits ^ (bits >> 31);
}

}  // namespace

std::chrono::seconds jitter(std::string_view connector, std::chrono::local_days date, std::chrono::seconds longest) {
    std::uint64_t hash = fnv1a(connector);
    hash ^= static_cast<std::uint64_t>(date.time_since_epoch().count()) * kFnvPrime;
    return std::chrono::seconds(mixed(hash) % (static_cast<std::uint64_t>(longest.count()) + 1));
}

}  // namespace caseway
