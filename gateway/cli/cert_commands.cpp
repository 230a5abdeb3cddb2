// gateway/cli/cert_commands.cpp - `caseway cert`: requests, certificates of systems, our own authority and outside
// ones.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iostream>

#include "gateway/adapters/files/key_file.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/cli/cert_commands.hpp"
#include "gateway/cli/refusal_text.hpp"
#include "gateway/cli/register_client.hpp"
#include "gateway/formats/crypto/certificate_facts.hpp"
#include "gateway/formats/crypto/certificate_request.hpp"
#include "gateway/ports/clock.hpp"
#include "gateway/register/near_registered.hpp"
#include "gateway/register/plan.hpp"
#include "gateway/register/register_view.hpp"

namespace caseway {
namespace {

namespace fs = std::filesystem;

void writeNew(const fs::path& file, const std::string& text) {
    if (fs::exists(file))
        throw Fault(FaultCode::FileUnavailable, file.string() + " is there already",
                    "name another file with --out, or move it away");
    std::ofstream stream(file, std::ios::binary);
    if (!(stream << text) || !stream.flush())
        throw Fault(FaultCode::FileUnavailable, "cannot write " + file.string(), "check the rights of the folder");
}

/// What is made is to have a place: before it is made, not after.
void checkPlace(const fs::path& file) {
    if (fs::exists(file))
        throw Fault(FaultCode::FileUnavailable, file.string() + " is there already",
                    "name another file with --out, or move it away");
    const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
    if (!fs::is_directory(folder) || ::access(folder.c_str(), W_OK | X_OK) != 0)
        throw Fault(FaultCode::FileUnavailable, "cannot write " + file.string(),
                    "nothing was made; name a file in a folder that is there and that you may write: --out FILE");
}

/// Makes the key where it is not there yet, then the request.
void request(const CertArguments& arguments, CommandContext& context) {
    const auto id = SystemId::parse(arguments.system);
    if (!id)
        return tellRefusal(context, {"system_name_bad",
                                     "system",
                                     arguments.system,
                                     "DEPARTMENT/SYSTEM, each of a-z, 0-9, _ and -",
                                     "such as housing/permits",
                                     {}});
    const auto kind = keyKindNamed(arguments.kind);
    if (!kind)
        return tellRefusal(context, {"member_unknown",
                                     "--kind",
                                     arguments.kind,
                                     "P-256, RSA, Ed25519 or SM2",
                                     "P-256 signs in all three bindings",
                                     {}});
    const std::string stem(id->system());
    const fs::path key_file = arguments.key.empty() ? fs::path(stem + ".key") : fs::path(arguments.key);
    const fs::path out_file = arguments.out.empty() ? fs::path(stem + ".csr") : fs::path(arguments.out);
    checkPlace(out_file);
    const bool is_new = !fs::exists(key_file);
    if (is_new) createKeyFile(key_file, *kind);
    const PrivateKey key = readPrivateKey(key_file);
    if (arguments.is_kind_given && key.kind() != *kind)
        throw Fault(
            FaultCode::ConfigurationBad,
            fmt::format("{} is there already, a {} key, not {}", key_file.string(), nameOf(key.kind()), nameOf(*kind)),
            "name a new file with --key for a new key; or leave --kind out to use this one");
    writeNew(out_file, CertificateRequest::make(key, id->department(), id->system()));
    if (context.json) {
        std::string out = "{";
        appendMember("key", key_file.string(), out);
        appendMember("kind", nameOf(key.kind()), out);
        appendMember("request", out_file.string(), out);
        std::cout << out << "}\n";
    }
    say(fmt::format("{} {} key {} (it never leaves you), request {}", is_new ? "made the" : "used the",
                    nameOf(key.kind()), key_file.string(), out_file.string()));
    say("next: give " + out_file.string() + " to the center, which runs: caseway cert issue " + out_file.string() +
        " --system " + id->text());
}

void issue(const CertArguments& arguments, CommandContext& context) {
    const std::string csr = readCertificateFile(arguments.file);
    const GivenFile given{"request", arguments.file};
    // Before the place is looked at: whoever gives a certificate for a request is to read that.
    if (const auto read = CertificateRequest::fromPem(csr); !read)
        return tellRefusal(context, given.told(read.error()));
    const fs::path out =
        arguments.out.empty() ? fs::path(arguments.file).replace_extension(".pem") : fs::path(arguments.out);
    if (out == arguments.file)
        throw Fault(FaultCode::FileUnavailable, out.string() + " is the request itself",
                    "nothing was issued; name the certificate's file with --out");
    checkPlace(out);
    const auto outcome = carryOut(
        context,
        operationOf("certificate.issue", {{"system", arguments.system}, {"request", csr}, {"days", arguments.days}}),
        "issued for " + arguments.system, given);
    if (!outcome || !outcome->made.contains("certificate")) return;
    try {
        writeNew(out, outcome->made.at("certificate"));
    } catch (const Fault& fault) {
        throw Fault(fault.code(), std::string(fault.detail()) + "; the certificate is issued all the same",
                    "it is kept in the data folder: authorities/own/issued/" + outcome->made.at("serial") + ".pem");
    }
    say(fmt::format("certificate {}, good until {}", out.string(), outcome->made.at("not_after")));
    const auto is_new = [](const std::string& warning) {
        return warning.find("is not registered yet") != std::string::npos;
    };
    if (std::none_of(outcome->warnings.begin(), outcome->warnings.end(), is_new))
        say("next: caseway cert add " + arguments.system + " " + out.string());
    else
        say(fmt::format("next: caseway system add {} --mapping NAME --cert {}", arguments.system, out.string()));
}

void addToSystem(const CertArguments& arguments, CommandContext& context) {
    const auto outcome =
        carryOut(context,
                 operationOf("certificate.add",
                             {{"system", arguments.system}, {"certificate", readCertificateFile(arguments.file)}}),
                 "the certificate is registered for " + arguments.system, {"certificate", arguments.file});
    if (outcome && outcome->changed)
        say("key id " + outcome->made.at("key_id") + ", good until " + outcome->made.at("not_after"));
}

std::string_view standingText(const std::optional<IssuerStanding>& issuer, Instant now) {
    if (!issuer) return "";
    if (issuer->revoked_at) return ", which was revoked";
    return now > issuer->until ? ", which has expired" : "";
}

void list(const CertArguments& arguments, CommandContext& context) {
    const RegisterContent content = readInstalledRegister(context.settings());
    const Instant now = SystemClock().now();
    const auto id = SystemId::parse(arguments.system);
    if (!arguments.system.empty() && (!id || !content.systems.contains(*id)))
        return tellRefusal(context, unknownSystem(content, arguments.system));
    if (context.json) {
        std::cout << certificatesJson(content, arguments.system, now) << "\n";
        return;
    }
    for (const auto& [system, entry] : content.systems) {
        if (!arguments.system.empty() && system.text() != arguments.system) continue;
        for (const RegisteredCertificate& certificate : entry.certificates) {
            const auto facts = factsOfDer(certificate.der);
            if (!facts) continue;
            const auto left = std::chrono::floor<std::chrono::days>(facts->not_after - now).count();
            people() << fmt::format("{:<30} {} {:<8} {}{}{}\n", system.text(), facts->id.text().substr(0, 16),
                                    facts->key,
                                    certificate.revoked_at    ? "revoked"
                                    : left < 0                ? "expired"
                                    : facts->not_before > now ? "not valid before " + toRfc3339(facts->not_before)
                                                              : fmt::format("{} days left", left),
                                    facts->is_self_signed ? ", signed by itself" : ", issued by " + facts->issuer,
                                    standingText(certificate.issuer, now));
        }
    }
}

/// Of a certificate's file what names it, else what was written.
template <class Name>
std::optional<std::string> nameGiven(const std::string& written, CommandContext& context, Name nameOf) {
    if (!std::filesystem::is_regular_file(written)) return written;
    const auto facts = factsOfPem(readCertificateFile(written));
    if (facts) return nameOf(*facts);
    tellRefusal(context, GivenFile{"certificate", written}.told(facts.error()));
    return std::nullopt;
}

void show(const CertArguments& arguments, CommandContext& context) {
    const auto blocks = certificatesOfPem(readCertificateFile(arguments.file));
    const GivenFile given{"certificate", arguments.file};
    if (!blocks) return tellRefusal(context, given.told(blocks.error()));
    for (const std::string& der : *blocks) {
        const auto facts = factsOfDer(der);
        if (!facts) return tellRefusal(context, given.told(facts.error()));
        if (context.json) {
            std::string out = "{";
            const auto member = [&out](std::string_view name, std::string_view value) {
                appendMember(name, value, out);
            };
            member("key_id", facts->id.text());
            member("subject", facts->subject);
            member("issuer", facts->issuer);
            member("serial", facts->serial);
            member("key", facts->key);
            member("not_before", toRfc3339(facts->not_before));
            member("not_after", toRfc3339(facts->not_after));
            std::cout << out << "}\n";
            continue;
        }
        people() << fmt::format(
            "subject     {}\nissuer      {}{}\nserial      {}\nkey         {}{}\nvalid       {} to {}\nusage       {}\n"
            "key id      {}\n",
            facts->subject, facts->issuer, facts->is_self_signed ? " (itself)" : "", facts->serial, facts->key,
            facts->is_authority ? ", an authority" : "", toRfc3339(facts->not_before), toRfc3339(facts->not_after),
            fmt::join(facts->usages, ", "), facts->id.text());
    }
}

void addSystemCertificateCommands(CLI::App& group, CommandContext& context,
                                  const std::shared_ptr<CertArguments>& arguments) {
    const auto command = [&](const char* name, const char* text, const std::string& examples, auto action) {
        CLI::App* made = group.add_subcommand(name, text);
        addCommonOptions(*made, context, examples);
        made->callback([arguments, &context, action] { action(*arguments, context); });
        return made;
    };
    CLI::App* asker = command("request", "make a key and a request for a certificate (CSR); no gateway needed",
                              "  caseway cert request --system housing/permits\n"
                              "  caseway cert request --system housing/permits --kind SM2 --key sm2.key --out sm2.csr",
                              request);
    asker->add_option("--system", arguments->system, "DEPARTMENT/SYSTEM")->required();
    asker->add_option("--kind", arguments->kind, "P-256, RSA, Ed25519 or SM2")
        ->capture_default_str()
        ->each([arguments](const std::string&) { arguments->is_kind_given = true; });
    asker->add_option("--key", arguments->key, "private key; made where it is not there (default: SYSTEM.key)")
        ->type_name("FILE");
    asker->add_option("--out", arguments->out, "the request (default: SYSTEM.csr)")->type_name("FILE");
    CLI::App* issuer = command("issue", "sign a request with our own authority",
                               "  caseway cert issue permits.csr --system housing/permits --days 365", issue);
    issuer->add_option("CSR", arguments->file, "the request, PEM or DER")->required()->check(CLI::ExistingFile);
    issuer->add_option("--system", arguments->system, "whose it is, whatever the request says")->required();
    issuer->add_option("--days", arguments->days, "how long it is good (default: 365)");
    issuer->add_option("--out", arguments->out, "the certificate (default: CSR with .pem)")->type_name("FILE");
    CLI::App* adder = command("add", "register a certificate for a system, beside those that it has",
                              "  caseway cert add housing/permits permits.pem", addToSystem);
    adder->add_option("SYSTEM", arguments->system, "DEPARTMENT/SYSTEM")->required();
    adder->add_option("FILE", arguments->file, "the certificate, PEM or DER")->required()->check(CLI::ExistingFile);
    CLI::App* remover =
        command("remove", "take a certificate of a system out of the register",
                "  caseway cert remove housing/permits 2b7eb333c153\n  caseway cert remove housing/permits permits.pem",
                [](const CertArguments& given, CommandContext& of) {
                    const auto key_id = nameGiven(given.file, of, [](const auto& facts) { return facts.id.text(); });
                    if (!key_id) return;
                    carryOut(of, operationOf("certificate.remove", {{"system", given.system}, {"key_id", *key_id}}),
                             "the certificate is taken out");
                });
    remover->add_option("SYSTEM", arguments->system, "DEPARTMENT/SYSTEM")->required();
    remover->add_option("KEY_ID", arguments->file, "its key id, or the first 8 digits or more; or its file")
        ->required();
    CLI::App* revoker =
        command("revoke", "revoke a certificate that our own authority issued",
                "  caseway cert revoke 5f0c2a7e91d4\n  caseway cert revoke permits.pem",
                [](const CertArguments& given, CommandContext& of) {
                    const auto serial = nameGiven(given.file, of, [](const auto& facts) { return facts.serial; });
                    if (!serial) return;
                    const auto outcome = carryOut(of, operationOf("certificate.revoke", {{"serial", *serial}}),
                                                  "revoked: nothing signed with it is taken any more");
                    if (!outcome || !outcome->changed) return;
                    const auto& made = outcome->made;
                    say("it was that of " + (made.contains("system") ? made.at("system") : made.at("subject")) +
                        (made.contains("system") ? "" : ", which is registered for no system"));
                });
    revoker
        ->add_option("SERIAL", arguments->file, "serial number or key id, or its first 8 digits or more; or its file")
        ->required();
    command("list", "the registered certificates", "  caseway cert list --system housing/permits", list)
        ->add_option("--system", arguments->system, "of this system only");
    command("show", "what stands in a certificate; no gateway needed", "  caseway cert show permits.pem", show)
        ->add_option("FILE", arguments->file, "PEM or DER")
        ->required()
        ->check(CLI::ExistingFile);
}

}  // namespace

void addCertCommands(CLI::App& program, CommandContext& context) {
    CLI::App* group = program.add_subcommand("cert", "keys' certificates: request, issue, register, revoke, examine");
    group->require_subcommand(1);
    const auto arguments = std::make_shared<CertArguments>();
    addSystemCertificateCommands(*group, context, arguments);
    addCertDoctorCommand(*group, context);
    addAuthorityCommands(*group, context);
}

}  // namespace caseway
