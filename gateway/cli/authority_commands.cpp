// gateway/cli/authority_commands.cpp - `caseway cert ca`: our own certificate authority, and outside ones that are
// trusted here.
#include <fmt/format.h>

#include <iostream>

#include "gateway/cli/cert_commands.hpp"
#include "gateway/cli/register_client.hpp"
#include "gateway/formats/crypto/certificate_facts.hpp"
#include "gateway/formats/register/read_register.hpp"
#include "gateway/ports/clock.hpp"
#include "gateway/register/register_view.hpp"

namespace caseway {
namespace {

struct AuthorityArguments {
    std::string name, file, title;
    std::string kind = "P-256";
};

void list(const AuthorityArguments&, CommandContext& context) {
    const RegisterContent content = readInstalledRegister(context.settings());
    if (context.json) {
        std::cout << authoritiesJson(content, SystemClock().now()) << "\n";
        return;
    }
    for (const auto& [name, authority] : content.authorities)
        if (const auto facts = factsOfDer(authority.der))
            people() << fmt::format("{:<12} {} until {}{}{}\n             fingerprint {}\n", name, facts->subject,
                                    toRfc3339(facts->not_after), authority.revoked_at ? ", REVOKED" : "",
                                    authority.list_pem.empty() ? "" : ", with a revocation list", facts->id.text());
    if (content.authorities.empty()) say("no authority yet: caseway cert ca init, or caseway cert ca add NAME FILE");
}

/// The authority's certificate or its revocation list, for those who check our certificates.
void print(const AuthorityArguments& arguments, CommandContext& context) {
    const RegisterContent content = readInstalledRegister(context.settings());
    const auto found = content.authorities.find(arguments.name.empty() ? std::string(kOwnAuthority) : arguments.name);
    if (found == content.authorities.end())
        return tellRefusal(
            context,
            {"authority_unknown", "authority", arguments.name, "a registered authority", "caseway cert ca list", {}});
    std::cout << pemOfCertificate(found->second.der) << found->second.list_pem;
}

}  // namespace

void addAuthorityCommands(CLI::App& group, CommandContext& context) {
    CLI::App* authority = group.add_subcommand("ca", "certificate authorities: our own, and outside ones");
    authority->require_subcommand(1);
    const auto arguments = std::make_shared<AuthorityArguments>();
    const auto command = [&](const char* name, const char* text, const std::string& examples, auto action) {
        CLI::App* made = authority->add_subcommand(name, text);
        addCommonOptions(*made, context, examples);
        made->callback([arguments, &context, action] { action(*arguments, context); });
        return made;
    };
    CLI::App* maker =
        command("init", "make an authority of our own: for trying out, and where the site has none",
                "  caseway cert ca init\n  caseway cert ca init --kind SM2 --name 'Center authority'",
                [](const AuthorityArguments& given, CommandContext& of) {
                    carryOut(of, operationOf("authority.init", {{"kind", given.kind}, {"name", given.title}}),
                             "made our own authority; its key is keys/ca.key: keep it safe");
                });
    maker->add_option("--kind", arguments->kind, "P-256, RSA, Ed25519 or SM2")->capture_default_str();
    maker->add_option("--name", arguments->title, "its name (default: Caseway development authority)");
    CLI::App* adder =
        command("add", "trust an outside authority", "  caseway cert ca add province province-ca.pem",
                [](const AuthorityArguments& given, CommandContext& of) {
                    carryOut(of,
                             operationOf("authority.add",
                                         {{"authority", given.name}, {"certificate", readCertificateFile(given.file)}}),
                             "authority " + given.name + " is trusted", {"certificate", given.file});
                });
    adder->add_option("NAME", arguments->name, "a short name of your own")->required();
    adder->add_option("FILE", arguments->file, "its certificate, PEM or DER")->required()->check(CLI::ExistingFile);
    CLI::App* crl = command(
        "crl", "hand in the current revocation list of an authority; our own without a file: signed anew",
        "  caseway cert ca crl province province.crl.pem\n  caseway cert ca crl own",
        [](const AuthorityArguments& given, CommandContext& of) {
            if (given.file.empty() && given.name == kOwnAuthority) {
                carryOut(of, operationOf("authority.renew_list"), "our own revocation list is good for 30 days more");
                return;
            }
            if (given.file.empty())
                return tellRefusal(of, {"member_missing",
                                        "FILE",
                                        {},
                                        "the list of an outside authority",
                                        "ask it for its current list: caseway cert ca crl " + given.name + " FILE",
                                        {}});
            carryOut(
                of,
                operationOf("authority.list", {{"authority", given.name}, {"list", readCertificateFile(given.file)}}),
                "the revocation list of " + given.name + " is in force", {"revocation list", given.file});
        });
    crl->add_option("NAME", arguments->name, "the authority")->required();
    crl->add_option("FILE", arguments->file, "its revocation list, PEM or DER")->check(CLI::ExistingFile);
    command("remove", "trust an outside authority no longer", "  caseway cert ca remove province",
            [](const AuthorityArguments& given, CommandContext& of) {
                carryOut(of, operationOf("authority.remove", {{"authority", given.name}}),
                         "authority " + given.name + " is trusted no longer");
            })
        ->add_option("NAME", arguments->name, "the authority")
        ->required();
    command("list", "the authorities that are trusted here", "  caseway cert ca list", list);
    command("print", "an authority's certificate and revocation list, PEM on stdout",
            "  caseway cert ca print > ca.pem\n  caseway cert ca print province", print)
        ->add_option("NAME", arguments->name, "the authority (default: our own)");
}

}  // namespace caseway
