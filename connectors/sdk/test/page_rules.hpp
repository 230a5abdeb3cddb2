// connectors/sdk/test/page_rules.hpp - the rules and the day that tests of walks through pages begin with.
#pragma once

#include <cstdint>

#include "connectors/sdk/page_walk.hpp"

namespace caseway::fixture {

inline constexpr std::int64_t kNow = 1'780'000'000'000;  // 2026-05-28

inline PageRules rulesOf(PageStyle style) {
    PageRules rules;
    rules.style = style;
    rules.size = 10;
    return rules;
}

}  // namespace caseway::fixture
