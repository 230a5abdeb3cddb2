// gateway/formats/run/marked_cases.cpp - numbers as differences, LEB128.
#include "gateway/formats/run/marked_cases.hpp"

#include "gateway/base/base64.hpp"
#include "gateway/formats/json/document.hpp"

namespace caseway {
namespace {

constexpr std::uint8_t kMore = 0x80;
constexpr int kBitsMost = 63;

}  // namespace

std::string markedCasesText(const std::vector<std::int64_t>& ids) {
    std::vector<std::uint8_t> bytes;
    bytes.reserve(ids.size() * 2);
    std::int64_t before = 0;
    for (const std::int64_t id : ids) {
        auto rest = static_cast<std::uint64_t>(id - before);
        before = id;
        for (; rest >= kMore; rest >>= 7) bytes.push_back(static_cast<std::uint8_t>((rest & 0x7f) | kMore));
        bytes.push_back(static_cast<std::uint8_t>(rest));
    }
    return toBase64Url(bytes);
}

std::optional<std::vector<std::int64_t>> readMarkedCases(std::string_view text) {
    const auto bytes = fromBase64Url(text);
    if (!bytes) return std::nullopt;
    std::vector<std::int64_t> ids;
    std::int64_t before = 0;
    std::uint64_t difference = 0;
    int bits = 0;
    for (const char c : *bytes) {
        const auto byte = static_cast<std::uint8_t>(c);
        if (bits + 7 > kBitsMost) return std::nullopt;
        difference |= static_cast<std::uint64_t>(byte & 0x7f) << bits;
        bits += 7;
        if ((byte & kMore) != 0) continue;
        const bool is_longer_than_needed = byte == 0;  // also 0 itself: a case that comes twice
        const auto room = static_cast<std::uint64_t>(INT64_MAX - before);
        if (is_longer_than_needed || difference > room) return std::nullopt;
        ids.push_back(before += static_cast<std::int64_t>(difference));
        difference = 0;
        bits = 0;
    }
    if (bits != 0) return std::nullopt;
    return ids;
}

ReportedMarks reportedMarksOf(std::string_view report) {
    JsonTree tree;
    const auto root = parseJson(report, JsonLimits{.depth = 6}, tree);
    const auto text = [&root](std::string_view name) {
        const JsonValue* const member =
            root && (*root)->type == JsonValue::Type::Object ? (*root)->find(name) : nullptr;
        return member != nullptr && member->type == JsonValue::Type::String ? member->text : std::string_view();
    };
    return {readMarkedCases(text("marked")).value_or(std::vector<std::int64_t>()), parseRfc3339(text("compared_at"))};
}

}  // namespace caseway
