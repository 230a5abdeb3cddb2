// gateway/cli/explain.cpp - `caseway explain CODE`: what a code means and what to do, without a gateway at hand.
#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <optional>

#include "gateway/cli/command.hpp"
#include "gateway/cli/refusal_text.hpp"
#include "gateway/domain/known_codes.hpp"
#include "gateway/formats/text/lower_case.hpp"
#include "gateway/formats/text/near_word.hpp"

namespace caseway {
namespace {

std::string jsonOf(const KnownCode& one) {
    std::string json = "{";
    appendMember("advice", one.advice, json);
    appendMember("code", one.code, json);
    appendMember("http", one.http, json);
    appendMember("meaning", one.meaning, json);
    return json + '}';
}

std::string textOf(const KnownCode& one) {
    const std::string status = one.http == "–" ? std::string() : fmt::format(" (HTTP {})", one.http);
    const std::string advice = one.advice.empty() ? std::string() : fmt::format("\n  {}", one.advice);
    return fmt::format("{}{}\n  {}{}", one.code, status, one.meaning, advice);
}

std::vector<std::string_view> partsOf(std::string_view code) {
    std::vector<std::string_view> parts;
    for (std::size_t at = 0; at < code.size();) {
        const std::size_t end = std::min(code.find('_', at), code.size());
        if (end > at) parts.push_back(code.substr(at, end - at));
        at = end + 1;
    }
    return parts;
}

/// Codes that have all parts of what was typed, in any order and also where a part is only begun: `key_unknown` for
/// unknown_key, `bad_sig` for bad_signature.
std::vector<std::string_view> codesWithPartsOf(const std::string& typed) {
    const auto wanted = partsOf(typed);
    std::vector<std::string_view> found;
    for (const KnownCode& one : knownCodes()) {
        const auto parts = partsOf(one.code);
        const auto has = [&parts](std::string_view begun) {
            return std::any_of(parts.begin(), parts.end(),
                               [begun](std::string_view part) { return part.starts_with(begun); });
        };
        if (!wanted.empty() && std::all_of(wanted.begin(), wanted.end(), has)) found.push_back(one.code);
    }
    return found;
}

/// What may have been meant.
std::string hintOf(const std::string& typed) {
    constexpr std::size_t kMost = 6;
    const std::string code = lowerCase(typed);
    if (knownCode(code) != nullptr) return "caseway explain " + code;
    std::vector<std::string_view> names;
    for (const KnownCode& one : knownCodes()) names.push_back(one.code);
    auto found = codesWithPartsOf(code);
    const std::string_view nearest = nearestWord(code, names);
    if (found.empty() || std::find(found.begin(), found.end(), nearest) != found.end())
        return hintOfNearest(code, names, "codes are as an answer's `code` has them");
    const std::size_t more = found.size() - std::min(found.size(), kMost);
    found.resize(std::min(found.size(), kMost));
    return fmt::format("did you mean '{}'{}?", fmt::join(found, "', '"),
                       more == 0 ? std::string() : fmt::format(" or one of {} more", more));
}

/// A code of a plug-in itself, which stands in no table of ours; `plugin_unexpected_error` is what its library says of
/// any mistake in it.
std::optional<KnownCode> codeOfPlugin(std::string_view code) {
    constexpr std::string_view kOfPlugin = "plugin_";
    if (!code.starts_with(kOfPlugin) || code.size() == kOfPlugin.size()) return std::nullopt;
    const bool is_mistake = code == "plugin_unexpected_error";
    KnownCode known{};
    known.code = code;
    known.http = "–";
    known.meaning = is_mistake
                        ? "system: the plug-in failed in its own code, at the place that `where` names: a mistake "
                          "of its author"
                        : "a code of the plug-in itself: its README says what it means";
    known.advice = is_mistake ? "联系插件作者，附上 `where` 和运行日志" : "查看该插件的 README";
    return known;
}

void explain(const std::vector<std::string>& codes, CommandContext& context) {
    for (const std::string& code : codes) {
        const KnownCode* const ours = knownCode(code);
        if (const auto known = ours != nullptr ? std::optional(*ours) : codeOfPlugin(code)) {
            (context.json ? std::cout : people()) << (context.json ? jsonOf(*known) : textOf(*known)) << '\n';
            continue;
        }
        sayError("no code '" + code + "'", hintOf(code));
        context.exit_code = kRefused;
    }
}

}  // namespace

void addExplainCommand(CLI::App& program, CommandContext& context) {
    CLI::App* command = program.add_subcommand("explain", "say what a code means and what to do 解释代码");
    const auto codes = std::make_shared<std::vector<std::string>>();
    command->add_option("CODE", *codes, "as an answer, a log line or a report has it")->required();
    addCommonOptions(*command, context,
                     "  caseway explain bad_signature\n  caseway explain set_incomplete watermark_ahead --json");
    command->callback([codes, &context] { explain(*codes, context); });
}

}  // namespace caseway
