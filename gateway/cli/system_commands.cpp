// gateway/cli/system_commands.cpp - `caseway system`: the parties that sign, and what each may do.
#include <fmt/format.h>

#include <iostream>

#include "gateway/cli/register_client.hpp"
#include "gateway/formats/crypto/certificate_facts.hpp"
#include "gateway/ports/clock.hpp"
#include "gateway/register/near_registered.hpp"
#include "gateway/register/register_view.hpp"

namespace caseway {
namespace {

struct SystemArguments {
    std::string system, certificate;
    std::vector<std::string> mappings, on_behalf_of, may_read;
    bool auditor = false;
};

const char* standing(const RegisteredSystem& system) {
    if (system.suspended) return "suspended";
    return system.department_suspended ? "active, but its department is suspended" : "active";
}

Operation grantsOf(const char* operation, const SystemArguments& arguments) {
    return operationOf(
        operation, {{"system", arguments.system}, {"auditor", arguments.auditor ? "true" : ""}},
        {{"mappings", arguments.mappings}, {"on_behalf_of", arguments.on_behalf_of}, {"may_read", arguments.may_read}});
}

void list(const SystemArguments&, CommandContext& context) {
    const RegisterContent content = readInstalledRegister(context.settings());
    if (context.json) {
        std::cout << systemsJson(content, SystemClock().now()) << "\n";
        return;
    }
    for (const auto& [id, entry] : content.systems)
        people() << fmt::format("{:<30} {:<10} {} certificates  {}\n", id.text(),
                                suspensionOf(entry.system).empty() ? "active" : "suspended", entry.certificates.size(),
                                fmt::join(entry.system.mappings, ", "));
    if (content.systems.empty()) say("no system yet: caseway system add DEPARTMENT/SYSTEM --mapping NAME");
}

void show(const SystemArguments& arguments, CommandContext& context) {
    const RegisterContent content = readInstalledRegister(context.settings());
    const auto id = SystemId::parse(arguments.system);
    const auto found = id ? content.systems.find(*id) : content.systems.end();
    if (found == content.systems.end())
        return tellRefusal(context, unknownSystem(content, arguments.system));
    const RegisteredSystem& system = found->second.system;
    if (context.json) {
        std::cout << systemJson(content, found->second, SystemClock().now()) << "\n";
        return;
    }
    people() << fmt::format(
        "system        {}\nstate         {}\ndepartment    {} {}\nmappings      {}\non behalf of  {}\nmay read      "
        "{}\n"
        "auditor       {}\n",
        system.id.text(), standing(system), system.department_code, system.department_name,
        fmt::join(system.mappings, ", "), fmt::join(system.on_behalf_of, ", "), fmt::join(system.may_read, ", "),
        system.auditor ? "yes" : "no");
    for (const RegisteredCertificate& certificate : found->second.certificates)
        if (const auto facts = factsOfDer(certificate.der))
            people() << fmt::format("certificate   {} {} until {}{}\n", facts->id.text().substr(0, 16), facts->key,
                                    toRfc3339(facts->not_after), certificate.revoked_at ? " REVOKED" : "");
    for (const auto& [name, connector] : found->second.connectors)
        people() << fmt::format("connector     {}\n", connector.name.text());
}

void add(const SystemArguments& arguments, CommandContext& context) {
    Operation operation = grantsOf("system.add", arguments);
    if (!arguments.certificate.empty()) operation.texts["certificate"] = readCertificateFile(arguments.certificate);
    carryOut(context, operation, "system " + arguments.system + " is registered",
             {"certificate", arguments.certificate});
}

void addGrantOptions(CLI::App& command, SystemArguments& arguments) {
    command.add_option("--mapping", arguments.mappings, "name of a mapping that it may use")->type_name("NAME");
    command.add_option("--on-behalf-of", arguments.on_behalf_of, "department code that it may write for (综合窗口)")
        ->type_name("CODE");
    command.add_option("--may-read", arguments.may_read, "department whose cases it may read; * for all")
        ->type_name("DEPARTMENT");
    command.add_flag("--auditor", arguments.auditor, "may read entry bundles of the log");
}

}  // namespace

void addSystemCommands(CLI::App& program, CommandContext& context) {
    CLI::App* group = program.add_subcommand("system", "the systems that sign, and what each may do");
    group->require_subcommand(1);
    const auto arguments = std::make_shared<SystemArguments>();
    const auto command = [&](const char* name, const char* text, const std::string& examples, auto action,
                             bool named = true) {
        CLI::App* made = group->add_subcommand(name, text);
        if (named) made->add_option("SYSTEM", arguments->system, "DEPARTMENT/SYSTEM")->required();
        addCommonOptions(*made, context, examples);
        made->callback([arguments, &context, action] { action(*arguments, context); });
        return made;
    };
    const auto simple = [](const char* operation, const char* done) {
        return [operation, done](const SystemArguments& given, CommandContext& of) {
            carryOut(of, operationOf(operation, {{"system", given.system}}), "system " + given.system + done);
        };
    };
    CLI::App* adder = command("add", "register a system of a department",
                              "  caseway system add housing/permits --mapping housing.permit --cert permits.pem", add);
    addGrantOptions(*adder, *arguments);
    adder->add_option("--cert", arguments->certificate, "its certificate")->type_name("FILE");
    command("list", "every system", "  caseway system list", list, false);
    command("show", "one system, its grants and certificates", "  caseway system show housing/permits", show);
    command("suspend", "refuse what it sends, for the time being", "  caseway system suspend housing/permits",
            simple("system.suspend", " is suspended: its messages are refused (system_suspended)"));
    command("activate", "take up a suspended system again", "  caseway system activate housing/permits",
            simple("system.activate", " is active"));
    command("remove", "take out a suspended system; its cases and messages stay", "  caseway system remove housing/old",
            simple("system.remove", " is taken out"));
    addGrantOptions(*command("grant", "let a system do more",
                             "  caseway system grant housing/permits --mapping housing.permit --may-read planning",
                             [](const SystemArguments& given, CommandContext& of) {
                                 carryOut(of, grantsOf("system.grant", given), "granted");
                             }),
                    *arguments);
    addGrantOptions(*command("revoke-grant", "take a grant back",
                             "  caseway system revoke-grant housing/permits --may-read planning",
                             [](const SystemArguments& given, CommandContext& of) {
                                 carryOut(of, grantsOf("system.revoke_grant", given), "the grant is taken back");
                             }),
                    *arguments);
}

}  // namespace caseway
