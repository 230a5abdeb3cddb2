// gateway/cli/sync_preview.cpp - `caseway sync preview`: the next runs of a schedule, before a connector lives by it.
// A mistake in the schedule is a mistake in the command line: exit code 2.
#include "gateway/cli/sync_preview.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <map>
#include <optional>

#include "gateway/base/fault.hpp"
#include "gateway/cli/refusal_text.hpp"
#include "gateway/formats/register/connector_document.hpp"
#include "gateway/sync/schedule_of.hpp"

namespace caseway {
namespace {

constexpr std::size_t kMostRunsShown = 10'000;

struct PreviewArguments {
    ScheduleSettings schedule;
    std::optional<std::string> after;
    std::string calendar_file, days;
    std::vector<std::string> windows, blackout;
    std::size_t count = 5;
    std::string jitter = "0s";
};

const std::map<std::string, RunDays> kDays = {
    {"all", RunDays::All}, {"working", RunDays::Working}, {"rest", RunDays::Rest}};

Refusal refuseOption(std::string where, std::string value, std::string rule, std::string hint) {
    return {"option_invalid", std::move(where), std::move(value), std::move(rule), std::move(hint), {}};
}

/// No more of it than tells that it is too large.
std::string calendarIn(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    std::string text(kLongestCalendarBytes + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (stream.bad() || !stream.is_open())
        throw Fault(FaultCode::FileUnavailable, "cannot read " + file, "check the name and the rights of the file");
    text.resize(static_cast<std::size_t>(stream.gcount()));
    return text;
}

Result<Schedule> scheduleOf(PreviewArguments arguments) {
    ScheduleSettings& settings = arguments.schedule;
    for (const std::string& text : arguments.windows) {
        const auto window = RunWindow::parse(text);
        if (!window) return window.error();
        settings.windows.push_back(*window);
    }
    for (const std::string& text : arguments.blackout) {
        const auto range = parseDateRange(text, "blackout");
        if (!range) return range.error();
        settings.blackout.add(*range);
    }
    if (!arguments.calendar_file.empty()) {
        auto calendar = WorkingCalendar::parse(calendarIn(arguments.calendar_file), arguments.calendar_file);
        if (!calendar) return joined(std::move(calendar).error());
        settings.calendar = *std::move(calendar);
        settings.days = RunDays::Working;
    }
    if (!arguments.days.empty()) settings.days = kDays.at(arguments.days);
    const auto jitter = parseDuration(arguments.jitter, "option_invalid", "--jitter");
    if (!jitter) return jitter.error();
    settings.jitter = *jitter;
    return Schedule::make(std::move(settings));
}

Result<Instant> instantAfter(const std::optional<std::string>& text) {
    if (!text) return std::chrono::time_point_cast<Instant::duration>(std::chrono::system_clock::now());
    if (const auto instant = parseRfc3339(*text)) {
        const bool is_leap_second = text->substr(17, 2) == "60";  // it lies before the midnight that it is taken for
        return is_leap_second ? std::chrono::floor<std::chrono::seconds>(*instant) - std::chrono::microseconds(1)
                              : *instant;
    }
    return refuseOption("--after", *text, "not a time of RFC 3339 with its offset",
                        "write e.g. 2026-05-04T08:30:00+08:00 or 2026-05-04T00:30:00Z");
}

std::string textOf(std::chrono::sys_seconds instant, const TimeZone& zone) {
    return toRfc3339(instant, std::chrono::floor<std::chrono::minutes>(zone.spanAt(instant).offset));
}

void warnOfCalendarEnd(const Schedule& schedule, std::chrono::sys_seconds last_run) {
    if (schedule.settings().days == RunDays::All) return;
    const auto named = schedule.settings().calendar.last();
    const auto yearOf = [](auto time) {
        return static_cast<int>(std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(time)).year());
    };
    const int year = yearOf(last_run + schedule.zone().spanAt(last_run).offset);
    if (!named)
        say("note: no calendar names holidays or worked weekends: Monday to Friday are the working days");
    else if (year > yearOf(*named))
        say(fmt::format("note: the calendar names no date after {}: from then on Monday to Friday are the working days",
                        yearOf(*named)));
}

void showMistake(const Refusal& mistake, CommandContext& context) {
    forEachMistake(mistake, [&context](const Refusal& one) {
        if (context.json) std::cout << jsonOf(one) << "\n";
        sayError(fmt::format("{}: {}{}", one.where, one.value.empty() ? "" : "'" + one.value + "': ", one.rule),
                 one.hint);
    });
    context.exit_code = kUsage;
}

void preview(const PreviewArguments& arguments, CommandContext& context) {
    const auto schedule = scheduleOf(arguments);
    if (!schedule) return showMistake(schedule.error(), context);
    const auto after = instantAfter(arguments.after);
    if (!after) return showMistake(after.error(), context);
    for (const std::string& note : schedule->notes()) say("note: " + note);
    std::size_t shown = 0;
    std::optional<PlannedRun> run = schedule->nextStart(*after), last;
    for (; run && shown < arguments.count; run = schedule->next(run->due), ++shown) {
        const std::string start = textOf(run->start, schedule->zone());
        if (context.json)
            std::cout << fmt::format(R"({{"start":"{}","due":"{}"}})", start, textOf(run->due, schedule->zone()))
                      << "\n";
        else
            std::cout << start << "\n";
        last = run;
    }
    if (shown < arguments.count) say(shown == 0 ? "no run ever comes" : "no other run ever comes");
    if (last) warnOfCalendarEnd(*schedule, last->due);
    if (shown == 0) context.exit_code = kRefused;
}

constexpr auto kExamples = R"(  caseway sync preview "30 1 * * *"
  caseway sync preview "*/10 22-23,0-5 * * *" --zone Europe/Berlin --after 2026-10-24T20:00:00Z --count 20
  caseway sync preview @daily --calendar holidays.txt --blackout 2026-12-31..2027-01-03
  caseway sync preview "0 * * * *" --window 22:00-06:00 --jitter 10m --connector housing/permits --json
fields: minute 0-59, hour 0-23, day of month 1-31, month 1-12 or jan-dec, day of week 0-7 or sun-sat
exit codes: 0 shown, 1 no run ever comes, 2 the schedule has a mistake)";

}  // namespace

void addSyncPreviewCommand(CLI::App& group, CommandContext& context) {
    CLI::App* command = group.add_subcommand("preview", "print the next runs of a schedule");
    const auto arguments = std::make_shared<PreviewArguments>();
    ScheduleSettings& schedule = arguments->schedule;
    command->add_option("EXPRESSION", schedule.expression, "cron expression of five fields, or @daily and the like")
        ->required();
    command->add_option("--zone", schedule.zone, "zone of the IANA database")->capture_default_str()->type_name("NAME");
    command->add_option("--after", arguments->after, "runs after this time (default: now)")->type_name("RFC3339");
    command->add_option("--count", arguments->count, "so many runs")
        ->capture_default_str()
        ->check(CLI::Range(std::size_t{1}, kMostRunsShown));
    command->add_option("--window", arguments->windows, "runs start only then (may be repeated)")
        ->type_name("HH:MM-HH:MM")
        ->allow_extra_args(false);
    command->add_option("--calendar", arguments->calendar_file, "holidays and worked weekends; runs on working days")
        ->type_name("FILE")
        ->check(CLI::ExistingFile);
    command->add_option("--days", arguments->days, "all, working or rest days (default: all; working with --calendar)")
        ->check(CLI::IsMember(kDays));
    command->add_option("--blackout", arguments->blackout, "no run on these dates (may be repeated)")
        ->type_name("DATE[..DATE]")
        ->allow_extra_args(false);
    command->add_option("--jitter", arguments->jitter, "start up to this much later, always the same for a date")
        ->capture_default_str()
        ->type_name("DURATION");
    command->add_option("--connector", schedule.connector, "name of the connector, for its jitter")->type_name("NAME");
    addCommonOptions(*command, context, kExamples);
    command->callback([arguments, &context] { preview(*arguments, context); });
}

std::vector<char*> withExpressionLast(int argc, char** argv) {
    static char mark[] = "--";
    std::vector<char*> arguments(argv, argv + argc);
    if (argc < 4 || std::string_view(argv[1]) != "sync" || std::string_view(argv[2]) != "preview") return arguments;
    const auto isExpression = [](std::string_view text) {
        return text.starts_with('-') && !text.starts_with("--") && text.find_first_of(" \t") != std::string_view::npos;
    };
    const auto found = std::find_if(arguments.begin() + 3, arguments.end(), isExpression);
    if (found == arguments.end()) return arguments;
    std::rotate(found, found + 1, arguments.end());
    arguments.insert(arguments.end() - 1, mark);
    return arguments;
}

}  // namespace caseway
