// gateway/cli/init.cpp - `caseway init`: a data folder with the log's key, a self-signed certificate for 127.0.0.1,
// empty register and mappings, a configuration that is all comments. Running it again changes nothing.
#include <fmt/format.h>
#include <sys/stat.h>

#include <fstream>
#include <iostream>

#include "gateway/adapters/files/key_file.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/cli/command.hpp"
#include "gateway/cli/refusal_text.hpp"
#include "gateway/formats/crypto/certificate.hpp"
#include "gateway/formats/crypto/private_key.hpp"
#include "gateway/formats/merkle/note.hpp"
#include "gateway/ports/clock.hpp"

namespace caseway {
namespace {

namespace fs = std::filesystem;

void writeFile(const fs::path& file, const std::string& text, ::mode_t mode) {
    const ::mode_t former = ::umask(0777 & ~mode);
    std::ofstream stream(file, std::ios::binary | std::ios::trunc);
    ::umask(former);
    if (!(stream << text) || !stream.flush())
        throw Fault(FaultCode::FileUnavailable, "cannot write " + file.string(), "check the rights of the folder");
}

void makeFolder(const fs::path& folder) {
    fs::create_directories(folder);
    fs::permissions(folder, fs::perms::owner_all);
}

/// For trying out on one machine; a site brings a certificate of its CA.
void makeServerCertificate(const fs::path& certificate, const fs::path& key_file) {
    const PrivateKey key = PrivateKey::generate(KeyKind::EcP256);
    const Instant now = SystemClock().now();
    const std::string der =
        Certificate::selfSigned(key, "localhost", now - std::chrono::hours(1), now + std::chrono::hours(24 * 365),
                                "DNS:localhost,IP:127.0.0.1,IP:0:0:0:0:0:0:0:1");
    writeFile(key_file, key.toPem(), 0600);
    writeFile(certificate, (*Certificate::fromDer(der))->pem(), 0644);
}

/// All of it comments: the defaults are in force until somebody takes one up.
constexpr const char* kFirstConfiguration =
    "# Settings of this gateway. A key that is not here has its default; all keys, annotated: caseway.properties in\n"
    "# /usr/share/caseway (package) or config/ (sources). Read at the start: restart the gateway after a change.\n"
    "# 本网关的设置：未写的键取默认值；改后须重启网关。\n"
    "#\n"
    "# listen.address = 0.0.0.0\n"
    "# connectors.folders = DEPARTMENT=/srv/exchange/DEPARTMENT\n"
    "# connectors.destinations = DEPARTMENT=sftp.example:22\n";

void makeConfiguration(const Settings& settings) {
    const fs::path file = settings.data / "caseway.properties";
    if (!fs::exists(file)) writeFile(file, kFirstConfiguration, 0600);
}

void init(const Settings& settings, bool quiet) {
    const auto told = [quiet](const std::string& text) {
        if (!quiet) say(text);
    };
    makeFolder(settings.data);
    for (const char* folder : {"keys", "tls", "systems", "mappings"}) makeFolder(settings.data / folder);
    makeConfiguration(settings);
    const fs::path log_key = settings.path(settings.log_key);
    if (!fs::exists(log_key)) {
        KeyFile::create(log_key);
        told("made the log's key: " + log_key.string() + " (keep it safe, keep a copy offline)");
    }
    const NoteKey public_key(settings.logOrigin(), KeyFile(log_key).publicKey());
    writeFile(fs::path(log_key).replace_extension(".pub"), public_key.text() + "\n", 0644);
    const fs::path certificate = settings.path(settings.tls_certificate);
    if (!fs::exists(certificate)) {
        makeServerCertificate(certificate, settings.path(settings.tls_key));
        told("made a self-signed certificate for 127.0.0.1: " + certificate.string());
    }
    told("ready: " + settings.data.string() +
         "; next: `caseway serve`, `caseway department add`: docs/operating/first-department.md");
}

}  // namespace

void addInitCommand(CLI::App& program, CommandContext& context) {
    CLI::App* command = program.add_subcommand(
        "init", "make a data folder: keys, a certificate for trying out; again: changes nothing");
    const auto quiet = std::make_shared<bool>(false);
    command->add_flag("--quiet", *quiet, "say nothing");
    addCommonOptions(*command, context, "  caseway init --data /var/lib/caseway");
    command->callback([quiet, &context] {
        const Settings settings = context.settings();
        init(settings, *quiet);
        if (!context.json) return;
        std::string out = "{";
        appendMember("data", settings.data.string(), out);
        appendMember("log_key", fs::path(settings.path(settings.log_key)).replace_extension(".pub").string(), out);
        std::cout << out << "}\n";
    });
}

}  // namespace caseway
