// gateway/cli/connector_commands.cpp - `caseway connector`: the life of a connector, from a sample to a version that
// runs. Looking at them: connector_views.cpp; a test's report: connector_report.cpp.
#include "gateway/cli/connector_commands.hpp"

#include <fmt/format.h>

#include <iostream>

#include "gateway/cli/connector_report.hpp"
#include "gateway/cli/plugin_commands.hpp"
#include "gateway/cli/register_client.hpp"
#include "gateway/cli/user_language.hpp"
#include "gateway/daemon/connector_types.hpp"
#include "gateway/daemon/registrar.hpp"
#include "gateway/register/connector_standing.hpp"
#include "gateway/register/connector_view.hpp"

namespace caseway {
namespace {

struct LifeArguments {
    std::string name, file, version, records, run, reason;
    bool accept_refusals = false, unmask = false, tests = false, activates = false;
};

std::string documentIn(const std::string& file) {
    return file == "-" ? readStandardInput() : readTextFile(file);
}

/// Mistakes stand in the person's own file, not yet in the register.
void inOwnFile(Refusal& refusal, const std::string& name, const std::string& file) {
    const auto parsed = ConnectorName::parse(name);
    const std::string path = parsed ? parsed->folder() + "draft.yaml" : std::string();
    if (!path.empty() && refusal.where.starts_with(path)) refusal.where = file + refusal.where.substr(path.size());
    for (Refusal& further : refusal.also) inOwnFile(further, name, file);
}

/// What comes next of a connector as it stands: what waits may be tested already, or be what runs.
std::string nextOf(const std::string& name, const CommandContext& context) {
    const Settings settings = context.settings();
    const RegisterContent content = readInstalledRegister(settings);
    const RegisteredConnector* const connector = connectorNamed(content, name);
    if (connector == nullptr) return {};
    const ConnectorStanding standing =
        standingOf(*connector, worldOf(readTree(treeFoldersOf(settings)), installedConnectorTypes(settings)));
    const std::string& waits = standing.draft.empty() ? standing.state : standing.draft;
    if (waits == "active") return "; it is what runs already";
    const char* const command = waits == "tested" ? "activate" : waits == "suspended" ? "resume" : "test";
    return fmt::format("; next: caseway connector {} {}", command, name);
}

bool test(const LifeArguments& given, CommandContext& context);

/// The steps that follow a draft, where they are asked for: each only where the one before was good.
void goOn(const LifeArguments& given, CommandContext& context) {
    if (!(given.tests || given.activates) || !test(given, context) || !given.activates) return;
    carryOut(context, operationOf("connector.activate", {{"connector", given.name}}),
             "connector " + given.name + " is active");
}

void write(const char* operation, const char* done, const LifeArguments& given, CommandContext& context) {
    const Operation asked = operationOf(operation, {{"connector", given.name}, {"document", documentIn(given.file)}});
    auto outcome = changeRegister(context.settings(), asked);
    if (!outcome) {
        Refusal refusal = outcome.error();
        inOwnFile(refusal, given.name, given.file);
        return tellRefusal(context, refusal);
    }
    const bool goes_on = given.tests || given.activates;
    if (goes_on && !outcome->changed)  // what is to do comes yet
        tellUnchanged(context, *outcome, fmt::format("connector {} has this file already", given.name));
    else
        tellOutcome(
            context, *outcome,
            fmt::format("connector {} {}{}", given.name, done, goes_on ? std::string() : nextOf(given.name, context)));
    goOn(given, context);
}

/// Of a test that was not good. The file goes to `set` now: `add` has drafted it.
std::string nextOfBad(const LifeArguments& given) {
    if (given.file.empty() || given.file == "-") return nextAfterTest(given.name);
    const std::string set = fmt::format("caseway connector set {} {}{}", given.name, given.file,
                                        given.activates ? " --activate" : " --test");
    return fmt::format(
        fmt::runtime(said("no record was written; correct {}, then: {}", "未写入任何记录；请更正 {}，然后：{}")),
        given.file, set);
}

/// Whether it was seen to work.
bool test(const LifeArguments& given, CommandContext& context) {
    const Operation asked = operationOf("connector.test", {{"connector", given.name},
                                                           {"records", given.records},
                                                           {"run", given.run},
                                                           {"unmask", given.unmask ? "true" : ""},
                                                           {"reason", given.reason},
                                                           {"accept_refusals", given.accept_refusals ? "true" : ""}});
    const auto outcome = changeRegister(context.settings(), asked);
    if (!outcome) {
        tellRefusal(context, outcome.error());
        return false;
    }
    if (context.json) std::cout << outcome->json << "\n";
    const bool is_good = showTest(outcome->json, !context.json, nextOfBad(given));
    if (given.unmask) say("shown unmasked; the log keeps who looked, when and why (connector_unmasked)");
    if (!is_good) {
        context.exit_code = kRefused;
        return false;
    }
    say(fmt::format("seen to work (leaf {} of the log){}", outcome->log_index,
                    given.activates ? std::string() : nextOf(given.name, context)));
    return true;
}

}  // namespace

void addConnectorCommands(CLI::App& program, CommandContext& context) {
    CLI::App* group =
        program.add_subcommand("connector", "how the gateway exchanges with a system that does not send by itself");
    group->require_subcommand(1);
    const auto arguments = std::make_shared<LifeArguments>();
    const auto command = [&](const char* name, const char* text, const std::string& examples, auto action) {
        CLI::App* made = group->add_subcommand(name, text);
        made->add_option("NAME", arguments->name, "DEPARTMENT/SYSTEM/NAME")->required();
        addCommonOptions(*made, context, examples);
        made->callback([arguments, &context, action] { action(*arguments, context); });
        return made;
    };
    const auto simple = [](const char* operation, std::string done) {
        return [operation, done](const LifeArguments& given, CommandContext& of) {
            carryOut(of, operationOf(operation, {{"connector", given.name}, {"version", given.version}}),
                     "connector " + given.name + done);
        };
    };
    addConnectorViews(*group, context);
    addPluginCommands(*group, context);
    CLI::App* const adder = command(
        "add", "register a connector's draft; every mistake of the file at once",
        "  caseway connector sample folder > nightly.yaml\n  caseway connector add housing/permits/nightly "
        "nightly.yaml\n  caseway connector add housing/permits/nightly nightly.yaml --activate",
        [](const LifeArguments& given, CommandContext& of) { write("connector.add", "is drafted", given, of); });
    CLI::App* const setter = command(
        "set", "a new draft; what runs goes on unchanged",
        "  caseway connector set housing/permits/nightly nightly.yaml",
        [](const LifeArguments& given, CommandContext& of) { write("connector.set", "has a new draft", given, of); });
    for (CLI::App* const drafter : {adder, setter}) {
        drafter->add_option("FILE", arguments->file, "its file; - reads standard input")->required();
        drafter->add_flag("--test", arguments->tests, "test it then: caseway connector test");
        drafter->add_flag("--activate", arguments->activates, "test it, and let it run where it is seen to work");
    }
    CLI::App* tester =
        command("test", "reach the other side, read a page, map it dry: what would be written, and every refusal",
                "  caseway connector test housing/permits/nightly\n"
                "  caseway connector test housing/permits/nightly --records 100 --json | jq .test.counts\n"
                "  caseway connector test housing/permits/nightly --run 12\n"
                "  caseway connector test housing/permits/nightly --unmask --reason 'names arrive in the wrong column'",
                [](const LifeArguments& given, CommandContext& of) { test(given, of); });
    tester->add_option("--records", arguments->records, "about so many, 1 to 1000 (default: 20)");
    tester->add_option("--run", arguments->run,
                       "try it on what this run kept and could not take, instead of what the source has now");
    CLI::Option* const unmask =
        tester->add_flag("--unmask", arguments->unmask,
                         "show what was read with everything personal in it; the log keeps who looked, when and why");
    CLI::Option* const reason =
        tester->add_option("--reason", arguments->reason, "why it has to be seen")->needs(unmask);
    unmask->needs(reason);
    tester->add_flag("--accept-refusals", arguments->accept_refusals,
                     "good also where some records, not all, are refused");
    command("activate", "let what was tested run; it becomes a version",
            "  caseway connector activate housing/permits/nightly", simple("connector.activate", " is active"));
    addConnectorRenewal(*group, context);
    command("suspend", "stop it for the time being", "  caseway connector suspend housing/permits/nightly",
            simple("connector.suspend", " is suspended"));
    command("resume", "let a suspended one run again", "  caseway connector resume housing/permits/nightly",
            simple("connector.resume", " is active"));
    command("rollback", "let a former version run, with the mapping that it was tested with",
            "  caseway connector rollback housing/permits/nightly --version 2",
            simple("connector.rollback", " runs a former version again"))
        ->add_option("--version", arguments->version,
                     "a number of `caseway connector versions` (default: the one before)");
    command("remove", "take out one that is suspended or never ran", "  caseway connector remove housing/permits/old",
            simple("connector.remove", " is taken out"));
}

}  // namespace caseway
