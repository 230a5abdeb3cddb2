// gateway/cli/command.hpp - what every command shares: the global options, exit codes, how errors are shown.
// Exit codes: 0 done, 1 refused or failed, 2 usage, of `serve` also 78 (kMisconfigured). Machine output is JSON on
// stdout; everything for people goes to stderr.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>

#include "gateway/daemon/settings.hpp"

namespace caseway {

constexpr int kDone = 0;
constexpr int kRefused = 1;
constexpr int kUsage = 2;
/// EX_CONFIG of sysexits(3): `serve` cannot start before a hand has changed something, so that the unit does not try
/// again.
constexpr int kMisconfigured = 78;

/// Options that every command takes, and the exit code that the chosen command leaves.
struct CommandContext {
    std::string config_file;
    std::string data_folder;
    bool json = false;
    int exit_code = kDone;
    int exit_code_of_configuration = kRefused;  ///< where a Fault{ConfigurationBad} ends the command

    /// The configuration under --config and --data; DATA/caseway.properties where no --config is given and it is there.
    Settings settings() const;
};

/// Adds --config, --data and --json to a command, and its examples to its help.
void addCommonOptions(CLI::App& command, CommandContext& context, const std::string& examples);

/// The same options before the last word of a command: `caseway --data data case list`.
void takeCommonOptionsEverywhere(CLI::App& command, CommandContext& context);

/// True where stderr is a terminal and NO_COLOR is not set.
bool mayColour();
/// "error: …" on stderr, red on terminals; the hint on a line of its own.
void sayError(std::string_view text, std::string_view hint = {});
/// Where tables and texts for people go: stderr, so that stdout is JSON, a file's text, or nothing.
std::ostream& people();
/// A line for people.
void say(std::string_view text);
/// Of the rows that a list shows at once.
constexpr int kMostListed = 1'000'000;
/// Of rows of which one more was asked for than `limit`: takes that one away. True: there are more.
template <class Row>
bool cutAt(std::size_t limit, std::vector<Row>& rows) {
    if (rows.size() <= limit) return false;
    rows.resize(limit);
    return true;
}
/// Keys, certificates, documents of connectors: none is larger.
constexpr std::size_t kGivenFileBytesMax = 1024 * 1024;
/// Revocation lists of large authorities, bundles of certificates.
constexpr std::size_t kCertificateFileBytesMax = 4 * 1024 * 1024;
/// Answers to messages of many records.
constexpr std::size_t kAnswerFileBytesMax = 64 * 1024 * 1024;
/// Reads a whole file, at most `most` bytes: some never end (/dev/zero), and a disk's image is nobody's certificate.
/// Throws Fault{FileUnavailable} with its name.
std::string readFile(const std::filesystem::path& file, std::size_t most = kGivenFileBytesMax);
/// Standard input, in the same way.
std::string readStandardInput(std::size_t most = kGivenFileBytesMax);
/// Reads a file that people write, and that goes on as JSON: in UTF-8. Throws also where it is none, naming the line.
std::string readTextFile(const std::filesystem::path& file);
/// Reads a certificate, request or revocation list, as PEM; other text as it is. Throws also where the bytes are no
/// text and no such DER, and says of which form they are.
std::string readCertificateFile(const std::filesystem::path& file);

void addInitCommand(CLI::App& program, CommandContext& context);
void addServeCommand(CLI::App& program, CommandContext& context);
void addExplainCommand(CLI::App& program, CommandContext& context);
void addWaitCommand(CLI::App& program, CommandContext& context);
void addMessageCommands(CLI::App& program, CommandContext& context);
void addCaseCommands(CLI::App& program, CommandContext& context);
void addMappingCommands(CLI::App& program, CommandContext& context);
void addDepartmentCommands(CLI::App& program, CommandContext& context);
void addSystemCommands(CLI::App& program, CommandContext& context);
void addCertCommands(CLI::App& program, CommandContext& context);
void addConnectorCommands(CLI::App& program, CommandContext& context);
void addSecretCommands(CLI::App& program, CommandContext& context);
void addExportCommands(CLI::App& program, CommandContext& context);
void addLogCommands(CLI::App& program, CommandContext& context);
void addReceiptCommands(CLI::App& program, CommandContext& context);
void addSyncCommands(CLI::App& program, CommandContext& context);
void addBackupCommands(CLI::App& program, CommandContext& context);
void addDoctorCommand(CLI::App& program, CommandContext& context);
void addCompletionCommand(CLI::App& program, CommandContext& context);

}  // namespace caseway
