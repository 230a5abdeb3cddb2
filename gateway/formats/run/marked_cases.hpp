// gateway/formats/run/marked_cases.hpp - which cases a reconciliation marked, all of them, in two or three bytes each:
// a member of its report, so that a verifier tells a mark that was moved to another case.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/time.hpp"

namespace caseway {

/// `ids`: rows of cases, ascending, none twice. Base64url of the difference of each to the one before it (the first: to
/// 0), in LEB128: seven bits a byte, the lowest first, the eighth where another byte follows.
std::string markedCasesText(const std::vector<std::int64_t>& ids);
/// Nothing where it is not what markedCasesText() writes.
std::optional<std::vector<std::int64_t>> readMarkedCases(std::string_view text);
/// What a difference report as it is stored says of its marks; nothing where it is none or does not say.
struct ReportedMarks {
    std::vector<std::int64_t> cases;
    std::optional<Instant> compared_at;  ///< the time that each of them bears
};
ReportedMarks reportedMarksOf(std::string_view report);

}  // namespace caseway
