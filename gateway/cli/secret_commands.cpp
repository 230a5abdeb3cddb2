// gateway/cli/secret_commands.cpp - `caseway secret`: passwords and tokens of connectors in the gateway's encrypted
// store, each of one department or of all. A value comes from standard input or a prompt, never from the command line,
// and is never shown again.
#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <iostream>

#include "gateway/adapters/files/secret_folder.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/cli/register_client.hpp"
#include "gateway/daemon/opened_entries.hpp"
#include "gateway/formats/json/document.hpp"

namespace caseway {
namespace {

/// The terminal shows nothing of what is typed while this lives.
class SilentTerminal {
public:
    SilentTerminal() {
        if (::tcgetattr(STDIN_FILENO, &former_) != 0) return;
        termios silent = former_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        changed_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0;
    }
    ~SilentTerminal() {
        if (changed_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &former_);
    }
    SilentTerminal(const SilentTerminal&) = delete;
    SilentTerminal& operator=(const SilentTerminal&) = delete;

private:
    termios former_{};
    bool changed_ = false;
};

std::string askedSecret() {
    std::string secret;
    if (::isatty(STDIN_FILENO) == 1) {
        const SilentTerminal silent;
        std::cerr << "secret (not shown): ";
        std::getline(std::cin, secret);
        std::cerr << "\n";
        return secret;
    }
    return secretAsMeant(readStandardInput());
}

SecretFolder folderOf(const CommandContext& context) {
    const Settings settings = context.settings();
    if (!std::filesystem::exists(settings.data / "keys"))
        throw Fault(FaultCode::ConfigurationBad, "no data folder " + settings.data.string(),
                    "caseway init --data DIR makes one");
    return SecretFolder(settings.data);
}

void list(CommandContext& context) {
    const std::vector<SecretId> ids = folderOf(context).ids();
    if (context.json) {
        std::string out = "[";
        for (const SecretId& id : ids) {
            if (out.back() != '[') out += ',';
            appendJsonString(id.text(), out);
        }
        std::cout << out << "]\n";
        return;
    }
    for (const SecretId& id : ids) {
        people() << id.text() << "\n";
        if (id.department.empty())
            say(fmt::format("{} is open to nobody yet; whose it is: caseway secret bind DEPARTMENT/{}", id.name,
                            id.name));
    }
    if (ids.empty()) say("no secret yet: caseway secret set DEPARTMENT/NAME");
}

void set(CommandContext& context, const std::string& named) {
    folderOf(context);  // before anybody types a secret
    const SecretId id = SecretId::parse(named).value_or(SecretId{{}, named});
    if (const auto why = whyNotSecret(id, "x")) return tellRefusal(context, *why);
    const std::string secret = askedSecret();
    if (const auto why = whyNotSecret(id, secret)) return tellRefusal(context, *why);
    if (secret.front() == ' ' || secret.back() == ' ')
        say("warning: it begins or ends with a blank, which is kept as a part of it");
    carryOut(context, operationOf("secret.set", {{"secret", named}, {"value", secret}}),
             fmt::format("kept; connectors of {} name it {{secret: \"store:{}\"}}",
                         id.department == kAllDepartments ? "every department" : id.department, id.name));
}

}  // namespace

void addSecretCommands(CLI::App& program, CommandContext& context) {
    CLI::App* group = program.add_subcommand(
        "secret", "passwords and tokens of connectors, encrypted; only their names are ever shown");
    group->require_subcommand(1);
    const auto name = std::make_shared<std::string>();
    CLI::App* setter = group->add_subcommand("set", "keep a secret, read from a prompt or standard input");
    setter->add_option("SECRET", *name, "DEPARTMENT/NAME; all/NAME for the connectors of every department")->required();
    addCommonOptions(
        *setter, context,
        "  caseway secret set housing/permits_sftp\n  pass show permits | caseway secret set housing/permits_sftp");
    setter->callback([name, &context] { set(context, *name); });
    CLI::App* lister = group->add_subcommand("list", "the names of what is kept, and whose they are");
    addCommonOptions(*lister, context, "  caseway secret list");
    lister->callback([&context] { list(context); });
    CLI::App* binder = group->add_subcommand("bind", "give a secret that was kept without a department to one");
    binder->add_option("SECRET", *name, "DEPARTMENT/NAME; all/NAME for the connectors of every department")->required();
    addCommonOptions(*binder, context, "  caseway secret bind housing/permits_sftp");
    binder->callback([name, &context] {
        carryOut(context, operationOf("secret.bind", {{"secret", *name}}), "bound: " + *name);
    });
    CLI::App* remover = group->add_subcommand("remove", "forget a secret");
    remover->add_option("SECRET", *name, "as `caseway secret list` shows it")->required();
    addCommonOptions(*remover, context, "  caseway secret remove housing/permits_sftp");
    remover->callback([name, &context] {
        carryOut(context, operationOf("secret.remove", {{"secret", *name}}), "forgotten");
    });
}

}  // namespace caseway
