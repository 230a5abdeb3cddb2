// gateway/base/fnv.hpp - a hash that is the same in each build, where nobody attacks (std::hash may differ).
#pragma once

#include <cstdint>
#include <string_view>

namespace caseway {

inline constexpr std::uint64_t kFnvBasis = 0xcbf29ce484222325;
inline constexpr std::uint64_t kFnvPrime = 0x100000001b3;

/// FNV-1a, 64 bits; `hash`: of what came before.
constexpr std::uint64_t fnv1a(std::string_view text, std::uint64_t hash = kFnvBasis) {
    for (const char one : text) hash = (hash ^ static_cast<unsigned char>(one)) * kFnvPrime;
    return hash;
}

}  // namespace caseway
