// gateway/adapters/plugin/process_use.cpp - fields of proc(5).
#include "gateway/adapters/plugin/process_use.hpp"

#include <unistd.h>

#include <array>
#include <charconv>
#include <string_view>

namespace caseway {
namespace {

constexpr std::size_t kStatusBytes = 8 * 1024;  ///< the fields that are read stand in the first two

/// `name` with the newline before it: a process chooses the first line's text, where the kernel escapes newlines.
std::uint64_t fieldOf(std::string_view status, std::string_view name) {
    const std::size_t at = status.find(name);
    if (at == std::string_view::npos) return 0;
    const std::size_t digit = status.find_first_not_of(" \t", at + name.size());
    std::uint64_t value = 0;
    if (digit != std::string_view::npos) std::from_chars(&status[digit], status.data() + status.size(), value);
    return value;
}

}  // namespace

ProcessUse processUse(int status) {
    std::array<char, kStatusBytes> buffer;
    const ssize_t taken = ::pread(status, buffer.data(), buffer.size(), 0);
    if (taken <= 0) return {};
    const std::string_view text(buffer.data(), static_cast<std::size_t>(taken));
    return {(fieldOf(text, "\nRssAnon:") + fieldOf(text, "\nVmSwap:") + fieldOf(text, "\nVmPTE:")) / 1024,
            fieldOf(text, "\nThreads:")};
}

}  // namespace caseway
