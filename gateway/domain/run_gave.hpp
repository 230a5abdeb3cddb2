// gateway/domain/run_gave.hpp - what a source gave in a run so far beside what it says that it has, as plain values.
// Kept with each page, so that a run that is taken up again is judged by all of it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "gateway/domain/waiting_files.hpp"

namespace caseway {

struct RunGave {
    bool is_whole = false;                 ///< it was asked for everything, from the beginning, in one go
    std::optional<std::uint64_t> total{};  ///< of the whole set, the source's last word
    std::uint64_t most_told = 0;           ///< the most that it ever said in this run
    std::uint64_t records = 0;
    bool is_counted = true;         ///< false: a page came whose records the connector does not count
    bool withholds = false;         ///< it says itself that it does not give everything
    std::string uncounted{};        ///< why its own count, which was asked for, is not known; its last word
    std::uint64_t too_large = 0;    ///< payloads that were dropped for their size
    std::string first_too_large{};  ///< its name
    /// Its clock against ours, as its answers tell it: the least, since whatever held one answer up looks like more.
    std::optional<std::chrono::seconds> clock_ahead{};
    std::optional<WaitingFiles> waiting{};  ///< the source's last word
    std::optional<WaitingFiles> aside{};    ///< as PageEnd::aside; the last word
    std::string worth_knowing{};            ///< PageEnd::note, the last one

    bool operator==(const RunGave&) const = default;
};

}  // namespace caseway
