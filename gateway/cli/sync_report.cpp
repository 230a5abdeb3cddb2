// gateway/cli/sync_report.cpp - the difference report of a reconciliation: for people, as the document that the log
// vouches for, or as a table.
#include "gateway/cli/sync_report.hpp"

#include <fmt/format.h>

#include <iostream>

#include "gateway/cli/admin_client.hpp"
#include "gateway/cli/register_client.hpp"
#include "gateway/cli/sync_runs.hpp"
#include "gateway/daemon/stored_installation.hpp"
#include "gateway/daemon/sync_endpoints.hpp"
#include "gateway/domain/reconciliation.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/formats/text/said_text.hpp"

namespace caseway {
namespace {

struct ReportArguments {
    std::uint64_t run = 0;
    std::size_t limit = 20;
    bool csv = false;
};

constexpr JsonLimits kReportLimits{.depth = 4};

/// In the order of Difference.
constexpr std::array<std::string_view, kDifferenceNames.size()> kTitles{
    "missing here · 本方缺少",     "different · 内容不一致",
    "newer here · 本方较新",       "deleted here · 本方已删除",
    "repeated there · 来源重复",   "missing there · 来源缺少",
    "seen there again · 来源重现", "doubled there, differing · 来源编号重复且内容不同"};

std::string fieldsOf(const JsonValue& difference, std::string_view between) {
    std::string names;
    const JsonValue* const fields = difference.find("fields");
    for (std::uint32_t i = 0; fields != nullptr && i < fields->count; ++i)
        names += (names.empty() ? "" : std::string(between)) + std::string(fields->items[i].text);
    return names;
}

/// RFC 4180: quoted where it must be. A number that a spreadsheet would take for a formula stays a text.
std::string cell(std::string text) {
    if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos) text = '\'' + text;
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + '"';
}

/// What the report has no room for is told beside it, so that a table stays one.
void tellLeftOut(const JsonValue& report) {
    const JsonValue* const left_out = report.find("left_out");
    for (const std::string_view kind : kDifferenceNames)
        if (const std::string count = left_out == nullptr ? "" : textIn(*left_out, kind); !count.empty())
            std::cerr << fmt::format("{} more are {}: the report had no room for them\n", count, kind);
}

/// They are no differences: nobody knows what would be.
void tellRefused(const JsonValue& report) {
    const JsonValue* const refused = report.find("refusals");
    if (refused == nullptr || refused->count == 0) return;
    std::cerr << fmt::format("{} were refused and not compared: caseway sync report {} shows them\n", refused->count,
                             textIn(report, "run"));
}

void table(const JsonValue& differences) {
    std::cout << "kind,source_case_no,case_no,fields\r\n";
    for (std::uint32_t i = 0; i < differences.count; ++i) {
        const JsonValue& one = differences.items[i];
        std::cout << textIn(one, "kind") << ',' << cell(textIn(one, "source_case_no")) << ','
                  << cell(textIn(one, "case_no")) << ',' << cell(fieldsOf(one, " ")) << "\r\n";
    }
}

std::string countIn(const JsonValue& report, std::string_view object, std::string_view name) {
    const JsonValue* const counts = report.find(object);
    return counts == nullptr ? std::string() : textIn(*counts, name);
}

/// Records of the department that could not be compared.
void refusals(const JsonValue& report, std::size_t limit) {
    const JsonValue* const refused = report.find("refusals");
    if (refused == nullptr || refused->count == 0) return;
    people() << fmt::format("refused there, not compared · 拒收，未比较: {}\n", refused->count);
    for (std::uint32_t i = 0; i < refused->count && i < limit; ++i) {
        const JsonValue& one = refused->items[i];
        people() << fmt::format("  record {:<6} {:<30} {:<30} payload {}\n", textIn(one, "record"),
                                shownLine(textIn(one, "code")), shownLine(textIn(one, "field")),
                                shownLine(textIn(one, "payload")));
    }
    if (refused->count > limit) people() << fmt::format("  … {} of {} shown\n", limit, refused->count);
}

void lines(const JsonValue& report, const JsonValue& differences, std::size_t limit) {
    people() << fmt::format("difference report of run {}, {} · 对账差异报告\ncompared at {}\n", textIn(report, "run"),
                            textIn(report, "connector"), textIn(report, "compared_at"));
    for (std::size_t kind = 0; kind < kTitles.size(); ++kind) {
        std::string count = countIn(report, "counts", kDifferenceNames[kind]);
        if (count.empty()) count = "0";  // what is seldom is not written
        people() << fmt::format("{}: {}\n", kTitles[kind], count);
        std::size_t shown = 0;
        for (std::uint32_t i = 0; i < differences.count && shown < limit; ++i) {
            const JsonValue& one = differences.items[i];
            if (textIn(one, "kind") != kDifferenceNames[kind]) continue;
            ++shown;
            people() << fmt::format("  {:<30} {:<34} {}\n", shownLine(textIn(one, "source_case_no")),
                                    shownLine(textIn(one, "case_no")), fieldsOf(one, ", "));
        }
        if (std::to_string(shown) != count) people() << fmt::format("  … {} of {} shown\n", shown, count);
    }
    refusals(report, limit);
    if (const std::string trouble = textIn(report, "trouble"); !trouble.empty())
        people() << fmt::format("nothing was marked: {}; caseway sync show {} says what to do\n", trouble,
                                textIn(report, "run"));
}

void show(const ReportArguments& arguments, CommandContext& context) {
    StoredInstallation installation(context.settings());
    const auto text = reportOf(installation.reader(), arguments.run);
    JsonTree tree;
    const auto report = text ? parseJson(*text, kReportLimits, tree) : Result<const JsonValue*>(Refusal{});
    const JsonValue* const differences = report ? (*report)->find("differences") : nullptr;
    if (differences == nullptr)
        return tellRefusal(context, {"report_unknown",
                                     "run",
                                     std::to_string(arguments.run),
                                     "the number of a reconciliation that came to the source's end",
                                     "caseway sync history",
                                     {}});
    if (context.json)
        std::cout << *text << "\n";
    else if (arguments.csv)
        table(*differences), tellLeftOut(**report), tellRefused(**report);
    else
        lines(**report, *differences, arguments.limit);
}

}  // namespace

void addSyncReportCommand(CLI::App& group, CommandContext& context) {
    const auto arguments = std::make_shared<ReportArguments>();
    CLI::App* const command =
        group.add_subcommand("report", "what a reconciliation found: numbers and names of fields");
    addCommonOptions(*command, context,
                     "  caseway sync report 12\n  caseway sync report 12 --csv > differences.csv\n"
                     "  caseway sync report 12 --json");
    command->add_option("RUN", arguments->run, "its number")->required()->check(CLI::Validator(runNumberMistake, ""));
    command->add_option("--limit", arguments->limit, "so many lines of each kind")->capture_default_str();
    command->add_flag("--csv", arguments->csv, "a table");
    command->callback([arguments, &context] { show(*arguments, context); });
}

}  // namespace caseway
