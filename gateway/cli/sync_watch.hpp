// gateway/cli/sync_watch.hpp - watches runs that were begun, and shows how far they are: a line a connector with bar,
// rate and time left on terminals, nothing elsewhere; their ends on stdout.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "gateway/cli/command.hpp"
#include "gateway/domain/run.hpp"
#include "gateway/ports/store.hpp"

namespace caseway {

/// "waits since …, tries again at …: store_unavailable: database or disk is full"
std::string waitLine(const RunWait& wait);
/// What keeps this run from its next page, where a gateway says so.
std::optional<RunWait> waitOf(const CommandContext& context, const Run& run);

std::optional<Run> lastRunOf(StoreReader& reader, const std::string& connector);

/// "[####----] 41 %  12000 of 29000 records  813/s  21 s left": the bar only where the source told how many there are,
/// and all of them are read. `applied`: of large payloads that are not whole yet.
std::string progressOf(const std::string& connector, const Run& run, std::uint64_t applied, Instant now);

struct TerminalSize {
    std::size_t columns = 80, rows = 24;
};
/// What of `lines` has room: cut, none of them wrapped, the last one saying how many more there are.
std::vector<std::string> fittingLines(const std::vector<std::string>& lines, const TerminalSize& size);

/// Waits until each of the runs has ended, or cannot go on, and shows it; a line a connector says its result at the
/// end. `before`: connector to the number of the run before. `refused`: those that were not begun, with the code. Exit
/// code 1 where one did not come to its end, also where the gateway stops meanwhile.
void watchRuns(CommandContext& context, const std::map<std::string, RunNo>& before,
               const std::map<std::string, std::string>& refused);
/// The same of runs that write nothing: only the gateway knows of them.
void watchDryRuns(CommandContext& context, const std::vector<std::string>& connectors,
                  const std::map<std::string, std::string>& refused);

}  // namespace caseway
