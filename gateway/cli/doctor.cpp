// gateway/cli/doctor.cpp - `caseway doctor`: what is wrong with this installation, and what to do.
#include <fmt/format.h>
#include <sys/stat.h>

#include <filesystem>
#include <iostream>

#include "gateway/adapters/files/key_file.hpp"
#include "gateway/adapters/files/register_folder.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/cli/command.hpp"
#include "gateway/cli/refusal_text.hpp"
#include "gateway/daemon/mapping_folder.hpp"
#include "gateway/daemon/stored_installation.hpp"
#include "gateway/formats/crypto/certificate.hpp"
#include "gateway/ports/clock.hpp"

namespace caseway {
namespace {

namespace fs = std::filesystem;

class Diagnosis {
public:
    explicit Diagnosis(CommandContext& context) : context_(context) {}
    void bad(const std::string& what, const std::string& hint) {
        context_.exit_code = kRefused;
        tell("bad", what, hint);
    }
    void warn(const std::string& what, const std::string& hint) { tell("warning", what, hint); }
    void good(const std::string& what) { tell("good", what, {}); }
    /// Runs a check; a fault becomes a finding.
    template <class Check>
    void run(const std::string& what, Check check) {
        try {
            check();
        } catch (const Fault& fault) {
            bad(what + ": " + fault.what(), fault.hint());
        }
    }

private:
    void tell(std::string_view verdict, const std::string& what, const std::string& hint) {
        if (context_.json) {
            std::string out = "{";
            appendMember("verdict", verdict, out);
            appendMember("what", what, out);
            appendMember("hint", hint, out);
            std::cout << out << "}\n";
        } else {
            say(fmt::format("{:<8} {}{}", verdict, what, hint.empty() ? "" : "\n         what to do: " + hint));
        }
    }
    CommandContext& context_;
};

void checkCertificate(Diagnosis& diagnosis, const std::string& name, const Certificate& certificate, Instant now) {
    const auto left = std::chrono::duration_cast<std::chrono::days>(certificate.notAfter() - now).count();
    const std::string what = fmt::format("{}: certificate good until {}", name, toRfc3339(certificate.notAfter()));
    if (left < 0)
        diagnosis.bad(fmt::format("{}: certificate expired at {}", name, toRfc3339(certificate.notAfter())),
                      "put its successor beside it and reload");
    else if (left <= 30)
        diagnosis.warn(what + fmt::format(" ({} days left)", left),
                       "put its successor beside it now; both are good meanwhile");
    else
        diagnosis.good(what);
}

void checkRegister(Diagnosis& diagnosis, const Settings& settings, const MappingsByName& mappings) {
    const RegisterFolder known(settings.path(settings.register_folder));
    const auto ring = known.current();
    const auto systems = ring->allSystems();
    if (systems.empty()) diagnosis.warn("no system is registered", "docs/operating/first-department.md");
    for (const RegisteredSystem* system : systems) {
        const auto certificates = ring->certificatesOf(system->id);
        if (certificates.empty())
            diagnosis.bad(system->id.text() + ": no certificate", "put its PEM into the system's folder");
        for (const RegisteredCertificate* registered : certificates)
            if (const auto certificate = Certificate::fromDer(registered->der))
                checkCertificate(diagnosis, system->id.text(), **certificate, SystemClock().now());
        for (const std::string& name : system->mappings)
            if (!mappings.contains(name))
                diagnosis.bad(system->id.text() + ": mapping " + name + " is not loaded",
                              "`caseway mapping check DIR` shows why");
    }
}

void diagnose(CommandContext& context) {
    Diagnosis diagnosis(context);
    const Settings settings = context.settings();
    if (!fs::exists(settings.data))
        return diagnosis.bad("no data folder " + settings.data.string(), "caseway init --data DIR");
    const fs::path key = settings.path(settings.log_key);
    diagnosis.run("log key", [&] {
        KeyFile opened(key);
        diagnosis.good("log key " + key.string());
    });
    diagnosis.run("server certificate", [&] {
        const auto certificate = Certificate::fromPem(readFile(settings.path(settings.tls_certificate)));
        if (!certificate)
            return diagnosis.bad("server certificate: " + certificate.error().rule, certificate.error().hint);
        checkCertificate(diagnosis, "server", **certificate, SystemClock().now());
    });
    std::vector<MappingMistake> mistakes;
    const MappingsByName mappings = loadMappings(settings.path(settings.mappings_folder), mistakes);
    for (const MappingMistake& mistake : mistakes) diagnosis.bad(textOf(mistake), mistake.hint);
    diagnosis.good(fmt::format("{} mappings loaded", mappings.size()));
    diagnosis.run("register", [&] { checkRegister(diagnosis, settings, mappings); });
    diagnosis.run("store", [&] {
        StoredInstallation stored(settings);
        const auto head = stored.reader().lastCheckpoint();
        diagnosis.good(fmt::format("store opened, log of {} leaves, {} large messages unfinished",
                                   head ? head->tree_size : 0, stored.reader().unfinishedLarge().size()));
    });
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
