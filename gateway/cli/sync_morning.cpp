// gateway/cli/sync_morning.cpp - chooses night, form and place.
#include "gateway/cli/sync_morning.hpp"

#include <fstream>
#include <iostream>

#include "gateway/base/fault.hpp"
#include "gateway/cli/admin_client.hpp"
#include "gateway/cli/register_client.hpp"
#include "gateway/daemon/data_folder_lock.hpp"
#include "gateway/daemon/report_source.hpp"
#include "gateway/daemon/stored_installation.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/formats/run/wait_document.hpp"
#include "gateway/ports/clock.hpp"

namespace caseway {
namespace {

struct MorningArguments {
    std::string night, html, csv, language;
};

/// "-": stdout.
void writeTo(const std::string& file, const std::string& text) {
    if (file == "-") {
        std::cout << text;
        return;
    }
    std::ofstream stream(file, std::ios::binary | std::ios::trunc);
    stream << text;
    stream.close();
    if (!stream) throw Fault(FaultCode::FileUnavailable, file + ": cannot be written", "choose another place");
    say("written: " + file);
}

/// Only the gateway knows them. None runs, or it does not answer: what the store has is the report all the same.
RunWaits waitsNow(const Settings& settings) {
    RunWaits waits;
    try {
        const auto socket = connectAdmin(settings);
        if (!socket) return waits;
        const AdminAnswer answer = askAdmin(*socket, "GET", "/admin/v1/sync");
        JsonTree tree;
        const auto list = parseJson(answer.body, JsonLimits{}, tree);
        for (std::uint32_t i = 0; list && i < (*list)->count; ++i) {
            const JsonValue* const told = (*list)->items[i].find("wait");
            if (auto wait = told == nullptr ? std::nullopt : readRunWait(*told))
                waits.emplace(textIn((*list)->items[i], "connector"), *std::move(wait));
        }
    } catch (const Fault& fault) {
        say(std::string("what runs wait for is not known: ") + fault.what());
    }
    return waits;
}

void morning(const MorningArguments& arguments, CommandContext& context) {
    if ((context.json ? 1 : 0) + (arguments.html == "-" ? 1 : 0) + (arguments.csv == "-" ? 1 : 0) > 1)
        throw CLI::ValidationError("--json, --html -, --csv -", "one of them only goes to stdout");
    const Settings settings = context.settings();
    std::optional<std::chrono::local_days> date;
    if (!arguments.night.empty()) {
        const auto parsed = parseNightDate(arguments.night);
        if (!parsed) throw CLI::ValidationError("--night", arguments.night.substr(0, 40) + ": " + parsed.error().rule);
        date = *parsed;
        const TimeZone zone = reportZone(settings);
        if (const auto refusal = notBegun(nightOf(*date, zone), zone, SystemClock().now()))
            throw CLI::ValidationError("--night", refusal->value + ": " + refusal->rule);
    }
    const ReportLanguage language =
        reportLanguageNamed(arguments.language.empty() ? settings.report.language : arguments.language)
            .value_or(ReportLanguage::English);
    StoredInstallation installation(settings);
    MorningReport report = morningReport(settings, readInstalledRegister(settings), installation.reader(),
                                         waitsNow(settings), date, SystemClock().now(), false, isServed(settings));
    if (!date) report.unsent = unsentReports(settings, installation.reader());
    if (context.json) std::cout << *reportAs("json", report, language) << "\n";
    if (!arguments.html.empty()) writeTo(arguments.html, *reportAs("html", report, language));
    if (!arguments.csv.empty()) writeTo(arguments.csv, *reportAs("csv", report, language));
    if (!context.json && arguments.html.empty() && arguments.csv.empty())
        people() << *reportAs("text", report, language);
    forEachConnector(report, [&](const auto&, const ConnectorNight& one) {
        if (isBad(one.verdict.state)) context.exit_code = kRefused;
    });
}

}  // namespace

void addSyncMorningCommand(CLI::App& group, CommandContext& context) {
    CLI::App* const command = group.add_subcommand(
        "morning", "the morning report: who came in the night, how much, what is missing, what is new");
    const auto arguments = std::make_shared<MorningArguments>();
    command->add_option("--night", arguments->night, "the date of its morning (default: today)")->type_name("DATE");
    command->add_option("--html", arguments->html, "as a page into this file; - for stdout")->type_name("FILE");
    command->add_option("--csv", arguments->csv, "as a table into this file; - for stdout")->type_name("FILE");
    command->add_option("--language", arguments->language, "zh or en (default: report.language)")
        ->check(CLI::IsMember({"zh", "en"}));
    addCommonOptions(*command, context,
                     "  caseway sync morning\n"
                     "  caseway sync morning --night 2026-11-26 --html report.html --language zh\n"
                     "  caseway sync morning --json\n"
                     "exit codes: 0 everybody came, 1 somebody was late, absent or did not come to the end, 2 usage");
    command->callback([arguments, &context] { morning(*arguments, context); });
}

}  // namespace caseway
