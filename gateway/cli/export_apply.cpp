// gateway/cli/export_apply.cpp - `caseway export` and `caseway apply`: an installation as a folder of files that can
// live in git. Keys, messages and cases are never part of it.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "gateway/adapters/files/register_tree.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/cli/register_client.hpp"
#include "gateway/daemon/connector_judge.hpp"
#include "gateway/daemon/registrar.hpp"
#include "gateway/formats/register/connector_document.hpp"
#include "gateway/formats/register/register_path.hpp"
#include "gateway/formats/text/encoding.hpp"
#include "gateway/formats/text/lower_case.hpp"
#include "gateway/register/planned_change.hpp"

namespace caseway {
namespace {

namespace fs = std::filesystem;

struct ApplyArguments {
    std::string folder;
    bool yes = false;
    bool plan = false;
};

constexpr const char* kReadme =
    "# An installation of Caseway\n\n"
    "Written by `caseway export`; `caseway apply DIR` makes an installation what this folder says. Departments, "
    "systems "
    "and their\n"
    "connectors stand in systems/, certificate authorities in authorities/, mappings in mappings/. No key, secret, "
    "message or case is\nhere.\n";

/// Versions of connectors are what was tested to the byte; git on Windows changes the ends of lines.
constexpr const char* kAttributes = "* -text\n";

/// What is installed, without folders, without what is no file of an installation, and without what was tested here:
/// elsewhere nobody has seen it.
FileTree installed(const Settings& settings) {
    FileTree tree = readTree(treeFoldersOf(settings));
    for (auto& [path, bytes] : tree) {
        if (!path.starts_with("systems/") || !path.ends_with("/state.yaml")) continue;
        auto state = withTestOf(std::nullopt, bytes);
        bytes = state ? std::move(*state) : std::string();
    }
    std::erase_if(tree, [](const auto& file) {
        const bool is_gone = file.second.empty() && file.first.ends_with("/state.yaml");
        return is_gone || file.first.ends_with('/') || !isRegisterPath(file.first);
    });
    return tree;
}

/// An export is shared: what a hand wrote into a connector's file and may be a secret does not go into it.
void mustBearNoSecret(const FileTree& tree, const Settings& settings) {
    const ConnectorTypes types = installedConnectorTypes(settings);
    for (const auto& [path, bytes] : tree)
        if (mayBearSecret(&types, path, bytes))
            throw Fault(FaultCode::ConfigurationBad,
                        path + " may hold a secret: it has mistakes, or its type is not installed",
                        "nothing was exported; caseway connector set NAME FILE with {secret: \"store:NAME\"} in place "
                        "of the secret (a version that held one goes with caseway connector remove), or install the "
                        "type");
}

void exportTo(const ApplyArguments& arguments, CommandContext& context) {
    const Settings settings = context.settings();
    const fs::path folder(arguments.folder);
    const FileTree tree = installed(settings);
    static_cast<void>(readInstalledRegister(settings));  // only what fits together is exported
    mustBearNoSecret(tree, settings);
    if (fs::exists(folder)) {
        if (!fs::is_directory(folder))
            throw Fault(FaultCode::FileUnavailable, folder.string() + " is no folder", "name a folder");
        // An export is renewed where it stands, so that git shows the difference.
        const bool is_empty =
            std::all_of(fs::directory_iterator(folder), fs::directory_iterator(),
                        [](const auto& entry) { return entry.path().filename().string().starts_with('.'); });
        const FileTree former = is_empty ? FileTree() : readExport(folder);
        for (const FileChange& change : differences(former, tree))
            if (!change.after)
                writeTreeFile(folder / change.path, std::nullopt,
                              static_cast<int>(std::count(change.path.begin(), change.path.end(), '/')) - 1);
    }
    for (const auto& [path, bytes] : tree) {
        if (bytes.find("PRIVATE KEY") != std::string::npos)
            throw Fault(FaultCode::ConfigurationBad, path + " holds a private key",
                        "take it away and treat it as disclosed; nothing was exported from there on");
        writeTreeFile(folder / path, bytes, 0);
    }
    writeTreeFile(folder / "README.md", kReadme, 0);
    // One that is there may say more: what is encrypted on its way into git must stay so.
    if (!fs::exists(fs::symlink_status(folder / ".gitattributes")))
        writeTreeFile(folder / ".gitattributes", kAttributes, 0);
    if (context.json) std::cout << fmt::format("{{\"files\":{}}}\n", tree.size());
    say(fmt::format("{} files to {}; keys, secrets, messages and cases are not in it", tree.size(), folder.string()));
}

/// The plan travels as JSON, which takes no other bytes: told with file and line before that.
void mustBeText(const FileTree& tree, const fs::path& folder) {
    for (const auto& [path, bytes] : tree)
        if (!isUtf8(bytes)) readTextFile(folder / path);
}

bool agreed() {
    if (::isatty(STDIN_FILENO) != 1) {
        sayError("nothing was changed: nobody can be asked here", "look at the plan, then: caseway apply DIR --yes");
        return false;
    }
    std::cerr << "make these changes? [y/N] ";
    std::string answer;
    std::getline(std::cin, answer);
    answer = lowerCase(answer.substr(0, answer.find_last_not_of(" \t\r") + 1));
    if (answer == "y" || answer == "yes") return true;
    say("nothing was changed");
    return false;
}

void apply(const ApplyArguments& arguments, CommandContext& context) {
    Operation operation{operationNamed("apply"), {}, {}, readExport(arguments.folder)};
    mustBeText(operation.files, arguments.folder);
    const Settings settings = context.settings();
    const auto plan = changeRegister(settings, operation, true);
    if (!plan) {
        Refusal refusal = plan.error();
        refusal.where = (fs::path(arguments.folder) / refusal.where).string();
        for (Refusal& further : refusal.also) further.where = (fs::path(arguments.folder) / further.where).string();
        return tellRefusal(context, refusal);
    }
    if (plan->diff.empty()) {
        if (context.json) std::cout << plan->json << "\n";
        return say("nothing to do: the installation is as the folder says");
    }
    say("plan: + new, ~ changed, - removed\n" + plan->diff);
    for (const std::string& warning : plan->warnings) say("warning: " + warning);
    if (arguments.plan) {
        if (context.json) std::cout << plan->json << "\n";
        return;
    }
    if (!arguments.yes && !agreed()) {
        context.exit_code = kRefused;
        return;
    }
    operation.texts["plan"] = plan->plan;
    auto outcome = changeRegister(settings, operation);
    if (!outcome) return tellRefusal(context, outcome.error());
    std::erase_if(outcome->warnings, [&plan](const std::string& one) {  // told with the plan
        return std::find(plan->warnings.begin(), plan->warnings.end(), one) != plan->warnings.end();
    });
    tellOutcome(context, *outcome, fmt::format("{} applied", plan->subject));
}

}  // namespace

void addExportCommands(CLI::App& program, CommandContext& context) {
    const auto arguments = std::make_shared<ApplyArguments>();
    CLI::App* exporter =
        program.add_subcommand("export", "write departments, systems, connectors, authorities, mappings as files");
    exporter->add_option("DIR", arguments->folder, "a new folder, or a former export to renew")->required();
    addCommonOptions(*exporter, context, "  caseway export installation && git -C installation diff");
    exporter->callback([arguments, &context] { exportTo(*arguments, context); });
    CLI::App* applier =
        program.add_subcommand("apply", "make the installation what a folder says: the plan first, then the change");
    applier->add_option("DIR", arguments->folder, "an export, edited or not")
        ->required()
        ->check(CLI::ExistingDirectory);
    applier->add_flag("--yes", arguments->yes, "do not ask");
    applier->add_flag("--plan", arguments->plan, "show the plan only");
    addCommonOptions(*applier, context, "  caseway apply installation --plan\n  caseway apply installation --yes");
    applier->callback([arguments, &context] { apply(*arguments, context); });
}

}  // namespace caseway
