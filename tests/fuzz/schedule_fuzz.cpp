// tests/fuzz/schedule_fuzz.cpp - any text as a schedule: an expression in the first line, then a window, a range of
// dates, and the lines of a calendar. What is taken has a run, or none for ever; each run comes after the one before.
#include <cstdint>
#include <string_view>

#include "gateway/base/check.hpp"
#include "gateway/formats/text/said_text.hpp"
#include "gateway/sync/schedule.hpp"

using namespace caseway;

namespace {

std::string_view takeLine(std::string_view& rest) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    return line;
}

void checkTold(const Refusal& refusal) {
    CASEWAY_CHECK(!refusal.code.empty() && !refusal.where.empty() && !refusal.rule.empty() && !refusal.hint.empty());
    for (const std::string& said : {refusal.value, refusal.hint}) CASEWAY_CHECK(said == shownLine(said));
}

template <class T>
bool isTaken(const Result<T>& result) {
    if (!result) checkTold(result.error());
    return result.ok();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::string_view kZones[] = {"Asia/Shanghai", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia"};
    const Instant start = parseRfc3339("2011-12-01T00:00:00Z").value();
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    ScheduleSettings settings;
    settings.zone = kZones[size % 4];
    settings.expression = takeLine(rest);
    if (const auto window = RunWindow::parse(takeLine(rest)); isTaken(window)) settings.windows = {*window};
    if (const auto range = parseDateRange(takeLine(rest), "blackout"); isTaken(range)) settings.blackout.add(*range);
    const auto calendar = WorkingCalendar::parse(rest, "calendar");
    if (calendar)
        settings.calendar = *calendar;
    else
        CASEWAY_CHECK(!calendar.error().empty() && calendar.error().size() <= kMostCalendarMistakes);
    settings.days = static_cast<RunDays>(size % 3);
    settings.jitter = std::chrono::seconds(size % 4000);
    const auto schedule = Schedule::make(settings);
    if (!isTaken(schedule)) return 0;
    Instant after = start;
    for (int i = 0; i < 20; ++i) {
        const auto run = schedule->next(after);
        if (!run) break;
        CASEWAY_CHECK(run->due > after && run->start >= run->due && run->start <= run->due + settings.jitter);
        after = run->due;
    }
    return 0;
}
