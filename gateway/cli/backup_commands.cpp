// gateway/cli/backup_commands.cpp - `caseway backup` while the gateway runs, `caseway restore` into a data folder where
// none runs.
#include <fmt/format.h>

#include <filesystem>
#include <functional>

#include "gateway/adapters/files/key_file.hpp"
#include "gateway/adapters/files/payload_folder.hpp"
#include "gateway/adapters/sqlite/sqlite_store.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/cli/command.hpp"
#include "gateway/daemon/stored_installation.hpp"
#include "gateway/log/message_log.hpp"
#include "gateway/ports/clock.hpp"

namespace caseway {
namespace {

namespace fs = std::filesystem;

/// Set by the store's restore until the new origin has begun; a gateway does not start while it is.
constexpr std::string_view kRestoredHead = "restored_head";

struct BackupArguments {
    std::string file;
    bool replace = false;
};

std::string payloadsBeside(const std::string& file) {
    return file + ".payloads";
}

void backup(const BackupArguments& arguments, CommandContext& context) {
    const Settings settings = context.settings();
    const fs::path folder = fs::absolute(arguments.file).parent_path();
    if (!fs::is_directory(folder))
        throw Fault(FaultCode::FileUnavailable, "no folder " + folder.string(), "make it, or name another one");
    StoredInstallation stored(settings);
    stored.store().backupTo(arguments.file);
    PayloadFolder(settings.path("payloads").string()).copyTo(PayloadFolder(payloadsBeside(arguments.file)));
    say(fmt::format("backed up to {} and {}; keys are not in it", arguments.file, payloadsBeside(arguments.file)));
}

/// A restored log may be older than receipts that were issued; it goes on under a new origin whose first leaf names the
/// old head.
void startNewOrigin(const Settings& settings) {
    SqliteOptions options;
    options.folder = settings.data.string();
    const auto store = openSqliteStore(options);
    KeyFile signer(settings.path(settings.log_key));
    const std::string stored_origin = store->reader().meta(kLogOriginMeta).value_or(settings.logOrigin());
    const auto log = MessageLog::open(store->reader(), signer, stored_origin);
    const Instant now = SystemClock().now();
    const std::string origin =
        fmt::format("{}/{}", settings.logOrigin(),
                    std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count());
    const auto writer = store->beginWrite();
    log->begin();
    log->startOrigin(*writer, origin, now, "restored from a backup");
    log->seal(*writer);
    writer->putMeta(kRestoredHead, "");
    writer->commit();
    say("the log goes on under the new origin " + origin + "; its next leaf names the old head");
}

void restore(const BackupArguments& arguments, CommandContext& context) {
    const Settings settings = context.settings();
    if (!fs::exists(settings.path(settings.log_key)))
        throw Fault(FaultCode::ConfigurationBad, "no log key " + settings.path(settings.log_key).string(),
                    "put the log's key back first: the restored log goes on under a new origin that must be signed");
    if (fs::exists(payloadsBeside(arguments.file)))
        PayloadFolder(payloadsBeside(arguments.file)).copyTo(PayloadFolder(settings.path("payloads").string()));
    restoreFrom(arguments.file, settings.data.string(), arguments.replace);
    startNewOrigin(settings);
    say("restored; `caseway log verify` recomputes everything");
}

}  // namespace

void addBackupCommands(CLI::App& program, CommandContext& context) {
    const auto arguments = std::make_shared<BackupArguments>();
    CLI::App* saver = program.add_subcommand("backup", "copy everything, while the gateway runs");
    saver->add_option("FILE", arguments->file, "the backup; must not exist")->required();
    addCommonOptions(*saver, context, "  caseway backup --data data /backup/caseway-2026-05-04.db");
    saver->callback([arguments, &context] { backup(*arguments, context); });
    CLI::App* restorer = program.add_subcommand("restore", "put a backup in place; the gateway must be stopped");
    restorer->add_option("FILE", arguments->file, "the backup")->required()->check(CLI::ExistingFile);
    restorer->add_flag("--replace", arguments->replace, "take the place of a database that is there (kept beside it)");
    addCommonOptions(*restorer, context, "  caseway restore --data data /backup/caseway-2026-05-04.db");
    restorer->callback([arguments, &context] { restore(*arguments, context); });
}

}  // namespace caseway
