// gateway/cli/connector_report.cpp - what was read beside what would be written.
#include "gateway/cli/connector_report.hpp"

#include <fmt/format.h>

#include <iostream>

#include "gateway/cli/command.hpp"
#include "gateway/cli/user_language.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/formats/text/said_text.hpp"

namespace caseway {
namespace {

using Type = JsonValue::Type;

std::string_view textOf(const JsonValue& object, std::string_view name) {
    const JsonValue* const value = object.find(name);
    return value == nullptr ? std::string_view() : value->text;
}

template <class Visit>
void eachIn(const JsonValue& object, std::string_view name, Visit visit) {
    const JsonValue* const list = object.find(name);
    for (std::uint32_t i = 0; list != nullptr && list->type == Type::Array && i < list->count; ++i)
        visit(list->items[i]);
}

std::string refusalLine(const JsonValue& refusal) {
    std::string line(textOf(refusal, "code"));
    if (!textOf(refusal, "record").empty()) line = fmt::format("record {}: {}", textOf(refusal, "record"), line);
    for (const char* const part : {"where", "value", "rule"})
        if (!textOf(refusal, part).empty()) line += fmt::format(": {}", textOf(refusal, part));
    return shownText(line) +
           (textOf(refusal, "hint").empty() ? "" : "\n      what to do: " + shownText(textOf(refusal, "hint")));
}

void showPayload(const JsonValue& payload) {
    people() << fmt::format("\nread: {} ({} bytes, {})\n", shownText(textOf(payload, "name")), textOf(payload, "bytes"),
                            shownText(textOf(payload, "media_type")));
    people() << shownText(textOf(payload, "begins")) << "\n";
    if (const JsonValue* const signature = payload.find("signature"))
        people() << (signature->find("certificate") != nullptr
                         ? fmt::format("bears the department's signature ({}) by certificate {}, verified\n",
                                       textOf(*signature, "form"), textOf(*signature, "certificate"))
                         : fmt::format("bears a signature ({}) that is not good\n", textOf(*signature, "form")));
    people() << fmt::format("would be written: {} records; refused: {}\n", textOf(payload, "mapped"),
                            textOf(payload, "refused"));
    eachIn(payload, "records", [](const JsonValue& record) {
        std::string line;
        appendCanonical(record, line);
        people() << "  " << shownText(line) << "\n";
    });
    eachIn(payload, "refusals",
           [](const JsonValue& refusal) { people() << "  refused " << refusalLine(refusal) << "\n"; });
}

}  // namespace

bool showTest(const std::string& change, bool is_shown, const std::string& next) {
    JsonTree tree;
    const auto root = parseJson(change, JsonLimits{.depth = 64}, tree);
    const JsonValue* const test = root ? (*root)->find("test") : nullptr;
    if (test == nullptr) {
        sayError("the gateway's answer bears no test", "is it of the same version as this command?");
        return false;
    }
    if (is_shown) {
        eachIn(*test, "steps", [](const JsonValue& step) {
            const bool is_good = step.find("good") != nullptr && step.find("good")->type == Type::True;
            people() << fmt::format("{} {}{}{}\n", is_good ? "ok    " : "FAILED", shownText(textOf(step, "name")),
                                    textOf(step, "detail").empty() ? "" : ": ", shownText(textOf(step, "detail")));
            if (!is_good && !textOf(step, "hint").empty())
                people() << "       what to do: " << shownText(textOf(step, "hint")) << "\n";
        });
        eachIn(*test, "payloads", showPayload);
        people().flush();
    }
    if (const JsonValue* const fault = test->find("fault"))
        sayError(shownText(fmt::format(
                     "{} ({}): {} {}{}", textOf(*fault, "code"), textOf(*fault, "kind"), textOf(*fault, "where"),
                     textOf(*fault, "rule"),
                     textOf(*fault, "setting").empty() ? "" : fmt::format(" ({})", textOf(*fault, "setting")))),
                 shownText(textOf(*fault, "hint")));
    const bool is_good = test->find("good") != nullptr && test->find("good")->type == Type::True;
    if (!is_good)
        sayError(fmt::format("{}{}", said("not seen to work: ", "未见其可用："), shownText(textOf(*test, "why"))),
                 next);
    return is_good;
}

std::string nextAfterTest(const std::string& name) {
    return fmt::format(fmt::runtime(said("no record was written; correct its file, caseway connector set {0} FILE, and "
                                         "test again: caseway connector test {0}",
                                         "未写入任何记录；请更正其文件（caseway connector set {0} FILE），再测试："
                                         "caseway connector test {0}")),
                       name);
}

}  // namespace caseway
