// gateway/cli/backup_commands.cpp - `caseway backup` while the gateway runs, `caseway restore` into a data folder where
// none runs.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <iostream>
#include <random>
#include <vector>

#include "gateway/adapters/files/key_file.hpp"
#include "gateway/adapters/files/payload_folder.hpp"
#include "gateway/adapters/sqlite/first_numbers.hpp"
#include "gateway/adapters/sqlite/sqlite_store.hpp"
#include "gateway/base/counted.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/cli/command.hpp"
#include "gateway/cli/log_public_key.hpp"
#include "gateway/cli/refusal_text.hpp"
#include "gateway/daemon/stored_installation.hpp"
#include "gateway/log/message_log.hpp"
#include "gateway/ports/clock.hpp"

namespace caseway {
namespace {

namespace fs = std::filesystem;

struct BackupArguments {
    std::string file;
    bool replace = false;
    bool links = false;
};

constexpr const char* kConfiguration = "caseway.properties";

/// What a gateway needs to go on and no backup holds: told after a restore, so that nobody starts an empty register.
void sayWhatIsMissing(const Settings& settings) {
    const auto lacks = [&settings](const std::string& path) {
        const fs::path full = settings.path(path);
        std::error_code error;
        return fs::is_directory(full, error) ? fs::is_empty(full, error) : !fs::exists(full, error);
    };
    const auto tell = [](const std::string& path, const char* what) {
        say(fmt::format("missing: {}: {}", path, what));
    };
    if (lacks(settings.register_folder))
        tell(settings.register_folder, "every message would be refused; put it back: caseway apply DIR, of an export");
    if (lacks(settings.mappings_folder))
        tell(settings.mappings_folder, "no message could be read; put it back: caseway apply DIR, of an export");
    if (lacks("authorities"))
        tell("authorities", "put it back where certificates were issued or trusted: caseway apply DIR");
    if (lacks(settings.tls_certificate) || lacks(settings.tls_key))
        tell(settings.tls_certificate, "certificate or key of the https address: put both back, or hand new ones over");
    if (lacks("keys/ca.key") && !lacks("authorities/own/ca.pem"))
        tell("keys/ca.key", "our own authority cannot sign without it: put it back");
    if (lacks(kConfiguration)) tell(kConfiguration, "the defaults are in force; put it back if there was one");
}

std::string payloadsBeside(const std::string& file) {
    return file + ".payloads";
}

/// Bodies of large messages that the database names and nobody has.
void sayWhichBodiesAreMissing(const Settings& settings, const std::string& backup) {
    const PayloadFolder payloads(settings.path("payloads").string());
    const auto named = bodyFilesIn(databaseFileIn(settings.data.string()));
    const auto missing = std::count_if(named.begin(), named.end(),
                                       [&payloads](const std::string& name) { return !payloads.contains(name); });
    if (missing != 0)
        say(fmt::format(
            "missing: payloads: {} of the {} of large messages that the backup names; they lie in {}: put it "
            "beside the backup and restore once more with --replace",
            missing, counted(named.size(), "file"), payloadsBeside(backup)));
}

/// Of files whose bytes are not those that were taken: what a copy would hand on is no evidence.
void sayWhatIsDamaged(const std::vector<std::string>& names, const std::string& where, CommandContext& context) {
    if (names.empty()) return;
    context.exit_code = kRefused;
    say(
        fmt::format("damaged: {} in {}, such as {}: not copied; `caseway log verify` names the messages, and an older "
                    "backup may have them",
                    counted(names.size(), "file"), where, names.front()));
}

/// `apply` fills folders that are there: a fresh data folder has none yet. Run after it was told what is missing.
void makeRegisterFolders(const Settings& settings) {
    for (const std::string& folder : {settings.register_folder, settings.mappings_folder}) {
        const fs::path full = settings.path(folder);
        if (!fs::exists(full) && fs::create_directories(full)) fs::permissions(full, fs::perms::owner_all);
    }
}

void backup(const BackupArguments& arguments, CommandContext& context) {
    const Settings settings = context.settings();
    const fs::path folder = fs::absolute(arguments.file).parent_path();
    if (!fs::is_directory(folder))
        throw Fault(FaultCode::FileUnavailable, "no folder " + folder.string(), "make it, or name another one");
    StoredInstallation stored(settings);
    stored.store().backupTo(arguments.file);
    const std::string payloads = settings.path("payloads").string();
    PayloadFolder copy(payloadsBeside(arguments.file));
    if (arguments.links)
        PayloadFolder(payloads).keepIn(copy.root());
    else
        sayWhatIsDamaged(PayloadFolder(payloads).copyTo(copy), payloads, context);
    if (context.json) {
        std::string out = "{";
        appendMember("file", arguments.file, out);
        appendMember("payloads", payloadsBeside(arguments.file), out);
        std::cout << out << "}\n";
    }
    say(fmt::format(
        "backed up to {} and {}: messages, cases and log. Not in it: register and mappings (`caseway export "
        "DIR`), {}, keys/, secrets/ and tls/ (keep them where backups are not)",
        arguments.file, payloadsBeside(arguments.file), kConfiguration));
}

/// Never given before: two restores may fall into one second, or the clock may have been set back, and two heads of one
/// origin and size must never differ. The seconds are for readers, the random bits are what makes it new.
std::string newOrigin(const Settings& settings, Instant now) {
    std::random_device random;
    std::string bits;
    for (int i = 0; i < 4; ++i) bits += fmt::format("{:08x}", random());
    return fmt::format("{}/{}-{}", settings.logOrigin(),
                       std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count(), bits);
}

/// Left there by the restore.
std::uint64_t numberIn(Store& store, std::string_view meta) {
    return std::stoull(store.reader().meta(meta).value_or("1"));
}

/// A restored log may be older than receipts that were issued; it goes on under a new origin whose first leaf names the
/// old head.
std::string startNewOrigin(Store& store, const Settings& settings) {
    KeyFile signer(settings.path(settings.log_key));
    const std::string stored_origin = store.reader().meta(kLogOriginMeta).value_or(settings.logOrigin());
    const auto log = [&] {
        try {
            return MessageLog::open(store.reader(), signer, stored_origin);
        } catch (const Fault& fault) {
            if (fault.code() != FaultCode::ConfigurationBad) throw;
            throw Fault(fault.code(), "the backup's log: " + std::string(fault.detail()),
                        "nothing was changed; put the key back that this backup's log was signed with: " +
                            settings.path(settings.log_key).string());
        }
    }();
    const Instant now = SystemClock().now();
    const std::string origin = newOrigin(settings, now);
    const auto writer = store.beginWrite();
    log->begin();
    log->startOrigin(*writer, origin, now, "restored from a backup",
                     FirstNumbers{numberIn(store, kFirstChangeMeta), numberIn(store, kFirstCaseMeta)});
    log->seal(*writer);
    writer->putMeta(kRestoredHeadMeta, "");
    writer->commit();
    return origin;
}

void restore(const BackupArguments& arguments, CommandContext& context) {
    const Settings settings = context.settings();
    if (!fs::exists(settings.path(settings.log_key)))
        throw Fault(FaultCode::ConfigurationBad, "no log key " + settings.path(settings.log_key).string(),
                    "put the log's key back first: the restored log goes on under a new origin that must be signed");
    std::string origin;
    std::vector<std::string> damaged;
    const auto complete = [&](Store& store, const std::string& replaced) {
        origin = startNewOrigin(store, settings);
        PayloadFolder payloads(settings.path("payloads").string());
        // The next start removes what its database does not name; the one that is put aside names it still.
        if (!replaced.empty()) payloads.keepIn(payloadsBeside(replaced));
        // Stored files are durable before the database that names them is in its place.
        if (fs::exists(payloadsBeside(arguments.file)))
            damaged = PayloadFolder(payloadsBeside(arguments.file)).copyTo(payloads);
    };
    const std::string kept = restoreFrom(arguments.file, settings.data.string(), arguments.replace, complete);
    say("the log goes on under the new origin " + origin + "; its next leaf names the old head");
    if (!kept.empty())
        say("the database that was there is kept as " + kept +
            (fs::exists(payloadsBeside(kept)) ? ", its files in " + payloadsBeside(kept) : ""));
    sayWhatIsDamaged(damaged, payloadsBeside(arguments.file), context);
    if (const std::string why = whyNotOfLogKey(settings); !why.empty())
        say(fmt::format("warning: {}: {}", why, kWriteLogPublicKey));
    sayWhatIsMissing(settings);
    sayWhichBodiesAreMissing(settings, arguments.file);
    makeRegisterFolders(settings);
    if (context.json) {
        std::string out = "{";
        appendMember("origin", origin, out);
        if (!kept.empty()) appendMember("kept", kept, out);
        std::cout << out << "}\n";
    }
    say("restored; `caseway log verify` recomputes everything");
}

}  // namespace

void addBackupCommands(CLI::App& program, CommandContext& context) {
    const auto arguments = std::make_shared<BackupArguments>();
    CLI::App* saver = program.add_subcommand(
        "backup",
        "copy messages, cases and log, while the gateway runs; not the register, mappings, keys or configuration");
    saver
        ->add_option("FILE", arguments->file,
                     "the backup; must not exist; stored files of large messages go to FILE.payloads")
        ->required();
    saver->add_flag("--links", arguments->links,
                    "stored files as second names and not as copies, where the file system can: at once and without "
                    "space, for who then copies the folder to another disk");
    addCommonOptions(*saver, context,
                     "  caseway backup --data data /backup/caseway-2026-05-04.db\n  caseway export --data data "
                     "/backup/register-2026-05-04");
    saver->callback([arguments, &context] { backup(*arguments, context); });
    CLI::App* restorer = program.add_subcommand("restore", "put a backup in place; the gateway must be stopped");
    restorer->add_option("FILE", arguments->file, "the backup")->required()->check(CLI::ExistingFile);
    restorer->add_flag("--replace", arguments->replace, "take the place of a database that is there (kept beside it)");
    addCommonOptions(*restorer, context, "  caseway restore --data data /backup/caseway-2026-05-04.db");
    restorer->callback([arguments, &context] { restore(*arguments, context); });
}

}  // namespace caseway
