// gateway/cli/mapping_cases.hpp - the cases of a mapping: input.* and what must come out of it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "gateway/normalize/mapping.hpp"

namespace caseway {

struct CaseVerdict {
    std::string name;
    bool passed = false;
    std::string difference;         ///< expected and found, a line each
    std::uint64_t passed_over = 0;  ///< records of which the mapping makes nothing on purpose
};

/// Runs every folder below DIR/cases: input.* through the mapping; expected.json (one canonical record a line) and
/// refusal.txt (one "code where" a line, in their order) must both agree; either may be absent where nothing of its
/// kind comes out.
std::vector<CaseVerdict> runMappingCases(const Mapping& mapping, const std::filesystem::path& dir);

}  // namespace caseway
