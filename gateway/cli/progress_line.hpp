// gateway/cli/progress_line.hpp - one line on a terminal that says how far a long command is, and leaves nothing
// behind. Quiet where stderr is not a terminal, and for the first seconds.
#pragma once

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <iostream>
#include <string_view>

namespace caseway {

class ProgressLine {
public:
    /// "12000 entries".
    void show(std::string_view what, std::uint64_t count) const {
        if (!is_terminal_ || std::chrono::steady_clock::now() - began_ < std::chrono::seconds(1)) return;
        std::cerr << fmt::format("\r\033[K  {} {}", count, what) << std::flush;
    }
    void clear() const {
        if (is_terminal_) std::cerr << "\r\033[K" << std::flush;
    }

private:
    const bool is_terminal_ = isatty(STDERR_FILENO) != 0;
    const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

}  // namespace caseway
