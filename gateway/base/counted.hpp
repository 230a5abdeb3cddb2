// gateway/base/counted.hpp - how many, in English: a program that says "1 files" is read twice.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace caseway {

/// "1 certificate", "2 certificates".
inline std::string counted(std::uint64_t count, std::string_view one) {
    return std::to_string(count) + " " + std::string(one) + (count == 1 ? "" : "s");
}
/// "was", "were": behind it.
constexpr std::string_view wasOrWere(std::uint64_t count) {
    return count == 1 ? "was" : "were";
}

}  // namespace caseway
