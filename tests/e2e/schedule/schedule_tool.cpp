// tests/e2e/schedule/schedule_tool.cpp - answers many questions in one process, for oracle_test.py.
// In, a line each: expression, zone, after, until (RFC 3339), window or "-", parted by tabs. Out, a line each: the
// times at which runs are due, in seconds since 1970, parted by blanks; "refused CODE" where there is no such schedule.
#include <iostream>
#include <sstream>

#include "gateway/sync/schedule.hpp"

using namespace caseway;

namespace {

std::string answer(const std::string& question) {
    std::istringstream fields(question);
    std::string after, until, window;
    ScheduleSettings settings;
    std::getline(fields, settings.expression, '\t');
    std::getline(fields, settings.zone, '\t');
    std::getline(fields, after, '\t');
    std::getline(fields, until, '\t');
    std::getline(fields, window, '\t');
    if (window != "-") settings.windows.push_back(RunWindow::parse(window).value());
    const auto schedule = Schedule::make(std::move(settings));
    if (!schedule) return "refused " + schedule.error().code;
    std::string out;
    for (auto run = schedule->next(parseRfc3339(after).value()); run && run->due <= parseRfc3339(until).value();
         run = schedule->next(run->due))
        out += std::to_string(run->due.time_since_epoch().count()) + " ";
    return out;
}

}  // namespace

int main() {
    for (std::string question; std::getline(std::cin, question);) std::cout << answer(question) << "\n";
}
