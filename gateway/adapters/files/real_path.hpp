// gateway/adapters/files/real_path.hpp - where a path leads, asked with patience that ends: a network share whose
// server does not answer holds whoever looks at it.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>

namespace caseway {

struct RealPath {
    std::filesystem::path path;  ///< with all links followed, as far as it exists
    std::error_code error;
};

/// Nothing where there was no answer within `patience`: the thread that asks is then left behind, and ends when the
/// kernel lets it.
std::optional<RealPath> realPathWithin(std::chrono::milliseconds patience, const std::string& path);

}  // namespace caseway
