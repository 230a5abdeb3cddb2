// gateway/domain/case_rules.cpp - what the schema asks of a canonical value: length in characters, code, pattern,
// range, form of a time. The fields themselves: case_schema.cpp. Nothing here changes a value.
#include <array>
#include <charconv>
#include <string>
#include <vector>

#include "gateway/base/time.hpp"
#include "gateway/domain/case_schema.hpp"

namespace caseway {
namespace {

constexpr std::int64_t kLargestInteger =
    9007199254740991;  // 2^53-1: what every JSON reader holds exactly (RFC 8259 §6)

bool allDigits(std::string_view text) {
    for (const char c : text)
        if (c < '0' || c > '9') return false;
    return !text.empty();
}

bool isHex(std::string_view text) {
    for (const char c : text)
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return false;
    return true;
}

bool isLongerThan(std::string_view text, std::size_t characters) {
    if (text.size() <= characters) return false;
    std::size_t count = 0;
    for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) == 0x80 ? 0 : 1;
    return count > characters;
}

bool isInteger(const FieldInfo& info, std::string_view text) {
    if (text.empty() || (text[0] == '0' && text.size() > 1)) return false;
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || text.starts_with("-0")) return false;
    return value >= info.minimum && value <= (info.maximum != 0 ? info.maximum : kLargestInteger);
}

/// ^-?\d{1,14}(\.\d{1,2})?$
bool isMoney(std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    const auto point = text.find('.');
    const std::string_view yuan = text.substr(0, point);
    if (yuan.size() > 14 || !allDigits(yuan)) return false;
    if (point == std::string_view::npos) return true;
    const std::string_view cents = text.substr(point + 1);
    return cents.size() <= 2 && allDigits(cents);
}

bool isDate(std::string_view text) {
    if (text.size() != 10) return false;
    std::array<char, 20> moment{};
    text.copy(moment.data(), 10);
    std::string_view("T00:00:00Z").copy(moment.data() + 10, 10);
    return parseRfc3339({moment.data(), moment.size()}).has_value();
}

/// A canonical JSON array whose elements are all strings.
bool isTextList(std::string_view text) {
    if (text.size() < 2 || text.front() != '[' || text.back() != ']') return false;
    if (text.size() == 2) return true;
    std::size_t at = 1;
    while (true) {
        if (text[at] != '"') return false;
        for (++at; at < text.size() && text[at] != '"'; ++at)
            if (text[at] == '\\') ++at;
        if (++at >= text.size()) return false;
        if (text[at] == ']') return at + 1 == text.size();
        if (text[at] != ',' || ++at >= text.size()) return false;
    }
}

bool isOneOf(std::span<const std::string_view> codes, std::string_view text) {
    for (const std::string_view code : codes)
        if (code == text) return true;
    return false;
}

bool fits(const FieldInfo& info, std::string_view text) {
    switch (info.type) {
        case FieldType::Text:
            return !isLongerThan(text, info.max_length) && (!text.empty() || info.name != "source_case_no");
        case FieldType::Code:
            return isOneOf(info.codes, text);
        case FieldType::Digits:
            return info.name == "sm3" ? text.size() == 64 && isHex(text)
                                      : text.size() >= 6 && text.size() <= 12 && allDigits(text);
        case FieldType::DateTime:
            return parseRfc3339(text).has_value();
        case FieldType::Date:
            return isDate(text);
        case FieldType::Money:
            return isMoney(text);
        case FieldType::Integer:
            return isInteger(info, text);
        case FieldType::Boolean:
            return text == "true" || text == "false";
        case FieldType::TextList:
            return isTextList(text);
        case FieldType::Any:
            return true;
    }
    return true;
}

std::string describeCodes(std::span<const std::string_view> codes) {
    std::string text = "one of";
    for (std::size_t i = 0; i < codes.size(); ++i) (text += i == 0 ? " " : ", ") += codes[i];
    return text;
}

std::string describe(const FieldInfo& info) {
    switch (info.type) {
        case FieldType::Text:
            if (info.name == "source_case_no") return "1 to " + std::to_string(info.max_length) + " characters";
            return "at most " + std::to_string(info.max_length) + " characters";
        case FieldType::Code:
            return describeCodes(info.codes);
        case FieldType::Digits:
            return info.name == "sm3" ? "64 lower-case hex digits" : "6 to 12 digits";
        case FieldType::DateTime:
            return "a time by RFC 3339 with its offset";
        case FieldType::Date:
            return "a calendar date as YYYY-MM-DD";
        case FieldType::Money:
            return "an amount in yuan: up to 14 digits, at most 2 decimals";
        case FieldType::Integer:
            return "a whole number from " + std::to_string(info.minimum) + " to " +
                   std::to_string(info.maximum != 0 ? info.maximum : kLargestInteger);
        case FieldType::Boolean:
            return "true or false";
        case FieldType::TextList:
            return "a list of texts";
        case FieldType::Any:
            return {};
    }
    return {};
}

/// The rules in words, by FieldId; made once, so that refusals only point at them.
const std::vector<std::string>& rulesInWords() {
    static const std::vector<std::string> rules = [] {
        std::vector<std::string> made;
        for (const FieldInfo& info : caseFields()) made.push_back(describe(info));
        return made;
    }();
    return rules;
}

}  // namespace

std::string_view ruleBrokenBy(FieldId id, std::string_view text) {
    if (fits(infoOf(id), text)) return {};
    return rulesInWords()[static_cast<std::size_t>(id)];
}

}  // namespace caseway
