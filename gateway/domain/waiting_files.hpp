// gateway/domain/waiting_files.hpp - files that lie at a source and wait for somebody: they cannot be read yet (their
// marker is missing, they are empty, or too young to be whole), or were put aside into the error folder.
#pragma once

#include <chrono>
#include <cstdint>

#include "gateway/base/time.hpp"

namespace caseway {

struct WaitingFiles {
    std::uint64_t count = 0;
    Instant since{};  ///< when the one that waits longest was last touched, by the clock of whoever holds it

    /// Somebody has to look: it has waited longer, or its time lies so far ahead that it will.
    bool waitLonger(std::chrono::seconds most, Instant now) const { return now > since + most || since > now + most; }

    bool operator==(const WaitingFiles&) const = default;
};

}  // namespace caseway
