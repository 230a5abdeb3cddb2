// gateway/record/case_number.cpp - assigned numbers, out and back.
#include "gateway/record/case_number.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "gateway/base/fault.hpp"
#include "gateway/formats/unicode/look_alike.hpp"

namespace caseway {
namespace {

constexpr std::size_t kDigits = 9;
constexpr std::size_t kLongestStem = 50 - 19;  ///< an id has at most 19 digits, a case_no at most 50 characters

char upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

}  // namespace

CaseNumbers::CaseNumbers(std::string_view reserved_prefix, std::string_view gateway_short)
    : reserved_prefix_(reserved_prefix) {
    if (reserved_prefix.empty())
        throw Fault(FaultCode::ConfigurationBad, "reserved prefix of case numbers: empty", "give it, e.g. CW-");
    stem_ = reserved_prefix_ + std::string(gateway_short) + (gateway_short.empty() ? "" : "-");
    if (stem_.size() > kLongestStem)
        throw Fault(FaultCode::ConfigurationBad, "assigned case numbers: \"" + stem_ + "\" is too long",
                    fmt::format("at most {} characters before the digits", kLongestStem));
}

std::string CaseNumbers::assigned(CaseId id) const {
    std::string number;
    putAssigned(id, number);
    return number;
}

void CaseNumbers::putAssigned(CaseId id, std::string& out) const {
    char digits[20];
    const char* const end = std::to_chars(digits, digits + sizeof digits, id).ptr;
    const auto size = static_cast<std::size_t>(end - digits);
    out = stem_;
    if (size < kDigits) out.append(kDigits - size, '0');
    out.append(digits, size);
}

std::optional<CaseId> CaseNumbers::idOf(std::string_view case_no) const {
    if (!case_no.starts_with(stem_)) return std::nullopt;
    const std::string_view digits = case_no.substr(stem_.size());
    if (digits.size() < kDigits || (digits.size() > kDigits && digits.front() == '0')) return std::nullopt;
    CaseId id = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), id);
    if (error != std::errc{} || end != digits.data() + digits.size() || id < 1) return std::nullopt;
    return id;
}

bool CaseNumbers::isReserved(std::string_view case_no) const {
    const bool ascii = std::all_of(case_no.begin(), case_no.end(), [](char c) { return c > 0x1F && c < 0x7F; });
    if (!ascii && looksLikePrefix(case_no, reserved_prefix_)) return true;
    return case_no.size() >= reserved_prefix_.size() &&
           std::equal(reserved_prefix_.begin(), reserved_prefix_.end(), case_no.begin(),
                      [](char a, char b) { return upper(a) == upper(b); });
}

}  // namespace caseway
