// gateway/cli/mapping_commands.cpp - `caseway mapping`: how a mapping is tried (mapping_trial.hpp), put into the
// installation, listed and taken out.
#include <iostream>

#include "gateway/cli/command.hpp"
#include "gateway/cli/mapping_list.hpp"
#include "gateway/cli/mapping_trial.hpp"
#include "gateway/cli/register_client.hpp"
#include "gateway/daemon/mapping_folder.hpp"

namespace caseway {
namespace {

struct InstallArguments {
    std::string dir;
    std::string folder;
    bool replace = false;
};

/// Into the installation: checked here and again where it is written.
void install(const InstallArguments& arguments, CommandContext& context) {
    const auto loaded = loadMapping(arguments.dir);
    if (!loaded) return showMistakes(loaded.error(), context, std::cout);
    std::string folder = arguments.folder;
    if (folder.empty()) folder = std::filesystem::weakly_canonical(arguments.dir).filename().string();
    carryOut(
        context,
        operationOf("mapping.add",
                    {{"folder", folder}, {"mapping", *loaded->files}, {"replace", arguments.replace ? "true" : ""}}),
        "mapping " + loaded->mapping->spec().name + " is in force");
}

}  // namespace

void addMappingCommands(CLI::App& program, CommandContext& context) {
    CLI::App* group = addMappingTrialCommands(program, context);
    const auto arguments = std::make_shared<InstallArguments>();
    CLI::App* add =
        group->add_subcommand("add", "put it into the installation, or its new version in place of the former");
    add->add_option("DIR", arguments->dir, "the mapping's folder")->required()->check(CLI::ExistingDirectory);
    add->add_option("--folder", arguments->folder, "its folder there (default: the name of DIR)");
    add->add_flag("--replace", arguments->replace,
                  "also where that folder holds a mapping of another name, which is out of force then");
    addCommonOptions(*add, context, "  caseway mapping add housing_permit");
    add->callback([arguments, &context] { install(*arguments, context); });
    addMappingListCommand(*group, context);
}

}  // namespace caseway
