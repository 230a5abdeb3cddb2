// gateway/base/check.hpp - CASEWAY_CHECK: an invariant of our own code. Stays on in release; never used on input.
#pragma once

namespace caseway {

/// Prints the broken invariant and aborts: the process restarts from what is durable.
[[noreturn]] void bugFound(const char* condition, const char* file, int line) noexcept;

}  // namespace caseway

#define CASEWAY_CHECK(condition) \
    (static_cast<bool>(condition) ? static_cast<void>(0) : ::caseway::bugFound(#condition, __FILE__, __LINE__))
