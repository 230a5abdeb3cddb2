// gateway/cli/sync_commands.cpp - the group `caseway sync`; each command has its file.
#include "gateway/cli/command.hpp"
#include "gateway/cli/sync_morning.hpp"
#include "gateway/cli/sync_preview.hpp"
#include "gateway/cli/sync_report.hpp"
#include "gateway/cli/sync_runs.hpp"

namespace caseway {

void addSyncCommands(CLI::App& program, CommandContext& context) {
    CLI::App* group = program.add_subcommand("sync", "the nightly synchronization of the connectors");
    group->require_subcommand(1);
    addSyncRunCommands(*group, context);
    addSyncMorningCommand(*group, context);
    addSyncReportCommand(*group, context);
    addSyncPreviewCommand(*group, context);
}

}  // namespace caseway
