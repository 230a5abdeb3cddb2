// gateway/daemon/unmasking_reason.hpp - why somebody has to see what is masked otherwise: a text that the log keeps.
#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>

#include "gateway/base/refusal.hpp"
#include "gateway/formats/text/encoding.hpp"

namespace caseway {

inline constexpr std::size_t kReasonBytesMax = 1000;

/// reason_missing, where it is none.
inline std::optional<Refusal> refuseReason(const std::string& reason) {
    const bool is_blank = reason.find_first_not_of(" \t\r\n") == reason.npos;
    if (!is_blank && reason.size() <= kReasonBytesMax && isUtf8(reason)) return std::nullopt;
    return Refusal{"reason_missing",
                   "reason",
                   {},
                   fmt::format("a text of at most {} bytes", kReasonBytesMax),
                   "say why the content has to be seen; the log keeps it",
                   {}};
}

}  // namespace caseway
