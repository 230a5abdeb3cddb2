// gateway/pipeline/answer_notes.cpp - one note among those of an answer.
#include "gateway/pipeline/answer_notes.hpp"

#include <fmt/format.h>

#include <charconv>

#include "gateway/formats/json/document.hpp"

namespace caseway {
namespace {

std::string textIn(const JsonValue& object, std::string_view name) {
    const JsonValue* const value = object.find(name);
    return value != nullptr && value->type == JsonValue::Type::String ? std::string(value->text) : std::string();
}

}  // namespace

/// The members of an answer stand without the braces around them. In our own words: a quote of a sender is escaped.
std::optional<std::string> noteIn(std::string_view answer, std::string_view code) {
    if (answer.find(fmt::format(R"({{"code":"{}")", code)) == std::string_view::npos) return std::nullopt;
    JsonTree tree;
    const std::string whole = "{" + std::string(answer) + "}";
    const auto root = parseJson(whole, JsonLimits{}, tree);
    const JsonValue* const notes = root ? (*root)->find("notes") : nullptr;
    for (std::uint32_t i = 0; notes != nullptr && notes->type == JsonValue::Type::Array && i < notes->count; ++i)
        if (textIn(notes->items[i], "code") == code) return textIn(notes->items[i], "value");
    return std::nullopt;
}

std::uint64_t countAtFrontOf(std::string_view text) {
    std::uint64_t count = 0;
    std::from_chars(text.data(), text.data() + text.size(), count);
    return count;
}

void addPassedOverNote(std::uint64_t count, std::vector<Refusal>& notes) {
    if (count == 0) return;
    notes.push_back({std::string(kRecordsPassedOver),
                     "payload",
                     fmt::format("{} records", count),
                     "the mapping leaves them out by `when` or `pass_over`",
                     "nothing, where that is meant",
                     {}});
}

std::uint64_t passedOverIn(std::string_view answer) {
    return countAtFrontOf(noteIn(answer, kRecordsPassedOver).value_or(std::string()));
}

}  // namespace caseway
