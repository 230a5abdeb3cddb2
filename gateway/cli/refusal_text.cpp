// gateway/cli/refusal_text.cpp - refusals as text.
#include "gateway/cli/refusal_text.hpp"

#include <fmt/format.h>

#include "gateway/cli/command.hpp"
#include "gateway/cli/user_language.hpp"
#include "gateway/domain/known_codes.hpp"
#include "gateway/domain/next_steps.hpp"
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

namespace {

std::string withoutHint(const Refusal& refusal) {
    std::string text;
    if (refusal.record) text += fmt::format("record {}: ", *refusal.record);
    if (!refusal.where.empty()) text += refusal.where + ": ";
    text += refusal.code;
    if (!refusal.value.empty()) text += ": '" + refusal.value + "'";
    if (!refusal.rule.empty()) text += ": " + refusal.rule;
    return text;
}

}  // namespace

std::string mistakeText(const Refusal& refusal) {
    return withoutHint(refusal) + (refusal.hint.empty() ? "" : "; " + refusal.hint);
}

std::string lineOf(const Refusal& refusal) {
    return "refused: " + mistakeText(refusal);
}

/// No sentence in two languages: of a hint with commands those alone.
std::string nextStepOf(const Refusal& refusal) {
    const KnownCode* const known = knownCode(refusal.code);
    if (!speaksChinese() || known == nullptr || known->advice.empty()) return refusal.hint;
    const std::string connector = refusal.where == "connector" ? refusal.value : connectorIn(refusal.hint);
    const std::string step = namedStep(std::string(known->advice), connector, 0);
    if (refusal.hint.empty() || !commandsIn(refusal.hint).empty()) return withCommandsOf(step, refusal.hint);
    return step + " · " + refusal.hint;
}

void sayRefused(const Refusal& refusal, std::string_view indent) {
    if (!speaksChinese()) return say(fmt::format("{}{}", indent, lineOf(refusal)));
    say(fmt::format("{}拒收：{}", indent, withoutHint(refusal)));
    const std::string next = nextStepOf(refusal);
    if (!next.empty()) say(fmt::format("{}  下一步：{}", indent, next));
}

}  // namespace caseway
