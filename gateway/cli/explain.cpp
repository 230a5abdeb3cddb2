// gateway/cli/explain.cpp - `caseway explain CODE`: what a code means and what to do, without a gateway at hand.
#include <fmt/format.h>

#include <iostream>

#include "gateway/cli/command.hpp"
#include "gateway/cli/refusal_text.hpp"
#include "gateway/domain/known_codes.hpp"
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

void explain(const std::vector<std::string>& codes, CommandContext& context) {
    for (const std::string& code : codes) {
        if (const KnownCode* known = knownCode(code)) {
            (context.json ? std::cout : people()) << (context.json ? jsonOf(*known) : textOf(*known)) << '\n';
            continue;
        }
        std::vector<std::string_view> names;
        for (const KnownCode& one : knownCodes()) names.push_back(one.code);
        sayError("no code '" + code + "'", hintOfNearest(code, names, "codes are as an answer's `code` has them"));
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
