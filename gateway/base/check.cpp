// gateway/base/check.cpp - how a broken invariant ends the process.
#include "gateway/base/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace caseway {

void bugFound(const char* condition, const char* file, int line) noexcept {
    std::fprintf(stderr, "caseway: broken invariant: %s (%s:%d)\n", condition, file, line);
    std::abort();
}

}  // namespace caseway
