// gateway/cli/doctor.cpp - `caseway doctor`: what is wrong with this installation, and what to do.
#include <Poco/Net/ServerSocket.h>
#include <fmt/format.h>

#include <cerrno>
#include <filesystem>

#include "gateway/adapters/files/key_file.hpp"
#include "gateway/cli/admin_client.hpp"
#include "gateway/cli/command.hpp"
#include "gateway/cli/doctor_checks.hpp"
#include "gateway/cli/log_public_key.hpp"
#include "gateway/cli/register_client.hpp"
#include "gateway/daemon/data_folder_lock.hpp"
#include "gateway/daemon/folder_rights.hpp"
#include "gateway/daemon/mapping_folder.hpp"
#include "gateway/daemon/stored_installation.hpp"

namespace caseway {
namespace {

namespace fs = std::filesystem;

const Poco::Timespan kPatience(5, 0);  ///< with the gateway

/// What would stand in the way of the gateway's start.
void checkListener(Diagnosis& diagnosis, const char* key, const std::string& address, std::uint16_t port) {
    try {
        Poco::Net::ServerSocket socket;
        socket.bind(Poco::Net::SocketAddress(address, port), true, false);
    } catch (const Poco::Exception& error) {
        if (error.code() == EACCES) return;  // a port below 1024: whoever starts the gateway may have the right to it
        diagnosis.bad(fmt::format("{}: {} port {} cannot be listened on: {}", key, address, port, error.displayText()),
                      "name an address of this machine (ip addr shows them; 0.0.0.0 is all) and a port that is free "
                      "(ss -ltnp shows who has it)");
    }
}

/// One that was stopped, or stands before a disk that does not answer, takes connections all the same.
void checkAnswers(Diagnosis& diagnosis, const Settings& settings, const Poco::Net::StreamSocket& socket) {
    try {
        static_cast<void>(askAdmin(socket, "GET", "/admin/v1/sync", {}, {}, kPatience));
        diagnosis.good("gateway: running");
    } catch (const Fault&) {
        const auto process = gatewayProcess(settings);
        const std::string pid = process ? std::to_string(*process) : "PID";
        diagnosis.bad(fmt::format("gateway: process {} is there and does not answer", pid),
                      fmt::format("ps -o stat,wchan -p {0}: T is stopped: kill -CONT {0}; D waits for a disk or a "
                                  "network share; else look at its log, and start it anew: systemctl restart caseway",
                                  pid));
    }
}

void checkRunning(Diagnosis& diagnosis, const Settings& settings) {
    if (const auto socket = connectAdmin(settings)) return checkAnswers(diagnosis, settings, *socket);
    diagnosis.warn("gateway: not running", "caseway serve --data " + settings.data.string());
    const ListenerSettings& listen = settings.listen;
    checkListener(diagnosis, "listen.address", listen.address, listen.port);
    checkListener(diagnosis, "listen.health_address", listen.health_address, listen.health_port);
}

void diagnose(CommandContext& context) {
    Diagnosis diagnosis(context);
    const Settings settings = context.settings();
    if (!fs::exists(settings.data))
        return diagnosis.bad("no data folder " + settings.data.string(), "caseway init --data DIR");
    const fs::path key = settings.path(settings.log_key);
    diagnosis.run("log key", [&] {
        KeyFile opened(key);
        if (const std::string why = whyNotOfLogKey(settings); !why.empty())
            return diagnosis.bad(why, kWriteLogPublicKey);
        diagnosis.good("log key " + key.string());
    });
    for (const RightsFinding& one : rightsFindings(settings))
        one.is_bad ? diagnosis.bad(one.what, one.next_step) : diagnosis.warn(one.what, one.next_step);
    // Other checks need it, too: one that cannot be read is told here, once.
    diagnosis.run("register", [&] { static_cast<void>(readInstalledRegister(settings)); });
    diagnosis.run("server certificate", [&] { checkServerCertificate(diagnosis, settings); });
    checkRunning(diagnosis, settings);
    std::vector<MappingMistake> mistakes;
    const MappingsByName mappings = loadMappings(settings.path(settings.mappings_folder), mistakes);
    for (const MappingMistake& mistake : mistakes) diagnosis.bad(textOf(mistake), mistake.hint);
    diagnosis.good(counted(mappings.size(), "mapping") + " loaded");
    diagnosis.run("register", [&] { checkRegister(diagnosis, settings, mappings); });
    diagnosis.run("store", [&] {
        StoredInstallation stored(settings);
        const auto head = stored.reader().lastCheckpoint();
        diagnosis.good(fmt::format("store opened, log of {} leaves, {} large messages unfinished",
                                   head ? head->tree_size : 0, stored.reader().unfinishedLarge().size()));
        checkReport(diagnosis, settings, stored.reader());
    });
    diagnosis.run("runs", [&] { checkRuns(diagnosis, settings); });
    diagnosis.run("connectors", [&] { checkConnectorAccess(diagnosis, settings); });
    checkPlugins(diagnosis, settings);
    const fs::space_info space = fs::space(settings.data);
    if (space.available < 1024ULL * 1024 * 1024)
        diagnosis.bad(fmt::format("{} MiB free on the disk", space.available >> 20),
                      "free space; messages are refused when it is full");
}

}  // namespace

void addDoctorCommand(CLI::App& program, CommandContext& context) {
    CLI::App* command = program.add_subcommand("doctor", "what is wrong with this installation, and what to do");
    addCommonOptions(*command, context, "  caseway doctor --data /var/lib/caseway");
    command->callback([&context] { diagnose(context); });
}

}  // namespace caseway
