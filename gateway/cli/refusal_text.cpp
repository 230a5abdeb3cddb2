// gateway/cli/refusal_text.cpp - refusals as text.
#include "gateway/cli/refusal_text.hpp"

#include <fmt/format.h>

#include "gateway/formats/json/document.hpp"
#include "gateway/pipeline/refusal_json.hpp"

namespace caseway {

void appendMember(std::string_view name, std::string_view value, std::string& out) {
    if (value.empty()) return;
    if (out.size() > 1) out += ',';
    appendJsonString(name, out);
    out += ':';
    appendJsonString(value, out);
}

std::string jsonOf(const Refusal& refusal) {
    std::string out;
    appendRefusal(refusal, out);
    return out;
}

std::string mistakeText(const Refusal& refusal) {
    std::string text;
    if (refusal.record) text += fmt::format("record {}: ", *refusal.record);
    if (!refusal.where.empty()) text += refusal.where + ": ";
    text += refusal.code;
    if (!refusal.value.empty()) text += ": '" + refusal.value + "'";
    if (!refusal.rule.empty()) text += ": " + refusal.rule;
    if (!refusal.hint.empty()) text += "; " + refusal.hint;
    return text;
}

std::string lineOf(const Refusal& refusal) {
    return "refused: " + mistakeText(refusal);
}

}  // namespace caseway
