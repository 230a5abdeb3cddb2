// tests/support/seeds.hpp - how many random draws a property test makes.
#pragma once

#include <cstdint>
#include <cstdlib>

#if defined(__has_feature)
#define CASEWAY_HAS_FEATURE(name) __has_feature(name)
#else
#define CASEWAY_HAS_FEATURE(name) 0
#endif

namespace caseway::test {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || CASEWAY_HAS_FEATURE(address_sanitizer) || \
    CASEWAY_HAS_FEATURE(thread_sanitizer)
inline constexpr bool kIsSanitized = true;
#else
inline constexpr bool kIsSanitized = false;
#endif

/// As many as CASEWAY_SEEDS asks for, else `usual`; a tenth of them under a sanitizer, where each takes ten times as
/// long and what it looks for does not depend on the draw.
inline std::uint64_t seedsOr(std::uint64_t usual) {
    if (const char* const asked = std::getenv("CASEWAY_SEEDS")) return std::strtoull(asked, nullptr, 10);
    return kIsSanitized ? (usual + 9) / 10 : usual;
}

}  // namespace caseway::test
