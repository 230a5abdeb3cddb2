// gateway/base/too_deep.hpp - what a reader says of too deep a nesting, where its bound is that of the configuration:
// the readers of formats/ know only figures.
#pragma once

#include "gateway/base/refusal.hpp"

namespace caseway {

/// `refusal` with the setting whose figure its rule names, should it be `too_deep`; else as it is.
inline Refusal withDepthSetting(Refusal refusal) {
    if (refusal.code != "too_deep") return refusal;
    refusal.rule += " (limits.depth)";
    refusal.hint += ", or raise limits.depth";
    return refusal;
}

}  // namespace caseway
